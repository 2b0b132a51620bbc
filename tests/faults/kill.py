#!/usr/bin/env python3
"""An import that is killed, or whose disk fails, at every single change it makes to files:
kill.py VERKAN SHIM kill|fail|full|memory [STEP]. After each, the workspace holds exactly what it
held before or exactly what it holds after a whole import - never a part - every file it names is
there with the right hash, and the next import works. Killed while a diagnosis is stored, it has it whole or not. Speaks TAP; tests every STEP-th point.

A kill leaves the files as they stand before the change that was not made. So one run keeps a copy of the workspace before each change, and each
copy is judged: every point of "kill". Every STEP-th point the program is killed in truth, and must leave what is as whole."""
import concurrent.futures
import hashlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

PROGRAM, SHIM, KIND = (os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3])
STEP = int(sys.argv[4]) if len(sys.argv) > 4 else 1


def write_world(folder, version):
    """A small organisation whose activities lie in several months, so that there are several files: each
    month adds the same dozen changes to files, so that a year tells as much as three."""
    folder.mkdir()
    months = [f"{2024 + m // 12}-{m % 12 + 1:02d}" for m in range(12)]
    rows = {
        "teams": ["team_id,name", "T1,Nord"],
        "sellers": ["seller_id,name,team_id", "S1,Anna,T1", "S2,Bo,T1"],
        "deals": ["deal_id,seller_id,amount,currency,created_at,outcome,updated_at"]
        + [f"D{i},S{i % 2 + 1},{1000 * i + version},SEK,2024-0{i % 9 + 1}-10,open,2026-01-0{version}" for i in range(9)],
        "activities": ["activity_id,seller_id,deal_id,kind,started_at,outcome,updated_at"]
        + [f"A{m}{k},S{k % 2 + 1},D{k},call,{month}-1{k}T10:00:00,held{version},2026-01-0{version}"
           for m, month in enumerate(months) for k in range(4)],
        "calendar": ["event_id,seller_id,starts_at,ends_at,category"]
        + [f"E{m},S1,{month}-12T09:00,{month}-12T{9 + version}:30,internal" for m, month in enumerate(months)],
    }
    for name, lines in rows.items():
        path = folder / (name + ".csv")
        path.write_text("\n".join(lines) + "\n")
        os.utime(path, (1.7e9 + version * 1e6,) * 2)
    return folder


def run(args, **fault):
    env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0", **{k.upper(): str(v) for k, v in fault.items()})
    if fault:
        env["LD_PRELOAD"] = SHIM
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, errors="replace",
                          env=env, timeout=60, check=False)


def state(workspace):
    """What stands, by content; None where nothing does. Fails where a named file is not what it should be."""
    records = workspace / "records.db"
    if not records.exists():
        return None
    db = sqlite3.connect(records)
    try:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'standing'").fetchone():
            return None
        found = db.execute("SELECT id FROM generation g JOIN standing s ON s.generation = g.id").fetchone()
        if not found:
            return None
        parts = db.execute("SELECT name, partition, sha256, rows FROM part WHERE generation = ?", found).fetchall()
        persons = db.execute("SELECT space, source_id, name FROM identity").fetchall()
        stored = []
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'snapshot'").fetchone():
            stored = db.execute("SELECT id, sha256, document FROM snapshot").fetchall()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        db.close()
    for _, _, sha256, _ in parts:
        data = (workspace / "facts" / (sha256 + ".parquet")).read_bytes()
        assert hashlib.sha256(data).hexdigest() == sha256, "a file is not what its name says"
    for _, sha256, document in stored:
        assert hashlib.sha256(document.encode()).hexdigest() == sha256, "a part of a snapshot"
    return (sorted((name, partition, rows, sha256) for name, partition, sha256, rows in parts), sorted(persons),
            [(number, sha256) for number, sha256, _ in stored])


class Scenario:
    """A command, and the workspace before and after it."""

    def __init__(self, name, root, before, args):
        self.name, self.root, self.before, self.args = name, root, before, args
        whole = root / (name.replace(" ", "-") + "-whole")
        self.copy(whole)
        counted = root / "counted"
        done = run([*args, "-w", whole], fault_count=counted)
        assert done.returncode == 0, done.stdout + done.stderr
        self.changes, self.allocations = map(int, counted.read_text().split())
        self.states = [state(before) if before else None, state(whole)]
        shutil.rmtree(whole)

    def copy(self, to):
        if self.before:
            shutil.copytree(self.before, to)

    def fault(self, n):
        return {"kill": {"fault_kill_at": n}, "fail": {"fault_fail_at": n},
                "full": {"fault_fail_at": n, "fault_errno": 28, "fault_sticky": 1},
                "memory": {"fault_malloc_at": n}}[KIND]

    def copies(self):
        """The workspace before each change of one run, by the change's number."""
        name = self.name.replace(" ", "-")
        workspace, folder = self.root / (name + "-copied"), self.root / (name + "-copies")
        folder.mkdir()
        self.copy(workspace)
        counted = self.root / "counted"
        done = run([*self.args, "-w", workspace], fault_copies=folder, fault_tree=workspace, fault_count=counted)
        assert done.returncode == 0 and state(workspace) == self.states[1], done.stdout + done.stderr
        n = int(counted.read_text().split()[0])
        assert abs(n - self.changes) <= 3, f"{n} changes, {self.changes} without copies"
        assert sum((folder / str(k)).exists() for k in range(1, n + 1)) >= n - 2  # the workspace itself is made first
        return folder, n

    def judge_copy(self, folder, n):
        """None, or what was wrong in the copy before change n."""
        try:
            if state(folder / str(n)) not in self.states:
                return "neither before nor after"
            return self.again(folder / str(n), n)
        except AssertionError as wrong:
            return str(wrong)
        finally:
            shutil.rmtree(folder / str(n), ignore_errors=True)

    def again(self, workspace, n):
        """None, or what was wrong with the next import, at some points."""
        if self.name == "undo" or n % 7:
            return None
        again = run([*self.args, "-w", workspace])
        if again.returncode or state(workspace) != self.states[1]:
            return f"the next import: exit {again.returncode}: {again.stderr.strip()}"
        return None

    def try_point(self, n):
        """None, or what was wrong after a fault at point n."""
        workspace = self.root / f"{self.name.replace(' ', '-')}-{n}"
        self.copy(workspace)
        try:
            done = run([*self.args, "-w", workspace], **self.fault(n))
            if KIND == "kill" and done.returncode not in (-9, 0):
                return f"exit {done.returncode}: {done.stderr.strip()}"
            if KIND != "kill" and (done.returncode < 0 or done.returncode > 3):
                return f"exit {done.returncode}: {(done.stderr or done.stdout).strip()[-300:]}"
            if KIND != "kill" and done.returncode and not done.stderr.strip():
                return "failed without a word"
            now = state(workspace)
            if now not in self.states:
                return f"neither before nor after; exit {done.returncode}: {done.stderr.strip()}"
            if done.returncode == 0 and now != self.states[1]:
                return "said done, but it is not"
            return self.again(workspace, n)
        except subprocess.TimeoutExpired:
            return "does not end"
        except AssertionError as wrong:
            return str(wrong)
        finally:
            shutil.rmtree(workspace, ignore_errors=True)


def main():
    root = pathlib.Path(tempfile.mkdtemp(prefix="verkan-faults-"))
    failed = 0
    try:
        one, two = write_world(root / "one", 1), write_world(root / "two", 2)
        before = root / "before"
        assert run(["import", one, "-w", before]).returncode == 0
        after = root / "after"
        shutil.copytree(before, after)
        assert run(["import", two, "-w", after]).returncode == 0
        scenarios = [Scenario("first import", root, None, ["import", one]),
                     Scenario("import of changes", root, before, ["import", two]),
                     Scenario("undo", root, after, ["import", "--undo"])]
        if KIND == "kill":
            scenarios.append(Scenario("diagnosis", root, before, ["diagnose"]))
        print(f"1..{len(scenarios)}", flush=True)
        for number, s in enumerate(scenarios, 1):
            n = s.allocations if KIND == "memory" else s.changes
            points = range(1, n + 1, max(STEP, n // 60) if KIND == "memory" else STEP)
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                wrong = [(p, w) for p, w in zip(points, pool.map(s.try_point, points)) if w]
                tried = f"{len(points)} of {n} points"
                if KIND == "kill":
                    folder, all_ = s.copies()
                    judged = range(1, all_ + 1)
                    wrong += [(p, w) for p, w in zip(judged, pool.map(lambda k: s.judge_copy(folder, k), judged)) if w]
                    tried = f"all {all_} points, {len(points)} of them in truth"
            for point, what in wrong[:10]:
                print(f"# point {point}: {what}")
            failed += bool(wrong)
            print(f"{'not ' if wrong else ''}ok {number} - {s.name}: {KIND} at {tried}", flush=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
