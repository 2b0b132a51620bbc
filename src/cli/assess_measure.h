/* cli/assess_measure.h - what `verkan assess measure` found, as JSON beside its page. */
#ifndef VRK_CLI_ASSESS_MEASURE_H
#define VRK_CLI_ASSESS_MEASURE_H

#include "people/measure.h"

#include <stdio.h>

struct json_t; /* jansson */

/* Who answered; then the situations, each pair of groups (k NULL: too few), and the whole. */
struct json_t *vrk_measure_start(const vrk_answered_by *by);
void vrk_measure_items(struct json_t *to, const vrk_answered_by *by, const vrk_keyed *k);
void vrk_measure_group(struct json_t *to, const vrk_answered_by *by, const vrk_keyed *k,
                       const char *group, int64_t n, const char *beside, int64_t m);
VRK_MUST vrk_status vrk_measure_print(vrk_ctx *ctx, struct json_t *from);

#endif
