/* bench/ledger.c - seconds of each statement of the ledger, on the clock and of the processors, and
 * the peak memory: ledger FOLDER TEMP [THREADS], where FOLDER has one <table>.parquet for each fact
 * table and TEMP is a folder for what does not fit in memory. */
#include "diag/ledger.h"
#include "base/str.h"
#include "base/sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

static double peak_gib(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / (1 << 20);
}

typedef struct {
    char what[64];
    double since, cpu_since;
} clock_of;

static int on_tick(void *arg, const char *what, double done)
{
    clock_of *c = arg;
    (void)done;
    if (strcmp(c->what, what)) {
        double t = now(), used = cpu();
        if (*c->what)
            printf("%-28s %6.2f s  %6.2f s CPU  %5.2f GiB\n", c->what, t - c->since,
                   used - c->cpu_since, peak_gib());
        fflush(stdout);
        snprintf(c->what, sizeof(c->what), "%s", what);
        c->since = t;
        c->cpu_since = used;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const table[] = {"accounts", "activities",    "assessments",
                                        "calendar", "candidates",    "close_date_changes",
                                        "deals",    "contact_roles", "interventions",
                                        "moments",  "next_steps",    "owner_changes",
                                        "sellers",  "stage_events",  "targets",
                                        "teams"};
    clock_of c = {.what = ""};
    vrk_ctx ctx = {.tick = on_tick, .arg = &c};
    vrk_part part[sizeof(table) / sizeof(table[0])];
    int64_t parts = 0;
    vrk_facts *facts = NULL;
    vrk_ledger_info info = {0};

    if (argc < 3)
        return fprintf(stderr, "usage: ledger FOLDER TEMP [THREADS]\n"), 2;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        char *path = vrk_text_f(&ctx.scratch, "%s/%s.parquet", argv[1], table[i]);
        if (path && access(path, R_OK) == 0)
            part[parts++] = (vrk_part){table[i], path};
    }
    double start = now();
    vrk_facts_opt opt = {
        .part = part, .parts = parts, .threads = argc > 3 ? atoi(argv[3]) : 0, .temp = argv[2]};
    vrk_status st = vrk_facts_open_duckdb(&ctx, &opt, &facts);
    if (st == VRK_OK)
        st = vrk_ledger_build(&ctx, facts, &(vrk_ledger_opt){.unread = true}, &info);
    if (st != VRK_OK) {
        fprintf(stderr, "%s\n", ctx.message);
    } else {
        (void)on_tick(&c, "end", 0);
        printf("total %.2f s, %.2f s CPU, %.2f GiB at most\n", now() - start, cpu(), peak_gib());
    }
    vrk_ledger_info_free(&info);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
    return st != VRK_OK;
}
