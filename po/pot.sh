#!/bin/sh
# Writes the texts of the program to a template: po/pot.sh OUT.pot, from the root of the repository.
# note, say: how ledger.c and stages.c mark what they infer. The date goes, for it is no text.
# What failed is told by a format; PRId64 is %ld on every machine that this runs on (64 bits).
xgettext --from-code=UTF-8 --language=C --sort-output --no-location --package-name=verkan --keyword \
    --keyword=vrk_tr:2 --keyword=vrk_trn:2,3 --keyword=vrk_say:2 --keyword=vrk_say_n:2,3 \
    --keyword=VRK_N --keyword=VRK_N2:1,2 --keyword=note:2 --keyword=say:2 \
    --keyword=FAIL:2 --flag=FAIL:2:c-format --keyword=vrk_fail:3 --flag=vrk_fail:3:c-format \
    --keyword=vrk_fit_usage:3 --flag=vrk_fit_usage:3:c-format \
    --keyword=vrk_xml_stop:3 --keyword=vrk_recruit_usage:3 --keyword=vrk_assess_operand:4 --keyword=vrk_assess_number:4 \
    --keyword=vrk_parser_fail:3 --flag=vrk_parser_fail:3:c-format --output=- src/*/*.[ch] |
    sed -e 's/CHARSET/UTF-8/' -e '/^"POT-Creation-Date/d' \
        -e 's/%<PRId64>/%ld/g' -e 's/nplurals=INTEGER; plural=EXPRESSION/nplurals=2; plural=(n != 1)/' >"$1"
