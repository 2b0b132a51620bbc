#!/usr/bin/env python3
"""Open deals of a simulated world against what became of them, small: open_deals.py VERKAN. Speaks
TAP. The figures of doc/open_deals.md come from bench/open_deals.py."""
import csv
import functools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import score
import tap

verkan = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="verkan-open-"))
AS_OF = "2025-11-23"


def table(folder, name):
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def write(folder, name, rows):
    with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, rows[0].keys())
        out.writeheader()
        out.writerows(rows)


@functools.cache
def diagnosed(folder):
    out = subprocess.run([verkan, "diagnose", folder, "--json", "--as-of", AS_OF], check=True,
                         capture_output=True).stdout
    document = json.loads(out)
    return document["open_deals"], document["answers"][8]["status"]


def world():
    folder = work / "mixed"
    if not folder.exists():
        subprocess.run([verkan, "simulate", "mixed", "--sellers", "24", "--weeks", "104", "--seed", "911", "-o",
                        folder], check=True, capture_output=True)
    return folder


def forecasts_wins_that_come():
    deals, status = diagnosed(world())
    outcome = {row["deal_id"]: row["outcome"] for row in table(world(), "deals")}
    pairs = [(d["p_alive"] * d["p_win"], outcome[d["deal_id"]] == "won") for d in deals]
    error = score.calibration([p for p, _ in pairs], [won for _, won in pairs])
    brier = sum((p - won) ** 2 for p, won in pairs) / len(pairs)
    base = sum(won for _, won in pairs) / len(pairs)
    print(f"# {len(pairs)} deals, Brier {brier:.4f}, base rate {base * (1 - base):.4f}, calibration {error:.4f}")
    assert status != "cannot" and len(pairs) > 300
    assert brier < base * (1 - base) - 0.005 and error < 0.04


def respects_what_is_agreed():
    deals, _ = diagnosed(world())
    agreed = [d for d in deals if d["due_on"]]
    assert agreed and all(d["advice"] in ("drive_on", "leave") for d in agreed)
    assert all(d["due_on"] >= AS_OF for d in agreed)


def says_nothing_of_life_where_customers_are_not_heard():
    deaf = work / "deaf"
    shutil.copytree(world(), deaf)
    write(deaf, "activities", [row for row in table(deaf, "activities") if row["direction"] != "inbound"])
    deals, status = diagnosed(deaf)
    assert status == "cannot" and deals
    assert all(d["p_alive"] is None and d["expected_value"] is None for d in deals)
    assert all(d["advice"] in (None, "drive_on", "leave") for d in deals)


tap.run([forecasts_wins_that_come, respects_what_is_agreed, says_nothing_of_life_where_customers_are_not_heard], work)
