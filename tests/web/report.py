#!/usr/bin/env python3
"""Writes reports of tests/cli/tiny and looks into them: report.py VERKAN ROOT. Speaks TAP."""
import base64
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

verkan, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
tiny = root / "tests/cli/tiny"
cases = []


def case(f):
    cases.append(f)
    return f


def run(*words, path=os.environ["PATH"]):
    return subprocess.run([verkan, *map(str, words)], capture_output=True, text=True,
                          env={"PATH": path, "TMPDIR": tempfile.gettempdir()})


def page(folder, data):
    got = run("report", data, "-o", folder / "x.html", "--lang", "sv")
    assert got.returncode == 0, got.stderr
    return (folder / "x.html").read_text()


plain = ""  # the page of tests/cli/tiny


def block(text, name):
    return re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.DOTALL).group(1)


@case
def the_document_stands_in_the_page_as_it_is_exported(folder):
    got = run("report", tiny, "-o", folder / "x.json", "--lang", "sv")
    assert got.returncode == 0, got.stderr
    assert json.loads(block(plain, "document")) == json.loads((folder / "x.json").read_text())


@case
def the_other_language_is_a_patch_of_texts(folder):
    def patched(value, part):
        if isinstance(part, str):
            return part
        value = list(value) if isinstance(value, list) else dict(value)
        for key, inner in part.items():
            at = int(key) if isinstance(value, list) else key
            value[at] = patched(value[at], inner)
        return value
    world = folder / "world"  # it has applicants, and more to say
    assert run("simulate", "mixed", "--sellers", "6", "--weeks", "26", "--seed", "5", "-o", world).returncode == 0
    for data, text in ((tiny, plain), (world, page(folder, world))):
        document, patch = json.loads(block(text, "document")), json.loads(block(text, "spoken"))
        got = run("report", data, "-o", folder / "en.json", "--lang", "en")
        assert got.returncode == 0, got.stderr
        assert patched(document, patch) == json.loads((folder / "en.json").read_text())
    assert document["candidates"] and patch["candidates"] and patch["requirements"]


@case
def nothing_in_the_data_can_end_the_script_or_be_markup(folder):
    evil = folder / "evil"
    shutil.copytree(tiny, evil)
    deals = (evil / "deals.csv").read_text()
    name = deals.splitlines()[1].split(",")[0]
    for path in evil.glob("*.csv"):
        text = path.read_text()
        lines = text.splitlines()
        if "stage" in lines[0].split(","):
            at = lines[0].split(",").index("stage")
            rows = [line.split(",") for line in lines[1:]]
            first = rows[0][at]
            for row in rows:
                if len(row) > at and row[at] == first:
                    row[at] = "</script><!--<script>alert(1)\u2028&amp;"
            path.write_text("\n".join([lines[0], *(",".join(r) for r in rows)]) + "\n")
    text = page(folder, evil)
    assert text.count("</script>") == 3 and name
    whole = block(text, "document") + block(text, "spoken")
    assert not re.search("[<>&\u2028\u2029]", whole)
    assert "</script><!--<script>alert(1)\u2028&amp;" in json.dumps(json.loads(block(text, "document")), ensure_ascii=False)


@case
def the_policy_allows_this_script_and_this_style_and_nothing_else(_):
    text = plain
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'" and parts["base-uri"] == "'none'" and parts["form-action"] == "'none'"
    for tag, source in (("script", "script-src"), ("style", "style-src")):
        body = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(body) == 1
        digest = base64.b64encode(hashlib.sha256(body[0].encode()).digest()).decode()
        assert parts[source] == f"'sha256-{digest}'"
    assert not re.search(r"\son[a-z]+\s*=|\sstyle\s*=|(?:src|href)=\"(?:https?:)?//", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))


@case
def the_page_is_small(_):
    empty = plain.replace(block(plain, "document"), "").replace(block(plain, "spoken"), "")
    assert len(gzip.compress(empty.encode())) <= 450_000


@case
def other_forms_and_missing_browsers_are_told(folder):
    got = run("report", tiny, "-o", folder / "x.docx")
    assert got.returncode == 2 and ".html" in got.stderr
    got = run("report", tiny)
    assert got.returncode == 2
    nowhere = folder / "empty"
    nowhere.mkdir()
    got = run("report", tiny, "-o", folder / "x.pdf", path=str(nowhere))
    assert got.returncode == 3 and "chromium" in got.stderr.lower(), got.stderr
    assert not (folder / "x.pdf").exists()


def main():
    global plain
    with tempfile.TemporaryDirectory() as where:
        built = run("report", tiny, "-o", f"{where}/x.html", "--lang", "sv")
        if "no pages" in built.stderr:
            print("1..0 # SKIP built without Node or without third_party/node_modules")
            return 0
        assert built.returncode == 0, built.stderr
        assert pathlib.Path(f"{where}/x.html").stat().st_mode & 0o077 == 0
        plain = pathlib.Path(f"{where}/x.html").read_text()
    print(f"1..{len(cases)}")
    failed = 0
    for number, test in enumerate(cases, 1):
        name = test.__name__.replace("_", " ")
        try:
            with tempfile.TemporaryDirectory() as where:
                test(pathlib.Path(where))
            print(f"ok {number} - {name}")
        except Exception as error:
            failed += 1
            print(f"# {type(error).__name__}: {error}\nnot ok {number} - {name}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
