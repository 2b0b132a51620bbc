#include "ingest/profile.h"

#include "base/str.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* The aggregates of one column, in the order that take_column reads them. %s is the value. */
static const char *const aggregate[] = {
    "count(%s)",
    "count(DISTINCT %s)",
    "count(*) FILTER (regexp_full_match(%s, '\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}([T ].*)?'))",
    "count(*) FILTER (regexp_full_match(%s, '\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4}(\\D.*)?'))",
    "count(*) FILTER (regexp_full_match(%s, "
    "'(1[3-9]|2\\d|3[01])[-/.]\\d{1,2}[-/.]\\d{4}(\\D.*)?'))",
    "count(*) FILTER (regexp_full_match(%s, "
    "'\\d{1,2}[-/.](1[3-9]|2\\d|3[01])[-/.]\\d{4}(\\D.*)?'))",
    "count(*) FILTER (regexp_full_match(%s, '\\d{1,2}[.]\\d{1,2}[.]\\d{4}(\\D.*)?'))",
    "count(*) FILTER (regexp_full_match(%s, "
    "'([A-Za-z]{3}|[€$£])?\\s?[-+−]?\\d[\\d\\s\\x{A0}\\x{202F}.,'']*\\s?([A-Za-z]{2,3}|[€$£])?'))",
    "count(*) FILTER (regexp_matches(%s, '\\d,\\d{1,2}(\\D*)$'))",
    "count(*) FILTER (regexp_matches(%s, '\\d[.](\\d{1,2}|\\d{4,})(\\D*)$'))",
    "count(*) FILTER (contains(%s, '@'))",
    "count(*) FILTER (regexp_full_match(%s, '[A-Za-z]{3}'))",
};
enum { AGGREGATES = sizeof(aggregate) / sizeof(aggregate[0]) };

/* What separates most fields of the first line; commas stand inside texts too, so they come last.
 */
static char delimiter_of(const char *text, size_t n)
{
    static const char kinds[] = "\t;|,";
    int count[4] = {0}, best = 3;
    bool inside = false;
    for (size_t i = 0; i < n && (inside || (text[i] != '\n' && text[i] != '\r')); i++) {
        const char *kind = text[i] ? strchr(kinds, text[i]) : NULL;
        inside ^= text[i] == '"';
        if (kind && !inside)
            count[kind - kinds]++;
    }
    for (int k = 2; k >= 0; k--)
        best = count[k] && count[k] >= count[best] ? k : best;
    return kinds[best];
}

static vrk_status sniff(vrk_ctx *ctx, const char *path, char *delimiter)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    char start[16384];
    int fd = sys->open(sys->arg, path, O_RDONLY | O_CLOEXEC, 0);
    ssize_t n = fd < 0 ? -1 : sys->read(sys->arg, fd, start, sizeof(start));
    if (n < 0)
        FAIL(VRK_EIO, "could not read %s: %s", path, strerror(errno));
    *delimiter = delimiter_of(start, (size_t)n);
done:
    if (fd >= 0)
        (void)sys->close(sys->arg, fd);
    return st;
}

const char *vrk_profile_text(const vrk_profile *p, int64_t column, vrk_arena *mem)
{
    char *name = vrk_sql_name(mem, p->csv.heading[column]);
    return name ? vrk_text_f(mem, "nullif(trim(%s), '')", name) : NULL;
}

static bool most(int64_t part, int64_t all)
{
    return all > 0 && part * 20 >= all * 19;
}

static void take_column(const vrk_frame *f, int64_t k, vrk_profile_column *c, bool *dots)
{
    int64_t v[AGGREGATES];
    for (int64_t i = 0; i < AGGREGATES; i++)
        v[i] = f->column[k * AGGREGATES + i].i[0];
    c->filled = v[0];
    c->distinct = v[1];
    if (most(v[2], v[0]))
        c->dates = VRK_DATES_ISO;
    else if (most(v[3], v[0]) && v[4] && v[5])
        c->dates = VRK_DATES_MIXED;
    else if (most(v[3], v[0])) {
        c->dates = v[5] ? VRK_DATES_MONTH : VRK_DATES_DAY;
        c->dates_guessed = !v[4] && !v[5];
    }
    *dots = v[6] > 0;
    c->numbers = v[7];
    c->decimal_comma = v[8] > v[9];
    c->mails = v[10];
    c->currencies = v[11];
}

/* A column that does not tell day and month apart follows one that does. */
static void settle_dates(vrk_profile *p, const bool *dots)
{
    vrk_date_form other = VRK_DATES_NONE;
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const vrk_profile_column *c = &p->column[k];
        if ((c->dates == VRK_DATES_MONTH || c->dates == VRK_DATES_DAY) && !c->dates_guessed)
            other = other == VRK_DATES_NONE || other == c->dates ? c->dates : VRK_DATES_MIXED;
    }
    for (int64_t k = 0; k < p->csv.columns; k++) {
        vrk_profile_column *c = &p->column[k];
        if (!c->dates_guessed)
            continue;
        if (other == VRK_DATES_MONTH || other == VRK_DATES_DAY) {
            c->dates = other;
            c->dates_guessed = false;
        } else {
            c->dates = dots[k] || p->csv.delimiter == ';' ? VRK_DATES_DAY : VRK_DATES_MONTH;
        }
    }
}

static vrk_status look(vrk_ctx *ctx, vrk_duck *duck, vrk_arena *mem, vrk_profile *p)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str sql = {.mem = &ctx->scratch};
    vrk_frame f = {0};
    bool *dots = VRK_NEW(&ctx->scratch, p->csv.columns, bool);

    vrk_str_add(&sql, "SELECT count(*) AS rows_");
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const char *value = vrk_profile_text(p, k, &ctx->scratch);
        for (int i = 0; i < AGGREGATES && value; i++) {
            const char *at = strstr(aggregate[i], "%s");
            vrk_str_add(&sql, ", ");
            vrk_str_add_n(&sql, aggregate[i], (size_t)(at - aggregate[i]));
            vrk_str_add(&sql, value);
            vrk_str_addf(&sql, "%s AS c%" PRId64 "_%d", at + 2, k, i);
        }
    }
    vrk_str_addf(&sql, " FROM %s", p->from);
    p->column = VRK_NEW(mem, p->csv.columns, vrk_profile_column);
    if (ctx->scratch.failed || mem->failed || !dots || !p->column)
        FAIL(VRK_EMEMORY, "out of memory for the columns of %s", p->path);
    TRY(vrk_duck_run(ctx, duck, "looking at files", sql.at, NULL, 0, &f));
    p->rows = f.column[0].i[0];
    f.column++; /* the counts of the columns follow */
    for (int64_t k = 0; k < p->csv.columns; k++) {
        p->column[k].name = p->csv.heading[k];
        take_column(&f, k, &p->column[k], &dots[k]);
    }
    f.column--;
    settle_dates(p, dots);
done:
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_profile_make(vrk_ctx *ctx, vrk_duck *duck, const char *path, const char *staging,
                            int64_t number, vrk_arena *mem, vrk_profile *out)
{
    vrk_status st = VRK_OK;
    const char *slash = strrchr(path, '/');
    char delimiter;

    *out = (vrk_profile){.path = vrk_text_copy(mem, path),
                         .name = vrk_text_copy(mem, slash ? slash + 1 : path)};
    TRY(sniff(ctx, path, &delimiter));
    TRY(vrk_csv_check(ctx, path, delimiter, staging, number, mem, &out->csv));
    out->from = vrk_csv_from(&out->csv, mem);
    if (!out->from || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", path);
    TRY(look(ctx, duck, mem, out));
done:
    return st;
}

static const char *iso_date(const char *value, vrk_arena *mem)
{
    return vrk_text_f(
        mem,
        "regexp_replace(regexp_replace(replace(%s, '/', '-'), '^(\\d{4}-\\d\\d-\\d\\d)[T "
        "]+(\\d\\d:\\d\\d(:\\d\\d([.]\\d+)?)?) ?(Z|[+-]\\d\\d(:?\\d\\d)?)?$', '\\1T\\2\\5'), "
        "'(T.*[+-]\\d\\d)(\\d\\d)$', '\\1:\\2')",
        value);
}

static const char *split_date(const char *value, const char *order, vrk_arena *mem)
{
    const char *clean = vrk_text_f(mem,
                                   "regexp_replace(replace(%s, ', ', ' '), "
                                   "'^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})', '\\1/\\2/\\3')",
                                   value);
    const char *time = vrk_text_f(mem,
                                  "try_strptime(%s, ['%s/%%Y', '%s/%%Y %%H:%%M', '%s/%%Y "
                                  "%%H:%%M:%%S', '%s/%%Y %%I:%%M %%p', '%s/%%Y %%I:%%M:%%S %%p'])",
                                  clean, order, order, order, order, order);
    return vrk_text_f(mem,
                      "coalesce(CASE WHEN contains(%s, ':') THEN strftime(%s, "
                      "'%%Y-%%m-%%dT%%H:%%M:%%S') ELSE strftime(%s, '%%Y-%%m-%%d') END, %s)",
                      value, time, time, value);
}

const char *vrk_profile_date(const vrk_profile *p, int64_t column, vrk_arena *mem)
{
    const char *value = vrk_profile_text(p, column, mem);
    if (!value)
        return NULL;
    switch (p->column[column].dates) {
    case VRK_DATES_ISO:
        return iso_date(value, mem);
    case VRK_DATES_MONTH:
        return split_date(value, "%m/%d", mem);
    case VRK_DATES_DAY:
        return split_date(value, "%d/%m", mem);
    case VRK_DATES_NONE:
    case VRK_DATES_MIXED:
        break;
    }
    return value;
}

/* 1 250 000,00 kr; SEK 1,250,000.00. A last separator before one or two digits is the decimal
 * sign; before three the column decides. */
const char *vrk_profile_number(const vrk_profile *p, int64_t column, vrk_arena *mem)
{
    const char *value = vrk_profile_text(p, column, mem);
    bool comma = p->column[column].decimal_comma;
    const char *bare = vrk_text_f(mem,
                                  "replace(regexp_replace(regexp_replace(%s, "
                                  "'^([A-Za-z]{2,3}|[€$£])|([A-Za-z]{2,3}[.]?|[€$£])$', '', 'g'), "
                                  "'[\\s\\x{A0}\\x{202F}'']', '', 'g'), '−', '-')",
                                  value);
    const char *point = vrk_text_f(
        mem,
        "CASE WHEN regexp_full_match(%s, '[-+]?[\\d.,]*[.,]\\d{1,2}') THEN "
        "replace(regexp_replace(regexp_replace(%s, '[.,](\\d{1,2})$', '#\\1'), '[.,]', '', 'g'), "
        "'#', '.') ELSE replace(replace(%s, '%s', ''), ',', '.') END",
        bare, bare, bare, comma ? "." : ",");
    return vrk_text_f(mem,
                      "CASE WHEN regexp_full_match(%s, '[-+]?\\d+([.]\\d+)?') THEN %s ELSE %s END",
                      point, point, value);
}
