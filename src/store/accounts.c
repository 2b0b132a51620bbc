#include "store/accounts.h"

#include "base/str.h"
#include "base/sys.h"
#include "store/hash.h"

#include <string.h>
#include <strings.h>

#define HOUR_US (INT64_C(3600) * 1000000)
enum { LINK_HOURS = 72, PASSWORD_LEAST = 12, PASSWORD_MOST = 256, KINDS_LEAST = 5 };

const char *const vrk_by_name[VRK_BY_COUNT] = {[VRK_BY_OWNER] = "owner",
                                               [VRK_BY_ADMINISTRATOR] = "administrator",
                                               [VRK_BY_ANALYST] = "analyst",
                                               [VRK_BY_LEADER] = "leader",
                                               [VRK_BY_MANAGER] = "manager",
                                               [VRK_BY_SELLER] = "seller",
                                               [VRK_BY_AUDITOR] = "auditor",
                                               [VRK_BY_HR] = "hr",
                                               [VRK_BY_REPRESENTATIVE] = "representative"};

bool vrk_by_parse(const char *name, vrk_by *role)
{
    for (int i = 0; i < VRK_BY_COUNT; i++) {
        if (!strcmp(vrk_by_name[i], name)) {
            *role = (vrk_by)i;
            return true;
        }
    }
    return false;
}

bool vrk_by_names(const char *names, unsigned *roles)
{
    *roles = 0;
    for (const char *p = names + strspn(names, " "); *p; p += strspn(p, " ")) {
        char name[20];
        size_t n = strcspn(p, " ");
        vrk_by role;
        if (n >= sizeof(name))
            return false;
        memcpy(name, p, n);
        name[n] = 0;
        if (!vrk_by_parse(name, &role))
            return false;
        *roles |= 1u << role;
        p += n;
    }
    return true;
}

static vrk_value text(const char *s)
{
    return (vrk_value){.type = VRK_TEXT, .s = s, .null = !s};
}

static vrk_value whole(int64_t i)
{
    return (vrk_value){.type = VRK_INT, .i = i};
}

/* A text cell; NULL where there is none. */
static const char *cell(const vrk_frame *f, int64_t column, int64_t row, vrk_arena *mem)
{
    const vrk_column *c = &f->column[column];
    return c->null[row] ? NULL : vrk_text_copy(mem, c->s[row]);
}

/* Teams come in the order of the accounts. */
static void take_teams(vrk_accounts *out, const vrk_frame *teams)
{
    int64_t at = 0;
    const char **team = VRK_NEW(&out->mem, teams->rows, const char *);
    for (int64_t i = 0; i < out->n && team; i++) {
        vrk_account *a = &out->account[i];
        while (at < teams->rows && teams->column[0].i[at] < a->id)
            at++;
        a->team = team + at;
        for (; at < teams->rows && teams->column[0].i[at] == a->id; at++) {
            team[at] = vrk_text_copy(&out->mem, teams->column[1].s[at]);
            a->teams++;
        }
    }
}

/* `which`: the columns of the account at ?1 (id), ?2 (name). */
static vrk_status read_accounts(vrk_ctx *ctx, vrk_records *records, const char *sql,
                                const vrk_value *bind, int64_t n, vrk_accounts *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0}, teams = {0};

    *out = (vrk_accounts){0};
    TRY(vrk_records_run(ctx, records, sql, bind, n, &f));
    TRY(vrk_records_run(ctx, records,
                        "SELECT account, team_id FROM account_team ORDER BY account, team_id", NULL,
                        0, &teams));
    out->account = VRK_NEW(&out->mem, f.rows, vrk_account);
    for (int64_t i = 0; i < f.rows && out->account; i++) {
        vrk_account *a = &out->account[i];
        *a = (vrk_account){.id = f.column[0].i[i],
                           .name = cell(&f, 1, i, &out->mem),
                           .person_key = f.column[3].i[i],
                           .seller_id = cell(&f, 4, i, &out->mem),
                           .lang = cell(&f, 5, i, &out->mem),
                           .password = cell(&f, 6, i, &out->mem),
                           .disabled = f.column[7].i[i] != 0,
                           .made_at = f.column[8].i[i]};
        if (!vrk_by_parse(f.column[2].s[i], &a->role))
            FAIL(VRK_EDB, "records.db: an account has the unknown role '%s'", f.column[2].s[i]);
    }
    out->n = f.rows;
    take_teams(out, &teams);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the accounts");
done:
    vrk_frame_free(&f);
    vrk_frame_free(&teams);
    if (st != VRK_OK)
        vrk_accounts_free(out);
    return st;
}

#define COLUMNS                                                                                    \
    "SELECT a.id, a.name, a.role, coalesce(a.person_key, 0) AS person_key, i.source_id, a.lang, "  \
    "a.password, a.disabled, a.made_at FROM account a LEFT JOIN identity i ON i.key = "            \
    "a.person_key "

vrk_status vrk_accounts_list(vrk_ctx *ctx, vrk_records *records, vrk_accounts *out)
{
    return read_accounts(ctx, records, COLUMNS "ORDER BY a.id", NULL, 0, out);
}

vrk_status vrk_accounts_find(vrk_ctx *ctx, vrk_records *records, int64_t id, const char *name,
                             vrk_accounts *out)
{
    const vrk_value bind = id ? whole(id) : text(name);
    return read_accounts(ctx, records, id ? COLUMNS "WHERE a.id = ?1" : COLUMNS "WHERE a.name = ?1",
                         &bind, 1, out);
}

void vrk_accounts_free(vrk_accounts *a)
{
    vrk_arena_free(&a->mem);
    *a = (vrk_accounts){0};
}

vrk_status vrk_person_key(vrk_ctx *ctx, vrk_records *records, const char *seller_id, int64_t *key)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind = text(seller_id);

    *key = 0;
    TRY(vrk_records_run(ctx, records,
                        "SELECT key FROM identity WHERE space = 'person' AND source_id = ?1", &bind,
                        1, &f));
    if (f.rows)
        *key = f.column[0].i[0];
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status store_teams(vrk_ctx *ctx, vrk_records *records, const vrk_account *a)
{
    vrk_status st = VRK_OK;
    const vrk_value id = whole(a->id);

    TRY(vrk_records_run(ctx, records, "DELETE FROM account_team WHERE account = ?1", &id, 1, NULL));
    for (int64_t i = 0; i < a->teams; i++) {
        const vrk_value bind[] = {whole(a->id), text(a->team[i])};
        TRY(vrk_records_run(ctx, records, "INSERT OR IGNORE INTO account_team VALUES (?1, ?2)",
                            bind, 2, NULL));
    }
done:
    return st;
}

static vrk_value person_of(const vrk_account *a)
{
    vrk_value v = whole(a->person_key);
    v.null = a->person_key == 0;
    return v;
}

vrk_status vrk_account_add(vrk_ctx *ctx, vrk_records *records, vrk_account *a)
{
    vrk_status st = VRK_OK;
    vrk_accounts same = {0};

    TRY(vrk_accounts_find(ctx, records, 0, a->name, &same));
    if (same.n)
        FAIL(VRK_EINPUT, VRK_N("there is an account of that name"));
    a->made_at = vrk_now(ctx);
    const vrk_value bind[] = {text(a->name), text(vrk_by_name[a->role]), person_of(a),
                              text(a->lang), text(a->password),          whole(a->made_at)};
    TRY(vrk_records_run(ctx, records,
                        "INSERT INTO account (name, role, person_key, lang, password, made_at) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        bind, 6, NULL));
    a->id = vrk_records_last_id(records);
    TRY(store_teams(ctx, records, a));
done:
    vrk_accounts_free(&same);
    return st;
}

vrk_status vrk_account_store(vrk_ctx *ctx, vrk_records *records, const vrk_account *a)
{
    vrk_status st = VRK_OK;
    const vrk_value bind[] = {whole(a->id),  text(vrk_by_name[a->role]), person_of(a),
                              text(a->lang), text(a->password),          whole(a->disabled)};
    TRY(vrk_records_run(ctx, records,
                        "UPDATE account SET role = ?2, person_key = ?3, lang = ?4, password = ?5, "
                        "disabled = ?6 WHERE id = ?1",
                        bind, 6, NULL));
    TRY(store_teams(ctx, records, a));
done:
    return st;
}

vrk_status vrk_link_make(vrk_ctx *ctx, vrk_records *records, int64_t account, char *token)
{
    vrk_status st = VRK_OK;
    char hex[VRK_HEX];
    int64_t now = vrk_now(ctx);
    vrk_value whose = whole(account);

    whose.null = account == 0;
    TRY(vrk_token_make(ctx, token));
    vrk_text_sha256(token, hex);
    TRY(vrk_records_run(ctx, records, "DELETE FROM link WHERE account IS ?1", &whose, 1, NULL));
    const vrk_value bind[] = {text(hex), whose, whole(now), whole(now + LINK_HOURS * HOUR_US)};
    TRY(vrk_records_run(ctx, records, "INSERT INTO link VALUES (?1, ?2, ?3, ?4)", bind, 4, NULL));
done:
    return st;
}

vrk_status vrk_link_use(vrk_ctx *ctx, vrk_records *records, const char *token, int64_t *account)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    char hex[VRK_HEX];

    *account = 0;
    vrk_text_sha256(token, hex);
    const vrk_value bind[] = {text(hex), whole(vrk_now(ctx))};
    TRY(vrk_records_run(ctx, records,
                        "SELECT coalesce(account, 0) AS account FROM link WHERE token_sha256 = ?1 "
                        "AND expires_at > ?2",
                        bind, 2, &f));
    if (!f.rows)
        FAIL(VRK_EINPUT,
             VRK_N("the link is not known: it was used, or it is older than three days"));
    *account = f.column[0].i[0];
    TRY(vrk_records_run(ctx, records, "DELETE FROM link WHERE token_sha256 = ?1", bind, 1, NULL));
done:
    vrk_frame_free(&f);
    return st;
}

/* Characters, not bytes. */
static int64_t characters(const char *s)
{
    int64_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static int kinds(const char *s)
{
    bool seen[256] = {false};
    int n = 0;
    for (; *s; s++) {
        n += !seen[(unsigned char)*s];
        seen[(unsigned char)*s] = true;
    }
    return n;
}

vrk_status vrk_password_will_do(vrk_ctx *ctx, const char *name, const char *password)
{
    if (characters(password) < PASSWORD_LEAST)
        return vrk_fail(ctx, VRK_EINPUT, VRK_N("a password has at least 12 characters"));
    if (strlen(password) > PASSWORD_MOST)
        return vrk_fail(ctx, VRK_EINPUT, VRK_N("a password has at most 256 characters"));
    if (kinds(password) < KINDS_LEAST || (*name && strcasestr(password, name)) ||
        strcasestr(password, "verkan") || strcasestr(password, "password") ||
        strcasestr(password, "losenord") || vrk_password_common(password))
        return vrk_fail(ctx, VRK_EINPUT, VRK_N("that password is easy to guess"));
    return VRK_OK;
}
