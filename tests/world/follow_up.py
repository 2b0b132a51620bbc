#!/usr/bin/env python3
"""Follow-up where nothing was done, small: follow_up.py VERKAN. Speaks TAP. bench/regression.py has the figures of
doc/follow_up.md."""
import pathlib
import sys
import tempfile

import idle_training
import tap

verkan = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="verkan-follow-up-"))


def what_comes_by_itself_is_not_sold_as_an_effect():
    rows = idle_training.followed(verkan, 931, work)
    doing = [f for f in rows if f["what"] == "doing"]
    inside = sum(f["net"]["lo"] <= 0 <= f["net"]["hi"] for f in rows)
    raw = sum(f["effect"]["mean"] for f in doing) / len(doing)
    left = sum(f["net"]["mean"] for f in doing) / len(doing)
    print(f"# {len(rows)} rows, {inside} intervals hold 0; {100 * raw:.1f} points seen, {100 * left:.1f} left")
    assert len(rows) >= 20 and inside >= 0.88 * len(rows)
    assert raw > 0.02 and abs(left) < 0.5 * raw  # there is something to see through
    assert not any(f["outcome"] == "worked" for f in rows)


tap.run([what_comes_by_itself_is_not_sold_as_an_effect], work)
