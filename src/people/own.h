/* people/own.h - instruments of one's own: situations that were written elsewhere and come as QTI 3
 * (ingest/qti_items.h), with difficulties that their author states, or none. They are sent, taken,
 * scored and measured as those of the program, and marked as one's own. doc/assess.md. */
#ifndef VRK_PEOPLE_OWN_H
#define VRK_PEOPLE_OWN_H

#include "people/instrument.h"
#include "store/records.h"

typedef struct {
    const char *competency; /* its id here; NULL = that of the test in the files */
    const char *name;       /* NULL = the test's title */
} vrk_own_opt;

typedef struct {
    char competency[64];
    int64_t items, stated, placed; /* placed: the kind of deal is told */
    bool renamed;                  /* item ids were taken: they carry the competency before them */
    bool again;  /* it was there already, the same, and is sent again if it was retired */
    bool second; /* it was there in the other language, and has both now */
} vrk_own_report;

/* What ingest/qti_items.h hands over of one file. */
typedef struct {
    const char *name, *json; /* of the file; [n] bytes */
    size_t n;
} vrk_own_file;

/* Adds one instrument of the files' items, whole or not at all. One that is there in the other
 * language gets this one beside it, where ids, points, difficulties and kinds of deal are the same.
 * Hold the workspace's lock. VRK_EINPUT names the item and what is wrong; the id is one of the
 * program's, or another instrument has it; fewer than VRK_ITEMS_LEAST situations. */
VRK_MUST vrk_status vrk_own_add(vrk_ctx *ctx, vrk_records *records, const vrk_own_file *file,
                                int64_t files, const vrk_own_opt *opt, vrk_own_report *out);

/* No longer sent. Links that are out go on. VRK_EINPUT: there is none of one's own by that id. */
VRK_MUST vrk_status vrk_own_retire(vrk_ctx *ctx, vrk_records *records, const char *competency);

/* The program's and one's own. On failure *out is empty. */
VRK_MUST vrk_status vrk_instruments_all(vrk_ctx *ctx, vrk_records *records, vrk_instruments *out);

#endif
