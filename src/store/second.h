/* store/second.h - a second factor at login: codes of an authenticator app (TOTP, RFC 6238: SHA-1,
 * six digits, half a minute, for apps that are told another algorithm often use SHA-1 all the same)
 * and codes for when it is lost. Each is good for once. */
#ifndef VRK_STORE_SECOND_H
#define VRK_STORE_SECOND_H

#include "store/records.h"

enum {
    VRK_SECRET = 33,
    VRK_RECOVERY = 12,
    VRK_RECOVERIES = 10
}; /* [byte] with the NUL; how many */

/* The code of the half minute `step`, with up to nine digits. */
uint32_t vrk_totp(const uint8_t *key, size_t n, uint64_t step, int digits);

/* Whether the account is asked for it. */
VRK_MUST vrk_status vrk_second_is_on(vrk_ctx *ctx, vrk_records *records, int64_t account, bool *on);

/* What follows changes; the caller has the transaction open. */

/* A new key in base 32, which is asked for once it is confirmed. VRK_EINPUT: one is on already. */
VRK_MUST vrk_status vrk_second_begin(vrk_ctx *ctx, vrk_records *records, int64_t account,
                                     char secret[VRK_SECRET]);
/* The app has the key: *right, and from now on it is asked for; the codes for a lost one. */
VRK_MUST vrk_status vrk_second_confirm(vrk_ctx *ctx, vrk_records *records, int64_t account,
                                       const char *code, bool *right,
                                       char recovery[VRK_RECOVERIES][VRK_RECOVERY]);
/* Whether the code of the app, or one for a lost app, is right; uses it up. */
VRK_MUST vrk_status vrk_second_check(vrk_ctx *ctx, vrk_records *records, int64_t account,
                                     const char *code, bool *right);
VRK_MUST vrk_status vrk_second_drop(vrk_ctx *ctx, vrk_records *records, int64_t account);

#endif
