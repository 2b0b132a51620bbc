#!/usr/bin/env python3
"""Checks that no function is longer than 60 lines and no file longer than 600, in src/ and tests/.
Relies on .clang-format: a function's braces stand alone in column 0. Speaks TAP."""
import pathlib
import sys

FUNCTION, FILE = 60, 600
ALLOWED = {}  # path or path:function -> lines; may only shrink


def functions(lines):
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            yield start, number - start - 1, lines[start - 2]
            start = None


def main():
    root = pathlib.Path(sys.argv[1])
    bad, count = [], 0
    for path in sorted(p for top in ("src", "tests", "fuzz", "bench") for p in (root / top).rglob("*")
                       if p.suffix in (".c", ".h")):
        rel, lines = str(path.relative_to(root)), path.read_text().splitlines()
        count += 1
        if len(lines) > ALLOWED.get(rel, FILE):
            bad.append(f"{rel}: {len(lines)} lines")
        for start, length, head in functions(lines):
            if length > ALLOWED.get(f"{rel}:{head}", FUNCTION):
                bad.append(f"{rel}:{start}: {length} lines in {head.strip()}")
    print("1..1")
    for line in bad:
        print("#", line)
    print(("not " if bad or not count else "") + f"ok 1 - {count} files keep to the sizes")
    return bool(bad or not count)


if __name__ == "__main__":
    sys.exit(main())
