/* JSON of APIs, OCEL, xAPI and QTI: oracles are the documents written here by hand, the counts in
 * samples/README.md, and samples/expected for the deals that the samples carry. */
#include "ingest/json.h"
#include "tests/ingest/reading.h"

static void read_text(bench *b, const char *name, const char *text)
{
    bench_start(b);
    bench_bytes(b, name, text, strlen(text));
}

static bool gives(const char *text, const char *want)
{
    bench b;
    read_text(&b, "a.json", text);
    bool so = b.st == VRK_OK && bench_is(&b, 0, want);
    bench_end(&b);
    return so;
}

static void a_list_of_records_is_a_table(void)
{
    T_OK(gives("[{\"id\":1,\"a\":{\"b\":\"x,y\",\"c\":{\"d\":true}}},{\"a\":null,\"e\":0.5}]",
               "0,id,a.b,a.c.d,e\n1,1,\"x,y\",true,\n2,,,,0.5\n"));
    T_OK(gives("{\"data\":[{\"n\":1e20,\"l\":[\"a\",\"b\"],\"o\":[{\"p\":1}],\"m\":1250000.50}]}",
               "0,n,l,m\n1,100000000000000000000,a;b,1250000.5\n"));
    T_OK(gives("{\"id\":1}\n{\"id\":2,\"x\":\"y\"}\n", "0,id,x\n1,1,\n2,2,y\n"));
    T_OK(gives("[{\"stage\":{\"id\":5,\"name\":\"Vunnen\",\"p\":1}}]",
               "0,stage,stage.id,stage.p\n1,Vunnen,5,1\n"));
}

static void formatted_values_of_dataverse_are_understood(void)
{
#define F "@OData.Community.Display.V1.FormattedValue"
    T_OK(gives("{\"@odata.context\":\"x\",\"value\":[{\"@odata.etag\":\"1\",\"opportunityid\":"
               "\"g\",\"statecode\":1,\"statecode" F "\":\"Won\",\"value\":5,\"value" F
               "\":\"5,00 kr\",\"_ownerid_value\":\"u\",\"_ownerid_value" F "\":\"Anna\"}]}",
               "0,opportunityid,statecode,statecode.code,value,ownerid,ownerid.name\n"
               "1,g,Won,1,5,u,Anna\n"));
}

static void references_of_odoo_are_names(void)
{
    T_OK(gives("{\"jsonrpc\":\"2.0\",\"result\":[{\"id\":1,\"stage_id\":[3,\"Ny\"],\"email\":false,"
               "\"active\":false,\"create_date\":\"2026-03-02 14:00:00\"}]}",
               "0,id,stage_id,stage_id.id,active,create_date\n"
               "1,1,Ny,3,false,2026-03-02T14:00:00Z\n"));
}

static void what_is_no_list_is_refused(void)
{
    bench b;
    read_text(&b, "a.json", "{\"a\":1}");
    T_OK(bench_refused(&b, "without a list of records"));
    bench_bytes(&b, "a.json", "{\"a\":\n[1,}", 10);
    T_OK(bench_refused(&b, "a.json, line 2: no JSON"));
    bench_bytes(&b, "a.json", "[{\"a\":\"\\ud800\"}]", 16);
    T_OK(bench_refused(&b, "no JSON"));
    char deep[5000];
    memset(deep, '[', sizeof(deep));
    bench_bytes(&b, "a.json", deep, sizeof(deep));
    T_OK(bench_refused(&b, "no JSON"));
    bench_bytes(&b, "a.csv", "[x] a,b\n", 8);
    T_OK(!b.reader);
    bench_end(&b);
}

static void the_versions_of_hubspot_become_a_history(void)
{
    bench b;
    bench_start(&b);
    if (!bench_sample(&b, "hubspot/api_deals_propertiesWithHistory.json")) {
        bench_end(&b);
        T_SKIP("no samples here");
    }
    T_OK(b.r.sheets == 2 && bench_lines(&b, 0) == 5 && bench_lines(&b, 1) == 1 + 15 + 4);
    T_OK(strstr(bench_text(&b, 1),
                "1,21470001377,dealstage,,appointmentscheduled,2026-01-12T08:05:00.123Z,70000\n"
                "2,21470001377,dealstage,appointmentscheduled,qualifiedtobuy,"
                "2026-01-28T13:30:00.123Z,70001\n") != NULL);
    bench_end(&b);
}

static void the_samples_of_other_apis_come_whole(void)
{
    static const struct {
        const char *file;
        int64_t sheets, lines; /* of the first, with the headings */
    } want[] = {
        {"dynamics/api_opportunities.json", 1, 13},
        {"dynamics/api_audits.json", 1, 16}, /* deals 1-4: 5 + 3 + 3 + 4 events */
        {"upsales/api_v2_orders.json", 1, 13},
        {"espocrm/api_stream_opportunity.json", 1, 4},
        {"pipedrive/api_v1_deal_105_flow.json", 2, 8}, /* six changes, and the first stage */
        {"pipedrive/api_v1_deal_105_changelog.json", 1, 4},
        {"assessments/xapi_statements.json", 1, 13},
        {"assessments/qti3_assessmentResult.xml", 1, 11},
        {"process_mining/pipeline.ocel2.json", 2, 40},
    };
    for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
        bench b;
        bench_start(&b);
        if (bench_sample(&b, want[i].file)) {
            bool so = b.r.sheets == want[i].sheets && bench_lines(&b, 0) == want[i].lines;
            if (!so)
                printf("# %s: %d sheets, %d lines\n", want[i].file, (int)b.r.sheets,
                       (int)bench_lines(&b, 0));
            T_OK(so);
        }
        bench_end(&b);
    }
}

/* Deal 5 of samples/expected: lost on 30 March, open again on 11 May, won on 1 July. */
static void the_flow_of_a_deal_tells_its_stages_and_outcomes(void)
{
    bench b;
    bench_start(&b);
    if (bench_sample(&b, "pipedrive/api_v1_deal_105_flow.json")) {
        T_OK(bench_is(&b, 0,
                      "0,deal_id,field,old_value,new_value,changed_at,user\n"
                      "1,105,add_time,,2026-02-16 14:00:00,2026-02-16T14:00:00Z,4\n"
                      "2,105,stage_id,1,2,2026-03-02T14:00:00Z,4\n"
                      "3,105,status,open,lost,2026-03-30T07:00:00Z,4\n"
                      "4,105,status,lost,open,2026-05-11T08:30:00Z,2\n"
                      "5,105,stage_id,2,3,2026-06-08T08:30:00Z,4\n"
                      "6,105,status,open,won,2026-07-01T07:10:00Z,4\n"
                      "7,105,stage_id,,1,2026-02-16T14:00:00Z,\n"));
        T_OK(bench_is(&b, 1,
                      "0,stage_id,stage_name\n1,1,Kvalificering\n2,2,Behovsanalys\n"
                      "3,3,Offert\n"));
    }
    bench_end(&b);
    read_text(&b, "changes.json",
              "{\"data\":[{\"field_key\":\"a\",\"new_value\":\"b\",\"time\":\"c\"}]}");
    T_OK(bench_refused(&b, "does not say which deal"));
    bench_end(&b);
}

static void statements_without_a_score_or_void_are_left_out(void)
{
    bench b;
    read_text(&b, "a.json",
              "[{\"id\":\"1\",\"actor\":{\"account\":{\"name\":\"u5\"}},\"verb\":{\"id\":\"x\"},"
              "\"object\":{\"id\":\"t/invändningar\"},\"result\":{\"score\":{\"raw\":3,\"min\":1,"
              "\"max\":5}},\"timestamp\":\"2026-09-01T10:00:00Z\"},"
              "{\"id\":\"2\",\"actor\":{\"mbox\":\"mailto:a@b.se\"},\"verb\":{\"id\":\"x\"},"
              "\"object\":{\"id\":\"t\"},\"result\":{\"score\":{\"scaled\":0.5}}},"
              "{\"id\":\"3\",\"actor\":{\"mbox\":\"mailto:a@b.se\"},\"verb\":{\"id\":\"x/voided\"},"
              "\"object\":{\"id\":\"2\"}},"
              "{\"actor\":{\"mbox\":\"mailto:a@b.se\"},\"verb\":{\"id\":\"x\"},\"object\":{}}]");
    T_OK(b.st == VRK_OK && b.r.notes == 1 && !strcmp(b.r.sheet[0].table, "assessments"));
    T_OK(bench_is(&b, 0,
                  "0,person_id,competency,item_id,score,max_score,rater_id,instrument,assessed_on\n"
                  "1,u5,objection_handling,t/invändningar,2,4,,external,2026-09-01T10:00:00Z\n"));
    bench_end(&b);
}

/* A log in each of its three forms gives the same cases. */
static void a_log_is_the_same_in_each_form(void)
{
    static const char want[] = "0,case_id,activity,timestamp,resource\n"
                               "1,d1,Offert,2026-03-02T10:00:00Z,Anna\n"
                               "2,d1,call,2026-03-03T10:00:00Z,\n3,d2,call,2026-03-03T10:00:00Z,\n";
    static const char *const forms[] = {
        "{\"objectTypes\":[],\"objects\":[{\"id\":\"d1\",\"type\":\"deal\",\"attributes\":[{"
        "\"name\":\"amount\",\"time\":\"2\",\"value\":7},{\"name\":\"amount\",\"time\":\"1\","
        "\"value\":6}]},{\"id\":\"d2\",\"type\":\"deal\"},{\"id\":\"s\",\"type\":\"seller\","
        "\"attributes\":[{\"name\":\"name\",\"value\":\"Anna\"}]}],\"events\":[{\"id\":\"e\","
        "\"type\":\"move\",\"time\":\"2026-03-02T10:00:00Z\",\"attributes\":[{\"name\":\"to\","
        "\"value\":\"Offert\"}],\"relationships\":[{\"objectId\":\"d1\"},{\"objectId\":\"d1\"},{"
        "\"objectId\":\"s\"}]},{\"type\":\"call\",\"time\":\"2026-03-03T10:00:00Z\","
        "\"relationships\":[{\"objectId\":\"d1\"},{\"objectId\":\"d2\"}]}]}",
        "{\"ocel:objects\":{\"d1\":{\"ocel:type\":\"deal\",\"ocel:ovmap\":{\"amount\":7}},\"d2\":{"
        "\"ocel:type\":\"deal\"},\"s\":{\"ocel:type\":\"seller\",\"ocel:ovmap\":{\"name\":\"Anna\"}"
        "}},\"ocel:events\":{\"1\":{\"ocel:activity\":\"move\",\"ocel:timestamp\":"
        "\"2026-03-02T10:00:00Z\",\"ocel:omap\":[\"d1\",\"s\"],\"ocel:vmap\":{\"to\":\"Offert\"}},"
        "\"2\":{\"ocel:activity\":\"call\",\"ocel:timestamp\":\"2026-03-03T10:00:00Z\",\"ocel:omap"
        "\":[\"d1\",\"d2\"]}}}",
        "<log><object-types/><objects><object id='d1' type='deal'><attributes><attribute "
        "name='amount' time='2'>7</attribute><attribute name='amount' time='1'>6</attribute>"
        "</attributes></object><object id='d2' type='deal'/><object id='s' type='seller'>"
        "<attributes><attribute name='name'>Anna</attribute></attributes></object></objects>"
        "<events><event id='1' type='move' time='2026-03-02T10:00:00Z'><attributes><attribute "
        "name='to'>Offert</attribute></attributes><objects><relationship object-id='d1'/>"
        "<relationship object-id='s'/></objects></event><event id='2' type='call' "
        "time='2026-03-03T10:00:00Z'><objects><relationship object-id='d1'/><relationship "
        "object-id='d2'/></objects></event></events></log>"};
    for (int i = 0; i < 3; i++) {
        bench b;
        read_text(&b, i < 2 ? "log.json" : "log.xmlocel", forms[i]);
        T_OK(b.st == VRK_OK && bench_is(&b, 0, want));
        T_OK(bench_is(&b, 1, "0,case_id,amount\n1,d1,7\n2,d2,\n"));
        bench_end(&b);
    }
}

static void the_public_logs_come_whole(void)
{
    static const struct {
        const char *file, *kind;
        int64_t events; /* of deals, counted in the documents with python's json */
    } want[] = {{"recruiting-red.jsonocel", "applications", 6607},
                {"example_log.jsonocel", "order", 12},
                {"ocel20_example.jsonocel", "Purchase Order", 5},
                {"ocel20_example.xmlocel", "Purchase Order", 5},
                {"example_log.csv", "order", 12},
                {"ocel_order_simulated.csv", "orders", 6514}};
    const char *data = getenv("VERKAN_DATA");
    for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
        bench b;
        char path[4096];
        snprintf(path, sizeof(path), "%s/ocel/%s", data ? data : ".", want[i].file);
        if (!vrk_is_file(path))
            T_SKIP("no public data here");
        bench_start(&b);
        bench_read(&b, path, want[i].file);
        T_OK(b.st == VRK_OK && strstr(b.r.note[0], want[i].kind));
        T_OK(bench_lines(&b, 0) == 1 + want[i].events);
        bench_end(&b);
    }
}

static void results_of_tests_belong_to_someone(void)
{
    bench b;
    read_text(&b, "a.xml",
              "<assessmentResult><itemResult identifier='x'><outcomeVariable identifier='SCORE'>"
              "<value>1</value></outcomeVariable></itemResult></assessmentResult>");
    T_OK(bench_refused(&b, "whose is it"));
    bench_bytes(&b, "a.xml", "<a><assessmentResult/></a>", 26);
    T_OK(bench_refused(&b, "first element"));
    const char *laughs = "<!DOCTYPE assessmentResult [<!ENTITY a SYSTEM 'file:///etc/passwd'>"
                         "<!ENTITY b '&a;&a;&a;'>]><assessmentResult>&b;</assessmentResult>";
    bench_bytes(&b, "a.xml", laughs, strlen(laughs));
    T_OK(bench_refused(&b, "declares entities"));
    bench_end(&b);
}

static void fails_cleanly_wherever_memory_ends(void)
{
    bench_starve("hubspot/api_deals_propertiesWithHistory.json");
    bench_starve("pipedrive/api_v1_deal_105_flow.json");
    bench_starve("process_mining/pipeline.ocel2.json");
    bench_starve("assessments/xapi_statements.json");
    bench_starve("assessments/qti3_assessmentResult.xml");
}

T_MAIN(T_CASE(a_list_of_records_is_a_table), T_CASE(formatted_values_of_dataverse_are_understood),
       T_CASE(references_of_odoo_are_names), T_CASE(what_is_no_list_is_refused),
       T_CASE(the_versions_of_hubspot_become_a_history),
       T_CASE(the_samples_of_other_apis_come_whole),
       T_CASE(the_flow_of_a_deal_tells_its_stages_and_outcomes),
       T_CASE(statements_without_a_score_or_void_are_left_out),
       T_CASE(a_log_is_the_same_in_each_form), T_CASE(the_public_logs_come_whole),
       T_CASE(results_of_tests_belong_to_someone), T_CASE(fails_cleanly_wherever_memory_ends))
