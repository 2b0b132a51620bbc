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
    for key, text in sv.items():
        english = now.get(key, "")
        if set(PLACE.findall(text)) - {"{n}"} - set(PLACE.findall(english)) \
                or (not isinstance(key, tuple)
                    and sorted(PLACE.findall(text)) != sorted(PLACE.findall(english))):
            bad.append(f"places differ: {english!r} and {text!r}")
        for said in (text, english):
            if re.search(FORBIDDEN, said, re.I):
                bad.append(f"a word that is not used: {said!r}")
    print("1..1")
    for line in bad:
        print("#", line)
    print(("not " if bad or not sv else "") + f"ok 1 - {len(now)} texts are translated")
    return bool(bad or not sv)


if __name__ == "__main__":
    sys.exit(main())
