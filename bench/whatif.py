#!/usr/bin/env python3
"""The prices of changes against re-simulated truth: whatif.py VERKAN [KIND [FIRST [LAST [DIR]]]], seeds 301 to
310 of `mixed` unless said otherwise; worlds that stand in DIR already are used. Prints the table of doc/twin.md.
About a minute a world."""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "world"))
import score  # noqa: E402

verkan = str(pathlib.Path(sys.argv[1]).resolve())
kind = sys.argv[2] if len(sys.argv) > 2 else "mixed"
first = int(sys.argv[3]) if len(sys.argv) > 3 else 301
last = int(sys.argv[4]) if len(sys.argv) > 4 else 310
work = pathlib.Path(sys.argv[5] if len(sys.argv) > 5 else tempfile.mkdtemp(prefix="verkan-whatif-"))
rows, correlations, among, first_is = [], [], 0, 0
for seed in range(first, last + 1):
    folder = work / f"{kind[0]}{seed}"
    if not folder.exists():
        subprocess.run([verkan, "simulate", kind, "--sellers", "60", "--weeks", "104", "--seed", str(seed), "--value",
                        "30", "-o", folder], check=True, capture_output=True)
    truth = score.read(f"{folder}.truth.json")
    out = subprocess.run([verkan, "diagnose", folder, "--json"], check=True, capture_output=True).stdout
    got = json.loads(out)["what_if"]
    true = {k: v["mean"] for k, v in truth["value"].items()}
    fixes = [k for k in true if k.startswith("fix:") and k in got]
    pairs = [(true[k], got[k]["value"]["mean"]) for k in fixes]
    correlations.append(score.rank_correlation(pairs))
    dearest = max(pairs)
    among += dearest[1] >= sorted(p[1] for p in pairs)[-2]
    first_is += dearest[1] >= max(p[1] for p in pairs)
    for k in true:
        if k in got:
            v = got[k]["value"]
            rows.append((k, true[k], v["mean"], v["lo"] <= true[k] <= v["hi"]))
    present = got[fixes[0]]["present"]
    rows.append(("present", truth["present_course"]["mean"], present["mean"],
                 present["lo"] <= truth["present_course"]["mean"] <= present["hi"]))
    print(seed, f"rank {correlations[-1]:.2f}",
          " | ".join(f"{k.replace('fix:', '')} {t / 1e6:.1f}: {m / 1e6:.1f}{'' if i else ' X'}"
                     for k, t, m, i in rows[-len(true) - 1:]), flush=True)
worlds = last - first + 1
print(f"rank correlation {sum(correlations) / worlds:.2f}; dearest among the first two in {among}, first in {first_is}"
      f" of {worlds}")
for k in dict.fromkeys(r[0] for r in rows):
    of = [r for r in rows if r[0] == k]
    scale = sum(r[1] for r in of) or float("nan")
    print(f"{k:22s} truth {sum(r[1] for r in of) / len(of) / 1e6:6.1f} M, priced {sum(r[2] for r in of) / scale:.2f} of it,"
          f" inside 90 %: {sum(r[3] for r in of)} of {len(of)}")
changes = [r for r in rows if r[0] != "present"]
print(f"cover of all prices {sum(r[3] for r in changes) / len(changes):.2f} ({len(changes)})")
