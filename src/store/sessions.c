#include "store/sessions.h"

#include "base/str.h"

static vrk_value text(const char *s)
{
    return (vrk_value){.type = VRK_TEXT, .s = s, .null = !s};
}

static vrk_value whole(int64_t i)
{
    return (vrk_value){.type = VRK_INT, .i = i};
}

vrk_status vrk_sessions_list(vrk_ctx *ctx, vrk_records *records, int64_t account, vrk_sessions *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind = whole(account);

    *out = (vrk_sessions){0};
    TRY(vrk_records_run(ctx, records,
                        "SELECT id, account, made_at, seen_at, token_sha256, coalesce(agent, '') "
                        "AS agent FROM session WHERE account = ?1 OR ?1 = 0 ORDER BY id DESC",
                        &bind, 1, &f));
    out->session = VRK_NEW(&out->mem, f.rows, vrk_session);
    for (int64_t i = 0; i < f.rows && out->session; i++) {
        const vrk_column *c = f.column;
        out->session[i] = (vrk_session){.id = c[0].i[i],
                                        .account = c[1].i[i],
                                        .made_at = c[2].i[i],
                                        .seen_at = c[3].i[i],
                                        .token = vrk_text_copy(&out->mem, c[4].s[i]),
                                        .agent = vrk_text_copy(&out->mem, c[5].s[i])};
    }
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the sessions");
    out->n = f.rows;
done:
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_sessions_free(out);
    return st;
}

void vrk_sessions_free(vrk_sessions *s)
{
    vrk_arena_free(&s->mem);
    *s = (vrk_sessions){0};
}

vrk_status vrk_session_add(vrk_ctx *ctx, vrk_records *records, vrk_session *s)
{
    const vrk_value bind[] = {whole(s->account), text(s->token), whole(s->made_at),
                              whole(s->seen_at), text(s->agent)};
    vrk_status st = vrk_records_run(
        ctx, records,
        "INSERT INTO session (account, token_sha256, made_at, seen_at, agent) VALUES "
        "(?1, ?2, ?3, ?4, ?5)",
        bind, 5, NULL);
    s->id = vrk_records_last_id(records);
    return st;
}

vrk_status vrk_session_seen(vrk_ctx *ctx, vrk_records *records, int64_t id, int64_t at)
{
    const vrk_value bind[] = {whole(id), whole(at)};
    return vrk_records_run(ctx, records, "UPDATE session SET seen_at = ?2 WHERE id = ?1", bind, 2,
                           NULL);
}

vrk_status vrk_session_end(vrk_ctx *ctx, vrk_records *records, int64_t id)
{
    const vrk_value bind = whole(id);
    return vrk_records_run(ctx, records, "DELETE FROM session WHERE id = ?1", &bind, 1, NULL);
}

vrk_status vrk_sessions_end(vrk_ctx *ctx, vrk_records *records, int64_t account)
{
    const vrk_value bind = whole(account);
    return vrk_records_run(ctx, records, "DELETE FROM session WHERE account = ?1", &bind, 1, NULL);
}
