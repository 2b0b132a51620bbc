#include "ingest/forms.h"

#include "base/str.h"
#include "ingest/competency.h"

#include <inttypes.h>
#include <string.h>

/* What a column of a form is for. */
typedef enum { QUESTION, STAMP, MAIL, PERSON, RELATION, POINTS, OTHER } role;

typedef struct {
    const char *normal; /* heading */
    role role;
    const char *question; /* its text, of QUESTION and POINTS */
    int64_t best;         /* score; 0 = it is not answered with scores */
} column;

static bool is_one_of(const char *h, const char *const *list)
{
    for (; *list; list++) {
        if (!strcmp(h, *list))
            return true;
    }
    return false;
}

static bool has_one_of(const char *h, const char *const *list)
{
    for (; *list; list++) {
        if (strstr(h, *list))
            return true;
    }
    return false;
}

static role role_of(const char *h)
{
    static const char *const stamps[] = {"timestamp", "tidstämpel", "completion time",
                                         "slutförandetid", NULL};
    static const char *const mails[] = {
        "email address", "email", "e postadress", "e post", "username", "användarnamn", NULL};
    static const char *const persons[] = {"assess",     "bedömer", "utvärder", "who do you rate",
                                          "vem gäller", "ratee",   NULL};
    static const char *const others[] = {"id",
                                         "start time",
                                         "starttid",
                                         "name",
                                         "namn",
                                         "last modified time",
                                         "total points",
                                         "quiz feedback",
                                         "grade posted time",
                                         "senast ändrad",
                                         "språk",
                                         "language",
                                         NULL};
    if (is_one_of(h, stamps))
        return STAMP;
    if (is_one_of(h, mails))
        return MAIL;
    if (has_one_of(h, persons))
        return PERSON;
    if (strstr(h, "relation"))
        return RELATION;
    if (vrk_starts_with(h, "points ") || vrk_starts_with(h, "poäng "))
        return POINTS;
    return is_one_of(h, others) || vrk_starts_with(h, "feedback ") ? OTHER : QUESTION;
}

static int64_t first(const column *c, int64_t n, role r)
{
    for (int64_t k = 0; k < n; k++) {
        if (c[k].role == r)
            return k;
    }
    return -1;
}

/* Google's first column is the time stamp; Microsoft has an id, a start and an end. */
static bool is_form(const column *c, int64_t n)
{
    if (n < 3 || first(c, n, STAMP) < 0 || (first(c, n, MAIL) < 0 && first(c, n, PERSON) < 0))
        return false;
    bool microsoft = !strcmp(c[0].normal, "id") && c[1].role == OTHER && c[2].role == STAMP;
    return c[0].role == STAMP || microsoft;
}

/* "Competencies [Discovery]" and "Points - Discovery skill" ask for what follows. */
static const char *question_of(vrk_arena *mem, const char *heading, role r)
{
    const char *dash = r == POINTS ? strchr(heading, '-') : NULL;
    for (dash = dash ? dash + 1 : heading; *dash == ' '; dash++)
        continue;
    return vrk_text_copy(mem, dash);
}

static const char *competency_of(vrk_arena *mem, const char *question)
{
    const char *open = strrchr(question, '['), *close = open ? strchr(open, ']') : NULL;
    return vrk_competency_of(
        mem, open && close ? vrk_text_copy_n(mem, open + 1, (size_t)(close - open - 1)) : question);
}

/* How many answers are scores, and the best. */
static vrk_status look_at(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, int64_t k, column *c)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const char *x = vrk_profile_text(p, k, &m->plan->mem);
    const char *sql = vrk_text_f(&m->plan->mem,
                                 "SELECT count(%s), count(try_cast(vrk_score(%s) AS double)), "
                                 "CAST(ceil(max(try_cast(vrk_score(%s) AS double))) AS bigint) "
                                 "FROM %s",
                                 x, x, x, p->from);
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory for %s", p->name);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, &f));
    int64_t answers = f.column[0].i[0], scores = f.column[1].i[0], best = f.column[2].i[0];
    if (scores > 0 && scores * 2 > answers)
        c->best = best <= 5 ? 5 : best <= 7 ? 7 : best <= 10 ? 10 : best;
done:
    vrk_frame_free(&f);
    return st;
}

static const char *text_of(vrk_making *m, const vrk_profile *p, int64_t k)
{
    return k < 0 ? "NULL::varchar" : vrk_profile_text(p, k, &m->plan->mem);
}

static const char *select_of(vrk_making *m, const vrk_profile *p, const column *c, int64_t k)
{
    vrk_arena *mem = &m->plan->mem;
    int64_t n = p->csv.columns, person = first(c, n, PERSON);
    const char *mail = text_of(m, p, first(c, n, MAIL));
    const char *rater = vrk_text_f(
        mem, "CASE WHEN lower(%s) NOT IN ('anonymous', 'anonym') THEN %s END", mail, mail);
    const char *relation = text_of(m, p, first(c, n, RELATION));
    const char *instrument =
        person < 0 ? "'self_rating'"
                   : vrk_text_f(mem,
                                "CASE WHEN regexp_matches(lower(%s), 'själv|self') THEN "
                                "'self_rating' WHEN regexp_matches(lower(%s), 'chef|manager|boss') "
                                "THEN 'manager_rating' WHEN regexp_matches(lower(%s), "
                                "'kund|customer|client') THEN 'customer_rating' WHEN "
                                "regexp_matches(lower(%s), 'kolleg|peer|colleague') THEN "
                                "'peer_rating' END",
                                relation, relation, relation, relation);
    return vrk_text_f(
        mem,
        "SELECT %s%s AS person_id, %s AS competency, %s AS item_id, vrk_score(%s) AS score, "
        "'%" PRId64 "' AS max_score, %s AS rater_id, %s AS instrument, %s AS assessed_on FROM %s "
        "WHERE %s IS NOT NULL",
        p->csv.lined ? "_line, " : "", person < 0 ? rater : text_of(m, p, person),
        vrk_sql_quote(mem, competency_of(mem, c[k].question)), vrk_sql_quote(mem, c[k].question),
        text_of(m, p, k), c[k].best, rater, instrument,
        vrk_profile_date(p, first(c, n, STAMP), mem), p->from, text_of(m, p, k));
}

/* A question whose points stand in a column of their own is told by them. */
static bool has_points(const column *c, int64_t n, const char *question)
{
    for (int64_t k = 0; k < n; k++) {
        if (c[k].role == POINTS && !strcmp(c[k].question, question))
            return true;
    }
    return false;
}

vrk_status vrk_forms_add(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, bool *is)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    int64_t n = p->csv.columns, questions = 0;
    vrk_str sql = {.mem = mem};
    column *c = VRK_NEW(mem, n, column);

    *is = false;
    for (int64_t k = 0; k < n && !mem->failed; k++) {
        const char *h = vrk_heading_normal(mem, p->csv.heading[k]);
        if (!h)
            break;
        c[k] = (column){.normal = h, .role = role_of(h)};
        c[k].question = question_of(mem, p->csv.heading[k], c[k].role);
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", p->name);
    if (!is_form(c, n))
        goto done;
    for (int64_t k = 0; k < n; k++) {
        if (c[k].role != POINTS && (c[k].role != QUESTION || has_points(c, n, c[k].question)))
            continue;
        TRY(look_at(ctx, m, p, k, &c[k]));
        if (!c[k].best)
            continue;
        vrk_str_addf(&sql, "%s%s", questions++ ? " UNION ALL " : "", select_of(m, p, c, k));
    }
    *is = questions > 0;
    if (!*is)
        goto done;
    vrk_making_rows(m, p, "assessments", vrk_str_of(&sql));
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", p->name);
    m->plan->source[m->plan->sources - 1].rows_read = -1; /* a row an answer, not a response */
    m->plan->source[m->plan->sources - 1].skipped = 0;
    vrk_making_note(m, "%s: assessments, %" PRId64 " responses to %" PRId64 " questions", p->name,
                    p->rows, questions);
done:
    return st;
}
