#include "diag/ledger.h"

#include "base/date.h"
#include "base/str.h"
#include "sql.h"

#include <math.h>
#include <string.h>

enum { DAY_S = 86400, CLEANUP_MIN = 10, STAGE_SAMPLE = 50000 };

/* Older times are left out as the start of the history would: they are typing errors. */
static const int64_t longest_s = (int64_t)20 * 366 * DAY_S;

/* Made in this order, before and after what C must know in between. */
static const vrk_sql deals[] = {VRK_SQL_DEAL_NO, VRK_SQL_STAGE_FIRST};
static const vrk_sql steps[] = {VRK_SQL_CYCLE_CLASS, VRK_SQL_SITUATION, VRK_SQL_DEAL,
                                VRK_SQL_EVENT,       VRK_SQL_STEP,      VRK_SQL_OWNER_SPELL};
static const vrk_sql visits[] = {VRK_SQL_SPELL, VRK_SQL_VISIT,    VRK_SQL_DEAL_GAP,
                                 VRK_SQL_STAY,  VRK_SQL_RISK_DAY, VRK_SQL_OCCUPATION_DAY};
static const vrk_sql weeks[] = {VRK_SQL_TENURE,        VRK_SQL_ACCOUNT_OPEN, VRK_SQL_ACTIVITY_WEEK,
                                VRK_SQL_ACCOUNT_WEEK,  VRK_SQL_SELLER,       VRK_SQL_LOAD_WEEK,
                                VRK_SQL_OUTREACH_WEEK, VRK_SQL_MEETING_LOG};
static const vrk_sql moments[] = {VRK_SQL_DEAL_CONTACT,
                                  VRK_SQL_TOUCH,
                                  VRK_SQL_CLOSING,
                                  VRK_SQL_PLANNED_STEP,
                                  VRK_SQL_MOMENT_NAME,
                                  VRK_SQL_MOMENT_PROSPECTING,
                                  VRK_SQL_MOMENT_QUALIFICATION,
                                  VRK_SQL_DECISION_WEEK,
                                  VRK_SQL_MOMENT_DECISION_STEERING,
                                  VRK_SQL_OBJECTION,
                                  VRK_SQL_ANSWER,
                                  VRK_SQL_MOMENT_OBJECTION_HANDLING,
                                  VRK_SQL_MOMENT_NEXT_STEP,
                                  VRK_SQL_OCCASION};
static const vrk_sql cells[] = {
    VRK_SQL_LEDGER,       VRK_SQL_MOMENT_CELL,        VRK_SQL_DONE_CELL, VRK_SQL_OUTREACH_CELL,
    VRK_SQL_SUCCESS_CELL, VRK_SQL_QUALIFICATION_CELL, VRK_SQL_AUDIT_CELL};

/* What no answer reads, for those who ask: exposure for models outside, and a base rate. */
static const vrk_sql exposure[] = {VRK_SQL_EXPOSURE_CELL};
static const vrk_sql base_rate[] = {VRK_SQL_OBJECTION_BASE};

/* Working tables, dropped as soon as nothing needs them: they would fill the memory. */
static const vrk_sql after_steps[] = {VRK_SQL_STAGE_FIRST, VRK_SQL_EVENT};
static const vrk_sql after_moments[] = {
    VRK_SQL_TOUCH,         VRK_SQL_CLOSING, VRK_SQL_ACCOUNT_OPEN,  VRK_SQL_ACCOUNT_WEEK,
    VRK_SQL_ACTIVITY_WEEK, VRK_SQL_TENURE,  VRK_SQL_DECISION_WEEK, VRK_SQL_OBJECTION,
    VRK_SQL_ANSWER,        VRK_SQL_STAY,    VRK_SQL_STEP,          VRK_SQL_SPELL};
static const vrk_sql after_cells[] = {VRK_SQL_OCCASION,
                                      VRK_SQL_PLANNED_STEP,
                                      VRK_SQL_MOMENT_PROSPECTING,
                                      VRK_SQL_MOMENT_DECISION_STEERING,
                                      VRK_SQL_MOMENT_OBJECTION_HANDLING,
                                      VRK_SQL_MOMENT_NEXT_STEP};

#define COUNT(list) ((int64_t)(sizeof(list) / sizeof((list)[0])))

typedef struct {
    vrk_facts *facts;
    const vrk_ledger_opt *opt;
    vrk_ledger_info *info;
    int64_t stage_sample;
} build;

double vrk_poisson_tail(int64_t n, double mean)
{
    if (n <= 0)
        return 1;
    if (mean <= 0)
        return 0;
    double term = exp((double)n * log(mean) - mean - lgamma((double)n + 1)), sum = 0;
    for (int64_t k = n; term > 0; k++) {
        sum += term;
        if ((double)k > mean && term < sum * 1e-16)
            break;
        term *= mean / (double)(k + 1);
    }
    return fmin(sum, 1);
}

static vrk_status make(vrk_ctx *ctx, build *b, const vrk_sql *list, int64_t n)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    for (int64_t i = 0; i < n; i++) {
        const char *file = vrk_embed_sql[list[i]].name;
        char *name = vrk_text_copy_n(&ctx->scratch, file, strcspn(file, "."));
        if (!name)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(vrk_tick(ctx, name, 0, 0));
        TRY(vrk_facts_make(ctx, b->facts, name, vrk_embed_sql[list[i]].bytes));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status drop(vrk_ctx *ctx, build *b, const vrk_sql *list, int64_t n)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    for (int64_t i = 0; i < n && !b->opt->keep_working; i++) {
        const char *file = vrk_embed_sql[list[i]].name;
        char *sql = vrk_text_f(&ctx->scratch, "DROP TABLE %.*s", (int)strcspn(file, "."), file);
        if (!sql)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(vrk_facts_query(ctx, b->facts, sql, NULL, 0, NULL));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status query(vrk_ctx *ctx, build *b, vrk_sql id, vrk_frame *out)
{
    return vrk_facts_query(ctx, b->facts, vrk_embed_sql[id].bytes, NULL, 0, out);
}

/* The value of a one-row answer, `otherwise` where it is null or there is no row. */
static int64_t value(const vrk_frame *f, const char *column, int64_t otherwise)
{
    const vrk_column *c = vrk_frame_column(f, column);
    return f->rows && c && !c->null[0] ? c->i[0] : otherwise;
}

static void note(vrk_ledger_info *info, const char *text, const char *a, const char *b)
{
    if (info->notes < (int64_t)(sizeof(info->note) / sizeof(info->note[0])))
        info->note[info->notes++] = (vrk_note){text, {a, b, NULL}};
}

static const char *day_text(vrk_arena *mem, int64_t s)
{
    char text[11];
    vrk_day_text((s - (s % DAY_S + DAY_S) % DAY_S) / DAY_S, text);
    return vrk_text_copy(mem, text);
}

typedef struct {
    const char *name;
    int64_t value;
} setting;

static vrk_status put_row(vrk_ctx *ctx, build *b, const char *table, const setting *s, int64_t n)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const char **names = VRK_NEW(&ctx->scratch, n, const char *);
    vrk_type *types = VRK_NEW(&ctx->scratch, n, vrk_type);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < n; i++) {
        names[i] = s[i].name;
        types[i] = VRK_INT;
    }
    TRY(vrk_frame_init(ctx, names, types, n, 1, &f));
    for (int64_t i = 0; i < n; i++)
        vrk_frame_set_int(&f, i, 0, s[i].value);
    TRY(vrk_facts_put(ctx, b->facts, table, &f));
done:
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static int64_t day_of(int64_t s)
{
    return (s - (s % DAY_S + DAY_S) % DAY_S) / DAY_S;
}

static vrk_status put_parameter(vrk_ctx *ctx, build *b)
{
    const vrk_ledger_info *i = b->info;
    int64_t floor_s = i->as_of_s - longest_s;
    const setting s[] = {{"as_of_s", i->as_of_s},
                         {"history_s", i->history_s > floor_s ? i->history_s : floor_s},
                         {"from_day", day_of(i->from_s)},
                         {"to_day", day_of(i->as_of_s)},
                         {"reopen_s", i->reopen_s},
                         {"stage_sample", b->stage_sample},
                         {"cleanup_min", CLEANUP_MIN},
                         {"prospecting_min", 4},
                         {"prequalify_days", 30},
                         {"grace_days", 2},
                         {"objection_days", 7},
                         {"keep_days", 14},
                         {"step_days", 2},
                         {"late_days", 3},
                         {"closing_days", 2},
                         {"cycle_short_days", 30},
                         {"cycle_long_days", 90},
                         {"off_days", 3},
                         {"week_days", 3},
                         {"gone_days", 28},
                         {"full_week_min", 2400}};
    return put_row(ctx, b, "parameter", s, COUNT(s));
}

static bool is_holiday(const vrk_ledger_opt *opt, int64_t day)
{
    for (int64_t i = 0; i < opt->holidays; i++) {
        if (opt->holiday[i] == day)
            return true;
    }
    return !opt->no_swedish_holidays && vrk_holiday_se(day);
}

static int64_t quarter_of(int64_t day)
{
    vrk_date d = vrk_date_of(day);
    return d.year * 10 + (d.month + 2) / 3;
}

/* From the Monday before the data to a year past them, for windows that reach further. */
static vrk_status put_days(vrk_ctx *ctx, build *b, int64_t from, int64_t to)
{
    static const char *const names[] = {"day",        "weekday",        "monday", "is_working",
                                        "is_holiday", "working_number", "quarter"};
    static const vrk_type types[COUNT(names)] = {VRK_INT};
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    int64_t number = 0;

    TRY(vrk_frame_init(ctx, names, types, COUNT(names), to - from + 1, &f));
    for (int64_t day = from; day <= to; day++) {
        bool off = is_holiday(b->opt, day), working = !off && vrk_weekday(day) <= 5;
        const int64_t v[] = {day, vrk_weekday(day),  vrk_monday(day), working,
                             off, number += working, quarter_of(day)};
        for (int64_t k = 0; k < COUNT(names); k++)
            vrk_frame_set_int(&f, k, day - from, v[k]);
    }
    TRY(vrk_facts_put(ctx, b->facts, "day", &f));
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status put_ranges(vrk_ctx *ctx, build *b, const char *table, const char *const *names,
                             const int64_t (*row)[3], int64_t n)
{
    static const vrk_type types[3] = {VRK_INT, VRK_INT, VRK_INT};
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_frame_init(ctx, names, types, 3, n, &f));
    for (int64_t i = 0; i < n; i++) {
        for (int64_t k = 0; k < 3; k++)
            vrk_frame_set_int(&f, k, i, row[i][k]);
    }
    TRY(vrk_facts_put(ctx, b->facts, table, &f));
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status put_quarters(vrk_ctx *ctx, build *b, int64_t from, int64_t to)
{
    static const char *const names[] = {"quarter", "from_s", "to_s"};
    int64_t row[4 * 24][3], n = 0;
    vrk_date d = vrk_date_of(from);
    for (int q = d.year * 4 + (d.month - 1) / 3; n < COUNT(row); q++) {
        int64_t start = vrk_day_of((vrk_date){q / 4, q % 4 * 3 + 1, 1});
        int64_t end = vrk_day_of((vrk_date){(q + 1) / 4, (q + 1) % 4 * 3 + 1, 1});
        if (start > to)
            break;
        row[n][0] = quarter_of(start);
        row[n][1] = start * DAY_S;
        row[n++][2] = end * DAY_S;
    }
    return put_ranges(ctx, b, "quarter", names, (const int64_t(*)[3])row, n);
}

static vrk_status put_calendar(vrk_ctx *ctx, build *b)
{
    static const char *const names[] = {"band", "from_day", "to_day"};
    static const int64_t band[][3] = {{0, 0, 7},   {1, 7, 14},   {2, 14, 28},   {3, 28, 56},
                                      {4, 56, 91}, {5, 91, 182}, {6, 182, 365}, {7, 365, 100000}};
    vrk_status st = VRK_OK;
    int64_t floor_s = b->info->as_of_s - longest_s;
    int64_t from = day_of(b->info->from_s > floor_s ? b->info->from_s : floor_s);
    int64_t to = day_of(b->info->as_of_s) + 366;

    TRY(put_days(ctx, b, vrk_monday(from - 31), to));
    TRY(put_quarters(ctx, b, from, to));
    TRY(put_ranges(ctx, b, "band", names, band, COUNT(band)));
done:
    return st;
}

/* The last row of `day` [rows] before a gap that only few of all `n` things lie beyond; with step
 * -1 the first row after one. `beyond` counts them. */
static int64_t before_gap(const int64_t *day, const int64_t *n, int64_t rows, int64_t step,
                          int64_t *beyond)
{
    enum { ALONE_DAYS = 180, ALONE_FEW = 2, ALONE_SHARE = 1000 };
    int64_t all = 0, sum = 0, at = step > 0 ? rows - 1 : 0;
    *beyond = 0;
    for (int64_t i = 0; i < rows; i++)
        all += n[i];
    for (int64_t i = at, k = 1; k < rows; i -= step, k++) {
        sum += n[i];
        if (2 * sum >= all || (sum > ALONE_FEW && sum > all / ALONE_SHARE))
            break;
        if (step * (day[i] - day[i - step]) >= ALONE_DAYS) {
            at = i - step;
            *beyond = sum;
        }
    }
    return at;
}

/* What the data span. Few times that nothing comes near neither end nor begin them: a year typed
 * wrong would put all else far into the past. */
static vrk_status find_ends(vrk_ctx *ctx, build *b)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_ledger_info *info = b->info;
    int64_t early, late;

    info->as_of_s = b->opt->as_of_s;
    TRY(query(ctx, b, VRK_SQL_DATA_DAYS, &f));
    if (!f.rows)
        goto done;
    const int64_t *day = vrk_frame_column(&f, "day")->i, *n = vrk_frame_column(&f, "n")->i;
    int64_t last = before_gap(day, n, f.rows, 1, &late);
    int64_t first = before_gap(day, n, f.rows, -1, &early);
    info->from_s = vrk_frame_column(&f, "from_s")->i[first];
    if (!info->as_of_s) {
        info->as_of_s = vrk_frame_column(&f, "to_s")->i[last];
        if (late)
            note(info,
                 "Times later than %1, after half a year of nothing: %2. They look misdated, and "
                 "the data end on %1. If they are right, say so with --as-of",
                 day_text(&info->mem, info->as_of_s),
                 vrk_text_f(&info->mem, "%lld", (long long)late));
    }
    if (early)
        note(info, "Times earlier than %1, before half a year of nothing: %2. The data begin on %1",
             day_text(&info->mem, info->from_s), vrk_text_f(&info->mem, "%lld", (long long)early));
    if (info->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    vrk_frame_free(&f);
    return st;
}

/* And how many deals are to be looked at for the order of stages. */
static vrk_status find_range(vrk_ctx *ctx, build *b)
{
    vrk_status st = VRK_OK;
    vrk_frame n = {0};
    TRY(vrk_facts_query(ctx, b->facts, "SELECT count(*) AS n FROM deals", NULL, 0, &n));
    b->info->history_s = b->opt->history_s;
    b->stage_sample = 1 + value(&n, "n", 0) / STAGE_SAMPLE;
    TRY(find_ends(ctx, b));
done:
    vrk_frame_free(&n);
    return st;
}

static vrk_status put_stages(vrk_ctx *ctx, build *b)
{
    static const char *const names[] = {"stage",    "pipeline", "name",
                                        "position", "is_first", "is_decision"};
    static const vrk_type types[] = {VRK_INT, VRK_TEXT, VRK_TEXT, VRK_INT, VRK_INT, VRK_INT};
    vrk_status st = VRK_OK;
    vrk_frame seen = {0}, pair = {0}, f = {0};
    vrk_stages *s = &b->info->stages;

    TRY(query(ctx, b, VRK_SQL_STAGE_SEEN, &seen));
    TRY(query(ctx, b, VRK_SQL_STAGE_PAIR, &pair));
    TRY(vrk_stages_infer(ctx, &seen, &pair, &b->opt->stages, s));
    TRY(vrk_frame_init(ctx, names, types, COUNT(names), s->n, &f));
    for (int64_t i = 0; i < s->n; i++) {
        vrk_frame_set_int(&f, 0, i, i + 1);
        vrk_frame_set_text(&f, 1, i, s->stage[i].pipeline);
        vrk_frame_set_text(&f, 2, i, s->stage[i].name);
        vrk_frame_set_int(&f, 3, i, s->stage[i].position);
        vrk_frame_set_int(&f, 4, i, s->stage[i].first);
        vrk_frame_set_int(&f, 5, i, s->stage[i].decision);
    }
    if (f.mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_facts_put(ctx, b->facts, "stage", &f));
done:
    vrk_frame_free(&seen);
    vrk_frame_free(&pair);
    vrk_frame_free(&f);
    return st;
}

/* A date that was mistyped, or a deal that was entered afterwards. */
static vrk_status note_closed_first(vrk_ctx *ctx, build *b)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(query(ctx, b, VRK_SQL_CLOSED_FIRST, &f));
    int64_t n = value(&f, "n", 0);
    if (n)
        note(b->info,
             "Deals that were closed on a day before they were created: %1. They count as closed "
             "when they were created",
             vrk_text_f(&b->info->mem, "%lld", (long long)n), NULL);
done:
    vrk_frame_free(&f);
    return st;
}

/* One deal that is most of the money: all that is said in money rests on it. */
static vrk_status note_largest(vrk_ctx *ctx, build *b)
{
    enum { ENOUGH = 10 };
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(query(ctx, b, VRK_SQL_LARGEST_WON, &f));
    double share = (double)value(&f, "largest", 0) / (double)value(&f, "amount", 1);
    if (value(&f, "won", 0) >= ENOUGH && share >= 0.5)
        note(
            b->info,
            "One deal, %1, is %2 percent of all that was won: if its amount is mistyped, so is all "
            "that is said in money",
            vrk_text_copy(&b->info->mem, vrk_frame_column(&f, "deal_id")->s[0]),
            vrk_text_f(&b->info->mem, "%.0f", 100 * share));
done:
    vrk_frame_free(&f);
    return st;
}

/* Many deals that began before anything closed: those that closed early were left out. Starting the
 * clock of risk at the first closing is right either way (METHODS 1.3). */
static vrk_status find_history(vrk_ctx *ctx, build *b)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_ledger_info *info = b->info;
    if (info->history_s)
        return VRK_OK;
    TRY(query(ctx, b, VRK_SQL_HISTORY_START, &f));
    int64_t before = value(&f, "before", 0), n = value(&f, "deals", 0);
    if (before >= 50 && 20 * before > n) {
        info->history_s = value(&f, "closed_s", 0);
        note(info,
             "No deal closes before %1 although %2 deals began earlier: deals that closed before "
             "that day may have been left out. Time at risk is counted from then on",
             day_text(&info->mem, info->history_s),
             vrk_text_f(&info->mem, "%lld", (long long)before));
    }
    if (info->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    vrk_frame_free(&f);
    return st;
}

/* Mean losses on a day on which the user loses deals, drawn towards the organisation's by the
 * weight of one day, so that a user's only such day has something to be compared with. */
static bool is_cleanup(const vrk_frame *f, int64_t row, double organisation)
{
    double n = (double)vrk_frame_column(f, "other_n")->i[row];
    double days = (double)vrk_frame_column(f, "other_days")->i[row];
    return vrk_poisson_tail(vrk_frame_column(f, "n")->i[row], (n + organisation) / (days + 1)) <
           1e-4;
}

static vrk_status put_cleanups(vrk_ctx *ctx, build *b)
{
    static const char *const names[] = {"user_key", "day"};
    static const vrk_type types[] = {VRK_INT, VRK_INT};
    vrk_status st = VRK_OK;
    vrk_frame burst = {0}, f = {0};
    vrk_mark mark = vrk_mark_of(&ctx->scratch);

    TRY(query(ctx, b, VRK_SQL_LOSS_BURST, &burst));
    bool *hit = VRK_NEW(&ctx->scratch, burst.rows, bool);
    if (!hit)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < burst.rows; i++) {
        double days = (double)vrk_frame_column(&burst, "all_days")->i[i];
        hit[i] = is_cleanup(&burst, i, (double)vrk_frame_column(&burst, "all_n")->i[i] / days);
        b->info->cleanup_days += hit[i];
        b->info->cleanup_deals += hit[i] ? vrk_frame_column(&burst, "n")->i[i] : 0;
    }
    TRY(vrk_frame_init(ctx, names, types, 2, b->info->cleanup_days, &f));
    for (int64_t i = 0, k = 0; i < burst.rows; i++) {
        if (!hit[i])
            continue;
        vrk_frame_set_int(&f, 0, k, vrk_frame_column(&burst, "user_key")->i[i]);
        vrk_frame_set_int(&f, 1, k++, vrk_frame_column(&burst, "day")->i[i]);
    }
    TRY(vrk_facts_put(ctx, b->facts, "cleanup_day", &f));
    if (b->info->cleanup_days)
        note(b->info,
             "%1 losses on %2 days look like clean-ups (many at once, far above the user's own "
             "rate): "
             "they are shown apart and do not count as decisions of customers",
             vrk_text_f(&b->info->mem, "%lld", (long long)b->info->cleanup_deals),
             vrk_text_f(&b->info->mem, "%lld", (long long)b->info->cleanup_days));
    if (b->info->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    vrk_frame_free(&burst);
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status find_reopening(vrk_ctx *ctx, build *b)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(query(ctx, b, VRK_SQL_REOPEN_LAG, &f));
    b->info->reopen_s = value(&f, "lag_s", 0);
    b->info->reopenings = value(&f, "n", 0);
    TRY(put_parameter(ctx, b));
done:
    vrk_frame_free(&f);
    return st;
}

/* One scale for all sellers: mean and SD over the organisation's working weeks. */
static vrk_status put_load_scale(vrk_ctx *ctx, build *b)
{
    static const char *const names[] = {"mean_min", "sd_min"};
    static const vrk_type types[] = {VRK_DOUBLE, VRK_DOUBLE};
    vrk_status st = VRK_OK;
    vrk_frame sums = {0}, f = {0};
    TRY(query(ctx, b, VRK_SQL_LOAD_SUMS, &sums));
    double n = (double)value(&sums, "n", 0), m = (double)value(&sums, "m", 0);
    if (n > 1) {
        b->info->load_mean_min = m / n;
        b->info->load_sd_min = sqrt(fmax(((double)value(&sums, "mm", 0) - m * m / n) / (n - 1), 0));
    }
    TRY(vrk_frame_init(ctx, names, types, 2, 1, &f));
    vrk_frame_set_double(&f, 0, 0, b->info->load_mean_min);
    vrk_frame_set_double(&f, 1, 0, b->info->load_sd_min);
    TRY(vrk_facts_put(ctx, b->facts, "load_scale", &f));
done:
    vrk_frame_free(&sums);
    vrk_frame_free(&f);
    return st;
}

static vrk_status run(vrk_ctx *ctx, build *b)
{
    vrk_status st = VRK_OK;
    TRY(find_range(ctx, b));
    TRY(put_parameter(ctx, b));
    TRY(put_calendar(ctx, b));
    TRY(make(ctx, b, deals, COUNT(deals)));
    TRY(put_stages(ctx, b));
    TRY(find_history(ctx, b));
    TRY(put_parameter(ctx, b));
    TRY(make(ctx, b, steps, COUNT(steps)));
    TRY(note_closed_first(ctx, b));
    TRY(note_largest(ctx, b));
    TRY(drop(ctx, b, after_steps, COUNT(after_steps)));
    TRY(put_cleanups(ctx, b));
    TRY(find_reopening(ctx, b));
    TRY(make(ctx, b, visits, COUNT(visits)));
    if (b->opt->unread)
        TRY(make(ctx, b, exposure, COUNT(exposure)));
    TRY(make(ctx, b, weeks, COUNT(weeks)));
    TRY(put_load_scale(ctx, b));
    if (b->opt->visits_only)
        goto done;
    TRY(make(ctx, b, moments, COUNT(moments)));
    if (b->opt->unread)
        TRY(make(ctx, b, base_rate, COUNT(base_rate)));
    TRY(drop(ctx, b, after_moments, COUNT(after_moments)));
    TRY(make(ctx, b, cells, COUNT(cells)));
    TRY(drop(ctx, b, after_cells, COUNT(after_cells)));
done:
    return st;
}

vrk_status vrk_ledger_build(vrk_ctx *ctx, vrk_facts *facts, const vrk_ledger_opt *opt,
                            vrk_ledger_info *info)
{
    vrk_ledger_opt o = opt ? *opt : (vrk_ledger_opt){0};
    vrk_ledger_info own = {0};
    vrk_ledger_info *out = info ? info : &own;

    *out = (vrk_ledger_info){0};
    vrk_status st = run(ctx, &(build){.facts = facts, .opt = &o, .info = out});
    if (st != VRK_OK || !info)
        vrk_ledger_info_free(out);
    return st;
}

void vrk_ledger_info_free(vrk_ledger_info *info)
{
    vrk_stages_free(&info->stages);
    vrk_arena_free(&info->mem);
    *info = (vrk_ledger_info){0};
}
