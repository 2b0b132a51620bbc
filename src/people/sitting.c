#include "people/sitting.h"

#include "base/rng.h"
#include "base/sys.h"
#include "people/put.h"
#include "people/sitting_parts.h"
#include "stat/cat.h"

#include <stdio.h>
#include <string.h>

enum { ORDER = 0x0de };
static const double balance = 0.3; /* a kind of deal that lags by one situation counts 1.35 times */

static const char log_sql[] =
    "INSERT OR IGNORE INTO sitting_event (invitation, n, kind, item, choice, at, trait) "
    "SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM sitting_event WHERE invitation = "
    "?1";

static void note_trait(double eap, double psd, char *text, size_t n)
{
    snprintf(text, n, "%a %a", eap, psd);
}

void vrk_sitting_order(const vrk_sitting *s, int64_t part, int64_t number, int *order)
{
    vrk_rng r = vrk_rng_of(s->seed, (uint64_t)(part * 1000 + number), ORDER);
    for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
        order[o] = o;
    for (int o = VRK_ITEM_OPTIONS - 1; o > 0; o--) {
        int k = (int)vrk_rng_below(&r, o + 1), kept = order[o];
        order[o] = order[k];
        order[k] = kept;
    }
}

static vrk_status step_of(vrk_ctx *ctx, const vrk_sitting *s, int64_t p, vrk_cat_step *out)
{
    const vrk_sitting_part *part = &s->part[p];
    uint64_t seed = ctx->seed;
    ctx->seed = s->seed;
    vrk_status st = vrk_cat_next(ctx, &part->bank.irt, part->x, p,
                                 &(vrk_cat_opt){.stop_se = s->stop_se,
                                                .most = s->most,
                                                .among = s->candidate ? 3 : 1,
                                                .area = part->bank.area,
                                                .areas = VRK_AREAS,
                                                .target = part->bank.target,
                                                .expected = !s->by_mean,
                                                .known = part->bank.known,
                                                .balance = s->by_mean ? 0 : balance},
                                 out);
    ctx->seed = seed;
    return st;
}

vrk_status vrk_sitting_choose(vrk_ctx *ctx, const vrk_sitting *s, vrk_question *out)
{
    vrk_status st = VRK_OK;
    int64_t least = INT64_MAX;
    *out = (vrk_question){.done = true, .part = -1, .number = -1};
    for (int64_t p = 0; p < s->parts; p++) {
        vrk_cat_step step;
        int64_t items = s->part[p].bank.irt.items;
        TRY(step_of(ctx, s, p, &step));
        out->answered += step.given;
        out->most += step.state == VRK_CAT_ASK ? (s->most < items ? s->most : items) : step.given;
        if (step.state != VRK_CAT_ASK || step.given >= least)
            continue;
        least = step.given;
        out->done = false;
        out->part = p;
        out->number = step.item;
        out->item = &s->part[p].bank.instrument->item[step.item];
        note_trait(step.eap, step.psd, out->trait, sizeof(out->trait));
    }
    if (!out->done)
        vrk_sitting_order(s, out->part, out->number, out->order);
    else if (s->parts > 0) { /* the last one's stands for all: it depends on the whole log */
        vrk_cat_step step;
        TRY(step_of(ctx, s, s->parts - 1, &step));
        note_trait(step.eap, step.psd, out->trait, sizeof(out->trait));
    }
done:
    return st;
}

static vrk_status log_event(vrk_ctx *ctx, vrk_records *records, const vrk_sitting *s,
                            const char *kind, const char *item, char choice, const char *trait)
{
    const char word[] = {choice, 0};
    const vrk_value row[] = {put_int(s->id),        put_text(kind),
                             put_text(item),        put_text(choice ? word : NULL),
                             put_int(vrk_now(ctx)), put_text(trait)};
    return vrk_records_run(ctx, records, log_sql, row, 6, NULL);
}

vrk_status vrk_sitting_ask(vrk_ctx *ctx, vrk_records *records, vrk_sitting *s, vrk_question *out)
{
    vrk_status st = VRK_OK;
    TRY(vrk_sitting_choose(ctx, s, out));
    if (s->link != VRK_LINK_OPEN)
        goto done;
    if (!out->done) {
        TRY(log_event(ctx, records, s, "asked", out->item->id, 0, out->trait));
        goto done;
    }
    TRY(log_event(ctx, records, s, "finished", "", 0, out->trait));
    s->finished_at = vrk_now(ctx);
    s->link = VRK_LINK_FINISHED;
done:
    return st;
}

/* What the answer is worth, with the sitting as it is now. */
static vrk_status judge(vrk_ctx *ctx, const vrk_sitting *s, const char *item, char option,
                        vrk_answered *out)
{
    vrk_status st = VRK_OK;
    vrk_question q;
    int64_t p, j;
    *out = VRK_ANSWER_NOT_ASKED;
    if (!item || s->link == VRK_LINK_CHANGED || !vrk_sitting_item(s, item, &p, &j))
        goto done;
    if (option < 'a' || option >= 'a' + VRK_ITEM_OPTIONS)
        *out = VRK_ANSWER_NO_CHOICE;
    else if (s->part[p].choice[j])
        *out = s->part[p].choice[j] == option ? VRK_ANSWER_SAME : VRK_ANSWER_STANDS;
    else if (s->link == VRK_LINK_OPEN) {
        TRY(vrk_sitting_choose(ctx, s, &q));
        if (!q.done && q.part == p && q.number == j)
            *out = VRK_ANSWER_SAVED;
    }
done:
    return st;
}

vrk_status vrk_sitting_take(vrk_ctx *ctx, vrk_records *records, const vrk_sitting *s,
                            const char *item, char option, vrk_answered *out)
{
    vrk_status st = VRK_OK;
    *out = VRK_ANSWER_CLOSED;
    if (s->id)
        TRY(judge(ctx, s, item, option, out));
    if (*out == VRK_ANSWER_NOT_ASKED && s->link != VRK_LINK_OPEN)
        *out = VRK_ANSWER_CLOSED;
    if (*out == VRK_ANSWER_SAVED)
        TRY(log_event(ctx, records, s, "answered", item, option, NULL));
done:
    return st;
}

vrk_status vrk_sitting_answer(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                              const char *token, const char *item, char option, vrk_answered *out,
                              vrk_link *link)
{
    vrk_status st = VRK_OK;
    vrk_sitting s = {0};
    bool begun = false;

    *out = VRK_ANSWER_CLOSED;
    *link = VRK_LINK_UNKNOWN;
    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_sitting_open(ctx, records, all, token, &s));
    *link = s.link;
    TRY(vrk_sitting_take(ctx, records, &s, item, option, out));
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    vrk_sitting_free(&s);
    return st;
}

const char *vrk_link_says(vrk_lang lang, vrk_link link)
{
    static const char *const says[] = {
        [VRK_LINK_OPEN] = VRK_N("The link is open."),
        [VRK_LINK_UNKNOWN] = VRK_N(
            "There is no such link. Look whether all of it came along, or ask for a new one."),
        [VRK_LINK_EXPIRED] = VRK_N("The time of this link is over. What you answered is kept; ask "
                                   "for a new link if you want to go on."),
        [VRK_LINK_WITHDRAWN] =
            VRK_N("This link was taken back by those who sent it. What you answered is kept."),
        [VRK_LINK_FINISHED] = VRK_N("You have answered all of it. There is nothing more to do."),
        [VRK_LINK_CHANGED] = VRK_N("The situations have changed since this link was sent. What you "
                                   "answered is kept; ask for a new link."),
    };
    return vrk_tr(lang, says[link]);
}

const char *vrk_answered_says(vrk_lang lang, vrk_answered answered)
{
    static const char *const says[] = {
        [VRK_ANSWER_SAVED] = VRK_N("Your answer is saved."),
        [VRK_ANSWER_SAME] = VRK_N("Your answer was saved already."),
        [VRK_ANSWER_STANDS] =
            VRK_N("You answered this situation before, perhaps in another window. That answer "
                  "stands."),
        [VRK_ANSWER_NOT_ASKED] = VRK_N("This is not the situation that you were asked about. Go on "
                                       "with the one that is shown."),
        [VRK_ANSWER_NO_CHOICE] = VRK_N("Choose one of the four answers."),
        [VRK_ANSWER_CLOSED] = VRK_N("The link is not open any more."),
    };
    return vrk_tr(lang, says[answered]);
}
