"""Null worlds in which the sellers who agreed next steps least often for half a year get a training that does
nothing: what looks like an effect is regression to the mean."""
import csv
import datetime
import json
import subprocess

CHOSEN, BEFORE, GAP = 12, 26, 4  # sellers; weeks looked at, and from them to the start


def rows(folder, table):
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as f:
        yield from csv.DictReader(f)


def lowest(folder, start):
    """Who agreed a next step after the smallest share of meetings in the weeks that are looked at."""
    at = datetime.datetime.fromisoformat
    until = start - datetime.timedelta(weeks=GAP)
    since = until - datetime.timedelta(weeks=BEFORE)
    steps = {}
    for step in rows(folder, "next_steps"):
        steps.setdefault(step["deal_id"], []).append(at(step["created_at"]))
    met, agreed = {}, {}
    for a in rows(folder, "activities"):
        if a["kind"] not in ("meeting", "demo") or a["outcome"] != "held" or not a["deal_id"]:
            continue
        when = at(a["started_at"])
        if since <= when < until:
            seller = a["seller_id"]
            met[seller] = met.get(seller, 0) + 1
            agreed[seller] = agreed.get(seller, 0) + any(
                datetime.timedelta(0) <= s - when <= datetime.timedelta(days=2) for s in steps.get(a["deal_id"], []))
    enough = [s for s in met if met[s] >= 20]
    return sorted(enough, key=lambda s: agreed[s] / met[s])[:CHOSEN]


def followed(verkan, seed, folder):
    """Rows of follow_up that could be evaluated."""
    subprocess.run([verkan, "simulate", "null", "--sellers", "60", "--weeks", "104", "--seed", str(seed), "-o",
                    folder / "w"], check=True, capture_output=True)
    firsts = min(a["started_at"] for a in rows(folder / "w", "activities"))
    start = datetime.datetime.fromisoformat(firsts[:10]) + datetime.timedelta(weeks=52)
    with open(folder / "w" / "interventions.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["intervention_id", "kind", "moment", "seller_id", "started_on", "ended_on"])
        for n, seller in enumerate(lowest(folder / "w", start)):
            out.writerow([f"R{n}", "training", "next_step", seller, start.date(),
                          (start + datetime.timedelta(weeks=2)).date()])
    out = subprocess.run([verkan, "diagnose", folder / "w", "--json"], check=True, capture_output=True).stdout
    return [f for f in json.loads(out)["follow_up"] if f["evaluable"]]
