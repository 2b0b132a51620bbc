#!/usr/bin/env python3
"""Holds `verkan fit` against R (fit/gen.R wrote fit/want.csv), and what it prints against reviewed
texts: fit.py VERKAN ROOT [--write]. Speaks TAP."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

verkan, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
here = root / "tests/cli"
write = "--write" in sys.argv
cases = []
want = {}
for row in csv.DictReader(open(here / "fit/want.csv")):
    want.setdefault(row["case"], {})[row["key"]] = float(row["value"])


def case(f):
    cases.append(f)
    return f


def run(model, table, formula, *more):
    return subprocess.run([verkan, "fit", model, "--data", str(here / "fit" / table), "--formula",
                           formula, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={"PATH": os.environ["PATH"]})


def fit(*words):
    got = run(*words, "--json")
    assert got.returncode == 0, got.stderr.decode()
    return json.loads(got.stdout)


def flat(document):
    """The document's numbers under the keys of want.csv."""
    out = {"ll": document.get("log_likelihood"), "deviance": document.get("deviance")}
    for c in document.get("coefficients", ()):
        out["coef:" + c["name"]], out["se:" + c["name"]] = c["estimate"], c["se"]
    for c in document.get("curve", ()):
        key = f"{c['group']}:{c['time']:g}:{c['state']}"
        out["p:" + key], out["pse:" + key] = c["probability"], c["se"]
    return out


def agrees(name, document, tolerance, leave=()):
    """Every number that R gave for the case is there, within a relative tolerance (absolute under
    1), by the key's first word where `tolerance` has it, else by "*"."""
    got = flat(document)
    bad = []
    for key, value in want[name].items():
        kind = key.split(":")[0]
        if kind in leave:
            continue
        near = tolerance.get(kind, tolerance["*"])
        if got.get(key) is None or abs(got[key] - value) > near * max(1, abs(value)):
            bad.append(f"{name} {key}: want {value}, got {got.get(key)}")
    assert not bad, "\n".join(bad)


def prints(name, *words):
    got = run(*words)
    assert got.returncode == 0, got.stderr.decode()
    path = here / "golden" / name
    if write:
        path.write_bytes(got.stdout)
    assert got.stdout == path.read_bytes(), got.stdout.decode()


def refuses(code, message, model, table, formula, *more):
    got = run(model, table, formula, *more)
    text = got.stderr.decode()
    assert got.returncode == code and message in text and not got.stdout, (got.returncode, text)


@case
def poisson_as_glm():
    document = fit("poisson", "warpbreaks.csv", "breaks ~ wool*tension")
    agrees("poisson", document, {"*": 1e-8})
    assert document["fit"]["stop"] == "converged" and document["rows"]["used"] == 54
    prints("fit_poisson.out", "poisson", "warpbreaks.csv", "breaks ~ wool*tension")


@case
def aalen_johansen_as_survfit():
    document = fit("aj", "mgus2.csv", "Surv(time, event) ~ sex", "--errors", "jackknife",
                   "--at", "60,120,240")
    agrees("aj", document, {"*": 1e-8})
    prints("fit_aj.out", "aj", "mgus2.csv", "Surv(time, event) ~ sex", "--at", "60,120,240")


@case
def weights_count_rows():
    """Weight 2 is the row twice, for rates and curves."""
    rows = list(csv.reader(open(here / "fit/warpbreaks.csv")))
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "w.csv").write_text("\n".join(
            ",".join(r + (["w"] if not i else [str(1 + i % 2)])) for i, r in enumerate(rows)))
        pathlib.Path(folder, "d.csv").write_text("\n".join(
            ",".join(r) for i, r in enumerate(rows) for _ in range(1 + i % 2 if i else 1)))
        a = flat(fit("poisson", folder + "/w.csv", "breaks ~ wool + tension", "--weights", "w"))
        b = flat(fit("poisson", folder + "/d.csv", "breaks ~ wool + tension"))
    for key in b:
        assert key == "deviance" or abs(a[key] - b[key]) < 1e-9 * max(1, abs(b[key])), key


@case
def columns_explained_by_others_are_told():
    got = fit("poisson", "warpbreaks.csv",
              "breaks ~ wool + I(2*(wool == \"A\")) + I(0*breaks) + tension")["coefficients"]
    assert [c["name"] for c in got if c["estimate"] is None] == [
        "I(2 * (wool == \"A\"))", "I(0 * breaks)"], got


@case
def wrong_usage_is_told():
    refuses(2, "formula:1:17: expected a column name after '+'", "poisson", "warpbreaks.csv",
            "breaks ~ wool + ")
    refuses(2, "formula:1:1: nothing stands before '~'", "poisson", "warpbreaks.csv", "~ wool")
    refuses(2, "'glmmm' is no model", "glmmm", "warpbreaks.csv", "breaks ~ wool")
    refuses(2, "has no option --tau", "poisson", "warpbreaks.csv", "breaks ~ wool", "--tau", "3")
    refuses(2, "there are greenwood, aalen, jackknife", "aj", "mgus2.csv", "Surv(time, event) ~ 1",
            "--errors", "no")
    refuses(2, "no list of rising numbers", "aj", "mgus2.csv", "Surv(time, event) ~ 1", "--at",
            "5,4")
    refuses(2, "Surv(exit, event)", "aj", "mgus2.csv", "time ~ 1")
    refuses(2, "unknown option --colour", "aj", "mgus2.csv", "Surv(time, event) ~ 1", "--colour")
    got = subprocess.run([verkan, "fit", "aj"], stderr=subprocess.PIPE)
    assert got.returncode == 2 and b"--data" in got.stderr


@case
def bad_data_is_told():
    refuses(3, "has no column 'wolle'; there are breaks, wool, tension", "poisson",
            "warpbreaks.csv", "breaks ~ wolle")
    refuses(3, "warpbreaks.csv:2: 'A' in column wool is not a number", "poisson", "warpbreaks.csv",
            "wool ~ tension")
    refuses(1, "there is no such file", "poisson", "nothing.csv", "breaks ~ wool")
    with tempfile.TemporaryDirectory() as folder:
        def bad(text, message, formula="y ~ x", model="poisson"):
            path = pathlib.Path(folder, "t.csv")
            path.write_bytes(text)
            refuses(3, message, model, str(path), formula)
        bad(b"", "is empty")
        bad(b"y,x\n", "has headings, but no rows")
        bad(b"y,x\n1,2\n3\n4,5\n", "t.csv:3: ")
        bad(b"y,x\n1,2\n\"3,4\n5,6\n", "t.csv:3: ")
        bad(b"y,x\n1,\xff\n", "t.csv:2: ")
        bad(b"y,y\n1,2\n", "t.csv:1: two columns are called 'y'")
        bad(b"y,x\n1,2\n\n2,3\n3,abc\n4,5\n", "t.csv:5: 'abc' in column x is not a number")
        bad(b"y,x\n1,2\n2,1e999\n", "t.csv:3: x is inf, not a finite number")
        bad(b"y,x\n1,2\n2,inf\n3,4\n", "t.csv:3: 'inf' in column x is not a number")
        bad(b"y,x\n,2\n2,NA\n", "none of 2 rows has a value in every column")
        bad(b"y,x\n1,a\n2,a\n", "column x has one value, 'a'")
        bad(b"y,x\n1,0\n2,1\n", "t.csv:2: log(x) is -inf", "y ~ log(x)")
        bad(b"y,x\n-1,0\n2,1\n", "t.csv:2: y is -1; it cannot be below 0")
        bad(b"t,e\n1,0\n2,0\n", "nobody enters a state", "Surv(t, e) ~ 1", "aj")
        bad(b"s,t,e\n1,2,a\n3,3,a\n", "t.csv:3: the spell ends at 3, which is not after its start",
            "Surv(s, t, e) ~ 1", "aj")


@case
def reads_tables_as_they_come():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.csv")
        path.write_bytes("\ufeff\"y\";\"the x\"\r\n1;\"u;\"\"1\"\"\"\r\n\r\n4;v\r\n3;\r\n5;v\r\n"
                         .encode())
        got = fit("poisson", str(path), "y ~ `the x`")
        assert got["rows"] == {"read": 4, "missing": 1, "used": 3}, got
        assert got["coefficients"][1]["name"] == "the xv", got


@case
def is_hidden_and_explained():
    overview = subprocess.run([verkan, "--help"], stdout=subprocess.PIPE).stdout.decode()
    usage = subprocess.run([verkan, "fit", "--help"], stdout=subprocess.PIPE).stdout.decode()
    assert "\n  fit" not in overview and "--formula" in usage


def main():
    failed = 0
    print(f"1..{len(cases)}")
    for number, f in enumerate(cases, 1):
        try:
            f()
            print(f"ok {number} - {f.__name__}")
        except (AssertionError, OSError, ValueError, KeyError) as e:
            failed += 1
            print("# " + "\n# ".join(str(e).splitlines()) + f"\nnot ok {number} - {f.__name__}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
