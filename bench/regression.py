#!/usr/bin/env python3
"""Follow-up where nothing was done: regression.py VERKAN [FIRST [LAST]], null worlds of 60 sellers, seeds 701 to 705
unless said otherwise. In each, the sellers whose next steps were agreed least often for half a year get a training
that does nothing, each alone, and they are told of as one. Prints how often the 90 % intervals of the effect hold 0
(METHODS T44 asks for 88 %), and how often the program says that it worked. doc/follow_up.md has the figures."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "world"))
import idle_training  # noqa: E402

verkan = str(pathlib.Path(sys.argv[1]).resolve())
first = int(sys.argv[2]) if len(sys.argv) > 2 else 701
last = int(sys.argv[3]) if len(sys.argv) > 3 else 705

tally = {}
for seed in range(first, last + 1):
    with tempfile.TemporaryDirectory(prefix="verkan-regression-") as folder:
        for f in idle_training.followed(verkan, seed, pathlib.Path(folder)):
            who = "alone" if f["intervention_id"] else "together"
            t = tally.setdefault((who, f["what"]), {"n": 0, "effect": 0, "net": 0, "worked": 0, "mean": 0.0, "left": 0.0})
            t["n"] += 1
            t["effect"] += f["effect"]["lo"] <= 0 <= f["effect"]["hi"]
            t["net"] += f["net"]["lo"] <= 0 <= f["net"]["hi"]
            t["worked"] += f["outcome"] == "worked"
            t["mean"] += f["effect"]["mean"]
            t["left"] += f["net"]["mean"]
for (who, what), t in sorted(tally.items()):
    n = t["n"]
    print(f"{who:8s} {what:8s} n {n:3d} effect holds 0: {t['effect'] / n:.3f} (mean {100 * t['mean'] / n:+.1f} points) "
          f"net holds 0: {t['net'] / n:.3f} (mean {100 * t['left'] / n:+.1f}) said to have worked: {t['worked']}")
