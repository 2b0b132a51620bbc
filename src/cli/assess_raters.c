/* cli/assess_raters.c - what ratings owe to who rates: feedback to raters, and persons with it
 * taken off. */
#include "cli/assess.h"
#include "people/rater.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *levels(const vrk_words *w, double x)
{
    x = fabs(x);
    return x >= 0.4 && x < 0.6   ? vrk_tr(w->lang, "about half a level")
           : x >= 0.9 && x < 1.1 ? vrk_tr(w->lang, "about one level")
                                 : vrk_say(w, "{n} levels", "n", vrk_say_number(w, x, 1), NULL);
}

static void lay_rater(vrk_layout *l, const char *id, const vrk_rater *r)
{
    const vrk_words *w = &l->words;
    if (!r->told) {
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(w, "{rater} has rated {n} person: too few to say.",
                               "{rater} has rated {n} persons: too few to say.", r->persons,
                               "rater", id, NULL));
        return;
    }
    const char *range = vrk_say_range(w, r->lo, r->hi, 1);
    const char *persons = vrk_say_int(w, r->persons);
    if (r->lo > 0)
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "{rater} rates {much} stricter than others ({range}; {persons} "
                             "persons).",
                             "rater", id, "much", levels(w, r->strict), "range", range, "persons",
                             persons, NULL));
    else if (r->hi < 0)
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "{rater} rates {much} more generously than others ({range}; "
                             "{persons} persons).",
                             "rater", id, "much", levels(w, r->strict), "range",
                             vrk_say_range(w, -r->hi, -r->lo, 1), "persons", persons, NULL));
    else
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "{rater} rates neither stricter nor more generously than others, "
                             "as far as can be told ({range}; {persons} persons).",
                             "rater", id, "range", range, "persons", persons, NULL));
    if (r->halo)
        vrk_lay_text(l, 6, NULL,
                     vrk_say(w,
                             "{alike} of {sets} persons have the same level on all "
                             "competences, where {expected} would be usual. Look at one "
                             "competence at a time, and at what was seen.",
                             "alike", vrk_say_int(w, r->alike), "sets", vrk_say_int(w, r->sets),
                             "expected", vrk_say_number(w, r->alike_expected, 1), NULL));
}

static void lay_persons(vrk_layout *l, const vrk_ratings_kept *k, const vrk_rated_model *m)
{
    const vrk_words *w = &l->words;
    vrk_lay_heading(l, vrk_tr(w->lang, "Persons, as the mean rater rates them, by id"));
    for (int64_t p = 0; p < k->data.persons; p++) {
        const vrk_rated_person *one = &m->person[p];
        if (isfinite(one->level))
            vrk_lay_text(l, 2, NULL,
                         vrk_say_n(w,
                                   "{person}: level {level} ({range}), from {n} rater; as given "
                                   "{plain}.",
                                   "{person}: level {level} ({range}), from {n} raters; as given "
                                   "{plain}.",
                                   one->raters, "person", k->person[p], "level",
                                   vrk_say_number(w, one->level, 1), "range",
                                   vrk_say_range(w, one->lo, one->hi, 1), "plain",
                                   vrk_say_number(w, one->plain, 1), NULL));
    }
    vrk_lay_gap(l);
    vrk_lay_text(l, 0, NULL,
                 vrk_say(w,
                         "{share} of what raters see in a person is the rater's own "
                         "impression, and not the person.",
                         "share", vrk_say_percent(w, m->impression), NULL));
    vrk_lay_text(l, 0, NULL,
                 m->profile ? vrk_tr(w->lang, "Raters agree on who is strong in what.")
                            : vrk_tr(w->lang, "Raters do not agree on who is strong in what: one "
                                              "level for each person is all that these ratings "
                                              "carry."));
}

static const char *why_not(const vrk_words *w, const vrk_rated_model *m)
{
    if (m->state == VRK_RATINGS_APART)
        return vrk_say(w,
                       "It cannot be said who is strict: the raters fall into {n} parts that "
                       "share no person. Let two raters of different parts rate the same five "
                       "persons.",
                       "n", vrk_say_int(w, m->parts), NULL);
    if (m->state == VRK_RATINGS_ALIKE)
        return vrk_tr(w->lang, "It cannot be said who is strict: all levels are the same.");
    return vrk_say(w,
                   "It cannot be said who is strict: {persons} persons are rated by raters who "
                   "have rated five or more, {twice} of them by two. At least {least} and "
                   "{both} are needed.",
                   "persons", vrk_say_int(w, m->persons), "twice", vrk_say_int(w, m->twice),
                   "least", vrk_say_int(w, VRK_RATED_LEAST), "both",
                   vrk_say_int(w, VRK_RATER_TWICE_LEAST), NULL);
}

vrk_status vrk_assess_raters(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    vrk_ratings_kept k = {0};
    vrk_rated_model m = {0};
    const vrk_words *w = &a->l->words;
    const char *only = vrk_arg(a->args, "--rater", NULL);
    bool found = !only;
    TRY(vrk_ratings_read(ctx, a->w.records, &k));
    TRY(vrk_raters_fit(ctx, &k.data, &m));
    for (int64_t r = 0; r < k.data.raters; r++)
        found = found || !strcmp(k.rater[r], only);
    if (!found)
        FAIL(VRK_EINPUT, "assess raters: '%s' has rated nobody", only);
    vrk_lay_heading(a->l, vrk_tr(w->lang, "Who rates, by id"));
    if (m.state != VRK_RATINGS_TOLD)
        vrk_lay_text(a->l, 2, NULL, why_not(w, &m));
    for (int64_t r = 0; m.state == VRK_RATINGS_TOLD && r < k.data.raters; r++) {
        if (!only || !strcmp(k.rater[r], only))
            lay_rater(a->l, k.rater[r], &m.rater[r]);
    }
    if (m.state == VRK_RATINGS_TOLD && !only)
        lay_persons(a->l, &k, &m);
    vrk_lay_text(a->l, 0, NULL,
                 vrk_tr(w->lang, "This is for raters to learn from. It is no judgement of them, "
                                 "and who is strict may be right."));
    fputs(vrk_str_of(a->l->out), stdout);
done:
    vrk_raters_free(&m);
    vrk_ratings_kept_free(&k);
    return st;
}
