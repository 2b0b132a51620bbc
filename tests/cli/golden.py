#!/usr/bin/env python3
"""Runs sessions of the program on tests/cli/tiny and compares what they print with the reviewed
texts in tests/cli/golden: golden.py VERKAN ROOT [--write]. Speaks TAP."""
import fcntl
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile

verkan, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
here = root / "tests/cli"
write = "--write" in sys.argv
cases = []


def case(f):
    cases.append(f)
    return f


def run(*words, env=(), cwd=None, stdout=subprocess.PIPE):
    clean = {"PATH": os.environ["PATH"], "TMPDIR": cwd or tempfile.gettempdir(), **dict(env)}
    return subprocess.run([verkan, *words], stdout=stdout, stderr=subprocess.PIPE, env=clean, cwd=cwd)


def same(name, *words, env=()):
    got = run(*words, env=env)
    assert got.returncode == 0, got.stderr.decode()
    path = here / "golden" / name
    if write:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(got.stdout)
    want = path.read_bytes()
    if got.stdout != want:
        for a, b in zip(want.decode().splitlines(), got.stdout.decode().splitlines()):
            if a != b:
                print(f"# want {a}\n# got  {b}")
    assert got.stdout == want, name


@case
def diagnose_in_english():
    same("diagnose_en.out", "diagnose", str(here / "tiny"), "--lang", "en")


@case
def diagnose_in_swedish():
    same("diagnose_sv.out", "diagnose", str(here / "tiny"), env={"LANG": "sv_SE.UTF-8"}.items())


@case
def doctor_in_both():
    same("doctor_en.out", "doctor", str(here / "tiny"))
    same("doctor_sv.out", "doctor", str(here / "tiny"), "--lang=sv")


@case
def usage_in_swedish():
    got = run("diagnose", "--help", env={"LC_ALL": "sv_SE.UTF-8"}.items()).stdout.decode()
    assert "Säger var affärerna tar slut" in got and "språk" in got, got
    assert "Say where deals stop" in run("--help", env={"LANG": "C"}.items()).stdout.decode()


@case
def workspace_gives_the_same_as_files():
    with tempfile.TemporaryDirectory() as folder:
        assert run("import", "-w", folder + "/w", str(here / "tiny")).returncode == 0
        got = run("diagnose", "-w", folder + "/w")
        assert got.stdout == (here / "golden/diagnose_en.out").read_bytes(), got.stderr


@case
def an_import_speaks_the_language_asked_for():
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "deals.csv").write_text(
            "Deal;Säljare;Skapad;Stängd;Status\n1;Eva;2026-13-01;;Vunnen\n2;Eva;2026-01-01;2026-01-05;Vunnen\n")
        (pathlib.Path(folder) / "other.csv").write_text("a;b\n1;2\n")
        for lang, told in (("sv", ("'Stängd' -> closed_at (95 % säkert)", "rader lästa", "Anmärkningar:",
                                   "ger namnen på säljare", "är ingen dag i kalendern", "Ingenting ändrades")),
                           ("en", ("'Stängd' -> closed_at (95 % sure)", "rows read", "Remarks:",
                                   "names the sellers", "is no day of the calendar", "Nothing was changed"))):
            got = run("import", "--dry-run", "--lang", lang, "-w", folder + "/w", folder + "/deals.csv").stdout.decode()
            assert all(sentence in got for sentence in told), got
            got = run("import", "--lang", lang, "-w", folder + "/w", folder + "/other.csv").stderr.decode()
            assert ("skriv vad de är" if lang == "sv" else "say what they are") in got, got
            got = run("diagnose", "--lang", lang, folder + "/deals.csv").stdout.decode()
            assert told[3] in " ".join(got.split()), got


def refusals(folder):
    """Words of the command line that are refused, with {folder} for a folder of their own."""
    tiny = str(here / "tiny")
    pathlib.Path(folder, "empty").mkdir()
    pathlib.Path(folder, "empty.csv").write_text("")
    pathlib.Path(folder, "deals.zip").write_text("no archive")
    pathlib.Path(folder, "named.csv").write_text("person_id\n7\n")
    pathlib.Path(folder, "map.txt").write_text("[deals.csv]\nnonsense\n")
    assert run("import", "-w", f"{folder}/w", tiny).returncode == 0
    assert run("init", f"{folder}/new").returncode == 0
    pathlib.Path(folder, "bad").mkdir()
    pathlib.Path(folder, "bad/verkan.toml").write_text('organisation = "Nord"\ncurrency = "kronor"\n')
    yield from (
        ["nope"], ["diagnose", "--colour"], ["diagnose", "-w"], ["export", "--format", "doc", "-o", "x"],
        ["report"], ["whatif"], ["whatif", "sell more"], ["deals", "--as-of", "yesterday", tiny],
        ["import", "-w", "{folder}/w", "{folder}/none.csv"], ["import", "-w", "{folder}/w", "{folder}/empty.csv"], ["import", "-w", "{folder}/w", "{folder}/deals.zip"],
        ["import", "-w", "{folder}/w", "{folder}/empty"], ["import", "-w", "{folder}/w", "--map", "{folder}/map.txt", tiny],
        ["import", "-w", "{folder}/w", "--max-rejects", "half", tiny], ["diagnose", "-w", "{folder}/none"],
        ["diagnose", "-w", "{folder}/new"], ["diagnose", "-w", "{folder}/bad"],
        ["diagnose", "-w", "{folder}/w", "--snapshot", "9"], ["verify", "-w", "{folder}/w", "9"],
        ["report", "-w", "{folder}/w", "-o", "{folder}/no/such.json"],
        ["export", "-w", "{folder}/w", "-o", "{folder}/empty.csv"],
        ["user", "-w", "{folder}/w", "add", "Eva", "--role", "boss"],
        ["user", "-w", "{folder}/w", "link", "Nobody"],
        ["serve", "-w", "{folder}/w", "--listen", "0.0.0.0:8300"], ["serve", "--listen", "nowhere"],
        ["assess", "-w", "{folder}/w", "guide", "charm"], ["assess", "-w", "{folder}/w", "replay", "x"],
        ["recruit", "-w", "{folder}/w", "fit", "king"], ["recruit", "impact", "{folder}/named.csv"],
        ["simulate", "null", "--sellers", "many"], ["init", "{folder}/empty.csv"],
        ["fit", "nothing"], ["fit", "glmm", "--data", "{folder}/named.csv", "--formula", "y ~ x"])


@case
def refusals_speak_the_language_that_is_asked_for():
    with tempfile.TemporaryDirectory() as folder:
        told = []
        for words in refusals(folder):
            line = [word.replace("{folder}", folder) for word in words]
            sv, en = (run(*line, "--lang", lang) for lang in ("sv", "en"))
            env = run(*line, env={"LC_ALL": "sv_SE.UTF-8"}.items())
            if words != ["diagnose", "-w"]:  # takes --lang for its value
                assert sv.returncode == en.returncode > 0 and sv.stderr == env.stderr, (words, sv.stderr, env.stderr)
                assert sv.stderr != en.stderr, f"{words} is refused in English: {en.stderr}"
            # what the pages of usage say is another case's
            first = env.stderr.decode().splitlines()[0].replace(folder, "{folder}")
            told.append(f"$ verkan {' '.join(words).replace(str(root), '.')}\n{first}\n")
        path = here / "golden/refusals_sv.out"
        if write:
            path.write_text("".join(told))
        want = path.read_text()
        assert "".join(told) == want, [a for a in told if a not in want]


@case
def a_busy_workspace_is_told_in_swedish():
    with tempfile.TemporaryDirectory() as folder:
        assert run("import", "-w", folder + "/w", str(here / "tiny")).returncode == 0
        with open(folder + "/w/import.lock", "r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            got = run("import", "-w", folder + "/w", str(here / "tiny"), "--lang", "sv")
        assert got.returncode and "vänta tills den importen är klar" in got.stderr.decode(), got.stderr


@case
def a_report_without_chromium_is_told_in_swedish():
    with tempfile.TemporaryDirectory() as folder:
        got = run("report", str(here / "tiny"), "-o", folder + "/x.pdf", "--lang=sv", env={"PATH": folder}.items())
        assert got.returncode and "en PDF behöver Chromium" in got.stderr.decode(), got.stderr
        assert os.listdir(folder) == []


@case
def document_has_the_sources_ids_and_no_names():
    text = run("diagnose", str(here / "tiny"), "--json").stdout.decode()
    document = json.loads(text)
    assert [s["seller_id"] for s in document["sellers"]] == ["S1", "S2", "S3"]
    for hidden in ("seller_key", "Eva", "Berg", str(here)):
        assert hidden not in text, hidden
    assert all(m["verdict"] is None for s in document["sellers"] for m in s["moments"])


@case
def nothing_is_left_behind():
    with tempfile.TemporaryDirectory() as folder:
        assert run("diagnose", str(here / "tiny"), cwd=folder).returncode == 0
        assert run("diagnose", folder, cwd=folder).returncode == 3
        assert os.listdir(folder) == []


@case
def as_of_takes_the_later_away():
    document = json.loads(run("diagnose", str(here / "tiny"), "--json", "--as-of",
                              "2026-02-28").stdout)
    assert document["data"]["as_of"] == "2026-02-28"
    assert document["whole"]["standing"] > 26


@case
def wrong_usage_is_told():
    for words in (["diagnose", "--lang", "de"], ["diagnose", "--colour"]):
        got = run(*words)
        assert got.returncode == 2 and got.stdout == b"" and words[1].encode() in got.stderr


def on_terminal(env):
    main, side = pty.openpty()
    run("doctor", str(here / "tiny"), env=env.items(), stdout=side)
    os.close(side)
    text = b""
    try:
        while part := os.read(main, 65536):
            text += part
    except OSError:
        pass
    os.close(main)
    return text


@case
def no_colour_when_not_wanted():
    assert b"\x1b" in on_terminal({"TERM": "xterm"})
    assert b"\x1b" not in on_terminal({"TERM": "xterm", "NO_COLOR": "1"})
    assert b"\x1b" not in on_terminal({"TERM": "dumb"})


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
