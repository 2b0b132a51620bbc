#!/usr/bin/env python3
"""The workbook of verkan report: workbook.py VERKAN. Read with nothing but zipfile and an XML reader: no formula
anywhere, figures as numbers, the same as the result document. Speaks TAP."""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

verkan = os.path.abspath(sys.argv[1])
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
SHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
cases = []


def case(f):
    cases.append(f)
    return f


def run(*words, code=0):
    got = subprocess.run([verkan, *map(str, words)], capture_output=True,
                         env={"PATH": os.environ["PATH"], "TMPDIR": str(temporary)})
    assert got.returncode == code, got.stderr.decode()
    return got


def read(path):
    """Sheets by name: rows of cells, text as str, numbers as float, empty as None; and the count of formulas."""
    with zipfile.ZipFile(path) as z:
        shared = []
        if "xl/sharedStrings.xml" in z.namelist():
            root = ET.fromstring(z.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in s.iter(f"{{{NS['m']}}}t")) for s in root.findall("m:si", NS)]
        book = ET.fromstring(z.read("xl/workbook.xml"))
        targets = {r.get("Id"): r.get("Target") for r in ET.fromstring(z.read("xl/_rels/workbook.xml.rels"))}
        sheets, formulas = {}, 0
        for s in book.find("m:sheets", NS):
            root = ET.fromstring(z.read("xl/" + targets[s.get(f"{{{SHEET}}}id")]))
            formulas += len(list(root.iter(f"{{{NS['m']}}}f")))
            rows = []
            for row in root.iter(f"{{{NS['m']}}}row"):
                cells = {}
                for c in row.findall("m:c", NS):
                    v = c.find("m:v", NS)
                    column = "".join(ch for ch in c.get("r") if ch.isalpha())
                    at = 0
                    for ch in column:
                        at = at * 26 + ord(ch) - 64
                    if v is not None:
                        cells[at - 1] = shared[int(v.text)] if c.get("t") == "s" else float(v.text)
                rows.append([cells.get(k) for k in range(max(cells, default=-1) + 1)])
            sheets[s.get("name")] = rows
        return sheets, formulas


def table(rows):
    return [dict(zip(rows[0], row + [None] * len(rows[0]))) for row in rows[1:]]


@case
def figures_are_those_of_the_document(folder):
    run("report", world, "-o", folder / "x.xlsx", "--lang", "en")
    assert (folder / "x.xlsx").stat().st_mode & 0o077 == 0
    sheets, formulas = read(folder / "x.xlsx")
    run("report", world, "-o", folder / "x.json", "--lang", "en")
    document = json.loads((folder / "x.json").read_text())
    assert formulas == 0 and list(sheets)[:2] == ["Overview", "Stages"], list(sheets)
    stages = table(sheets["Stages"])
    assert [s["Stage"] for s in stages] == [s["stage"] for s in document["stages"]]
    for got, want in zip(stages, document["stages"]):
        assert got["Entered"] == want["entered"]
        for part, key in (("Won", "mean"), ("Won, from", "lo"), ("Won, to", "hi")):
            assert abs(got[part] - want["won"][key]) < 1e-9
    moments = table(sheets["Sellers and moments"])
    assert len(moments) == sum(len(s["moments"]) for s in document["sellers"])
    deals = table(sheets["Open deals"])
    assert len(deals) == len(document["open_deals"]) and isinstance(deals[0]["Amount"], float)
    assert sheets["Overview"][0][1] == document["finding"]["text"]


@case
def swedish_is_said_in_swedish(folder):
    run("report", world, "-o", folder / "x.xlsx", "--lang", "sv")
    sheets, _ = read(folder / "x.xlsx")
    assert {"Översikt", "Steg", "Säljare och moment", "Öppna affärer"} <= set(sheets)
    assert "Besvarad" in {row[1] for row in sheets["Översikt"] if len(row) > 1}


@case
def text_that_looks_like_a_formula_is_none(folder):
    evil = ['=HYPERLINK("http://x.example","y")', "+1+1", "-2+3", "@SUM(A1)", "\uff1d1+1"]
    shutil.copytree(world, folder / "w")
    path = folder / "w" / "teams.csv"
    teams = {row["team_id"]: evil[i % len(evil)] for i, row in
             enumerate(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))}
    for name in ("teams", "sellers"):
        file = folder / "w" / f"{name}.csv"
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        for row in rows:
            row["team_id"] = teams.get(row["team_id"], row["team_id"])
        with open(file, "w", encoding="utf-8", newline="") as f:
            out = csv.DictWriter(f, rows[0].keys())
            out.writeheader()
            out.writerows(rows)
    run("report", folder / "w", "-o", folder / "x.xlsx", "--lang", "en")
    sheets, formulas = read(folder / "x.xlsx")
    texts = {cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)}
    assert formulas == 0
    assert not [t for t in texts if t[0] in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"], texts
    assert {"'" + t for t in teams.values()} <= texts


@case
def what_cannot_be_written_leaves_nothing(folder):
    got = run("report", world, "-o", folder / "none" / "x.xlsx", code=1)
    assert "x.xlsx" in got.stderr.decode()
    assert not list(temporary.iterdir())  # its own: others make reports at the same time


def main():
    global world, temporary
    failed = 0
    print(f"1..{len(cases)}")
    with tempfile.TemporaryDirectory(prefix="verkan-workbook-") as top:
        world, temporary = pathlib.Path(top) / "world", pathlib.Path(top) / "tmp"
        temporary.mkdir()
        run("simulate", "mixed", "--sellers", "8", "--weeks", "40", "--seed", "3", "-o", world)
        for number, one in enumerate(cases, 1):
            bad = ""
            folder = pathlib.Path(top) / one.__name__
            folder.mkdir()
            try:
                one(folder)
            except AssertionError as error:
                print("#", error)
                bad, failed = "not ", failed + 1
            print(f"{bad}ok {number} - {one.__name__}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
