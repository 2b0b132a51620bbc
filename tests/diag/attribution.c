/* Attribution and order of results made by hand, whose parts are known. */
#include "diag/attribution.h"
#include "diag/league.h"
#include "tests/t.h"

#include <string.h>

enum { SELLERS = 12, DRAWS = 40 };

/* Room for results of one kind of deal in one place; nobody differs. */
typedef struct {
    int64_t key[SELLERS], team[SELLERS];
    double money[SELLERS], contacts[SELLERS], demand[SELLERS], outreach[SELLERS * DRAWS],
        outreach_mean[DRAWS];
    double start[SELLERS * DRAWS], win[SELLERS * DRAWS], odds[2 * DRAWS], worth[1];
    double kind[2 * SELLERS], kind_mean[2], place[2 * SELLERS], place_mean[2];
    vrk_seller_results r;
} made;

static void make(made *m)
{
    memset(m, 0, sizeof(*m));
    m->r = (vrk_seller_results){.sellers = SELLERS,
                                .kinds = 1,
                                .places = 1,
                                .segments = 1,
                                .draws = DRAWS,
                                .seller_key = m->key,
                                .team = m->team,
                                .money = m->money,
                                .contacts = m->contacts,
                                .demand = m->demand,
                                .demand_mean = 1,
                                .outreach = m->outreach,
                                .outreach_mean = m->outreach_mean,
                                .start = m->start,
                                .win = m->win,
                                .odds = m->odds,
                                .worth = m->worth,
                                .closed = {1, 1},
                                .kind = m->kind,
                                .kind_mean = m->kind_mean,
                                .place = m->place,
                                .place_mean = m->place_mean};
    m->worth[0] = 100;
    for (int s = 0; s < SELLERS; s++) {
        m->key[s] = 100 + s;
        m->team[s] = -1;
        m->demand[s] = 1;
    }
    for (int i = 0; i < 2 * SELLERS; i++)
        m->kind[i] = m->place[i] = 1;
    for (int i = 0; i < 2; i++)
        m->kind_mean[i] = m->place_mean[i] = 1;
    for (int i = 0; i < SELLERS * DRAWS; i++)
        m->outreach[i] = m->outreach_mean[i % DRAWS] = 1;
}

/* Half of (own + inbound) deals are won at 100. */
static void expects_what_deals_bring(void)
{
    static made m;
    double value[32];
    make(&m);
    m.outreach[0] = 3;
    vrk_seller_results_expected(&m.r, 0, 0, value);
    T_NEAR(value[0], 100., 1e-12);
    T_NEAR(value[1 << VRK_PART_ACTIVITY], 200., 1e-12);
    T_NEAR(value[31], 200., 1e-12);
    T_NEAR(value[31 & ~(1 << VRK_PART_ACTIVITY)], 100., 1e-12);
}

static void gives_all_to_activity_where_only_it_differs(void)
{
    static made m;
    vrk_ctx ctx = {0};
    vrk_attribution a;
    make(&m);
    for (int s = 0; s < SELLERS; s++) {
        for (int b = 0; b < DRAWS; b++)
            m.outreach[s * DRAWS + b] = 1 + 0.1 * s;
        m.money[s] = 50 * (1 + 0.1 * s) + 50;
    }
    T_OK(vrk_attribution_make(&ctx, &m.r, &a) == VRK_OK && a.made && a.separable);
    T_NEAR(a.part[VRK_PART_ACTIVITY].mean, 1., 1e-9);
    T_NEAR(a.part[VRK_PART_CHANCE].mean, 0., 1e-9);
    T_NEAR(a.reliability, 1., 1e-9);
    vrk_arena_free(&ctx.scratch);
}

/* Money is half what the seller brings and half noise that nothing explains; demand adds. */
static void leaves_to_chance_what_nothing_explains(void)
{
    static made m;
    vrk_ctx ctx = {0};
    vrk_attribution a;
    double sum = 0;
    make(&m);
    for (int s = 0; s < SELLERS; s++) {
        double own = s % 2 ? 1.2 : 0.8, noise = s / 2 % 2 ? 10 : -10;
        m.demand[s] = s / 4 % 3;
        for (int b = 0; b < DRAWS; b++)
            m.start[s * DRAWS + b] = log(own);
        m.money[s] = 50 * own + 50 * m.demand[s] + noise;
    }
    T_OK(vrk_attribution_make(&ctx, &m.r, &a) == VRK_OK && a.made);
    for (int k = 0; k < VRK_PARTS; k++)
        sum += a.part[k].mean;
    T_NEAR(sum, 1., 1e-9);
    /* Variances 100, 50^2 2/3 and 100, and none goes with another. */
    T_NEAR(a.part[VRK_PART_SELLER].mean, 100 / (200 + 5000 / 3.), 1e-9);
    T_NEAR(a.part[VRK_PART_MARKET].mean, 5000 / 3. / (200 + 5000 / 3.), 1e-9);
    T_NEAR(a.part[VRK_PART_CHANCE].mean, 100 / (200 + 5000 / 3.), 1e-9);
    T_OK(a.part[VRK_PART_ACTIVITY].mean == 0 && a.part[VRK_PART_MIX].mean == 0);
    vrk_arena_free(&ctx.scratch);
}

static void says_when_causes_move_together(void)
{
    static made m;
    vrk_ctx ctx = {0};
    vrk_attribution a;
    vrk_answer answer = {.status = VRK_ANSWERED};
    make(&m);
    for (int s = 0; s < SELLERS; s++) { /* those who do more also win more */
        for (int b = 0; b < DRAWS; b++) {
            m.outreach[s * DRAWS + b] = 0.2 + 0.5 * s;
            m.start[s * DRAWS + b] = 0.25 * s - 1.5;
        }
        m.money[s] = 50 * (0.2 + 0.5 * s) * exp(0.25 * s - 1.5) + 50;
    }
    T_OK(vrk_attribution_make(&ctx, &m.r, &a) == VRK_OK && !a.separable);
    vrk_attribution_answer(&a, true, &answer);
    T_OK(answer.status == VRK_WEAK && answer.reason[0].code == VRK_WHY_TOGETHER);
    m.r.draws = 0;
    T_OK(vrk_attribution_make(&ctx, &m.r, &a) == VRK_OK && !a.made);
    answer = (vrk_answer){.status = VRK_ANSWERED};
    vrk_attribution_answer(&a, true, &answer);
    T_OK(answer.status == VRK_CANNOT && answer.reason[0].code == VRK_WHY_FEW_SELLERS);
    vrk_arena_free(&ctx.scratch);
}

/* An order where draws agree, and none where they do not. */
static void orders_only_what_would_come_again(void)
{
    static made m;
    vrk_ctx ctx = {0};
    for (int noisy = 0; noisy < 2; noisy++) {
        vrk_league l = {0};
        make(&m);
        m.contacts[3] = 7;
        m.money[3] = 30;
        for (int i = 0; i < SELLERS * DRAWS; i++)
            m.win[i] = 0.2 * (i / DRAWS) + (noisy ? 4 : 0.1) * ((i * 7919 % 101) / 50. - 1);
        T_OK(vrk_league_make(&ctx, &m.r, &l) == VRK_OK && l.n == SELLERS);
        T_OK(l.ordered == !noisy);
        T_OK(l.row[3].contacts == 7 && l.row[3].money == 30);
        T_OK(l.row[0].seller_key == 100 && l.row[0].lo > l.row[SELLERS - 1].lo);
        if (!noisy) {
            T_OK(l.row[0].above < 0.01 && l.row[SELLERS - 1].above > 0.99);
            T_OK(l.row[SELLERS - 1].lo == 1);
        }
        vrk_league_free(&l);
    }
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(expects_what_deals_bring), T_CASE(gives_all_to_activity_where_only_it_differs),
       T_CASE(leaves_to_chance_what_nothing_explains), T_CASE(says_when_causes_move_together),
       T_CASE(orders_only_what_would_come_again))
