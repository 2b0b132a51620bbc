#!/usr/bin/env python3
"""The server as a browser meets it: server.py VERKAN ROOT. Speaks TAP."""
import base64
import gzip
import hmac
import os
import pathlib
import signal
import socket
import struct
import time

from client import PASSWORD, Client, Server
from story import case, main, run, tiny, verkan


@case
def the_first_account_is_made_by_the_link_once(w):
    server = Server(verkan, w)
    token = server.setup_token()
    nobody = Client(server)
    answer = nobody.get("/api/me")
    assert answer.status == 401 and answer.json()["setup"] is True
    short = nobody.post("/api/setup", {"token": token, "name": "A", "password": "short"})
    assert short.status == 400 and "12 characters" in short.json()["error"]["text"]
    assert nobody.post("/api/setup", {"token": "0" * 64, "name": "A", "password": PASSWORD}).status == 400
    owner = Client(server).set_up(token)
    me = owner.get("/api/me").json()
    assert me["name"] == "Astrid" and me["role"] == "owner" and me["person_level"] == "case", me
    assert {"import", "users", "audit", "decide"} <= set(me["may"]) or me["may"], me
    assert Client(server).post("/api/setup", {"token": token, "name": "B", "password": PASSWORD}).status == 400
    assert Client(server).get("/api/me").json()["setup"] is False
    stored = server.sql("SELECT password FROM account")[0][0]
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert owner.cookie and not server.sql("SELECT 1 FROM session WHERE token_sha256 = ?", owner.cookie)
    server.stop()


@case
def logging_in_and_out(w):
    server = Server(verkan, w)
    owner = Client(server).set_up(server.setup_token())
    other = Client(server)
    wrong = other.post("/api/login", {"name": "Astrid", "password": "korrekt hast batter"})
    unknown = other.post("/api/login", {"name": "Bertil", "password": PASSWORD})
    assert wrong.status == unknown.status == 401 and wrong.body == unknown.body
    other.log_in("astrid")
    assert other.cookie != owner.cookie and other.get("/api/me").status == 200
    was = other.cookie
    assert other.post("/api/logout").status == 204 and other.cookie is None
    other.cookie = was
    assert other.get("/api/me").status == 401 and owner.get("/api/me").status == 200
    # a login with a session is another token, and the old one is dead
    was = owner.cookie
    owner.log_in("Astrid")
    assert owner.cookie != was
    stale = Client(server)
    stale.cookie = was
    assert stale.get("/api/me").status == 401
    server.stop()


@case
def a_token_that_the_server_did_not_give_is_nobodys(w):
    server = Server(verkan, w)
    client = Client(server)
    client.cookie = "a" * 64
    client.set_up(server.setup_token())
    assert client.cookie != "a" * 64
    for cookie in ["verkan=" + "a" * 64, f"verkan={client.cookie}; verkan={'b' * 64}", "verkan=", "verkan=" + client.cookie.upper(),
                   f"verkan={client.cookie}0", f"xverkan={client.cookie}"]:
        assert Client(server).get("/api/me", headers={"Cookie": cookie}).status == 401, cookie
    assert Client(server).get("/api/me", headers={"Cookie": f"a=1; verkan={client.cookie}"}).status == 200
    server.stop()


@case
def many_wrong_passwords_make_wait(w):
    server = Server(verkan, w)
    Client(server).set_up(server.setup_token())
    tries = [Client(server).post("/api/login", {"name": "Astrid", "password": "not the password"}) for _ in range(9)]
    assert [t.status for t in tries[:5]] == [401] * 5
    waits = [t for t in tries if t.status == 429]
    assert waits and int(waits[-1].headers["Retry-After"]) >= 1
    assert Client(server).post("/api/login", {"name": "Astrid", "password": PASSWORD}).status == 429
    server.stop()


@case
def a_new_password_ends_the_other_sessions(w):
    server = Server(verkan, w)
    one = Client(server).set_up(server.setup_token())
    two = Client(server).log_in("Astrid")
    was = one.cookie
    assert one.ask("PATCH", "/api/me", {"password": {"old": "wrong wrong wrong", "new": PASSWORD + "!"}}).status == 403
    assert one.ask("PATCH", "/api/me", {"password": {"old": PASSWORD, "new": PASSWORD + "!"}}).status == 204
    assert one.cookie != was and one.get("/api/me").status == 200 and two.get("/api/me").status == 401
    Client(server).log_in("Astrid", PASSWORD + "!")
    assert one.ask("PATCH", "/api/me", {"lang": "sv"}).status == 204 and one.get("/api/me").json()["lang"] == "sv"
    assert "Det finns" in one.get("/api/nothing").json()["error"]["text"]
    server.stop()


@case
def a_session_outlives_the_server_but_not_its_time(w):
    server = Server(verkan, w)
    owner = Client(server).set_up(server.setup_token())
    idle, old = Client(server).log_in("Astrid"), Client(server).log_in("Astrid")
    server.stop()
    server.sql("UPDATE session SET seen_at = seen_at - 31 * 60 * 1000000 WHERE id = 2")
    server.sql("UPDATE session SET made_at = made_at - 721 * 60 * 1000000 WHERE id = 3")
    server = Server(verkan, w)
    for client, status in [(owner, 200), (idle, 401), (old, 401)]:
        client.server = server
        assert client.get("/api/me").status == status
    assert [r[0] for r in server.sql("SELECT id FROM session")] == [1]
    server.stop()


@case
def the_terminal_adds_and_closes_accounts(w):
    server = Server(verkan, w)
    Client(server).set_up(server.setup_token())
    link = run("user", "add", "Maja", "--role", "leader", "-w", w)
    token = link.strip().split("token=")[1]
    assert "invited" in run("user", "list", "-w", w)
    maja = Client(server)
    assert maja.post("/api/setup", {"token": token, "password": PASSWORD}).status == 204
    assert maja.get("/api/me").json()["role"] == "leader"
    run("user", "disable", "Maja", "-w", w)
    while maja.get("/api/me").status == 200:  # the server looks once a second
        time.sleep(0.05)
    assert Client(server).post("/api/login", {"name": "Maja", "password": PASSWORD}).status == 401
    again = run("user", "link", "Maja", "-w", w).strip().split("token=")[1]
    maja.post("/api/setup", {"token": again, "password": PASSWORD})
    assert maja.get("/api/me").status == 200
    assert "there is an account" in run("user", "add", "maja", "--role", "hr", "-w", w, code=3)
    assert "no seller" in run("user", "add", "Sven", "--role", "seller", "--seller", "S999", "-w", w, code=3)
    server.stop()


@case
def every_answer_carries_the_headers(w):
    server = Server(verkan, w)
    owner = Client(server).set_up(server.setup_token())
    for path in ["/", "/health", "/api/me", "/api/nothing", "/api/result", "/app.js"]:
        h = owner.get(path).headers
        assert h["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'") and \
            "require-trusted-types-for 'script'" in h["Content-Security-Policy"], path
        assert (h["X-Content-Type-Options"], h["Referrer-Policy"]) == ("nosniff", "no-referrer"), path
        assert (h["Cross-Origin-Opener-Policy"], h["Cross-Origin-Resource-Policy"]) == ("same-origin",) * 2, path
        assert "Strict-Transport-Security" not in h
        if path.startswith("/api"):
            assert h["Cache-Control"] == "no-store", path
    cookie = Client(server).post("/api/login", {"name": "Astrid", "password": PASSWORD}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie and "Secure" not in cookie
    server.stop()


@case
def another_host_or_site_is_refused(w):
    server = Server(verkan, w)
    owner = Client(server).set_up(server.setup_token())
    for host in ["evil.example", "127.0.0.1", f"127.0.0.1:{server.port}.evil.example", "", None, f"evil@127.0.0.1:{server.port}",
                 [server.host, "evil.example"]]:
        assert owner.get("/api/me", headers={"Host": host}).status == 400, host
    assert owner.get("/api/me", headers={"Host": f"localhost:{server.port}"}).status == 200
    own, other = "http://" + server.host, "http://evil.example"
    for headers, allowed in [({}, False), ({"Origin": own}, True), ({"Sec-Fetch-Site": "same-origin"}, True),
                             ({"Origin": other}, False), ({"Origin": "null"}, False), ({"Origin": own + ".evil.example"}, False),
                             ({"Origin": "https://" + server.host}, False), ({"Sec-Fetch-Site": "cross-site"}, False),
                             ({"Sec-Fetch-Site": "same-site"}, False), ({"Sec-Fetch-Site": "none"}, False),
                             ({"Origin": other, "Sec-Fetch-Site": "same-origin"}, False),
                             ({"Origin": own, "Sec-Fetch-Site": "cross-site"}, False), ({"Origin": [own, other]}, False)]:
        status = owner.ask("PATCH", "/api/me", {"lang": "en"}, headers=headers, bare=True).status
        assert (status == 204) == allowed and (allowed or status in (400, 403)), (headers, status)
    server.stop()


@case
def what_is_no_request_of_ours_is_refused(w):
    server = Server(verkan, w)
    owner = Client(server).set_up(server.setup_token())
    for body in [b'{"lang":"sv","lang":"en"}', b'{"lang":"sv","role":"owner"}', b'{"lang":"xx"}', b'{"lang":5}', b"[]", b"{",
                 b"", b'{"lang":"s\xff"}', b'{"lang":' + b"[" * 10000, b'{"lang":"sv"} x', b'{"lang":"s\\u0000v"}',
                 b'{"password":{"old":"a","new":"b","x":"c"}}', b'{"lang":' + b'"' + b"a" * 50000 + b'"}']:
        answer = owner.ask("PATCH", "/api/me", raw=body, headers={"Content-Type": "application/json"})
        assert answer.status in (400, 403), (body[:40], answer.status, answer.body)
    large = owner.ask("PATCH", "/api/me", raw=b"x" * (2 << 20), headers={"Content-Type": "application/json"})
    assert large.status == 413 and large.code() == "size"
    assert owner.ask("PATCH", "/api/me", raw=b'{"lang":"sv"}', headers={"Content-Type": "text/plain"}).status == 415
    assert owner.ask("DELETE", "/api/me", {}).status == 405 and owner.ask("PUT", "/api/me", {}).status == 405
    for path in ["/api", "/api/me/", "/api//me", "/fonts/../app.js", "/fonts/%2e%2e/app.js", "/../verkan.toml", "/records.db",
                 "/api/me%00", "/API/ME", "/fonts/", "//", "/" + "a" * 3000]:
        assert owner.get(path).status == 404, path
    assert owner.get("/api/result?" + "&".join(f"a{i}=1" for i in range(50))).status == 400
    server.stop()


def raw(server, *parts):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as s:
        for part in parts:
            s.sendall(part)
        return s.recv(4096)


@case
def nonsense_on_the_wire_ends_the_connection_only(w):
    server = Server(verkan, w)
    for line in [b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"A" * 70000 + b"\r\n\r\n",
                 b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                 b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                 b"POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                 b"GET / HTTP/1.1\r\nHost: " + server.host.encode() + b"\r\n" + b"X: y\r\n" * 20000 + b"\r\n"]:
        try:
            raw(server, line)
        except OSError:
            pass
    assert Client(server).get("/health").json() == {"status": "ok"}
    server.stop()


@case
def the_result_is_given_with_its_tag(w):
    run("import", tiny, "-w", w)
    server = Server(verkan, w)
    owner = Client(server).set_up(server.setup_token())
    assert owner.get("/api/result").code() == "no_result" and owner.get("/api/snapshots").json() == []
    run("diagnose", "-w", w)
    while owner.get("/api/result").status == 404:  # the server looks once a second
        time.sleep(0.05)
    plain = owner.get("/api/result?lang=en")
    document = plain.json()
    assert document["schema"] == "verkan.diagnosis/1" and document["language"] == "en"
    assert owner.get("/api/result?lang=sv").json()["language"] == "sv"
    packed = owner.get("/api/result?lang=en", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.body) == plain.body
    again = owner.get("/api/result?lang=en", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status == 304 and again.body == b""
    (snapshot,) = owner.get("/api/snapshots").json()
    assert snapshot["id"] == 1 and snapshot["expired"] is False
    assert owner.get("/api/result?snapshot=1&lang=en").body == plain.body
    assert owner.get("/api/result?snapshot=7").status == 400 and owner.get("/api/result?snapshot=x").status == 400
    assert owner.ask("HEAD", "/api/result").status == 200
    server.stop()


@case
def the_log_is_a_chain(w):
    server = Server(verkan, w)
    Client(server).set_up(server.setup_token()).post("/api/logout")
    Client(server).post("/api/login", {"name": "Astrid", "password": "not the password"})
    server.stop()
    what = [tuple(r) for r in server.sql("SELECT what, outcome FROM audit ORDER BY id")]
    assert what == [("account.setup", "done"), ("logout", "done"), ("login", "refused")], what
    assert "log" in run("verify", "-w", w) and "3" in run("verify", "-w", w)
    for statement in ["UPDATE audit SET what = 'x'", "DELETE FROM audit"]:
        try:
            server.sql(statement)
            raise AssertionError(statement)
        except Exception as refused:
            assert "only added to" in str(refused), refused
    server.sql("DROP TRIGGER audit_no_update")
    server.sql("DROP TRIGGER audit_no_delete")
    whole = (w / "records.db").read_bytes()
    for statement, row in [("UPDATE audit SET outcome = 'done' WHERE id = 3", 3), ("UPDATE audit SET at = at + 1 WHERE id = 1", 1),
                           ("DELETE FROM audit WHERE id = 2", 2), ("DELETE FROM audit WHERE id = 3", 3),
                           ("UPDATE audit SET account = 2 WHERE id = 2", 2),
                           ("INSERT INTO audit SELECT 4, at, account, what, subject, purpose, outcome, hash FROM audit WHERE id = 3", 4)]:
        server.sql(statement)
        said = run("verify", "-w", w, code=1)
        assert f"row {row} " in said, (statement, said)
        (w / "records.db").write_bytes(whole)
        for rest in ["records.db-wal", "records.db-shm"]:
            (w / rest).unlink(missing_ok=True)
    server.sql("UPDATE audit SET id = id + 10")  # swap the last two
    server.sql("UPDATE audit SET id = CASE id WHEN 12 THEN 3 WHEN 13 THEN 2 ELSE 1 END")
    assert "row 2 " in run("verify", "-w", w, code=1)


@case
def it_stops_in_order_and_says_where_it_cannot_be(w):
    server = Server(verkan, w)
    said = run("serve", "-w", w, "--listen", server.host, code=1)
    assert "could not listen" in said
    assert "--behind-proxy" in run("serve", "-w", w, "--listen", "0.0.0.0:0", code=3)
    assert "HOST:PORT" in run("serve", "-w", w, "--listen", "8300", code=3)
    assert "https://" in run("serve", "-w", w, "--listen", "127.0.0.1:0", "--behind-proxy", "http://x", code=3)
    server.stop(signal.SIGTERM)
    server = Server(verkan, w)
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(30) == 0


@case
def a_password_that_many_have_is_refused(w):
    server = Server(verkan, w)
    token, client = server.setup_token(), Client(server)
    for word in ["Sommaren2026!", "P@ssw0rd123456", "qwertyuiop12", "123456789012", "Välkommen2026", "hejhejhejhej1", "administrator1", "abcabcabcabc", "Stockholm1234", "iloveyou1234!",
                 "kaffekaffekaffe", "aaaaaaaaaaaab", "Winter2025!!!", "letmein!!2026", "Lösenordet1!!", "Fotboll#2026#", "zxcvbnm,./123", "Test1234Test1234", "Verkan Verkan 1"]:
        got = client.post("/api/setup", {"token": token, "name": "Astrid", "password": word})
        assert got.status == 400 and "easy to guess" in got.json()["error"]["text"], (word, got.body)
    for word in ["korrekt hast batteri", "Nio gula båtar i dis", "summer rain on tin roofs", "gEf7-quam.Lo91"]:
        got = client.post("/api/setup", {"token": token, "name": "Astrid", "password": word})
        if got.status == 204:  # the token is used once; what is fine afterwards is refused for the token alone
            continue
        assert got.status == 400 and "easy to guess" not in got.json()["error"]["text"], (word, got.body)
    assert server.sql("SELECT count(*) FROM account") == [(1,)]
    server.stop()


@case
def a_session_ends_when_it_is_idle_and_when_it_is_old(w):
    """The server's clocks are moved by libfaketime; nothing waits."""
    if b"__asan_init" in pathlib.Path(verkan).read_bytes():
        return  # the sanitizer must be the first library; the program as it is shipped is tested
    (library,) = list(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")) or [None]
    assert library, "apt install libfaketime"
    run("init", "-w", w)
    clock = w / "clock"
    def to(minutes):
        fresh = w / "clock.new"
        fresh.write_text(f"+{minutes * 60}\n")
        os.replace(fresh, clock)
    to(0)
    server = Server(verkan, w, env={"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"})
    owner = Client(server).set_up(server.setup_token())
    alive = lambda who: who.get("/api/me").status == 200
    to(29)
    assert alive(owner)
    to(29 + 29)
    assert alive(owner)  # seen half an hour ago at most
    to(29 + 29 + 31)
    assert not alive(owner)  # idle
    start = 100
    to(start)
    owner.log_in("Astrid")
    admin = owner.invite("Adam", "administrator")
    to(start + 14)
    assert alive(owner) and alive(admin)
    to(start + 14 + 16)
    assert alive(owner) and not alive(admin)  # an administrator's ends after a quarter of an hour
    admin.log_in("Adam")
    for minute in range(start + 30, start + 12 * 60, 10):
        to(minute)
        assert alive(owner), minute
        assert alive(admin) == (minute < start + 30 + 8 * 60), minute  # eight hours, however busy
    to(start + 12 * 60 + 1)
    assert not alive(owner)  # twelve hours
    server.stop()


def app_code(secret, half_minutes=0):
    """What an authenticator app shows (RFC 6238)."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + half_minutes), "sha1").digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


@case
def a_second_factor_is_asked_for_once_it_is_confirmed(w):
    server = Server(verkan, w)
    owner = Client(server).set_up(server.setup_token())
    assert owner.post("/api/me/second", {"password": "wrong wrong wrong"}).status == 403 and owner.get("/api/me").json()["second"] is False
    made = owner.post("/api/me/second", {"password": PASSWORD})
    secret = made.json()["secret"]
    assert made.status == 201 and f"secret={secret}" in made.json()["link"]
    again = Client(server).log_in("Astrid")  # not asked for yet
    assert owner.post("/api/me/second/confirm", {"code": "abcdef"}).status == 400
    recovery = owner.post("/api/me/second/confirm", {"code": app_code(secret)}).json()["recovery"]
    assert len(set(recovery)) == 10 and again.get("/api/me").json()["second"] is True
    assert owner.post("/api/me/second", {"password": PASSWORD}).status == 400
    login = lambda **more: Client(server).post("/api/login", {"name": "Astrid", "password": PASSWORD, **more})
    asked = login()
    assert asked.status == 401 and asked.code() == "code" and not asked.headers.get("Set-Cookie")
    wrong = Client(server).post("/api/login", {"name": "Astrid", "password": "wrong wrong wrong", "code": app_code(secret, 1)})
    assert wrong.code() == "login"  # nothing tells that the account has a second factor
    assert login(code="000000" if app_code(secret, 1) != "000000" else "000001").code() == "code"
    right = app_code(secret, 1)
    assert login(code=right).status == 204 and login(code=right).code() == "code"  # good for once
    assert login(code=recovery[0].lower()).status == 204 and login(code=recovery[0]).status in (401, 429)
    stored = [t for t, in server.sql("SELECT sha256 FROM recovery_code")]
    assert len(stored) == 9 and not any(r in str(stored) for r in recovery)
    server.stop()
    server = Server(verkan, w)  # tries that failed are forgotten with the server
    owner.server = server
    assert owner.post("/api/me/second/off", {"password": PASSWORD, "code": "123"}).status == 403
    assert owner.post("/api/me/second/off", {"password": PASSWORD, "code": recovery[1]}).status == 204
    Client(server).log_in("Astrid")
    server.stop()


@case
def behind_a_proxy_the_cookie_is_secure(w):
    server = Server(verkan, w, "--behind-proxy", "https://verkan.example.org")
    named = {"Host": "verkan.example.org", "Origin": "https://verkan.example.org"}
    client = Client(server)
    made = client.post("/api/setup", {"token": server.setup_token(), "name": "Astrid", "password": PASSWORD}, headers=named)
    assert made.status == 204 and "; Secure" in made.headers["Set-Cookie"] and made.headers["Set-Cookie"].startswith("__Host-verkan=")
    assert made.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert client.get("/api/me", headers=named).status == 200 and client.get("/api/me").status == 400
    assert client.get("/api/me", headers={**named, "Cookie": "verkan=" + client.cookie}).status == 401  # another page of the domain could set that
    http = {**named, "Origin": "http://verkan.example.org"}
    assert client.ask("PATCH", "/api/me", {"lang": "sv"}, headers=http).status == 403
    server.stop()


if __name__ == "__main__":
    main()
