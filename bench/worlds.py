#!/usr/bin/env python3
"""Verdicts against the truth of simulated worlds: worlds.py VERKAN [FIRST [LAST [KIND...]]], 60 sellers and 104
weeks a world, seeds 401 to 410 of every kind unless said otherwise, pooled by kind. Prints the table of
doc/moments.md. About ten seconds a world."""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "world"))
import score  # noqa: E402

verkan = str(pathlib.Path(sys.argv[1]).resolve())
first = int(sys.argv[2]) if len(sys.argv) > 2 else 401
last = int(sys.argv[3]) if len(sys.argv) > 3 else 410
kinds = sys.argv[4:] or ["mixed", "null", "activity", "noisy", "logging", "process", "market"]


def diagnosed(kind, seed, folder):
    subprocess.run([verkan, "simulate", kind, "--sellers", "60", "--weeks", "104", "--seed", str(seed), "-o",
                    f"{folder}/w"], check=True, capture_output=True)
    out = subprocess.run([verkan, "diagnose", f"{folder}/w", "--json"], check=True, capture_output=True).stdout
    return json.loads(out), score.read(f"{folder}/w.truth.json")


def named(document, truth):
    """Whether the faulty teams and the broken segment are named, and how many that are not are."""
    teams = {(p["team_id"], p["moment"]) for p in document["process"] if p["probability"] >= score.SURE}
    segments = {m["segment"] for m in document["market"] if m["probability"] >= score.SURE}
    true_teams = {(t["team_id"], m) for t in truth["teams"] for m in t["faults"]}
    true_segments = {m["segment"] for m in truth["market"]}
    return true_teams <= teams and true_segments <= segments, bool(teams - true_teams or segments - true_segments)


for kind in kinds:
    rows, right, false = [], 0, 0
    for seed in range(first, last + 1):
        with tempfile.TemporaryDirectory(prefix="verkan-worlds-") as folder:
            document, truth = diagnosed(kind, seed, folder)
        rows += score.rows(document, truth)
        is_named, is_false = named(document, truth)
        right += is_named
        false += is_false
    print(score.report(kind, rows), f"beyond sellers: named in {right}, false in {false} of {last - first + 1}",
          flush=True)
