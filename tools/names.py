#!/usr/bin/env python3
"""Checks the names that libraries give away, and calls that are not used here: names.py ROOT BUILD.
Everything with external linkage starts with vrk_ and is defined once: of two in archives the linker
takes whichever it meets first. strcpy and its kin are nowhere. Speaks TAP."""
import pathlib
import re
import subprocess
import sys

BANNED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atof|strtok|rand|srand|setjmp|longjmp|alloca)\s*\(")


def symbols(build):
    for archive in sorted(pathlib.Path(build).glob("src/libvrk_*.a")):
        listed = subprocess.run(["nm", "--defined-only", "--extern-only", "--format=posix", str(archive)],
                                capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines():
            if " " in line:
                yield archive.name, line.split()[0]


def foreign_symbols(build):
    for archive, name in symbols(build):
        if not name.startswith(("vrk_", "__asan", "__odr_asan", "__ubsan")):
            yield f"{archive}: {name}"


def twice_defined(build):
    seen = {}
    for archive, name in symbols(build):
        if name.startswith("vrk_") and name in seen:
            yield f"{name}: in {seen[name]} and in {archive}"
        seen[name] = archive


def banned_calls(root):
    for path in sorted((pathlib.Path(root) / "src").rglob("*.[ch]")):
        text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), path.read_text(), flags=re.DOTALL)
        for number, line in enumerate(text.splitlines(), 1):
            found = BANNED.search(line)
            if found:
                yield f"{path.relative_to(root)}:{number}: {found.group(1)}"


def main():
    bad = 0
    print("1..3")
    for number, (what, lines) in enumerate([("every name starts with vrk_", list(foreign_symbols(sys.argv[2]))),
                                            ("every name is defined once", list(twice_defined(sys.argv[2]))),
                                            ("no banned call", list(banned_calls(sys.argv[1])))], 1):
        for line in lines:
            print("#", line)
        print(("not " if lines else "") + f"ok {number} - {what}")
        bad += bool(lines)
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
