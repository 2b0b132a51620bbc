#!/usr/bin/env python3
"""Swaps of deals against the truth: redeploy.py VERKAN [KIND [FIRST [LAST [DIR]]]], 24 sellers, 104 weeks. Who is
named, and what all swaps are worth together beside the re-simulated swap of all who truly should. Prints the
figures of doc/decisions.md. Some ten seconds a world."""
import json
import pathlib
import subprocess
import sys
import tempfile

verkan = str(pathlib.Path(sys.argv[1]).resolve())
kind = sys.argv[2] if len(sys.argv) > 2 else "mixed"
first = int(sys.argv[3]) if len(sys.argv) > 3 else 711
last = int(sys.argv[4]) if len(sys.argv) > 4 else 720
work = pathlib.Path(sys.argv[5] if len(sys.argv) > 5 else tempfile.mkdtemp(prefix="verkan-redeploy-"))
named = {"gives": [0, 0], "takes": [0, 0]}
priced, true, should, worse = 0, 0, 0, 0


def complex_alone(moment):
    return moment["complex"] == "competence" and moment["simple"] == "fine"


for seed in range(first, last + 1):
    folder = work / f"{kind}{seed}"
    if not folder.exists():
        subprocess.run([verkan, "simulate", kind, "--seed", str(seed), "--value", "20", "-o", folder], check=True,
                       capture_output=True)
    truth = json.loads(pathlib.Path(f"{folder}.truth.json").read_text())
    sellers = {s["seller_id"]: {m["moment"]: {x["situation"]: x["verdict"] for x in m.get("situations", [])} for m in s["moments"]}
               for s in truth["sellers"]}
    out = subprocess.run([verkan, "diagnose", folder, "--json"], check=True, capture_output=True).stdout
    document = json.loads(out)
    share = document["method"]["actions"]["redeploy"]["effect"] * document["method"]["actions"]["margin"]
    of = truth["value"]["redeploy"]
    gained, line = 0, []
    for d in document["decisions"]:
        if d["action"] != "redeploy":
            continue
        gained += (d["value"]["mean"] + d["cost"]) / share
        for s in d["swap"]["sellers"]:
            at = sellers[s["seller_id"]]
            good = (complex_alone(at[s["moment"]]) if s["part"] == "gives" else
                    all(m["complex"] == "fine" for m in at.values() if m))
            named[s["part"]][0] += good
            named[s["part"]][1] += 1
            line.append(f"{s['seller_id']} {s['part']} {s['moment']}{'' if good else ' X ' + at[s['moment']]['complex']}")
    should += sum(any(complex_alone(m) for m in at.values() if m) for at in sellers.values())
    priced += gained
    true += of["mean"]
    worse += gained > 0 and of["mean"] < 0
    print(seed, f"truth {of['mean'] / 1e6:.2f} M (se {of['se'] / 1e6:.2f}), priced {gained / 1e6:.2f} M |", "; ".join(line), flush=True)
print(f"{kind} {first}-{last}: named to give {named['gives'][1]}, right {named['gives'][0]}, of {should} who should;"
      f" to take {named['takes'][1]}, right {named['takes'][0]}; priced {priced / 1e6:.1f} M, truth of all {true / 1e6:.1f} M;"
      f" a swap told where the truth is a loss: {worse}")
