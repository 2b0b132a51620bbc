#!/usr/bin/env python3
"""tryton_live.py VERKAN SAMPLES (by tests/sql/with_postgres.py): Debian's Tryton is set up on a
PostgreSQL of its own, filled by its own code with deals of samples/expected, and read directly from
its database: names, amounts, outcomes, and each change of state with its time."""
import csv
import datetime
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zoneinfo

STATES = {"Kvalificering": "lead", "Behovsanalys": "opportunity", "Offert": "opportunity",
          "Förhandling": "converted", "Vunnen": "won", "Förlorad": "lost"}
HERE = zoneinfo.ZoneInfo("Europe/Stockholm")

# Runs inside Debian's own Python: makes the deals by Tryton's models, then gives each row of its
# history the time that the deal's event had.
FILL = r"""
import csv, decimal, datetime, sys
from trytond.config import config
config.update_etc(sys.argv[1])
from trytond.pool import Pool
from trytond.transaction import Transaction
import json
deals = json.load(open(sys.argv[2]))
Pool.start()
pool = Pool("tryton")
pool.init()
with Transaction().start("tryton", 1) as t:
    Party, Currency = pool.get("party.party"), pool.get("currency.currency")
    Company, Employee = pool.get("company.company"), pool.get("company.employee")
    Deal = pool.get("sale.opportunity")
    money, = Currency.create([{"name": "Krona", "symbol": "kr", "code": "SEK"}])
    own, = Party.create([{"name": "Norrkvist Verktyg AB"}])
    company, = Company.create([{"party": own.id, "currency": money.id}])
    made = {}
    def party(name):
        if name not in made:
            made[name], = Party.create([{"name": name}])
        return made[name]
    sellers = {}
    with t.set_context(company=company.id):
        for d in deals:
            if d["owner"] not in sellers:
                sellers[d["owner"]], = Employee.create([{"party": party(d["owner"]).id, "company": company.id}])
            o, = Deal.create([{"party": party(d["account"]).id, "company": company.id,
                               "employee": sellers[d["owner"]].id, "description": d["name"],
                               "amount": decimal.Decimal(d["amount"]), "state": d["steps"][0][0],
                               "start_date": datetime.date.fromisoformat(d["created"][:10])}])
            for state, _ in d["steps"][1:]:
                Deal.write([o], {"state": state})
            d["id"] = o.id
    cursor = t.connection.cursor()
    for d in deals:
        cursor.execute("SELECT __id FROM sale_opportunity__history WHERE id = %s ORDER BY __id", [d["id"]])
        rows = [r[0] for r in cursor.fetchall()]
        assert len(rows) == len(d["steps"]), (rows, d)
        for k, (row, (_, at)) in enumerate(zip(rows, d["steps"])):
            cursor.execute("UPDATE sale_opportunity__history SET create_date = %s, write_date = %s WHERE __id = %s",
                           [d["created"], at if k else None, row])
        cursor.execute("UPDATE sale_opportunity SET create_date = %s, write_date = %s WHERE id = %s",
                       [d["created"], d["steps"][-1][1], d["id"]])
"""


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def naive(utc):
    return utc.replace("Z", "").replace("T", " ")


def local(utc):
    at = datetime.datetime.fromisoformat(utc.replace("Z", "+00:00")).astimezone(HERE)
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def expected(samples):
    """Deals in kronor, with their states: two stages of one state in a row are one."""
    deals = []
    for d in table(f"{samples}/expected/deals.csv"):
        steps = []
        for e in table(f"{samples}/expected/stage_events.csv"):
            state = STATES[e["to_stage"]]
            if e["deal_key"] == d["deal_key"] and (not steps or steps[-1][0] != state):
                steps.append((state, e["at_utc"]))
        if d["currency"] == "SEK":
            deals.append({**d, "steps": steps})
    return deals


def set_up(top, info, deals):
    import json
    keys = dict(re.findall(r"(\w+)=(\S+)", info))
    env = {**os.environ, "PGHOST": keys["host"], "PGUSER": keys["user"],
           "TRYTONPASSFILE": f"{top}/password"}
    with open(f"{top}/password", "w") as f:
        f.write("hemligt-och-langt-9\n")
    with open(f"{top}/conf", "w") as f:
        f.write("[database]\nuri = postgresql:///\n")
    with open(f"{top}/deals.json", "w") as f:
        json.dump([{**d, "created": naive(d["created_at_utc"]),
                    "steps": [(s, naive(at)) for s, at in d["steps"]]} for d in deals], f)
    with open(f"{top}/fill.py", "w") as f:
        f.write(FILL)
    quiet = {"env": env, "check": True, "capture_output": True, "text": True}
    subprocess.run(["createdb", "tryton"], **quiet)
    subprocess.run(["trytond-admin", "-c", f"{top}/conf", "-d", "tryton", "-u", "sale_opportunity",
                    "--activate-dependencies", "--email", "a@example.se"], **quiet)
    subprocess.run(["/usr/bin/python3", f"{top}/fill.py", f"{top}/conf", f"{top}/deals.json"], **quiet)
    return f"postgresql://{keys['user']}@/tryton?host={keys['host']}"


def check(verkan, top, address, deals):
    done = subprocess.run([verkan, "import", "-w", f"{top}/w", address, "--source", "tryton"],
                          capture_output=True, text=True)
    if done.returncode:
        return [f"exit {done.returncode}: {done.stdout + done.stderr}"]
    subprocess.run([verkan, "export", "-w", f"{top}/w", "-o", f"{top}/x"], check=True,
                   capture_output=True)
    wrong = []
    rows = {r["name"]: r for r in table(f"{top}/x/deals.csv")}
    events = table(f"{top}/x/stage_events.csv")
    names = {r["seller_id"]: r.get("name") or r["seller_id"] for r in table(f"{top}/x/sellers.csv")}
    if set(rows) != {d["name"] for d in deals}:
        wrong.append(f"deals {sorted(rows)}")
    for d in deals:
        r = rows.get(d["name"])
        if not r:
            continue
        have = (float(r["amount"]), r["currency"], r["outcome"], names.get(r["seller_id"]))
        want = (float(d["amount"]), "SEK", d["status"], d["owner"])
        if have != want:
            wrong.append(f"{d['name']}: {have}, not {want}")
        have = sorted((e["entered_at"].replace(" ", "T")[:19], e["stage"]) for e in events
                      if e["deal_id"] == r["deal_id"])
        want = sorted((local(at), state) for state, at in d["steps"])
        if have != want:
            wrong.append(f"{d['name']}: {have}, not {want}")
    return wrong


def main():
    verkan, samples = sys.argv[1:3]
    info = os.environ.get("VERKAN_TEST_POSTGRES", "!no PostgreSQL")
    if info.startswith("!") or not shutil.which("trytond-admin") or not os.path.isdir(samples):
        print("1..0 # SKIP", info[1:] if info.startswith("!") else "Tryton or the samples are not here")
        return 0
    print("1..2", flush=True)
    deals = expected(samples)
    with tempfile.TemporaryDirectory() as top:
        try:
            address = set_up(top, info, deals)
        except subprocess.CalledProcessError as e:
            print("\n".join("# " + line for line in (e.stderr or "").splitlines()[-12:]))
            print("not ok 1 - Tryton is set up and filled\nnot ok 2 - its database is read")
            return 1
        wrong = check(verkan, top, address, deals)
        for line in wrong[:10]:
            print("# " + line)
        print(f"{'not ' if wrong else ''}ok 1 - its deals, amounts, outcomes and histories come whole")
        bare = subprocess.run([verkan, "import", "-w", f"{top}/v", address], capture_output=True, text=True)
        fine = bare.returncode == 3 and "--source tryton" in bare.stderr
        print(f"{'' if fine else 'not '}ok 2 - a database is asked of only when it is said whose it is")
        return bool(wrong) or not fine


if __name__ == "__main__":
    sys.exit(main())
