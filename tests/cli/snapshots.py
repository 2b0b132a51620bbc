#!/usr/bin/env python3
"""What a workspace remembers of its diagnoses: snapshots.py VERKAN ROOT. Speaks TAP."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

verkan, tiny = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve() / "tests/cli/tiny"
cases = []


def case(f):
    cases.append(f)
    return f


def run(*words, code=0):
    done = subprocess.run([verkan, *map(str, words)], capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"]}, timeout=120)
    assert done.returncode == code, f"exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr if code else done.stdout


def rows(w, sql="SELECT id, generation, sha256 FROM snapshot ORDER BY id"):
    db = sqlite3.connect(w / "records.db")
    try:
        found = db.execute(sql).fetchall()
        db.commit()
        return found
    finally:
        db.close()


@case
def nothing_is_computed_twice(w):
    assert "No diagnosis is stored yet." in run("diagnose", "--list", "-w", w)
    first = run("diagnose", "--json", "-w", w)
    assert run("diagnose", "--json", "-w", w) == first and len(rows(w)) == 1
    assert run("diagnose", "--json", "--fresh", "-w", w) == first
    assert [r[:2] for r in rows(w)] == [(1, 1), (2, 1)] and rows(w)[0][2] == rows(w)[1][2]
    run("doctor", "-w", w)
    assert len(rows(w)) == 2  # what the data can carry is no diagnosis


@case
def another_day_is_another_diagnosis(w):
    run("diagnose", "-w", w)
    then = json.loads(run("diagnose", "--json", "--as-of", "2026-02-28", "-w", w))
    assert then["data"]["as_of"] == "2026-02-28" and len(rows(w)) == 2
    assert json.loads(run("diagnose", "--json", "-w", w))["data"]["as_of"] != "2026-02-28"
    assert "comes out the same" in run("verify", 2, "-w", w)


@case
def a_stored_one_is_said_in_either_language(w):
    english = run("diagnose", "--lang", "en", "-w", w)
    swedish = run("diagnose", "--lang", "sv", "-w", w)
    assert len(rows(w)) == 1 and "affärer" in swedish
    assert run("diagnose", "--snapshot", 1, "--lang", "en", "-w", w) == english
    assert run("diagnose", "--snapshot", 1, "--lang", "sv", "-w", w) == swedish
    assert "no snapshot 9" in run("diagnose", "--snapshot", 9, "-w", w, code=3)
    run("diagnose", "--snapshot", 1, tiny, code=2)


@case
def one_of_an_older_program_gets_the_day_that_it_tells_of(w):
    """Step 19 of sql/records, on a file that stands at step 18: what was stored before has no day yet."""
    run("diagnose", "-w", w)
    stored = rows(w, "SELECT generation, version, build, seed, settings, machine, sha256, document FROM snapshot")[0]
    day = json.loads(stored[7])["data"]["as_of"]
    assert day and rows(w, "SELECT as_of FROM snapshot") == [(day,)]
    generations = rows(w, "SELECT id, parent, made_at, as_of FROM generation")
    parts, standing = rows(w, "SELECT * FROM part"), rows(w, "SELECT * FROM standing")
    (w / "records.db").unlink()
    for beside in w.glob("records.db-*"):
        beside.unlink()
    db = sqlite3.connect(w / "records.db")
    steps = sorted((tiny.parents[2] / "sql/records").glob("*.sql"))
    before = [s.name for s in steps].index("0019_as_of.sql")
    for step in steps[:before]:
        db.executescript(step.read_text())
    assert "as_of" not in [c[1] for c in db.execute("PRAGMA table_info(snapshot)")]
    db.execute(f"PRAGMA user_version = {before}")
    db.executemany("INSERT INTO generation VALUES (?, ?, ?, ?)", generations)
    db.executemany(f"INSERT INTO part VALUES ({', '.join('?' * len(parts[0]))})", parts)
    db.executemany(f"INSERT OR REPLACE INTO standing VALUES ({', '.join('?' * len(standing[0]))})", standing)
    insert = ("INSERT INTO snapshot (generation, made_at, version, build, seed, settings, machine, sha256, document, expired_at) "
              "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)")
    db.execute(insert, (*stored[:7], stored[7], None))
    db.execute(insert, (*stored[:7], None, 5))          # its document was let go
    db.execute(insert, (*stored[:7], "not JSON {", None))  # one that nobody can read
    db.commit()
    db.close()
    run("user", "list", "-w", w)  # whatever opens it takes the steps
    assert rows(w, "SELECT id, as_of FROM snapshot ORDER BY id") == [(1, day), (2, None), (3, None)]
    assert rows(w, "PRAGMA user_version") == [(len(steps),)]
    rows(w, "DELETE FROM snapshot WHERE id = 3")
    assert json.loads(run("diagnose", "--json", "--snapshot", 1, "-w", w))["data"]["as_of"] == day


@case
def persons_are_keys_in_it(w):
    run("diagnose", "-w", w)
    (text,) = rows(w, "SELECT document FROM snapshot")[0]
    sellers = json.loads(text)["sellers"]
    assert sellers and all(isinstance(s["seller_key"], int) and "seller_id" not in s for s in sellers)
    assert '"S1"' not in text and "Berg" not in text


@case
def an_older_generation_comes_out_again(w):
    run("diagnose", "-w", w)
    more = w.parent / "more"
    more.mkdir()
    lines = (tiny / "deals.csv").read_text().splitlines()
    (more / "deals.csv").write_text("\n".join([lines[0], lines[1].replace(lines[1].split(",")[0], "X1", 1)]) + "\n")
    run("import", more, "-w", w)
    run("diagnose", "-w", w)
    assert [r[1] for r in rows(w)] == [1, 2]
    assert "from generation 1" in run("verify", 1, "-w", w)
    assert "from generation 2" in run("verify", "-w", w)
    rows(w, "DELETE FROM generation WHERE id = 1")
    assert "generation 1 is gone" in run("verify", 1, "-w", w, code=3)
    run("diagnose", "--snapshot", 1, "-w", w)  # the document stays


@case
def chances_are_scored_when_their_time_comes(w):
    deals = json.loads(run("diagnose", "--json", "-w", w))["open_deals"]
    told = {d["deal_id"]: d["p_win"] * (1 if d["p_alive"] is None else d["p_alive"]) for d in deals
            if d["p_win"] is not None}
    assert len(told) > 1 and "Chances told" not in run("follow-up", "-w", w)
    won, lost = sorted(told)[:2]
    more = w.parent / "later"
    more.mkdir()
    lines = (tiny / "deals.csv").read_text().splitlines()
    names = lines[0].split(",")
    rows = {line.split(",")[names.index("deal_id")]: line.split(",") for line in lines[1:]}
    for deal, outcome in ((won, "won"), (lost, "lost")):
        rows[deal][names.index("outcome")], rows[deal][names.index("closed_at")] = outcome, "2026-05-30"
    (more / "deals.csv").write_text("\n".join([lines[0], ",".join(rows[won]), ",".join(rows[lost])]) + "\n")
    run("import", more, "-w", w)
    text = run("follow-up", "--lang", "en", "-w", w)
    brier = ((1 - told[won]) ** 2 + told[lost] ** 2) / 2
    assert f"of {len(told)} open deals 2 are closed since" in text, text
    assert f"Error {brier:.3f}" in text and "would have had 0.250" in text, (text, brier)


@case
def what_differs_is_named(w):
    run("diagnose", "-w", w)
    rows(w, "UPDATE snapshot SET document = replace(document, '\"deals\": 101', '\"deals\": 102')")
    assert "not what was stored" in run("verify", "-w", w, code=1)
    run("diagnose", "--fresh", "-w", w)
    db = sqlite3.connect(w / "records.db")
    db.create_function("sha", 1, lambda t: __import__("hashlib").sha256(t.encode()).hexdigest())
    db.execute("UPDATE snapshot SET sha256 = sha(document), machine = 'an abacus'")
    db.commit()
    db.close()
    told = run("verify", 1, "-w", w, code=1)
    assert "data.deals: 102 -> 101" in told and "an abacus" in told and "BLAS kernel" in told, told
    rows(w, "UPDATE snapshot SET version = '0.0.9'")
    assert "made by verkan 0.0.9" in run("verify", 1, "-w", w, code=3)


@case
def a_changed_file_of_facts_is_named(w):
    assert "files of facts are what was stored" in run("verify", "-w", w)
    file = sorted((w / "facts").iterdir())[0]
    os.chmod(file, 0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert file.name + ": is not what was stored" in run("verify", "-w", w, code=1)
    file.unlink()
    assert file.name + ": is gone" in run("verify", "-w", w, code=1)


def main():
    failed = 0
    print(f"1..{len(cases)}")
    top = pathlib.Path(tempfile.mkdtemp(prefix="verkan-snapshots-"))
    run("import", tiny, "-w", top / "made")
    for number, f in enumerate(cases, 1):
        folder = top / str(number)
        try:
            shutil.copytree(top / "made", folder / "w")
            f(folder / "w")
            print(f"ok {number} - {f.__name__}")
        except (AssertionError, OSError, ValueError, KeyError, sqlite3.Error) as e:
            failed += 1
            print("# " + "\n# ".join(str(e).splitlines()) + f"\nnot ok {number} - {f.__name__}")
    shutil.rmtree(top)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
