/* What own deals say of what a role asks for: of each moment what it is worth to lift it to the
 * usual level, the share of what falls short there that is competence in the role's mix of simple
 * and complex deals, and the competences that bear on the moment. From a stored result. */
#include "people/role.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { MOMENTS = 5 };
static const char *const moments[MOMENTS] = {"prospecting", "qualification", "decision_steering",
                                             "objection_handling", "next_step"};
static const double sure = 0.9;      /* that lifting it pays */
static const double most_part = 4;   /* so many experts own deals count as at the most */
static const double own_share = 0.5; /* of a moment, to the competence of its name */

static double number_of(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_number(v) ? json_number_value(v) : 0;
}

/* Money a year where it surely pays to lift the moment; else 0. */
static double price_of(const json_t *document, const char *moment)
{
    char key[64] = "fix:";
    strncat(key, moment, sizeof(key) - 5);
    const json_t *fix = json_object_get(json_object_get(document, "what_if"), key);
    double mean = number_of(json_object_get(fix, "value"), "mean");
    return number_of(fix, "p_positive") >= sure ? fmax(mean, 0) : 0;
}

static void add(const json_t *probability, double weight, double *competence, double *all)
{
    static const char *const causes[] = {"competence", "execution", "pressure", "process",
                                         "market"};
    for (int c = 0; c < 5 && json_is_object(probability); c++) {
        double p = weight * number_of(probability, causes[c]);
        *competence += c == 0 ? p : 0;
        *all += p;
    }
}

/* One seller's moment; by kind of deal where that is told. */
static void add_moment(const json_t *m, double complex, double *competence, double *all)
{
    const json_t *situations = json_object_get(m, "situations"), *one;
    double n = number_of(m, "occasions");
    size_t i;
    bool kinds = false;
    json_array_foreach(situations, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "situation"));
        bool simple = name && !strcmp(name, "simple"), hard = name && !strcmp(name, "complex");
        if (!simple && !hard)
            continue;
        kinds = true;
        add(json_object_get(one, "probability"), n * (hard ? complex : 1 - complex), competence,
            all);
    }
    if (!kinds)
        add(json_object_get(m, "probability"), n, competence, all);
}

/* Share of what falls short at the moment that is competence. */
static double share_of(const json_t *sellers, const char *moment, double complex)
{
    double competence = 0, all = 0;
    const json_t *seller, *m;
    size_t i, k;
    json_array_foreach(sellers, i, seller)
    {
        json_array_foreach(json_object_get(seller, "moments"), k, m)
        {
            const char *name = json_string_value(json_object_get(m, "moment"));
            if (name && !strcmp(name, moment))
                add_moment(m, complex, &competence, &all);
        }
    }
    return all > 0 ? competence / all : 0;
}

/* Sellers with a verdict at one moment at least. */
static int64_t judged(const json_t *sellers)
{
    int64_t n = 0;
    const json_t *seller, *m;
    size_t i, k;
    json_array_foreach(sellers, i, seller)
    {
        bool any = false;
        json_array_foreach(json_object_get(seller, "moments"), k, m)
        {
            any = any || json_is_object(json_object_get(m, "probability"));
        }
        n += any;
    }
    return n;
}

static bool bears_on(const vrk_instruments *all, const char *competency, const char *moment)
{
    const vrk_instrument *one = vrk_instrument_find(all, competency);
    for (int64_t k = 0; one && k < one->moments; k++) {
        if (!strcmp(one->moment[k], moment))
            return true;
    }
    return false;
}

static void spread(const vrk_job *r, const vrk_instruments *all, const char *moment, double worth,
                   double *to)
{
    double others = 0;
    for (int k = 0; k < VRK_ROLE_ASKS; k++)
        others += strcmp(r->competency[k], moment) != 0 && bears_on(all, r->competency[k], moment);
    for (int k = 0; k < VRK_ROLE_ASKS; k++) {
        if (!strcmp(r->competency[k], moment))
            to[k] += others > 0 ? own_share * worth : worth;
        else if (bears_on(all, r->competency[k], moment))
            to[k] += (1 - own_share) * worth / others;
    }
}

static void weigh(vrk_job *r, const vrk_instruments *all, const json_t *document)
{
    const json_t *sellers = json_object_get(document, "sellers");
    double worth[VRK_ROLE_ASKS] = {0}, most = 0;
    r->incumbents = judged(sellers);
    r->deals = VRK_DEALS_FEW;
    if (r->incumbents < VRK_ROLE_INCUMBENTS)
        return;
    for (int m = 0; m < MOMENTS; m++)
        spread(r, all, moments[m],
               price_of(document, moments[m]) * share_of(sellers, moments[m], r->complex), worth);
    for (int k = 0; k < VRK_ROLE_ASKS; k++)
        most = fmax(most, worth[k]);
    r->deals = most > 0 ? VRK_DEALS_USED : VRK_DEALS_NOTHING;
    for (int k = 0; k < VRK_ROLE_ASKS && most > 0; k++)
        r->dealt[k] = 1 + 4 * worth[k] / most;
    if (most > 0)
        r->deals_count = fmin((double)r->incumbents / VRK_ROLE_INCUMBENTS, most_part);
}

vrk_status vrk_role_deals(vrk_ctx *ctx, const char *document, vrk_role_list *list)
{
    vrk_status st = VRK_OK;
    vrk_instruments all = {0};
    json_t *o = json_loads(document, 0, NULL);
    if (!o)
        FAIL(VRK_EDB, "the stored result is no JSON");
    TRY(vrk_instruments_read(ctx, &all));
    for (int64_t i = 0; i < list->n; i++)
        weigh(&list->role[i], &all, o);
done:
    json_decref(o);
    vrk_instruments_free(&all);
    return st;
}
