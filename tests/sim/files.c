/* What the files of a world must hold to be an organisation's: keys that meet, events in order,
 * calendars that know the holidays. */
#include "tests/sim/world.h"

static t_world world;

static void times_are_in_order_and_agree_with_the_deal(void)
{
    t_table e = t_read(&world, "stage_events"), d = t_read(&world, "deals");
    t_entry *deal = t_sorted(&world, &d, "deal_id");
    int64_t id = t_col(&e, "deal_id"), at = t_col(&e, "entered_at"), kind = t_col(&e, "kind");
    int64_t stage = t_col(&e, "stage"), created = t_col(&d, "created_at");
    int64_t closed = t_col(&d, "closed_at"), outcome = t_col(&d, "outcome");
    int64_t now = t_col(&d, "stage"), seen[2] = {0};
    int64_t *last = VRK_NEW(&world.mem, d.rows, int64_t),
            *row = VRK_NEW(&world.mem, d.rows, int64_t);

    for (int64_t i = 0; i < e.rows; i++) {
        int64_t k = t_find(deal, d.rows, t_at(&e, i, id)), t = t_minute(t_at(&e, i, at));
        T_OK(k >= 0 && t > 0);
        if (last[k] == 0)
            T_OK(!strcmp(t_at(&e, i, at), t_at(&d, k, created)));
        T_OK(t > last[k]);
        last[k] = t;
        row[k] = i;
        seen[0] += !strcmp(t_at(&e, i, kind), "reopened");
        seen[1] += !strcmp(t_at(&e, i, kind), "back");
    }
    T_OK(seen[0] > 5 && seen[1] > 5);
    for (int64_t k = 0; k < d.rows; k++) {
        bool open = !strcmp(t_at(&d, k, outcome), "open");
        T_OK(last[k] > 0);
        T_OK(!strcmp(t_at(&d, k, now), t_at(&e, row[k], stage)));
        T_OK(open ? !*t_at(&d, k, closed) : !strcmp(t_at(&d, k, closed), t_at(&e, row[k], at)));
        T_OK(open || !strcmp(t_at(&d, k, outcome), t_at(&e, row[k], kind)));
    }
}

/* Every value of a column that is not empty is a key of the other table. */
static void meets(const char *table, const char *column, const char *other, const char *key)
{
    t_table a = t_read(&world, table), b = t_read(&world, other);
    t_entry *keys = t_sorted(&world, &b, key);
    int64_t c = t_col(&a, column), lost = 0;
    for (int64_t i = 0; i < a.rows; i++)
        lost += *t_at(&a, i, c) && t_find(keys, b.rows, t_at(&a, i, c)) < 0;
    T_OK(a.rows > 0 && lost == 0);
    if (lost)
        printf("# %s.%s: %lld\n", table, column, (long long)lost);
}

static void references_meet(void)
{
    static const char *const deal[] = {"stage_events", "owner_changes", "close_date_changes",
                                       "activities",   "next_steps",    "contact_roles",
                                       "moments"};
    static const char *const seller[] = {"deals",    "activities", "next_steps", "owner_changes",
                                         "calendar", "moments",    "targets",    "interventions"};
    for (size_t i = 0; i < sizeof(deal) / sizeof(*deal); i++)
        meets(deal[i], "deal_id", "deals", "deal_id");
    for (size_t i = 0; i < sizeof(seller) / sizeof(*seller); i++)
        meets(seller[i], "seller_id", "sellers", "seller_id");
    meets("sellers", "team_id", "teams", "team_id");
    meets("deals", "account_id", "accounts", "account_id");
    meets("activities", "account_id", "accounts", "account_id");
}

static void keys_are_keys(void)
{
    static const char *const key[][2] = {{"deals", "deal_id"},
                                         {"activities", "activity_id"},
                                         {"next_steps", "step_id"},
                                         {"calendar", "event_id"},
                                         {"sellers", "seller_id"},
                                         {"teams", "team_id"},
                                         {"accounts", "account_id"},
                                         {"candidates", "candidate_id"},
                                         {"interventions", "intervention_id"}};
    for (size_t i = 0; i < sizeof(key) / sizeof(*key); i++) {
        t_table t = t_read(&world, key[i][0]);
        t_entry *e = t_sorted(&world, &t, key[i][1]);
        int64_t twice = 0, longest = 0;
        for (int64_t k = 0; k < t.rows; k++) {
            twice += k > 0 && !strcmp(e[k].id, e[k - 1].id);
            longest = (int64_t)strlen(e[k].id) > longest ? (int64_t)strlen(e[k].id) : longest;
        }
        T_OK(t.rows > 0 && twice == 0 && longest <= 12);
    }
}

/* Meetings and load fall on days on which people work; whole days away are absence. */
static void calendars_know_holidays_and_absence(void)
{
    t_table c = t_read(&world, "calendar");
    int64_t from = t_col(&c, "starts_at"), to = t_col(&c, "ends_at"), what = t_col(&c, "category");
    int64_t who = t_col(&c, "seller_id"), bad = 0, away_days = 0, first = INT64_MAX, last = 0;
    static bool away[25][366 * 3];
    memset(away, 0, sizeof(away));
    for (int64_t i = 0; i < c.rows; i++)
        first =
            t_minute(t_at(&c, i, from)) / 1440 < first ? t_minute(t_at(&c, i, from)) / 1440 : first;
    for (int64_t i = 0; i < c.rows; i++) {
        int64_t a = t_minute(t_at(&c, i, from)), b = t_minute(t_at(&c, i, to));
        bad += a < 0 || b <= a;
        if (strcmp(t_at(&c, i, what), "absence") != 0)
            continue;
        bad += a % 1440 != 0 || b % 1440 != 0;
        for (int64_t day = a / 1440; day < b / 1440; day++, away_days++)
            away[t_number(t_at(&c, i, who))][day - first] = true;
    }
    for (int64_t i = 0; i < c.rows; i++) {
        int64_t day = t_minute(t_at(&c, i, from)) / 1440;
        last = day > last ? day : last;
        if (strcmp(t_at(&c, i, what), "absence") == 0)
            continue;
        bad += vrk_weekday(day) > 5 || vrk_holiday_se(day);
        bad += away[t_number(t_at(&c, i, who))][day - first];
    }
    T_OK(bad == 0);
    T_OK(away_days > 24 * 40 && away_days < 24 * 80); /* 24 sellers, two years */
    T_OK(first == vrk_monday(first) && last - first < 104 * 7);
}

static void nobody_works_on_christmas_day_or_sundays(void)
{
    t_table a = t_read(&world, "activities");
    int64_t at = t_col(&a, "started_at"), outcome = t_col(&a, "outcome"), bad = 0, planned = 0;
    int64_t end = vrk_day_of((vrk_date){2026, 11, 23}) * 1440;
    for (int64_t i = 0; i < a.rows; i++) {
        int64_t t = t_minute(t_at(&a, i, at));
        bool later = !strcmp(t_at(&a, i, outcome), "planned");
        bad += vrk_weekday(t / 1440) > 5 || vrk_holiday_se(t / 1440);
        bad += later ? t < end : t >= end; /* what is planned is all that is later */
        planned += later;
    }
    T_OK(bad == 0 && planned > 0);
}

/* The figures that make a world an organisation: a week's work, a deal's odds and length. */
static void keeps_to_realistic_figures(void)
{
    t_table d = t_read(&world, "deals"), a = t_read(&world, "activities");
    int64_t outcome = t_col(&d, "outcome"), created = t_col(&d, "created_at");
    int64_t closed = t_col(&d, "closed_at"), won = 0, lost = 0, shorter = 0, longer = 0;
    for (int64_t k = 0; k < d.rows; k++) {
        int64_t min = t_minute(t_at(&d, k, closed)) - t_minute(t_at(&d, k, created));
        lost += !strcmp(t_at(&d, k, outcome), "lost");
        if (strcmp(t_at(&d, k, outcome), "won") != 0)
            continue;
        won++;
        shorter += min < 6 * 7 * 1440;
        longer += min > 16 * 7 * 1440;
    }
    double rate = (double)won / (double)(won + lost);
    T_OK(rate > 0.15 && rate < 0.35);
    T_OK(shorter * 2 < won && longer * 2 < won); /* median within 6 to 16 weeks */
    double per_week = (double)a.rows / (24. * 104);
    T_OK(per_week > 25 && per_week < 80);
}

static void make(void)
{
    world = t_world_of((vrk_sim_opt){.seed = 5});
}

static void clean(void)
{
    t_world_free(&world);
}

T_MAIN(T_CASE(make), T_CASE(times_are_in_order_and_agree_with_the_deal), T_CASE(references_meet),
       T_CASE(keys_are_keys), T_CASE(calendars_know_holidays_and_absence),
       T_CASE(nobody_works_on_christmas_day_or_sundays), T_CASE(keeps_to_realistic_figures),
       T_CASE(clean))
