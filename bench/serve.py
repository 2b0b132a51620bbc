#!/usr/bin/env python3
"""A warm result under load, with and without slow connections: bench/serve.py VERKAN FOLDER. Needs hey.

FOLDER is an organisation as `verkan simulate` makes it. Rounds without and with 2,000 connections that send a header byte by byte follow
each other in one run, so that the machine's other work falls on both."""
import os
import pathlib
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/http"))
from client import Client, Server, run  # noqa: E402

SLOW, ROUNDS = 2000, 3


def load(server, owner):
    out = subprocess.run(["hey", "-c", "40", "-q", "50", "-z", "10s", "-disable-compression", "-H", "Cookie: verkan=" + owner.cookie, "-H",
                          "Accept-Encoding: gzip", "-host", server.host, f"http://{server.host}/api/result"],
                         capture_output=True, text=True, check=True).stdout
    assert re.findall(r"\[(\d{3})\]", out.split("Status code")[1]) == ["200"], out
    at = lambda share: 1000 * float(re.search(rf"{share}% in ([\d.]+) secs", out).group(1))
    return float(re.search(r"Requests/sec:\s*([\d.]+)", out).group(1)), at(50), at(99)


def resident(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s*(\d+)", status).group(1)) / 1024


class Slow:
    """Connections that send one byte in five seconds each, and are made again when the server has had enough of them."""

    def __init__(self, port):
        self.port, self.stop = port, False
        self.open = [self.connect() for _ in range(SLOW)]
        self.thread = threading.Thread(target=self.drip)
        self.thread.start()

    def connect(self):
        s = socket.create_connection(("127.0.0.1", self.port))
        s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        return s

    def drip(self):
        at = 0
        while not self.stop:
            for _ in range(SLOW // 50):
                try:
                    self.open[at].sendall(b"a")
                except OSError:
                    self.open[at].close()
                    self.open[at] = self.connect()
                at = (at + 1) % SLOW
            time.sleep(0.1)

    def end(self):
        self.stop = True
        self.thread.join()
        for s in self.open:
            s.close()


def main():
    verkan, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    resource.setrlimit(resource.RLIMIT_NOFILE, (SLOW + 500, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory() as top:
        w = pathlib.Path(top) / "w"
        run(verkan, "import", folder, "-w", w)
        run(verkan, "diagnose", "-w", w)
        settings = pathlib.Path(w) / "verkan.toml"
        settings.write_text(settings.read_text().replace("requests_a_minute = 1200", "requests_a_minute = 10000000"))
        server = Server(verkan, w)
        owner = Client(server).set_up(server.setup_token())
        size = len(owner.get("/api/result").body), len(owner.get("/api/result", headers={"Accept-Encoding": "gzip"}).body)
        print(f"result: {size[0]} bytes, {size[1]} gzipped; at rest {resident(server):.0f} MiB")
        got = {"alone": [], "beside slow": []}
        for _ in range(ROUNDS):
            got["alone"].append(load(server, owner))
            slow = Slow(server.port)
            got["beside slow"].append(load(server, owner))
            print(f"with {SLOW} slow connections {resident(server):.0f} MiB", flush=True)
            slow.end()
        for name, rows in got.items():
            rate, p50, p99 = (statistics.median(r[i] for r in rows) for i in range(3))
            print(f"{name}: {rate:.0f} requests/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms (rounds: {', '.join(f'{r[2]:.1f}' for r in rows)})")
        server.stop()


if __name__ == "__main__":
    main()
