/* ZIP archives: what is in them is handed over as it is; what would do harm is refused. */
#include "ingest/archive.h"
#include "ingest/zip.h"
#include "tests/ingest/pack.h"

static void files_are_handed_over_under_their_names(void)
{
    bench b;
    char *text;
    size_t n;
    bench_start(&b);
    pack(&b, "export.zip",
         (const packed[]){{"Opportunity.csv", "Id,Name\n1,x\n"},
                          {"mapp/Åsa.csv", "Id\n"},
                          {"__MACOSX/._Opportunity.csv", "x"},
                          {".DS_Store", "x"},
                          {"mapp/", ""},
                          {0}});
    T_OK(b.st == VRK_OK && b.r.inners == 2);
    T_OK(b.r.inners == 2 && !strcmp(b.r.inner[0].name, "export.zip/Opportunity.csv"));
    T_OK(b.r.inners == 2 && !strcmp(b.r.inner[1].name, "export.zip/mapp/Åsa.csv"));
    T_OK(vrk_file_read(&b.ctx, b.r.inner[0].path, 0, &b.mem, &text, &n) == VRK_OK);
    T_OK(!strcmp(text, "Id,Name\n1,x\n"));
    T_OK(vrk_ends_with(b.r.inner[0].path, "/Opportunity.csv")); /* its name says what it is */
    bench_end(&b);
}

static bool refused(const char *path, const char *why)
{
    bench b;
    bench_start(&b);
    pack(&b, "a.zip", (const packed[]){{"a.csv", "a\n"}, {path, "x"}, {0}});
    bool so = bench_refused(&b, why) && !b.r.inners;
    bench_end(&b);
    return so;
}

static void paths_that_lead_out_are_refused(void)
{
    T_OK(refused("../a.csv", "leads out"));
    T_OK(refused("/etc/a.csv", "leads out"));
    T_OK(refused("a/../../b.csv", "leads out"));
    T_OK(refused("a/..", "leads out"));
    T_OK(refused("C:a.csv", "leads out"));
    T_OK(refused("a\\..\\b.csv", "leads out"));
    T_OK(refused("a\nb.csv", "leads out"));
    T_OK(!refused("a..csv", "leads out"));
    T_OK(!refused("..a/b.csv", "leads out"));
}

/* 64 MiB of one letter pack to some 64 KiB: a thousand times, as DEFLATE does at most. */
static void an_archive_that_blows_up_is_refused(void)
{
    bench b;
    bench_start(&b);
    size_t n = 64 << 20;
    char *text = malloc(n + 1);
    memset(text, 'a', n);
    text[n] = 0;
    pack(&b, "bomb.zip", (const packed[]){{"a.csv", text}, {0}});
    T_OK(bench_refused(&b, "unpacks to more than 250 times its size"));
    free(text);
    bench_end(&b);
}

/* An archive that lies about the size of a part: the size stands in the local header, in the
 * directory, and is found out while it is unpacked. */
static void a_lie_about_a_size_is_found_out(void)
{
    bench b;
    size_t n = 64 << 20, k;
    char *text = malloc(n + 1), *bytes;
    bench_start(&b);
    memset(text, 'a', n);
    text[n] = 0;
    pack(&b, "lie.zip", (const packed[]){{"a.csv", text}, {0}});
    free(text);
    T_OK(vrk_file_read(&b.ctx, b.r.path, 0, &b.mem, &bytes, &k) == VRK_OK);
    for (size_t i = 0; i + 30 < k; i++) { /* 64 MiB become 1000 bytes, wherever they are told */
        if (!memcmp(bytes + i, "\x00\x00\x00\x04", 4) && i > 20)
            memcpy(bytes + i, "\xe8\x03\x00\x00", 4);
    }
    bench_bytes(&b, "lie.zip", bytes, k);
    T_OK(b.st == VRK_EINPUT && *b.ctx.message);
    bench_end(&b);
}

static void what_is_cut_off_or_none_is_refused(void)
{
    bench b;
    char *bytes;
    size_t n;
    bench_start(&b);
    pack(&b, "a.zip", (const packed[]){{"a.csv", "a,b\n1,2\n"}, {0}});
    T_OK(vrk_file_read(&b.ctx, b.r.path, 0, &b.mem, &bytes, &n) == VRK_OK);
    for (size_t cut = 31; cut < n; cut++) {
        b.r.inners = 0;
        bench_bytes(&b, "cut.zip", bytes, cut);
        T_OK(bench_refused(&b, "cut.zip"));
    }
    bench_end(&b);
}

T_MAIN(T_CASE(files_are_handed_over_under_their_names), T_CASE(paths_that_lead_out_are_refused),
       T_CASE(an_archive_that_blows_up_is_refused), T_CASE(a_lie_about_a_size_is_found_out),
       T_CASE(what_is_cut_off_or_none_is_refused))
