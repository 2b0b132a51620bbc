#!/usr/bin/env python3
"""doc/openapi.yaml and the table of who may do what say the same: openapi.py VERKAN ROOT. Speaks TAP."""
import os
import pathlib
import re
import sys

import client

verkan, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()


def described():
    """Method, path and the row of the table, for each operation. Paths stand two deep, methods four, their members six."""
    path = method = None
    for line in (root / "doc/openapi.yaml").read_text().split("\npaths:\n")[1].splitlines():
        if found := re.fullmatch(r"  (/\S*):", line):
            path = re.sub(r"\{\w+\}", "{}", found.group(1))
        elif found := re.fullmatch(r"    (\w+):", line):
            method, row = found.group(1).upper(), {}
            yield method, path, row
        elif found := re.fullmatch(r"      x-(\w+): (.*)", line):
            row[found.group(1)] = found.group(2).strip('[]"').replace(", ", ",")


def table():
    for line in client.run(verkan, "serve", "--routes").splitlines():
        method, path, reach, data, log, roles = line.split("\t")
        yield method, re.sub(r"\{\w+\}", "{}", path), {"roles": roles, "data": data, "reach": reach, "log": log}


def the_description_and_the_table_are_one(_):
    here, there = sorted(table(), key=str), sorted(described(), key=str)
    assert len(here) > 30
    for a, b in zip(here, there):
        assert a == b, (a, b)
    assert len(here) == len(there)


if __name__ == "__main__":
    sys.exit(client.main([the_description_and_the_table_are_one]))
