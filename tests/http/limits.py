#!/usr/bin/env python3
"""How much one may ask for, and who must have a second factor: limits.py VERKAN ROOT. Speaks TAP."""
import base64
import hashlib
import hmac
import os
import pathlib
import re
import sys
import time

import client
from client import PASSWORD, Client, Server

verkan, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
cases = []


def case(f):
    cases.append(f)
    return f


def serve(w, **limits):
    client.run(verkan, "import", root / "tests/cli/tiny", "-w", w)
    settings = w / "verkan.toml"
    text = settings.read_text()
    for name, value in limits.items():
        text, n = re.subn(rf"(?m)^{name} = \S+", f"{name} = {value}", text)
        assert n == 1, name
    settings.write_text(text)
    server = Server(verkan, w)
    return server, Client(server).set_up(server.setup_token())


def refused(answer):
    """Told in a sentence, with the seconds to wait."""
    told = answer.json()["error"]
    return answer.status == 429 and told["code"] == "limit" and told["text"].endswith("wait a little.") and int(answer.headers["Retry-After"]) >= 1


# A minute's worth of one may come in within the test itself, so what is refused is looked for among more than are allowed.
def until_refused(ask, most):
    answers = []
    while not answers or answers[-1].status != 429:
        answers.append(ask())
        assert len(answers) <= most + 60, [a.status for a in answers]
    assert len(answers) > most and refused(answers[-1]), (len(answers), answers[-1].body)
    return answers


@case
def changes_are_counted_by_session(w):
    server, owner = serve(w, changes_a_minute=6)
    other = Client(server).log_in("Astrid")
    until_refused(lambda: owner.ask("PATCH", "/api/me", {"lang": "en"}), 5)
    assert owner.get("/api/me").status == 200  # looking is no change
    assert other.ask("PATCH", "/api/me", {"lang": "sv"}).status == 204  # a session of its own
    assert "Vänta lite." in owner.ask("PATCH", "/api/me?lang=sv", {"lang": "en"}).json()["error"]["text"]
    server.stop()


@case
def work_is_counted_by_the_hour(w):
    server, owner = serve(w, jobs_an_hour=2)
    ids = [a.json()["id"] for a in until_refused(lambda: owner.post("/api/jobs", {"kind": "diagnose"}), 2)[:-1]]
    assert owner.get("/api/jobs").status == 200
    assert all(owner.wait_for(i)["state"] == "done" for i in ids)
    server.stop()


@case
def files_are_counted_apart_from_changes(w):
    server, owner = serve(w, files_a_minute=4, changes_a_minute=6)
    until_refused(lambda: owner.post("/api/uploads"), 4)
    assert owner.ask("PATCH", "/api/me", {"lang": "en"}).status == 204
    server.stop()


@case
def tests_by_link_and_strangers_are_counted_by_address(w):
    server, owner = serve(w, answers_a_minute=5, requests_a_minute=40)
    stranger, link = Client(server), {"Authorization": "Bearer " + "0" * 64}
    until_refused(lambda: stranger.get("/api/sitting", headers=link), 5)
    assert refused(Client(server).get("/api/sitting", headers=link))  # the same address
    until_refused(lambda: stranger.get("/api/me"), 20)
    assert owner.get("/api/me").status == 200
    assert stranger.get("/health").status == 200 and stranger.get("/app.js").status == 200
    server.stop()


@case
def a_limit_that_cannot_be_is_told(w):
    client.run(verkan, "import", root / "tests/cli/tiny", "-w", w)
    settings = w / "verkan.toml"
    was = settings.read_text()
    for wrong in ["jobs_an_hour = 0", "jobs_an_hour = many", 'second_factor = "owner king"']:
        settings.write_text(was.split("[server]")[0] + "[server]\n" + wrong + "\n")
        assert wrong.split(" ")[0] in client.run(verkan, "user", "list", "-w", w, code=3)


def app_code(secret):
    """What an authenticator app shows now (RFC 6238)."""
    mac = hmac.new(base64.b32decode(secret), int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7fffffff) % 10**6:06}"


@case
def who_must_have_a_second_factor_sets_it_up_first(w):
    server, owner = serve(w)
    admin, leader = owner.invite("Adam", "administrator"), owner.invite("Lea", "leader")
    assert admin.post("/api/settings", {"values": {"server.second_factor": "leader manager"}}).status == 204
    assert 'second_factor = "leader manager"' in (w / "verkan.toml").read_text()
    me = leader.get("/api/me").json()
    assert me["second_needed"] and not me["second"] and not owner.get("/api/me").json()["second_needed"]
    for path in ["/api/snapshots", "/api/decisions", "/api/sessions", "/api/result"]:
        assert leader.get(path).code() == "second", path
    assert owner.get("/api/snapshots").status == 200
    made = leader.post("/api/me/second", {"password": PASSWORD}).json()
    assert len(made["qr"]) == len(made["qr"][0]) >= 21 and {*"".join(made["qr"])} == {"0", "1"}
    for row in (0, 6):  # the upper edges of two of the three squares that a camera looks for
        assert made["qr"][row].startswith("11111110") and made["qr"][row].endswith("01111111")
    assert leader.post("/api/me/second/confirm", {"code": app_code(made["secret"])}).status == 200
    assert leader.get("/api/snapshots").status == 200 and not leader.get("/api/me").json()["second_needed"]
    off = leader.post("/api/me/second/off", {"password": PASSWORD, "code": "1"})
    assert off.status == 403 and off.code() == "second"
    server.stop()


if __name__ == "__main__":
    sys.exit(client.main(cases))
