#!/usr/bin/env python3
"""caldav_live.py VERKAN: calendars served by Radicale on this machine are read over CalDAV: by the
address of one, of the folder and of the user; with the right password only."""
import base64
import csv
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

VERKAN = sys.argv[1]
EVENT = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//test//EN\r
BEGIN:VEVENT\r
UID:{uid}\r
DTSTAMP:20260101T000000Z\r
DTSTART;TZID=Europe/Stockholm:202603{day:02}T083000\r
DTEND;TZID=Europe/Stockholm:202603{day:02}T093000\r
{more}SUMMARY:{title}\r
END:VEVENT\r
END:VCALENDAR\r
"""


def request(url, method, body=None, kind="text/calendar"):
    r = urllib.request.Request(url, body and body.encode(), {"Content-Type": kind}, method=method)
    r.add_header("Authorization", "Basic " + base64.b64encode(b"anna:hemligt").decode())
    return urllib.request.urlopen(r, timeout=10).status


def serve(top):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    with open(f"{top}/users", "w") as f:
        f.write("anna:hemligt\n")
    with open(f"{top}/config", "w") as f:
        f.write(f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\n"
                f"htpasswd_filename = {top}/users\nhtpasswd_encryption = plain\n"
                f"[storage]\nfilesystem_folder = {top}/storage\n")
    server = subprocess.Popen(["radicale", "--config", f"{top}/config"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server, port
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise SystemExit("radicale does not answer")


def fill(base):
    for name, days in [("arbete", range(2, 7)), ("annat", [9])]:
        request(f"{base}/anna/{name}/", "MKCALENDAR",
                '<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" '
                'xmlns:C="urn:ietf:params:xml:ns:caldav"/>', "application/xml")
        for day in days:
            request(f"{base}/anna/{name}/{day}.ics", "PUT",
                    EVENT.format(uid=f"{name}{day}", day=day, title="Kundmöte",
                                 more="RRULE:FREQ=DAILY;COUNT=3\r\n" if day == 6 else ""))


def bring(top, address):
    work = tempfile.mkdtemp(dir=top)
    done = subprocess.run([VERKAN, "import", "-w", f"{work}/w", address], capture_output=True,
                          text=True)
    subprocess.run([VERKAN, "export", "-w", f"{work}/w", "-o", f"{work}/x"], capture_output=True)
    path, rows = f"{work}/x/calendar.csv", []
    if os.path.exists(path):
        with open(path, newline="") as f:
            rows = list(csv.DictReader(f))
    return done.returncode, done.stdout + done.stderr, rows


def main():
    if not shutil.which("radicale"):
        print("1..0 # SKIP radicale is not installed")
        return 0
    bad = []
    with tempfile.TemporaryDirectory() as top:
        server, port = serve(top)
        try:
            fill(f"http://127.0.0.1:{port}")
            at = f"127.0.0.1:{port}"
            mine = f"caldav+http://anna:hemligt@{at}"
            # five single events, the last a series of three; and one in the other calendar
            for name, address, n in [("one calendar", f"{mine}/anna/arbete/", 7),
                                     ("a folder of calendars", f"{mine}/anna/", 8)]:
                code, said, rows = bring(top, address)
                fine = (code == 0 and len(rows) == n and {r["seller_id"] for r in rows} == {"anna"}
                        and {r["category"] for r in rows} == {"customer"}
                        and min(r["starts_at"] for r in rows) == "2026-03-02T08:30:00"
                        and "hemligt" not in said)
                bad.append((name, fine, f"{code} {len(rows)} rows\n{said}"))
            code, said, _ = bring(top, f"caldav+http://anna:fel@{at}/anna/arbete/")
            bad.append(("a wrong password", code == 3 and "user or password" in said and
                        ":fel@" not in said, said))
            code, said, _ = bring(top, f"{mine}/anna/saknas/")
            bad.append(("an address of nothing", code == 3 and "404" in said, said))
        finally:
            server.terminate()
            server.wait()
        code, said, _ = bring(top, f"caldav+http://{at}/anna/")
        bad.append(("a server that is not there", code == 1 and "could not get" in said, said))
    print(f"1..{len(bad)}")
    for i, (name, fine, said) in enumerate(bad, 1):
        if not fine:
            print("\n".join("# " + line for line in said.splitlines()))
        print(f"{'' if fine else 'not '}ok {i} - {name}")
    return any(not fine for _, fine, _ in bad)


if __name__ == "__main__":
    sys.exit(main())
