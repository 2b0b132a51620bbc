#!/usr/bin/env python3
"""Checks that the C files are as clang-format leaves them: format.py ROOT. Speaks TAP."""
import pathlib
import shutil
import subprocess
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    print("1..1")
    if not tool:
        print("ok 1 - formatted # SKIP clang-format is not installed")
        return False
    files = sorted(str(p) for top in ("src", "tests", "fuzz", "bench") for p in (root / top).rglob("*.[ch]"))
    done = subprocess.run([tool, "--dry-run", "-Werror", *files], capture_output=True, text=True, check=False)
    for line in done.stderr.splitlines():
        if "error:" in line:
            print("#", line.replace(str(root) + "/", ""))
    print(("not " if done.returncode else "") + f"ok 1 - {len(files)} files are formatted")
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
