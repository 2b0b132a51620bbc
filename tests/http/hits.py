#!/usr/bin/env python3
"""Whether the chances were right that were told, as the server counts it: hits.py VERKAN ROOT. Speaks TAP.

The oracle is the result documents that the program gave and the table of deals that was read in, counted here again."""
import csv
import json
import math

from client import Client, Server
from story import case, main, run, serve, tiny, verkan

BACK = ["2026-06-07", "2026-07-19"]  # days on which the made organisation is looked at; its data end in November


def chances(document):
    return {d["deal_id"]: d["p_win"] * (1 if d["p_alive"] is None else d["p_alive"]) for d in document["open_deals"] if d["p_win"] is not None}


def closing(w, deals, outcome):
    """Reads in that these deals of the few rows are closed."""
    more = w.parent / f"later-{outcome}"
    more.mkdir(exist_ok=True)
    lines = list(csv.DictReader(open(tiny / "deals.csv", encoding="utf-8")))
    with open(more / "deals.csv", "w", encoding="utf-8") as f:
        out = csv.DictWriter(f, lines[0].keys())
        out.writeheader()
        out.writerows({**row, "outcome": outcome, "closed_at": "2026-05-30"} for row in lines if row["deal_id"] in deals)
    run("import", more, "-w", w)


@case
def nothing_is_told_before_something_is_diagnosed(w):
    server, owner = serve(w, diagnosed=False)
    got = owner.get("/api/hits")
    assert got.status == 404 and got.code() == "no_result", got.body
    server.stop()


@case
def of_few_deals_nothing_is_told(w):
    server, owner = serve(w)
    told = sorted(chances(json.loads(run("diagnose", "--json", "-w", w))))
    assert len(told) > 5, told
    plain = {"closed": 0, "won": None, "expected": None, "lo": None, "hi": None, "closer": None}
    got = owner.get("/api/hits").json()
    assert {k: got[k] for k in plain} == plain and got["told"] == len(told) and not got["few"] and got["bands"] == [], got
    closing(w, told[:4], "won")
    got = owner.get("/api/hits").json()
    assert {k: got[k] for k in plain} == plain and got["few"] and got["bands"] == [] and got["diagnoses"][0]["few"], got
    closing(w, told[4:5], "lost")
    got = owner.get("/api/hits").json()
    assert (got["closed"], got["won"], got["few"]) == (got["least"], 4, False) and len(got["bands"]) == 1, got
    assert got["bands"][0]["from"] == 0 and got["bands"][0]["told"] == len(told), got
    server.stop()


def near(a, b):
    return abs(a - b) < 1e-6 * max(1, abs(b))


def agrees(got, deals, outcome):
    """A count of the server's against chances and outcomes."""
    closed = {d: p for d, p in deals.items() if outcome[d] in ("won", "lost")}
    won = sum(outcome[d] == "won" for d in closed)
    expected, apart = sum(closed.values()), 1.6448536269514722 * math.sqrt(sum(p * (1 - p) for p in closed.values()))
    assert (got["told"], got["closed"], got["won"]) == (len(deals), len(closed), won), (got, len(deals), len(closed), won)
    assert near(got["expected"], expected) and near(got["lo"], max(expected - apart, 0)) and near(got["hi"], min(expected + apart, len(closed))), got


@case
def every_deal_counts_once_and_every_diagnosis_by_itself(w):
    data, made = w / "data", w / "made"
    run("simulate", "mixed", "--sellers", "12", "--weeks", "52", "--seed", "7", "-o", data)
    outcome = {row["deal_id"]: row["outcome"] for row in csv.DictReader(open(data / "deals.csv", encoding="utf-8"))}
    run("import", data, "-w", made)
    told = [chances(json.loads(run("diagnose", "--json", "--as-of", day, "-w", made))) for day in BACK]
    told.append(chances(json.loads(run("diagnose", "--json", "-w", made))))
    server = Server(verkan, made)
    owner = Client(server).set_up(server.setup_token())
    answer = owner.get("/api/hits")
    got = answer.json()
    once = {}
    for one in told:
        for deal, p in one.items():
            once.setdefault(deal, p)
    shared = set(told[0]) & set(told[1])
    assert len(shared) > 20 and any(told[0][d] != told[1][d] for d in shared)
    agrees(got, once, outcome)
    closed = {d: p for d, p in once.items() if outcome[d] != "open"}
    share = sum(outcome[d] == "won" for d in closed) / len(closed)
    brier = sum((p - (outcome[d] == "won")) ** 2 for d, p in closed.items()) / len(closed)
    assert got["closer"] == (brier < share * (1 - share))
    assert [x["as_of"] for x in got["diagnoses"]][1:] == BACK[::-1] and got["diagnoses"][0]["closed"] == 0
    for one, x in zip(told[:2], got["diagnoses"][:0:-1]):
        agrees(x, one, outcome)
    bands = got["bands"]
    assert len(bands) > 2 and bands[0]["from"] == 0 and all(a["to"] == b["from"] for a, b in zip(bands, bands[1:])) and bands[-1]["to"] == 1, bands
    for band in bands:
        assert band["closed"] >= got["least"]
        agrees(band, {d: p for d, p in once.items() if band["from"] <= p < band["to"] or p == band["to"] == 1}, outcome)
    # it is kept, and the same for all who read results; what is new makes it anew
    again = owner.get("/api/hits", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304, again.status
    rep = owner.invite("Eva", "representative")
    assert rep.get("/api/hits").body == answer.body and owner.invite("Adm", "administrator").get("/api/hits").status == 403
    run("diagnose", "--as-of", "2026-09-06", "-w", made)
    assert len(owner.get("/api/hits").json()["diagnoses"]) == 4
    server.stop()


if __name__ == "__main__":
    main()
