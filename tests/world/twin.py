#!/usr/bin/env python3
"""The twin against re-simulated truth, small: twin.py VERKAN. Speaks TAP. bench/whatif.py has the figures
of doc/twin.md, from ten worlds."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import score
import tap

verkan = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="verkan-twin-"))


def run(*words, **named):
    return json.loads(subprocess.run([verkan, *words, "--json"], check=True, capture_output=True, **named).stdout)


def world(kind, seed, sellers=30):
    folder = work / f"{kind}-{seed}"
    if not folder.exists():
        subprocess.run([verkan, "simulate", kind, "--sellers", str(sellers), "--weeks", "104", "--seed", str(seed),
                        "--value", "10", "-o", folder], check=True, capture_output=True)
    return str(folder), score.read(f"{folder}.truth.json")


def prices_moments_in_the_right_order():
    folder, truth = world("mixed", 907)
    got, true = run("diagnose", folder)["what_if"], truth["value"]
    pairs = [(true[k]["mean"], got[k]["value"]["mean"]) for k in true if k.startswith("fix:")]
    print("#", {k: [round(x / 1e6, 1) for x in (true[k]["mean"], *got[k]["value"].values())] for k in true if k in got})
    assert len(pairs) == 5 and score.rank_correlation(pairs) >= 0.8
    dearest = max(pairs)
    assert dearest[1] >= sorted(p[1] for p in pairs)[-2]
    assert 0.5 * dearest[0] < dearest[1] < 1.5 * dearest[0]


def says_that_tempo_is_worth_something_where_only_tempo_counts():
    folder, truth = world("activity", 908)
    got = run("whatif", "activity +20%", folder)["what_if"]
    assert list(got) == ["activity +20%"]
    value, true = got["activity +20%"]["value"], truth["value"]["activity+20%"]["mean"]
    print("#", round(true), {k: round(v) for k, v in value.items()})
    assert value["lo"] > 0 and 0.4 * true < value["mean"] < 1.6 * true
    plus = run("diagnose", folder)["activity"]["plus_20pct"]
    takes = plus["takes"]
    print("#", takes["text"], plus["cost"])
    assert 1.8 < takes["contacts"] < 4  # of 4 + Poisson(8 e^volume) a week
    assert takes["measured"] and abs(takes["hours"] - takes["contacts"] * takes["minutes_each"] / 60) < 1e-6
    assert {x["what"] for x in takes["same_weeks"]} == {"next_step", "next_step_kept", "qualification"}
    assert not any(x["seen"] and abs(x["change"]["mean"]) > 0.05 for x in takes["same_weeks"])  # hours never bind here
    assert plus["cost"] >= 0


def gives_the_same_on_one_thread():
    folder, _ = world("activity", 908)
    change = "fix next_step, free 2 h/week"
    one = {min(os.sched_getaffinity(0))}
    alone = run("whatif", change, folder, preexec_fn=lambda: os.sched_setaffinity(0, one))
    assert alone["what_if"] == run("whatif", change, folder)["what_if"]
    got = subprocess.run([verkan, "whatif", "free lunch", folder], capture_output=True)
    assert got.returncode == 2 and b"free lunch" in got.stderr and not got.stdout


tap.run([prices_moments_in_the_right_order, says_that_tempo_is_worth_something_where_only_tempo_counts,
         gives_the_same_on_one_thread], work)
