#include "sim/record.h"
#include "sim/row.h"

#include <math.h>

/* Names are put together from common Swedish ones and belong to nobody. */
static const char *const first_name[] = {
    "Anna",  "Erik",    "Maria", "Lars",  "Karin", "Johan",  "Sara",   "Anders", "Emma",  "Per",
    "Elin",  "Nils",    "Lena",  "Oskar", "Hanna", "Gustav", "Ingrid", "Axel",   "Sofia", "Karl",
    "Malin", "Fredrik", "Åsa",   "Björn", "Ulla",  "Jonas",  "Eva",    "Magnus", "Ida",   "Mats"};
static const char *const last_name[] = {
    "Andersson", "Johansson", "Karlsson",   "Nilsson",  "Eriksson",  "Larsson",  "Olsson",
    "Persson",   "Svensson",  "Gustafsson", "Lindberg", "Lindqvist", "Berglund", "Sandström",
    "Åkesson",   "Öberg",     "Hedlund",    "Nyström",  "Forsberg",  "Wikström", "Sjöberg"};
static const char *const place[] = {
    "Mälardalen",  "Bergslagen", "Roslagen", "Skåne",   "Småland",  "Värmland", "Dalarna",
    "Hälsingland", "Halland",    "Öland",    "Gotland", "Jämtland", "Bohuslän", "Ångermanland"};
static const char *const trade[] = {"Verkstad", "Livs", "Bygg",   "Energi",  "Trä",
                                    "Logistik", "Kemi", "Papper", "Mekanik", "Handel"};
static const char *const region[] = {"Nord", "Mitt", "Öst", "Väst", "Syd"};

enum {
    FIRST = sizeof(first_name) / sizeof(*first_name),
    LAST = sizeof(last_name) / sizeof(*last_name),
    PLACES = sizeof(place) / sizeof(*place),
    TRADES = sizeof(trade) / sizeof(*trade)
};

static void put_name(vrk_row *row, int64_t who)
{
    vrk_row_text(row, first_name[who * 7 % FIRST]);
    vrk_row_text(row, " ");
    vrk_row_field(row, last_name[(who * 11 + who / FIRST) % LAST]);
}

static void put_prefixed(vrk_row *row, char prefix, int64_t number)
{
    row->at[row->n++] = prefix;
    vrk_row_digits(row, number, 4);
    vrk_row_next(row);
}

static void put_team(vrk_record *r, const vrk_squad *q)
{
    vrk_row row = {.n = 0};
    put_prefixed(&row, 'T', q->number + 1);
    vrk_row_text(&row, "Säljteam ");
    vrk_row_int(&row, q->number + 1);
    vrk_row_next(&row); /* no team above it */
    vrk_row_end(&row, &r->table[VRK_T_TEAMS]);
}

static void put_seller(vrk_record *r, const vrk_squad *q, int64_t s)
{
    const vrk_world *w = q->world;
    vrk_row row = {.n = 0};
    vrk_row_seller(&row, q->first + s);
    put_name(&row, q->first + s);
    vrk_row_text(&row, "s");
    vrk_row_digits(&row, q->first + s + 1, 4);
    vrk_row_field(&row, "@foretaget.example");
    vrk_row_field(&row, "Säljare");
    put_prefixed(&row, 'T', q->number + 1);
    put_prefixed(&row, 'M', q->number + 1);
    if (q->person[s].hired > 0)
        vrk_row_day(&row, w->first_day + 7 * q->person[s].hired);
    else
        vrk_row_day(&row, w->first_day - 200 - (q->first + s) * 37 % 2000);
    if (q->person[s].left < w->weeks)
        vrk_row_day(&row, w->first_day + 7 * q->person[s].left - 1);
    else
        vrk_row_next(&row);
    vrk_row_end(&row, &r->table[VRK_T_SELLERS]);
}

static void put_accounts(vrk_record *r, const vrk_squad *q)
{
    int64_t n = 2 * vrk_record_accounts(q->world, q->number);
    for (int64_t i = 0; i < n; i++) {
        vrk_row row = {.n = 0};
        vrk_row_id(&row, 'K', q->number, i, 4);
        vrk_row_text(&row, place[vrk_rng_below(&r->rng, PLACES)]);
        vrk_row_text(&row, "s ");
        vrk_row_text(&row, trade[vrk_rng_below(&r->rng, TRADES)]);
        vrk_row_text(&row, " AB ");
        vrk_row_int(&row, i + 1);
        vrk_row_field(&row, vrk_segment_name[vrk_rng_below(&r->rng, VRK_SEGMENTS)]);
        vrk_row_field(&row, region[vrk_rng_below(&r->rng, 5)]);
        vrk_row_int(&row, (int64_t)exp(3.5 + 1.2 * vrk_rng_normal(&r->rng)) + 1);
        vrk_row_end(&row, &r->table[VRK_T_ACCOUNTS]);
    }
}

typedef struct {
    const char *instrument, *competency;
    char person, rater; /* the letter of an id; 0 = nobody */
    int64_t who, by;    /* number from 0 */
    int item, score, most;
    int64_t day;
} rating;

static void put_rating(vrk_record *r, const rating *a)
{
    vrk_row row = {.n = 0};
    put_prefixed(&row, a->person, a->who + 1);
    vrk_row_field(&row, a->competency);
    vrk_row_text(&row, a->instrument);
    vrk_row_text(&row, "_");
    vrk_row_text(&row, a->competency);
    vrk_row_text(&row, "_");
    vrk_row_int(&row, a->item);
    vrk_row_int(&row, a->score);
    vrk_row_int(&row, a->most);
    if (a->rater)
        put_prefixed(&row, a->rater, a->by + 1);
    else
        vrk_row_next(&row);
    vrk_row_field(&row, a->instrument);
    vrk_row_day(&row, a->day);
    vrk_row_end(&row, &r->table[VRK_T_ASSESSMENTS]);
}

static int on_scale(double x)
{
    return x < 1.5 ? 1 : x >= 4.5 ? 5 : (int)lround(x);
}

/* Two managers with their own severity and halo, a situational test that is right or wrong, and the
 * person's own view. theta is competence in use, q at the usual mix [log odds]. */
static void assess(vrk_record *r, const vrk_squad *q, rating a, double theta, double self)
{
    static const double hard[] = {-0.8, -0.2, 0.3, 0.9};
    vrk_rng *g = &r->rng;
    int64_t raters[2] = {q->number, (q->number + 1) % q->world->teams};
    for (int k = 0; k < (q->world->teams > 1 ? 2 : 1); k++) {
        vrk_rng own = vrk_draw_of(q->seed, VRK_DRAW_ASSESSMENT, (uint64_t)raters[k], 0);
        double severity = 0.45 * vrk_rng_normal(&own);
        for (int item = 1; item <= 2; item++) {
            rating m = a;
            m.instrument = "manager_rating";
            m.rater = 'M';
            m.by = raters[k];
            m.item = item;
            m.score = on_scale(3.3 + 0.9 * theta - severity + 0.55 * vrk_rng_normal(g));
            m.most = 5;
            put_rating(r, &m);
        }
    }
    for (int item = 1; item <= 4; item++) {
        rating m = a;
        m.instrument = "sjt";
        m.item = item;
        m.score = vrk_rng_chance(g, vrk_logistic(0.6 + 1.7 * theta - hard[item - 1]));
        m.most = 1;
        put_rating(r, &m);
    }
    rating m = a;
    m.instrument = "self_rating";
    m.rater = a.person;
    m.by = a.who;
    m.item = 1;
    m.score = on_scale(3.7 + 0.35 * theta + self + 0.4 * vrk_rng_normal(g));
    m.most = 5;
    put_rating(r, &m);
}

static const char *const other_competency[] = {"business_questions", "relationship", "presentation",
                                               "prioritisation"};

static void assess_seller(vrk_record *r, const vrk_squad *q, int64_t s)
{
    const vrk_person *who = &q->person[s];
    double self = 0.5 * vrk_rng_normal(&r->rng), mean = 0;
    rating a = {.person = 'S', .who = q->first + s, .day = q->world->end_day - 70 - s};
    if (who->left < q->world->weeks)
        return;
    for (int m = 0; m < VRK_MOMENTS; m++) {
        double theta = who->at[m].q + VRK_COMPLEX_SHARE * who->at[m].q_complex;
        a.competency = vrk_moment_name[m];
        mean += theta / VRK_MOMENTS;
        assess(r, q, a, theta, self);
    }
    for (int c = 0; c < 4; c++) {
        a.competency = other_competency[c];
        assess(r, q, a, 0.6 * mean + q->world->plan.spread * 0.8 * vrk_rng_normal(&r->rng), self);
    }
}

/* Two applicants a team, with an interview and a test. */
static void put_candidates(vrk_record *r, const vrk_squad *q)
{
    static const char *const decision[] = {"rejected", "hired", ""};
    for (int64_t i = 2 * q->number; i < 2 * q->number + 2; i++) {
        vrk_row row = {.n = 0};
        int64_t day = q->world->end_day - 20 - vrk_rng_below(&r->rng, 300);
        int64_t what = vrk_rng_below(&r->rng, 3);
        double general = vrk_rng_normal(&r->rng);
        put_prefixed(&row, 'R', i + 1);
        put_name(&row, 100000 + i);
        vrk_row_field(&row, "Säljare");
        vrk_row_day(&row, day);
        vrk_row_int(&row, vrk_rng_below(&r->rng, 16));
        vrk_row_field(&row, decision[what]);
        if (what < 2)
            vrk_row_day(&row, day + 14);
        else
            vrk_row_next(&row);
        vrk_row_end(&row, &r->table[VRK_T_CANDIDATES]);
        for (int m = 0; m < VRK_MOMENTS; m++) {
            double theta = 0.5 * general + 0.5 * vrk_rng_normal(&r->rng);
            rating a = {.instrument = "interview",
                        .competency = vrk_moment_name[m],
                        .person = 'R',
                        .rater = 'M',
                        .who = i,
                        .by = q->number,
                        .item = 1,
                        .most = 5,
                        .day = day + 7};
            a.score = on_scale(3.2 + 0.6 * theta + 0.8 * vrk_rng_normal(&r->rng));
            put_rating(r, &a);
            for (a.item = 1, a.instrument = "sjt", a.rater = 0, a.most = 1; a.item <= 4; a.item++) {
                a.score = vrk_rng_chance(&r->rng, vrk_logistic(0.5 + theta - 0.3 * a.item));
                put_rating(r, &a);
            }
        }
    }
}

/* A quarter's amount and a month's number of meetings, the same for all. */
static void put_targets(vrk_record *r, const vrk_squad *q, int64_t s)
{
    const vrk_world *w = q->world;
    vrk_date from = vrk_date_of(w->first_day), to = vrk_date_of(w->end_day - 1);
    for (int at = from.year * 4 + (from.month - 1) / 3; at <= to.year * 4 + (to.month - 1) / 3;
         at++) {
        for (int k = 0; k < 2; k++) {
            vrk_row row = {.n = 0};
            vrk_row_seller(&row, q->first + s);
            vrk_row_next(&row);
            vrk_row_digits(&row, at / 4, 4);
            vrk_row_text(&row, "-Q");
            vrk_row_int(&row, at % 4 + 1);
            vrk_row_field(&row, k ? "meetings" : "amount");
            vrk_row_money(&row, k ? 6000 : 140000000);
            vrk_row_field(&row, k ? "" : "SEK");
            vrk_row_end(&row, &r->table[VRK_T_TARGETS]);
        }
    }
}

static void put_intervention(vrk_record *r, const vrk_squad *q, int64_t s, vrk_moment m)
{
    const vrk_trait *t = &q->person[s].at[m];
    vrk_row row = {.n = 0};
    if (t->from < 0)
        return;
    put_prefixed(&row, 'I', q->first + s + 1);
    vrk_row_field(&row, (q->first + s) / 6 % 3 ? "training" : "coaching");
    vrk_row_field(&row, vrk_moment_name[m]);
    vrk_row_seller(&row, q->first + s);
    vrk_row_next(&row);
    vrk_row_day(&row, q->world->first_day + 7 * t->from);
    vrk_row_day(&row, q->world->first_day + 7 * t->from + 25);
    vrk_row_money(&row, 2500000);
    vrk_row_next(&row);
    vrk_row_end(&row, &r->table[VRK_T_INTERVENTIONS]);
}

/* A raised target of activity is a measure too, a team's. */
static void put_tempo(vrk_record *r, const vrk_squad *q)
{
    int64_t from = q->world->team[q->number].tempo;
    vrk_row row = {.n = 0};
    if (from < 0)
        return;
    put_prefixed(&row, 'J', q->number + 1);
    vrk_row_field(&row, "activity_target");
    vrk_row_field(&row, vrk_moment_name[VRK_PROSPECTING]);
    vrk_row_next(&row);
    put_prefixed(&row, 'T', q->number + 1);
    vrk_row_day(&row, q->world->first_day + 7 * from);
    vrk_row_next(&row);
    vrk_row_money(&row, 0);
    vrk_row_next(&row);
    vrk_row_end(&row, &r->table[VRK_T_INTERVENTIONS]);
}

void vrk_record_people(vrk_record *r, const vrk_squad *q)
{
    put_team(r, q);
    put_tempo(r, q);
    put_accounts(r, q);
    for (int64_t s = 0; s < q->n; s++) {
        put_seller(r, q, s);
        assess_seller(r, q, s);
        put_targets(r, q, s);
        for (int m = 0; m < VRK_MOMENTS; m++)
            put_intervention(r, q, s, (vrk_moment)m);
    }
    put_candidates(r, q);
}
