#include "store/audit.h"

#include "base/str.h"
#include "base/sys.h"
#include "store/hash.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Each part with its length before it: no text can pass for two. */
static void add_part(vrk_str *s, const char *text)
{
    vrk_str_addf(s, "%zu:", strlen(text));
    vrk_str_add(s, text);
}

typedef struct {
    int64_t id, at, account;
    const char *what, *subject, *purpose, *outcome;
} row;

static vrk_status hash_of(vrk_ctx *ctx, const char *before, const row *r, char *hex)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str s = {.mem = &ctx->scratch};
    add_part(&s, before);
    vrk_str_addf(&s, "%" PRId64 ",%" PRId64 ",%" PRId64 ",", r->id, r->at, r->account);
    add_part(&s, r->what);
    add_part(&s, r->subject);
    add_part(&s, r->purpose);
    add_part(&s, r->outcome);
    vrk_text_sha256(vrk_str_of(&s), hex);
    bool failed = ctx->scratch.failed;
    vrk_rewind(&ctx->scratch, mark);
    return failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the log") : VRK_OK;
}

static vrk_value text(const char *s)
{
    return (vrk_value){.type = VRK_TEXT, .s = s};
}

static vrk_value whole(int64_t i)
{
    return (vrk_value){.type = VRK_INT, .i = i};
}

vrk_status vrk_audit_add(vrk_ctx *ctx, vrk_records *records, const vrk_audit *entry)
{
    vrk_status st = VRK_OK;
    vrk_frame head = {0};
    char hex[VRK_HEX];

    TRY(vrk_records_run(ctx, records, "SELECT id, hash FROM audit_head", NULL, 0, &head));
    if (head.rows != 1)
        FAIL(VRK_EDB, "records.db: the log has lost its head");
    row r = {.id = head.column[0].i[0] + 1,
             .at = vrk_now(ctx),
             .account = entry->account,
             .what = entry->what,
             .subject = entry->subject ? entry->subject : "",
             .purpose = entry->purpose ? entry->purpose : "",
             .outcome = entry->outcome};
    TRY(hash_of(ctx, head.column[1].s[0], &r, hex));
    vrk_value account = whole(r.account);
    account.null = r.account == 0;
    const vrk_value bind[] = {whole(r.id),     whole(r.at),     account,         text(r.what),
                              text(r.subject), text(r.purpose), text(r.outcome), text(hex)};
    TRY(vrk_records_run(ctx, records, "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                        bind, 8, NULL));
    const vrk_value last[] = {whole(r.id), text(hex)};
    TRY(vrk_records_run(ctx, records, "UPDATE audit_head SET id = ?1, hash = ?2", last, 2, NULL));
done:
    vrk_frame_free(&head);
    return st;
}

vrk_status vrk_audit_write(vrk_ctx *ctx, vrk_records *records, const vrk_audit *entry)
{
    vrk_status st = VRK_OK;
    bool begun = false;

    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_audit_add(ctx, records, entry));
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    return st;
}

/* Checks rows after *last in one portion; *last and `hex` move on to the last right one. */
static vrk_status check_some(vrk_ctx *ctx, const vrk_frame *f, int64_t *last, char *hex,
                             int64_t *broken)
{
    vrk_status st = VRK_OK;
    const vrk_column *c = f->column;
    for (int64_t i = 0; i < f->rows && !*broken; i++) {
        char is[VRK_HEX];
        row r = {c[0].i[i], c[1].i[i], c[2].i[i], c[3].s[i], c[4].s[i], c[5].s[i], c[6].s[i]};
        TRY(hash_of(ctx, hex, &r, is));
        if (r.id != *last + 1 || strcmp(is, c[7].s[i]) != 0) {
            *broken = *last + 1;
            break;
        }
        *last = r.id;
        memcpy(hex, is, sizeof(is));
    }
done:
    return st;
}

vrk_status vrk_audit_check(vrk_ctx *ctx, vrk_records *records, int64_t *rows, int64_t *broken)
{
    vrk_status st = VRK_OK;
    vrk_frame head = {0}, f = {0};
    char hex[VRK_HEX] = "";
    int64_t last = 0;
    bool more = true;

    *rows = *broken = 0;
    /* one look at all of it: rows that are added meanwhile are not seen */
    TRY(vrk_records_run(ctx, records, "BEGIN", NULL, 0, NULL));
    st = vrk_records_run(ctx, records, "SELECT id, hash FROM audit_head", NULL, 0, &head);
    while (st == VRK_OK && more && !*broken) {
        const vrk_value after = whole(last);
        vrk_frame_free(&f);
        st = vrk_records_run(ctx, records,
                             "SELECT id, at, coalesce(account, 0) AS account, what, subject, "
                             "purpose, outcome, hash FROM audit WHERE id > ?1 ORDER BY id LIMIT "
                             "1000",
                             &after, 1, &f);
        more = st == VRK_OK && f.rows == 1000;
        if (st == VRK_OK)
            st = check_some(ctx, &f, &last, hex, broken);
    }
    vrk_records_roll_back(ctx, records);
    TRY(st);
    *rows = last;
    if (!*broken &&
        (head.rows != 1 || head.column[0].i[0] != last || strcmp(head.column[1].s[0], hex) != 0))
        *broken = last + 1;
done:
    vrk_frame_free(&head);
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_audit_anchor(vrk_ctx *ctx, vrk_records *records, vrk_arena *mem, const char **anchor)
{
    vrk_status st = VRK_OK;
    vrk_frame head = {0};

    TRY(vrk_records_run(ctx, records, "SELECT id, hash FROM audit_head", NULL, 0, &head));
    if (head.rows != 1)
        FAIL(VRK_EDB, "records.db: the log has lost its head");
    *anchor = vrk_text_f(mem, "%" PRId64 "-%s", head.column[0].i[0], head.column[1].s[0]);
    if (!*anchor)
        FAIL(VRK_EMEMORY, "out of memory for the log");
done:
    vrk_frame_free(&head);
    return st;
}

vrk_status vrk_audit_holds(vrk_ctx *ctx, vrk_records *records, const char *anchor, bool *holds)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    char *end = NULL;
    int64_t id = strtoll(anchor, &end, 10);

    if (*anchor < '0' || *anchor > '9' || *end != '-' || id < 1 ||
        strspn(end + 1, "0123456789abcdef") != VRK_HEX - 1 || strlen(end + 1) != VRK_HEX - 1)
        FAIL(VRK_EINPUT, "'%.100s' is no anchor of a log, such as 120-3f6c ...", anchor);
    const vrk_value bind[] = {whole(id), text(end + 1)};
    TRY(vrk_records_run(ctx, records, "SELECT 1 AS one FROM audit WHERE id = ?1 AND hash = ?2",
                        bind, 2, &f));
    *holds = f.rows == 1;
done:
    vrk_frame_free(&f);
    return st;
}
