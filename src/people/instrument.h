/* people/instrument.h - how a competence is seen: what it is, how each level shows, what to ask in
 * an interview, and situations to judge. Data in src/people/instruments, compiled into the program.
 * doc/assess.md. */
#ifndef VRK_PEOPLE_INSTRUMENT_H
#define VRK_PEOPLE_INSTRUMENT_H

#include "base/base.h"

enum {
    VRK_ITEM_OPTIONS = 4,
    VRK_ITEM_POINTS = 3, /* of the best option */
    VRK_LEVELS = 5,
    VRK_ITEMS_LEAST = 12,
    VRK_ITEMS_MOST = 100,
    VRK_SITUATION_LEAST = 3, /* items of each kind of situation */
};

typedef struct {
    const char *in[2]; /* by vrk_lang: English, Swedish */
} vrk_text;

typedef struct {
    int64_t points; /* 0 ... VRK_ITEM_POINTS; one option of an item has all */
    vrk_text text, why;
} vrk_item_option;

/* A situation to judge. */
typedef struct {
    const char *id;
    bool placed;                   /* the kind of deal is told; always, but in own instruments */
    bool complex, committee, slow; /* the deal; slow: a long cycle */
    double difficulty;             /* [logits] an expert's start value, not estimated */
    vrk_text stem;
    vrk_item_option option[VRK_ITEM_OPTIONS]; /* as a, b, c, d */
} vrk_item;

typedef struct {
    vrk_text ask, listen_for;
} vrk_interview_question;

typedef struct {
    const char *competency; /* id: "qualification" */
    vrk_text name, definition, low;
    int64_t moments, items, questions;
    const char **moment;              /* [moments] that it bears on */
    vrk_text anchor[VRK_LEVELS];      /* level 1 first */
    vrk_interview_question *question; /* [questions] */
    vrk_item *item;                   /* [items] */
    bool own, retired;                /* people/own.h: of one's own; no longer sent */
    const char *lang;                 /* the one language that it has; "" = both, or not said */
    int64_t stated;                   /* situations whose difficulty is stated */
} vrk_instrument;

typedef struct {
    int64_t n;
    vrk_instrument *instrument; /* [n] by id */
    vrk_arena mem;
} vrk_instruments;

/* Reads one from its JSON text of n bytes, everything in mem. VRK_EINPUT names `file`, the place in
 * it and what is wrong: a key missing or unknown, a text missing in a language, an item without one
 * best option, too few items of a kind of situation. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_instrument_parse(vrk_ctx *ctx, const char *file, const char *json, size_t n,
                                         vrk_arena *mem, vrk_instrument *out);

/* The same of one's own: a situation may have no kind of deal, and there need be no questions. */
VRK_MUST vrk_status vrk_instrument_parse_own(vrk_ctx *ctx, const char *file, const char *json,
                                             size_t n, vrk_arena *mem, vrk_instrument *out);

/* Those that the program has. On failure *out is empty. */
VRK_MUST vrk_status vrk_instruments_read(vrk_ctx *ctx, vrk_instruments *out);
void vrk_instruments_free(vrk_instruments *i); /* safe on an empty one */

/* The one of that competency; NULL = there is none. */
const vrk_instrument *vrk_instrument_find(const vrk_instruments *i, const char *competency);

#endif
