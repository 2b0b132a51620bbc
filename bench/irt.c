/* bench/irt - how long the models of 60 items take on one thread, fit alone: 2PL and graded
 * response, 2,000 and 50,000 persons, 61 points. Reads what peers/irt_gen.py writes (numpy's own
 * generator): FILE has a heading and one digit an item. Prints seconds (best of 3), passes over the
 * data and the log-likelihood; mirt 1.41's on the same data in the comments of doc/irt.md.
 *   bench_irt 2pl|grm FILE */
#include "stat/irt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 3 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A digit each, a comma or end of line after it. */
static int8_t *read_answers(const char *path, int64_t *n, int64_t *items)
{
    char head[4096];
    FILE *f = fopen(path, "rb");
    if (!f || !fgets(head, sizeof(head), f))
        exit(2);
    *items = 1;
    for (const char *c = head; *c; c++)
        *items += *c == ',';
    long start = ftell(f);
    fseek(f, 0, SEEK_END);
    size_t size = (size_t)(ftell(f) - start), row = 2 * (size_t)*items;
    fseek(f, start, SEEK_SET);
    char *text = malloc(size);
    int8_t *x = malloc(size);
    if (!text || !x || fread(text, 1, size, f) != size)
        exit(2);
    fclose(f);
    *n = (int64_t)(size / row);
    for (int64_t i = 0; i < *n; i++) {
        for (int64_t j = 0; j < *items; j++)
            x[i + j * *n] = (int8_t)(text[(size_t)i * row + 2 * (size_t)j] - '0');
    }
    free(text);
    return x;
}

int main(int argc, char **argv)
{
    vrk_ctx ctx = {.threads = 1};
    vrk_answers d = {0};
    double best = 1e9;
    if (argc < 3)
        return 2;
    d.x = read_answers(argv[2], &d.persons, &d.items);
    vrk_irt_opt o = {.no_errors = true};
    o.family = strcmp(argv[1], "grm") ? VRK_IRT_ADJACENT : VRK_IRT_GRADED;
    for (int i = 0; i < RUNS; i++) {
        vrk_irt f;
        double start = now();
        if (vrk_irt_fit(&ctx, &d, &o, &f) != VRK_OK) {
            fprintf(stderr, "%s\n", ctx.message);
            return 1;
        }
        double took = now() - start;
        best = took < best ? took : best;
        if (i == RUNS - 1)
            printf("%s %" PRId64 " x %" PRId64 ": %.3f s, ll %.4f, %" PRId64
                   " passes, %d steps, stop %d, gradient %.1e\n",
                   argv[1], d.persons, d.items, best, f.ll, f.evaluations, f.iterations, f.stop,
                   f.gradient);
        vrk_irt_free(&f);
    }
    vrk_arena_free(&ctx.scratch);
    return 0;
}
