#!/usr/bin/env python3
"""Shares of the differences between sellers' results in simulated worlds, small: attribution.py
VERKAN. Speaks TAP. The figures of doc/attribution.md are of larger worlds."""
import json
import pathlib
import subprocess
import sys
import tempfile

import tap

verkan = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="verkan-shares-"))


def diagnosed(kind, seed):
    folder = work / kind
    subprocess.run([verkan, "simulate", kind, "--sellers", "30", "--weeks", "104", "--seed", str(seed), "-o",
                    folder], check=True, capture_output=True)
    document = json.loads(subprocess.run([verkan, "diagnose", folder, "--json"], check=True,
                                         capture_output=True).stdout)
    shares = {k: v["mean"] for k, v in document["attribution"]["share"].items()}
    print("#", kind, {k: round(v, 3) for k, v in shares.items()})
    assert abs(sum(shares.values()) - 1) < 1e-6 and document["answers"][0]["status"] != "cannot"
    return document, shares


def lays_differences_on_chance_where_nobody_differs():
    document, shares = diagnosed("null", 921)
    assert shares["chance"] > 0.6 and shares["seller"] < 0.2 and shares["chance"] == max(shares.values())
    league = document["league"]
    assert not league["ordered"] and league["above"] + league["below"] <= 1
    assert not any(s["rank"] for s in document["sellers"])


def lays_differences_on_activity_where_only_it_counts():
    document, shares = diagnosed("activity", 922)
    assert shares["activity"] > 0.5 and shares["activity"] == max(shares.values()) and shares["seller"] < 0.25
    league = document["league"]
    ranks = [s["rank"] for s in document["sellers"] if s["rank"]]
    assert bool(ranks) == league["ordered"] and league["above"] and league["below"]


tap.run([lays_differences_on_chance_where_nobody_differs, lays_differences_on_activity_where_only_it_counts], work)
