#!/usr/bin/env python3
"""The table of who may do what, asked of the running server: matrix.py VERKAN ROOT. Speaks TAP.

Each row of `verkan serve --routes` is asked by each role and by nobody; the answer is 401 or 403 exactly where the table does not name
the role. No seller's name or id may reach a role that sees no persons."""
import csv
import functools
import re

import story
from client import Client
from story import case, run, tiny

ROLES = ["owner", "administrator", "analyst", "leader", "manager", "seller", "auditor", "hr", "representative"]


@functools.cache
def routes():
    return [dict(zip(["method", "path", "scope", "data", "audit", "roles"], line.split("\t"))) for line in run("serve", "--routes").splitlines()]


def everybody(w, data, level="case", **of):
    server, owner = story.serve(w, level, data)
    more = {"manager": {"team_ids": [of.get("team", "T1")]}, "seller": {"seller_id": of.get("seller", "S1")}}
    return server, {"owner": owner, **{r: owner.invite("A " + r, r, **more.get(r, {})) for r in ROLES[1:]}}


def ask(who, route):
    """The route with numbers and words that lead nowhere, so that nothing is changed."""
    path = route["path"].replace("{n}", "999999").replace("{any}", "nothing.csv")
    if route["method"] == "GET":
        return who.get(path)
    if route["method"] == "PUT":
        return who.ask("PUT", path, raw=b"x", headers={"Content-Type": "application/octet-stream"})
    return who.ask(route["method"], path, {"": ""} if route["path"] not in ("/api/logout", "/api/uploads") else {})


@case
def each_route_by_each_role(w):
    server, people = everybody(w, tiny)
    table = routes()
    assert len(table) >= 35 and len({(r["method"], r["path"]) for r in table}) == len(table)
    wrong = []
    for route in table:
        if route["path"] in ("/api/setup", "/api/login", "/api/logout"):
            continue  # who asks is another person afterwards; server.py has them
        roles = route["roles"].split(",")
        nobody = ask(Client(server), route).status
        if (nobody == 401) == ("anyone" in roles):
            wrong.append((route["method"], route["path"], "nobody", nobody))
        for role, who in people.items():
            status = ask(who, route).status
            if (status == 403) == (role in roles or "anyone" in roles) or status in (401, 405, 500, 503):
                wrong.append((route["method"], route["path"], role, status))
    assert not wrong, wrong
    refused = server.sql("SELECT count(*) FROM audit WHERE outcome = 'refused'")[0][0]
    assert refused == sum(9 - len(r["roles"].split(",")) for r in table if "anyone" not in r["roles"]), refused
    server.stop()


@case
def every_change_is_logged(w):
    for route in routes():
        if route["method"] != "GET" and route["path"] != "/api/uploads/{any}/{any}":  # one file of an upload, which is
            assert route["audit"] != "-", route


@case
def a_change_without_the_browsers_word_is_refused_everywhere(w):
    server, people = everybody(w, tiny)
    owner = people["owner"]
    for route in routes():
        if route["method"] == "GET":
            continue
        path = route["path"].replace("{n}", "1").replace("{any}", "x")
        for headers in [{}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]:
            kind = {"Content-Type": "application/octet-stream" if route["method"] == "PUT" else "application/json"}
            got = owner.ask(route["method"], path, raw=b"{}", headers={**kind, **headers}, bare=True)
            assert got.status == 403 and got.code() == "origin", (route, headers, got.status)
    assert owner.get("/api/me").status == 200
    server.stop()


@case
def looking_changes_nothing(w):
    server, people = everybody(w, tiny)
    tables = ["account", "account_team", "link", "decision", "decision_close", "decision_told", "note", "note_answer", "second_factor", "recovery_code", "person_case", "job", "snapshot", "generation", "lease",
              "invitation", "sitting_event", "rating", "plan", "plan_close", "identity", "interview", "interview_pass", "accommodation"]
    before = {t: server.sql(f"SELECT * FROM {t}") for t in tables}
    for route in routes():
        if route["method"] == "GET":
            for who in people.values():
                ask(who, route)
    assert {t: server.sql(f"SELECT * FROM {t}") for t in tables} == before
    server.stop()


RATABLE = "/api/ratings/people"


def everything(who, deals, but=None):
    """All that the role can read, as one text."""
    paths = [r["path"] for r in routes() if r["method"] == "GET" and r["path"].startswith("/api") and "{" not in r["path"] and r["path"] != but]
    paths += [f"/api/deals/{d}" for d in deals] + ["/api/result?lang=sv", "/api/deals?limit=1000", "/api/notes?seller_id=S0001", "/api/audit?limit=1000", "/api/people/S0001/profile"]
    got = [who.get(p) for p in paths]
    return " ".join(g.body.decode() for g in got if g.status == 200 and "html" not in g.headers["Content-Type"]), \
        " ".join(g.body.decode() for g in got if g.status == 200)


@case
def no_sellers_name_reaches_who_sees_no_persons(w):
    data = w / "made"
    run("simulate", "mixed", "--preset", "small", "--seed", "7", "-o", data)
    rows = list(csv.DictReader(open(data / "sellers.csv", encoding="utf-8")))
    deals = [r["deal_id"] for r in csv.DictReader(open(data / "deals.csv", encoding="utf-8"))][:5]
    team, seller = rows[0]["team_id"], rows[0]["seller_id"]
    server, people = everybody(w / "w", data, "open", team=team, seller=seller)
    # what is said about a person is the person's too
    people["owner"].post("/api/notes", {"kind": "note", "subject": {"page": "sellers", "seller_id": seller}, "text": "canary-note"})
    people["owner"].post("/api/decisions", {"action": "coach", "seller_id": seller, "note": "canary-decision"})
    for path, body in [("/api/invitations", {"competencies": ["qualification"]}), ("/api/ratings", {"competency": "qualification", "level": 2, "evidence": "canary-evidence"}),
                       ("/api/plans", {"competency": "qualification", "practise": "canary-plan", "review_on": "2099-01-01"})]:
        assert people["owner"].post(path, {"person_id": seller, **body}).status == 201, path
    # and an applicant's name or id is nobody's; the result has applicants for who recruits, under labels
    people["owner"].post("/api/invitations", {"person_id": "R-applied", "competencies": ["qualification"], "kind": "candidate"})
    got = {role: who.get("/api/result").json() for role, who in people.items() if role != "administrator"}
    assert all(x["label"] and "candidate_key" not in x for role in got for x in got[role].get("candidates", [])), got["hr"]["candidates"]
    assert {role for role in got if got[role].get("candidates")} == {"owner", "hr"}, {role: len(got[role].get("candidates", [])) for role in got}
    assert "candidate_id" in got["owner"]["candidates"][0] and not any("candidate_id" in x for x in got["hr"]["candidates"])
    assert all(len(got[role]["requirements"]) == 45 for role in got), {role: len(got[role].get("requirements", [])) for role in got}
    # what an expert says stands in the next result
    assert people["owner"].post("/api/recruitment/roles/key_account/weights", {"weights": {"relationship": 5}}).status == 204
    assert {x["experts"] for x in people["leader"].get("/api/result").json()["requirements"] if x["role"] == "key_account"} == {1}
    def finds(text, row):
        words = [row["name"], row["email"], row["seller_id"]]
        return [x for x in words if x and re.search(rf"(?<![\w.-]){re.escape(x)}(?![\w-])", text)]
    for role in ["leader", "analyst", "auditor", "hr", "representative", "administrator"]:
        plain, whole = everything(people[role], deals)
        for row in rows:
            # the administrator keeps accounts: whose account it is stands there
            own = role == "administrator" and row["seller_id"] == seller
            assert own or not finds(plain, row), (role, finds(plain, row))
        assert "canary" not in whole, role
        assert role == "hr" or "R-applied" not in whole, role
    plain, _ = everything(people["manager"], deals)
    for row in rows:
        assert row["team_id"] == team or not finds(plain, row), ("manager", row["seller_id"], finds(plain, row))
    plain, _ = everything(people["seller"], deals, but=RATABLE)
    for row in rows:
        assert row["seller_id"] == seller or not finds(plain, row), ("seller", row["seller_id"])
    # a seller chooses among colleagues of the same team whom to rate: their ids, and nothing else of anybody
    ratable = people["seller"].get(RATABLE)
    assert ratable.status == 200 and all(set(x) == {"person_id", "as"} for x in ratable.json()), ratable.body
    for row in rows:
        found = finds(ratable.body.decode(), row)
        assert not found or (row["team_id"] == team and found == [row["seller_id"]]), ("seller", found)
    plain, _ = everything(people["owner"], [])
    assert all(finds(plain, row) for row in rows)  # the net has no hole
    server.stop()


if __name__ == "__main__":
    story.main()
