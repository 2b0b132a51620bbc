"""A `verkan serve` of its own and a small client, for the tests of the server."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import traceback

PASSWORD = "korrekt hast batteri"


alive = []  # every server that was started: a case that fails leaves none running


class Server:
    """Serves the workspace on a port that is free; `env` is added to a bare environment."""

    def __init__(self, verkan, workspace, *options, env=None):
        self.workspace = workspace
        self.process = subprocess.Popen([verkan, "serve", "-w", str(workspace), "--listen", "127.0.0.1:0", *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env={"PATH": os.environ["PATH"], "LANG": "C", **(env or {})})
        alive.append(self.process)
        first = self.process.stdout.readline()
        assert "served on" in first, first + self.process.stderr.read()
        self.port = int(re.search(r"127.0.0.1:(\d+)", first).group(1))
        self.host = f"127.0.0.1:{self.port}"

    def setup_token(self):
        self.process.stdout.readline()
        return re.search(r"token=([0-9a-f]+)", self.process.stdout.readline()).group(1)

    def stop(self, how=signal.SIGTERM):
        """Ends it; gives what it said on its standard error."""
        self.process.send_signal(how)
        said = self.process.communicate(timeout=60)[1]
        if how == signal.SIGTERM:
            assert self.process.returncode == 0, (self.process.returncode, said)
        return said

    def sql(self, statement, *values):
        db = sqlite3.connect(self.workspace / "records.db", timeout=30)
        try:
            found = db.execute(statement, values).fetchall()
            db.commit()
            return found
        finally:
            db.close()


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def code(self):
        return self.json()["error"]["code"]


class Client:
    """One browser: keeps its cookie, and says what browsers say."""

    def __init__(self, server):
        self.server, self.cookie, self.jar = server, None, "verkan"

    def ask(self, method, path, body=None, headers=None, raw=None, bare=False):
        """`headers`: added, or taken out where None. `bare`: without what a browser adds by itself."""
        sent = {} if bare else {"Sec-Fetch-Site": "same-origin", "Origin": "http://" + self.server.host}
        if self.cookie:
            sent["Cookie"] = self.jar + "=" + self.cookie
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            host = sent.pop("Host", self.server.host)
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in [("Host", host), *sent.items()]:
                for one in value if isinstance(value, list) else [value]:
                    if one is not None:
                        connection.putheader(name, one)
            if data is not None and "Content-Length" not in sent:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        cookie = answer.headers.get("Set-Cookie")
        if cookie:
            self.jar, self.cookie = re.match(r"((?:__Host-)?verkan)=([0-9a-f]*)", cookie).groups()
            self.cookie = self.cookie or None
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, {} if body is None else body, **more)

    def set_up(self, token, name="Astrid", password=PASSWORD):
        answer = self.post("/api/setup", {"token": token, "name": name, "password": password})
        assert answer.status == 204, (answer.status, answer.body)
        return self

    def log_in(self, name, password=PASSWORD):
        answer = self.post("/api/login", {"name": name, "password": password})
        assert answer.status == 204, (answer.status, answer.body)
        return self

    def invite(self, name, role, **more):
        """A client that is logged in as a new account."""
        made = self.post("/api/users", {"name": name, "role": role, **more})
        assert made.status == 201, (made.status, made.body)
        guest = Client(self.server)
        token = made.json()["link"].split("token=")[1]
        answer = guest.post("/api/setup", {"token": token, "password": PASSWORD})
        assert answer.status == 204, (answer.status, answer.body)
        guest.id = made.json()["id"]
        return guest

    def wait_for(self, job):
        """The job when it has ended. The job itself says when; there is no time here."""
        while True:
            got = self.get(f"/api/jobs/{job}").json()
            if got["state"] not in ("queued", "running"):
                return got
            time.sleep(0.05)


def run(verkan, *words, code=0):
    done = subprocess.run([verkan, *map(str, words)], capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "LANG": "C"}, timeout=300)
    assert done.returncode == code, f"exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def main(cases):
    """Runs each case in a folder of its own; speaks TAP."""
    print(f"1..{len(cases)}")
    failed = 0
    for number, f in enumerate(cases, 1):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="verkan-http-"))
        try:
            f(folder / "w")
            print(f"ok {number} - {f.__name__}", flush=True)
        except Exception as error:
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("#", line)
            print(f"not ok {number} - {f.__name__}: {error!r}"[:300].replace("\n", " "), flush=True)
        finally:
            for process in alive:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            alive.clear()
            shutil.rmtree(folder, ignore_errors=True)
    return failed > 0
