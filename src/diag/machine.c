#include "diag/machine.h"

#include "base/str.h"
#include "base/sys.h"
#include "num/mat.h"

#include <link.h>
#include <string.h>

const char *vrk_machine(vrk_ctx *ctx, vrk_arena *mem)
{
    vrk_arena file = {0};
    char message[sizeof(ctx->message)], *text = NULL;
    const char *model = "", *kernel = vrk_mat_kernel();
    size_t n = 0, length = 0;

    memcpy(message, ctx->message, sizeof(message));
    if (vrk_file_read(ctx, "/proc/cpuinfo", 0, &file, &text, &n) == VRK_OK) {
        const char *line = strstr(text, "model name"), *colon = line ? strchr(line, ':') : NULL;
        if (colon) {
            model = colon + 1 + strspn(colon + 1, " ");
            length = strcspn(model, "\n");
        }
    }
    memcpy(ctx->message, message, sizeof(message)); /* a machine that does not say is no failure */
    const char *out = vrk_text_f(mem, "%.*s%sBLAS kernel %s", (int)length, model,
                                 length ? ", " : "", kernel ? kernel : "unknown");
    vrk_arena_free(&file);
    return out ? out : "";
}

typedef struct {
    vrk_arena *mem;
    const char *id;
} search;

/* The object whose memory this function lies in. */
static bool is_here(const struct dl_phdr_info *about)
{
    ElfW(Addr) here = (ElfW(Addr))(uintptr_t)&vrk_build_id;
    for (int i = 0; i < about->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &about->dlpi_phdr[i];
        ElfW(Addr) from = about->dlpi_addr + p->p_vaddr;
        if (p->p_type == PT_LOAD && here >= from && here < from + p->p_memsz)
            return true;
    }
    return false;
}

static const char *hex_of(vrk_arena *mem, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = VRK_NEW(mem, (int64_t)(2 * n + 1), char);
    for (size_t i = 0; i < n && hex; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    return hex;
}

/* The notes of a segment: sizes, type, name and content, each padded to its alignment. */
static void read_notes(search *s, const unsigned char *at, size_t n, size_t align)
{
    const unsigned char *end = at + n;
    while ((size_t)(end - at) >= sizeof(ElfW(Nhdr)) && !s->id) {
        ElfW(Nhdr) note;
        memcpy(&note, at, sizeof(note));
        const unsigned char *name = at + sizeof(note);
        size_t name_n = (note.n_namesz + align - 1) / align * align,
               content_n = (note.n_descsz + align - 1) / align * align;
        if (name_n + content_n > (size_t)(end - name))
            return;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !memcmp(name, "GNU", 4))
            s->id = hex_of(s->mem, name + name_n, note.n_descsz);
        at = name + name_n + content_n;
    }
}

static int look(struct dl_phdr_info *about, size_t size, void *arg)
{
    search *s = arg;
    (void)size;
    if (!is_here(about))
        return 0;
    for (int i = 0; i < about->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &about->dlpi_phdr[i];
        if (p->p_type == PT_NOTE)
            /* the loader gives the address as a number */
            read_notes(s, (const unsigned char *)(uintptr_t)(about->dlpi_addr + p->p_vaddr),
                       p->p_memsz, p->p_align == 8 ? 8 : 4);
    }
    return 1;
}

const char *vrk_build_id(vrk_arena *mem)
{
    search s = {.mem = mem};
    dl_iterate_phdr(look, &s);
    return s.id ? s.id : "";
}
