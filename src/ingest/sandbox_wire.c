/* What a reader found, through a pipe. The child may be in the hands of whoever wrote the file: all
 * of it is checked. */
#include "ingest/sandbox_part.h"

#include "base/str.h"
#include "ingest/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE = 1024, MOST_LIST = 200000, MOST_FILES = 1000000 };

typedef struct {
    char *at;
    size_t n, room;
    bool failed;
} writer;

static void put(writer *w, const void *bytes, size_t n)
{
    if (w->n + n > w->room && !w->failed) {
        size_t room = 2 * (w->n + n) + 4096;
        char *to = realloc(w->at, room);
        w->failed = !to;
        if (to) {
            w->at = to;
            w->room = room;
        }
    }
    if (w->failed || !n)
        return;
    memcpy(w->at + w->n, bytes, n);
    w->n += n;
}

static void put_number(writer *w, int64_t v)
{
    put(w, &v, sizeof(v));
}

static void put_text(writer *w, const char *text)
{
    put_number(w, text ? (int64_t)strlen(text) : -1);
    put(w, text, text ? strlen(text) : 0);
}

bool vrk_sandbox_pack(vrk_status st, const char *message, const vrk_reading *r, char **out,
                      size_t *n)
{
    writer w = {0};
    put_number(&w, st);
    put_text(&w, message);
    put_number(&w, *r->number);
    put_number(&w, r->notes);
    for (int64_t i = 0; i < r->notes; i++)
        put_text(&w, r->note[i]);
    put_number(&w, r->inners);
    for (int64_t i = 0; i < r->inners; i++) {
        put_text(&w, r->inner[i].path);
        put_text(&w, r->inner[i].name);
    }
    put_number(&w, r->sheets);
    for (int64_t i = 0; i < r->sheets; i++) {
        const vrk_sheet *s = &r->sheet[i];
        const char *text[] = {s->path, s->part, s->table, s->source, s->object};
        for (int k = 0; k < 5; k++)
            put_text(&w, text[k]);
        put_number(&w, s->headed);
        put_number(&w, s->left_out);
        put_number(&w, s->faults);
        for (int64_t k = 0; k < s->faults; k++) {
            const vrk_fault *f = &s->fault[k];
            const char *words[] = {f->field, f->value, f->code, f->sentence};
            put_number(&w, f->line);
            put_number(&w, f->warning);
            for (int j = 0; j < 4; j++)
                put_text(&w, words[j]);
        }
    }
    *out = w.at;
    *n = w.n;
    return !w.failed;
}

typedef struct {
    const char *at;
    size_t n;
    vrk_arena *mem;
    bool bad;
} parser;

static int64_t number(parser *p)
{
    int64_t v = 0;
    if (p->n < sizeof(v)) {
        p->bad = true;
        return 0;
    }
    memcpy(&v, p->at, sizeof(v));
    p->at += sizeof(v);
    p->n -= sizeof(v);
    return v;
}

static int64_t count(parser *p)
{
    int64_t n = number(p);
    if (n < 0 || n > MOST_LIST)
        p->bad = true;
    return p->bad ? 0 : n;
}

static const char *text(parser *p)
{
    int64_t n = number(p);
    if (p->bad || n == -1)
        return NULL;
    if (n < 0 || (uint64_t)n > p->n || memchr(p->at, 0, (size_t)n)) {
        p->bad = true;
        return NULL;
    }
    const char *out = vrk_text_copy_n(p->mem, p->at, (size_t)n);
    p->at += n;
    p->n -= (size_t)n;
    p->bad |= !out;
    return out;
}

/* A path to a file in the staging folder itself, or in a folder in it that has a number. */
static const char *staged(parser *p, const char *staging)
{
    const char *path = text(p);
    size_t k = strlen(staging);
    if (!path || strncmp(path, staging, k) != 0 || path[k] != '/') {
        p->bad = true;
        return path;
    }
    const char *name = path + k + 1, *slash = strchr(name, '/');
    if (slash && slash > name && strspn(name, "0123456789") == (size_t)(slash - name))
        name = slash + 1;
    if (!*name || *name == '.' || strchr(name, '/'))
        p->bad = true;
    return path;
}

static vrk_fault fault_of(parser *p)
{
    vrk_fault f = {.line = number(p)};
    f.warning = number(p) != 0;
    f.field = text(p);
    f.value = text(p);
    f.code = text(p);
    f.sentence = text(p);
    p->bad |= !f.code || !f.sentence;
    return f;
}

static void take_sheet(parser *p, vrk_reading *r)
{
    vrk_sheet s = {.path = staged(p, r->staging)};
    int64_t hard = 0;
    s.part = text(p);
    s.table = text(p);
    s.source = text(p);
    s.object = text(p);
    s.headed = number(p) != 0;
    s.left_out = number(p);
    s.faults = count(p);
    p->bad |= s.table && !vrk_table_of(s.table);
    vrk_fault *fault = s.faults ? VRK_NEW(r->mem, s.faults, vrk_fault) : NULL;
    p->bad |= s.faults && !fault;
    for (int64_t i = 0; i < s.faults && !p->bad; i++) {
        fault[i] = fault_of(p);
        hard += !fault[i].warning;
    }
    s.fault = fault;
    p->bad |= s.left_out < hard;
    if (!p->bad)
        vrk_reading_sheet(r, &s);
}

bool vrk_sandbox_unpack(const char *bytes, size_t n, vrk_reading *r, vrk_status *st, char *message)
{
    parser p = {.at = bytes, .n = n, .mem = r->mem};
    int64_t code = number(&p);
    const char *said = text(&p);
    int64_t files = number(&p);

    p.bad |= code < VRK_OK || code > VRK_ECANCEL || files < *r->number ||
             files > *r->number + MOST_FILES;
    snprintf(message, MESSAGE, "%s", said ? said : "");
    for (int64_t i = count(&p); i > 0 && !p.bad; i--) {
        const char *note = text(&p);
        if (note)
            vrk_reading_note(r, "%s", note);
    }
    for (int64_t i = count(&p); i > 0 && !p.bad; i--) {
        const char *path = staged(&p, r->staging), *name = text(&p);
        if (!p.bad && name)
            vrk_reading_inner(r, path, name);
    }
    for (int64_t i = count(&p); i > 0 && !p.bad; i--)
        take_sheet(&p, r);
    if (p.bad || p.n || r->mem->failed)
        return false;
    *st = (vrk_status)code;
    *r->number = files;
    return true;
}
