#include "ingest/profile.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/looks.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

const char *vrk_profile_text(const vrk_profile *p, int64_t column, vrk_arena *mem)
{
    char *name = vrk_sql_name(mem, p->csv.heading[column]);
    if (!(p->csv.edges & vrk_edge_bit(column)))
        return name; /* nothing to trim, and what is empty is NULL already */
    return name ? vrk_text_f(mem, "nullif(trim(%s), '')", name) : NULL;
}

int64_t vrk_profile_looks(const vrk_profile_column *c, uint32_t look)
{
    int64_t most = 0;
    for (int i = 0; i < VRK_LOOKS; i++) {
        if (look >> i & 1)
            most = c->look[i] > most ? c->look[i] : most;
    }
    return most;
}

/* Some values can only be the one, some only the other. */
static bool is_both(const vrk_profile_column *c, uint32_t one, uint32_t other)
{
    return vrk_profile_looks(c, one) && vrk_profile_looks(c, other);
}

static bool most(int64_t part, int64_t all)
{
    return all > 0 && part * 20 >= all * 19;
}

static void judge_column(vrk_profile_column *c)
{
    int64_t said = c->filled - vrk_profile_looks(c, VRK_LOOK_NOTHING);
    int64_t dates = vrk_profile_looks(c, VRK_LOOK_DATE),
            loose = vrk_profile_looks(c, VRK_LOOK_LOOSE),
            wrong = vrk_profile_looks(c, VRK_LOOK_NO_DATE);
    c->dates = dates > 0 && (dates + loose + wrong) * 20 >= said * 19;
    c->numbers = most(vrk_profile_looks(c, VRK_LOOK_NUMBER), said);
    int64_t day = vrk_profile_looks(c, VRK_LOOK_DAY), month = vrk_profile_looks(c, VRK_LOOK_MONTH);
    c->order = day && !month ? VRK_ORDER_DAY : month && !day ? VRK_ORDER_MONTH : VRK_ORDER_NONE;
    int64_t comma = vrk_profile_looks(c, VRK_LOOK_COMMA),
            point = vrk_profile_looks(c, VRK_LOOK_POINT);
    c->decimal = comma && !point   ? VRK_DECIMAL_COMMA
                 : point && !comma ? VRK_DECIMAL_POINT
                                   : VRK_DECIMAL_NONE;
}

/* What the columns that can tell agree on; NONE where they do not, or there is none. */
static vrk_date_order order_of_file(const vrk_profile *p)
{
    bool day = false, month = false;
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const vrk_profile_column *c = &p->column[k];
        bool both = is_both(c, VRK_LOOK_DAY, VRK_LOOK_MONTH);
        day |= c->order == VRK_ORDER_DAY || both;
        month |= c->order == VRK_ORDER_MONTH || both;
    }
    return day && !month ? VRK_ORDER_DAY : month && !day ? VRK_ORDER_MONTH : VRK_ORDER_NONE;
}

static vrk_decimal decimal_of_file(const vrk_profile *p)
{
    bool comma = false, point = false;
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const vrk_profile_column *c = &p->column[k];
        if (!c->numbers)
            continue;
        comma |= vrk_profile_looks(c, VRK_LOOK_COMMA) > 0;
        point |= vrk_profile_looks(c, VRK_LOOK_POINT) > 0;
    }
    return comma && !point   ? VRK_DECIMAL_COMMA
           : point && !comma ? VRK_DECIMAL_POINT
                             : VRK_DECIMAL_NONE;
}

/* A column that cannot tell follows the others of its file; where they cannot either, its values
 * stay open. */
static void settle(vrk_profile *p)
{
    vrk_date_order order = order_of_file(p);
    vrk_decimal decimal = decimal_of_file(p);
    for (int64_t k = 0; k < p->csv.columns; k++) {
        vrk_profile_column *c = &p->column[k];
        int64_t split = vrk_profile_looks(c, VRK_LOOK_SPLIT);
        bool both = is_both(c, VRK_LOOK_DAY, VRK_LOOK_MONTH);
        if (c->order == VRK_ORDER_NONE && split && !both) {
            c->order = order;
            c->order_followed = order != VRK_ORDER_NONE;
        }
        if (c->order == VRK_ORDER_NONE && !vrk_profile_looks(c, VRK_LOOK_DOTS))
            c->open_dates = split;
        if (c->decimal == VRK_DECIMAL_NONE && !is_both(c, VRK_LOOK_COMMA, VRK_LOOK_POINT))
            c->decimal = decimal;
        if (c->decimal == VRK_DECIMAL_NONE)
            c->open_numbers = vrk_profile_looks(c, VRK_LOOK_THREE);
    }
}

void vrk_profile_answer(vrk_profile *p, vrk_date_order order, vrk_decimal decimal)
{
    for (int64_t k = 0; k < p->csv.columns; k++) {
        vrk_profile_column *c = &p->column[k];
        if (order && (c->order == VRK_ORDER_NONE || c->order_followed)) {
            c->order = order;
            c->open_dates = 0;
        }
        if (decimal && c->decimal == VRK_DECIMAL_NONE) {
            c->decimal = decimal;
            c->open_numbers = 0;
        }
    }
}

/* How many different values there are in columns of more than are kept: the database counts. */
static vrk_status count_many(vrk_ctx *ctx, vrk_duck *duck, const vrk_looking *l, vrk_profile *p)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_str sql = {.mem = &ctx->scratch};
    int64_t many = 0;
    for (int64_t k = 0; k < l->columns; k++) {
        p->column[k].distinct = l->set[k].n;
        if (l->set[k].many)
            vrk_str_addf(&sql, "%scount(DISTINCT %s)", many++ ? ", " : "SELECT ",
                         vrk_profile_text(p, k, sql.mem));
    }
    if (!many)
        goto done;
    vrk_str_addf(&sql, " FROM %s", p->from);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the columns of %s", p->name);
    TRY(vrk_duck_run(ctx, duck, "looking at files", vrk_str_of(&sql), NULL, 0, &f));
    for (int64_t k = l->columns; k-- > 0;) {
        if (l->set[k].many)
            p->column[k].distinct = f.column[--many].i[0];
    }
done:
    vrk_frame_free(&f);
    return st;
}

/* The different values of a column, which may be the persons of the import: of big tables only,
 * others are soon read again. */
static void keep_each(const vrk_looking *l, int64_t k, vrk_profile_column *c)
{
    enum { BIG = 20000 };
    const vrk_value_set *s = &l->set[k];
    if (l->rows < BIG || s->lost || !s->kept.n)
        return;
    c->each = vrk_text_copy_n(l->mem, s->kept.at, s->kept.n);
    c->each_n = s->kept.n;
}

/* What the looking says of the table. */
static vrk_status judge(vrk_ctx *ctx, vrk_duck *duck, const vrk_looking *l, vrk_profile *p)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);

    if (l->failed || l->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the columns of %s", p->name);
    p->column = l->column;
    p->rows = l->rows;
    TRY(count_many(ctx, duck, l, p));
    for (int64_t k = 0; k < p->csv.columns; k++) {
        p->column[k].name = p->csv.heading[k];
        keep_each(l, k, &p->column[k]);
        judge_column(&p->column[k]);
    }
    if (l->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the columns of %s", p->name);
    settle(p);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* The tidied table, every cell of which `watch` gets. */
static vrk_status tidy(vrk_ctx *ctx, const vrk_headings *known, const vrk_table_place *place,
                       const vrk_watch *watch, vrk_arena *mem, vrk_tidy *out)
{
    struct stat about;
    if (place->sheet)
        return vrk_tidy_sheet(ctx, known, place->sheet, place->name, place->staging, place->number,
                              watch, mem, out);
    if (!stat(place->path, &about) && about.st_size > VRK_TIDY_WHOLE)
        return vrk_tidy_big(ctx, known, place->path, place->name, place->staging, place->number,
                            watch, mem, out);
    return vrk_tidy_file(ctx, known, place->path, place->name, place->staging, place->number, watch,
                         mem, out);
}

vrk_status vrk_profile_make(vrk_ctx *ctx, vrk_duck *duck, const vrk_headings *known,
                            const vrk_table_place *place, vrk_arena *mem, vrk_profile *out)
{
    enum { MOST_KEPT = 2 << 20 };
    vrk_status st = VRK_OK;
    const char *slash = strrchr(place->name, '/');
    vrk_looking l = {.mem = mem, .most = MOST_KEPT, .set_mem.limit = ctx->scratch.limit};
    const vrk_watch watch = {vrk_looking_start, vrk_looking_see, &l};

    *out = (vrk_profile){.path = vrk_text_copy(mem, place->name), .is_tidied = true};
    out->name = vrk_text_copy(mem, slash ? slash + 1 : place->name);
    TRY(vrk_random(ctx, l.key, sizeof(l.key)));
    TRY(tidy(ctx, known, place, &watch, mem, &out->tidy));
    out->csv = out->tidy.csv;
    if (out->csv.lined)
        out->csv.path = vrk_text_copy(mem, place->path);
    out->from = vrk_csv_from(&out->csv, mem);
    if (!out->from || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", place->name);
    TRY(judge(ctx, duck, &l, out));
done:
    vrk_looking_free(&l);
    return st;
}

static const char *sign_of(vrk_decimal d)
{
    return d == VRK_DECIMAL_POINT ? "." : d == VRK_DECIMAL_COMMA ? "," : "?";
}

const char *vrk_profile_date(const vrk_profile *p, int64_t column, vrk_arena *mem)
{
    const char *value = vrk_profile_text(p, column, mem);
    vrk_date_order order = p->column[column].order;
    return value ? vrk_text_f(mem, "vrk_date(%s, '%s', '%s')", value,
                              order == VRK_ORDER_DAY     ? "day"
                              : order == VRK_ORDER_MONTH ? "month"
                                                         : "?",
                              /* midnight in every row is a date, wherever it is */
                              p->utc && vrk_profile_looks(&p->column[column], VRK_LOOK_TIMED)
                                  ? "utc"
                                  : "local")
                 : NULL;
}

const char *vrk_profile_number(const vrk_profile *p, int64_t column, vrk_arena *mem)
{
    const char *value = vrk_profile_text(p, column, mem);
    return value
               ? vrk_text_f(mem, "vrk_number(%s, '%s')", value, sign_of(p->column[column].decimal))
               : NULL;
}

const char *vrk_profile_minutes(const vrk_profile *p, int64_t column, vrk_arena *mem)
{
    const char *value = vrk_profile_text(p, column, mem);
    return value
               ? vrk_text_f(mem, "vrk_minutes(%s, '%s')", value, sign_of(p->column[column].decimal))
               : NULL;
}

const char *vrk_profile_flag(const vrk_profile *p, int64_t column, vrk_arena *mem)
{
    const char *value = vrk_profile_text(p, column, mem);
    return value ? vrk_text_f(mem, "vrk_flag(%s)", value) : NULL;
}
