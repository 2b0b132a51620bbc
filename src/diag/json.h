/* diag/json.h - reading members of the result document. */
#ifndef VRK_DIAG_JSON_H
#define VRK_DIAG_JSON_H

#include <jansson.h>
#include <stdint.h>

const char *vrk_json_text(const json_t *object, const char *key); /* "" where it is none */
int64_t vrk_json_int(const json_t *object, const char *key);      /* 0 where it is none */
double vrk_json_number(const json_t *object, const char *key);    /* NaN where null or none */
double vrk_json_mean(const json_t *object, const char *key);      /* of an estimate */

#endif
