/* store/accounts.h - who may use the server: accounts with a role, and the one-time links by which
 * a password is set. Kept in records.db; of passwords the Argon2id hash, of tokens the SHA-256. */
#ifndef VRK_STORE_ACCOUNTS_H
#define VRK_STORE_ACCOUNTS_H

#include "store/records.h"

typedef enum {
    VRK_BY_OWNER,
    VRK_BY_ADMINISTRATOR,
    VRK_BY_ANALYST,
    VRK_BY_LEADER,
    VRK_BY_MANAGER,
    VRK_BY_SELLER,
    VRK_BY_AUDITOR,
    VRK_BY_HR,
    VRK_BY_REPRESENTATIVE,
    VRK_BY_COUNT
} vrk_by;

extern const char *const vrk_by_name[VRK_BY_COUNT]; /* owner, administrator ... */
bool vrk_by_parse(const char *name, vrk_by *role);
/* Names with blanks between, as bits of vrk_by; false: one is no role. */
bool vrk_by_names(const char *names, unsigned *roles);

typedef struct {
    int64_t id;
    const char *name;
    vrk_by role;
    int64_t person_key;    /* 0 = nobody in the data */
    const char *seller_id; /* the source's own id of that person; NULL = none */
    const char *lang;      /* sv, en; NULL = the browser's */
    const char *password;  /* hash; NULL = not set yet */
    bool disabled;
    int64_t made_at; /* [us since 1970 UTC] */
    int64_t teams;
    const char **team; /* [teams] */
} vrk_account;

typedef struct {
    int64_t n;
    vrk_account *account; /* [n] by id */
    vrk_arena mem;
} vrk_accounts;

VRK_MUST vrk_status vrk_accounts_list(vrk_ctx *ctx, vrk_records *records, vrk_accounts *out);
/* One by id, or by name where id is 0; out->n 0: there is none. */
VRK_MUST vrk_status vrk_accounts_find(vrk_ctx *ctx, vrk_records *records, int64_t id,
                                      const char *name, vrk_accounts *out);
void vrk_accounts_free(vrk_accounts *a); /* safe on an empty one */

/* The person's key; 0: no such person in the data. */
VRK_MUST vrk_status vrk_person_key(vrk_ctx *ctx, vrk_records *records, const char *seller_id,
                                   int64_t *key);

/* What follows changes; the caller has the transaction open. */

/* Adds an account without a password; sets a->id. VRK_EINPUT: the name is taken. */
VRK_MUST vrk_status vrk_account_add(vrk_ctx *ctx, vrk_records *records, vrk_account *a);
/* Stores role, person, teams, language, password and disabled as they stand in *a. */
VRK_MUST vrk_status vrk_account_store(vrk_ctx *ctx, vrk_records *records, const vrk_account *a);

/* A one-time link of the account (0: the first account, to be made by it), good for 72 hours; its
 * earlier ones end. `token` [65]. */
VRK_MUST vrk_status vrk_link_make(vrk_ctx *ctx, vrk_records *records, int64_t account, char *token);
/* Whose link it is (0: the first account's), and uses it up. VRK_EINPUT: unknown, used or too old.
 */
VRK_MUST vrk_status vrk_link_use(vrk_ctx *ctx, vrk_records *records, const char *token,
                                 int64_t *account);

/* What many have: common words, rows of keys, what repeats itself. No list of stolen passwords. */
bool vrk_password_common(const char *password);

/* Whether the words will do as a password: VRK_EINPUT says what they lack. */
VRK_MUST vrk_status vrk_password_will_do(vrk_ctx *ctx, const char *name, const char *password);

#endif
