/* diag/coverage.h - which of the eleven questions these data can carry, and what to record for the
 * others: METHODS 11.1 (refusal rules) and 11.2 (blocks of data against questions). */
#ifndef VRK_DIAG_COVERAGE_H
#define VRK_DIAG_COVERAGE_H

#include "diag/reason.h"
#include "store/facts.h"

/* Counts over the facts (sql/query/answerable.sql). */
typedef struct {
    int64_t deals, dated, won, lost, owned, owners, priced; /* dated: with a creation date */
    int64_t created_lately, closed_lately;                  /* in the last 26 weeks */
    int64_t transitions, with_history, bulk;                /* with_history: deals */
    int64_t activities, linked, deals_with_activity, inbound, held, objections;
    int64_t lost_with_objection;
    int64_t assessments, assessed, competencies; /* assessed: sellers who own deals */
    int64_t events, scheduled;                   /* calendar; scheduled: sellers with one */
    int64_t segments, large_segments, in_several;
    int64_t interventions, for_everyone;
    int64_t next_steps, decision_makers, observed, candidates, sellers;
} vrk_coverage;

enum { VRK_QUESTIONS = 11, VRK_REASONS = 8 };

typedef enum { VRK_CANNOT, VRK_WEAK, VRK_ANSWERED } vrk_answer_status;

/* What is said about one question. The reasons stand in order of weight. */
typedef struct {
    vrk_answer_status status; /* by this version from these data */
    vrk_answer_status data;   /* by these data, had the version the model */
    int64_t reasons;
    vrk_reason reason[VRK_REASONS];
} vrk_answer;

/* Counts over facts whose ledger is built. VRK_EDB. */
VRK_MUST vrk_status vrk_coverage_count(vrk_ctx *ctx, vrk_facts *facts, vrk_coverage *out);

/* What the data can carry, whether or not this version has the model for it: answer [11], Q1 first.
 * Cannot fail. */
void vrk_coverage_judge(const vrk_coverage *c, vrk_answer *answer);

/* What this version answers: the same, and VRK_WHY_NO_MODEL put first where it has no model. */
void vrk_coverage_answers(const vrk_coverage *c, vrk_answer *answer);

/* Is there a stage history that carries statements by stage (rule R4)? */
bool vrk_coverage_by_stage(const vrk_coverage *c);

/* The question as a sales leader asks it; `question` 0 ... 10. */
const char *vrk_question_text(vrk_lang lang, int64_t question);

#endif
