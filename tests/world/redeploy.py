#!/usr/bin/env python3
"""Swaps of deals where the truth is known, small: redeploy.py VERKAN. Speaks TAP. bench/redeploy.py has the figures
of doc/decisions.md."""
import json
import pathlib
import subprocess
import sys
import tempfile

import score
import tap

verkan = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="verkan-redeploy-"))


def swaps(kind, seed):
    folder = work / f"{kind}-{seed}"
    subprocess.run([verkan, "simulate", kind, "--seed", str(seed), "--value", "20", "-o", folder], check=True,
                   capture_output=True)
    out = subprocess.run([verkan, "diagnose", folder, "--json"], check=True, capture_output=True).stdout
    document = json.loads(out)
    return [d for d in document["decisions"] if d["action"] == "redeploy"], score.read(f"{folder}.truth.json")


def names_who_falls_short_in_complex_deals_alone_and_who_does_not():
    found, truth = swaps("mixed", 702)
    true = {(s["seller_id"], m["moment"]): {x["situation"]: x["verdict"] for x in m.get("situations", [])}
            for s in truth["sellers"] for m in s["moments"]}
    value = truth["value"]["redeploy"]
    assert value["mean"] > 2 * value["se"]
    assert len(found) == 1
    swap, said = found[0]["swap"], found[0]
    print("#", said["text"], said["value"], value, swap)
    assert said["verdict"] == "right" and said["value"]["lo"] > 0 and swap["gives"] == 1 and swap["takes"] >= 1
    for s in swap["sellers"]:
        at = true[(s["seller_id"], s["moment"])]
        assert at["simple"] == "fine" and at["complex"] == ("competence" if s["part"] == "gives" else "fine")
        assert (s["in_order_complex"] < 0.2) == (s["part"] == "gives") and s["deals"] > 0
    deals = {part: sum(s["deals"] for s in swap["sellers"] if s["part"] == part) for part in ("gives", "takes")}
    assert abs(deals["gives"] - deals["takes"]) < 1e-6 * deals["gives"] and abs(deals["gives"] - swap["deals"]) < 1e-6


def swaps_nothing_where_nobody_differs_or_only_in_tempo():
    for kind in "null", "activity":
        found, truth = swaps(kind, 904)
        assert found == [], found
        assert truth["value"]["redeploy"] == {"mean": 0, "se": 0}


tap.run([names_who_falls_short_in_complex_deals_alone_and_who_does_not,
         swaps_nothing_where_nobody_differs_or_only_in_tempo], work)
