/* cli/assess_score.c - what a sitting says of a person, played again, and as a table. */
#include "base/sys.h"
#include "cli/assess.h"
#include "people/ability.h"
#include "people/interview_give.h"
#include "people/rating.h"
#include "people/sitting_list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double contrast_told = 0.90; /* three are looked at a competency */

static const char *const kind_name[VRK_KINDS] = {
    VRK_N("simple deals"), VRK_N("complex deals"), VRK_N("one who decides"),
    VRK_N("a committee"),  VRK_N("short cycles"),  VRK_N("long cycles"),
};
static const char *const harder[VRK_CONTRASTS] = {
    VRK_N("{sure} ({p}): weaker in complex deals than in simple ones."),
    VRK_N("{sure} ({p}): weaker where a committee decides than where one person does."),
    VRK_N("{sure} ({p}): weaker in long cycles than in short ones."),
};
static const char *const easier[VRK_CONTRASTS] = {
    VRK_N("{sure} ({p}): stronger in complex deals than in simple ones."),
    VRK_N("{sure} ({p}): stronger where a committee decides than where one person does."),
    VRK_N("{sure} ({p}): stronger in long cycles than in short ones."),
};

static const char *gauge_of(const vrk_words *w, const vrk_gauge *g)
{
    return vrk_say(w, "{share} of the points ({range})", "share", vrk_say_percent(w, g->mean),
                   "range", vrk_say_percent_range(w, g->lo, g->hi), NULL);
}

static const char *band(double reliability)
{
    return reliability >= 0.9   ? VRK_N("very exact")
           : reliability >= 0.8 ? VRK_N("exact")
           : reliability >= 0.7 ? VRK_N("exact enough for development")
           : reliability >= 0.5 ? VRK_N("rough")
                                : VRK_N("too rough to act on");
}

static void lay_kinds(vrk_layout *l, const vrk_ability_part *p)
{
    const vrk_words *w = &l->words;
    for (int k = 0; k < VRK_KINDS; k++) {
        vrk_lay_cell(l, "", 4, false);
        vrk_lay_cell(l, vrk_tr(w->lang, kind_name[k]), 22, false);
        vrk_lay_cell(l,
                     p->kind_told[k]
                         ? gauge_of(w, &p->kind[k])
                         : vrk_say_n(w, "{n} answer: too few to say", "{n} answers: too few to say",
                                     p->kind[k].answers, NULL),
                     50, false);
        vrk_lay_end(l);
    }
    for (int c = 0; c < VRK_CONTRASTS; c++) {
        double x = p->harder[c], sure = fmax(x, 1 - x);
        const char *word = sure >= contrast_told ? vrk_certainty(w->lang, sure) : NULL;
        if (word)
            vrk_lay_text(l, 4, NULL,
                         vrk_say(w, x > 0.5 ? harder[c] : easier[c], "sure", word, "p",
                                 vrk_say_probability(w, sure), NULL));
    }
}

static void lay_part(vrk_layout *l, const vrk_ability_part *p)
{
    const vrk_words *w = &l->words;
    vrk_lay_heading(l, vrk_assess_text(l, &p->instrument->name));
    if (!p->told) {
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(w,
                               "{n} situation is answered; {least} are needed before anything "
                               "can be said.",
                               "{n} situations are answered; {least} are needed before anything "
                               "can be said.",
                               p->all.answers, "least", vrk_say_int(w, VRK_ANSWERS_LEAST), NULL));
        return;
    }
    vrk_lay_text(l, 2, NULL, gauge_of(w, &p->all));
    vrk_lay_text(
        l, 2, NULL,
        vrk_say_n(w,
                  "From {n} answer; {band} (reliability {reliability}). Picking at random gives "
                  "{chance}.",
                  "From {n} answers; {band} (reliability {reliability}). Picking at random gives "
                  "{chance}.",
                  p->all.answers, "band", vrk_tr(w->lang, band(p->all.reliability)), "reliability",
                  vrk_say_number(w, p->all.reliability, 2), "chance", vrk_say_percent(w, p->chance),
                  NULL));
    if (p->persons)
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "How hard and sharp the situations are is measured on {n} persons "
                             "of your own.",
                             "n", vrk_say_int(w, p->persons), NULL));
    lay_kinds(l, p);
}

static void lay_pattern(vrk_layout *l, const vrk_pattern *p)
{
    const vrk_words *w = &l->words;
    if (!p->too_fast && !p->one_line && !p->by_place)
        return;
    vrk_lay_heading(l, vrk_tr(w->lang, "How the answers were given"));
    if (p->too_fast)
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(w, "{n} answer came faster than its text can be read.",
                               "{n} answers came faster than their texts can be read.", p->fast,
                               NULL));
    if (p->one_line)
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "{n} answers in a row stood at the same place on the page, where "
                             "the order is drawn anew each time.",
                             "n", vrk_say_int(w, p->run), NULL));
    if (p->by_place)
        vrk_lay_text(l, 2, NULL,
                     vrk_tr(w->lang, "Some places on the page were chosen far more often than "
                                     "others, where the order is drawn anew each time."));
    vrk_lay_text(l, 2, NULL,
                 vrk_tr(w->lang, "This changes no result. Ask the person before you conclude "
                                 "anything."));
}

/* Against the person's sitting before it that had the same competency. */
static vrk_status lay_retest(vrk_ctx *ctx, vrk_assess *a, const vrk_sitting *now,
                             const vrk_ability *profile)
{
    vrk_status st = VRK_OK;
    vrk_invitations list = {0};
    vrk_sitting before = {0};
    const vrk_words *w = &a->l->words;
    TRY(vrk_invitations_list(ctx, a->w.records, now->person_id, &list));
    for (int64_t i = list.n - 1; i >= 0; i--) {
        if (list.row[i].id >= now->id || !list.row[i].answered)
            continue;
        TRY(vrk_sitting_read(ctx, a->w.records, &a->all, list.row[i].id, &before));
        for (int64_t k = 0; k < before.parts && before.link != VRK_LINK_CHANGED; k++) {
            for (int64_t p = 0; p < profile->parts; p++) {
                const vrk_ability_part *part = &profile->part[p];
                vrk_gauge then;
                if (part->instrument != before.part[k].bank.instrument)
                    continue;
                TRY(vrk_bank_gauge(ctx, vrk_part_bank(&before.part[k]), before.part[k].x, NULL,
                                   &then));
                vrk_change_of c = vrk_reliable_change(&then, &part->all);
                if (!isfinite(c.change) || then.answers < VRK_ANSWERS_LEAST || !part->told)
                    continue;
                const char *says =
                    c.reliable && c.change > 0
                        ? VRK_N("{name}: better than in sitting {id}, {p} sure. The same "
                                "situations may have come back; part of it can be memory.")
                    : c.reliable ? VRK_N("{name}: weaker than in sitting {id}, {p} sure.")
                                 : VRK_N("{name}: no difference from sitting {id} that goes beyond "
                                         "chance.");
                vrk_lay_text(a->l, 2, NULL,
                             vrk_say(w, says, "name",
                                     vrk_assess_text(a->l, &part->instrument->name), "id",
                                     vrk_say_int(w, before.id), "p",
                                     vrk_say_probability(w, fmax(c.p_up, c.p_down)), NULL));
            }
        }
        vrk_sitting_free(&before);
        break;
    }
done:
    vrk_sitting_free(&before);
    vrk_invitations_free(&list);
    return st;
}

static vrk_status find(vrk_ctx *ctx, vrk_assess *a, int64_t *id)
{
    vrk_status st = VRK_OK;
    vrk_invitations list = {0};
    const char *person = vrk_arg(a->args, "--person", NULL);
    *id = 0;
    if (a->args->operands > 1 || !person) {
        TRY(vrk_assess_number(ctx, a, 1, "the number of the invitation, or --person ID", id));
        goto done;
    }
    TRY(vrk_invitations_list(ctx, a->w.records, person, &list));
    for (int64_t i = 0; i < list.n; i++) {
        if (list.row[i].answered)
            *id = list.row[i].id;
    }
    if (!*id)
        FAIL(VRK_EINPUT, "'%s' has answered nothing yet", person);
done:
    vrk_invitations_free(&list);
    return st;
}

vrk_status vrk_assess_score(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    vrk_layout *l = a->l;
    vrk_sitting s = {0};
    vrk_ability p = {0};
    int64_t id;
    TRY(find(ctx, a, &id));
    TRY(vrk_sitting_read(ctx, a->w.records, &a->all, id, &s));
    TRY(vrk_ability_make(ctx, &s, &p));
    vrk_lay_text(l, 0, NULL,
                 vrk_say(&l->words, "Sitting {id} of {person}. 90% intervals.", "id",
                         vrk_say_int(&l->words, s.id), "person", s.person_id, NULL));
    bool measured = p.parts > 0;
    for (int64_t k = 0; k < p.parts; k++) {
        lay_part(l, &p.part[k]);
        measured = measured && p.part[k].persons > 0;
    }
    vrk_lay_gap(l);
    if (isfinite(p.apart_p) && !p.apart)
        vrk_lay_text(l, 0, NULL,
                     vrk_tr(l->words.lang, "The competences differ by no more than chance gives: "
                                           "read them as one."));
    TRY(lay_retest(ctx, a, &s, &p));
    lay_pattern(l, &p.pattern);
    vrk_lay_gap(l);
    vrk_lay_text(l, 0, NULL,
                 measured
                     ? vrk_tr(l->words.lang, "Which answer is best is experts' judgement. What "
                                             "people say of themselves does not count.")
                     : vrk_tr(l->words.lang,
                              "How hard a situation is, which answer is best and how sharply "
                              "an answer tells are experts' start values, not estimated here. "
                              "What people say of themselves does not count."));
    fputs(vrk_str_of(l->out), stdout);
done:
    vrk_ability_free(&p);
    vrk_sitting_free(&s);
    return st;
}

vrk_status vrk_assess_replay(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const vrk_words *w = &a->l->words;
    vrk_sitting s = {0};
    vrk_replay r;
    int64_t id;
    TRY(find(ctx, a, &id));
    TRY(vrk_sitting_read(ctx, a->w.records, &a->all, id, &s));
    TRY(vrk_sitting_replay(ctx, &s, &r));
    if (r.differs)
        FAIL(VRK_EDB, "sitting %lld: line %lld of the log comes out otherwise now", (long long)id,
             (long long)r.differs);
    vrk_lay_text(a->l, 0, NULL,
                 vrk_say(w,
                         "Sitting {id}: {events} lines of the log played again, {answers} "
                         "answers; each choice and each estimate came out the same, bit for "
                         "bit.",
                         "id", vrk_say_int(w, id), "events", vrk_say_int(w, r.events), "answers",
                         vrk_say_int(w, r.answered), NULL));
    fputs(vrk_str_of(a->l->out), stdout);
done:
    vrk_sitting_free(&s);
    return st;
}

/* 4,3,0 into levels; false: something else. */
static bool levels_of(const char *text, vrk_interview *v)
{
    for (; *text; text++) {
        if (*text < '0' || *text > '5' || v->n == VRK_QUESTIONS_MOST)
            return false;
        v->level[v->n++] = *text - '0';
        if (!text[1])
            return true;
        if (*++text != ',')
            return false;
    }
    return false;
}

/* As an interviewer: a level for each question of the guide, as qualification=4,3,0. */
static vrk_status interviewed(vrk_ctx *ctx, vrk_assess *a, const vrk_rating *r, const char *levels)
{
    vrk_status st = VRK_OK;
    vrk_interview v = {.person = r->person, .rater = r->rater, .competency = r->competency};
    if (!levels_of(levels, &v)) {
        a->usage = true;
        FAIL(VRK_EINPUT, "assess rate --as interviewer: say COMPETENCY=4,3,0, a level for each "
                         "question of the guide; 0 = not asked");
    }
    for (int64_t q = 0; q < v.n; q++)
        v.note[q] = r->evidence;
    TRY(vrk_interview_add(ctx, a->w.records, &a->all, &v));
    printf("%s\n", vrk_tr(a->l->words.lang, "The interview is kept."));
done:
    return st;
}

/* qualification=4: a level by the anchors, 0 = not observed. */
vrk_status vrk_assess_rate(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const char *what = NULL;
    TRY(vrk_assess_operand(ctx, a, 1, "COMPETENCY=LEVEL, as qualification=4", &what));
    char *name = vrk_text_copy(&ctx->scratch, what);
    char *equals = name ? strchr(name, '=') : NULL;
    vrk_rating r = {.person = vrk_arg(a->args, "--person", NULL),
                    .rater = vrk_arg(a->args, "--rater", NULL),
                    .role = vrk_arg(a->args, "--as", NULL),
                    .evidence = vrk_arg(a->args, "--evidence", NULL),
                    .competency = name};
    if (equals && r.person && r.rater && r.role && !strcmp(r.role, "interviewer")) {
        *equals = 0;
        return interviewed(ctx, a, &r, equals + 1);
    }
    if (!equals || equals[1] < '0' || equals[1] > '5' || equals[2] || !r.person || !r.rater ||
        !r.role) {
        a->usage = true;
        FAIL(VRK_EINPUT,
             "assess rate: say COMPETENCY=0..5, --person, --rater, --as and --evidence");
    }
    *equals = 0;
    r.level = equals[1] - '0';
    TRY(vrk_rating_add(ctx, a->w.records, &a->all, &r));
    printf("%s\n", vrk_tr(a->l->words.lang, "The rating is kept."));
done:
    return st;
}

vrk_status vrk_assess_export(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const vrk_words *w = &a->l->words;
    vrk_str out = {.mem = &ctx->scratch};
    int64_t rows, left_out;
    TRY(vrk_answers_csv(ctx, a->w.records, &a->all, &out, &rows, &left_out));
    TRY(vrk_ratings_csv(ctx, a->w.records, &out, &rows));
    TRY(vrk_interviews_csv(ctx, a->w.records, &out, &rows));
    TRY(vrk_assess_write(ctx, a, vrk_str_of(&out)));
    if (left_out)
        fprintf(stderr, "%s\n",
                vrk_say_n(w, "{n} sitting is left out: its situations have changed since.",
                          "{n} sittings are left out: their situations have changed since.",
                          left_out, NULL));
done:
    return st;
}
