/* diag/reason.h - why a question cannot be answered, or only weakly, and what to record to change
 * that. A reason is a code with numbers, not a sentence: the document keeps it, so that it can be
 * said in any language later. METHODS 11.1 gives the refusal rules R1 ... R14. */
#ifndef VRK_DIAG_REASON_H
#define VRK_DIAG_REASON_H

#include "diag/words.h"

typedef enum {
    VRK_WHY_NO_MODEL = 0, /* the diagnosis has none; people/ answers it beside the result */
    VRK_WHY_NO_DEALS,
    VRK_WHY_NO_DATES,     /* n of all deals have no date; too few are left */
    VRK_WHY_NO_HISTORY,   /* R4: no stage events at all */
    VRK_WHY_THIN_HISTORY, /* R4: n of all deals have one */
    VRK_WHY_BULK_EDITS,   /* R4: n of all transitions were made in bulk */
    VRK_WHY_NO_CLOSED,    /* no deal is closed */
    VRK_WHY_FEW_CLOSED,   /* n closed of the `all` that are needed */
    VRK_WHY_ALL_LOST,     /* all n closed deals are lost */
    VRK_WHY_ALL_WON,      /* all n closed deals are won */
    VRK_WHY_NO_SELLERS,   /* deals name no seller */
    VRK_WHY_ONE_SELLER,   /* all deals have the same one */
    VRK_WHY_NO_ACTIVITIES,
    VRK_WHY_UNLINKED,     /* n of all activities belong to no deal in the data */
    VRK_WHY_NO_BEHAVIOUR, /* R1: neither next steps, roles, held meetings nor assessments */
    VRK_WHY_ONLY_LOGGED,  /* R2: behaviour is only what sellers log themselves */
    VRK_WHY_NO_ASSESSMENTS,
    VRK_WHY_FEW_ASSESSED,   /* n of all sellers are assessed */
    VRK_WHY_ONE_COMPETENCY, /* R7: assessments have one dimension */
    VRK_WHY_NO_CALENDAR,
    VRK_WHY_THIN_CALENDAR, /* n of all sellers have a calendar */
    VRK_WHY_NO_INBOUND,    /* R11: what customers do is not recorded */
    VRK_WHY_NO_INTERVENTIONS,
    VRK_WHY_FEW_INTERVENTIONS, /* R8: n interventions, none with sellers left as comparison */
    VRK_WHY_NO_CANDIDATES,
    VRK_WHY_FEW_INCUMBENTS, /* R10: n of the `all` assessed sellers that are needed */
    VRK_WHY_TERRITORY,      /* R6: n of all sellers work in more than one segment */
    VRK_WHY_SMALL_SEGMENTS, /* R13: n of all segments have 30 closed deals or more */
    VRK_WHY_PROCESS_ONLY,   /* the process part is answered; prices and causes cannot be */
    VRK_WHY_ENTRY_TO_CLOSE, /* answered from entry to close only */
    VRK_WHY_NO_OBJECTIONS,  /* n of all lost deals have a logged objection before */
    VRK_WHY_FEW_OCCASIONS,  /* n occasions of the `all` that are needed */
    VRK_WHY_FEW_SELLERS,    /* n sellers with half a year of weeks of the `all` that are needed */
    VRK_WHY_NO_AMOUNTS,     /* no deal has an amount */
    VRK_WHY_TOGETHER,       /* R14: shares move together by more than 15 points */
    VRK_WHY_SINGLE_INTERVENTIONS, /* none with several sellers could be evaluated */
    VRK_WHY_FEW_WEEKS,            /* n working weeks of the `all` that are needed */
    VRK_WHY_FEW_OWN,              /* n own deals of the `all` that are needed */
    VRK_WHY_TEMPO_UNCLEAR,        /* R5: n weeks of all sellers: the interval is too wide */
    VRK_WHY_COUNT
} vrk_why;

typedef struct {
    vrk_why code;
    int64_t n, all; /* the counts the sentence names; 0 where it names none */
    int64_t more;   /* how many more would be enough; 0 = not computable */
    double weeks;   /* how long that takes at the present pace; NaN = not computable */
} vrk_reason;

/* The code's stable name in the document ("thin_history") and its rule ("R4", "" where none). */
const char *vrk_why_name(vrk_why code);
const char *vrk_why_rule(vrk_why code);
bool vrk_why_of(const char *name, vrk_why *code); /* false: unknown */

/* Why, and what to record: a sentence each; the second is "" where nothing can be recorded. */
const char *vrk_reason_why(const vrk_words *w, const vrk_reason *r);
const char *vrk_reason_record(const vrk_words *w, const vrk_reason *r);

/* "about six weeks"; "" for NaN. */
const char *vrk_say_weeks(const vrk_words *w, double weeks);

#endif
