#!/usr/bin/env python3
"""Somebody is invited to a test, takes it in two goes, and it reaches the diagnosis: assess.py
VERKAN. Speaks TAP."""
import csv
import io
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


def run(*words, code=0, text="", env=()):
    done = subprocess.run([verkan, *map(str, words)], capture_output=True, text=True, input=text,
                          env={"PATH": os.environ["PATH"], **dict(env)}, timeout=120)
    assert done.returncode == code, f"exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr if code else done.stdout


def workspace(folder):
    run("simulate", "mixed", "--sellers", 8, "--weeks", 20, "-o", folder / "in")
    run("import", "-w", folder / "w", folder / "in")
    return folder / "w"


def invite(w, person, *more):
    out = run("assess", "invite", "-w", w, "--person", person, "--competency",
              "qualification,prospecting", *more)
    link = out.splitlines()[1].strip()
    assert len(link) == 48, out
    return link


@case
def a_test_is_taken_in_two_goes_and_reaches_the_diagnosis(folder):
    w = workspace(folder)
    link = invite(w, "S0001", "--lang", "sv")
    first = run("assess", "take", "-w", w, link, text="a\nx\nB\n c)\n")
    assert "Vad gör du först?" in first and "Välj ett av de fyra svaren." in first
    assert "Dina svar är sparade." in first
    assert "3 answers" in run("assess", "status", "-w", w)
    rest = run("assess", "take", "-w", w, link, text="d\n" * 50)
    assert "Situation 4," in rest and "Situation 3," not in rest
    assert "Du har svarat på allt." in rest
    assert "Du har svarat på allt." in run("assess", "take", "-w", w, link, code=3)
    assert "bit for bit" in run("assess", "replay", 1, "-w", w)
    page = run("assess", "score", "--person", "S0001", "-w", w)
    assert "From 12 answers" in page and "not estimated here" in page, page
    assert page == run("assess", "score", 1, "-w", w)
    got = list(csv.DictReader(io.StringIO(run("assess", "export", "-w", w))))
    assert len(got) == 24 and {r["instrument"] for r in got} == {"sjt"}
    assert len({r["item_id"] for r in got}) == 24 and {r["max_score"] for r in got} == {"3"}
    out = folder / "assessments.csv"
    run("assess", "export", "-w", w, "-o", out)
    report = run("import", "-w", w, out)
    assert " 24 " in report and "rejected" in report, report
    run("import", "-w", w, out)
    run("diagnose", "-w", w)


@case
def links_that_do_not_hold_are_refused_in_words(folder):
    w = workspace(folder)
    assert "no such link" in run("assess", "take", "-w", w, "0" * 48, code=3)
    assert "no such link" in run("assess", "take", "-w", w, "'; DROP TABLE invitation", code=3)
    link = invite(w, "S0001")
    run("assess", "take", "-w", w, link, text="a\na\n")
    run("assess", "withdraw", 1, "-w", w)
    assert "taken back" in run("assess", "take", "-w", w, link, code=3)
    assert "2 answers" in run("assess", "status", "-w", w)
    page = run("assess", "score", 1, "-w", w)
    assert "4 are needed" in page and "points (" not in page, page


@case
def wrong_words_are_refused(folder):
    w = workspace(folder)
    for words, code, says in [
            (["invite", "--person", "NOBODY", "--competency", "qualification"], 3, "no person 'NOBODY'"),
            (["invite", "--person", "S0001", "--competency", "juggling"], 3, "no competency 'juggling'"),
            (["invite", "--person", "S0001"], 2, "--competency"),
            (["invite", "--person", "S0001", "--competency", "qualification", "--se", "9"], 2, "0.1 to 1"),
            (["score", "0"], 2, "'0' is not"), (["score", "-w"], 2, ""), (["score", "1e3"], 2, "1e3"),
            (["score", "99999999999999999999"], 2, "is not"), (["score", "7"], 3, "no invitation 7"),
            (["replay", "--person", "S0002"], 3, "answered nothing"), (["take"], 2, "the link"),
            (["withdraw", "4"], 3, "no invitation 4"), (["dance"], 2, "not known here")]:
        got = run("assess", *words, *([] if words[-1] == "-w" else ["-w", w]), code=code)
        assert says in got, (words, got)


@case
def an_applicant_may_be_new(folder):
    w = workspace(folder)
    invite(w, "Zoë, of \"Ås\"", "--candidate")
    assert "Zoë" in run("assess", "status", "-w", w)
    assert "no person" in run("assess", "invite", "-w", w, "--person", "Åke", "--competency",
                              "prospecting", code=3)


@case
def ratings_need_what_was_seen(folder):
    w = workspace(folder)
    seen = ["--person", "S0001", "--rater", "S0002", "--as", "peer", "-w", w]
    run("assess", "rate", "qualification=4", *seen, "--evidence", "Ended a deal that all others pursued")
    run("assess", "rate", "qualification=2", *seen, "--evidence", "On reflection it was too late")
    run("assess", "rate", "presentation=0", *seen)
    for words, code in [(["qualification=4", *seen], 3), (["qualification=4", *seen, "--evidence", "ok"], 3),
                        (["qualification=6", *seen, "--evidence", "x" * 20], 2), (["juggling=3", *seen, "--evidence", "x" * 20], 3),
                        (["qualification", *seen], 2),
                        (["qualification=3", "--person", "S0001", "--rater", "S0001", "--as", "peer", "-w", w, "--evidence", "x" * 20], 3),
                        (["qualification=3", "--person", "S0001", "--rater", "S0002", "--as", "self", "-w", w, "--evidence", "x" * 20], 3),
                        (["qualification=3", "--person", "S0001", "--rater", "S9999", "--as", "peer", "-w", w, "--evidence", "x" * 20], 3)]:
        run("assess", "rate", *words, code=code)
    got = list(csv.DictReader(io.StringIO(run("assess", "export", "-w", w))))
    assert [(r["instrument"], r["score"], r["max_score"], r["rater_id"]) for r in got] == [
        ("peer_rating", "2", "5", "S0002")], got


@case
def applicants_are_compared_and_decided_on(folder):
    w = workspace(folder)
    for person, key in [("R7001", "a"), ("R7002", "b")]:
        out = run("assess", "invite", "-w", w, "--person", person, "--candidate", "--competency",
                  "qualification,prospecting,business_questions,presentation,relationship")
        run("assess", "take", "-w", w, out.splitlines()[1].strip(), text=(key + "\n") * 80)
    page = run("recruit", "fit", "new_business", "-w", w)
    assert "R7001" in page and "better half" in page and "literature" in page, page
    assert "of such pairs" in page
    blind = run("recruit", "fit", "new_business", "--blind", "-w", w)
    assert "R700" not in blind and "better half" in blind, blind
    few = run("assess", "invite", "-w", w, "--person", "R7003", "--candidate", "--competency", "presentation")
    run("assess", "take", "-w", w, few.splitlines()[1].strip(), text="c\n" * 80)
    assert "cannot be said" in run("recruit", "fit", "new_business", "-w", w)
    assert "no role" in run("recruit", "fit", "juggler", "-w", w, code=3)
    run("recruit", "weigh", "key_account", "relationship=5", "--by", "Eva", "-w", w)
    assert "start value 5" in run("recruit", "roles", "key_account", "-w", w)
    run("recruit", "weigh", "key_account", "relationship=6", "--by", "Eva", "-w", w, code=2)
    run("recruit", "decide", "R7001", "advance", "--role", "new_business", "--by", "Eva", "--reason",
        "Clear about what speaks against a deal", "-w", w)
    assert "its reason" in run("recruit", "decide", "R7002", "reject", "--role", "new_business", "--by",
                               "Eva", "--reason", "no", "-w", w, code=3)
    assert "Clear about" in run("recruit", "decisions", "-w", w)


@case
def fairness_and_validity_come_from_files(folder):
    table = folder / "t.csv"
    table.write_text("attribute,stage,group,applied,selected\nsex,offer,women,100,40\nsex,offer,men,100,32\n"
                     "sex,interview,women,80,48\nsex,interview,men,40,12\nsex,interview,,3,1\n"
                     "age,,under 30,5,3\nage,,30-39,4,1\n")
    page = run("recruit", "impact", table)
    assert "men: 32 of 100 (32%): not below four fifths" in page, page
    assert "more than chance gives" in page and "cannot be judged" in page and "3 persons" in page, page
    assert "no adverse" not in page.lower()
    for text in ["group,applied\na,1\n", "group,applied,selected\na,1,2\n", "group,applied,selected\na,x,2\n",
                 "group,applied,selected\na,10,2\na,10,3\n", "group,applied,selected\na,10.5,2\n", "", "\0\0\n"]:
        table.write_text(text)
        run("recruit", "impact", table, code=3)
    table.write_text("predictor,result\n" + "".join(f"{i % 7},{i % 5}\n" for i in range(40)))
    assert "tells nothing here yet" in run("recruit", "validate", table)
    table.write_text("predictor,result\n1,2\n")
    assert "cannot be judged" in run("recruit", "validate", table)


def main():
    bad = 0
    print(f"1..{len(cases)}")
    for number, f in enumerate(cases, 1):
        try:
            with tempfile.TemporaryDirectory() as folder:
                f(pathlib.Path(folder))
            print(f"ok {number} - {f.__name__}")
        except AssertionError as error:
            bad += 1
            print("#", str(error).replace("\n", "\n# "))
            print(f"not ok {number} - {f.__name__}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
