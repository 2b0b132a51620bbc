#!/usr/bin/env python3
"""Adds up the test logs of build folders: count.py BUILD... Prints what was skipped and what
failed, and last `N passed, N failed`; fails unless all that ran passed and something ran."""
import json
import pathlib
import re
import sys


def main():
    passed, failed, skipped = 0, [], {}
    for folder in sys.argv[1:]:
        log = pathlib.Path(folder) / "meson-logs" / "testlog.json"
        if not log.exists():
            failed.append(f"{folder}: no test log")
            continue
        for line in log.read_text().splitlines():
            test = json.loads(line)
            cases = re.findall(r"^(ok|not ok)\b *\d* *-? *([^#\n]*)(?:# *(SKIP)\S* *(.*))?",
                               test.get("stdout") or "", re.MULTILINE)
            bad = [name for verdict, name, _, _ in cases if verdict == "not ok"]
            failed += [f"{folder}: {test['name']}: {name}" for name in bad]
            for verdict, name, skip, why in cases:
                if verdict == "ok" and skip:
                    skipped.setdefault(f"{test['name']}: {name.strip()} ({why})", folder)
            passed += sum(1 for verdict, _, skip, _ in cases if verdict == "ok" and not skip)
            if test["result"] == "SKIP" and not cases:
                skipped.setdefault(test["name"], folder)
            elif not cases:
                passed += test["result"] == "OK"
            if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not bad:
                failed.append(f"{folder}: {test['name']}: {test['result']}")
    for line in skipped:
        print("skipped:", line)
    for line in failed:
        print("failed:", line)
    print(f"{passed} passed, {len(failed)} failed")
    return bool(failed or not passed)


if __name__ == "__main__":
    sys.exit(main())
