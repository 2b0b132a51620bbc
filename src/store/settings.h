/* store/settings.h - verkan.toml: the few settings of a workspace. A line is key = "value", or a
 * number; [section] and [section.part] as TOML has them. */
#ifndef VRK_STORE_SETTINGS_H
#define VRK_STORE_SETTINGS_H

#include "base/base.h"

/* What a kind of action is expected to do, and takes. doc/decisions.md. */
typedef struct {
    double effect, effect_sd; /* train, coach: log of what those it is for win; else a share */
    double fee_each, fee;     /* a person, and in all */
    double hours;             /* of each seller */
} vrk_action_terms;

/* [actions] */
typedef struct {
    double margin;           /* of the money won, what is left to pay for actions */
    double sure;             /* right from this probability of paying on */
    double half_life_months; /* of the effect of training and coaching */
    double hours_a_year;     /* that a seller works */
    double freed_hour;       /* fee for an hour of internal work done by somebody else */
    double review_fee, assess_fee, log_fee; /* an occasion heard, an assessment, one written down */
    const char *currency;                   /* of the fees */
    vrk_action_terms train, coach, process, drop, redeploy;
} vrk_action_settings;

/* [server]: what one session, or one address, may ask for, and who needs a second factor. */
typedef struct {
    double requests_a_minute, changes_a_minute, files_a_minute, jobs_an_hour, answers_a_minute;
    const char *second_factor; /* names of roles, blanks between */
} vrk_server_settings;

/* [recruitment] */
typedef struct {
    double test_interview; /* how a test and structured interviews correlate; doc/recruit.md */
} vrk_recruitment_settings;

typedef struct {
    const char *organisation; /* its name, "" = none */
    const char *timezone, *country, *currency;
    const char *person_level; /* case, open */
    vrk_action_settings actions;
    vrk_server_settings server;
    vrk_recruitment_settings recruitment;
} vrk_settings;

/* Every setting at its default. */
extern const vrk_settings vrk_settings_default;

/* Reads `text` (n bytes, NUL-terminated) into *out, defaults where a key is missing. VRK_EINPUT
 * names file, line, key and value of what cannot be. */
VRK_MUST vrk_status vrk_settings_parse(vrk_ctx *ctx, const char *path, const char *text,
                                       vrk_arena *mem, vrk_settings *out);

/* The same of a file; *text is what stands in it. VRK_EIO: it cannot be read. */
VRK_MUST vrk_status vrk_settings_read(vrk_ctx *ctx, const char *path, vrk_arena *mem, char **text,
                                      vrk_settings *out);

/* The lines of [actions] that give these again; NULL: out of memory. */
const char *vrk_action_settings_text(vrk_arena *mem, const vrk_action_settings *a);

/* What `verkan init` writes: every setting with its default and a comment. */
extern const char *const vrk_settings_text;

/* One setting: where it stands in vrk_settings, and what a number may be. */
typedef struct {
    const char *section, *key; /* "" = above all sections */
    size_t at;                 /* of a const char * or a double */
    double least, most;
    bool text;
} vrk_setting;
bool vrk_settings_at(int i, vrk_setting *out); /* false: there are no more */

/* The text of verkan.toml with another value of the i-th setting; all else, comments too, stays.
 * The value is not looked at: vrk_settings_parse says whether the whole will do. */
const char *vrk_settings_change(vrk_arena *mem, const char *text, int i, const char *value);

#endif
