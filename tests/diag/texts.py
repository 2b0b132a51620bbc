#!/usr/bin/env python3
"""Checks the texts: verkan.pot is what po/pot.sh makes of the sources, every text has a Swedish
translation with the same places, and no sentence has the words that UI.md forbids. Speaks TAP."""
import gettext
import io
import pathlib
import re
import subprocess
import sys
import tempfile

FORBIDDEN = r"korrelerar|signifikan|\bscore\b|performance|\btopp\b|\bbotten\b|!|correlat|significan"
# The refusals of the program's own commands name these, in both languages.
NAMES = re.compile(r"^assess: .*|!=")
FORMAT = re.compile(r"%(?:(\d+)\$)?([-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z)?[a-zA-Z%])")
CALL = re.compile(r"\b(?:FAIL|vrk_fail|vrk_fit_usage|vrk_parser_fail)\(")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
PLACE = re.compile(r"\{\w+\}|%\d")


def catalogue(po, identity=False):
    with tempfile.NamedTemporaryFile() as mo:
        if identity:
            po = subprocess.run(["msgen", po], check=True, capture_output=True).stdout
            subprocess.run(["msgfmt", "-o", mo.name, "-"], input=po, check=True)
        else:
            subprocess.run(["msgfmt", "--check", "-o", mo.name, po], check=True)
        texts = gettext.GNUTranslations(io.BytesIO(pathlib.Path(mo.name).read_bytes()))._catalog
    return {k: v for k, v in texts.items() if k}


def formats(text):
    """What printf takes for the text, in the order of the arguments."""
    found = [(int(at or k + 1), what) for k, (at, what) in
             enumerate(m for m in FORMAT.findall(text) if m[1] != "%")]
    return sorted(found)


def argument(source, at, which):
    """Argument `which` (from 0) of the call whose bracket ends before `at`, and what is after."""
    deep, begin = 0, at
    tokens = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)+\'|[(),\[\]{}]')
    for token in tokens.finditer(source, at):
        sign = token[0]
        if sign in ")]}" and deep == 0 or sign == "," and deep == 0:
            if which == 0 or sign != ",":
                return source[begin:token.start()] if which == 0 else ""
            which, begin = which - 1, token.end()
        deep += (sign in "([{") - (sign in ")]}")
    return ""


def refusals(root):
    """Every text that a failure is told by, with the file it stands in."""
    found = {}
    for path in sorted(root.glob("src/*/*.c")):
        source = path.read_text()
        for call in CALL.finditer(source):
            which = 1 if call[0] == "FAIL(" else 2
            text = argument(source, call.end(), which).replace("PRId64", '"ld"')
            for piece in re.split(r"[?:](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", text):
                said = "".join(TEXT.findall(piece))
                if said:
                    said = said.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
                    found[said] = str(path.relative_to(root))
    return found


def main():
    root = pathlib.Path(sys.argv[1])
    bad = []
    with tempfile.NamedTemporaryFile(suffix=".pot") as fresh:
        subprocess.run(["po/pot.sh", fresh.name], cwd=root, check=True)
        now = catalogue(fresh.name, identity=True)
    kept = catalogue(root / "po/verkan.pot", identity=True)
    sv = catalogue(root / "po/sv.po")
    if set(now) != set(kept):
        bad.append("po/verkan.pot is not what po/pot.sh makes: "
                   + repr(sorted(set(now) ^ set(kept), key=str)[:4]))
    bad += [f"no Swedish for {key!r}" for key in now if not sv.get(key)]
    bad += [f"Swedish for what is not said any more: {key!r}" for key in sv if key not in now]
    told = refusals(root)
    bad += [f"{path}: no Swedish for the refusal {said!r}" for said, path in told.items()
            if not sv.get(said)]
    bad += [f"printf would take other things: {said!r} and {sv[said]!r}" for said in told
            if formats(said) != formats(sv.get(said, said))]
    if len(told) < 800:
        bad.append(f"only {len(told)} refusals were found in the sources")
    for key, text in sv.items():
        english = now.get(key, "")
        if set(PLACE.findall(text)) - {"{n}"} - set(PLACE.findall(english)) \
                or (not isinstance(key, tuple)
                    and sorted(PLACE.findall(text)) != sorted(PLACE.findall(english))):
            bad.append(f"places differ: {english!r} and {text!r}")
        for said in (text,) if key in told else (text, english):
            if re.search(FORBIDDEN, NAMES.sub("", said) if key in told else said, re.I):
                bad.append(f"a word that is not used: {said!r}")
    print("1..1")
    for line in bad:
        print("#", line)
    print(("not " if bad or not sv else "") + f"ok 1 - {len(now)} texts are translated")
    return bool(bad or not sv)


if __name__ == "__main__":
    sys.exit(main())
