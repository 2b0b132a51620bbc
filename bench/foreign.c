/* bench/foreign.c - how long the import of a CRM's export takes beside what DuckDB alone needs to
 * turn the same CSV files into Parquet, all text. The exports are written from an interchange
 * folder, as Salesforce writes them:
 *
 *   bench_foreign FOLDER WORK [FORM...]   FOLDER: interchange CSV files; WORK: a new folder,
 * removed after; FORM: utf8, cp1252, utf16 (all, if none is given)
 *
 * utf8 has the names of the API, times in UTC and ids of 18 characters; cp1252 is a report in
 * Swedish with semicolons, decimal commas and names in place of ids; utf16 is the first in UTF-16.
 * The bare read is of the same rows in UTF-8: DuckDB reads no other. CPU is what compares. */
#include "bench/beside.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/bring.h"
#include "store/duck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An id of Salesforce from the digits of ours. */
#define SFID(column, start, end)                                                                   \
    "CASE WHEN " column " IS NOT NULL THEN '" start "' || right(lpad(regexp_replace(" column       \
    ", '[^0-9]', '', 'g'), 10, '0'), 10) || '" end "' END"
#define SWEDISH_AMOUNT(column)                                                                     \
    "replace(replace(format('{:,.2f}', CAST(" column " AS double)), ',', chr(160)), '.', ',')"

typedef struct {
    const char *form, *file, *select, *delimiter;
} export;

static const export exports[] = {
    {"utf8", "Opportunity",
     "SELECT " SFID("deal_id", "006Qy", "IAA") " AS \"Id\", 'false' AS \"IsDeleted\", " SFID(
         "account_id", "001Qy",
         "IAA") " AS \"AccountId\", name AS \"Name\", stage AS \"StageName\", amount AS "
                "\"Amount\", CASE outcome WHEN 'won' THEN '100' WHEN 'lost' THEN '0' ELSE "
                "'40' END AS \"Probability\", left(coalesce(closed_at, expected_close_on), 10) AS "
                "\"CloseDate\", 'New Business' AS \"Type\", CASE source WHEN 'inbound' THEN 'Web' "
                "ELSE 'Outbound' END AS \"LeadSource\", (outcome <> 'open')::varchar AS "
                "\"IsClosed\", (outcome = 'won')::varchar AS \"IsWon\", currency AS "
                "\"CurrencyIsoCode\", " SFID(
                    "seller_id", "005Qy",
                    "IAA") " AS \"OwnerId\", created_at || '.000Z' AS \"CreatedDate\", "
                           "coalesce(updated_at, created_at) || '.000Z' AS \"LastModifiedDate\" "
                           "FROM read_csv('%s/deals.csv', all_varchar = true)",
     ","},
    {"utf8", "OpportunityHistory",
     "SELECT '008Qy' || lpad(row_number() OVER ()::varchar, 10, '0') || 'IAA' AS \"Id\", " SFID(
         "deal_id", "006Qy",
         "IAA") " AS \"OpportunityId\", " SFID("recorded_by", "005Qy",
                                               "IAA") " AS \"CreatedById\", entered_at || '.000Z' "
                                                      "AS \"CreatedDate\", stage AS \"StageName\", "
                                                      "'false' AS \"IsDeleted\" FROM "
                                                      "read_csv('%s/stage_events.csv', all_varchar "
                                                      "= true)",
     ","},
    {"utf8", "Task",
     "SELECT " SFID("activity_id", "00TQy", "MAA") " AS \"Id\", " SFID(
         "contact_id", "003Qy",
         "IAA") " AS \"WhoId\", coalesce(" SFID("deal_id", "006Qy",
                                                "IAA") ", " SFID("account_id", "001Qy",
                                                                 "IAA") ") AS \"WhatId\", CASE "
                                                                        "kind WHEN 'call' THEN "
                                                                        "'Call' WHEN 'email' THEN "
                                                                        "'Email: "
                                                                        "Offert' ELSE "
                                                                        "'Uppföljning' END AS "
                                                                        "\"Subject\", "
                                                                        "left(started_at, 10) AS "
                                                                        "\"ActivityDate\", CASE "
                                                                        "WHEN outcome = 'planned' "
                                                                        "THEN 'Not Started' ELSE "
                                                                        "'Completed' END AS "
                                                                        "\"Status\", 'Normal' AS "
                                                                        "\"Priority\", " SFID(
                                                                            "seller_id", "005Qy",
                                                                            "IAA") " AS "
                                                                                   "\"OwnerId\", "
                                                                                   "CASE kind WHEN "
                                                                                   "'call' THEN "
                                                                                   "'Call' WHEN "
                                                                                   "'email' THEN "
                                                                                   "'Email' WHEN "
                                                                                   "'meeting' THEN "
                                                                                   "'Meeting' WHEN "
                                                                                   "'demo' THEN "
                                                                                   "'Demo' ELSE "
                                                                                   "'Task' END AS "
                                                                                   "\"TaskSubtype\""
                                                                                   ", CASE WHEN "
                                                                                   "kind = 'call' "
                                                                                   "THEN "
                                                                                   "(CAST(CAST("
                                                                                   "duration_min "
                                                                                   "AS double) * "
                                                                                   "60 AS "
                                                                                   "bigint))::"
                                                                                   "varchar END AS "
                                                                                   "\"CallDurationI"
                                                                                   "nSeconds\", "
                                                                                   "CASE WHEN kind "
                                                                                   "= 'call' THEN "
                                                                                   "CASE direction "
                                                                                   "WHEN 'inbound' "
                                                                                   "THEN 'Inbound' "
                                                                                   "ELSE "
                                                                                   "'Outbound' END "
                                                                                   "END AS "
                                                                                   "\"CallType\", "
                                                                                   "CASE WHEN kind "
                                                                                   "= 'call' THEN "
                                                                                   "outcome END AS "
                                                                                   "\"CallDispositi"
                                                                                   "on\", "
                                                                                   "started_at || "
                                                                                   "'.000Z' AS "
                                                                                   "\"CompletedDate"
                                                                                   "Time\", "
                                                                                   "(coalesce("
                                                                                   "outcome, '') "
                                                                                   "<> "
                                                                                   "'planned')::"
                                                                                   "varchar AS "
                                                                                   "\"IsClosed\", "
                                                                                   "started_at || "
                                                                                   "'.000Z' AS "
                                                                                   "\"CreatedDate\""
                                                                                   ", CASE WHEN "
                                                                                   "kind = "
                                                                                   "'meeting' THEN "
                                                                                   "'Rad 1' || "
                                                                                   "chr(10) || "
                                                                                   "'Rad 2, med "
                                                                                   "\"citat\"' END "
                                                                                   "AS "
                                                                                   "\"Description\""
                                                                                   " FROM "
                                                                                   "read_csv('%s/"
                                                                                   "activities.csv'"
                                                                                   ", all_varchar "
                                                                                   "= true)",
     ","},
    {"cp1252", "Affärsmöjligheter",
     "SELECT s.name AS \"Ägare av affärsmöjlighet\", a.name AS \"Kontonamn\", d.name AS \"Namn på "
     "affärsmöjlighet\", stage AS \"Fas\", currency AS \"Valuta för "
     "Belopp\", " SWEDISH_AMOUNT("amount") " AS \"Belopp\", left(coalesce(closed_at, "
                                           "expected_close_on), 10) AS \"Slutdatum\", "
                                           "left(created_at, 10) AS \"Skapad datum\", 'Ring åter' "
                                           "AS \"Nästa steg\", deal_id AS \"Affärsmöjlighets-ID\" "
                                           "FROM read_csv('%s/deals.csv', all_varchar = true) d "
                                           "LEFT JOIN read_csv('%s/sellers.csv', all_varchar = "
                                           "true) s USING (seller_id) LEFT JOIN "
                                           "read_csv('%s/accounts.csv', all_varchar = true) a "
                                           "USING (account_id)",
     ";"},
    {"cp1252", "Fashistorik",
     "SELECT deal_id AS \"Affärs-ID\", stage AS \"Till fas\", replace(left(entered_at, 16), 'T', ' "
     "') AS \"Ändringsdatum\", s.name AS \"Senast ändrad av\" FROM read_csv('%s/stage_events.csv', "
     "all_varchar = true) e LEFT JOIN read_csv('%s/sellers.csv', all_varchar = true) s ON "
     "s.seller_id = e.recorded_by",
     ";"},
    {"cp1252", "Aktiviteter",
     "SELECT activity_id AS \"Aktivitets-ID\", s.name AS \"Säljare\", deal_id AS \"Affärs-ID\", "
     "CASE kind WHEN 'call' THEN 'Samtal' WHEN 'email' THEN 'E-post' WHEN 'meeting' THEN 'Möte' "
     "WHEN 'demo' THEN 'Demo' WHEN 'quote' THEN 'Offert' ELSE 'Uppgift' END AS \"Aktivitetstyp\", "
     "CASE direction WHEN 'inbound' THEN 'Inkommande' ELSE 'Utgående' END AS \"Riktning\", "
     "replace(left(started_at, 16), 'T', ' ') AS \"Starttid\", replace(duration_min, '.', ',') AS "
     "\"Varaktighet\", outcome AS \"Utfall\", 'Uppföljning enligt överenskommelse' AS "
     "\"Kommentar\" FROM read_csv('%s/activities.csv', all_varchar = true) LEFT JOIN "
     "read_csv('%s/sellers.csv', all_varchar = true) s USING (seller_id)",
     ";"},
};

static const char *text_form(const char *form)
{
    return !strcmp(form, "utf16") ? "utf8" : form;
}

/* WORK/text: the export as UTF-8, with all that is in quotes that Salesforce puts in quotes. */
static vrk_status write_text(vrk_ctx *ctx, const char *folder, const char *work, const char *form)
{
    vrk_status st = VRK_OK;
    vrk_duck *d = NULL;
    TRY(vrk_folder_make(ctx, vrk_text_f(&ctx->scratch, "%s/text", work)));
    TRY(vrk_duck_open(ctx, &(vrk_duck_opt){.temp = work}, &d));
    for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++) {
        const export *e = &exports[i];
        if (strcmp(e->form, text_form(form)) != 0)
            continue;
        vrk_str sql = {.mem = &ctx->scratch};
        vrk_str_add(&sql, "COPY (");
        for (const char *p = e->select; *p; p++) {
            bool here = p[0] == '%' && p[1] == 's';
            for (const char *f = folder; here && *f; f++) /* it stands within quotes */
                vrk_str_add_n(&sql, *f == '\'' ? "''" : f, *f == '\'' ? 2 : 1);
            if (!here)
                vrk_str_add_n(&sql, p, 1);
            p += here;
        }
        const char *to = vrk_text_f(&ctx->scratch, "%s/text/%s.csv", work, e->file);
        vrk_str_addf(&sql, ") TO %s (HEADER, FORCE_QUOTE *, DELIMITER '%s')",
                     to ? vrk_sql_quote(&ctx->scratch, to) : "", e->delimiter);
        if (ctx->scratch.failed)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(vrk_duck_run(ctx, d, e->file, vrk_str_of(&sql), NULL, 0, NULL));
    }
done:
    vrk_duck_close(d);
    return st;
}

/* One letter of UTF-8 text, of those that Swedish needs. */
static unsigned letter_of(const unsigned char **p)
{
    const unsigned char *s = *p;
    int more = s[0] < 0x80 ? 0 : s[0] < 0xE0 ? 1 : 2;
    unsigned c = more == 0 ? s[0] : more == 1 ? s[0] & 0x1FU : s[0] & 0x0FU;
    for (int k = 1; k <= more; k++)
        c = c << 6 | (s[k] & 0x3FU);
    *p += more + 1;
    return c;
}

static int encode(const char *from, const char *to, bool wide)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    char *line = NULL;
    size_t room = 0;
    if (!in || !out)
        return 1;
    if (wide)
        fwrite("\xFF\xFE", 1, 2, out);
    for (ssize_t n; (n = getline(&line, &room, in)) > 0;) {
        for (const unsigned char *p = (unsigned char *)line, *end = p + n; p < end;) {
            unsigned c = letter_of(&p);
            putc_unlocked((int)(c & 0xFF), out);
            if (wide)
                putc_unlocked((int)(c >> 8), out);
        }
    }
    free(line);
    return (fclose(in) != 0) | (fclose(out) != 0);
}

/* WORK/export: the same in the letters of the form. */
static vrk_status write_encoded(vrk_ctx *ctx, const char *work, const char *form)
{
    vrk_status st = VRK_OK;
    TRY(vrk_folder_make(ctx, vrk_text_f(&ctx->scratch, "%s/export", work)));
    for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++) {
        if (strcmp(exports[i].form, text_form(form)) != 0)
            continue;
        char *from = vrk_text_f(&ctx->scratch, "%s/text/%s.csv", work, exports[i].file);
        char *to = vrk_text_f(&ctx->scratch, "%s/export/%s.csv", work, exports[i].file);
        if (ctx->scratch.failed)
            FAIL(VRK_EMEMORY, "out of memory");
        if (strcmp(form, "utf8") != 0 && encode(from, to, !strcmp(form, "utf16")))
            FAIL(VRK_EIO, "could not write %s", to);
        if (!strcmp(form, "utf8") && link(from, to))
            FAIL(VRK_EIO, "could not link %s", to);
    }
done:
    return st;
}

static vrk_status import(vrk_ctx *ctx, const char *folder, const char *work)
{
    vrk_status st = VRK_OK;
    vrk_workspace w;
    vrk_bring_report report = {0};

    TRY(vrk_workspace_open(ctx, vrk_text_f(&ctx->scratch, "%s/ws", work), true, &w));
    TRY(vrk_bring(ctx, &w, &folder, 1, NULL, &report));
    printf("    ");
    for (int64_t i = 0; i < report.import.n; i++)
        printf("%s %lld of %lld, ", report.import.balance[i].file,
               (long long)report.import.balance[i].used, (long long)report.import.balance[i].read);
    printf("\n");
done:
    fflush(stdout);
    vrk_bring_report_free(&report);
    vrk_workspace_close(&w);
    return st;
}

static double size_of(vrk_ctx *ctx, const char *folder)
{
    char **names;
    int64_t n;
    double bytes = 0;
    if (vrk_folder_list(ctx, folder, &ctx->scratch, &names, &n) != VRK_OK)
        exit(1);
    for (int64_t i = 0; i < n; i++)
        bytes += (double)vrk_file_size(vrk_text_f(&ctx->scratch, "%s/%s", folder, names[i]));
    return bytes / 1e6;
}

static void run(vrk_ctx *ctx, const char *folder, const char *work, const char *form)
{
    char *inner = vrk_text_f(&ctx->scratch, "%s/%s", work, form);
    if (vrk_folder_make(ctx, inner) != VRK_OK || write_text(ctx, folder, inner, form) != VRK_OK ||
        write_encoded(ctx, inner, form) != VRK_OK) {
        fprintf(stderr, "%s\n", ctx->message);
        exit(1);
    }
    char *text = vrk_text_f(&ctx->scratch, "%s/text", inner);
    char *as_given = vrk_text_f(&ctx->scratch, "%s/export", inner);
    bench_cost b = bench_measure(bench_bare, text, inner),
               i = bench_measure(import, as_given, inner);
    printf("%-8s %7.0f MB  bare %7.2f s CPU  import %7.2f s CPU %5.2f GiB  %6.2f x\n", form,
           size_of(ctx, as_given), b.cpu, i.cpu, i.gib, i.cpu / b.cpu);
    fflush(stdout);
    if (!getenv("KEEP") && vrk_folder_remove(ctx, inner) != VRK_OK)
        exit(1);
}

int main(int argc, char **argv)
{
    static const char *const all[] = {"utf8", "cp1252", "utf16"};
    vrk_ctx ctx = {0};
    if (argc < 3 || vrk_folder_make(&ctx, argv[2]) != VRK_OK)
        return fprintf(stderr, "usage: bench_foreign FOLDER WORK [FORM...]\n"), 2;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        bool wanted = argc == 3;
        for (int k = 3; k < argc; k++)
            wanted |= !strcmp(argv[k], all[i]);
        if (wanted)
            run(&ctx, argv[1], argv[2], all[i]);
    }
    if (!getenv("KEEP") && vrk_folder_remove(&ctx, argv[2]) != VRK_OK)
        fprintf(stderr, "%s\n", ctx.message);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
