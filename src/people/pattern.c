#include "num/special.h"
#include "people/ability.h"

#include <math.h>

static const double seldom = 0.001;
static const double fast_share = 0.20;
enum { WORDS_A_SECOND = 15 }; /* nobody reads and weighs at four times the usual pace */

static int64_t words_of(const char *text)
{
    int64_t n = 0;
    for (bool in = false; *text; text++) {
        bool space = *text == ' ' || *text == '\n';
        n += !space && !in;
        in = !space;
    }
    return n;
}

int64_t vrk_item_fastest(const vrk_item *item, vrk_lang lang)
{
    int at = lang == VRK_SV;
    int64_t n = words_of(item->stem.in[at]);
    for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
        n += words_of(item->option[o].text.in[at]);
    return n * 1000000 / WORDS_A_SECOND;
}

/* Where on the screen each answer stood, by the order in which they were given. */
static void places(const vrk_sitting *s, int *place, vrk_pattern *out)
{
    for (int64_t p = 0; p < s->parts; p++) {
        const vrk_sitting_part *part = &s->part[p];
        for (int64_t j = 0; j < part->bank.irt.items; j++) {
            int order[VRK_ITEM_OPTIONS];
            if (!part->choice[j])
                continue;
            vrk_sitting_order(s, p, j, order);
            for (int o = 0; o < VRK_ITEM_OPTIONS; o++) {
                if (order[o] == part->choice[j] - 'a')
                    place[part->place[j] - 1] = o;
            }
            out->timed += part->took[j] >= 0;
            out->fast += part->took[j] >= 0 &&
                         part->took[j] < vrk_item_fastest(&part->bank.instrument->item[j], s->lang);
        }
    }
}

vrk_status vrk_pattern_of(vrk_ctx *ctx, const vrk_sitting *s, vrk_pattern *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = s->answered, run = 0;
    int *place = VRK_NEW(&ctx->scratch, n + 1, int);
    double chi2 = 0, even = (double)n / VRK_ITEM_OPTIONS;

    *out = (vrk_pattern){.answers = n};
    if (!place)
        FAIL(VRK_EMEMORY, "out of memory for a pattern of answers");
    places(s, place, out);
    for (int64_t i = 0; i < n; i++) {
        run = i && place[i] == place[i - 1] ? run + 1 : 1;
        out->run = run > out->run ? run : out->run;
        out->place[place[i]]++;
    }
    for (int o = 0; o < VRK_ITEM_OPTIONS && n; o++)
        chi2 += ((double)out->place[o] - even) * ((double)out->place[o] - even) / even;
    /* The order is drawn anew for each situation, so who reads hits every place equally often. */
    out->by_place =
        n >= 5 * VRK_ITEM_OPTIONS && vrk_chi2_above(chi2, VRK_ITEM_OPTIONS - 1) < seldom;
    out->one_line = n > 1 && (double)n * pow(VRK_ITEM_OPTIONS, 1 - (double)out->run) < seldom;
    out->too_fast =
        out->timed >= VRK_ANSWERS_LEAST && (double)out->fast >= fast_share * (double)out->timed;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
