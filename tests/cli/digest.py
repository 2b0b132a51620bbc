#!/usr/bin/env python3
"""verkan report --digest: digest.py VERKAN. Two diagnoses of one organisation, two months apart. Speaks TAP."""
import html.parser
import json
import os
import pathlib
import subprocess
import sys
import tempfile

verkan = os.path.abspath(sys.argv[1])
cases = []


def case(f):
    cases.append(f)
    return f


def run(*words, code=0):
    got = subprocess.run([verkan, *map(str, words)], capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    assert got.returncode == code, got.stderr
    return got.stdout


@case
def the_first_has_nothing_to_compare_with():
    run("import", top / "world", "-w", top / "w", "--as-of", "2026-09-20")
    text = run("report", "--digest", "-w", top / "w", "--lang", "en")
    assert "Needs attention" in text and "What changed" not in text, text


@case
def the_second_says_what_changed():
    before = json.loads(run("diagnose", "-w", top / "w", "--json"))
    run("import", top / "world", "-w", top / "w", "--as-of", "2026-11-20")
    text = run("report", "--digest", "-w", top / "w", "--lang", "en")
    now = json.loads(run("diagnose", "-w", top / "w", "--json"))
    won, lost = (now["data"][k] - before["data"][k] for k in ("won", "lost"))
    assert won > 0 and lost > 0
    assert f"Since then {won} deals were won and {lost} lost." in text, text
    assert "What changed since 20 Sep" in text.replace("\u00a0", " "), text
    step = sum(d["advice"] == "next_step" for d in now["open_deals"])
    assert step > 1 and f"{step} open deals live but have no next step." in text, text
    assert max(len(line) for line in text.splitlines()) <= 80


@case
def as_a_letter_it_is_plain_html_that_names_nobody():
    run("report", "--digest", "-w", top / "w", "--lang", "sv", "-o", top / "x.html")
    text = (top / "x.html").read_text(encoding="utf-8")
    assert (top / "x.html").stat().st_mode & 0o077 == 0
    tags = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append((tag, dict(attrs)))
    parser.feed(text)
    names = {tag for tag, _ in tags}
    assert {"h1", "h2", "ul", "li"} <= names and not {"script", "link", "img", "iframe"} & names
    assert not any("src" in attrs or "href" in attrs for _, attrs in tags) and "Vad som har ändrats sedan" in text
    sellers = [s["seller_id"] for s in json.loads(run("diagnose", "-w", top / "w", "--json"))["sellers"]]
    assert sellers and not any(s in text for s in sellers)


@case
def paths_and_other_forms_are_refused():
    run("report", "--digest", top / "world", code=2)
    run("report", "--digest", "-w", top / "w", "-o", top / "x.pdf", code=2)


def main():
    global top
    failed = 0
    print(f"1..{len(cases)}")
    with tempfile.TemporaryDirectory(prefix="verkan-digest-") as folder:
        top = pathlib.Path(folder)
        run("simulate", "mixed", "--sellers", "10", "--weeks", "52", "--seed", "4", "-o", top / "world")
        for number, one in enumerate(cases, 1):
            bad = ""
            try:
                one()
            except AssertionError as error:
                print("#", error)
                bad, failed = "not ", failed + 1
            print(f"{bad}ok {number} - {one.__name__}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
