/* cli/fit.h - what the models of `verkan fit` share: the table, the formula, the design, and the
 * document that a model writes. It is printed as JSON, or as a table by fit_print.c. */
#ifndef VRK_CLI_FIT_H
#define VRK_CLI_FIT_H

#include "cli/cmd.h"

#include "data/design.h"
#include "num/stop.h"

#include <jansson.h>

typedef struct {
    const vrk_args *args;
    vrk_rows rows; /* all of the table */
    vrk_formula formula;
    vrk_design design;
    json_t *out; /* owned by the command */
    bool usage;  /* what failed is the command line, not the data */
} vrk_fit_job;

typedef struct {
    const char *name, *summary;
    const char *const *takes; /* options beside those that all take; ends in NULL */
    bool left_side;           /* the formula must have one */
    bool formula_optional;
    vrk_status (*run)(vrk_ctx *ctx, vrk_fit_job *job);
} vrk_fit_model;

/* A CSV with headings as a frame: columns all of whose values are numbers are VRK_DOUBLE, the rest
 * VRK_TEXT; empty and NA = no value. *line [rows] lies in the frame's arena. VRK_EIO; VRK_EINPUT
 * names the line that cannot be read. */
VRK_MUST vrk_status vrk_fit_table(vrk_ctx *ctx, const char *path, vrk_frame *out, int64_t **line);

/* The design of the job's formula; what it read and left out goes into the document. */
VRK_MUST vrk_status vrk_fit_design(vrk_ctx *ctx, vrk_fit_job *job, const vrk_design_opt *opt);

/* FAILs of the command line. */
VRK_MUST vrk_status vrk_fit_usage(vrk_ctx *ctx, vrk_fit_job *job, const char *fmt, ...)
    VRK_PRINTF(3, 4);

/* Which of the words (ends in NULL) an option's value is; `otherwise` where it was not given. */
VRK_MUST vrk_status vrk_fit_choice(vrk_ctx *ctx, vrk_fit_job *job, const char *option,
                                   const char *const *words, int otherwise, int *out);

/* "10,20,30" in ascending order; *n = 0 where it was not given. */
VRK_MUST vrk_status vrk_fit_numbers(vrk_ctx *ctx, vrk_fit_job *job, const char *option,
                                    double **out, int64_t *n);

/* VRK_EINPUT names the line where a variable in use is below `least` or above `most`. NULL or
 * categories pass. */
VRK_MUST vrk_status vrk_fit_within(vrk_ctx *ctx, const vrk_fit_job *job, const vrk_variable *v,
                                   double least, double most);

/* The design's columns without those that the ones before them explain: x [n x rank] column-major
 * in ctx->scratch, and dropped [p]. */
typedef struct {
    int64_t p, rank;
    const double *x;
    bool *dropped; /* [p] */
} vrk_fit_full;
VRK_MUST vrk_status vrk_fit_full_rank(vrk_ctx *ctx, const vrk_design *d, bool skip_intercept,
                                      vrk_fit_full *out);

/* Writing. Values are taken over. Where memory runs out the document is dropped and job->out is
 * NULL, which the command looks at once at the end; so put a list into the document when it is
 * full, and hold none of its parts. */
void vrk_fit_put(vrk_fit_job *job, json_t *object, const char *key, json_t *value);
void vrk_fit_push(vrk_fit_job *job, json_t *list, json_t *value);
json_t *vrk_fit_real(double x); /* null where not finite */

/* {"name", "estimate", "se", "z", "p"}; null where `dropped`. */
json_t *vrk_fit_coefficient(const char *name, double estimate, double se, bool dropped);

/* "coefficients": one for each column of the design, the estimates standing for those kept. */
void vrk_fit_put_coefficients(vrk_fit_job *job, const char *const *name, const vrk_fit_full *full,
                              const double *estimate, const double *se);

/* "fit": iterations, stop, gradient. */
void vrk_fit_put_report(vrk_fit_job *job, int iterations, vrk_stop stop, double gradient);

/* The document as a table for people. */
void vrk_fit_print(const json_t *document);

#endif
