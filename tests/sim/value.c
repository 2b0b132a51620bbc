/* What changes are truly worth, held against what each kind of world was made to answer. */
#include "tests/sim/world.h"

#include <jansson.h>

typedef struct {
    double mean, se;
} estimate;

static json_t *truth_with_value(vrk_sim_kind kind, int64_t n, t_world *w)
{
    char path[128];
    json_error_t error;
    *w = t_world_of((vrk_sim_opt){.kind = kind, .seed = 31, .replications = n});
    snprintf(path, sizeof(path), "%s.truth.json", w->dir);
    json_t *truth = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    T_OK(truth != NULL);
    return truth;
}

static estimate value_of(json_t *truth, const char *change)
{
    json_t *v = change ? json_object_get(json_object_get(truth, "value"), change)
                       : json_object_get(truth, "present_course");
    T_OK(json_is_number(json_object_get(v, "mean")));
    return (estimate){json_number_value(json_object_get(v, "mean")),
                      json_number_value(json_object_get(v, "se"))};
}

static const char *const fixes[] = {"fix:prospecting", "fix:qualification", "fix:decision_steering",
                                    "fix:objection_handling", "fix:next_step"};

/* Money won in the last 52 weeks of the history. */
static double won_last_year(t_world *w)
{
    t_table d = t_read(w, "deals");
    double sum = 0;
    for (int64_t i = 0; i < d.rows; i++) {
        bool late = t_minute(t_at(&d, i, t_col(&d, "closed_at"))) >=
                    (vrk_day_of((vrk_date){2026, 11, 23}) - 364) * 1440;
        if (late && !strcmp(t_at(&d, i, t_col(&d, "outcome")), "won"))
            sum += atof(t_at(&d, i, t_col(&d, "amount")));
    }
    return sum;
}

static void mixed_gains_from_fixes_and_little_from_tempo(void)
{
    t_world w;
    json_t *truth = truth_with_value(VRK_SIM_MIXED, 60, &w);
    estimate now = value_of(truth, NULL), tempo = value_of(truth, "activity+20%");
    double last = won_last_year(&w), best = 0;

    T_OK(now.mean > 0.7 * last && now.mean < 1.4 * last);
    T_OK(tempo.mean < 0.04 * now.mean && tempo.mean > -3 * tempo.se);
    for (size_t i = 0; i < sizeof(fixes) / sizeof(*fixes); i++) {
        estimate v = value_of(truth, fixes[i]);
        T_OK(v.mean > 3 * v.se);         /* each moment has faults in a world of 24 sellers */
        T_OK(v.se > 0 && v.se < now.se); /* common random numbers */
        best = v.mean > best ? v.mean : best;
    }
    estimate swap =
        value_of(truth, "redeploy"); /* who falls short in complex deals alone is there */
    T_OK(swap.mean > 2 * swap.se && swap.se < now.se && swap.mean < best);
    T_OK(best > 2 * tempo.mean);
    json_decref(truth);
    t_world_free(&w);
}

static void activity_gains_from_tempo_and_nothing_from_fixes(void)
{
    t_world w;
    json_t *truth = truth_with_value(VRK_SIM_ACTIVITY, 30, &w);
    estimate now = value_of(truth, NULL), tempo = value_of(truth, "activity+20%");
    T_OK(tempo.mean > 0.08 * now.mean && tempo.mean > 10 * tempo.se);
    for (size_t i = 0; i < sizeof(fixes) / sizeof(*fixes); i++)
        T_OK(value_of(truth, fixes[i]).mean == 0);
    json_decref(truth);
    t_world_free(&w);
}

static void null_has_nothing_to_fix(void)
{
    t_world w;
    json_t *truth = truth_with_value(VRK_SIM_NULL, 5, &w);
    for (size_t i = 0; i < sizeof(fixes) / sizeof(*fixes); i++) {
        estimate v = value_of(truth, fixes[i]);
        T_OK(v.mean == 0 && v.se == 0);
    }
    json_decref(truth);
    t_world_free(&w);
}

static void process_gains_most_where_its_teams_fail(void)
{
    t_world w;
    json_t *truth = truth_with_value(VRK_SIM_PROCESS, 30, &w);
    estimate steering = value_of(truth, "fix:decision_steering");
    T_OK(steering.mean > 10 * steering.se);
    for (size_t i = 0; i < sizeof(fixes) / sizeof(*fixes); i++)
        T_OK(i == 2 || value_of(truth, fixes[i]).mean < 0.5 * steering.mean);
    json_decref(truth);
    t_world_free(&w);
}

/* One future gives a mean but no standard error. */
static void says_null_where_one_future_has_no_error(void)
{
    t_world w;
    json_t *truth = truth_with_value(VRK_SIM_LOGGING, 1, &w);
    json_t *v = json_object_get(json_object_get(truth, "value"), "activity+20%");
    T_OK(json_is_null(json_object_get(v, "se")));
    T_OK(json_integer_value(json_object_get(truth, "replications")) == 1);
    json_decref(truth);
    t_world_free(&w);
}

T_MAIN(T_CASE(mixed_gains_from_fixes_and_little_from_tempo),
       T_CASE(activity_gains_from_tempo_and_nothing_from_fixes), T_CASE(null_has_nothing_to_fix),
       T_CASE(process_gains_most_where_its_teams_fail),
       T_CASE(says_null_where_one_future_has_no_error))
