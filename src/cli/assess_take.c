/* cli/assess_take.c - inviting somebody to a situational test, and taking it on the terminal. */
#include "cli/assess.h"
#include "people/sitting_list.h"

#include <stdio.h>
#include <string.h>

#define DAY INT64_C(86400000000)

/* What there is so far goes out. */
static void print(vrk_layout *l)
{
    fputs(vrk_str_of(l->out), stdout);
    fflush(stdout);
    l->out->n = 0;
    if (l->out->at)
        l->out->at[0] = 0;
}

vrk_status vrk_assess_invite(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const vrk_words *w = &a->l->words;
    const char *names = vrk_arg(a->args, "--competency", NULL), *word[VRK_SITTING_PARTS];
    char token[VRK_TOKEN_CHARS + 1];
    int64_t id;
    vrk_invite v = {.person = vrk_arg(a->args, "--person", NULL),
                    .candidate = vrk_arg_given(a->args, "--candidate"),
                    .purpose = vrk_arg(a->args, "--purpose", NULL),
                    .competency = word,
                    .lang = w->lang};
    a->usage = true;
    if (!v.person || !names)
        FAIL(VRK_EINPUT, "assess invite: say --person ID and --competency a,b");
    TRY(vrk_assess_words(ctx, names, VRK_SITTING_PARTS, word, &v.competencies));
    TRY(vrk_arg_double(ctx, a->args, "--se", 0.1, 1, &v.stop_se));
    TRY(vrk_arg_int(ctx, a->args, "--most", 1, 100, &v.most));
    TRY(vrk_arg_int(ctx, a->args, "--days", 1, 366, &v.days));
    a->usage = false;
    if (v.candidate)
        TRY(vrk_workspace_lock(ctx, &a->w)); /* may add a person, as an import does */
    TRY(vrk_invite_make(ctx, a->w.records, &a->all, &v, token, &id));
    vrk_lay_text(a->l, 0, NULL,
                 vrk_say(w, "Invitation {n} is made. The link below is shown once and not kept:",
                         "n", vrk_say_int(w, id), NULL));
    vrk_lay_text(a->l, 2, NULL, token);
    vrk_lay_text(a->l, 0, NULL,
                 vrk_say(w, "Who has it takes the test with: {command}", "command",
                         "verkan assess take LINK", NULL));
    print(a->l);
done:
    return st;
}

static void lay_question(vrk_layout *l, const vrk_question *q)
{
    const vrk_words *w = &l->words;
    vrk_lay_gap(l);
    vrk_lay_text(l, 0, NULL,
                 vrk_say(w, "Situation {n}, at the most {all}", "n",
                         vrk_say_int(w, q->answered + 1), "all", vrk_say_int(w, q->most), NULL));
    vrk_lay_gap(l);
    vrk_lay_text(l, 2, NULL, vrk_assess_text(l, &q->item->stem));
    vrk_lay_gap(l);
    for (int o = 0; o < VRK_ITEM_OPTIONS; o++) {
        const char letter[] = {' ', ' ', (char)('a' + o), ')', 0};
        vrk_lay_text(l, 6, letter, vrk_assess_text(l, &q->item->option[q->order[o]].text));
    }
    vrk_lay_gap(l);
    print(l);
}

/* A line of input without its end; NULL = there is no more. The rest of a long line is dropped. */
static const char *read_line(char *line, int n)
{
    size_t length;
    if (!fgets(line, n, stdin))
        return NULL;
    length = strlen(line);
    if (length && line[length - 1] != '\n') {
        for (int c = getchar(); c != '\n' && c != EOF; c = getchar())
            ;
    }
    line[strcspn(line, "\r\n")] = 0;
    return line;
}

/* The place chosen, -1 = none of them. */
static int chosen(const char *line)
{
    line += strspn(line, " \t");
    int place = (*line >= 'A' && *line <= 'Z' ? *line - 'A' : *line - 'a');
    bool alone = *line && !line[1 + strspn(line + 1, " )\t")];
    return alone && place >= 0 && place < VRK_ITEM_OPTIONS ? place : -1;
}

/* Asks one; *more false: the input has ended. */
static vrk_status ask(vrk_ctx *ctx, vrk_assess *a, const char *token, const vrk_question *q,
                      bool *more)
{
    vrk_status st = VRK_OK;
    vrk_answered answered;
    vrk_link link;
    char line[64];
    vrk_lang lang = a->l->words.lang;

    lay_question(a->l, q);
    for (;;) {
        printf("%s ", vrk_tr(lang, "What do you do first? (a, b, c or d)"));
        fflush(stdout);
        *more = read_line(line, sizeof(line));
        if (!*more)
            break;
        int place = chosen(line);
        if (place < 0) {
            printf("%s\n", vrk_answered_says(lang, VRK_ANSWER_NO_CHOICE));
            continue;
        }
        TRY(vrk_sitting_answer(ctx, a->w.records, &a->all, token, q->item->id,
                               (char)('a' + q->order[place]), &answered, &link));
        if (answered != VRK_ANSWER_SAVED)
            printf("%s\n", vrk_answered_says(lang, answered));
        break;
    }
done:
    return st;
}

vrk_status vrk_assess_take(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    vrk_sitting s = {0};
    const char *token = NULL;
    bool more = true, first = true;

    TRY(vrk_assess_operand(ctx, a, 1, "the link", &token));
    while (more) {
        vrk_mark mark = vrk_mark_of(&ctx->scratch);
        vrk_question q;
        vrk_sitting_free(&s);
        TRY(vrk_sitting_open(ctx, a->w.records, &a->all, token, &s));
        if (s.id && !vrk_arg_given(a->args, "--lang"))
            a->l->words.lang = s.lang;
        if (s.link != VRK_LINK_OPEN && first)
            FAIL(VRK_EINPUT, "%s", vrk_link_says(a->l->words.lang, s.link));
        TRY(vrk_sitting_ask(ctx, a->w.records, &s, &q));
        if (s.link != VRK_LINK_OPEN)
            break;
        if (first)
            printf("%s\n",
                   vrk_tr(a->l->words.lang,
                          "Choose what you would do first. Each answer is saved at once; you can "
                          "stop at any time and go on later with the same link. Take the time you "
                          "need."));
        first = false;
        TRY(ask(ctx, a, token, &q, &more));
        *a->l->out = (vrk_str){.mem = &ctx->scratch};
        vrk_rewind(&ctx->scratch, mark);
    }
    printf("\n%s\n", s.link == VRK_LINK_OPEN
                         ? vrk_tr(a->l->words.lang, "Your answers are saved. Go on when you like, "
                                                    "with the same link.")
                         : vrk_link_says(a->l->words.lang, s.link));
done:
    vrk_sitting_free(&s);
    return st;
}

static const char *state_of(vrk_lang lang, const vrk_invitation *v)
{
    static const char *const word[] = {
        [VRK_LINK_OPEN] = VRK_N("open"),
        [VRK_LINK_UNKNOWN] = "",
        [VRK_LINK_EXPIRED] = VRK_N("time is over"),
        [VRK_LINK_WITHDRAWN] = VRK_N("taken back"),
        [VRK_LINK_FINISHED] = VRK_N("finished"),
        [VRK_LINK_CHANGED] = "",
    };
    return vrk_tr(lang, word[v->link]);
}

vrk_status vrk_assess_status(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    vrk_layout *l = a->l;
    const vrk_words *w = &l->words;
    vrk_invitations list = {0};
    TRY(vrk_invitations_list(ctx, a->w.records, vrk_arg(a->args, "--person", NULL), &list));
    if (!list.n)
        vrk_lay_text(l, 0, NULL, vrk_tr(w->lang, "Nobody has been invited yet."));
    for (int64_t i = 0; i < list.n; i++) {
        const vrk_invitation *v = &list.row[i];
        vrk_lay_cell(l, vrk_say_int(w, v->id), 5, true);
        vrk_lay_cell(l, "", 2, false);
        vrk_lay_cell(l, v->person_id, 18, false);
        vrk_lay_cell(l, state_of(w->lang, v), 15, false);
        vrk_lay_cell(l, vrk_say_n(w, "{n} answer", "{n} answers", v->answered, NULL), 14, false);
        vrk_lay_cell(l,
                     v->link == VRK_LINK_OPEN
                         ? vrk_say(w, "to {day}", "day", vrk_say_date(w, v->expires_at / DAY), NULL)
                         : "",
                     18, false);
        vrk_lay_end(l);
        vrk_lay_text(l, 7, NULL, v->competencies);
    }
    print(l);
done:
    vrk_invitations_free(&list);
    return st;
}

vrk_status vrk_assess_withdraw(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    int64_t id;
    TRY(vrk_assess_number(ctx, a, 1, "the number of the invitation", &id));
    TRY(vrk_invite_withdraw(ctx, a->w.records, id));
    printf("%s\n", vrk_tr(a->l->words.lang, "The link is taken back. What was answered is kept."));
done:
    return st;
}
