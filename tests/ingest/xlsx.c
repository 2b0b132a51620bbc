/* XLSX: oracles are the cells as written by hand here, by ECMA-376, and what samples/README.md
 * says of the sample workbooks. */
#include "ingest/xlsx.h"
#include "ingest/xlsx_part.h"
#include "tests/ingest/pack.h"
#include "tests/ingest/reading.h"

#define BOOK(flags, sheets)                                                                        \
    "<workbook xmlns:r=\"r\"><workbookPr " flags "/><sheets>" sheets "</sheets></workbook>"
#define SHEET(name, id, more) "<sheet name=\"" name "\" sheetId=\"9\" r:id=\"" id "\" " more "/>"
#define RELATION(id, type, to) "<Relationship Id=\"" id "\" Type=\"x/" type "\" Target=\"" to "\"/>"
#define RELATIONS                                                                                  \
    "<Relationships>" RELATION("a", "worksheet", "worksheets/one.xml")                             \
        RELATION("b", "worksheet", "/xl/two.xml") RELATION("c", "chartsheet", "chart.xml")         \
            RELATION("s", "styles", "styles.xml")                                                  \
                RELATION("t", "sharedStrings", "texts.xml") "</Relationships>"
#define STYLES                                                                                     \
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm\"/>"        \
    "<numFmt numFmtId=\"165\" formatCode=\"#,##0.00&quot; days&quot;\"/></numFmts>"                \
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"              \
    "<xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"20\"/>"       \
    "</cellXfs></styleSheet>"
#define TEXTS                                                                                      \
    "<sst><si><t>Namn</t></si><si><r><t>Ring </t></r><r><rPr><b/></rPr><t>Karin</t></r>"           \
    "<rPh><t>nope</t></rPh></si><si><t>a_x000D_b_x005F_c</t></si></sst>"

/* Reads a workbook with one sheet of those rows. */
static void sheet(bench *b, const char *flags, const char *rows)
{
    bench_start(b);
    char *one = vrk_text_f(&b->mem, "<worksheet><sheetData>%s</sheetData></worksheet>", rows);
    char *book = vrk_text_f(&b->mem, BOOK("%s", SHEET("Blad + 1", "a", "")), flags);
    pack(b, "a.xlsx",
         (const packed[]){{"[Content_Types].xml", "<Types/>"},
                          {"xl/workbook.xml", book},
                          {"xl/_rels/workbook.xml.rels", RELATIONS},
                          {"xl/styles.xml", STYLES},
                          {"xl/texts.xml", TEXTS},
                          {"xl/worksheets/one.xml", one},
                          {0}});
}

static void reads_each_kind_of_cell(void)
{
    bench b;
    sheet(&b, "",
          "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c>"
          "<c t=\"s\"><v>2</v></c></row>"
          "<row r=\"5\"><c r=\"B5\"><v>1250000.50</v></c><c r=\"C5\" t=\"b\"><v>1</v></c>"
          "<c r=\"D5\" t=\"b\"><v>0</v></c><c r=\"E5\" t=\"e\"><v>#N/A</v></c>"
          "<c r=\"F5\" t=\"inlineStr\"><is><r><t>rik </t></r><r><t>text</t></r></is></c>"
          "<c r=\"G5\"><f>SUM(A1:A2)</f><v>3</v></c><c r=\"H5\"><f>A1</f></c>"
          "<c r=\"I5\" t=\"str\"><f>A1&amp;\"\"</f><v>svar</v></c>"
          "<c r=\"J5\"><v>0.1000000000000000055</v></c><c r=\"K5\"><v>21470001377</v></c>"
          "<c r=\"L5\" t=\"d\"><v>2026-03-04</v></c><c r=\"M5\"><v>1E+20</v></c></row>");
    T_OK(b.st == VRK_OK && b.r.sheets == 1 && !strcmp(b.r.sheet[0].part, "Blad + 1"));
    T_OK(bench_is(&b, 0,
                  "2,Namn,,Ring Karin,\"a\rb_c\"\n"
                  "5,,1250000.5,true,false,,rik text,3,,svar,0.1,21470001377,2026-03-04,"
                  "100000000000000000000\n"));
    T_OK(b.r.sheet[0].faults == 2 && b.r.sheet[0].fault[0].line == 5);
    T_OK(!strcmp(b.r.sheet[0].fault[0].code, "XLSX_ERROR"));
    T_OK(!strcmp(b.r.sheet[0].fault[1].code, "XLSX_NO_VALUE"));
    bench_end(&b);
}

/* ECMA-376 part 1, 18.17.4: 1900 system, 1 is 1 January 1900, 60 the day that never was, 61 is 1
 * March; 1904 system, 0 is 1 January 1904, 1462 days later than the other. */
static void dates_are_told_by_their_format(void)
{
    bench b;
    const char *rows =
        "<row><c s=\"1\"><v>46085</v></c><c s=\"2\"><v>46085.5520833333</v></c>"
        "<c s=\"1\"><v>46085.5</v></c><c s=\"3\"><v>46085</v></c><c s=\"4\"><v>0.3958333333</v></c>"
        "<c s=\"1\"><v>61</v></c><c s=\"1\"><v>1</v></c><c s=\"2\"><v>46085.999999</v></c>"
        "<c s=\"1\"><v>-1</v></c></row>";
    sheet(&b, "", rows);
    T_OK(bench_is(&b, 0,
                  "1,2026-03-04,2026-03-04T13:15:00,2026-03-04T12:00:00,46085,09:30:00,1900-03-01,"
                  "1900-01-01,2026-03-05T00:00:00,-1\n"));
    bench_end(&b);
    sheet(&b, "date1904=\"1\"", "<row><c s=\"1\"><v>44623</v></c><c s=\"1\"><v>0</v></c></row>");
    T_OK(bench_is(&b, 0, "1,2026-03-04,1904-01-01\n"));
    bench_end(&b);
}

static void number_formats_are_told_apart(void)
{
    T_OK(vrk_xlsx_format("yyyy-mm-dd") == VRK_XLSX_DATE);
    T_OK(vrk_xlsx_format("[$-41D]d mmmm yyyy;@") == VRK_XLSX_DATE);
    T_OK(vrk_xlsx_format("mmm") == VRK_XLSX_DATE);
    T_OK(vrk_xlsx_format("dd/mm/yy hh:mm AM/PM") == VRK_XLSX_TIMED);
    T_OK(vrk_xlsx_format("[h]:mm:ss") == VRK_XLSX_CLOCK);
    T_OK(vrk_xlsx_format("mm:ss") == VRK_XLSX_CLOCK);
    T_OK(vrk_xlsx_format("General") == VRK_XLSX_PLAIN);
    T_OK(vrk_xlsx_format("#,##0.00\\ \"kr\"") == VRK_XLSX_PLAIN);
    T_OK(vrk_xlsx_format("[Red]0.00") == VRK_XLSX_PLAIN);
    T_OK(vrk_xlsx_format("0.00E+00") == VRK_XLSX_PLAIN);
    T_OK(vrk_xlsx_format("\"dd\"@") == VRK_XLSX_PLAIN);
    T_OK(vrk_xlsx_format("") == VRK_XLSX_PLAIN && vrk_xlsx_format("[") == VRK_XLSX_PLAIN);
    T_OK(vrk_xlsx_builtin(14) == VRK_XLSX_DATE && vrk_xlsx_builtin(22) == VRK_XLSX_TIMED);
    T_OK(vrk_xlsx_builtin(4) == VRK_XLSX_PLAIN && vrk_xlsx_builtin(46) == VRK_XLSX_CLOCK);
}

static void hidden_sheets_are_left_out_and_hidden_columns_are_not(void)
{
    bench b;
    bench_start(&b);
    const char *cells = "<worksheet><cols><col min=\"1\" max=\"1\" hidden=\"1\"/></cols><sheetData>"
                        "<row><c><v>1</v></c></row></sheetData></worksheet>";
    pack(&b, "a.xlsx",
         (const packed[]){{"[Content_Types].xml", "<Types/>"},
                          {"xl/workbook.xml",
                           BOOK("", SHEET("A", "a", "") SHEET("B", "b", "state=\"veryHidden\"")
                                        SHEET("C", "c", ""))},
                          {"xl/_rels/workbook.xml.rels", RELATIONS},
                          {"xl/worksheets/one.xml", cells},
                          {"xl/two.xml", cells},
                          {0}});
    T_OK(b.st == VRK_OK && b.r.sheets == 1 && b.r.notes == 1);
    T_OK(bench_is(&b, 0, "1,1\n"));
    bench_end(&b);
}

/* Reads a sheet that must be refused. */
static bool refused(const char *rows, const char *why)
{
    bench b;
    sheet(&b, "", rows);
    bool so = bench_refused(&b, why) && !b.r.sheets;
    bench_end(&b);
    return so;
}

static void says_what_is_wrong_with_a_broken_sheet(void)
{
    T_OK(refused("<row r=\"3\"/><row r=\"2\"/>", "rows are not in order"));
    T_OK(refused("<row r=\"2000000\"/>", "rows are not in order"));
    T_OK(refused("<row><c r=\"B1\"/><c r=\"A1\"/></row>", "cells of a row are not in order"));
    T_OK(refused("<row><c r=\"ZZZZ1\"/></row>", "no cell can be"));
    T_OK(refused("<row><c r=\"A7\"/></row>", "cells of a row are not in order"));
    T_OK(refused("<row><c t=\"s\"><v>3</v></c></row>", "does not hold"));
    T_OK(refused("<row><c t=\"s\"><v>-1</v></c></row>", "does not hold"));
    T_OK(refused("<row><c>", "not well-formed XML"));
    T_OK(refused("</sheetData></worksheet><!DOCTYPE a>", "not well-formed XML"));
}

/* One cell a row, in the last column: 16 GB of commas to come from 20 MB. */
static void cells_that_stand_far_apart_are_no_table(void)
{
    bench b;
    vrk_arena mem = {0};
    vrk_str rows = {.mem = &mem};
    for (int i = 1; i <= 200; i++)
        vrk_str_addf(&rows, "<row r=\"%d\"><c r=\"XFD%d\"><v>1</v></c></row>", i, i);
    sheet(&b, "", vrk_str_of(&rows));
    T_OK(bench_refused(&b, "stand so far apart"));
    bench_end(&b);
    vrk_arena_free(&mem);
}

static void entities_in_a_part_are_refused(void)
{
    bench b;
    bench_start(&b);
    pack(&b, "a.xlsx",
         (const packed[]){{"[Content_Types].xml", "<Types/>"},
                          {"xl/workbook.xml", BOOK("", SHEET("A", "a", ""))},
                          {"xl/_rels/workbook.xml.rels", RELATIONS},
                          {"xl/texts.xml", "<!DOCTYPE sst [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b "
                                           "'&a;&a;&a;&a;'>]><sst><si><t>&b;</t></si></sst>"},
                          {0}});
    T_OK(bench_refused(&b, "declares entities"));
    bench_end(&b);
}

static void a_workbook_is_more_than_an_archive(void)
{
    bench b;
    bench_start(&b);
    pack(&b, "a.xlsx", (const packed[]){{"[Content_Types].xml", "<Types/>"}, {0}});
    T_OK(bench_refused(&b, "holds no workbook"));
    pack(&b, "a.xlsb",
         (const packed[]){{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.bin", "x"}, {0}});
    T_OK(bench_refused(&b, "binary workbook"));
    bench_end(&b);
}

static void the_samples_come_whole(void)
{
    bench b;
    bench_start(&b);
    if (!bench_sample(&b, "dynamics/My Open Opportunities 2026-11-02 09-14-05.xlsx")) {
        bench_end(&b);
        T_SKIP("no samples here");
    }
    T_OK(b.r.sheets == 1 && bench_lines(&b, 0) == 13 && b.r.notes == 1);
    T_OK(!strncmp(bench_text(&b, 0), "1,(Do Not Modify) Opportunity,", 30));
    T_OK(strstr(bench_text(&b, 0), "2,1ebab8b4-b952-54e2-8a5f-eb952811fc40,6b86b273ff34fce19d6b804e"
                                   "ff5a3f5747ada4eaa22f==,2026-06-11T11:20:00,") != NULL);
    bench_end(&b);
    bench_start(&b);
    T_OK(bench_sample(&b, "nasty/21_date1904_inlinestr_gaps.xlsx"));
    T_OK(b.r.sheets == 1 && bench_lines(&b, 0) == 12);
    bench_end(&b);
    bench_start(&b);
    T_OK(bench_sample(&b, "assessments/microsoft_forms.xlsx") && bench_lines(&b, 0) == 13);
    T_OK(bench_sample(&b, "odoo/crm.lead grouped.xlsx") && b.r.sheets == 1);
    T_OK(bench_sample(&b, "salesforce/report_formatted_grouped.xlsx") && b.r.sheets == 1);
    bench_end(&b);
}

static void fails_cleanly_wherever_memory_ends(void)
{
    bench_starve("nasty/21_date1904_inlinestr_gaps.xlsx");
}

T_MAIN(T_CASE(reads_each_kind_of_cell), T_CASE(dates_are_told_by_their_format),
       T_CASE(number_formats_are_told_apart),
       T_CASE(hidden_sheets_are_left_out_and_hidden_columns_are_not),
       T_CASE(says_what_is_wrong_with_a_broken_sheet),
       T_CASE(cells_that_stand_far_apart_are_no_table), T_CASE(entities_in_a_part_are_refused),
       T_CASE(a_workbook_is_more_than_an_archive), T_CASE(the_samples_come_whole),
       T_CASE(fails_cleanly_wherever_memory_ends))
