#!/usr/bin/env python3
"""samples.py VERKAN SAMPLES [NAME...]: every sample export gives the deals, stage events and row
counts that samples/expected and samples/README.md state. A line of CASES a sample; times are
compared at the precision that the source has."""
import csv
import datetime
import os
import subprocess
import sys
import tempfile
import zoneinfo

VERKAN, SAMPLES = sys.argv[1], sys.argv[2]
HERE = zoneinfo.ZoneInfo("Europe/Stockholm")
ALL = set(range(1, 13))
CLOSED = {1, 2, 5, 6, 9}

# What the sources call the stages of expected/stage_events.csv.
STAGES = {
    "Kvalificering": "Qualification|Appointment Scheduled|New|1-Qualify|1. Kvalificering|1. Kontakt|Ny|"
                     "lead|Prospecting",
    "Behovsanalys": "Needs Analysis|Qualified To Buy|Qualified|2-Develop|2. Behov|opportunity",
    "Offert": "Proposal|Proposal Sent|Proposition|3-Propose|3. Offert|Förslag/Offert|"
              "Proposal/Price Quote|Proposal/Quote",
    "Förhandling": "Negotiation|Contract Sent|4-Close|4. Förhandling|Förhandling/Granskning|"
                   "Negotiation/Review|converted",
    "Vunnen": "Closed Won|Won|won|5. Order|Avslutad – vunnen",
    "Förlorad": "Closed Lost|Lost|lost|6. Förlorad|Avslutad – förlorad",
}
CANON = {label: stage for stage, labels in STAGES.items() for label in [stage, *labels.split("|")]}


def local(text):
    """The expected UTC time as the organisation's wall time."""
    if not text:
        return ""
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at.astimezone(HERE).strftime("%Y-%m-%dT%H:%M:%S")


def table(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


SAMPLES_READ = True
DEALS = {int(d["deal_key"]): d for d in table(f"{SAMPLES}/expected/deals.csv")}
BY_NAME = {d["name"]: key for key, d in DEALS.items()}
EVENTS = {}
for e in table(f"{SAMPLES}/expected/stage_events.csv"):
    EVENTS.setdefault(int(e["deal_key"]), []).append(e)

# How times compare: to the second, the minute or the day.
CUT = {"s": 19, "min": 16, "day": 10}


class Case:
    """One import: files, and what must come out.
    fields: what is compared of each deal; "created:min" at that precision.
    keys: the deals that must be there; more (not in expected) must not.
    amount: own amounts (a file of odd values); only: deals whose fields are compared."""

    def __init__(self, files, fields="", keys=ALL, events=None, event_keys=None, rows=None, rejected=0,
                 skipped=None, unknown=None, other=0, exit=0, tables=None, map=None, codes=None):
        self.files = files if isinstance(files, list) else [files]
        self.fields, self.keys, self.events = fields.split(), set(keys), events
        self.event_keys = set(event_keys) if event_keys is not None else None
        self.rows, self.rejected, self.skipped = rows, rejected, skipped
        self.unknown = unknown or {}  # field -> deals of which it is not known
        self.other, self.exit, self.tables, self.map = other, exit, tables or {}, map
        self.codes = codes or {}


NASTY = "amount currency outcome created:day expected account owner stage"
CASES = {
    "nasty-01": Case("nasty/01_bom_semicolon_decimalcomma_nbsp.csv", NASTY, rows=12),
    "nasty-02": Case("nasty/02_utf16le_bom_tab.csv", NASTY, rows=12),
    "nasty-03": Case("nasty/03_utf16be_nobom_semicolon.csv", NASTY, rows=12),
    "nasty-04": Case("nasty/04_cp1252_semicolon.csv", NASTY, rows=12),
    "nasty-05": Case("nasty/05_sep_line.csv", NASTY, rows=12),
    "nasty-06": Case("nasty/06_mojibake_double_utf8.csv", NASTY, rows=12),
    "nasty-08": Case("nasty/08_duplicate_and_empty_headers.csv",
                     "amount currency created:day expected owner", rows=12),
    "nasty-09": Case("nasty/09_quotes_newlines_in_fields.csv", "amount outcome stage", rows=12),
    "nasty-10": Case("nasty/10_broken_quotes_ragged_rows.csv", "amount outcome stage",
                     keys=ALL - {4, 6, 8}, rows=12, rejected=2, other=1,  # the sample's deal 4 has no comma
                     codes={"CSV_BARE_QUOTE": 1, "CSV_TOO_FEW": 1, "CSV_UNCLOSED_QUOTE": 1}),
    "nasty-12": Case("nasty/12_truncated_mid_row.csv", NASTY, keys=ALL - {12}, rows=12, rejected=1,
                     codes={"FILE_TRUNCATED": 1}),
    "nasty-14": Case("nasty/14_mixed_dates_and_amounts.csv", rows=12,
                     codes={"DATE_AMBIGUOUS": 1, "DATE_IMPOSSIBLE": 1, "NUM_AMBIGUOUS": 1, "NUM_BAD": 1}),
    "nasty-17": Case("nasty/17_empty.csv", keys=[], exit=3),
    "nasty-18": Case("nasty/18_header_only.csv", keys=[], rows=0),
    "nasty-20": Case("nasty/20_no_header.csv", NASTY, rows=12),
    "nasty-22": Case("nasty/22_duplicate_rows_conflicting.csv",
                     "amount currency created:day expected account owner", rows=14),
    "salesforce-report-en": Case(
        "salesforce/report_opportunities_en_US.csv",
        "amount currency outcome created:day closed:day expected:open account owner stage",
        rows=19, skipped=7),
    "salesforce-report-sv": Case(
        "salesforce/report_sv_SE_cp1252_semicolon.csv",
        "amount currency outcome created:day closed:day expected:open account owner stage",
        rows=16, skipped=4),
    "salesforce-bulk": Case(
        ["salesforce/bulk_Opportunity.csv", "salesforce/bulk_OpportunityHistory.csv",
         "salesforce/bulk_OpportunityContactRole.csv", "salesforce/bulk_Task.csv"],
        "amount currency outcome created:s closed:s expected:open stage",
        events="s", event_keys=range(1, 8), tables={"contact_roles": 8, "activities": 15}),
    "salesforce-history-report": Case(
        ["salesforce/report_opportunities_en_US.csv",
         "salesforce/report_opportunity_history_en_US.csv"],
        "amount currency outcome created:day", events="day", event_keys=[5, 6, 9]),
    "salesforce-field-history": Case(
        ["salesforce/bulk_Opportunity.csv", "salesforce/export_OpportunityFieldHistory.csv"],
        "amount currency outcome created:s expected:open stage", events="s",
        event_keys=[1, 2, 3, 4, 5, 6]),
    "hubspot-en": Case(
        "hubspot/hubspot-crm-exports-all-deals-2026-11-02.csv",
        "amount currency outcome created:min closed:min expected:open account owner stage lost",
        events="wide", rows=12),
    "hubspot-sv": Case(
        "hubspot/hubspot-crm-exports-sv.csv",
        "amount currency outcome created:min closed:min expected:open owner stage lost", rows=12),
    "hubspot-history": Case(
        ["hubspot/hubspot-crm-exports-sv.csv", "hubspot/property_history_dealstage.csv"],
        "amount currency outcome created:min closed:min expected:open owner stage lost",
        events="min", event_keys=range(1, 8)),
    "pipedrive": Case(
        "pipedrive/deals-12345678-9.csv",
        "amount currency outcome created:s closed:s expected account owner lost", rows=12),
    "pipedrive-activities": Case(
        ["pipedrive/deals-12345678-9.csv", "pipedrive/activities.csv"],
        "amount currency outcome created:s closed:s expected account owner lost",
        tables={"activities": 16}),
    "dynamics-sv": Case(
        "dynamics/affarsmojligheter_sv_utf8bom_semicolon.csv",
        "amount currency outcome created:min closed:day expected account owner", rows=12),
    "zoho": Case("zoho/Deals_2026_11_02.csv",
                 "amount currency outcome created:s closed:day expected:open account owner stage lost",
                 rows=12),
    "zoho-history": Case(
        ["zoho/Deals_2026_11_02.csv", "zoho/Stage_History.csv"],
        "amount currency outcome created:s expected:open account owner stage lost", events="s",
        event_keys=range(1, 8)),
    "odoo": Case("odoo/crm.lead.csv",
                 "amount currency outcome created:s closed:s expected account owner lost", rows=13,
                 skipped=1),
    "odoo-tracking": Case(
        ["odoo/crm.lead.csv", "odoo/mail.tracking.value.csv"],
        "amount currency outcome created:s closed:s expected account owner lost", events="s",
        event_keys=[]),
    "suitecrm": Case("suitecrm/opportunities_audit_dump.csv", keys=[], other=8),
    "espocrm": Case("espocrm/Opportunity.csv",
                    "amount currency outcome created:s closed:day expected:open account owner stage",
                    rows=12, unknown={"stage": {7, 11}}),  # it has no such stage
    "upsales": Case("upsales/affarer_sv_utf8bom_semicolon.csv",
                    "amount currency outcome created:min closed:day expected account owner stage lost",
                    rows=12),
    "lime": Case("lime/affar_sv_cp1252_tab_no_id.txt",
                 "amount outcome created:min closed:won expected account owner stage lost", rows=12),
    "lime-historik": Case(
        ["lime/affar_sv_cp1252_tab_no_id.txt", "lime/historik_sv_cp1252_semicolon.csv"],
        "amount outcome created:min expected account owner stage", tables={"activities": 15}),
    "tryton": Case("tryton/sale_opportunity.csv",
                   "amount currency outcome created:s closed:day expected:open account owner lost",
                   rows=12),
    "salesforce-xlsx": Case(
        "salesforce/report_formatted_grouped.xlsx",
        "amount outcome closed:day expected:open account owner stage"),
    "salesforce-html": Case(
        "salesforce/report1793600000000_html_disguised.xls", "amount outcome"),
    "dynamics-xlsx": Case(
        "dynamics/My Open Opportunities 2026-11-02 09-14-05.xlsx",
        "amount currency outcome created:min expected account owner"),
    "dynamics-api": Case(
        ["dynamics/api_opportunities.json", "dynamics/api_audits.json"],
        "amount outcome created:s expected owner"),  # it has neither currency nor account
    "hubspot-api": Case("hubspot/api_deals_propertiesWithHistory.json", "amount currency outcome",
                        keys=[1, 2, 3, 4]),
    "upsales-api": Case("upsales/api_v2_orders.json",  # whole amounts
                        "currency outcome created:s account owner stage"),
    "odoo-grouped": Case("odoo/crm.lead grouped.xlsx", "amount owner",
                         keys=ALL - {2, 9}),
    "nasty-21": Case("nasty/21_date1904_inlinestr_gaps.xlsx", "amount outcome stage", keys=ALL - {6}),
    "targets": Case("targets/saljmal_2026_wide_sv.csv", keys=[], tables={"targets": 60}),
    "users": Case("targets/users_teams.csv", keys=[], tables={"sellers": 6}),
    # Containers.
    "pipedrive-flow": Case(
        ["pipedrive/deals-12345678-9.csv", "pipedrive/api_v1_deal_105_flow.json"],
        "amount currency outcome", events="s", event_keys=[5]),
    "espocrm-stream": Case(
        ["espocrm/Opportunity.csv", "espocrm/api_stream_opportunity.json"], "amount currency"),
    "ocel": Case("process_mining/pipeline.ocel2.json", keys=[], other=12,
                 tables={"stage_events": 39, "sellers": 5}),
    "xes": Case("process_mining/pipeline.xes", "amount outcome created:s closed:s owner stage",
                events="s", event_keys=ALL - {8},  # a log does not say that a stage is an earlier one
                tables={"stage_events": 39}),
    "google-calendar": Case("calendar/google_takeout_bjorn.ics", keys=[], tables={"calendar": 31},
                            rows=31),
    "outlook-calendar": Case("calendar/outlook_windows_tz_anna.ics", keys=[],
                             tables={"calendar": 47}, rows=49, rejected=2, codes={"TZ_UNKNOWN": 1}),
    "broken-calendar": Case("calendar/broken_lf_bom_unfolded.ics", keys=[],
                            tables={"calendar": 370}, rows=373, rejected=3,
                            codes={"ICS_NEG_DURATION": 1, "ICS_BAD_COMPONENT": 1}),
    "outlook-csv": Case("calendar/outlook_export_en_US.csv", keys=[], tables={"calendar": 12},
                        rows=12),
    "caldav": Case("calendar/caldav_report_multistatus.xml", keys=[], tables={"calendar": 10},
                   rows=10),
    # 15 responses to 3 questions, 11 to 2 (one answer is two, one question is answered by nobody),
    # 12 to 2
    "forms-sv": Case("assessments/google_forms_sv.csv", keys=[], tables={"assessments": 45}),
    "forms-grid": Case("assessments/google_forms_en_grid.csv", keys=[],
                       tables={"assessments": 21}, rows=22, rejected=1, codes={"NUM_BAD": 1}),
    "forms-xlsx": Case("assessments/microsoft_forms.xlsx", keys=[], tables={"assessments": 24}),
    "xapi": Case("assessments/xapi_statements.json", keys=[], tables={"assessments": 12}, rows=12),
    "qti": Case("assessments/qti3_assessmentResult.xml", keys=[], tables={"assessments": 10},
                rows=10),
}


def run(*args):
    done = subprocess.run([VERKAN, *args], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


class Got:
    """An import of the files into a workspace of its own, exported again."""

    def __init__(self, case, root=None):
        self.wrong = []
        with tempfile.TemporaryDirectory() as top:
            more = ["--map", os.path.join(SAMPLES, case.map)] if case.map else []
            files = [os.path.join(root or SAMPLES, f) for f in case.files]
            self.code, self.said = run("import", "-w", f"{top}/w", "--max-rejects", "1", *more, *files)
            if self.code == 0:
                run("export", "-w", f"{top}/w", "-o", f"{top}/x")
            self.table = {t: table(f"{top}/x/{t}.csv") for t in
                          ["deals", "stage_events", "activities", "contact_roles", "sellers",
                           "accounts", "targets", "calendar", "assessments", "next_steps",
                           "owner_changes", "close_date_changes"]}

    def check(self, what, got, want):
        if got != want:
            self.wrong.append(f"{what}: {got!r}, not {want!r}")


def named(got, table_name, key, value):
    for row in got.table[table_name]:
        if row[key] == value:
            return row.get("name") or value
    return value


def check_time(got, what, have, want, precision):
    cut = CUT[precision]
    have = (have or "").replace(" ", "T")
    want = local(want) if "T" in want else want
    if len(have) == 10 and precision != "day":
        got.wrong.append(f"{what}: {have!r} has no time, want {want!r}")
        return
    got.check(what, have[:cut], want[:cut])


def check_deal(got, case, key, row):
    want = DEALS[key]
    for field in case.fields:
        field, _, how = field.partition(":")
        if key in case.unknown.get(field, ()):
            continue
        what = f"deal {key} {field}"
        if field == "amount":
            got.check(what, float(row["amount"] or 0), float(want["amount"]))
        elif field == "currency":
            got.check(what, row["currency"], want["currency"])
        elif field == "outcome":
            got.check(what, row["outcome"], want["status"])
        elif field == "created":
            check_time(got, what, row["created_at"], want["created_at_utc"], how)
        elif field == "closed":
            if how == "won":
                if want["status"] == "won":
                    check_time(got, what, row["closed_at"], want["closed_at_utc"], "day")
            elif want["status"] == "open":
                got.check(what, row["closed_at"], "")
            else:
                check_time(got, what, row["closed_at"], want["closed_at_utc"], how)
        elif field == "expected":
            if how != "open" or want["status"] == "open":
                got.check(what, row["expected_close_on"], want["expected_close"])
        elif field == "account":
            got.check(what, named(got, "accounts", "account_id", row["account_id"]), want["account"])
        elif field == "owner":
            got.check(what, named(got, "sellers", "seller_id", row["seller_id"]), want["owner"])
        elif field == "stage":
            got.check(what, CANON.get(row["stage"], row["stage"]), want["current_stage"])
        elif field == "lost":
            got.check(what, row["lost_reason"], want["lost_reason"])


def want_events(key, wide):
    """(stage, time, kind) as they should come. A wide export keeps the last entry per stage."""
    order = list(STAGES)
    out, before = [], None
    for e in EVENTS[key]:
        kind = "stage" if e["kind"] == "created" else e["kind"]
        if kind == "stage" and before and order.index(e["to_stage"]) < order.index(before):
            kind = "back"
        out.append((e["to_stage"], local(e["at_utc"]), kind))
        before = e["to_stage"]
    if wide:
        last = {}
        for e in out:
            last[e[0]] = e
        out = sorted(last.values(), key=lambda e: e[1])
    return out


def check_events(got, case, ids):
    wide = case.events == "wide"
    cut = CUT["min" if wide else case.events]
    for key in sorted(case.event_keys if case.event_keys is not None else case.keys):
        rows = [e for e in got.table["stage_events"] if ids.get(e["deal_id"]) == key]
        rows.sort(key=lambda e: e["entered_at"])
        have = [(CANON.get(e["stage"], e["stage"]), e["entered_at"].replace(" ", "T")[:cut],
                 "" if wide else e["kind"]) for e in rows]
        want = [(s, at[:cut], "" if wide else kind) for s, at, kind in want_events(key, wide)]
        got.check(f"deal {key} events", have, want)


def judge(case, root=None):
    got = Got(case, root)
    got.check("exit code", got.code, case.exit)
    if got.code != 0:
        return got
    ids, seen = {}, []
    for row in got.table["deals"]:
        key = BY_NAME.get(row["name"])
        if key is None and case.keys:
            key = next((k for n, k in BY_NAME.items() if n.replace('"', "") == row["name"].replace('"', "")), None)
        seen.append(key)
        ids[row["deal_id"]] = key
        if key in case.keys:
            check_deal(got, case, key, row)
    got.check("deals", sorted(k for k in seen if k), sorted(case.keys))
    got.check("other deals", seen.count(None), case.other)
    if case.events:
        check_events(got, case, ids)
    for name, n in case.tables.items():
        got.check(f"rows of {name}", len(got.table[name]), n)
    balance = [line.split() for line in got.said.splitlines()]
    rows = [list(map(int, b[-6:])) for b in balance if len(b) >= 7 and all(x.isdigit() for x in b[-6:])]
    for r in rows:
        got.check("balance", r[0], sum(r[1:]))
    if rows and case.rows is not None:
        main = rows[0]
        got.check("rows read", main[0], case.rows)
        got.check("rows rejected", main[4], case.rejected)
        got.check("rows skipped", main[5], case.skipped or 0)
    for code, n in case.codes.items():
        got.check(code, got.said.count(f"({code}"), n)
    return got


def main():
    names = sys.argv[3:] or list(CASES)
    if not os.path.isdir(SAMPLES):
        print("1..0 # SKIP the samples are not here")
        return 0
    print(f"1..{len(names)}")
    bad = 0
    for i, name in enumerate(names, 1):
        got = judge(CASES[name])
        for line in got.wrong[:12]:
            print(f"# {line}")
        if got.wrong:
            bad += 1
            if len(names) < 4:
                print("\n".join("#   " + l for l in got.said.splitlines()))
        print(f"{'not ' if got.wrong else ''}ok {i} - {name}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
