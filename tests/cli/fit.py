#!/usr/bin/env python3
"""Holds `verkan fit` against R (fit/gen.R wrote fit/want.csv), and what it prints against reviewed
texts: fit.py VERKAN ROOT [--write]. Speaks TAP."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

verkan, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
here = root / "tests/cli"
data = pathlib.Path(os.environ.get("VERKAN_DATA", "/nowhere"))
write = "--write" in sys.argv
cases = []
want = {}
for row in csv.DictReader(open(here / "fit/want.csv")):
    want.setdefault(row["case"], {})[row["key"]] = float(row["value"])


class Skipped(Exception):
    pass


def public(name):
    """A table of $VERKAN_DATA."""
    if not (data / name).exists():
        raise Skipped("no VERKAN_DATA")
    return str(data / name)


def case(f):
    cases.append(f)
    return f


def run(model, table, formula, *more):
    return subprocess.run([verkan, "fit", model, "--data", str(here / "fit" / table), "--formula",
                           formula, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={"PATH": os.environ["PATH"]})


def near(got, wanted, tolerance):
    assert len(got) == len(wanted), got
    for a, b in zip(got, wanted):
        assert abs(a - b) <= tolerance * max(1, abs(b)), (got, wanted)


def fit(*words):
    got = run(*words, "--json")
    assert got.returncode == 0, got.stderr.decode()
    return json.loads(got.stdout)


def fit_all(model, table, *more):
    """Without a formula."""
    got = subprocess.run([verkan, "fit", model, "--data", table, "--json", *more],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert got.returncode == 0, got.stderr.decode()
    return json.loads(got.stdout)


def flat(document):
    """The document's numbers under the keys of want.csv."""
    out = {"ll": document.get("log_likelihood"), "deviance": document.get("deviance")}
    for c in document.get("coefficients", ()):
        out["coef:" + c["name"]], out["se:" + c["name"]] = c["estimate"], c["se"]
    for c in document.get("curve", ()):
        key = f"{c['group']}:{c['time']:g}:{c['state']}"
        out["p:" + key], out["pse:" + key] = c["probability"], c["se"]
    for r in document.get("rates", ()):
        out[f"q:{r['from']}:{r['to']}"], out[f"qse:{r['from']}:{r['to']}"] = r["rate"], r["se"]
    for r in document.get("random_effects", ()):
        if r["group"] == "Residual":
            out["sd:Residual"] = r["sd"]
            continue
        out[f"sd:{r['group']}:{r['name']}"] = r["sd"]
        before = [o for o in document["random_effects"] if o["group"] == r["group"]]
        for o, cor in zip(before, r["correlations"]):
            out[f"cor:{r['group']}:{o['name']}:{r['name']}"] = cor
    for r in document.get("modes", ()):
        out[f"mode:{r['group']}:{r['level']}:{r['name']}"] = r["mode"]
    return out


def agrees(name, document, tolerance, leave=()):
    """Every number that R gave for the case is there, within a relative tolerance (absolute under
    1), by the key's first word where `tolerance` has it, else by "*"."""
    got = flat(document)
    bad = []
    for key, value in want[name].items():
        kind = key.split(":")[0]
        if kind in leave:
            continue
        near = tolerance.get(kind, tolerance["*"])
        if got.get(key) is None or abs(got[key] - value) > near * max(1, abs(value)):
            bad.append(f"{name} {key}: want {value}, got {got.get(key)}")
    assert not bad, "\n".join(bad)


def prints(name, *words):
    got = run(*words)
    assert got.returncode == 0, got.stderr.decode()
    path = here / "golden" / name
    if write:
        path.write_bytes(got.stdout)
    assert got.stdout == path.read_bytes(), got.stdout.decode()


def refuses(code, message, model, table, formula, *more):
    got = run(model, table, formula, *more)
    text = got.stderr.decode()
    assert got.returncode == code and message in text and not got.stdout, (got.returncode, text)


@case
def cox_as_coxph():
    def cox(formula, *more):
        return fit("cox", "veteran.csv", formula, *more)

    near_r = {"*": 1e-6}
    agrees("cox_efron", cox("Surv(time, status) ~ karno + age + celltype"), near_r)
    agrees("cox_breslow", cox("Surv(time, status) ~ karno + age", "--ties", "breslow"), near_r)
    agrees("cox_strata", cox("Surv(time, status) ~ karno + factor(trt) + strata(celltype)"), near_r)
    agrees("cox_truncated", cox("Surv(entry, time, status) ~ karno + age"), near_r)
    agrees("cox_weights", cox("Surv(time, status) ~ karno + offset(age / 50)", "--weights", "w"), near_r)
    refuses(2, "the left side of cox is Surv", "cox", "veteran.csv", "time ~ karno")
    refuses(3, "the event is", "cox", "veteran.csv", "Surv(time, age) ~ karno")


@case
def poisson_as_glm():
    document = fit("poisson", "warpbreaks.csv", "breaks ~ wool*tension")
    agrees("poisson", document, {"*": 1e-8})
    assert document["fit"]["stop"] == "converged" and document["rows"]["used"] == 54
    prints("fit_poisson.out", "poisson", "warpbreaks.csv", "breaks ~ wool*tension")


@case
def aalen_johansen_as_survfit():
    document = fit("aj", "mgus2.csv", "Surv(time, event) ~ sex", "--errors", "jackknife",
                   "--at", "60,120,240")
    agrees("aj", document, {"*": 1e-8})
    prints("fit_aj.out", "aj", "mgus2.csv", "Surv(time, event) ~ sex", "--at", "60,120,240")


@case
def snapshots_as_msm():
    """R's search ends up to 1e-4 of a standard error short of the top, with 2:4 at 5e-7: zero here."""
    words = ("msm", "cav.csv", "state ~ 1", "--id", "PTNUM", "--time", "years", "--dated", "4")
    moves = ("--moves", "1:2,1:4,2:1,2:3,2:4,3:2,3:4")
    got = fit(*words, *moves, "--at", "1,5")
    none, = (r for r in got["rates"] if r["told"] != "yes")
    assert (none["from"], none["to"], none["rate"], none["se"]) == ("2", "4", 0, None), none
    none["se"] = want["msm"]["qse:2:4"]
    agrees("msm", got, {"*": 1e-5, "qse": 2e-5, "ll": 1e-8})
    assert got["log_likelihood"] >= want["msm"]["ll"] - 1e-7
    for row in range(0, 32, 4):
        near([sum(c["probability"] for c in got["chances"][row:row + 4])], [1], 1e-12)
    prints("fit_msm.out", *words, *moves, "--at", "1")
    refuses(2, "msm needs --id and --time", *words)
    refuses(2, "option --moves: '2-1' does not say", *words, "--moves", "1:2,2-1")
    refuses(2, "option --moves: '1:2' does not say", *words, "--moves", "1:2,1:2")
    refuses(2, "option --moves: '' does not say", *words, "--moves", "1:2,")
    refuses(2, "option --dated: no row is in the state '5'", *words, *moves, "--dated", "4,5")
    refuses(3, "no row is '9', as --censored says", *words, *moves, "--censored", "9")
    refuses(3, "cav.csv:226: 100046 was in state 2 before and is in 1 now", *words, "--moves",
            "1:2,1:4,2:3,3:2,3:4")


@case
def snapshots_in_any_order_with_covariates():
    """Rows are ordered by subject and time; a state that is not known; another unit of time."""
    words = ("--id", "who", "--time", "t", "--moves", "a:b,b:a,b:won", "--dated", "won")
    rows = [r for r in csv.reader(open(here / "fit/cav.csv"))][1:]
    rows = [[w, float(t), {"1": "a", "2": "b", "3": "b", "4": "won"}[s], float(int(w) % 3)]
            for w, t, s in rows]
    rows = [r for i, r in enumerate(rows)  # a from which nobody wins at once
            if r[2] != "won" or (rows[i - 1][2] == "b" and rows[i - 1][0] == r[0])]

    with tempfile.TemporaryDirectory() as folder:
        def of(rows, *more, formula="s ~ x"):
            path = pathlib.Path(folder, "t.csv")
            path.write_text("who,t,s,x\n" + "".join(",".join(map(str, r)) + "\n" for r in rows))
            return fit("msm", str(path), formula, *words, *more)
        plain, turned = of(rows), of(rows[::-1])
        weeks = of([[w, t * 7, s, x] for w, t, s, x in rows])
        half = of([[w, t, "?" if i % 9 == 4 and s != "won" else s, x]
                   for i, (w, t, s, x) in enumerate(rows)], "--censored", "?")
        twice = of(rows + [["z" + w, t, s, x] for w, t, s, x in rows])
        pathlib.Path(folder, "bad.csv").write_text("who,t,s,x\n1,0,a,1\n2,0,a,1\n1,0,b,1\n2,1,won,0\n")
        refuses(3, "bad.csv:2 and bad.csv:4: 1 was seen twice at 0", "msm", folder + "/bad.csv",
                "s ~ x", *words)
    assert plain["rates"] == turned["rates"] and len(plain["coefficients"]) == 3, plain
    assert half["seen"]["steps"] <= plain["seen"]["steps"] and half["rates"] != plain["rates"]
    near([r["rate"] * 7 for r in weeks["rates"]], [r["rate"] for r in plain["rates"]], 1e-6)
    near([c["estimate"] for c in weeks["coefficients"]],
         [c["estimate"] for c in plain["coefficients"]], 1e-6)
    near([r["se"] * 2 ** .5 for r in twice["rates"]], [r["se"] for r in plain["rates"]], 1e-5)
    near([twice["log_likelihood"]], [2 * plain["log_likelihood"]], 1e-10)


@case
def mixed_models_as_lme4():
    """lmer and glmer (Laplace), tolerances of issue 4: 1e-3 on estimates, 1e-4 on ll (relative)."""
    near_lme4 = {"*": 1e-3, "ll": 1e-5, "mode": 1e-3}
    words = ("glmm", "sleepstudy.csv", "Reaction ~ Days + (Days | Subject)")
    for name, mode in (("lmm_reml", "--reml"), ("lmm_ml", "--ml")):
        agrees(name, fit(*words, mode), {**near_lme4, "mode": 1e-2})
    prints("fit_glmm.out", *words)
    herds = ("glmm", "cbpp.csv", "cbind(incidence, size - incidence) ~ period + (1 | herd)",
             "--family", "binomial")
    agrees("glmm_logit", fit(*herds), near_lme4)
    near([fit(*herds, "--agq", "9")["random_effects"][0]["sd"]], [.6475177036], 1e-4)
    agrees("glmm_cloglog", fit(*herds, "--link", "cloglog"), near_lme4)
    rates = ("glmm", "rates.csv", "events ~ x + offset(log(days)) + (1|seller) + (1|team)",
             "--family", "poisson")
    got = fit(*rates)
    agrees("glmm_poisson", got, near_lme4)
    assert got["rows"] == {"read": 240, "missing": 2, "used": 238}
    share = fit("glmm", "cbpp.csv", "I(incidence/size) ~ period + (1 | herd)", "--family",
                "binomial", "--weights", "size")
    agrees("glmm_logit", share, near_lme4)
    held, whole = fit(*herds, "--bayes"), fit(*herds, "--bayes", "--integrate")
    assert held["method"] == "bayes" and whole["points"] > 10
    assert all(w["se"] >= 0.99 * h["se"] for w, h in zip(whole["coefficients"], held["coefficients"]))


@case
def mixed_models_refuse_what_cannot_be():
    herds = ("glmm", "cbpp.csv", "cbind(incidence, size - incidence) ~ period + (1 | herd)")
    refuses(2, "the left side is a column", *herds)
    refuses(2, "there are gaussian, binomial, poisson", *herds, "--family", "gamma")
    refuses(2, "the link log does not go with the family binomial", *herds, "--family",
            "binomial", "--link", "log")
    refuses(2, "give one of --ml, --reml and --bayes", *herds, "--family", "binomial", "--ml",
            "--bayes")
    refuses(2, "--integrate goes with --bayes", *herds, "--family", "binomial", "--integrate")
    refuses(3, "is -2; it cannot be below 0", "glmm", "cbpp.csv",
            "cbind(incidence, size - incidence - 11) ~ 1 + (1|herd)", "--family", "binomial")
    refuses(3, "one random term", "glmm", "sleepstudy.csv", "Days ~ 1 + (Reaction|Subject)", "--family",
            "poisson", "--agq", "9")
    refuses(3, "no whole number", "glmm", "cbpp.csv", "I(incidence/size) ~ 1 + (1|herd)",
            "--family", "binomial")
    refuses(3, "cannot be told from the residual", "glmm", "sleepstudy.csv",
            "Reaction ~ 1 + (1|Reaction)")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.csv")
        path.write_text("y,x,g,h\n" + "".join(
            f"{int(i >= 30)},{int(i >= 30)},{i % 6},one\n" for i in range(60)))
        refuses(3, "column h has one value, 'one'", "glmm", str(path), "y ~ x + (1|h)")
        got = fit("glmm", str(path), "y ~ x + (1|g)", "--family", "binomial")
        assert got["fit"]["stop"] == "boundary", got["fit"]  # x tells y completely


@case
def frontier_as_published():
    """FRONTIER 4.1's example EG1 and R's frontier 1.1-8."""
    table = public("frontier/front41Data.csv")
    words = ("frontier", table, "log(output) ~ log(capital) + log(labour)")
    got = fit(*words)
    near([c["estimate"] for c in got["coefficients"]],
         [0.5616193, 0.2811022, 0.5364798, 0.2170003, 0.7972069], 1e-4)
    near([got["log_likelihood"], got["no_inefficiency"]["lr"]], [-17.02722, 2.839], 1e-3)
    assert len(got["efficiency"]) == 60 and got["efficiency"][0]["line"] == 2
    prints("fit_frontier.out", *words)
    refuses(2, "--eta needs --firm and --time", *words, "--eta")
    refuses(3, "has no column 'age'", *words, "--inefficiency", "1,age")
    half = fit(*words, "--inefficiency", "labour")
    assert [c["name"] for c in half["coefficients"]][3:] == ["labour", "sigma2", "gamma"]


@case
def effects_over_time_as_published():
    """Callaway & Sant'Anna's minimum wages, R's did 2.1: aggte() of att_gt(xformla = ~1)."""
    table = public("did/mpdta.csv")
    words = ("did", table, "lemp ~ 1", "--id", "countyreal", "--time", "year", "--first",
             "first.treat")
    got = fit(*words)
    near([e["effect"] for e in got["average_effects"]], [-0.0400, -0.0310, -0.0772], 1e-4)
    near([e["effect"] for e in got["effects_by_group_and_time"] if e["group"] == 2004],
         [-0.0105, -0.0704, -0.1373, -0.1008], 1e-4)
    prints("fit_did.out", *words)
    covariate = fit("did", table, "lemp ~ lpop", *words[3:])
    near([covariate["effects_by_group_and_time"][0]["effect"]], [-0.0145], 1e-4)
    refuses(2, "did needs --id, --time and --first", *words[:5])
    refuses(3, "a second row for unit", "did", table, "lemp ~ 1", "--id", "treat", "--time",
            "year", "--first", "first.treat")
    refuses(3, "changes within unit", "did", table, "lemp ~ year", *words[3:])


@case
def items_as_published():
    """R's mirt 1.41: LSAT7, and Science by the graded model."""
    got = fit_all("irt", public("mirt/LSAT7.csv"), "--weights", "freq")
    near([i["slope"] for i in got["items"]], [0.988, 1.081, 1.706, 0.765, 0.736], 2e-3)
    near([i["intercepts"][0] for i in got["items"]], [1.856, 0.808, 1.804, 0.486, 1.855], 2e-3)
    near([got["log_likelihood"]], [-2658.805], 1e-6)
    got = fit_all("irt", public("mirt/Science.csv"), "--items", "grm")
    near([got["log_likelihood"]], [-1608.870], 1e-6)
    assert got["items"][0]["lowest"] == 1
    two = fit("irt", public("mirt/Science.csv"), "~ Comfort + Work + Benefit", "--items", "pcm")
    assert [i["item"] for i in two["items"]] == ["Comfort", "Work", "Benefit"]
    refuses(3, "has no column 'Worn'", "irt", public("mirt/Science.csv"), "~ Comfort + Worn")
    refuses(2, "there are 2pl", "irt", public("mirt/Science.csv"), "~ Work", "--items", "3pl")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.csv")
        path.write_text("a,b\n1,0\n0,yes\n")
        refuses(3, "t.csv:3: 'yes' in column b is not an answer", "irt", str(path), "~ a + b")
        path.write_text("a,b\n1,0\n0,1.5\n")
        refuses(3, "t.csv:3: 1.5 in column b is not an answer", "irt", str(path), "~ a + b")


@case
def ratings_as_published():
    """R's TAM 4.3-25 on data.sim.mfr (T27); the same wide and long."""
    rows = list(csv.reader(open(public("tam/data.sim.mfr.csv"))))
    raters = list(csv.reader(open(public("tam/data.sim.facets.csv"))))
    with tempfile.TemporaryDirectory() as folder:
        wide, long = pathlib.Path(folder, "w.csv"), pathlib.Path(folder, "l.csv")
        wide.write_text("\n".join(",".join(["id" if not i else str(i), f[0], *r])
                                  for i, (r, f) in enumerate(zip(rows, raters))))
        long.write_text("\n".join(["id,rater,item,score"] + [
            f"{i},{raters[i][0]},{rows[0][k]},{rows[i][k]}"
            for k in range(5) for i in range(1, len(rows))]))
        words = ("facets", str(wide), "cbind(V1, V2, V3, V4, V5) ~ rater", "--id", "id")
        refuses(3, "the design falls into 5 parts", *words)
        got = fit(*words, "--apart")
        same = fit("facets", str(long), "score ~ item + rater", "--id", "id", "--apart")
        own = fit("facets", str(long), "score ~ item + rater", "--id", "id", "--apart",
                  "--own-steps")
        refuses(2, "facets needs --id", "facets", str(long), "score ~ item + rater")
        refuses(2, "facets takes score ~", "facets", str(long), "score ~ 1", "--id", "id")
        refuses(3, "changes within person", "facets", str(long), "score ~ item", "--id", "rater",
                "--group", "id")
        refuses(3, "holds no score", "facets", str(long), "item ~ rater", "--id", "id")
    near([f["measure"] for f in got["facets"]],
         [.97130, -.60135, -.60135, -1.46265, 1.29346, -.05966, -.29497, .33107, -.27106, .29461],
         2e-3)
    near([s["step"] for s in got["steps"]], [-.08221, .17309, -.09088], 2e-3)
    near([got["spread_of_persons"]["sd"] ** 2, got["reliability"]["eap"]], [.749609, .70198], 2e-3)
    near([got["deviance"]], [1017.405], 1e-5)
    assert len(got["persons"]) == 100 and len(own["steps"]) == 15
    for a, b in zip(got["facets"] + got["persons"], same["facets"] + same["persons"]):
        assert all(x == b[k] or abs(x - b[k]) < 1e-6 for k, x in a.items()), (a, b)


@case
def weights_count_rows():
    """Weight 2 is the row twice, for rates and curves."""
    rows = list(csv.reader(open(here / "fit/warpbreaks.csv")))
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "w.csv").write_text("\n".join(
            ",".join(r + (["w"] if not i else [str(1 + i % 2)])) for i, r in enumerate(rows)))
        pathlib.Path(folder, "d.csv").write_text("\n".join(
            ",".join(r) for i, r in enumerate(rows) for _ in range(1 + i % 2 if i else 1)))
        a = flat(fit("poisson", folder + "/w.csv", "breaks ~ wool + tension", "--weights", "w"))
        b = flat(fit("poisson", folder + "/d.csv", "breaks ~ wool + tension"))
    for key in b:
        assert key == "deviance" or abs(a[key] - b[key]) < 1e-9 * max(1, abs(b[key])), key


@case
def columns_explained_by_others_are_told():
    got = fit("poisson", "warpbreaks.csv",
              "breaks ~ wool + I(2*(wool == \"A\")) + I(0*breaks) + tension")["coefficients"]
    assert [c["name"] for c in got if c["estimate"] is None] == [
        "I(2 * (wool == \"A\"))", "I(0 * breaks)"], got


@case
def wrong_usage_is_told():
    refuses(2, "formula:1:17: expected a column name after '+'", "poisson", "warpbreaks.csv",
            "breaks ~ wool + ")
    refuses(2, "formula:1:1: nothing stands before '~'", "poisson", "warpbreaks.csv", "~ wool")
    refuses(2, "'glmmm' is no model", "glmmm", "warpbreaks.csv", "breaks ~ wool")
    refuses(2, "has no option --tau", "poisson", "warpbreaks.csv", "breaks ~ wool", "--tau", "3")
    refuses(2, "there are greenwood, aalen, jackknife", "aj", "mgus2.csv", "Surv(time, event) ~ 1",
            "--errors", "no")
    refuses(2, "no list of rising numbers", "aj", "mgus2.csv", "Surv(time, event) ~ 1", "--at",
            "5,4")
    refuses(2, "Surv(exit, event)", "aj", "mgus2.csv", "time ~ 1")
    refuses(2, "unknown option --colour", "aj", "mgus2.csv", "Surv(time, event) ~ 1", "--colour")
    got = subprocess.run([verkan, "fit", "aj"], stderr=subprocess.PIPE)
    assert got.returncode == 2 and b"--data" in got.stderr


@case
def bad_data_is_told():
    refuses(3, "has no column 'wolle'; there are breaks, wool, tension", "poisson",
            "warpbreaks.csv", "breaks ~ wolle")
    refuses(3, "warpbreaks.csv:2: 'A' in column wool is not a number", "poisson", "warpbreaks.csv",
            "wool ~ tension")
    refuses(1, "there is no such file", "poisson", "nothing.csv", "breaks ~ wool")
    with tempfile.TemporaryDirectory() as folder:
        def bad(text, message, formula="y ~ x", model="poisson"):
            path = pathlib.Path(folder, "t.csv")
            path.write_bytes(text)
            refuses(3, message, model, str(path), formula)
        bad(b"", "is empty")
        bad(b"y,x\n", "has headings, but no rows")
        bad(b"y,x\n1,2\n3\n4,5\n", "t.csv:3: ")
        bad(b"y,x\n1,2\n\"3,4\n5,6\n", "t.csv:3: ")
        bad(b"y,x\n1,\xff\n", "t.csv:2: ")
        bad(b"y,y\n1,2\n", "t.csv:1: two columns are called 'y'")
        bad(b"y,x\n1,2\n\n2,3\n3,abc\n4,5\n", "t.csv:5: 'abc' in column x is not a number")
        bad(b"y,x\n1,2\n2,1e999\n", "t.csv:3: x is inf, not a finite number")
        bad(b"y,x\n1,2\n2,inf\n3,4\n", "t.csv:3: 'inf' in column x is not a number")
        bad(b"y,x\n,2\n2,NA\n", "none of 2 rows has a value in every column")
        bad(b"y,x\n1,a\n2,a\n", "column x has one value, 'a'")
        bad(b"y,x\n1,0\n2,1\n", "t.csv:2: log(x) is -inf", "y ~ log(x)")
        bad(b"y,x\n-1,0\n2,1\n", "t.csv:2: y is -1; it cannot be below 0")
        bad(b"t,e\n1,0\n2,0\n", "nobody enters a state", "Surv(t, e) ~ 1", "aj")
        bad(b"s,t,e\n1,2,a\n3,3,a\n", "t.csv:3: the spell ends at 3, which is not after its start",
            "Surv(s, t, e) ~ 1", "aj")


@case
def reads_tables_as_they_come():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.csv")
        path.write_bytes("\ufeff\"y\";\"the x\"\r\n1;\"u;\"\"1\"\"\"\r\n\r\n4;v\r\n3;\r\n5;v\r\n"
                         .encode())
        got = fit("poisson", str(path), "y ~ `the x`")
        assert got["rows"] == {"read": 4, "missing": 1, "used": 3}, got
        assert got["coefficients"][1]["name"] == "the xv", got


@case
def is_hidden_and_explained():
    overview = subprocess.run([verkan, "--help"], stdout=subprocess.PIPE).stdout.decode()
    usage = subprocess.run([verkan, "fit", "--help"], stdout=subprocess.PIPE).stdout.decode()
    assert "\n  fit" not in overview and "--formula" in usage


def main():
    failed = 0
    print(f"1..{len(cases)}")
    for number, f in enumerate(cases, 1):
        try:
            f()
            print(f"ok {number} - {f.__name__}")
        except Skipped as why:
            print(f"ok {number} - {f.__name__} # SKIP {why}")
        except (AssertionError, OSError, ValueError, KeyError) as e:
            failed += 1
            print("# " + "\n# ".join(str(e).splitlines()) + f"\nnot ok {number} - {f.__name__}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
