#!/bin/sh
# Writes the texts of the program to a template: po/pot.sh OUT.pot, from the root of the repository.
# note, say: how ledger.c and stages.c mark what they infer. The date goes, for it is no text.
xgettext --from-code=UTF-8 --language=C --sort-output --no-location --package-name=verkan --keyword \
    --keyword=vrk_tr:2 --keyword=vrk_trn:2,3 --keyword=vrk_say:2 --keyword=vrk_say_n:2,3 \
    --keyword=VRK_N --keyword=VRK_N2:1,2 --keyword=note:2 --keyword=say:2 --output=- src/*/*.[ch] |
    sed -e 's/CHARSET/UTF-8/' -e '/^"POT-Creation-Date/d' \
        -e 's/nplurals=INTEGER; plural=EXPRESSION/nplurals=2; plural=(n != 1)/' >"$1"
