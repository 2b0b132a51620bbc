/* ingest/eventlog.h - event logs (XES, IEEE 1849; CSV with a row per event) as sources: a case is
 * a deal, the same case id in one import is one deal, in however many files it stands. */
#ifndef VRK_INGEST_EVENTLOG_H
#define VRK_INGEST_EVENTLOG_H

#include "ingest/csv_check.h"

/* The headings of an event CSV, as they stand in the file; NULL = there is none. A log of events
 * has case_id, activity and timestamp; a table of cases, joined to a log of the same import, has
 * case_id only. */
typedef struct {
    const char *case_id, *activity, *timestamp, *lifecycle, *resource;
} vrk_log_columns;

typedef struct {
    const char *path;       /* as given */
    const vrk_csv *csv;     /* checked; NULL = the file is XES */
    vrk_log_columns column; /* of the CSV; without activity it is a table of cases */
} vrk_log_file;

/* All zero is the default. */
typedef struct {
    const char *const *stage; /* [stages] activities that are stages; none = inferred: those that
                               * share the prefix (up to the first _) that most activities have;
                               * where it is no convention (less than half have one), all */
    int64_t stages;
    const char *const *won, *const *lost; /* [wons] [losts] activities that close a deal; none of
                                           * both = by the words of ingest/outcome.h */
    int64_t wons, losts;
} vrk_eventlog_opt;

typedef struct {
    vrk_source *source; /* [sources] sellers, deals; stage_events and activities of each file */
    int64_t sources;
    const char **note; /* [notes] what was taken for what, a sentence each, in English */
    int64_t notes;
    vrk_arena mem;
} vrk_eventlog;

/* Reads the files into one log, written to `staging` (a folder; the sources read it there), and
 * says what is a stage, a closing and an activity:
 * - only completed events count; a start before one gives the activity its duration;
 * - an event of a stage enters it, one that closes ends the deal; what stays in the log after a
 *   win, or at the very moment of a loss, is work (an activity), a stage after a loss re-opens;
 * - all other completed events are activities of their resource (without one: left out, noted);
 * - a case's owner is the resource of its latest event; its attributes, and those of events that
 *   never differ within a case, are the deal's.
 * VRK_EINPUT: see xes.h; a table of cases without a log; no event in any file. VRK_EIO, VRK_EDB. */
VRK_MUST vrk_status vrk_eventlog_make(vrk_ctx *ctx, const vrk_log_file *file, int64_t n,
                                      const char *staging, const vrk_eventlog_opt *opt,
                                      vrk_eventlog *out);
void vrk_eventlog_free(vrk_eventlog *log);

#endif
