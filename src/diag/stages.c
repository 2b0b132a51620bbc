#include "diag/stages.h"

#include "base/str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Parts of stage names in the order of a sale, ASCII in lower case; "" starts the decision stages.
 */
static const char *const words[] = {
    "lead",     "new",      "nytt",     "ny ",    "inkom",     "prospect", "kontakt", "contact",
    "qualif",   "kvalif",   "discover", "behov",  "need",      "möte",     "meeting", "demo",
    "solution", "lösning",  "analys",   "value",  "",          "proposal", "offert",  "förslag",
    "quote",    "anbud",    "tender",   "bid",    "negotiat",  "rhandl",   "review",  "avtal",
    "contract", "decision", "beslut",   "commit", "signering", "order",    "vunn",
};
enum { N_WORDS = sizeof(words) / sizeof(words[0]) };

/* Place of the name's latest word in `words`, -1 where it has none. */
static int rank_of(const char *name)
{
    char low[128];
    size_t n = strlen(name) < sizeof(low) - 1 ? strlen(name) : sizeof(low) - 1;
    for (size_t i = 0; i < n; i++)
        low[i] = (char)tolower((unsigned char)name[i]);
    low[n] = 0;
    for (int k = N_WORDS - 1; k >= 0; k--) {
        if (words[k][0] && strstr(low, words[k]))
            return k;
    }
    return -1;
}

static int decision_rank(void)
{
    int k = 0;
    while (words[k][0])
        k++;
    return k;
}

/* What the names say of the probability that a comes before b. */
static double by_name(const char *a, const char *b)
{
    int x = rank_of(a), y = rank_of(b);
    return x < 0 || y < 0 || x == y ? 0.5 : x < y ? 1 : 0;
}

typedef struct {
    vrk_stage stage;
    double score; /* high = early; set places lie above all scores */
} scored;

static int by_score(const void *a, const void *b)
{
    const scored *x = a, *y = b;
    int c = strcmp(x->stage.pipeline, y->stage.pipeline);
    if (c)
        return c;
    return x->score > y->score   ? -1
           : x->score < y->score ? 1
                                 : strcmp(x->stage.name, y->stage.name);
}

static int64_t find(const scored *s, int64_t n, const char *pipeline, const char *name)
{
    for (int64_t i = 0; i < n; i++) {
        if (!strcmp(s[i].stage.pipeline, pipeline) && !strcmp(s[i].stage.name, name))
            return i;
    }
    return -1;
}

static int64_t place_set(const vrk_stage_opt *opt, const char *name)
{
    for (int64_t k = 0; k < opt->n; k++) {
        if (!strcmp(opt->order[k], name))
            return k;
    }
    return -1;
}

/* Mean over the pipeline's other stages of (deals here first + half by name) / (deals + half). */
static void score(scored *s, int64_t n, const double *before, const vrk_stage_opt *opt)
{
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        int64_t others = 0, set = place_set(opt, s[i].stage.name);
        for (int64_t j = 0; j < n; j++) {
            if (i == j || strcmp(s[i].stage.pipeline, s[j].stage.pipeline))
                continue;
            double here = before[i * n + j], there = before[j * n + i];
            sum += (here + 0.5 * by_name(s[i].stage.name, s[j].stage.name)) / (here + there + 0.5);
            others++;
        }
        s[i].score = set >= 0 ? 2 + (double)(opt->n - set) : others ? sum / (double)others : 0.5;
    }
}

static void say(vrk_stages *out, const char *text, const char *a, const char *b, const char *c)
{
    out->note[out->notes++] = (vrk_note){text, {a, b, c}};
}

/* Names "A > B > C" of one pipeline's stages, or of its decision stages only. */
static const char *names_of(vrk_stages *out, int64_t from, int64_t to, bool decision)
{
    vrk_str s = {.mem = &out->mem};
    for (int64_t i = from; i < to; i++) {
        if (decision && !out->stage[i].decision)
            continue;
        vrk_str_add(&s, s.n ? " > " : "");
        vrk_str_add(&s, out->stage[i].name);
    }
    return vrk_str_of(&s);
}

/* The first decision stage of stages [from, to): set, by name, else the later half. */
static int64_t first_decision(const vrk_stages *out, int64_t from, int64_t to, const char *set,
                              bool *named)
{
    *named = true;
    for (int64_t i = from; i < to; i++) {
        if (set ? !strcmp(out->stage[i].name, set)
                : to - from > 1 && i > from && rank_of(out->stage[i].name) > decision_rank())
            return i;
    }
    *named = false;
    return set || to - from < 2 ? to : from + (to - from + 1) / 2;
}

static void finish_pipeline(vrk_stages *out, int64_t from, int64_t to, const vrk_stage_opt *opt,
                            bool *decision_found)
{
    bool named;
    const char *pipeline = out->stage[from].pipeline;
    int64_t decision = first_decision(out, from, to, opt->decision, &named);

    *decision_found = *decision_found || decision < to;
    for (int64_t i = from; i < to; i++) {
        out->stage[i].position = i - from + 1;
        out->stage[i].first = i == from;
        out->stage[i].decision = i >= decision;
    }
    const char *shown = *pipeline ? pipeline : "-";
    if (place_set(opt, out->stage[from].name) < 0)
        say(out, "Stages, by the order in which deals first come to them (pipeline %1): %2", shown,
            names_of(out, from, to, false), NULL);
    if (!opt->decision && decision == to)
        say(out, "Pipeline %1 has no decision stage: it has one stage only", shown, NULL, NULL);
    else if (!opt->decision && named)
        say(out, "Decision stages, by their names (pipeline %1): %2", shown,
            names_of(out, from, to, true), NULL);
    else if (!opt->decision)
        say(out, "Decision stages, taken as the later half because no name tells (pipeline %1): %2",
            shown, names_of(out, from, to, true), NULL);
    int64_t starts = 0;
    for (int64_t i = from; i < to; i++)
        starts += out->stage[i].starts;
    if (2 * out->stage[from].starts < starts)
        say(out, "Most deals do not begin in the first stage %2 (pipeline %1)", shown,
            out->stage[from].name, NULL);
}

static vrk_status read_stages(vrk_ctx *ctx, const vrk_frame *seen, const vrk_frame *pair,
                              vrk_stages *out, scored *s, double *before)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < seen->rows; i++)
        s[i].stage = (vrk_stage){
            .pipeline = vrk_text_copy(&out->mem, vrk_frame_column(seen, "pipeline")->s[i]),
            .name = vrk_text_copy(&out->mem, vrk_frame_column(seen, "name")->s[i]),
            .deals = vrk_frame_column(seen, "n")->i[i],
            .starts = vrk_frame_column(seen, "starts")->i[i]};
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < pair->rows; i++) {
        const char *pipeline = vrk_frame_column(pair, "pipeline")->s[i];
        int64_t a = find(s, seen->rows, pipeline, vrk_frame_column(pair, "a")->s[i]);
        int64_t b = find(s, seen->rows, pipeline, vrk_frame_column(pair, "b")->s[i]);
        if (a >= 0 && b >= 0)
            before[a * seen->rows + b] = (double)vrk_frame_column(pair, "n")->i[i];
    }
done:
    return st;
}

vrk_status vrk_stages_infer(vrk_ctx *ctx, const vrk_frame *seen, const vrk_frame *pair,
                            const vrk_stage_opt *opt, vrk_stages *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_stage_opt o = opt ? *opt : (vrk_stage_opt){0};
    int64_t n = seen->rows;
    bool decision_found = false;

    *out = (vrk_stages){.n = n};
    scored *s = VRK_NEW(&ctx->scratch, n, scored);
    double *before = VRK_NEW(&ctx->scratch, n * n, double);
    out->stage = VRK_NEW(&out->mem, n, vrk_stage);
    out->note = VRK_NEW(&out->mem, 4 * n, vrk_note);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld stages", (long long)n);
    TRY(read_stages(ctx, seen, pair, out, s, before));
    score(s, n, before, &o);
    if (n)
        qsort(s, (size_t)n, sizeof(*s), by_score);
    for (int64_t i = 0; i < n; i++)
        out->stage[i] = s[i].stage;
    for (int64_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && !strcmp(s[from].stage.pipeline, s[to].stage.pipeline);)
            to++;
        finish_pipeline(out, from, to, &o, &decision_found);
    }
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    if (o.decision && n && !decision_found)
        FAIL(VRK_EINPUT, "decision stage \"%s\": no deal has been in a stage of that name",
             o.decision);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_stages_free(out);
    return st;
}

void vrk_stages_free(vrk_stages *s)
{
    vrk_arena_free(&s->mem);
    *s = (vrk_stages){0};
}
