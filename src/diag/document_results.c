/* Differences between sellers' results in the document, and what is said of them. */
#include "diag/document_parts.h"
#include "diag/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ABOVE 0.975 /* probability from which a seller stands out, and 1 - it below which */

enum { SAME_LEAST = 5 }; /* sellers alike, below which nothing is said of them */

json_t *vrk_attribution_json(const vrk_findings *f)
{
    const vrk_attribution *a = f->attribution;
    json_t *share = json_object(), *order = json_object();
    bool good = share && order;
    if (!a || !a->made) {
        json_decref(share);
        json_decref(order);
        return json_null();
    }
    for (int k = 0; k < VRK_PARTS; k++) {
        const vrk_part_share *p = &a->part[k];
        good &= json_object_set_new(share, vrk_part_names[k],
                                    vrk_json_estimate(p->mean, p->lo, p->hi)) == 0;
        good &= json_object_set_new(order, vrk_part_names[k],
                                    json_pack("{s:f,s:f}", "lo", fmin(p->first, p->last), "hi",
                                              fmax(p->first, p->last))) == 0;
    }
    if (!good) {
        json_decref(share);
        json_decref(order);
        return NULL;
    }
    return json_pack("{s:o,s:o,s:f,s:b,s:I,s:s}", "share", share, "order", order, "reliability",
                     a->reliability, "separable", (int)a->separable, "persons",
                     (json_int_t)a->sellers, "text", "");
}

static int by_contacts(const void *a, const void *b)
{
    const vrk_league_row *x = a, *y = b;
    return (x->contacts > y->contacts) - (x->contacts < y->contacts);
}

static int by_money(const void *a, const void *b)
{
    const vrk_league_row *x = a, *y = b;
    return (x->money > y->money) - (x->money < y->money);
}

static double mean_money(const vrk_league_row *row, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += row[i].money / (double)n;
    return sum;
}

/* The half of the sellers who are most alike in how much they prospect (the shortest interval that
 * holds it), and what the better and the worse half of those win. Null where they are too few. */
static json_t *same_json(const vrk_league *l)
{
    int64_t n = (l->n + 1) / 2, from = 0;
    vrk_league_row *row = n < SAME_LEAST ? NULL : malloc((size_t)l->n * sizeof(*row));
    if (!row)
        return n < SAME_LEAST ? json_null() : NULL;
    memcpy(row, l->row, (size_t)l->n * sizeof(*row));
    qsort(row, (size_t)l->n, sizeof(*row), by_contacts);
    for (int64_t i = 0; i + n <= l->n; i++) {
        if (row[i + n - 1].contacts - row[i].contacts <
            row[from + n - 1].contacts - row[from].contacts)
            from = i;
    }
    double low = row[from].contacts, high = row[from + n - 1].contacts;
    qsort(row + from, (size_t)n, sizeof(*row), by_money);
    json_t *same = json_pack("{s:I,s:f,s:f,s:f,s:f}", "persons", (json_int_t)n, "low", low, "high",
                             high, "worse", mean_money(row + from, n / 2), "better",
                             mean_money(row + from + n - n / 2, n / 2));
    free(row);
    return same;
}

json_t *vrk_league_json(const vrk_findings *f)
{
    const vrk_league *l = f->league;
    if (!l || !l->n)
        return json_null();
    int64_t above = 0, below = 0;
    for (int64_t i = 0; i < l->n; i++) {
        above += l->row[i].above > ABOVE;
        below += l->row[i].above < 1 - ABOVE;
    }
    return json_pack("{s:f,s:f,s:b,s:I,s:I,s:I,s:o,s:s}", "reliability", l->reliability, "width",
                     l->width, "ordered", (int)l->ordered, "above", (json_int_t)above, "below",
                     (json_int_t)below, "persons", (json_int_t)l->n, "same", same_json(l), "text",
                     "");
}

static const vrk_league_row *row_of(const vrk_league *l, int64_t key)
{
    for (int64_t i = 0; l && i < l->n; i++) {
        if (l->row[i].seller_key == key)
            return &l->row[i];
    }
    return NULL;
}

json_t *vrk_standings_json(const vrk_findings *f, json_t *sellers)
{
    size_t i;
    json_t *seller;
    bool good = sellers != NULL;
    json_array_foreach(sellers, i, seller)
    {
        const vrk_league_row *r = row_of(f->league, vrk_json_int(seller, "seller_key"));
        json_t *rank = r && f->league->ordered ? json_pack("{s:f,s:f}", "lo", r->lo, "hi", r->hi)
                                               : json_null();
        const char *standing = !r                     ? NULL
                               : r->above > ABOVE     ? "above"
                               : r->above < 1 - ABOVE ? "below"
                                                      : "alike";
        good &= json_object_set_new(seller, "rank", rank) == 0;
        good &= json_object_set_new(seller, "standing",
                                    standing ? json_string(standing) : json_null()) == 0;
        json_t *result =
            r ? json_pack("{s:f,s:f}", "contacts", r->contacts, "won", r->money) : json_null();
        good &= json_object_set_new(seller, "result", result) == 0;
    }
    if (!good) {
        json_decref(sellers);
        return NULL;
    }
    return sellers;
}

static const char *share(const vrk_words *w, const json_t *shares, int part)
{
    return vrk_say_percent(w, fmax(vrk_json_mean(shares, vrk_part_names[part]), 0));
}

vrk_status vrk_say_attribution(vrk_ctx *ctx, const vrk_words *w, json_t *document)
{
    vrk_status st = VRK_OK;
    json_t *a = json_object_get(document, "attribution"), *l = json_object_get(document, "league");
    const json_t *s = json_object_get(a, "share");
    if (json_is_object(a))
        TRY(vrk_say_set(
            ctx, w, a, "text",
            vrk_say(w,
                    "Of the differences in won money between sellers, activity accounts for "
                    "{activity}, market for {market}, the mix of deals for {mix}, team for {team}, "
                    "seller for {seller} and chance for {chance}.",
                    "activity", share(w, s, VRK_PART_ACTIVITY), "market",
                    share(w, s, VRK_PART_MARKET), "mix", share(w, s, VRK_PART_MIX), "team",
                    share(w, s, VRK_PART_TEAM), "seller", share(w, s, VRK_PART_SELLER), "chance",
                    share(w, s, VRK_PART_CHANCE), NULL)));
    if (json_is_object(l))
        TRY(vrk_say_set(
            ctx, w, l, "text",
            vrk_say(w,
                    json_is_true(json_object_get(l, "ordered"))
                        ? VRK_N("With the same market and mix, {above} of {n} sellers are above "
                                "the mean and {below} below; an order carries (reliability "
                                "{reliability}).")
                        : VRK_N("With the same market and mix, {above} of {n} sellers are above "
                                "the mean and {below} below; the others cannot be told apart, and "
                                "an order would not carry (reliability {reliability})."),
                    "above", vrk_say_int(w, vrk_json_int(l, "above")), "n",
                    vrk_say_int(w, vrk_json_int(l, "persons")), "below",
                    vrk_say_int(w, vrk_json_int(l, "below")), "reliability",
                    vrk_say_percent(w, vrk_json_number(l, "reliability")), NULL)));
done:
    return st;
}
