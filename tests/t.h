/* tests/t.h - one test program = one .c file; speaks TAP, which Meson reads. */
#ifndef T_H
#define T_H

#include <math.h>
#include <stdio.h>

static int t_bad;             /* failed checks in the running case */
static const char *t_skipped; /* why the running case could not run here, or NULL */

/* Leaves the case as skipped: what it needs (public data, a program) is not on this machine. */
#define T_SKIP(why)                                                                                \
    do {                                                                                           \
        t_skipped = (why);                                                                         \
        return;                                                                                    \
    } while (0)

#define T_OK(cond)                                                                                 \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            t_bad++;                                                                               \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);                                    \
        }                                                                                          \
    } while (0)
#define T_NEAR(got, want, rtol) T_OK(fabs((got) - (want)) <= (rtol)*fmax(1, fabs(want)))

struct t_case {
    const char *name;
    void (*run)(void);
};
#define T_CASE(f)                                                                                  \
    {                                                                                              \
#f, f                                                                                      \
    }

#define T_MAIN(...)                                                                                \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct t_case all[] = {__VA_ARGS__};                                                 \
        int n = (int)(sizeof(all) / sizeof(all[0])), failed = 0;                                   \
        setvbuf(stdout, NULL, _IOLBF, 0); /* a crash must not eat what was said */                 \
        printf("1..%d\n", n);                                                                      \
        for (int i = 0; i < n; i++) {                                                              \
            t_bad = 0;                                                                             \
            t_skipped = NULL;                                                                      \
            all[i].run();                                                                          \
            failed += t_bad > 0;                                                                   \
            printf("%sok %d - %s%s%s\n", t_bad ? "not " : "", i + 1, all[i].name,                  \
                   t_skipped ? " # SKIP " : "", t_skipped ? t_skipped : "");                       \
        }                                                                                          \
        return failed > 0;                                                                         \
    }

#endif
