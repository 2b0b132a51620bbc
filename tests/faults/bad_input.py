#!/usr/bin/env python3
"""Bad input, given to the program itself: bad_input.py VERKAN. Each case must end with the exit
code and the words named here, without a crash, and leave the workspace as it was. Speaks TAP."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

DEALS = "deal_id,seller_id,amount,currency,created_at,closed_at,outcome,updated_at\n"
GOOD = DEALS + "".join(f"D{i},S1,{i}00.50,SEK,2026-01-{i % 28 + 1:02d},,open,2026-02-01\n"
                       for i in range(200))
SELLERS = "seller_id,name\nS1,Anna\n"


def folder_with(root, **files):
    folder = pathlib.Path(tempfile.mkdtemp(dir=root))
    for name, data in files.items():
        (folder / (name + ".csv")).write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def long_line(root):
    """One line of 1 GB, sparse on disk but not for a reader."""
    folder = folder_with(root, sellers=SELLERS)
    with open(folder / "deals.csv", "wb") as f:
        f.write(DEALS.encode())
        block = b"x" * (1 << 20)
        for _ in range(1024):
            f.write(block)
    return folder


def unreadable(root):
    folder = folder_with(root, deals=GOOD)
    os.chmod(folder / "deals.csv", 0)
    return folder


def closed_folder(root):
    folder = folder_with(root, deals=GOOD)
    os.chmod(folder, 0)
    return folder


# name, what makes the folder, allowed exit codes, words that the output must hold
CASES = [
    ("a good folder is taken", lambda r: folder_with(r, deals=GOOD, sellers=SELLERS), {0}, ["200"]),
    ("an empty file is named", lambda r: folder_with(r, deals=""), {0, 3}, ["deals.csv", "empty"]),
    ("a file of headings only is named", lambda r: folder_with(r, deals=DEALS), {0, 3}, ["deals.csv"]),
    ("an empty folder is refused", lambda r: folder_with(r), {3}, []),
    ("a folder that is not there is refused", lambda r: pathlib.Path(r) / "nowhere", {1, 3}, ["nowhere"]),
    ("a binary file is refused by name",
     lambda r: folder_with(r, deals=bytes(range(256)) * 400), {3}, ["deals.csv"]),
    ("NUL bytes are refused with file and line",
     lambda r: folder_with(r, deals=GOOD.replace("D7,", "D7\0,").encode()), {0, 3}, ["deals.csv", "9", "NUL"]),
    ("a line of 1 GB is refused in bounded memory", long_line, {3}, ["deals.csv", "line"]),
    ("a file cut in its last row is told",
     lambda r: folder_with(r, deals=GOOD[:-31]), {0, 3}, ["deals.csv"]),
    ("an unclosed quote is told with its line",
     lambda r: folder_with(r, deals=GOOD.replace("D5,S1", 'D5,"S1')), {0, 3}, ["deals.csv", "7", "quote"]),
    ("rows that are the same are counted once",
     lambda r: folder_with(r, deals=GOOD + "D5,S1,500.50,SEK,2026-01-06,,open,2026-02-01\n"), {0}, ["200", "1"]),
    ("rows that contradict each other: the newer stands",
     lambda r: folder_with(r, deals=GOOD + "D5,S1,900.00,SEK,2026-01-06,,won,2026-03-01\n"), {0}, ["200"]),
    ("most rows without a key stop the import",
     lambda r: folder_with(r, deals=DEALS + ",S1,1,SEK,2026-01-01,,open,\n" * 150 + "D1,S1,1,SEK,2026-01-01,,open,\n"),
     {3}, ["deals.csv"]),
    ("a bad amount is told with line and value",
     lambda r: folder_with(r, deals=GOOD.replace("500.50", "ca 500", 1)), {0}, ["deals.csv", "ca 500", "7"]),
    ("a file without permission is named", unreadable, {1, 3}, ["deals.csv"]),
    ("a folder without permission is named", closed_folder, {1, 3}, []),
]


def run(program, *args):
    done = subprocess.run([program, *map(str, args)], capture_output=True, text=True, errors="replace",
                          timeout=600, preexec_fn=drop_rights)
    return done.returncode, done.stdout + done.stderr


def drop_rights():
    """Permissions do not bind root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def state(workspace):
    return sorted((p.name, p.stat().st_size) for p in workspace.glob("facts/*")) if workspace.exists() else []


def check(program, root, name, make, codes, words):
    folder, workspace = make(root), pathlib.Path(root) / "ws"
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "65534:65534", root], check=True)
    code, output = run(program, "import", folder, "-w", workspace)
    wrong = [f"exit {code}, wanted {sorted(codes)}"] if code not in codes else []
    wrong += [f"'{word}' is not in the output" for word in words if word not in output]
    if code == 3 and state(workspace):
        wrong.append("refused, but facts were written")
    code, diagnosed = run(program, "diagnose", folder, "--lang", "en")
    if code not in (0, 1, 3):
        wrong.append(f"diagnose: exit {code}")
    return wrong, output + "\n--diagnose--\n" + diagnosed


def main():
    program = os.path.abspath(sys.argv[1])
    print(f"1..{len(CASES)}", flush=True)
    failed = 0
    for number, (name, make, codes, words) in enumerate(CASES, 1):
        root = tempfile.mkdtemp(prefix="verkan-bad-")
        try:
            wrong, output = check(program, root, name, make, codes, words)
        except subprocess.TimeoutExpired:
            wrong, output = ["does not end"], ""
        finally:
            subprocess.run(["chmod", "-R", "u+rwX", root], check=False)
            shutil.rmtree(root, ignore_errors=True)
        failed += bool(wrong)
        for line in wrong + (output.splitlines()[:40] if wrong else []):
            print("#", line)
        print(f"{'not ' if wrong else ''}ok {number} - {name}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
