#!/usr/bin/env python3
"""Checks that every #include "..." under src/ points down the layers of ARCHITECTURE.md, and that
each third-party header is included by one file only. Speaks TAP."""
import pathlib
import re
import sys

MAY_SEE = {
    "base": [],
    "num": ["base"],
    "stat": ["num", "base"],
    "data": ["base"],
    "store": ["data", "base"],
    "ingest": ["store", "data", "base"],
    "diag": ["stat", "ingest", "store", "data", "num", "base"],
    "sim": ["base"],
    "people": ["diag", "stat", "num", "store", "data", "base"],
}
EVERYTHING = ["people", "diag", "stat", "ingest", "store", "data", "num", "sim", "base"]
MAY_SEE["http"] = EVERYTHING
MAY_SEE["cli"] = EVERYTHING + ["http"]
ONE_HOME = ["duckdb.h", "libpq-fe.h", "sqlite3.h", "cholmod.h", "cblas.h", "lapacke.h",
            "microhttpd.h", "qrencode.h", "zlib.h", "expat.h", "sodium.h", "zip.h", "xlsxwriter.h", "libical/ical.h", "curl/curl.h",
            "unicode/ucal.h", "gsl"]


def main():
    root = pathlib.Path(sys.argv[1]) / "src"
    bad, homes = [], {}
    files = sorted(p for p in root.rglob("*") if p.suffix in (".c", ".h"))
    for path in files:
        rel = path.relative_to(root)
        layer = rel.parts[0] if len(rel.parts) > 1 else None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line)
            if not found:
                continue
            name = found.group(1)
            home = "gsl" if name.startswith("gsl/") else name
            if home in ONE_HOME:
                homes.setdefault(home, set()).add(str(rel))
            target = name.split("/")[0]
            if layer and "<" not in line and target in MAY_SEE and target != layer \
                    and target not in MAY_SEE.get(layer, []):
                bad.append(f"{rel}:{number}: {layer} must not include {name}")
    bad += [f"{name} is included by {', '.join(sorted(where))}" for name, where in homes.items()
            if len(where) > 1]
    print("1..1")
    for line in bad:
        print("#", line)
    print(("not " if bad or not files else "") + f"ok 1 - {len(files)} files include downward only")
    return bool(bad or not files)


if __name__ == "__main__":
    sys.exit(main())
