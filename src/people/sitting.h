/* people/sitting.h - somebody takes a situational test: invited by a link without account, asked
 * one situation at a time by what is known so far, each answer kept at once, resumed at will. Who
 * asks the questions (a terminal, a page) is not known here. All is in the records; the log of a
 * sitting is only added to, and gives the same choices and scores again. doc/assess.md. */
#ifndef VRK_PEOPLE_SITTING_H
#define VRK_PEOPLE_SITTING_H

#include "diag/words.h"
#include "people/bank.h"
#include "store/records.h"

enum { VRK_TOKEN_CHARS = 48, VRK_SITTING_PARTS = 16, VRK_ID_MOST = 200 };

/* What to invite to. Zero is the default where one is told. */
typedef struct {
    const char *person;  /* source id of a seller or candidate */
    bool candidate;      /* else a seller; an unknown candidate is added to the persons (hold the
                            workspace's lock), an unknown seller refused */
    const char *purpose; /* what the answers are for, as the person is told; NULL = by kind */
    const char *const *competency; /* [competencies] */
    int64_t competencies;
    vrk_lang lang;
    double stop_se; /* stop at this standard error; 0 = .55: reliability .70 */
    int64_t most;   /* situations a competency; 0 = 12 */
    int64_t days;   /* that the link holds; 0 = 14 */
} vrk_invite;

/* Stores an invitation; `token` [VRK_TOKEN_CHARS + 1] is the link's secret and is not kept. *id may
 * be NULL. VRK_EINPUT: a person or competency that is not known, a number out of range. */
VRK_MUST vrk_status vrk_invite_make(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                                    const vrk_invite *invite, char *token, int64_t *id);
/* The same in the caller's transaction. */
VRK_MUST vrk_status vrk_invite_add(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                                   const vrk_invite *invite, char *token, int64_t *id);

/* The link stops working; what was answered is kept. VRK_EINPUT: no such invitation. */
VRK_MUST vrk_status vrk_invite_withdraw(vrk_ctx *ctx, vrk_records *records, int64_t id);

typedef enum {
    VRK_LINK_OPEN = 0,
    VRK_LINK_UNKNOWN, /* no such link: mistyped, or made up */
    VRK_LINK_EXPIRED,
    VRK_LINK_WITHDRAWN,
    VRK_LINK_FINISHED,
    VRK_LINK_CHANGED, /* the situations or their key are others since */
} vrk_link;

/* One competency of a sitting. */
typedef struct {
    vrk_bank bank;   /* to choose by: as when the invitation was made */
    vrk_bank newest; /* to score by, where the situations were measured since; else empty */
    int64_t persons; /* whose answers what scores it was measured on; 0 = start values */
    int8_t *x;       /* [items] points, -1 = not answered */
    char *choice;    /* [items] 'a' ... 'd', 0 = not answered */
    int64_t *took; /* [items] from asked to answered [us]; -1 = not known (clock set, or a break) */
    int64_t *place; /* [items] answered as number 1, 2 ...; 0 = not */
} vrk_sitting_part;

static inline const vrk_bank *vrk_part_bank(const vrk_sitting_part *part)
{
    return part->newest.instrument ? &part->newest : &part->bank;
}

typedef struct {
    const char *kind, *item, *trait; /* trait: NULL = none */
    char choice;
    int64_t at;
} vrk_sitting_event;

typedef struct {
    int64_t id; /* of the invitation; 0 = none */
    int64_t person;
    const char *person_id, *purpose;
    bool candidate;
    vrk_lang lang;
    uint64_t seed;
    double stop_se;
    bool by_mean; /* chosen by information at the mean: links of before that rule changed */
    int64_t most, made_at, expires_at, finished_at; /* [us since 1970 UTC]; 0 = not finished */
    vrk_link link;
    int64_t parts, answered, events;
    vrk_sitting_part *part;   /* [parts] */
    vrk_sitting_event *event; /* [events] in order */
    vrk_arena mem;
} vrk_sitting;

/* By the link. out->link tells whether it may go on; out->id is 0 where the link is not known.
 * `all` must outlive it. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_sitting_open(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                                     const char *token, vrk_sitting *out);
/* By the invitation's number, for who looks at it. VRK_EINPUT: there is none. */
VRK_MUST vrk_status vrk_sitting_read(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                                     int64_t id, vrk_sitting *out);
void vrk_sitting_free(vrk_sitting *s); /* safe on an empty one */

/* What comes next. */
typedef struct {
    bool done; /* nothing: enough is known, or the most are answered */
    int64_t part, number;
    const vrk_item *item;
    int order[VRK_ITEM_OPTIONS]; /* which option stands first, second ... */
    int64_t answered, most;      /* so far, and at the most */
    char trait[64];              /* mean and SD before it, hexadecimal */
} vrk_question;

/* The order [VRK_ITEM_OPTIONS] in which the options of an item are shown: drawn for this sitting,
 * so that the place of the best one tells nothing. */
void vrk_sitting_order(const vrk_sitting *s, int64_t part, int64_t number, int *order);

/* The choice alone: of the competency asked least, the situation whose answer is expected to narrow
 * most what is known, balanced over kinds of deals; a function of the sitting's seed and answers.
 */
VRK_MUST vrk_status vrk_sitting_choose(vrk_ctx *ctx, const vrk_sitting *s, vrk_question *out);

/* The same, and logs that it was asked, or that the sitting is finished. The link must be open. */
VRK_MUST vrk_status vrk_sitting_ask(vrk_ctx *ctx, vrk_records *records, vrk_sitting *s,
                                    vrk_question *out);

typedef enum {
    VRK_ANSWER_SAVED = 0,
    VRK_ANSWER_SAME,      /* was saved before: sent twice */
    VRK_ANSWER_STANDS,    /* another answer to it was saved before, and stands */
    VRK_ANSWER_NOT_ASKED, /* this situation is not the one that was asked */
    VRK_ANSWER_NO_CHOICE, /* neither of a, b, c, d */
    VRK_ANSWER_CLOSED,    /* the link is not open; *link tells why */
} vrk_answered;

/* Saves an answer: option 'a' ... 'd' as the instrument has them. One transaction: when it returns
 * OK the answer is on disk. Safe to send again, and from two windows at once. */
VRK_MUST vrk_status vrk_sitting_answer(vrk_ctx *ctx, vrk_records *records,
                                       const vrk_instruments *all, const char *token,
                                       const char *item, char option, vrk_answered *out,
                                       vrk_link *link);
/* The same in the caller's transaction, for a sitting that was opened in it. */
VRK_MUST vrk_status vrk_sitting_take(vrk_ctx *ctx, vrk_records *records, const vrk_sitting *s,
                                     const char *item, char option, vrk_answered *out);

/* What to tell who sits there, in their language. */
const char *vrk_link_says(vrk_lang lang, vrk_link link);
const char *vrk_answered_says(vrk_lang lang, vrk_answered answered);

typedef struct {
    int64_t events, differs; /* differs: the first that came out otherwise; 0 = none */
    int64_t answered;
} vrk_replay;

/* Plays the log again from nothing. VRK_EINPUT: the situations or their key have changed. */
VRK_MUST vrk_status vrk_sitting_replay(vrk_ctx *ctx, const vrk_sitting *s, vrk_replay *out);

#endif
