#!/usr/bin/env python3
"""What people do on the server: work.py VERKAN ROOT. Speaks TAP."""
import pathlib
import re
import select
import signal
import socket
import sqlite3
import threading

from client import PASSWORD, Client, Server
from story import case, main, run, serve, verkan


def sellers(who):
    return sorted(s.get("seller_id") or "" for s in who.get("/api/result").json().get("sellers", []))


@case
def each_role_sees_its_persons(w):
    for level, expected in [("open", {"owner": ["S1", "S2", "S3"], "manager": ["S1", "S2"]}), ("case", {"owner": [], "manager": []})]:
        server, owner = serve(w / level, level)
        assert sellers(owner) == expected["owner"], (level, sellers(owner))
        assert sellers(owner.invite("Mia", "manager", team_ids=["T1"])) == expected["manager"], level
        assert sellers(owner.invite("Lea", "leader")) == [], level
        assert sellers(owner.invite("Ann", "analyst")) == [], level
        assert sellers(owner.invite("Eva", "seller", seller_id="S1")) == ["S1"], level
        assert owner.invite("Adm", "administrator").get("/api/result").status == 403
        views = server.sql("SELECT subject FROM audit WHERE what = 'result.persons' AND outcome = 'done'")
        assert len(views) == (2 if level == "open" else 0), views  # the owner and the manager; each once
        server.stop()


@case
def a_case_opens_the_row_when_the_person_knows(w):
    server, owner = serve(w)
    boss = owner.invite("Mia", "manager", team_ids=["T1"])
    eva = owner.invite("Eva", "seller", seller_id="S1")
    ask = {"seller_id": "S1", "purpose": "development", "until": "2099-01-01"}
    assert boss.post("/api/cases", ask).status == 400  # longer than six months
    until = server.sql("SELECT date('now', '+30 days')")[0][0]
    assert boss.post("/api/cases", {**ask, "until": until, "purpose": "warning"}).status == 400
    assert boss.post("/api/cases", {**ask, "until": until, "seller_id": "S3"}).status == 400  # another team's
    assert eva.post("/api/cases", {**ask, "until": until}).status == 403
    made = boss.post("/api/cases", {**ask, "until": until})
    assert made.status == 201 and sellers(boss) == []
    number = made.json()["id"]
    assert boss.post(f"/api/cases/{number}/known").status == 404  # only the person knows of it
    (seen,) = eva.get("/api/cases").json()
    assert seen["opened_by"] == "Mia" and seen["known_at"] is None and seen["seller_id"] == "S1"
    assert eva.post(f"/api/cases/{number}/known").status == 204
    seen_by = lambda who: sorted(x["name"] for x in who.get("/api/people/S1/viewers").json())
    assert seen_by(eva) == seen_by(boss) == ["Eva", "Mia"]  # by the rule that shows the row
    assert owner.get("/api/people/S1/viewers").status == 404 and eva.get("/api/people/S3/viewers").status == 404
    assert sellers(boss) == ["S1"] and sellers(owner) == [] and sellers(owner.invite("Lea", "leader")) == []
    assert boss.post(f"/api/cases/{number}/close").status == 204 and sellers(boss) == []
    assert seen_by(eva) == ["Eva"] and boss.get("/api/people/S1/viewers").status == 404
    server.sql("UPDATE person_case SET closed_at = NULL, until = date('now', '-1 day')")
    server.stop()
    server = Server(verkan, w)
    boss.server = server
    assert sellers(boss) == []  # its last day is over
    server.stop()


@case
def a_decision_keeps_what_was_told_of_it(w):
    data = w / "made"
    run("simulate", "mixed", "--sellers", "12", "--weeks", "52", "--seed", "7", "-o", data)
    server, owner = serve(w / "w", data=data)
    told = [d for d in owner.get("/api/result").json()["decisions"] if d["value"]]
    team = next(d["team_id"] for d in told if d["team_id"])
    boss = owner.invite("Mia", "manager", team_ids=[team])
    proposal = next(d for d in told if d["team_id"] == team and d["expects"])
    about = {"action": proposal["action"], "moment": proposal["moment"], "team_id": team, "note": "Vi börjar.", "choice": "do"}
    # what the browser says of it counts for nothing
    assert boss.post("/api/decisions", {**about, "predicted": {"value": 1}}).status == 400
    assert boss.post("/api/decisions", about).status == 201
    assert boss.post("/api/decisions", {**about, "snapshot": 1, "choice": "later"}).status == 201
    assert boss.post("/api/decisions", {**about, "action": "dance"}).status == 201
    none, later, first = owner.get("/api/decisions").json()
    kept = {k: proposal[k] for k in ("verdict", "value", "cost", "currency", "p_positive", "expects")}
    assert first["predicted"] == {"snapshot": 1, **kept} and first["choice"] == "do", (first, kept)
    assert later["predicted"] == first["predicted"] and later["choice"] == "later" and none["predicted"] is None
    # a newer result changes nothing of it, and the older one can be what was looked at
    run("diagnose", "--as-of", "2026-06-07", "-w", w / "w")
    now = boss.get("/api/decisions").json()
    assert [d["predicted"] for d in now] == [None, later["predicted"], first["predicted"]]
    assert boss.post("/api/decisions", {**about, "snapshot": 1}).status == 201
    assert boss.get("/api/decisions").json()[0]["predicted"] == first["predicted"]
    for statement in ["UPDATE decision_told SET told = 'x'", "DELETE FROM decision_told", "UPDATE decision SET choice = 'not'"]:
        try:
            server.sql(statement)
            raise AssertionError(statement)
        except sqlite3.IntegrityError as error:
            assert "only added" in str(error), error
    # whole or not at all: where what was told cannot be kept, nothing is decided
    count = server.sql("SELECT count(*) FROM decision")
    server.sql("CREATE TRIGGER full BEFORE INSERT ON decision_told BEGIN SELECT raise(ABORT, 'no room'); END")
    assert boss.post("/api/decisions", {**about, "snapshot": 1}).status >= 500
    assert server.sql("SELECT count(*) FROM decision") == count and not server.sql("SELECT 1 FROM audit WHERE subject = 'decision 5'")
    server.stop()


@case
def decisions_are_added_and_never_changed(w):
    server, owner = serve(w)
    boss, other = owner.invite("Mia", "manager", team_ids=["T1"]), owner.invite("Max", "manager", team_ids=["T2"])
    decide = {"action": "train", "moment": "qualification", "team_id": "T1", "note": "Vi börjar i mars.", "review_on": "2027-03-01"}
    first = boss.post("/api/decisions", decide)
    assert first.status == 201
    for wrong in [{**decide, "team_id": "T2"}, {**decide, "review_on": "soon"}, {**decide, "seller_id": "S1"}, {**decide, "note": ""},
                  {k: decide[k] for k in ("action", "team_id")}, {**decide, "note": "x" * 5000}, {**decide, "note": "a\u0007"}]:
        assert boss.post("/api/decisions", wrong).status == 400, wrong
    for wrong in [{"choice": "perhaps"}, {"snapshot": 99}, {"snapshot": "1"}]:
        assert boss.post("/api/decisions", {**decide, **wrong}).status == 400, wrong
    (row,) = owner.get("/api/decisions").json()
    assert row["choice"] is None and row["predicted"] is None  # the few rows carry no price
    assert row["who"] == "Mia" and row["note"] == decide["note"] and row["closed_at"] is None and row["seller_id"] is None
    assert other.get("/api/decisions").json() == [] and other.post(f"/api/decisions/{row['id']}/close", {"note": "x"}).status == 404
    assert boss.post(f"/api/decisions/{row['id']}/close", {"note": "Gjort."}).status == 204
    assert boss.post(f"/api/decisions/{row['id']}/close", {"note": "Igen."}).status == 409
    assert boss.get("/api/decisions").json()[0]["close_note"] == "Gjort."
    for statement in ["UPDATE decision SET note = 'x'", "DELETE FROM decision"]:
        try:
            server.sql(statement)
            raise AssertionError(statement)
        except Exception as refused:
            assert "only added" in str(refused)
    server.stop()


@case
def notes_go_to_who_may_see_them(w):
    server, owner = serve(w, "open")
    boss, leader = owner.invite("Mia", "manager", team_ids=["T1"]), owner.invite("Lea", "leader")
    eva, li = owner.invite("Eva", "seller", seller_id="S1"), owner.invite("Li", "seller", seller_id="S3")
    about = {"page": "sellers", "seller_id": "S1", "moment": "next_step"}
    assert eva.post("/api/notes", {"kind": "contest", "subject": about, "text": "Fel underlag"}).status == 201
    judged = boss.post("/api/notes", {"kind": "judgement", "subject": about, "text": "Tidsbrist", "value": "pressure"})
    assert judged.status == 201
    for who, body in [(leader, {"kind": "note", "subject": about, "text": "x"}), (li, {"kind": "contest", "subject": about, "text": "x"}),
                      (eva, {"kind": "judgement", "subject": about, "text": "x"}), (boss, {"kind": "praise", "subject": about, "text": "x"}),
                      (boss, {"kind": "note", "subject": {"page": "sellers", "role": "x"}, "text": "x"}),
                      (boss, {"kind": "note", "subject": {}, "text": "x"}), (boss, {"kind": "note", "subject": {"page": {"a": 1}}, "text": "x"})]:
        assert who.post("/api/notes", body).status == 400, body
    kinds = lambda who: sorted(n["kind"] for n in who.get("/api/notes?seller_id=S1").json())
    assert kinds(boss) == kinds(eva) == ["contest", "judgement"] and kinds(owner) == ["contest"]
    assert kinds(leader) == kinds(li) == []
    mine = [n for n in boss.get("/api/notes?moment=next_step").json() if n["own"]]
    assert mine[0]["value"] == "pressure" and mine[0]["subject"]["seller_id"] == "S1"
    server.stop()


@case
def a_contested_finding_is_set_aside_until_it_is_answered(w):
    made = w / "made"
    run("simulate", "mixed", "--sellers", "12", "--weeks", "52", "--seed", "7", "-o", made)
    server, owner = serve(w / "w", "open", made)
    whole = owner.get("/api/result").json()
    # a verdict that an action of the team rests on
    own = ("competence", "execution", "pressure")
    resting = lambda s, m: [d for d in whole["decisions"] if d["moment"] == m["moment"] and d["team_id"] == s["team_id"] and d["cause"] in own]
    one, at = max(((s, m) for s in whole["sellers"] for m in s["moments"] if m["verdict"]), key=lambda x: len(resting(*x)))
    seller, moment, team, rests = one["seller_id"], at["moment"], one["team_id"], len(resting(one, at))
    assert rests, [(d["action"], d["moment"], d["team_id"], d["cause"]) for d in whole["decisions"]]
    other_team = next(s["team_id"] for s in whole["sellers"] if s["team_id"] != team)
    boss, eva, leader = owner.invite("Mia", "manager", team_ids=[team]), owner.invite("Eva", "seller", seller_id=seller), owner.invite("Lea", "leader")
    other = owner.invite("Max", "manager", team_ids=[other_team])
    def finding(who):
        (row,) = [s for s in who.get("/api/result").json()["sellers"] if s["seller_id"] == seller]
        return next(m for m in row["moments"] if m["moment"] == moment)
    # where time goes: sums of teams for a leader, no row that is one person's, not even without its name
    rows = leader.get("/api/result").json()["time"]
    assert rows and all(r["persons"] >= 5 for r in rows) and all("seller_id" in r for r in whole["time"] if "persons" not in r)
    was, actions = finding(boss), len(leader.get("/api/result").json()["decisions"])
    assert "contested" not in was and "contested" not in leader.get("/api/result").json()
    about = {"page": "sellers", "seller_id": seller, "moment": moment}
    number = eva.post("/api/notes", {"kind": "contest", "subject": about, "text": "Fel underlag"}).json()["id"]
    for who in (boss, eva, owner):
        assert finding(who)["contested"] is True and finding(who)["verdict"] is None
    seen = leader.get("/api/result").json()
    assert (seen["contested"]["findings"], seen["contested"]["actions"]) == (1, rests) and len(seen["decisions"]) + seen["contested"]["actions"] == actions
    # the leaks in which the seller is a part are counted without, as the diagnosis did, or gone; all else stays
    again = 0
    for leak in whole["leaks"]:
        key = lambda x: (x["moment"], x["team_id"])
        now = [x for x in owner.get("/api/result").json()["leaks"] if key(x) == key(leak)]
        part = [x for x in leak["without"] if x["seller_id"] == seller] if leak["moment"] == moment else []
        again += len(part)
        if part and part[0]["probability"] < 0.5:
            assert not now
        elif part:
            assert now[0]["value_per_year"] == part[0]["value_per_year"] and now[0]["short"] == part[0]["short"] and "without" not in now[0]
            assert now[0]["value_per_year"]["mean"] <= leak["value_per_year"]["mean"]
        else:
            assert now == [leak]
    assert again > 0 and (seen["contested"]["leaks"], seen["contested"]["left"]) == (again, 0)
    assert all(not x.get("without") for x in seen["leaks"])  # a leader sees no person's part
    answer = {"text": "Vi gick igenom de nio affärerna.", "outcome": "kept"}
    for who, status in [(eva, 403), (leader, 403), (other, 404)]:
        assert who.post(f"/api/notes/{number}/answer", answer).status == status
    for wrong in [{**answer, "outcome": "won"}, {"outcome": "kept"}, {**answer, "text": ""}]:
        assert boss.post(f"/api/notes/{number}/answer", wrong).status == 400
    assert boss.post("/api/notes/999/answer", answer).status == 404 and finding(boss)["contested"]
    own = boss.post("/api/notes", {"kind": "contest", "subject": about, "text": "Jag med"}).json()["id"]
    assert boss.post(f"/api/notes/{own}/answer", answer).status == 403  # not one's own
    assert owner.post(f"/api/notes/{own}/answer", {**answer, "outcome": "withdrawn"}).status == 204
    assert boss.post(f"/api/notes/{number}/answer", answer).status == 204
    assert boss.post(f"/api/notes/{number}/answer", answer).status == 409
    (row,) = [n for n in eva.get("/api/notes?seller_id=" + seller).json() if n["id"] == number]
    assert (row["outcome"], row["answer"], row["answered_by"]) == ("kept", answer["text"], "Mia") and row["answered_at"]
    assert finding(boss) == was and "contested" not in leader.get("/api/result").json()
    assert server.sql("SELECT count(*) FROM audit WHERE what = 'note.answer' AND outcome = 'done'") == [(2,)]
    for statement in ["UPDATE note_answer SET text = 'x'", "DELETE FROM note_answer"]:
        try:
            server.sql(statement)
            raise AssertionError(statement)
        except Exception as refused:
            assert "only added" in str(refused)
    server.stop()


@case
def accounts_are_kept(w):
    server, owner = serve(w)
    admin, mia = owner.invite("Adam", "administrator"), owner.invite("Mia", "manager", team_ids=["T1"])
    for who, wrong in [(admin, {"name": "X", "role": "owner"}), (owner, {"name": "mia", "role": "hr"}), (owner, {"name": "X", "role": "king"}),
                       (owner, {"name": "X", "role": "seller"}), (owner, {"name": "X", "role": "seller", "seller_id": "S9"}),
                       (owner, {"name": "X", "role": "hr", "password": "y"}), (owner, {"name": "X", "role": "manager", "team_ids": "T1"})]:
        assert who.post("/api/users", wrong).status == 400, wrong
    assert mia.get("/api/users").status == 403 and mia.post("/api/users", {"name": "X", "role": "hr"}).status == 403
    listed = {u["name"]: u for u in admin.get("/api/users").json()}
    assert listed["Mia"]["team_ids"] == ["T1"] and not listed["Mia"]["invited"] and listed["Astrid"]["role"] == "owner"
    one = listed["Astrid"]["id"]
    for who, change in [(admin, {"role": "hr"}), (admin, {"disabled": True}), (owner, {"role": "leader"}), (owner, {"disabled": True})]:
        assert who.ask("PATCH", f"/api/users/{one}", change).status == 400, change
    assert admin.post(f"/api/users/{one}/link").status == 400 and admin.ask("PATCH", "/api/users/99", {}).status == 404
    assert owner.get("/api/me").status == 200
    # other rights are another session, at once
    assert admin.ask("PATCH", f"/api/users/{mia.id}", {"role": "leader", "team_ids": []}).status == 204
    assert mia.get("/api/me").status == 401
    assert mia.log_in("Mia").get("/api/me").json()["role"] == "leader"
    assert admin.ask("PATCH", f"/api/users/{mia.id}", {"disabled": True}).status == 204 and mia.get("/api/me").status == 401
    assert mia.post("/api/login", {"name": "Mia", "password": PASSWORD}).status == 401
    assert admin.ask("PATCH", f"/api/users/{mia.id}", {"disabled": False}).status == 204
    mia.log_in("Mia")
    link = admin.post(f"/api/users/{mia.id}/link").json()["link"]
    assert mia.get("/api/me").status == 401
    again = {"token": link.split("token=")[1], "password": PASSWORD + "?"}
    assert mia.post("/api/setup", again).status == 204 and mia.post("/api/setup", again).status == 400
    server.stop()


@case
def ones_own_sessions_are_listed_and_ended(w):
    server, owner = serve(w)
    second, mia = Client(server).log_in("Astrid"), owner.invite("Mia", "leader")
    rows = owner.get("/api/sessions").json()
    assert len(rows) == 2 and [r["current"] for r in rows] == [False, True]
    assert mia.ask("DELETE", f"/api/sessions/{rows[0]['id']}", {}).status == 404
    assert owner.ask("DELETE", f"/api/sessions/{rows[0]['id']}", {}).status == 204
    assert second.get("/api/me").status == 401 and owner.get("/api/me").status == 200
    server.stop()


@case
def the_log_tells_who_did_what_without_names(w):
    server, owner = serve(w, "open")
    sellers(owner)
    auditor = owner.invite("Ada", "auditor")
    assert auditor.get("/api/users").status == 403
    owner.get("/api/report.json")
    got = auditor.get("/api/audit?limit=100").json()
    assert got["chain"] == "whole"
    told = [(e["who"], e["what"], e["outcome"]) for e in got["entries"]][::-1]
    assert told == [("Astrid", "account.setup", "done"), ("Astrid", "result.persons", "done"), ("Astrid", "user.add", "done"),
                    ("Ada", "account.setup", "done"), ("Ada", "/api/users", "refused"), ("Astrid", "report", "done")], told
    assert "S1" not in str(got) and "Eva" not in str(got)
    older = auditor.get(f"/api/audit?before={got['entries'][1]['id']}&limit=2").json()["entries"]
    assert len(older) == 2 and auditor.get("/api/audit?limit=0").status == 400
    server.stop()
    server = Server(verkan, w)
    auditor.server = server
    server.sql("DROP TRIGGER audit_no_update")
    server.sql("UPDATE audit SET outcome = 'done' WHERE id = 5")
    assert auditor.get("/api/audit").json()["chain"] == "broken at 5"
    server.stop()


@case
def the_owner_changes_settings_whole_or_not_at_all(w):
    server, owner = serve(w)
    boss, admin = owner.invite("Mia", "manager", team_ids=["T1"]), owner.invite("Adam", "administrator")
    file = w / "verkan.toml"
    was = file.read_text()
    now = {s["name"]: s["value"] for s in owner.get("/api/settings").json()}
    assert now["actions.train.fee_each"] == 20000 and now["person_level"] == "case" and "timezone" not in now
    assert boss.get("/api/settings").status == 403 and boss.post("/api/settings", {"values": {"currency": "EUR"}}).status == 403
    assert [s["name"] for s in admin.get("/api/settings").json()] == ["server.second_factor"]  # nothing of the business
    for wrong in [{"currency": "EUR"}, {"person_level": "open"}, {"server.changes_a_minute": 9}, {"server.second_factor": "owner king"}]:
        assert admin.post("/api/settings", {"values": wrong}).status == 400, wrong
    for wrong in [{"timezone": "UTC"}, {"actions.train.effect": 7}, {"actions.train.effect": "a"}, {"currency": "kr"}, {"person_level": "all"}, {"actions.sing.effect": 0.1},
                  {"currency": 'SEK"\nx = "'}, {"actions.margin": 0.5, "currency": "kronor"}, {"actions.train.effect": True}]:
        assert owner.post("/api/settings", {"values": wrong}).status == 400, wrong
        assert file.read_text() == was, wrong
    assert sellers(boss) == []
    assert owner.post("/api/settings", {"values": {"actions.train.fee_each": 12500.5, "person_level": "open", "actions.currency": "EUR"}}).status == 204
    want = was.replace("fee_each = 20000", "fee_each = 12500.5").replace('person_level = "case"', 'person_level = "open"').replace('currency = "SEK"      # of', 'currency = "EUR"      # of')
    assert file.read_text() == want  # comments and all else stay
    assert sellers(boss) == ["S1", "S2"] and boss.get("/api/me").json()["person_level"] == "open"
    entry = next(e for e in owner.get("/api/audit").json()["entries"] if e["what"] == "settings.change" and e["outcome"] == "done")
    assert "person_level" in entry["subject"] and "12500" not in entry["subject"]
    file.write_text('currency = "SEK"')  # lines that are not there are added
    assert owner.post("/api/settings", {"values": {"actions.drop.hours": 9, "actions.margin": 0.3, "person_level": "case", "organisation": "Nordvik & Söner"}}).status == 204
    assert owner.get("/api/result").json()["data"]["organisation"] == "Nordvik & Söner"  # at once, on what is already diagnosed
    assert owner.post("/api/settings", {"values": {"organisation": "x" * 101}}).status == 400
    now = {s["name"]: s["value"] for s in owner.get("/api/settings").json()}
    assert (now["actions.drop.hours"], now["actions.margin"], now["person_level"], now["currency"]) == (9, 0.3, "case", "SEK")
    server.stop()


@case
def an_anchor_finds_a_cut_off_end(w):
    server, owner = serve(w)
    owner.invite("Ada", "auditor")
    got = owner.get("/api/audit").json()
    assert got["anchor"].startswith(f"{got['entries'][0]['id']}-") and got["anchor"].endswith(server.sql("SELECT hash FROM audit WHERE id = ?", got["entries"][0]["id"])[0][0])
    owner.post("/api/decisions", {"action": "train", "note": "x"})
    server.stop()
    said = run("verify", "-w", w, "--anchor", got["anchor"])
    assert "rows of the log are what was written" in said and "Its anchor now" in said, said
    for name, in server.sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"):
        server.sql(f"DROP TRIGGER {name}")
    # who cuts the end off may close the chain again: nothing in the database tells
    server.sql("DELETE FROM audit WHERE id >= ?", got["entries"][0]["id"])
    server.sql("UPDATE audit_head SET (id, hash) = (SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1)")
    assert "rows of the log are what was written" in run("verify", "-w", w)
    assert "cut off" in run("verify", "-w", w, "--anchor", got["anchor"], code=1)
    for wrong in ["x", "0-" + "a" * 64, "1-" + "a" * 63, "1-" + "A" * 64]:
        run("verify", "-w", w, "--anchor", wrong, code=3)


@case
def a_report_shows_no_person_but_to_the_owner_of_open_data(w):
    server, owner = serve(w, "open")
    boss = owner.invite("Mia", "manager", team_ids=["T1"])
    for who, persons in [(owner, 3), (boss, 0)]:
        got = who.get("/api/report.json")
        assert got.headers["Content-Disposition"] == 'attachment; filename="verkan.json"'
        assert len(got.json().get("sellers", [])) == persons
    page = boss.get("/api/report.html?lang=sv")
    assert page.status in (200, 400) and b'"S1"' not in page.body  # 400: no pages in this build
    server.stop()


@case
def a_number_leads_to_its_deals(w):
    server, owner = serve(w, "open")
    boss, leader = owner.invite("Mia", "manager", team_ids=["T2"]), owner.invite("Lea", "leader")
    li = owner.invite("Li", "seller", seller_id="S3")
    of = lambda who, more="": who.get("/api/deals?limit=1000" + more).json()
    every = of(owner)
    assert len(every) == 101 and {d["seller_id"] for d in every} == {"S1", "S2", "S3"}
    amounts = [d["amount"] or 0 for d in every]
    assert amounts == sorted(amounts, reverse=True) and len(owner.get("/api/deals?limit=7").json()) == 7
    mine = [d["deal_id"] for d in every if d["seller_id"] == "S3"]
    assert [d["deal_id"] for d in of(boss)] == [d["deal_id"] for d in of(li)] == mine and {d["team_id"] for d in of(boss)} == {"T2"}
    assert len(of(leader)) == 101 and not any("seller_id" in d for d in of(leader))
    assert [d["deal_id"] for d in of(owner, "&seller=S3")] == mine and {d["outcome"] for d in of(owner, "&outcome=won")} == {"won"}
    assert {d["team_id"] for d in of(leader, "&team=T1")} == {"T1"}
    for who in (leader, boss, li):
        assert who.get("/api/deals?seller=S1").status == 400
    assert owner.get("/api/deals?limit=0").status == 400 and of(owner, "&stage=nowhere") == []
    # behind a moment's number: the deals with an occasion there, and of a seller those of the seller's own occasions
    at = {m: {d["deal_id"] for d in of(owner, "&moment=" + m)} for m in ("qualification", "decision_steering", "next_step")}
    assert all(0 < len(x) < 101 for x in (at["decision_steering"], at["qualification"])), {m: len(x) for m, x in at.items()}
    hers = of(owner, "&moment=qualification&seller=S3")
    assert hers and {d["deal_id"] for d in hers} <= at["qualification"] & set(mine)
    assert {d["deal_id"] for d in of(boss, "&moment=qualification")} == {d for d in at["qualification"] if d in mine}
    assert owner.get("/api/deals?moment=lunch").status == 400 and owner.get("/api/deals?moment=%27").status == 400
    others = next(d["deal_id"] for d in every if d["seller_id"] == "S1")
    got = owner.get(f"/api/deals/{others}?lang=sv").json()
    assert got["deal"]["deal_id"] == others and got["events"]
    times = [e["at"] for e in got["events"]]
    assert times == sorted(times) and all(e["text"] and e["what"] for e in got["events"])
    assert boss.get(f"/api/deals/{others}").status == li.get(f"/api/deals/{others}").status == 404
    assert li.get(f"/api/deals/{mine[0]}").status == 200 and "seller_id" not in leader.get(f"/api/deals/{others}").json()["deal"]
    assert owner.get("/api/deals/'%20OR%201=1").status == 404 and of(owner, "&stage=%27%20OR%201=1") == []
    assert owner.invite("Nils", "manager").get("/api/deals").json() == []  # of no team
    assert server.sql("SELECT count(*) FROM lease") == [(0,)]
    server.stop()


def preview(who, lang, **files):
    """What an upload of the files is taken for."""
    upload = who.post("/api/uploads").json()["id"]
    for name, text in files.items():
        sent = who.ask("PUT", f"/api/uploads/{upload}/{name.replace('__', '.')}", raw=text.encode(), headers={"Content-Type": "application/octet-stream"})
        assert sent.status == 204
    return upload, who.get(f"/api/uploads/{upload}?lang={lang}").json()


@case
def a_preview_speaks_the_viewers_language(w):
    server, owner = serve(w)
    deals = "Affärs-ID;Affär;Säljare;Steg;Belopp;Skapad;Stängd\n" + "".join(
        f"{n};Affär {n};Eva Ek;{'Vunnen' if n % 3 else 'Förlorad'};{1000 * n};2026-0{n % 9 + 1}-13;2026-1{n % 2}-14\n" for n in range(1, 30)) + "31;X;Eva Ek;Offert;mycket;2026-01-40;\n;Utan id;Eva Ek;Offert;1;2026-01-01;\n"
    said = {}
    for lang in ("en", "sv"):
        _, got = preview(owner, lang, affarer__csv=deals, tom__csv="", nothing__csv="a;b\n1;2\n")
        (file,) = [f for f in got["files"] if f["name"] == "affarer.csv"]
        assert file["table"] == "deals" and file["question"] is None
        assert file["confidence"] == min(c["confidence"] for c in file["columns"]) and 0 < file["confidence"] < 1
        said[lang] = [line for f in got["files"] for line in (f["text"] or "").split("\n") if line] + got["problems"]
    assert len(said["en"]) == len(said["sv"]) >= 6, said
    for english, swedish in zip(said["en"], said["sv"]):
        assert english != swedish, english  # none is left in English
    assert any("'Förlorad' förlorad, 'Vunnen' vunnen" in line for line in said["sv"]), said["sv"]
    assert any("är inget tal" in line for line in said["sv"]) and any("(KEY_MISSING, raden avvisad)" in line for line in said["sv"]), said["sv"]
    server.stop()


@case
def what_is_asked_of_a_file_can_be_answered(w):
    server, owner = serve(w)
    rows = "".join(f"{n},Deal {n},Eva,{'Won' if n % 3 else 'Lost'},{100 * n},0{n % 9 + 1}/0{n % 8 + 1}/2026,0{n % 8 + 1}/0{n % 9 + 1}/2026\n" for n in range(1, 40))
    upload, got = preview(owner, "sv", pipe__csv="Deal ID,Deal name,Owner,Stage,Amount,Created,Closed\n" + rows)
    (file,) = got["files"]
    assert got["problems"] == [] and file["table"] == "deals" and len(file["columns"]) == 7, got
    ask = file["question"]
    assert ask["kind"] == "dates" and ask["column"] == "Created" and ask["text"].startswith("inget i 'Created' skiljer dag från månad")
    job = {"kind": "import", "upload": upload}
    for wrong in [{"dates": "year"}, {"decimal": "dot"}, {"zone": "utc"}, {"dates": 1}]:
        assert owner.post("/api/jobs", {**job, "map": {"pipe.csv": wrong}}).status == 400, wrong
    ended = owner.wait_for(owner.post("/api/jobs", job).json()["id"])
    assert ended["state"] == "failed"
    ended = owner.wait_for(owner.post("/api/jobs", {**job, "map": {"pipe.csv": {"dates": "month"}}}).json()["id"])
    assert ended["state"] == "done", ended
    rows = "".join(f"{n},Deal {n},Eva,{'Won' if n % 3 else 'Lost'},2026-0{n % 9 + 1}-13,{n * 371 % 997}.50\n" for n in range(1, 40))
    _, got = preview(owner, "en", pipe2__csv="Deal ID,Deal name,Owner,Stage,Created,Zorp\n" + rows)
    ask = got["files"][0]["question"]
    assert ask["kind"] == "column" and ask["column"] == "Zorp" and ask["field"] == "amount", got
    server.stop()


@case
def work_is_done_beside_the_server(w):
    server, owner = serve(w)
    boss = owner.invite("Mia", "manager", team_ids=["T1"])
    for body in [{"kind": "diagnose", "x": 1}, {"kind": "rm"}, {"kind": "what_if"}, {"kind": "what_if", "change": "--help"},
                 {"kind": "what_if", "change": "world peace"}, {"kind": "import"}]:
        assert owner.post("/api/jobs", body).status == 400, body
    assert boss.post("/api/jobs", {"kind": "diagnose"}).status == 403
    made = owner.post("/api/jobs", {"kind": "diagnose"})
    assert made.status == 202 and made.headers["Location"] == f"/api/jobs/{made.json()['id']}"
    assert owner.wait_for(made.json()["id"])["state"] == "done"
    assert boss.get(made.headers["Location"]).status == 404 and boss.get("/api/jobs").json() == []
    assert owner.get("/api/jobs").json()[0]["kind"] == "diagnose"
    assert server.sql("SELECT outcome FROM audit WHERE what = 'job.end'") == [("done",)]
    server.stop()


@case
def a_change_is_counted(w):
    data = w / "made"
    run("simulate", "mixed", "--preset", "small", "--seed", "7", "-o", data)
    server, owner = serve(w / "w", data=data)
    job = owner.post("/api/jobs", {"kind": "what_if", "change": "activity +20%"}).json()["id"]
    got = owner.wait_for(job)
    assert got["state"] == "done" and {"mean", "lo", "hi"} <= set(got["result"]["value"]), got
    # one is cancelled while it runs, and one while it waits
    running = owner.post("/api/jobs", {"kind": "what_if", "change": "activity +10%"}).json()["id"]
    waiting = owner.post("/api/jobs", {"kind": "what_if", "change": "activity +30%"}).json()["id"]
    for job in (waiting, running):
        assert owner.ask("DELETE", f"/api/jobs/{job}", {}).status == 204
        assert owner.wait_for(job)["state"] == "cancelled"
    # a queue has an end
    answers = [owner.post("/api/jobs", {"kind": "what_if", "change": f"activity +{n}%"}).status for n in range(1, 9)]
    assert 429 in answers and set(answers) == {202, 429}, answers
    server.stop()
    assert server.sql("SELECT count(*) FROM job WHERE state IN ('running')")[0][0] == 0
    server = Server(verkan, w / "w")
    assert server.sql("SELECT count(*) FROM job WHERE state IN ('queued', 'running')")[0][0] == 0
    server.stop()


@case
def files_come_in_are_shown_and_read(w):
    server, owner = serve(w)
    boss = owner.invite("Mia", "manager", team_ids=["T1"])
    assert boss.post("/api/uploads").status == 403
    upload = owner.post("/api/uploads").json()["id"]
    put = lambda who, name, data, **more: who.ask("PUT", f"/api/uploads/{upload}/{name}", raw=data, headers={"Content-Type": "application/octet-stream"}, **more)
    for name in ["%2e%2e%2fx.csv", ".hidden", "a%5cb.csv", "-o", "x%00.csv", "a" * 300]:
        assert put(owner, name, b"x").status in (400, 404), name
    assert put(boss, "deals.csv", b"x").status == 403
    other = owner.invite("Ann", "analyst")
    assert put(other, "deals.csv", b"x").status == 404 and other.get(f"/api/uploads/{upload}").status == 404
    assert owner.ask("PUT", f"/api/uploads/{'0' * 32}/a.csv", raw=b"x", headers={"Content-Type": "application/octet-stream"}).status == 404
    export = "Affärs-ID;Affärsnamn;Belopp;Valuta;Fas;Skapad;Stängd;Status;Ansvarig\n" + "".join(
        f"A{n};Affär {n};{n}000;SEK;Offert;2026-0{1 + n % 9}-05;2026-0{1 + n % 9}-25;Vunnen;Eva Ek\n" for n in range(30))
    assert put(owner, "aff%C3%A4rer.csv", export.encode()).status == 204
    shown = owner.get(f"/api/uploads/{upload}").json()
    (one,) = shown["files"]
    fields = {c["column"]: c["field"] for c in one["columns"]}
    assert one["name"] == "affärer.csv" and one["bytes"] == len(export.encode()) and one["table"] == "deals", shown
    assert fields["Belopp"] == "amount" and all(0 < c["confidence"] <= 1 for c in one["columns"]), one
    for wrong in [{"../x": {"table": "deals"}}, {"affärer.csv": {"table": "a b\n[x]"}}, {"affärer.csv": {"columns": {"Belopp": "x = y"}}},
                  {"affärer.csv": {"more": 1}}, {"affärer.csv": {"columns": {"Bel\nopp": None}}}]:
        assert owner.post("/api/jobs", {"kind": "import", "upload": upload, "map": wrong}).status == 400, wrong
    mapped = {"affärer.csv": {"table": "deals", "columns": {"Affärsnamn": None}}}
    job = owner.post("/api/jobs", {"kind": "import", "upload": upload, "map": mapped})
    assert job.status == 202, job.body
    ended = owner.wait_for(job.json()["id"])
    assert ended["state"] == "done", ended
    assert server.sql("SELECT count(*) FROM generation")[0][0] == 2 and owner.get(f"/api/uploads/{upload}").status == 404
    # what cannot be read changes nothing, and says why
    upload = owner.post("/api/uploads").json()["id"]
    assert put(owner, "x.csv", b"a,b\n1,2\n").status == 204
    assert owner.get(f"/api/uploads/{upload}").json()["problems"]
    ended = owner.wait_for(owner.post("/api/jobs", {"kind": "import", "upload": upload}).json()["id"])
    assert ended["state"] == "failed" and ended["text"], ended
    assert owner.ask("DELETE", f"/api/uploads/{upload}", {}).status == 204 and owner.get(f"/api/uploads/{upload}").status == 404
    server.stop()


@case
def an_upload_has_its_limit(w):
    run("init", w)
    server = Server(verkan, w, "--upload-limit", "1")
    owner = Client(server).set_up(server.setup_token())
    made = owner.post("/api/uploads").json()
    upload = made["id"]
    assert made["most"] == 1 << 20  # so that the page says it before anything is sent
    send = lambda n: owner.ask("PUT", f"/api/uploads/{upload}/a.csv", raw=b"x" * n, headers={"Content-Type": "application/octet-stream"})
    assert send(1 << 20).status == 204
    large = send((1 << 20) + 1)
    assert large.status == 413 and "larger" in large.json()["error"]["text"]
    # five gigabytes that are only announced: refused before the first byte
    huge = owner.ask("PUT", f"/api/uploads/{upload}/b.csv", raw=b"", headers={"Content-Type": "application/octet-stream", "Content-Length": str(5 << 30)})
    assert huge.status == 413 and huge.code() == "size" and owner.get("/health").status == 200
    server.stop()


def endless(owner, path, most):
    """Sends chunks of a file without saying how long it is, until an answer comes or `most` bytes
    went. Gives how many went, and the answer."""
    line = (f"PUT {path} HTTP/1.1\r\nHost: {owner.server.host}\r\nOrigin: http://{owner.server.host}\r\n"
            f"Sec-Fetch-Site: same-origin\r\nCookie: {owner.jar}={owner.cookie}\r\n"
            "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    with socket.create_connection(("127.0.0.1", owner.server.port), timeout=60) as s:
        s.sendall(line.encode())
        part, sent, answer = b"10000\r\n" + b"x" * 0x10000 + b"\r\n", 0, b""
        while sent < most and not select.select([s], [], [], 0)[0]:
            s.sendall(part)
            sent += 0x10000
        if sent >= most:
            s.sendall(b"0\r\n\r\n")
        while got := s.recv(65536):
            answer += got
            head, _, body = answer.partition(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            if length and len(body) >= int(length[1]):
                break
    return sent, answer


@case
def a_file_that_never_ends_is_cut_off_and_leaves_nothing(w):
    run("init", w)
    server = Server(verkan, w, "--upload-limit", "1")
    owner = Client(server).set_up(server.setup_token())
    upload = owner.post("/api/uploads").json()["id"]
    path = f"/api/uploads/{upload}/a.csv"
    left = lambda: [p for p in pathlib.Path(w, "uploads").rglob("a.csv")]
    sent, answer = endless(owner, path, 1 << 19)  # within the limit: taken
    assert answer.startswith(b"HTTP/1.1 204") and [p.stat().st_size for p in left()] == [1 << 19]
    assert owner.ask("DELETE", f"/api/uploads/{upload}", {}).status == 204
    upload = owner.post("/api/uploads").json()["id"]
    path = f"/api/uploads/{upload}/a.csv"
    for most in (3 << 20, 5 << 30):  # one ends beyond the limit, one would go on for five gigabytes
        sent, answer = endless(owner, path, most)
        assert answer.startswith(b"HTTP/1.1 413") and b"larger than this server takes" in answer, answer
        assert sent < 1 << 30 and left() == [], (sent, left())
        assert owner.get("/health").status == 200
    # one that breaks off within the limit leaves nothing either, once the server has seen it
    with socket.create_connection(("127.0.0.1", server.port)) as s:
        s.sendall((f"PUT {path} HTTP/1.1\r\nHost: {server.host}\r\nOrigin: http://{server.host}\r\n"
                   f"Sec-Fetch-Site: same-origin\r\nCookie: {owner.jar}={owner.cookie}\r\n"
                   "Content-Type: application/octet-stream\r\nContent-Length: 900000\r\n\r\n").encode() + b"x" * 500000)
    server.stop()
    assert left() == []


@case
def what_was_acknowledged_survives_a_kill(w):
    server, owner = serve(w)
    acknowledged, gone = [], threading.Event()

    def decide(n):
        who = Client(server)
        who.cookie = owner.cookie
        while not gone.is_set():
            try:
                answer = who.post("/api/decisions", {"action": "train", "note": f"from {n}"})
            except OSError:
                return
            if answer.status == 201:
                acknowledged.append(answer.json()["id"])

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    while len(acknowledged) < 50:
        pass
    server.stop(signal.SIGKILL)
    gone.set()
    for t in threads:
        t.join()
    kept = {r[0] for r in server.sql("SELECT id FROM decision")}
    assert set(acknowledged) <= kept, set(acknowledged) - kept
    assert "is what was written" in run("verify", "-w", w) or "are what was written" in run("verify", "-w", w)
    server = Server(verkan, w)
    owner.server = server
    assert len(owner.get("/api/decisions").json()) == len(kept)
    server.stop()


if __name__ == "__main__":
    main()
