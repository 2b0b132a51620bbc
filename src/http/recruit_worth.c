/* What choosing by a test is worth in money, and whether one line tells the same of every group.
 * For hr and the owner; what is pasted is kept nowhere. */
#include "http/assess.h"

#include "people/worth.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MOST = 900 << 10, GROUPS_MOST = 50, NAME_MOST = 100, MONEY_MOST = 1000000000 };

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

vrk_status vrk_run_worth(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    int64_t hired = 0, of_hundred = 0, months = 0, sd = 0, cost = 0;
    vrk_worth out;
    const vrk_field field[] = {{"hired", VRK_IS_COUNT, true, 1000000, &hired, NULL},
                               {"of_hundred", VRK_IS_COUNT, true, 99, &of_hundred, NULL},
                               {"months", VRK_IS_COUNT, true, 600, &months, NULL},
                               {"worth", VRK_IS_COUNT, true, MONEY_MOST, &sd, NULL},
                               {"cost", VRK_IS_COUNT, false, MONEY_MOST, &cost, NULL}};
    TRY(vrk_body_read(ctx, r, field, 5));
    if (!hired || !of_hundred || !months || !sd)
        FAIL(VRK_EINPUT, VRK_N("each of the numbers must be more than 0"));
    const vrk_worth_of of = {.hired = (double)hired,
                             .share = (double)of_hundred / 100,
                             .years = (double)months / 12,
                             .sd_worth = (double)sd,
                             .cost = (double)cost};
    TRY(vrk_worth_make(ctx, &of, &out));
    TRY(vrk_change_begin(w));
    TRY(vrk_change_end(w, r, NULL, NULL));
    TRY(vrk_answer_json(ctx, r, 200,
                        json_pack("{s:f,s:f,s:f,s:f,s:o}", "mean", out.mean, "lo", out.lo, "hi",
                                  out.hi, "p_pays", out.p_pays, "break_even",
                                  cost ? number(out.break_even) : json_null())));
done:
    return st;
}

typedef struct {
    int64_t n, groups, size[GROUPS_MOST];
    const char *name[GROUPS_MOST];
    double *predictor, *result;
    int64_t *of; /* [n] */
} pasted;

static vrk_status group_of(vrk_ctx *ctx, pasted *p, const char *at, size_t n, int64_t *out)
{
    while (n && (*at == ' ' || at[n - 1] == ' ')) {
        at += *at == ' ';
        n--;
    }
    for (*out = 0; *out < p->groups; ++*out) {
        if (strlen(p->name[*out]) == n && !memcmp(p->name[*out], at, n))
            return VRK_OK;
    }
    char *name = VRK_NEW(&ctx->scratch, (int64_t)n + 1, char);
    if (!name)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for a table");
    if (p->groups == GROUPS_MOST || n > NAME_MOST)
        return vrk_fail(ctx, VRK_EINPUT, VRK_N("that is more groups than can be compared"));
    memcpy(name, at, n);
    p->name[p->groups++] = name;
    return VRK_OK;
}

/* Lines of a group, a predictor and a result; the first may be a heading. */
static vrk_status read_pasted(vrk_ctx *ctx, const char *lines, pasted *p)
{
    vrk_status st = VRK_OK;
    int64_t most = 1, row = 0;
    char apart = strchr(lines, ';') ? ';' : strchr(lines, '\t') ? '\t' : ',';
    for (const char *c = lines; *c; c++)
        most += *c == '\n';
    p->predictor = VRK_NEW(&ctx->scratch, most, double);
    p->result = VRK_NEW(&ctx->scratch, most, double);
    p->of = VRK_NEW(&ctx->scratch, most, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for a table");
    for (const char *at = lines; *at; row++) {
        size_t length = strcspn(at, "\n"), name = 0;
        const char *next = at + length + (at[length] == '\n'), *rest;
        double x = nan(""), y = nan("");
        while (name < length && at[name] != apart)
            name++;
        rest = at + name + (name < length);
        bool blank = strspn(at, " \t\r;,") >= length;
        bool good = name < length && vrk_number_at(&rest, apart, &x) &&
                    vrk_number_at(&rest, apart, &y) && isfinite(x) && isfinite(y);
        if (!good && !blank && row > 0)
            FAIL(VRK_EINPUT, VRK_N("line %lld is not a group and two numbers"), (long long)row + 1);
        if (good) {
            p->predictor[p->n] = x;
            p->result[p->n] = y;
            TRY(group_of(ctx, p, at, name, &p->of[p->n]));
            p->size[p->of[p->n++]]++;
        }
        at = next;
    }
done:
    return st;
}

static json_t *say_lines(const char *name, const vrk_lines *l)
{
    return json_pack("{s:s,s:I,s:b,s:o,s:o,s:o,s:o,s:o}", "group", name, "n", (json_int_t)l->n[1],
                     "judged", l->judged, "above", l->judged ? number(l->above) : json_null(), "lo",
                     l->judged ? number(l->lo) : json_null(), "hi",
                     l->judged ? number(l->hi) : json_null(), "p_slope",
                     l->judged ? number(l->p_slope) : json_null(), "detectable",
                     l->judged ? number(l->detectable) : json_null());
}

vrk_status vrk_run_lines(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *lines = NULL;
    pasted p = {0};
    json_t *list = json_array();
    int64_t most = 0;
    const vrk_field field[] = {{"lines", VRK_IS_TEXT, true, LINES_MOST, &lines, NULL}};
    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(read_pasted(ctx, lines, &p));
    if (p.groups < 2)
        FAIL(VRK_EINPUT, VRK_N("two groups or more are needed"));
    int64_t *group = VRK_NEW(&ctx->scratch, p.n, int64_t);
    if (!group)
        FAIL(VRK_EMEMORY, "out of memory for groups");
    for (int64_t g = 0; g < p.groups; g++)
        most = p.size[g] > p.size[most] ? g : most;
    for (int64_t g = 0; g < p.groups; g++) {
        vrk_lines out;
        if (g == most)
            continue;
        for (int64_t i = 0; i < p.n; i++)
            group[i] = p.of[i] == most ? 0 : p.of[i] == g ? 1 : -1;
        TRY(vrk_lines_compare(ctx, &(vrk_lines_data){p.predictor, p.result, group, p.n}, &out));
        if (json_array_append_new(list, say_lines(p.name[g], &out)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for groups");
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_change_end(w, r, NULL, NULL));
    TRY(vrk_answer_json(ctx, r, 200,
                        json_pack("{s:s,s:I,s:O,s:I}", "beside", p.name[most], "n",
                                  (json_int_t)p.size[most], "groups", list, "least",
                                  (json_int_t)VRK_LINE_LEAST)));
done:
    json_decref(list);
    return st;
}
