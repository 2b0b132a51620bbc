/* store/settings.h - verkan.toml: the few settings of a workspace, as `key = "value"` lines. */
#ifndef VRK_STORE_SETTINGS_H
#define VRK_STORE_SETTINGS_H

#include "base/base.h"

typedef struct {
    const char *timezone, *country, *currency;
} vrk_settings;

/* Reads `text` (n bytes, NUL-terminated) into *out, defaults where a key is missing. VRK_EINPUT
 * names file, line, key and value of what cannot be. */
VRK_MUST vrk_status vrk_settings_parse(vrk_ctx *ctx, const char *path, const char *text,
                                       vrk_arena *mem, vrk_settings *out);

/* What `verkan init` writes: every setting with its default and a comment. */
extern const char *const vrk_settings_text;

#endif
