#include "sim/truth.h"

#include "base/date.h"
#include "sim/verdict.h"

#include <inttypes.h>
#include <math.h>

static void put_numbers(vrk_str *o, const char *key, const double *x, int n)
{
    vrk_str_addf(o, "\"%s\":[", key);
    for (int i = 0; i < n; i++)
        vrk_str_addf(o, "%s%.6g", i ? "," : "", x[i]);
    vrk_str_add(o, "]");
}

static void put_chain(const vrk_world *w, vrk_str *o)
{
    const vrk_plan *p = &w->plan;
    vrk_str_add(o, " \"chain\":{");
    put_numbers(o, "e0", p->e0, VRK_MOMENTS);
    vrk_str_add(o, ",");
    put_numbers(o, "q0", p->q0, VRK_MOMENTS);
    vrk_str_add(o, ",");
    put_numbers(o, "q0_complex", p->q0_complex, VRK_MOMENTS);
    vrk_str_add(o, ",");
    put_numbers(o, "undone", p->undone, VRK_MOMENTS);
    vrk_str_addf(
        o,
        ",\"p0\":%g,\"spread\":%g,\"spread_p\":%g,\"team_sd\":%g,\"segment_sd\":%g,"
        "\"quarter_sd\":%g,\"fault_share\":%g,\"volume\":%g,\"volume_sd\":%g,\"gamma\":%g,"
        "\"inbound\":%g,\"crowding\":%g,\"log_mean\":%g,\"log_sd\":%g,\"fit_own\":%g,"
        "\"fit_inbound\":%g,\"step_missing\":%g,\"step_kept\":%g,\"qualified\":%g,\"committee\":%g,"
        "\"unfit\":%g,\"frailty_sd\":%g,\"complex_share\":%g,\"delta\":%g},\n",
        p->p0, p->spread, p->spread_p, p->team_sd, p->segment_sd, p->quarter_sd, p->fault_share,
        p->volume, p->volume_sd, p->gamma, p->inbound, p->crowding, p->log_mean, p->log_sd,
        p->fit_own, p->fit_inbound, p->step_missing, p->step_kept, p->qualified, p->committee,
        p->unfit, p->frailty_sd, VRK_COMPLEX_SHARE, VRK_DELTA);
}

static void put_recording(const vrk_world *w, vrk_str *o)
{
    const vrk_plan *p = &w->plan;
    vrk_str_addf(o,
                 " \"mimic\":{\"boss\":%g,\"ticked\":%g,\"call\":%g,\"call_first\":%g},\n"
                 " \"noise\":{\"skipped\":%g,\"batched\":%g,\"misdated\":%g,\"loose\":%g,"
                 "\"nowhere\":%g,\"misclosed\":%g},\n",
                 p->mimic_boss, p->mimic_ticked, p->mimic_call, p->mimic_call_first, p->skipped,
                 p->batched, p->misdated, p->loose, p->nowhere, p->misclosed);
}

static void put_teams(const vrk_world *w, vrk_str *o)
{
    vrk_str_add(o, " \"teams\":[");
    for (int64_t g = 0; g < w->teams; g++) {
        const vrk_team *t = &w->team[g];
        vrk_str_addf(o, "%s\n  {\"team_id\":\"T%04" PRId64 "\",", g ? "," : "", g + 1);
        put_numbers(o, "e", t->e, VRK_MOMENTS);
        vrk_str_add(o, ",");
        put_numbers(o, "q", t->q, VRK_MOMENTS);
        vrk_str_add(o, ",\"faults\":[");
        for (int m = 0, k = 0; m < VRK_MOMENTS; m++) {
            if (t->faulty[m])
                vrk_str_addf(o, "%s\"%s\"", k++ ? "," : "", vrk_moment_name[m]);
        }
        vrk_str_add(o, "]}");
    }
    vrk_str_add(o, "\n ],\n");
}

static void put_market(const vrk_world *w, vrk_str *o)
{
    const vrk_plan *p = &w->plan;
    char day[11];
    vrk_str_add(o, " \"segments\":[");
    for (int k = 0; k < VRK_SEGMENTS; k++)
        vrk_str_addf(o, "%s{\"segment\":\"%s\",\"q\":%.6g}", k ? "," : "", vrk_segment_name[k],
                     w->segment_q[k]);
    vrk_str_add(o, "],\n ");
    put_numbers(o, "quarter_q", w->quarter_q, (int)(w->weeks / 13 + 1));
    if (p->break_segment >= 0) {
        vrk_day_text(w->first_day + 7 * p->break_week, day);
        vrk_str_addf(o, ",\n \"market\":[{\"segment\":\"%s\",\"from\":\"%s\",\"effect\":%g}],\n",
                     vrk_segment_name[p->break_segment], day, p->break_effect);
    } else {
        vrk_str_add(o, ",\n \"market\":[],\n");
    }
    if (p->slow != 0)
        vrk_str_addf(o, " \"slow_stage\":{\"stage\":\"%s\",\"effect\":%g},\n",
                     vrk_stage_name[VRK_FIRST_DECISION], p->slow);
}

static void put_moment(const vrk_world *w, int64_t s, int m, const vrk_level *v, vrk_str *o)
{
    const vrk_trait *t = &w->person[s].at[m];
    vrk_str_addf(o,
                 "%s\n    {\"moment\":\"%s\",\"planted\":\"%s\",\"verdict\":\"%s\",\"e\":%.6g,"
                 "\"p\":%.6g,\"q\":%.6g,\"q_complex\":%.6g,\"logging\":%.6g,\"load_80\":%.6g,"
                 "\"deviation\":{\"e\":%.6g,\"p\":%.6g,\"q\":%.6g,\"team_e\":%.6g,\"team_q\":%.6g,"
                 "\"market_q\":%.6g}",
                 m ? "," : "", vrk_moment_name[m], vrk_fault_name[t->fault],
                 vrk_verdict_name[v->verdict], t->e, t->p, t->q, t->q_complex, t->logging,
                 v->load_80, v->e, v->p, v->q, v->team_e, v->team_q, v->market_q);
    if (m != VRK_PROSPECTING)
        vrk_str_addf(o,
                     ",\"situations\":[{\"situation\":\"simple\",\"verdict\":\"%s\"},"
                     "{\"situation\":\"complex\",\"verdict\":\"%s\"}]",
                     vrk_verdict_name[v->simple], vrk_verdict_name[v->complex]);
    vrk_str_add(o, "}");
}

static void put_sellers(const vrk_world *w, const vrk_level *level, vrk_str *o)
{
    vrk_str_add(o, " \"sellers\":[");
    for (int64_t s = 0; s < w->sellers; s++) {
        const vrk_person *who = &w->person[s];
        vrk_str_addf(o,
                     "%s\n  {\"seller_id\":\"S%04" PRId64 "\",\"team_id\":\"T%04" PRId64
                     "\",\"volume\":%.6g,",
                     s ? "," : "", s + 1, who->team + 1, who->volume);
        put_numbers(o, "segment_share", who->share, VRK_SEGMENTS);
        vrk_str_add(o, ",\"moments\":[");
        for (int m = 0; m < VRK_MOMENTS; m++)
            put_moment(w, s, m, &level[s * VRK_MOMENTS + m], o);
        vrk_str_add(o, "]}");
    }
    vrk_str_add(o, "\n ],\n");
}

static void put_interventions(const vrk_world *w, vrk_str *o)
{
    int k = 0;
    char day[11];
    vrk_str_add(o, " \"interventions\":[");
    for (int64_t i = 0; i < w->sellers * VRK_MOMENTS; i++) {
        const vrk_trait *t = &w->person[i / VRK_MOMENTS].at[i % VRK_MOMENTS];
        if (t->from < 0)
            continue;
        vrk_day_text(w->first_day + 7 * t->from, day);
        vrk_str_addf(o,
                     "%s{\"intervention_id\":\"I%04" PRId64 "\",\"from\":\"%s\",\"e\":%g,\"q\":%g}",
                     k++ ? "," : "", i / VRK_MOMENTS + 1, day, t->step_e, t->step_q);
    }
    for (int64_t g = 0; g < w->teams; g++) {
        if (w->team[g].tempo < 0)
            continue;
        vrk_day_text(w->first_day + 7 * w->team[g].tempo, day);
        vrk_str_addf(o, "%s{\"intervention_id\":\"J%04" PRId64 "\",\"from\":\"%s\",\"volume\":%g}",
                     k++ ? "," : "", g + 1, day, w->plan.tempo);
    }
    vrk_str_add(o, "]");
}

/* Mean over futures of the change against the present course, and its standard error. */
static void put_value(const vrk_value *v, int change, vrk_str *o)
{
    double sum = 0, squares = 0, n = (double)v->replications;
    for (int64_t i = 0; i < v->replications; i++) {
        const int64_t *won = &v->won[i * (1 + VRK_CHANGES)];
        double x = (double)(won[change] - (change ? won[0] : 0)) / 100;
        sum += x;
        squares += x * x;
    }
    double mean = sum / n, variance = n > 1 ? (squares - sum * mean) / (n - 1) : 0;
    vrk_str_addf(o, "{\"mean\":%.10g,\"se\":", mean);
    if (n > 1)
        vrk_str_addf(o, "%.6g}", sqrt(fmax(variance, 0) / n));
    else
        vrk_str_add(o, "null}");
}

static void put_values(const vrk_value *v, vrk_str *o)
{
    vrk_str_addf(o, ",\n \"replications\":%" PRId64 ",\n \"present_course\":", v->replications);
    put_value(v, 0, o);
    vrk_str_add(o, ",\n \"value\":{\"activity+20%\":");
    put_value(v, 1, o);
    for (int m = 0; m < VRK_MOMENTS; m++) {
        vrk_str_addf(o, ",\n  \"fix:%s\":", vrk_moment_name[m]);
        put_value(v, 2 + m, o);
    }
    vrk_str_add(o, ",\n  \"redeploy\":");
    put_value(v, 2 + VRK_MOMENTS, o);
    vrk_str_add(o, "}");
}

vrk_status vrk_truth_write(vrk_ctx *ctx, const vrk_world *w, const vrk_tally *tally,
                           const vrk_value *value, vrk_str *o)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    char from[11], to[11];
    vrk_level *level = VRK_NEW(&ctx->scratch, w->sellers * VRK_MOMENTS, vrk_level);
    if (!level)
        FAIL(VRK_EMEMORY, "out of memory for the truth");
    TRY(vrk_levels(ctx, w, level));
    vrk_day_text(w->first_day, from);
    vrk_day_text(w->end_day - 1, to);
    vrk_str_addf(o,
                 "{\"schema\":\"verkan.truth/1\",\"kind\":\"%s\",\"seed\":%" PRIu64
                 ",\"from\":\"%s\",\"to\":\"%s\",\n \"data\":{\"sellers\":%" PRId64
                 ",\"teams\":%" PRId64 ",\"weeks\":%" PRId64 ",\"deals\":%" PRId64
                 ",\"won\":%" PRId64 ",\"lost\":%" PRId64 ",\"activities\":%" PRId64 "},\n",
                 vrk_sim_kind_name(w->opt.kind), w->opt.seed, from, to, w->sellers, w->teams,
                 w->weeks, tally->deals, tally->won, tally->lost, tally->activities);
    vrk_str_add(o, " \"moments\":[");
    for (int m = 0; m < VRK_MOMENTS; m++)
        vrk_str_addf(o, "%s\"%s\"", m ? "," : "", vrk_moment_name[m]);
    vrk_str_addf(o, "],\n \"load\":{\"mean\":%.6g,\"sd\":%.6g},\n", w->load_mean, w->load_sd);
    put_chain(w, o);
    put_recording(w, o);
    put_teams(w, o);
    put_market(w, o);
    put_sellers(w, level, o);
    put_interventions(w, o);
    if (value)
        put_values(value, o);
    vrk_str_add(o, "}\n");
    if (o->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the truth");
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
