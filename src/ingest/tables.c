#include "ingest/tables.h"

#include <string.h>

#define TEXT(n)                                                                                    \
    {                                                                                              \
        n, n, VRK_COL_TEXT, false, NULL                                                            \
    }
#define TEXT_STAR(n)                                                                               \
    {                                                                                              \
        n, n, VRK_COL_TEXT, true, NULL                                                             \
    }
#define COL(n, f, k)                                                                               \
    {                                                                                              \
        n, f, VRK_COL_##k, false, NULL                                                             \
    }
#define COL_STAR(n, f, k)                                                                          \
    {                                                                                              \
        n, f, VRK_COL_##k, true, NULL                                                              \
    }
#define WORD(n, w)                                                                                 \
    {                                                                                              \
        n, n, VRK_COL_WORD, false, w                                                               \
    }
#define WORD_STAR(n, w)                                                                            \
    {                                                                                              \
        n, n, VRK_COL_WORD, true, w                                                                \
    }

static const vrk_col teams[] = {TEXT_STAR("team_id"), TEXT("name"), TEXT("parent_team_id"), {0}};

static const vrk_col sellers[] = {COL_STAR("seller_id", "seller_key", PERSON),
                                  COL("name", NULL, NAME),
                                  COL("email", NULL, NAME),
                                  TEXT("role"),
                                  TEXT("team_id"),
                                  COL("manager_id", "manager_key", PERSON),
                                  COL("hired_on", "hired_on", DAY),
                                  COL("left_on", "left_on", DAY),
                                  {0}};

static const vrk_col accounts[] = {TEXT_STAR("account_id"),
                                   TEXT("name"),
                                   TEXT("industry"),
                                   TEXT("region"),
                                   COL("employees", "employees", WHOLE),
                                   {0}};

static const vrk_col deals[] = {TEXT_STAR("deal_id"),
                                TEXT("account_id"),
                                COL("seller_id", "seller_key", PERSON),
                                TEXT("name"),
                                COL("amount", "amount", MONEY),
                                COL("currency", "currency", CURRENCY),
                                WORD("source", " outbound inbound own=outbound "),
                                TEXT("product"),
                                TEXT("pipeline"),
                                TEXT("stage"),
                                TEXT("segment"),
                                TEXT("complexity"),
                                TEXT("decision_structure"),
                                COL("created_at", "created_at", TIME),
                                COL("closed_at", "closed_at", TIME),
                                WORD("outcome", " open won lost "),
                                TEXT("lost_reason"),
                                COL("expected_close_on", "expected_close_on", DAY),
                                COL("updated_at", "updated_at", TIME),
                                {0}};

static const vrk_col stage_events[] = {TEXT_STAR("deal_id"),
                                       TEXT_STAR("stage"),
                                       COL_STAR("entered_at", "entered_at", TIME),
                                       WORD("kind", " stage won lost reopened back "),
                                       WORD("quality", " exact derived snapshot inferred "),
                                       COL("recorded_by", "recorded_by_key", PERSON),
                                       {0}};

static const vrk_col owner_changes[] = {TEXT_STAR("deal_id"),
                                        COL_STAR("seller_id", "seller_key", PERSON),
                                        COL_STAR("changed_at", "changed_at", TIME),
                                        {0}};

static const vrk_col close_date_changes[] = {TEXT_STAR("deal_id"),
                                             COL_STAR("changed_at", "changed_at", TIME),
                                             COL("old_on", "old_on", DAY),
                                             COL("new_on", "new_on", DAY),
                                             {0}};

static const vrk_col activities[] = {
    TEXT_STAR("activity_id"),
    COL_STAR("seller_id", "seller_key", PERSON),
    TEXT("deal_id"),
    TEXT("account_id"),
    WORD_STAR("kind", " call email meeting demo quote other *=other "),
    WORD("direction", " inbound outbound "),
    COL_STAR("started_at", "started_at", TIME),
    COL("duration_min", "duration_s", MINUTES),
    TEXT("outcome"),
    COL("contact_id", "contact_key", CONTACT),
    COL("updated_at", "updated_at", TIME),
    {0}};

static const vrk_col next_steps[] = {TEXT_STAR("step_id"),
                                     TEXT_STAR("deal_id"),
                                     COL_STAR("seller_id", "seller_key", PERSON),
                                     COL_STAR("created_at", "created_at", TIME),
                                     COL("due_on", "due_on", DAY),
                                     COL("done_at", "done_at", TIME),
                                     COL("updated_at", "updated_at", TIME),
                                     {0}};

static const vrk_col contact_roles[] = {TEXT_STAR("deal_id"),
                                        COL_STAR("contact_id", "contact_key", CONTACT),
                                        TEXT_STAR("role"),
                                        COL("since", "since", TIME),
                                        {0}};

static const vrk_col moments[] = {TEXT_STAR("moment"),
                                  COL_STAR("seller_id", "seller_key", PERSON),
                                  TEXT("deal_id"),
                                  COL_STAR("at", "at", TIME),
                                  COL("done", "done", FLAG),
                                  COL("success", "success", FLAG),
                                  {0}};

static const vrk_col calendar[] = {
    TEXT("event_id"),
    COL_STAR("seller_id", "seller_key", PERSON),
    COL_STAR("starts_at", "starts_at", TIME),
    COL_STAR("ends_at", "ends_at", TIME),
    WORD("category", " customer internal admin travel focus absence "),
    COL("title", NULL, DROPPED),
    {0}};

static const vrk_col assessments[] = {COL_STAR("person_id", "person_key", PERSON),
                                      TEXT_STAR("competency"),
                                      TEXT_STAR("item_id"),
                                      COL_STAR("score", "score", NUMBER),
                                      COL("max_score", "max_score", NUMBER),
                                      COL("rater_id", "rater_key", PERSON),
                                      TEXT("instrument"),
                                      COL("assessed_on", "assessed_on", DAY),
                                      {0}};

static const vrk_col candidates[] = {COL_STAR("candidate_id", "candidate_key", PERSON),
                                     COL("name", NULL, NAME),
                                     TEXT("role"),
                                     COL("applied_on", "applied_on", DAY),
                                     COL("experience_years", "experience_years", NUMBER),
                                     TEXT("decision"),
                                     COL("decided_on", "decided_on", DAY),
                                     {0}};

static const vrk_col targets[] = {COL("seller_id", "seller_key", PERSON),
                                  TEXT("team_id"),
                                  TEXT_STAR("period"),
                                  TEXT_STAR("metric"),
                                  COL_STAR("amount", "amount", MONEY),
                                  COL("currency", "currency", CURRENCY),
                                  {0}};

static const vrk_col interventions[] = {TEXT_STAR("intervention_id"),
                                        TEXT_STAR("kind"),
                                        TEXT("moment"),
                                        COL("seller_id", "seller_key", PERSON),
                                        TEXT("team_id"),
                                        COL_STAR("started_on", "started_on", DAY),
                                        COL("ended_on", "ended_on", DAY),
                                        COL("cost", "cost", MONEY),
                                        TEXT("note"),
                                        {0}};

/* In the order in which they are read: what is referred to comes first. */
const vrk_table vrk_tables[] = {
    {"teams", teams, "team_id", NULL, false, NULL, false, "parent_team_id>teams.team_id"},
    {"sellers", sellers, "seller_key", NULL, false, NULL, false, "team_id>teams.team_id"},
    {"accounts", accounts, "account_id", NULL, false, NULL, false, ""},
    {"deals", deals, "deal_id", "deal_id", false, "updated_at", false,
     "account_id>accounts.account_id seller_key>sellers.seller_key"},
    {"stage_events", stage_events, "deal_id, stage, entered_at", "deal_id", false, NULL, false,
     "deal_id>deals.deal_id"},
    {"owner_changes", owner_changes, "deal_id, changed_at", "deal_id", false, NULL, false,
     "deal_id>deals.deal_id seller_key>sellers.seller_key"},
    {"close_date_changes", close_date_changes, "deal_id, changed_at", "deal_id", false, NULL, false,
     "deal_id>deals.deal_id"},
    {"contact_roles", contact_roles, "deal_id, contact_key, role", "deal_id", false, "since", true,
     "deal_id>deals.deal_id"},
    {"activities", activities, "activity_id", "started_at", true, "updated_at", false,
     "seller_key>sellers.seller_key deal_id>deals.deal_id account_id>accounts.account_id"},
    {"next_steps", next_steps, "step_id", "deal_id", false, "updated_at", false,
     "deal_id>deals.deal_id seller_key>sellers.seller_key"},
    {"moments", moments, "moment, seller_key, deal_id, \"at\"", NULL, false, NULL, false,
     "deal_id>deals.deal_id seller_key>sellers.seller_key"},
    {"calendar", calendar,
     "event_id, CASE WHEN event_id IS NULL THEN seller_key END, "
     "CASE WHEN event_id IS NULL THEN starts_at END, "
     "CASE WHEN event_id IS NULL THEN ends_at END, "
     "CASE WHEN event_id IS NULL THEN category END",
     "starts_at", true, NULL, false, "seller_key>sellers.seller_key"},
    {"assessments", assessments, "person_key, item_id, rater_key, instrument, assessed_on", NULL,
     false, NULL, false, ""},
    {"candidates", candidates, "candidate_key", NULL, false, NULL, false, ""},
    {"targets", targets, "seller_key, team_id, period, metric", NULL, false, NULL, false,
     "seller_key>sellers.seller_key team_id>teams.team_id"},
    {"interventions", interventions, "intervention_id", NULL, false, NULL, false,
     "seller_key>sellers.seller_key team_id>teams.team_id"},
    {0}};

const vrk_table *vrk_table_of(const char *name)
{
    for (const vrk_table *t = vrk_tables; t->name; t++) {
        if (!strcmp(t->name, name))
            return t;
    }
    return NULL;
}

const vrk_col *vrk_col_of(const vrk_table *t, const char *name)
{
    for (const vrk_col *c = t->col; c->name; c++) {
        if (!strcmp(c->name, name))
            return c;
    }
    return NULL;
}
