/* HTML tables: oracles are what browsers make of the same page, written by hand, and the sample
 * report of Salesforce that is named .xls (samples/README.md). */
#include "ingest/html.h"
#include "tests/ingest/reading.h"

static bool gives(const char *page, const char *want)
{
    bench b;
    bench_start(&b);
    bench_bytes(&b, "a.xls", page, strlen(page));
    bool so = b.reader && b.reader->read == vrk_html_read && bench_is(&b, 0, want);
    bench_end(&b);
    return so;
}

static void reads_a_table_as_a_browser_does(void)
{
    T_OK(gives("<html><table><tr><th>A<th>B<tr><td>1<td>2</table>", "1,A,B\n2,1,2\n"));
    T_OK(gives("<TABLE BORDER=0><TR><TD>  a \n b&nbsp;</TD></TR></TABLE>", "1,a b\u00a0\n"));
    T_OK(gives("<table><tr><td>x<br>y<td>&lt;b&gt; &amp;amp; &#8211;&#x2013;&Auml; &nix; a&b",
               "1,\"x\ny\",<b> &amp; ––Ä &nix; a&b\n"));
    T_OK(gives("<table><tr><td title=\"a>b\">x<!-- <td>no --><script>'<td>'</script><b>y</b>",
               "1,xy\n"));
    T_OK(gives("<table><tr><td>3 < 4<td>5<6", "1,3 < 4,5<6\n"));
}

static void spans_leave_empty_cells(void)
{
    T_OK(gives("<table><tr><td colspan=2>a<td>b<tr><td rowspan=\"2\">c<td>d<td>e<tr><td>f<td>g"
               "<tr><td>h</table>",
               "1,a,,b\n2,c,d,e\n3,,f,g\n4,h\n"));
    T_OK(gives("<table><tr><td colspan=0>a<td colspan=x>b</table>", "1,a,b\n"));
}

static void a_table_in_a_table_is_one_of_its_own(void)
{
    bench b;
    bench_start(&b);
    const char page[] = "<table><tr><td>menu<table><tr><td>1</table>more</table><table></table>";
    bench_bytes(&b, "a.html", page, strlen(page));
    T_OK(b.st == VRK_OK && b.r.sheets == 2);
    T_OK(bench_is(&b, 0, "1,1\n") && bench_is(&b, 1, "1,menumore\n"));
    bench_end(&b);
}

static void the_sample_report_comes_whole(void)
{
    bench b;
    bench_start(&b);
    if (bench_sample(&b, "salesforce/report1793600000000_html_disguised.xls")) {
        T_OK(b.r.sheets == 1 && bench_lines(&b, 0) == 14); /* headings, 12 deals, a footer */
        T_OK(strstr(bench_text(&b, 0), "3,Björn Öberg,Serviceavtal press,Closed Lost,"
                                       "\"SEK 384,500.50\",2026-04-02\n") != NULL);
        T_OK(strstr(bench_text(&b, 0), "\n8,Emma de la Cruz,Oslo – rammeavtale,") != NULL);
    }
    bench_end(&b);
}

static void refuses_what_is_no_table(void)
{
    bench b;
    bench_start(&b);
    bench_bytes(&b, "a.html", "<html><body>Logga in", 20);
    T_OK(bench_refused(&b, "a page without a table"));
    char deep[2000] = "<html>";
    for (int i = 0; i < 30; i++)
        strcat(deep, "<table><tr><td>");
    bench_bytes(&b, "b.html", deep, strlen(deep));
    T_OK(bench_refused(&b, "tables in one another"));
    bench_bytes(&b, "c.csv", "a,b\n", 4);
    T_OK(!b.reader);
    bench_end(&b);
}

static void fails_cleanly_wherever_memory_ends(void)
{
    bench_starve("salesforce/report1793600000000_html_disguised.xls");
}

T_MAIN(T_CASE(reads_a_table_as_a_browser_does), T_CASE(spans_leave_empty_cells),
       T_CASE(a_table_in_a_table_is_one_of_its_own), T_CASE(the_sample_report_comes_whole),
       T_CASE(refuses_what_is_no_table), T_CASE(fails_cleanly_wherever_memory_ends))
