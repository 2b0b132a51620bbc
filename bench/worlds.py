#!/usr/bin/env python3
"""Verdicts against the truth of simulated worlds: worlds.py VERKAN [FIRST [LAST [KIND...]]] [--data WHICH], 60
sellers and 104 weeks a world, seeds 401 to 410 of every kind unless said otherwise, pooled by kind. WHICH takes data
away: half, quarter (of the weeks), no_calendar, no_assessments, no_next_steps, no_behaviour (nothing but deals and
their stages). Prints the tables of doc/moments.md. About ten seconds a world."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "world"))
import score  # noqa: E402

TAKEN = {"no_calendar": ["calendar"], "no_assessments": ["assessments"], "no_next_steps": ["next_steps"],
         "no_behaviour": ["activities", "calendar", "assessments", "next_steps", "moments", "contact_roles"]}
WEEKS = {"half": 52, "quarter": 26}

parser = argparse.ArgumentParser()
parser.add_argument("verkan")
parser.add_argument("first", nargs="?", type=int, default=401)
parser.add_argument("last", nargs="?", type=int, default=410)
parser.add_argument("kind", nargs="*",
                    default=["mixed", "null", "activity", "noisy", "logging", "process", "market"])
parser.add_argument("--data", choices=["whole", *WEEKS, *TAKEN], default="whole")
args = parser.parse_args()
verkan, first, last = str(pathlib.Path(args.verkan).resolve()), args.first, args.last


def diagnosed(kind, seed, folder):
    subprocess.run([verkan, "simulate", kind, "--sellers", "60", "--weeks", str(WEEKS.get(args.data, 104)), "--seed",
                    str(seed), "-o", f"{folder}/w"], check=True, capture_output=True)
    for table in TAKEN.get(args.data, []):
        pathlib.Path(f"{folder}/w/{table}.csv").unlink()
    out = subprocess.run([verkan, "diagnose", f"{folder}/w", "--json"], check=True, capture_output=True).stdout
    return json.loads(out), score.read(f"{folder}/w.truth.json")


def named(document, truth):
    """Whether the faulty teams and the broken segment are named, and how many that are not are."""
    teams = {(p["team_id"], p["moment"]) for p in document["process"] if p["probability"] >= score.SURE}
    segments = {m["segment"] for m in document["market"] if m["probability"] >= score.SURE}
    true_teams = {(t["team_id"], m) for t in truth["teams"] for m in t["faults"]}
    true_segments = {m["segment"] for m in truth["market"]}
    return true_teams <= teams and true_segments <= segments, bool(teams - true_teams or segments - true_segments)


for kind in args.kind:
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
