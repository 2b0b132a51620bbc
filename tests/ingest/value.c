/* The reading of cells. The forms are those that FORMATS lists (section 18.6 and 18.7); what they
 * mean is by hand. */
#include "ingest/value.h"
#include "tests/t.h"

#include <string.h>

static void check_date(const char *text, vrk_date_order order, const char *want)
{
    char out[VRK_VALUE_ROOM] = "";
    vrk_read how = vrk_date_read(text, strlen(text), order, false, out);
    const char *got = how == VRK_READ_VALUE     ? out
                      : how == VRK_READ_NOTHING ? "nothing"
                      : how == VRK_READ_OPEN    ? "open"
                                                : "bad";
    T_OK(!strcmp(got, want));
    if (strcmp(got, want) != 0)
        printf("# '%s' gave %s, not %s\n", text, got, want);
}

static void reads_the_forms_of_dates(void)
{
    static const char *const cases[][2] = {
        {"2026-03-04", "2026-03-04"},
        {"2026-3-4", "2026-03-04"},
        {"2026/03/04 13:15", "2026-03-04T13:15:00"},
        {"2026-03-04T13:15:00.000Z", "2026-03-04T13:15:00.000Z"},
        {"2026-03-04T13:15:00.000+0000", "2026-03-04T13:15:00.000Z"},
        {"2026-03-04T13:15:00+01:00", "2026-03-04T13:15:00+01:00"},
        {"2026-03-04 13:15:00+05:30", "2026-03-04T13:15:00+05:30"},
        {"2026/09/01 1:01:05 AM GMT+2", "2026-09-01T01:01:05+02:00"},
        {"25/3/2026", "2026-03-25"},
        {"3/25/2026", "2026-03-25"},
        {"25.3.26", "2026-03-25"},
        {"25.03.2026 09:05", "2026-03-25T09:05:00"},
        {"6/25/2026, 9:14 AM", "2026-06-25T09:14:00"},
        {"6/25/2026 12:30:00 AM", "2026-06-25T00:30:00"},
        {"6/25/2026 12:30 pm", "2026-06-25T12:30:00"},
        {"4 mars 2026", "2026-03-04"},
        {"den 4 mars 2026 kl. 13:15", "2026-03-04T13:15:00"},
        {"Mar 4, 2026", "2026-03-04"},
        {"4-Mar-26", "2026-03-04"},
        {"4. m\xC3\xA4rz 2026", "2026-03-04"},
        {"20260304", "2026-03-04"},
        {"1772626500000", "2026-03-04T12:15:00Z"},
        {"1772626500", "2026-03-04T12:15:00Z"},
        {"46085", "2026-03-04"},
        {"46085.5", "2026-03-04T12:00:00"},
        {"24444.25", "1966-12-03T06:00:00"},
        {"\xC2\xA0 2026-03-04 ", "2026-03-04"},
        {"3/3/2026", "2026-03-03"},
        {"4.3.2026", "2026-03-04"},
        {"1/2/69", "open"},
        {"28/2/69", "2069-02-28"},
        {"28/2/70", "1970-02-28"},
        {"0000-00-00", "nothing"},
        {"", "nothing"},
        {"null", "nothing"},
        {"2026-13-04", "bad"},
        {"31/4/2026", "bad"},
        {"2026-02-29", "bad"},
        {"2026-03-04T25:00", "bad"},
        {"2026-03-04 or so", "bad"},
        {"03/04/2026", "open"},
        {"12", "bad"},
        {"1250000", "bad"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_date(cases[i][0], VRK_ORDER_NONE, cases[i][1]);
    check_date("03/04/2026", VRK_ORDER_DAY, "2026-04-03");
    check_date("03/04/2026", VRK_ORDER_MONTH, "2026-03-04");
    check_date("04.03.26", VRK_ORDER_MONTH, "2026-04-03");
    check_date("25/3/2026", VRK_ORDER_MONTH, "2026-03-25");
}

static void check_number(const char *text, vrk_decimal decimal, const char *want)
{
    char out[VRK_VALUE_ROOM] = "";
    vrk_read how = vrk_number_read(text, strlen(text), decimal, out);
    const char *got = how == VRK_READ_VALUE     ? out
                      : how == VRK_READ_NOTHING ? "nothing"
                      : how == VRK_READ_OPEN    ? "open"
                                                : "bad";
    T_OK(!strcmp(got, want));
    if (strcmp(got, want) != 0)
        printf("# '%s' gave %s, not %s\n", text, got, want);
}

static void reads_the_forms_of_numbers(void)
{
    static const char *const cases[][2] = {
        {"1250000", "1250000"},
        {"1 250 000,00 kr", "1250000.00"},
        {"1\xC2\xA0"
         "250\xE2\x80\xAF"
         "000,5",
         "1250000.5"},
        {"1'250'000.00", "1250000.00"},
        {"1,250,000.00", "1250000.00"},
        {"1.250.000,00", "1250000.00"},
        {"1.250.000", "1250000"},
        {"SEK 1250000", "1250000"},
        {"SEK 1,250,000.00", "1250000.00"},
        {"1,25 MSEK", "1250000"},
        {"1250 tkr", "1250000"},
        {"12,5 tkr", "12500"},
        {"\xE2\x88\x92"
         "500,00",
         "-500.00"},
        {"500-", "-500"},
        {"(500.00)", "-500.00"},
        {"12 500:-", "12500"},
        {"\xE2\x82\xAC"
         "74.250,75",
         "74250.75"},
        {"-\xE2\x82\xAC"
         "74.25",
         "-74.25"},
        {"$-74.25", "-74.25"},
        {"0.125", "0.125"},
        {"1250.000", "1250.000"},
        {"1 250,000", "1250.000"},
        {"1.25E+06", "1250000"},
        {"100 %", "100"},
        {".5", "0.5"},
        {"1,250", "open"},
        {"1.250", "open"},
        {"ca 100", "bad"},
        {"1,25,000", "bad"},
        {"12 34", "bad"},
        {"1.2.3", "bad"},
        {"A-001", "bad"},
        {"", "nothing"},
        {"-", "nothing"},
        {"2026-03-04", "bad"},
        {"9:30", "bad"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_number(cases[i][0], VRK_DECIMAL_NONE, cases[i][1]);
    check_number("1,250", VRK_DECIMAL_POINT, "1250");
    check_number("1,250", VRK_DECIMAL_COMMA, "1.250");
    check_number("1.250", VRK_DECIMAL_COMMA, "1250");
    check_number("74,25", VRK_DECIMAL_POINT, "74.25");
}

static void reads_minutes_flags_and_clocks(void)
{
    char out[VRK_VALUE_ROOM];
    T_OK(vrk_minutes_read("01:30", 5, VRK_DECIMAL_NONE, out) == VRK_READ_VALUE);
    T_OK(!strcmp(out, "90"));
    T_OK(vrk_minutes_read("45", 2, VRK_DECIMAL_NONE, out) == VRK_READ_VALUE && !strcmp(out, "45"));
    T_OK(vrk_flag_read("Sant", 4, out) == VRK_READ_VALUE && !strcmp(out, "1"));
    T_OK(vrk_flag_read("FALSE", 5, out) == VRK_READ_VALUE && !strcmp(out, "0"));
    T_OK(vrk_flag_read("perhaps", 7, out) == VRK_READ_BAD);
    T_OK(vrk_clock_read("8:30:00 AM", 10, out) == VRK_READ_VALUE && !strcmp(out, "08:30:00"));
}

/* The check value is FORMATS' (1.1). */
static void makes_ids_of_salesforce_comparable(void)
{
    char out[VRK_VALUE_ROOM];
    T_OK(vrk_sfid_read("001A0000006Vm9r", 15, out) == VRK_READ_VALUE);
    T_OK(!strcmp(out, "001A0000006Vm9rIAC"));
    T_OK(vrk_sfid_read("001A0000006Vm9rIAC", 18, out) == VRK_READ_VALUE);
    T_OK(vrk_sfid_read("001A0000006Vm9rIAD", 18, out) == VRK_READ_BAD);
    T_OK(vrk_sfid_read("0abcdefghijklmn", 15, out) == VRK_READ_BAD); /* a word */
}

static void tells_what_a_cell_looks_like(void)
{
    static const struct {
        const char *text;
        uint32_t look;
    } cases[] = {
        {"3/4/2026", VRK_LOOK_DATE | VRK_LOOK_SPLIT},
        {"006Qy00000001aK", VRK_LOOK_SFID | VRK_LOOK_CODE},
        {"001A0000006Vm9rIAC", VRK_LOOK_SFID | VRK_LOOK_CODE},
        {"25/3/2026", VRK_LOOK_DATE | VRK_LOOK_DAY},
        {"3/25/2026 1:00 PM", VRK_LOOK_DATE | VRK_LOOK_MONTH | VRK_LOOK_TIMED},
        {"4.3.2026", VRK_LOOK_DATE | VRK_LOOK_SPLIT | VRK_LOOK_DOTS},
        {"2026-13-04", VRK_LOOK_NO_DATE},
        {"46085", VRK_LOOK_LOOSE | VRK_LOOK_NUMBER},
        {"1,250", VRK_LOOK_NUMBER | VRK_LOOK_THREE},
        {"1 250,00", VRK_LOOK_NUMBER | VRK_LOOK_COMMA},
        {"1.5", VRK_LOOK_NUMBER | VRK_LOOK_POINT},
        {"anna@example.se", VRK_LOOK_MAIL},
        {"A-001", VRK_LOOK_CODE},
        {"Norra Trä Ek. för.", VRK_LOOK_COMPANY},
        {"Avslutad – vunnen", VRK_LOOK_CLOSED},
        {"Emma de la Cruz", VRK_LOOK_PERSON},
        {"SEK", VRK_LOOK_CURRENCY},
        {"true", VRK_LOOK_FLAG},
        {"01:30", VRK_LOOK_CLOCK},
        {"100 %", VRK_LOOK_NUMBER | VRK_LOOK_PERCENT},
        {"N/A", VRK_LOOK_NOTHING},
        {"Anna Lindqvist", VRK_LOOK_PERSON},
        {"Leasing truckar", 0},
        {"2026-11-24T10:00:00.000Z", VRK_LOOK_DATE | VRK_LOOK_TIMED | VRK_LOOK_ZONED},
        {"2026-11-24 00:00:00", VRK_LOOK_DATE},
        {"2026-11-24T24:00:00", VRK_LOOK_CODE},
        {"2026-11-31", VRK_LOOK_NO_DATE},
        {"006Qy0000010211IAA", VRK_LOOK_SFID | VRK_LOOK_CODE},
        {"500:-", VRK_LOOK_NUMBER},
        {"1e-3", VRK_LOOK_NUMBER},
        {"(12 kr)", VRK_LOOK_NUMBER},
        {"12 kr 3", 0},
        {"den 4 mars 2026", VRK_LOOK_DATE},
        {"Mars", 0},
        {"NULL", VRK_LOOK_NOTHING},
        {"0000-00-00 00:00:00", VRK_LOOK_NOTHING},
        {"FÖRLORAD", VRK_LOOK_CLOSED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t got = vrk_look_of(cases[i].text, strlen(cases[i].text));
        T_OK(got == cases[i].look);
        if (got != cases[i].look)
            printf("# '%s' looks %x, not %x\n", cases[i].text, got, cases[i].look);
    }
}

T_MAIN(T_CASE(reads_the_forms_of_dates), T_CASE(reads_the_forms_of_numbers),
       T_CASE(reads_minutes_flags_and_clocks), T_CASE(makes_ids_of_salesforce_comparable),
       T_CASE(tells_what_a_cell_looks_like))
