#!/usr/bin/env python3
"""Leaks and decisions against the truth of simulated worlds: leaks.py VERKAN [FIRST [LAST [KIND...]]], 60 sellers and
104 weeks a world, seeds 501 to 505 unless said otherwise. Prints what doc/leaks.md says. About twelve seconds a world.

A leak is right where the team has a true fault at the moment, or a seller of it is truly not fine there."""
import json
import pathlib
import subprocess
import sys
import tempfile

verkan = str(pathlib.Path(sys.argv[1]).resolve())
first = int(sys.argv[2]) if len(sys.argv) > 2 else 501
last = int(sys.argv[3]) if len(sys.argv) > 3 else 505
kinds = sys.argv[4:] or ["mixed", "null", "activity", "noisy", "process", "market"]


def diagnosed(kind, seed, folder):
    subprocess.run([verkan, "simulate", kind, "--sellers", "60", "--weeks", "104", "--seed", str(seed), "-o",
                    f"{folder}/w"], check=True, capture_output=True)
    out = subprocess.run([verkan, "diagnose", f"{folder}/w", "--json"], check=True, capture_output=True).stdout
    return json.loads(out), json.loads(pathlib.Path(f"{folder}/w.truth.json").read_text(encoding="utf-8"))


for kind in kinds:
    told = right = worlds = found = faults = 0
    actions = {}
    for seed in range(first, last + 1):
        with tempfile.TemporaryDirectory(prefix="verkan-leaks-") as folder:
            document, truth = diagnosed(kind, seed, folder)
        team = {(t["team_id"], m) for t in truth["teams"] for m in t["faults"]}
        cells = team | {(s["team_id"], m["moment"]) for s in truth["sellers"] for m in s["moments"]
                        if m["verdict"] != "fine"}
        leaks = document["leaks"]
        told += len(leaks)
        right += sum((x["team_id"], x["moment"]) in cells for x in leaks)
        faults += len(team)
        found += len(team & {(x["team_id"], x["moment"]) for x in leaks if x["cause"] == "process"})
        worlds += 1
        for d in document["decisions"]:
            if d["action"] in ("train", "process", "nothing"):
                key = f"{d['action']}{'' if d['moment'] else ' all'} {d['verdict']}"
                actions[key] = actions.get(key, 0) + 1
    print(f"{kind:9} worlds {worlds} leaks {told}, of these true {right}; faulty teams {faults}, told as process {found};",
          ", ".join(f"{k} {n}" for k, n in sorted(actions.items())), flush=True)
