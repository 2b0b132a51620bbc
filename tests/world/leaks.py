#!/usr/bin/env python3
"""Leaks and decisions where the truth is known, small: leaks.py VERKAN. Speaks TAP. bench/leaks.py has the
figures of doc/leaks.md."""
import json
import pathlib
import subprocess
import sys
import tempfile

import score
import tap

verkan = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="verkan-leaks-"))


def world(kind, seed):
    folder = work / f"{kind}-{seed}"
    subprocess.run([verkan, "simulate", kind, "--sellers", "60", "--weeks", "104", "--seed", str(seed), "-o", folder],
                   check=True, capture_output=True)
    out = subprocess.run([verkan, "diagnose", folder, "--json"], check=True, capture_output=True).stdout
    return json.loads(out), score.read(f"{folder}.truth.json")


def tells_no_leak_where_no_seller_differs():
    document, _ = world("null", 921)
    assert document["method"]["leaks_tried"] > 20 and document["leaks"] == []
    right = [d["action"] for d in document["decisions"] if d["verdict"] == "right"]
    train = [d for d in document["decisions"] if d["action"] == "train"]
    assert right == ["nothing"] and [d["verdict"] for d in train] == ["wrong"], document["decisions"]


def names_the_team_whose_way_of_working_is_at_fault_and_not_its_training():
    document, truth = world("process", 922)
    faults = {(t["team_id"], m) for t in truth["teams"] for m in t["faults"]}
    dearest = document["leaks"][0]
    print("#", faults, [(x["team_id"], x["moment"], x["cause"], round(x["probability"], 2)) for x in document["leaks"]])
    assert faults and (dearest["team_id"], dearest["moment"]) in faults and dearest["cause"] == "process"
    said = {(d["action"], d["target"], d["moment"]): d for d in document["decisions"]}
    there = (dearest["team_id"], dearest["moment"])
    assert said[("process", *there)]["verdict"] == "right" and said[("train", *there)]["verdict"] == "wrong"


def leaks_lie_where_sellers_fall_short_and_do_not_overlap():
    document, truth = world("mixed", 923)
    cells = {(t["team_id"], m) for t in truth["teams"] for m in t["faults"]}
    cells |= {(s["team_id"], m["moment"]) for s in truth["sellers"] for m in s["moments"] if m["verdict"] != "fine"}
    leaks = document["leaks"]
    print("#", [(x["team_id"], x["moment"], x["cause"], x["short"], round(x["probability"], 2)) for x in leaks])
    assert len(leaks) >= 3 and all((x["team_id"], x["moment"]) in cells for x in leaks[:3])
    assert all(abs(sum(x["causes"].values()) - 1) < 1e-6 for x in leaks)
    assert sum(1 - x["probability"] for x in leaks) <= 0.1 * len(leaks)
    whole = sum(x["value_per_year"]["mean"] for x in leaks)
    assert whole < document["what_if"]["fix:next_step"]["present"]["mean"]
    assert leaks == sorted(leaks, key=lambda x: -x["value_per_year"]["mean"])


tap.run([tells_no_leak_where_no_seller_differs,
         names_the_team_whose_way_of_working_is_at_fault_and_not_its_training,
         leaks_lie_where_sellers_fall_short_and_do_not_overlap], work)
