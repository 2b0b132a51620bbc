#!/usr/bin/env python3
"""Tests by link, ratings, plans and profiles as people and as those who mean harm ask for them: assess.py VERKAN ROOT. Speaks TAP."""
import hashlib
import signal
import threading
import time

import story
from client import Client, Server
from story import case, run, verkan

ALL = ["qualification", "next_step"]


def serve(w, level="case"):
    """A workspace with a result; its server, owner, two managers, three sellers and HR."""
    server, owner = story.serve(w, level)
    return server, {"owner": owner, "boss": owner.invite("Mia", "manager", team_ids=["T1"]), "other": owner.invite("Max", "manager", team_ids=["T2"]),
                    "eva": owner.invite("Eva", "seller", seller_id="S1"), "ulf": owner.invite("Ulf", "seller", seller_id="S2"),
                    "far": owner.invite("Far", "seller", seller_id="S3"), "hr": owner.invite("Hanna", "hr")}


def send(who, person="S1", competencies=None, **more):
    answer = who.post("/api/invitations", {"person_id": person, "competencies": competencies or ALL, **more})
    assert answer.status == 201, (answer.status, answer.body)
    link = answer.json()["link"]
    assert link.startswith(f"http://{who.server.host}/#/take/"), link
    return answer.json()["id"], link.rsplit("/", 1)[1]


def until(true):
    """The server looks each second for what others did to the workspace; it says itself when it has seen it."""
    while not true():
        time.sleep(0.05)


class Taker:
    """Who has the link: no account, no cookie."""

    def __init__(self, server, secret):
        self.http, self.secret = Client(server), secret

    def ask(self, method, path, body=None, lang="sv"):
        return self.http.ask(method, f"/api/sitting{path}?lang={lang}", body, headers={"Authorization": "Bearer " + self.secret})

    def state(self, lang="sv"):
        return self.ask("GET", "", lang=lang)

    def next(self):
        return self.ask("POST", "/next", {}).json()

    def answer(self, item, choice):
        return self.ask("POST", "/answers", {"item": item, "choice": choice})

    def finish(self, place=0):
        """Answers all that is left, always the option at that place."""
        question = self.next()
        while not question["done"]:
            got = self.answer(question["item"], question["options"][place]["choice"])
            assert got.status == 200 and got.json()["answered"] == "saved", got.body
            question = got.json()["question"]
        return question


def answers(server, number):
    return server.sql("SELECT item, choice FROM sitting_event WHERE invitation = ? AND kind = 'answered' ORDER BY n", number)


@case
def a_test_is_taken_by_the_link_and_nothing_else(w):
    server, people = serve(w)
    number, secret = send(people["boss"])
    taker = Taker(server, secret)
    told = taker.state().json()
    assert told["state"] == "open" and told["kind"] == "seller" and told["purpose"] == "development" and told["begun"] is False, told
    assert told["competencies"] == ["Kvalificering", "Säkra nästa steg"] or len(told["competencies"]) == 2, told
    assert told["most"] == 24 and not server.sql("SELECT 1 FROM sitting_event")  # looking changes nothing
    question = taker.next()
    assert question == taker.next() and question["number"] == 1 and len(question["options"]) == 4
    assert "points" not in str(question) and "why" not in question
    assert taker.answer(question["item"], "q").code() == "no_choice"
    assert taker.answer("nothing-01", "a").json()["answered"] == "not_asked"
    assert taker.ask("GET", "/profile").status == 404
    end = taker.finish()
    assert end["done"] and taker.state().json()["state"] == "finished"
    profile = taker.ask("GET", "/profile").json()
    assert {c["competency"] for c in profile["competencies"]} == set(ALL)
    for c in profile["competencies"]:
        assert c["told"] and c["share"]["lo"] < c["share"]["mean"] < c["share"]["hi"] and 0 < c["reliability"] < 1, c
    # the link opens nothing beside, and no account's cookie is needed or given
    assert taker.ask("POST", "/answers", {"item": "qualification-01", "choice": "a"}).status in (200, 409)
    for path in ["/api/me", "/api/people", "/api/invitations", "/api/people/S1/profile", "/api/result"]:
        assert taker.http.get(path, headers={"Authorization": "Bearer " + secret}).status == 401, path
    assert taker.http.cookie is None
    assert server.sql("SELECT token FROM invitation") == [(hashlib.sha256(secret.encode()).hexdigest(),)]
    said = server.stop()
    assert secret not in said
    for file in w.rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes(), file
    what = [r[0] for r in server.sql("SELECT what FROM audit WHERE what LIKE 'sitting.%'")]
    assert what[0] == "sitting.begin" and what.count("sitting.begin") == 1 and what.count("sitting.answer") == len(answers(server, number)), what


@case
def an_answer_counts_once_from_two_windows_and_when_sent_again(w):
    server, people = serve(w)
    number, secret = send(people["boss"])
    one, two = Taker(server, secret), Taker(server, secret)
    question = one.next()
    assert two.next() == question
    first, second = [o["choice"] for o in question["options"][:2]]
    assert one.answer(question["item"], first).json()["answered"] == "saved"
    assert one.answer(question["item"], first).json()["answered"] == "same"
    late = two.answer(question["item"], second).json()
    assert late["answered"] == "stands" and "annat fönster" in late["says"], late
    assert late["question"]["number"] == 2 and answers(server, number) == [(question["item"], first)]
    # many at once: each situation is answered once, and all tell the same
    question = late["question"]
    got = []
    threads = [threading.Thread(target=lambda c=o["choice"]: got.append(Taker(server, secret).answer(question["item"], c).json())) for o in question["options"] * 3]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert [g["answered"] for g in got].count("saved") == 1 and {g["answered"] for g in got} == {"saved", "same", "stands"}, got
    assert len(answers(server, number)) == 2 and len({g["question"]["item"] for g in got}) == 1
    server.stop()


@case
def killed_anywhere_nothing_acknowledged_is_lost(w):
    server, people = serve(w)
    number, secret = send(people["boss"], competencies=["qualification"])
    kept = []
    for _ in range(4):
        taker = Taker(server, secret)
        for _ in range(2):
            question = taker.next()
            choice = question["options"][1]["choice"]
            assert taker.answer(question["item"], choice).json()["answered"] == "saved"
            kept.append((question["item"], choice))
        server.stop(signal.SIGKILL)
        server = Server(verkan, w)
        assert answers(server, number) == kept
        taker = Taker(server, secret)
        # the browser does not know whether its last answer came through, and sends it again
        again = taker.answer(*kept[-1]).json()
        assert again["answered"] == "same" and again["question"]["number"] == len(kept) + 1, again
    Taker(server, secret).finish()
    server.stop()
    assert "bit for bit" in run("assess", "replay", number, "-w", w)
    run("verify", "-w", w)


@case
def links_that_do_not_hold_say_so_in_both_languages(w):
    server, people = serve(w)
    made = {name: send(people["boss"], competencies=["qualification"]) for name in ["expired", "withdrawn", "finished"]}
    question = Taker(server, made["expired"][1]).next()
    server.sql("UPDATE invitation SET expires_at = made_at WHERE id = ?", made["expired"][0])
    assert people["boss"].post(f"/api/invitations/{made['withdrawn'][0]}/withdraw").status == 204
    Taker(server, made["finished"][1]).finish()
    words = {"expired": ("time of this link is over", "giltighetstid"), "withdrawn": ("taken back", "tagits tillbaka"), "finished": ("answered all", "svarat på allt")}
    for name, (number, secret) in made.items():
        taker = Taker(server, secret)
        en, sv = taker.state("en").json(), taker.state("sv").json()
        assert en["state"] == sv["state"] == name and words[name][0] in en["says"] and en["says"] != sv["says"] and len(sv["says"]) > 20, (en, sv)
        before = answers(server, number)
        for got in [taker.answer(question["item"], "a")] + ([] if name == "finished" else [taker.ask("POST", "/next", {})]):
            assert got.status == 409 and got.code() == "link_" + name or name == "finished" and got.status == 200, (name, got.body)
        assert answers(server, number) == before
    good = made["finished"][1]
    for forged in ["", "0" * 48, good[:-1], good + "0", good[:-1] + ("0" if good[-1] != "0" else "1"), good.upper(), "x" * 5000, "' OR 1=1 --", "%00"]:
        got = Taker(server, forged).state()
        assert got.status == 404 and got.code() == "link_unknown", (forged[:20], got.body)
        assert Taker(server, forged).ask("POST", "/next", {}).status == 404
        assert Taker(server, forged).answer("qualification-01", "a").status == 404
    assert Client(server).get("/api/sitting").status == 404
    assert Client(server).get("/api/sitting", headers={"Authorization": ["Bearer " + good, "Bearer " + "0" * 48]}).status == 400
    assert Client(server).get(f"/api/sitting?secret={good}").status == 404  # not in an address
    server.stop()


@case
def an_instrument_of_ones_own_is_sent_without_a_restart(w):
    server, people = serve(w)
    run("assess", "items", "presentation", "--qti", w / "qti", "--lang", "sv")
    before = {x["competency"] for x in people["boss"].get("/api/competencies").json()}
    assert people["boss"].post("/api/invitations", {"person_id": "S1", "competencies": ["own"]}).status == 400
    run("assess", "import", w / "qti", "--as", "own", "--name", "Egen presentation", "-w", server.workspace)
    until(lambda: any(x["competency"] == "own" for x in people["boss"].get("/api/competencies").json()))
    own, = [x for x in people["boss"].get("/api/competencies?lang=sv").json() if x["competency"] not in before]
    assert own["own"] and own["name"] == "Egen presentation" and own["situations"] == 32 and own["moments"] == [], own
    _, secret = send(people["boss"], "S1", ["own", "qualification"])
    taker = Taker(server, secret)
    assert taker.finish()["done"]
    got = people["eva"].get("/api/people/S1/profile").json()["competencies"]
    assert {x["competency"] for x in got} == {"own", "qualification"} and all(x["told"] for x in got), got
    # a role asks for it by what experts say, as long as it is sent
    asks = lambda: next(x for x in people["hr"].get("/api/recruitment/roles?lang=sv").json()["roles"] if x["role"] == "new_business")["competencies"]
    assert len(asks()) == 9
    assert [x["competency"] for x in people["hr"].get("/api/recruitment/roles").json()["own_competencies"]] == ["own"]
    for who, weights, status in [("hr", {"own": 6}, 400), ("hr", {"none": 5}, 400), ("boss", {"own": 5}, 403), ("hr", {"own": 5, "prospecting": 3}, 204), ("owner", {"own": 4}, 204)]:
        got = people[who].post("/api/recruitment/roles/new_business/weights", {"weights": weights})
        assert got.status == status, (who, weights, got.status, got.body)
    one = next(x for x in asks() if x["competency"] == "own")
    assert one["name"] == "Egen presentation" and one["said"] == 4.5 and one["start"] is None and one["dealt"] is None, one
    assert abs(sum(x["weight"] for x in asks()) - 1) < 1e-6 and one["weight"] > 0.1 and len(asks()) == 10, asks()
    _, secret = send(people["hr"], "C1", ["own"], kind="candidate")
    assert Taker(server, secret).finish()["done"]
    row, = people["hr"].get("/api/recruitment/candidates?role=new_business").json()["candidates"]
    assert abs(row["covered"] - one["weight"]) < 1e-6 and next(x for x in row["competencies"] if x["competency"] == "own")["share"], row
    row, = [x for x in people["owner"].get("/api/result?lang=sv").json()["requirements"] if x["competency"] == "own"]
    assert row["name"] == "Egen presentation" and row["weight"]["lo"] < row["weight"]["mean"] < row["weight"]["hi"], row
    for who, what, status in [("boss", "own", 403), ("owner", "qualification", 404), ("owner", "none", 404), ("owner", "own", 204), ("owner", "own", 404)]:
        assert people[who].post(f"/api/competencies/{what}/retire").status == status, (who, what)
    assert len(asks()) == 9 and people["hr"].post("/api/recruitment/roles/new_business/weights", {"weights": {"own": 3}}).status == 400
    until(lambda: all(x["competency"] != "own" for x in people["boss"].get("/api/competencies").json()))
    assert people["boss"].post("/api/invitations", {"person_id": "S1", "competencies": ["own"]}).status == 400
    assert {x["competency"] for x in people["eva"].get("/api/people/S1/profile").json()["competencies"]} == {"own", "qualification"}
    server.stop()


@case
def an_instrument_of_ones_own_is_sent_to_the_server_whole_or_not_at_all(w):
    server, people = serve(w)
    owner = people["owner"]
    run("assess", "items", "presentation", "--qti", w / "sv", "--lang", "sv")
    run("assess", "items", "presentation", "--qti", w / "en", "--lang", "en")

    def bring(folder, who=owner, skip=0, **more):
        upload = who.post("/api/uploads").json()["id"]
        for n, file in enumerate(sorted(folder.iterdir())):
            if n >= skip:
                assert who.ask("PUT", f"/api/uploads/{upload}/{file.name}", raw=file.read_bytes(), headers={"Content-Type": "application/octet-stream"}).status == 204
        made = who.post("/api/jobs?lang=sv", {"kind": "instrument", "upload": upload, **more})
        return who.wait_for(made.json()["id"]) if made.status == 202 else made

    names = lambda lang: {x["competency"]: x["name"] for x in owner.get(f"/api/competencies?lang={lang}").json() if x["own"]}
    job = bring(w / "sv", competency="own", name="Egen presentation")
    assert job["state"] == "done" and "32" in job["text"], job
    until(lambda: "own" in names("sv"))
    (w / "bad").mkdir()
    (w / "bad" / "one.xml").write_text("<html><script>alert(1)</script></html>")
    for folder, more in [(w / "bad", {}), (w / "sv", {"competency": "presentation"})]:
        job = bring(folder, **more)
        assert job["state"] == "failed" and job["text"], job
    job = bring(w / "bad")
    assert "one.xml" in job["text"], job
    assert bring(w / "sv", competency="-w").status == 400 and set(names("sv")) == {"own"}
    job = bring(w / "en", competency="own", name="A presentation of our own")
    assert job["state"] == "done", job
    until(lambda: names("en") == {"own": "A presentation of our own"})
    assert names("sv") == {"own": "Egen presentation"}
    assert owner.post("/api/jobs", {"kind": "instrument", "upload": "0" * 32}).status == 404
    for who in ("hr", "boss", "eva"):
        assert people[who].post("/api/jobs", {"kind": "instrument", "upload": "0" * 32}).status == 403, who
    server.stop()


@case
def who_may_invite_whom(w):
    server, people = serve(w)
    ask = {"person_id": "S1", "competencies": ["qualification"]}
    for who, body, status in [("boss", ask, 201), ("other", ask, 400), ("eva", ask, 201), ("ulf", ask, 400), ("owner", ask, 201), ("hr", ask, 400),
                              ("hr", {**ask, "person_id": "C1", "kind": "candidate"}, 201), ("boss", {**ask, "person_id": "C2", "kind": "candidate"}, 400),
                              ("eva", {**ask, "kind": "candidate"}, 400), ("boss", {**ask, "person_id": "S9"}, 400), ("boss", {**ask, "competencies": []}, 400),
                              ("boss", {**ask, "competencies": ["nothing"]}, 400), ("boss", {**ask, "competencies": ["qualification"] * 2}, 400),
                              ("boss", {**ask, "days": 367}, 400), ("boss", {**ask, "days": -1}, 400), ("boss", {**ask, "days": "3"}, 400), ("boss", {**ask, "kind": "x"}, 400)]:
        got = people[who].post("/api/invitations", body)
        assert got.status == status, (who, body, got.status, got.body)
    mine = {name: [(i["id"], i["person_id"], i["kind"]) for i in people[name].get("/api/invitations").json()] for name in people}
    assert [i[1] for i in mine["boss"]] == ["S1"] * 3 and mine["other"] == [] and mine["ulf"] == [] and len(mine["eva"]) == 3, mine
    assert [i[1:] for i in mine["hr"]] == [("C1", "candidate")] and len(mine["owner"]) == 4, mine
    assert not any("link" in i or "token" in i for i in people["owner"].get("/api/invitations").json())
    number = mine["boss"][0][0]
    for who, status in [("other", 404), ("ulf", 404), ("hr", 404), ("boss", 204), ("boss", 204)]:
        assert people[who].post(f"/api/invitations/{number}/withdraw").status == status, who
    assert [p["person_id"] for p in people["boss"].get("/api/people").json()] == ["S1", "S2"]
    assert [p["person_id"] for p in people["hr"].get("/api/people").json()] == ["C1"]
    for role in ["analyst", "leader", "auditor", "representative", "administrator"]:
        guest = people["owner"].invite("A " + role, role)
        assert guest.get("/api/invitations").status == guest.get("/api/people").status == 403
        assert guest.get("/api/people/S1/profile").status == guest.post("/api/invitations", ask).status == 403
    server.stop()


@case
def a_profile_is_for_the_person_and_for_who_may_see_it(w):
    server, people = serve(w)
    number, secret = send(people["boss"])
    taker = Taker(server, secret)
    question = taker.next()
    taker.answer(question["item"], "a")
    own = people["eva"].get("/api/people/S1/profile").json()
    assert own["open"] == 1 and own["competencies"] == [] and own["own"] is True  # nothing is said in the middle
    taker.finish()
    own = people["eva"].get("/api/people/S1/profile").json()
    assert len(own["competencies"]) == 2 and own["ratings"] == [] and own["plans"] == [], own
    assert own["practise"] is None or own["practise"]["well"]
    for who, status, code in [("boss", 403, "case"), ("other", 404, "not_found"), ("ulf", 404, "not_found"), ("hr", 404, "not_found"), ("owner", 403, "case")]:
        got = people[who].get("/api/people/S1/profile")
        assert got.status == status and got.code() == code, (who, got.status, got.body)
    opened = people["boss"].post("/api/cases", {"seller_id": "S1", "purpose": "development", "until": own["sittings"][0]["at"][:4] + "-12-31"})
    assert opened.status == 201, opened.body
    assert people["boss"].get("/api/people/S1/profile").status == 403  # until the person knows of it
    assert people["eva"].post(f"/api/cases/{opened.json()['id']}/known").status == 204
    seen = people["boss"].get("/api/people/S1/profile").json()
    assert seen["competencies"] == own["competencies"] and seen["own"] is False  # what is seen of one is what one sees
    assert server.sql("SELECT count(*) FROM audit WHERE what = 'profile' AND outcome = 'done'")[0][0] == 1
    # an applicant's answers are not the applicant's profile here, and no seller's
    _, other = send(people["hr"], "C1", kind="candidate")
    applicant = Taker(server, other)
    assert applicant.state().json()["kind"] == "candidate"
    applicant.finish()
    assert applicant.ask("GET", "/profile").status == 404
    assert len(people["hr"].get("/api/people/C1/profile").json()["competencies"]) == 2
    assert people["boss"].get("/api/people/C1/profile").status == 404
    assert people["owner"].get("/api/people/C1/profile?as=candidate").status == 200
    server.stop()


@case
def a_manager_and_a_peer_rate_what_they_saw(w):
    server, people = serve(w, "open")
    saw = {"person_id": "S1", "competency": "qualification", "level": 4, "evidence": "Frågade efter budgeten i två möten."}
    for who, change, status in [("boss", {}, 201), ("ulf", {"level": 2}, 201), ("eva", {"level": 5}, 201), ("far", {}, 400), ("other", {}, 400),
                                ("boss", {"evidence": ""}, 400), ("boss", {"evidence": "bra"}, 400), ("boss", {"level": 6}, 400), ("boss", {"level": -1}, 400),
                                ("boss", {"level": 3.5}, 400), ("boss", {"competency": "nothing"}, 400), ("boss", {"person_id": "S9"}, 400),
                                ("boss", {"competency": "next_step", "level": 0, "evidence": ""}, 201)]:
        got = people[who].post("/api/ratings", {**saw, **change})
        assert got.status == status, (who, change, got.status, got.body)
    assert server.sql("SELECT role, level FROM rating ORDER BY id") == [("manager", 4), ("peer", 2), ("self", 5), ("manager", None)]
    may = {who: {x["person_id"]: x["as"] for x in people[who].get("/api/ratings/people").json()} for who in ("boss", "ulf", "eva", "far")}
    assert may["ulf"]["S1"] == "peer" and may["eva"]["S1"] == "self" and may["boss"]["S1"] == "manager" and "S1" not in may["far"], may
    assert not {"S9"} & set(may["ulf"]) and "self" in may["ulf"].values(), may
    named = {who: [x for x in people[who].get("/api/ratings/people").json() if "name" in x] for who in ("boss", "ulf", "eva", "far")}
    assert named["boss"] and all(x["as"] == "manager" and x["name"] for x in named["boss"]), named  # those one leads have names; colleagues have none
    assert not named["ulf"] and not named["eva"] and not named["far"], named
    assert people["other"].get("/api/ratings/people").status in (200, 403)
    own = people["eva"].get("/api/people/S1/profile").json()
    assert sorted((r["as"], r["level"]) for r in own["ratings"]) == [("manager", 0), ("manager", 4), ("peer", 2), ("self", 5)]
    assert people["ulf"].get("/api/people/S1/profile").status == 404
    # others' ratings of a competence are seen after an own one
    assert sorted(r["as"] for r in people["boss"].get("/api/people/S1/profile").json()["ratings"]) == ["manager", "manager", "peer", "self"]
    blind = people["owner"].get("/api/people/S1/profile").json()
    assert blind["ratings"] == [] and blind["waiting"] == 4, blind
    people["owner"].post("/api/ratings", {**saw, "level": 3})
    after = people["owner"].get("/api/people/S1/profile").json()
    assert {r["competency"] for r in after["ratings"]} == {"qualification"} and after["waiting"] == 1
    # the newest of a rater counts, and none is changed
    people["ulf"].post("/api/ratings", {**saw, "level": 3})
    own = people["eva"].get("/api/people/S1/profile").json()
    assert [r["level"] for r in own["ratings"] if r["as"] == "peer"] == [3] and len(server.sql("SELECT 1 FROM rating")) == 6
    server.stop()
    csv = run("assess", "export", "-w", w)
    assert "manager_rating" in csv and "peer_rating" in csv and "self_rating" in csv


@case
def interviewers_give_levels_before_they_see_the_others(w):
    server, people = serve(w, "open")
    send(people["hr"], "C1", ["qualification"], kind="candidate")
    said = "Valde att avsluta en affär i tid."
    answers = {str(q): {"level": 4, "note": said} for q in (1, 2)} | {"3": {"level": 0}}
    body = {"person_id": "C1", "competency": "qualification", "answers": answers}
    for who, change, status in [("hr", {"answers": {}}, 400), ("hr", {"answers": {**answers, "4": {"level": 1, "note": said}}}, 400), ("hr", {"answers": {**answers, "1": {"level": 4}}}, 400),
                                ("hr", {"answers": {**answers, "1": {"level": 6, "note": said}}}, 400), ("hr", {"answers": {"1": 4, "2": 4, "3": 4}}, 400), ("hr", {"competency": "nothing"}, 400),
                                ("hr", {"person_id": "C9"}, 404), ("boss", {"person_id": "S1"}, 404), ("eva", {}, 403), ("hr", {}, 201), ("boss", {"competency": "presentation"}, 201), ("owner", {}, 201)]:
        got = people[who].post("/api/interviews", {**body, **change})
        assert got.status == status, (who, change, got.status, got.body)
    # of a competence: the others' after an own one, and before that only that there are some
    see = lambda who: people[who].get("/api/interviews?person_id=C1&lang=sv").json()
    hr, boss = see("hr"), see("boss")
    assert len(hr["given"]) == 6 and hr["waiting"] == 1 and {x["competency"] for x in hr["given"]} == {"qualification"}, hr
    assert len(boss["given"]) == 3 and boss["waiting"] == 2 and all(x["own"] for x in boss["given"]), boss
    assert said not in str([x for x in boss["given"] if x["competency"] == "qualification"])
    guide = next(x for x in hr["guides"] if x["competency"] == "qualification")
    assert len(guide["questions"]) == 3 and len(guide["anchors"]) == 5 and guide["questions"][0]["listen_for"]
    # a new one takes the place of the former, which stays
    people["hr"].post("/api/interviews", {**body, "answers": {**answers, "1": {"level": 2, "note": said}}})
    assert sorted(x["level"] for x in see("hr")["given"] if x["own"]) == [0, 2, 4] and len(server.sql("SELECT 1 FROM interview")) == 12
    # no mean of the others before own levels of all that they gave, or having said that one gives none
    def listed(who):
        got, = people[who].get("/api/recruitment/candidates?role=new_business&blind=0").json()["candidates"]
        return got
    for who, waiting in [("owner", 3), ("hr", 3)]:
        assert listed(who)["interview"] is None and listed(who)["waiting"] == waiting, listed(who)
    rows = people["owner"].get("/api/result?lang=en").json()["candidates"]
    assert rows and all(x["performance"] is None and x["interviews"] is None for x in rows), rows
    assert people["owner"].post("/api/interviews", {**body, "competency": "presentation"}).status == 201
    row = listed("owner")  # qualification and presentation are all there is
    assert row["interview"]["by"] == 3 and row["waiting"] == 0 and not row["interview"]["counts"], row  # too few persons to tell who is strict
    assert listed("hr")["interview"] is None and not see("hr")["passed"]
    for who, person, status in [("hr", "C9", 404), ("hr", "S1", 404), ("eva", "C1", 403), ("hr", "C1", 204), ("hr", "C1", 204)]:
        got = people[who].post("/api/interviews/pass", {"person_id": person})
        assert got.status == status, (who, person, got.status, got.body)
    assert see("hr")["passed"] and see("hr")["waiting"] == 0 and listed("hr")["interview"]["by"] == 3
    late = people["hr"].post("/api/interviews?lang=sv", {**body, "competency": "presentation"})
    assert late.status == 400 and "sett vad de andra gav" in late.json()["error"]["text"], late.body
    assert len(server.sql("SELECT 1 FROM interview_pass")) == 1
    for who in ("eva", "other"):
        assert people[who].get("/api/people/C1/profile").status == 404
    assert people["eva"].get("/api/interviews?person_id=C1").status == 403 and people["hr"].get("/api/interviews?person_id=S1").status == 404
    try:
        server.sql("UPDATE interview SET level = 5")
        raise AssertionError("changed")
    except Exception as refused:
        assert "not changed" in str(refused), refused
    server.stop()


@case
def what_somebody_has_in_a_test_is_for_them_and_for_who_sees_to_it(w):
    server, people = serve(w, "open")
    number, secret = send(people["boss"], "S1", ["qualification"])
    _, theirs = send(people["hr"], "C1", ["qualification"], kind="candidate")
    note = "Läser med skärmläsare, canary."
    at = lambda person: f"/api/people/{person}/accommodations"
    for who, person, body, status in [("boss", "S1", {"kind": "aid", "note": note, "invitation": number}, 201), ("hr", "C1", {"kind": "time", "note": note}, 201), ("eva", "S1", {"kind": "breaks"}, 201),
                                      ("other", "S1", {"kind": "time"}, 404), ("ulf", "S1", {"kind": "time"}, 404), ("hr", "S1", {"kind": "time"}, 404), ("boss", "C1", {"kind": "time"}, 404),
                                      ("boss", "S1", {"kind": "juggling"}, 400), ("boss", "S1", {"kind": "other"}, 400), ("boss", "S1", {"kind": "time", "invitation": number + 1}, 400), ("boss", "S9", {"kind": "time"}, 404)]:
        got = people[who].post(at(person), body)
        assert got.status == status, (who, person, body, got.status, got.body)
    kinds = lambda who, person: (lambda got: sorted(x["kind"] for x in got.json()["accommodations"]) if got.status == 200 else got.status)(people[who].get(at(person)))
    see = {who: (kinds(who, "S1"), kinds(who, "C1")) for who in ("eva", "boss", "owner", "hr", "other", "ulf")}
    assert see == {"eva": (["aid", "breaks"], 404), "boss": (["aid"], 404), "owner": ([], []), "hr": (404, ["time"]), "other": (404, 404), "ulf": (404, 404)}, see
    # by the link the person reads it; who decides reads it nowhere, and no profile changes by it
    taker, applicant = Taker(server, secret), Taker(server, theirs)
    assert {x["says"] for x in taker.state("en").json()["accommodations"]} == {"An aid of one's own, such as a screen reader", "Breaks, or in several goes"}
    assert [x["note"] for x in applicant.state().json()["accommodations"]] == [note]
    taker.finish(), applicant.finish()
    for path in ["/api/people/S1/profile", "/api/recruitment/candidates?role=new_business&blind=0", "/api/people/C1/profile?as=candidate", "/api/invitations", "/api/result", "/api/audit?limit=1000"]:
        assert b"canary" not in people["owner"].get(path).body and b"canary" not in people["boss"].get(path).body, path
    assert server.sql("SELECT count(*) FROM audit WHERE what = 'accommodation.add' AND outcome = 'done'")[0][0] == 3
    server.stop()


@case
def a_plan_is_made_looked_at_and_closed_once(w):
    server, people = serve(w, "open")
    ask = {"person_id": "S1", "competency": "next_step", "practise": "Bokar dag innan mötet är slut.", "review_on": "2099-03-01", "deal_id": "D1"}
    assert people["eva"].post("/api/plans", ask).status == 201
    assert people["boss"].post("/api/plans", ask).status == 201
    for who, change, status in [("ulf", {}, 404), ("other", {}, 404), ("boss", {"competency": "x"}, 400), ("boss", {"review_on": "soon"}, 400), ("boss", {"practise": ""}, 400)]:
        got = people[who].post("/api/plans", {**ask, **change})
        assert got.status == status, (who, change, got.status, got.body)
    plans = people["eva"].get("/api/people/S1/profile").json()["plans"]
    assert [p["who"] for p in plans] == ["Mia", "Eva"] and plans[0]["practise"] == ask["practise"] and plans[0]["closed_at"] is None
    number = plans[1]["id"]
    assert people["ulf"].post(f"/api/plans/{number}/close", {"note": "x"}).status == 404
    assert people["boss"].post(f"/api/plans/{number}/close", {"note": "Görs nu i varje möte."}).status == 204
    assert people["eva"].post(f"/api/plans/{number}/close", {"note": "igen"}).code() == "closed"
    assert people["eva"].get("/api/people/S1/profile").json()["plans"][1]["close_note"] == "Görs nu i varje möte."
    for statement in ["UPDATE plan SET practise = 'x'", "UPDATE plan_close SET note = 'x'"]:
        try:
            server.sql(statement)
            raise AssertionError(statement)
        except Exception as refused:
            assert "only added" in str(refused), refused
    server.stop()


@case
def taken_again_it_says_whether_something_has_changed(w):
    server, people = serve(w)
    for worst in [True, False]:
        number, secret = send(people["eva"], competencies=["qualification"])
        taker, question = Taker(server, secret), None
        key = {}
        for line in run("assess", "items", "qualification", "--key", "--lang", "sv", "-w", w).splitlines():
            word = line.strip()
            if word.startswith("qualification-"):
                item = word
            elif word[:2] in ("a)", "b)", "c)", "d)"):
                letter = word[0]
            elif word[:1].isdigit() and " poäng." in word:
                key[item, letter] = int(word.split()[0])
        assert len(key) == 128, len(key)
        question = taker.next()
        while not question["done"]:
            choice = (min if worst else max)("abcd", key=lambda c: key[question["item"], c])
            question = taker.answer(question["item"], choice).json()["question"]
    (part,) = people["eva"].get("/api/people/S1/profile").json()["competencies"]
    assert part["change"] == {"sitting": 1, "is": "better", "p": part["change"]["p"]} and part["change"]["p"] > 0.95, part["change"]
    server.stop()


@case
def what_was_kept_long_enough_is_erased(w):
    server, people = serve(w, "open")
    saw = {"person_id": "S1", "competency": "qualification", "level": 4, "evidence": "Frågade efter budgeten i två möten."}
    plan = {"person_id": "S1", "competency": "next_step", "practise": "Bokar dag innan mötet är slut."}
    old, young = [send(people["boss"], competencies=["qualification"]) for _ in range(2)]
    for _, secret in (old, young):
        Taker(server, secret).finish()
    for more in [{"invitation": old[0]}, {}]:
        assert people["boss"].post("/api/people/S1/accommodations", {"kind": "time", **more}).status == 201
    people["boss"].post("/api/ratings", saw)
    people["ulf"].post("/api/ratings", saw)
    for day in ["2020-01-01", "2099-01-01"]:
        assert people["boss"].post("/api/plans", {**plan, "review_on": day}).status == 201
    server.stop()
    ago = 731 * 86400 * 10**6
    for trigger in ["rating_stands", "plan_no_update", "sitting_event_stands"]:
        server.sql(f"DROP TRIGGER {trigger}")
    server.sql("UPDATE sitting_event SET at = at - ? WHERE invitation = ?", ago, old[0])
    server.sql("UPDATE rating SET made_at = made_at - ? WHERE role = 'peer'", ago)
    server.sql("UPDATE plan SET made_at = made_at - ?", ago)
    server = Server(verkan, w)
    while len(server.sql("SELECT 1 FROM invitation")) == 2:  # the server looks in its first second
        pass
    assert len(server.sql("SELECT 1 FROM accommodation")) == 1  # what was had in a test goes with it
    assert server.sql("SELECT id FROM invitation") == [(young[0],)] and server.sql("SELECT DISTINCT invitation FROM sitting_event") == [(young[0],)]
    assert server.sql("SELECT role FROM rating") == [("manager",)] and server.sql("SELECT review_on FROM plan") == [("2099-01-01",)]
    assert server.sql("SELECT subject FROM audit WHERE what = 'assessment.erase'") == [("3 rows",)]
    assert Taker(server, old[1]).state().status == 404
    server.stop()
    run("verify", "-w", w)


if __name__ == "__main__":
    story.main()
