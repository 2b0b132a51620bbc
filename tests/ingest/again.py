#!/usr/bin/env python3
"""again.py VERKAN: what a later import owes to an earlier one. A mapping is asked for once and then
remembered for the same headings in any order; a table without history is a snapshot."""
import csv
import os
import subprocess
import sys
import tempfile

VERKAN = sys.argv[1]
ROWS = [["id", "name", "Diverse", "stage", "created", "owner"]] + [
    [f"A-{k}", f"Affär {k}", f"{k * 1000 + 0.5}", "Offert" if k % 2 else "Vunnen", f"2026-01-{k:02}",
     "Anna Lindqvist" if k % 2 else "Björn Öberg"] for k in range(1, 13)]


def put(path, rows, day):
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows(rows)
    os.utime(path, (day * 86400, day * 86400))


def run(*args):
    done = subprocess.run([VERKAN, *args], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def facts(w, table, top, n=[0]):
    n[0] += 1
    run("export", "-w", w, "-o", f"{top}/x{n[0]}")
    with open(f"{top}/x{n[0]}/{table}.csv", encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def asks_once_and_remembers(top):
    w = f"{top}/w"
    put(f"{top}/opportunities.csv", ROWS, 20700)
    code, said = run("import", "-w", w, f"{top}/opportunities.csv")
    assert code == 3 and "'Diverse'" in said, said
    mapping = open(f"{w}/mapping.txt", encoding="utf-8").read()
    assert '"Diverse" = amount' in mapping, mapping
    with open(f"{top}/mine.txt", "w", encoding="utf-8") as f:
        f.write(mapping)
    code, said = run("import", "-w", w, "--map", f"{top}/mine.txt", f"{top}/opportunities.csv")
    assert code == 0, said
    rows = [[r[2], r[0], r[1], r[3], r[4], r[5]] for r in ROWS]
    put(f"{top}/another.csv", rows, 20701)
    code, said = run("import", "-w", w, f"{top}/another.csv")
    assert code == 0 and "known from an earlier mapping file" in said, said
    assert sorted(float(d["amount"]) for d in facts(w, "deals", top)) == sorted(
        float(r[2]) for r in ROWS[1:])


def asks_for_the_order_of_dates(top):
    rows = [r[:2] + ["1,5"] + r[3:] for r in ROWS]
    rows[0][2] = "amount"
    for k, r in enumerate(rows[1:], 1):
        r[4] = f"0{k % 9 + 1}/0{(k + 3) % 9 + 1}/2026"
    put(f"{top}/opportunities.csv", rows, 20700)
    code, said = run("import", "-w", f"{top}/w", f"{top}/opportunities.csv")
    assert code == 3 and "tells day from month" in said, said
    with open(f"{top}/mine.txt", "w", encoding="utf-8") as f:
        f.write('["opportunities.csv"]\ndates = day\n')
    code, said = run("import", "-w", f"{top}/w", "--map", f"{top}/mine.txt", f"{top}/opportunities.csv")
    assert code == 0, said
    made = {d["deal_id"]: d["created_at"][:10] for d in facts(f"{top}/w", "deals", top)}
    assert made["A-1"] == "2026-05-02", made


def sees_what_differs_between_snapshots(top):
    rows = [list(r) for r in ROWS]
    rows[0][2] = "amount"
    put(f"{top}/opportunities.csv", rows, 20600)
    assert run("import", "-w", f"{top}/w", f"{top}/opportunities.csv")[0] == 0
    rows[1][3], rows[3][3] = "Förhandling", "Förlorad"
    put(f"{top}/opportunities.csv", rows, 20700)
    code, said = run("import", "-w", f"{top}/w", f"{top}/opportunities.csv")
    assert code == 0 and "2 deals stand in another stage" in said, said
    events = {e["deal_id"]: e for e in facts(f"{top}/w", "stage_events", top)}
    assert events["A-1"]["stage"] == "Förhandling" and events["A-1"]["quality"] == "snapshot"
    assert events["A-3"]["kind"] == "lost" and events["A-3"]["entered_at"] > events["A-3"]["not_before"]
    assert len(events) == 2


def activities(rows):
    return [["activity_id", "seller_id", "kind", "started_at", "outcome"]] + rows


def reads_only_what_changed_and_comes_to_the_same(top):
    """The same changes with and without what is kept of the former reading, which may also be spoilt."""
    rows = [[f"A{k:06}", f"S{k % 40:02}", "call" if k % 3 else "meeting",
             f"2026-0{k % 6 + 1}-{k % 28 + 1:02}T1{k % 10}:00:00", f"note no. {k}, \"said\" {'and ' * 25}"] for k in range(9000)]
    changed = [list(r) for r in rows if r[0] not in ("A000500", "A008999")]
    for k in (0, 7, 4000, 8800):
        changed[k][2], changed[k][3] = "email", "2026-06-30T09:00:00"
    changed.insert(5000, ["B1", "S99", "demo", "2026-05-05T10:00:00", "put in"])
    changed += [["B2", "S01", "call", "2026-06-30T10:00:00", "put\nlast"], ["B3", "S01", "call", "when?", ""]]
    fixed = changed[:-1] + [["B3", "S01", "call", "2026-06-30T11:00:00", ""]]
    steps = [rows, rows, changed, changed, fixed, fixed, rows, fixed[:100] + rows[200:]]
    said, stands = {}, {}
    for way in ("kept", "forgotten", "spoilt"):
        w = f"{top}/{way}"
        said[way], stands[way] = [], []
        for k, step in enumerate(steps):
            put(f"{top}/activities.csv", activities(step), 20600 + k)
            if way != "kept" and os.path.exists(f"{w}/read/activities"):
                if way == "forgotten":
                    os.unlink(f"{w}/read/activities")
                else:
                    at = (os.path.getsize(f"{w}/read/activities") * (k + 1)) // (len(steps) + 1)
                    with open(f"{w}/read/activities", "r+b") as f:
                        f.seek(at)
                        byte = f.read(1)[0]
                        f.seek(at)
                        f.write(bytes([byte ^ 1]))
            code, words = run("import", "-w", w, f"{top}/activities.csv")
            assert code == 0, words
            said[way].append(words.replace(w, ""))
            if k in (2, 5, 7):
                stands[way].append(sorted(map(tuple, (r.items() for r in facts(w, "activities", top)))))
        assert os.path.getsize(f"{w}/read/activities") < 20000
        if way == "forgotten":  # a folder in its place cannot be read, nor written over
            os.unlink(f"{w}/read/activities")
            os.mkdir(f"{w}/read/activities")
        run("import", "--undo", "-w", w)
        code, words = run("import", "-w", w, f"{top}/activities.csv")
        assert code == 0, words
        stands[way].append(sorted(map(tuple, (r.items() for r in facts(w, "activities", top)))))
    for way in ("forgotten", "spoilt"):
        assert said["kept"] == said[way], [(a, b) for a, b in zip(said["kept"], said[way]) if a != b][:1]
        assert stands["kept"] == stands[way]
    assert "when?" in said["kept"][2], said["kept"][2]


def reads_anew_where_a_setting_makes_other_facts(top):
    """What is kept of a reading holds for the timezone that it was made in."""
    rows = [[f"A{k:06}", "S1", "call", f"2026-01-{k % 28 + 1:02}T10:00:00Z", "and " * 30] for k in range(8000)]
    w = f"{top}/w"
    put(f"{top}/activities.csv", activities(rows), 20600)
    assert run("import", "-w", w, f"{top}/activities.csv")[0] == 0
    assert os.path.exists(f"{w}/read/activities")
    assert {a["started_at"][11:16] for a in facts(w, "activities", top)} == {"11:00"}
    with open(f"{w}/verkan.toml", encoding="utf-8") as f:
        settings = f.read()
    assert 'timezone = "Europe/Stockholm"' in settings
    with open(f"{w}/verkan.toml", "w", encoding="utf-8") as f:
        f.write(settings.replace("Europe/Stockholm", "Europe/London"))
    code, said = run("import", "-w", w, f"{top}/activities.csv")
    assert code == 0, said
    assert {a["started_at"][11:16] for a in facts(w, "activities", top)} == {"10:00"}


def main():
    tests = [asks_once_and_remembers, asks_for_the_order_of_dates, sees_what_differs_between_snapshots,
             reads_only_what_changed_and_comes_to_the_same, reads_anew_where_a_setting_makes_other_facts]
    print(f"1..{len(tests)}")
    bad = 0
    for i, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as top:
            try:
                test(top)
                print(f"ok {i} - {test.__name__}")
            except (AssertionError, KeyError, FileNotFoundError) as wrong:
                bad += 1
                print("\n".join("# " + line for line in repr(wrong).split("\\n")[:30]))
                print(f"not ok {i} - {test.__name__}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
