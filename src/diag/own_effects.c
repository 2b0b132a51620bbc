#include "diag/own_effects.h"

#include "num/special.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { OWN_LEAST = 3 }; /* fewer do not tell what is usual and what is chance */

#define Z90 1.6448536269514722
#define SPREAD_LEAST 0.25 /* [log odds] SD of true effects from one intervention to the next */
#define GAP_LEAST 0.25    /* [log odds] a smaller shortfall is not divided by */

/* Kinds are words of the users. One of these tells what it is at the start of a word, some also
 * within one, for Swedish puts words together. */
static const struct {
    const char *word;
    vrk_action action;
    bool within;
} words[] = {
    {"train", VRK_DO_TRAIN, false},       {"course", VRK_DO_TRAIN, false},
    {"workshop", VRK_DO_TRAIN, true},     {"utbildning", VRK_DO_TRAIN, true},
    {"kurs", VRK_DO_TRAIN, false},        {"coach", VRK_DO_COACH, true},
    {"mentor", VRK_DO_COACH, true},       {"handledning", VRK_DO_COACH, true},
    {"process", VRK_DO_PROCESS, true},    {"playbook", VRK_DO_PROCESS, true},
    {"arbetssätt", VRK_DO_PROCESS, true}, {"rutin", VRK_DO_PROCESS, false},
};

vrk_action vrk_action_of_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t n = strlen(words[i].word);
        for (const char *p = kind; *p; p++) {
            bool begins = words[i].within || p == kind || !isalpha((unsigned char)p[-1]);
            size_t k = 0;
            while (begins && k < n &&
                   tolower((unsigned char)p[k]) == (unsigned char)words[i].word[k])
                k++;
            if (k == n)
                return words[i].action;
        }
    }
    return VRK_DO_NOTHING;
}

/* One intervention's change in log odds; false: it could not be evaluated. */
static bool change_of(const vrk_follow *f, double *y, double *v)
{
    double share = fmin(fmax((f->before + f->after) / 2, 0.05), 0.95), slope = share * (1 - share);
    if (f->intervention < 0 || f->code != VRK_FOLLOWED || !isfinite(f->effect) || !(f->se > 0))
        return false;
    *y = (f->effect - (isfinite(f->by_itself) ? f->by_itself : 0)) / slope;
    *v = f->se / slope * (f->se / slope);
    return true;
}

/* Sums over the interventions of one action and outcome, each weighing 1 / (v + between). */
typedef struct {
    double w, wy, ww, wyy;
    int64_t n;
} sums;

static sums sum_of(const vrk_follow_ups *f, vrk_action action, bool doing, double between)
{
    sums s = {0};
    for (int64_t i = 0; i < f->n; i++) {
        const vrk_follow *row = &f->row[i];
        double y, v;
        if (row->doing != doing || vrk_action_of_kind(row->kind) != action ||
            !change_of(row, &y, &v))
            continue;
        double w = 1 / (v + between);
        s.w += w;
        s.wy += w * y;
        s.ww += w * w;
        s.wyy += w * y * y;
        s.n++;
    }
    return s;
}

static vrk_own_effect pooled(const vrk_follow_ups *f, vrk_action action, bool doing)
{
    sums s = sum_of(f, action, doing, 0);
    if (!s.n)
        return (vrk_own_effect){0};
    double q = s.wyy - s.wy * s.wy / s.w, left = s.w - s.ww / s.w;
    double between = s.n > 1 && left > 0 ? fmax((q - (double)(s.n - 1)) / left, 0) : 0;
    s = sum_of(f, action, doing, between);
    return (vrk_own_effect){s.n, s.wy / s.w, sqrt(1 / s.w), sqrt(between)};
}

void vrk_own_effects_of(const vrk_follow_ups *f, vrk_own_effects *out)
{
    *out = (vrk_own_effects){0};
    for (vrk_action a = VRK_DO_TRAIN; a <= VRK_DO_PROCESS; a++) {
        out->doing[a] = pooled(f, a, true);
        out->going[a] = pooled(f, a, false);
    }
}

/* Adds what one own effect closes of the leak: its share of the whole, and that one's variance. */
static void close_part(const vrk_own_effect *own, double share, double gap, vrk_expected *closed)
{
    if (own->n < OWN_LEAST || !(share > 0))
        return;
    double scale = fmax(gap, GAP_LEAST), sd = hypot(own->se, fmax(own->between, SPREAD_LEAST));
    closed->mean += share * fmax(fmin(own->effect / scale, 1), -1);
    closed->sd = hypot(closed->sd, share * sd / scale);
    closed->n = closed->n > own->n ? closed->n : own->n; /* the same interventions */
}

/* The share of the leak that such actions closed here. n = 0: nothing is known of it. */
static vrk_expected closed_of(const vrk_own_effects *own, vrk_action action, const vrk_leak *leak)
{
    const vrk_own_effect *doing = &own->doing[action], *going = &own->going[action];
    vrk_expected closed = {0};
    double half = leak->share[VRK_IS_PROCESS] / 2; /* the way of working shows in both */
    switch (action) {
    case VRK_DO_TRAIN:
        close_part(going, leak->share[VRK_IS_COMPETENCE], leak->gap_going, &closed);
        break;
    case VRK_DO_COACH:
        close_part(going, leak->share[VRK_IS_COMPETENCE], leak->gap_going, &closed);
        close_part(doing, leak->share[VRK_IS_EXECUTION], leak->gap_doing, &closed);
        break;
    case VRK_DO_PROCESS:
        close_part(going, half, leak->gap_going, &closed);
        close_part(doing, half, leak->gap_doing, &closed);
        break;
    default:
        break;
    }
    return closed;
}

vrk_expected vrk_expected_of(const vrk_own_effects *own, vrk_action action,
                             const vrk_action_terms *terms, const vrk_leak *leak)
{
    vrk_expected e = {terms->effect, terms->effect_sd, 0};
    vrk_expected closed = leak && own ? closed_of(own, action, leak) : (vrk_expected){0};
    /* training and coaching are told as log of what those who fall short win, else as a share of
     * the process part */
    double unit = action == VRK_DO_PROCESS  ? 1 / fmax(leak ? leak->share[VRK_IS_PROCESS] : 1, 1e-6)
                  : leak && leak->money > 0 ? leak->value.mean / leak->money
                                            : 0;
    if (!closed.n || !(closed.sd * unit > 0) || !(terms->effect_sd > 0))
        return e;
    double prior = 1 / (e.sd * e.sd), seen = 1 / (closed.sd * unit * closed.sd * unit);
    e.mean = (prior * e.mean + seen * closed.mean * unit) / (prior + seen);
    e.sd = sqrt(1 / (prior + seen));
    e.n = closed.n;
    return e;
}

static vrk_shift_part part_of(const vrk_shift *s, bool there, double gap)
{
    if (!there || !(gap > 0))
        return (vrk_shift_part){0};
    return (vrk_shift_part){true, s->closes * gap, s->closes_lo * gap, s->closes_hi * gap};
}

static double closing(double share)
{
    return fmax(fmin(share, 1), -1);
}

/* The mean of a normal that is held within [-1, 1]. */
static double mean_held(double mean, double sd)
{
    if (!(sd > 0))
        return closing(mean);
    double lo = (-1 - mean) / sd, hi = (1 - mean) / sd;
    double under = vrk_normal_below(lo), over = vrk_normal_below(-hi);
    return mean * (1 - under - over) + sd * (vrk_normal_density(lo) - vrk_normal_density(hi)) -
           under + over;
}

vrk_shift vrk_shift_of(vrk_action action, const vrk_expected *e, const vrk_leak *leak)
{
    bool can = action == VRK_DO_TRAIN || action == VRK_DO_COACH, does = action == VRK_DO_COACH;
    bool process = action == VRK_DO_PROCESS;
    double reached =
        (can ? leak->share[VRK_IS_COMPETENCE] : 0) + (does ? leak->share[VRK_IS_EXECUTION] : 0);
    /* training and coaching are told as log of what those who fall short win */
    double unit = process ? 1 : leak->money > 0 ? reached * leak->value.mean / leak->money : 0;
    vrk_shift s = {0};
    if (!(can || process) || !(unit > 0))
        return s;
    s.told = true;
    s.closes = mean_held(e->mean / unit, e->sd / unit);
    s.closes_lo = closing((e->mean - Z90 * e->sd) / unit);
    s.closes_hi = closing((e->mean + Z90 * e->sd) / unit);
    bool way = process && leak->share[VRK_IS_PROCESS] > 0;
    s.doing = part_of(&s, (does && leak->share[VRK_IS_EXECUTION] > 0) || way, leak->gap_doing);
    s.going = part_of(&s, (can && leak->share[VRK_IS_COMPETENCE] > 0) || way, leak->gap_going);
    return s;
}
