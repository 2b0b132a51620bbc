/* cli/assess_measure_json.c - the same as numbers, for the page that asks the server. */
#include "cli/assess_measure.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static const double inside = 1.6448536269514722;

static json_t *range(double mean, double lo, double hi)
{
    return json_pack("{s:f,s:f,s:f}", "mean", mean, "lo", lo, "hi", hi);
}

json_t *vrk_measure_start(const vrk_answered_by *by)
{
    return json_pack("{s:s,s:I,s:I,s:i,s:[],s:[],s:n}", "competency", by->instrument->competency,
                     "persons", (json_int_t)by->persons, "changed", (json_int_t)by->changed,
                     "least", VRK_MEASURE_LEAST, "items", "alike", "kept");
}

void vrk_measure_items(json_t *to, const vrk_answered_by *by, const vrk_keyed *k)
{
    for (int64_t j = 0; j < k->items; j++) {
        double b = k->difficulty[j], se = inside * k->difficulty_se[j];
        json_array_append_new(json_object_get(to, "items"),
                              json_pack("{s:s,s:I,s:f,s:o,s:o}", "item", by->instrument->item[j].id,
                                        "answered", (json_int_t)k->answered[j], "stated",
                                        by->stated[j], "difficulty", range(b, b - se, b + se),
                                        "sharp",
                                        range(k->slope[j], k->slope_lo[j], k->slope_hi[j])));
    }
}

void vrk_measure_group(json_t *to, const vrk_answered_by *by, const vrk_keyed *k, const char *group,
                       int64_t n, const char *beside, int64_t m)
{
    static const char *const name[] = {
        [VRK_DIF_A] = "alike", [VRK_DIF_B] = "somewhat", [VRK_DIF_C] = "much"};
    json_t *items = json_array();
    double power = 0;
    for (int64_t j = 0; k && j < k->items; j++) {
        power += k->power[j] / (double)k->items;
        if (k->class[j] != VRK_DIF_A)
            json_array_append_new(items,
                                  json_pack("{s:s,s:s,s:b}", "item", by->instrument->item[j].id,
                                            "size", name[k->class[j]], "harder", k->harder[j] > 0));
    }
    json_array_append_new(json_object_get(to, "alike"),
                          json_pack("{s:s,s:I,s:s,s:I,s:b,s:i,s:o,s:o}", "group", group, "n",
                                    (json_int_t)n, "beside", beside, "m", (json_int_t)m, "judged",
                                    k != NULL, "least", VRK_ALIKE_LEAST, "power",
                                    k ? json_real(power) : json_null(), "items", items));
}

vrk_status vrk_measure_print(vrk_ctx *ctx, json_t *from)
{
    vrk_status st = VRK_OK;
    char *text = json_dumps(from, JSON_COMPACT | JSON_REAL_PRECISION(6));
    if (!text)
        FAIL(VRK_EMEMORY, "out of memory for the measures");
    puts(text);
done:
    free(text);
    return st;
}
