/* ingest/value_sql.h - the reading of cells (value.h) as functions of SQL:
 *
 *   vrk_look(x)               the bits of VRK_LOOK_
 *   vrk_date(x, order, zone)  order day, month or '?'; zone 'utc' or 'local'
 *   vrk_number(x, decimal)    decimal '.', ',' or '?'
 *   vrk_minutes(x, decimal)   a duration, 1:30 or 90
 *   vrk_flag(x), vrk_clock(x)
 *   vrk_currency(x)           SEK for Svensk krona; vrk_currency_in(x) for "1 250 SEK", or NULL
 *   vrk_key(x)                an id as all files of its system write it
 *   vrk_category(x)           of an event by its title (category.h)
 *   vrk_score(x)              of an answer (score.h)
 *   vrk_person(x)             a person without "(Deactivated User)", an id as vrk_key
 *   vrk_member(key, x)        key:"x" as JSON, for a key that is JSON already; NULL where x has
 *                             control characters, or is long: to_json() is for those
 *
 * Each gives NULL for a word that means no value, and the text itself where it
 * cannot be read: the import then tells its line, its value and why. */
#ifndef VRK_INGEST_VALUE_SQL_H
#define VRK_INGEST_VALUE_SQL_H

#include "store/duck.h"

VRK_MUST vrk_status vrk_value_functions(vrk_ctx *ctx, vrk_duck *duck);

#endif
