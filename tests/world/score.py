"""Holds verdicts against the truth of a simulated world: the figures of the table in doc/moments.md.

A seller-moment counts for the share of right verdicts where its true shortfall is clearly fine (under
0.3 log odds) or clearly faulty (over 0.9); for calibration and cover all count. The truth is the
region in which the true parameters lie under the verdict's own definition (DIR.truth.json)."""
import json
import random

VERDICTS = ["fine", "competence", "execution", "pressure", "process", "market"]
SURE = 0.7


def read(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def shortfalls(true):
    """The true effects against the median: doing it, doing it under load, success once done."""
    d = true["deviation"]
    e = d["e"] + d["team_e"]
    return e, e + d["p"] * true["load_80"], d["q"] + d["team_q"] + d["market_q"]


def rows(document, truth):
    """One row per seller and moment that the truth knows; verdict None where none was given."""
    found = {}
    for seller in document["sellers"]:
        for moment in seller["moments"]:
            found[seller["seller_id"], moment["moment"]] = moment
    out = []
    for seller in truth["sellers"]:
        for true in seller["moments"]:
            got = found.get((seller["seller_id"], true["moment"]))
            e, pressed, q = shortfalls(true)
            out.append({"true": true["verdict"], "planted": true["planted"], "moment": true["moment"],
                        "seller": seller["seller_id"], "team": seller["team_id"], "short": -min(e, pressed, q),
                        "effects": (e, pressed, q), "got": got,
                        "judged": bool(got and got["verdict"])})
    return out


def share(part, whole):
    return part / whole if whole else float("nan")


def tally(all_rows):
    """right, given, false alarms, balanced accuracy ... over rows of one kind of world."""
    scored = [r for r in all_rows if r["judged"] and (r["short"] < 0.3 or r["short"] > 0.9)]
    given = [r for r in scored if r["got"]["verdict"] != "unclear"]
    right = [r for r in given if r["got"]["verdict"] == r["true"]]
    fine = [r for r in scored if r["short"] < 0.3]
    alarms = [r for r in fine if r["got"]["verdict"] not in ("fine", "unclear")]
    recall = {}
    for v in VERDICTS:
        of = [r for r in scored if r["true"] == v]
        recall[v] = (sum(r["got"]["verdict"] == v for r in of), len(of))
    four = [share(*recall[v]) for v in VERDICTS[:4] if recall[v][1]]
    faulty = {r["seller"] for r in all_rows if r["planted"] != "none"}
    below = [r for r in fine if r["seller"] in faulty]
    return {"scored": len(scored), "right": share(len(right), len(given)),
            "given": share(len(given), len(scored)), "false_alarms": share(len(alarms), len(fine)),
            "downstream": share(sum(r in alarms for r in below), len(below)),
            "balanced": share(sum(four), len(four)), "recall": recall,
            "wrong": [r for r in given if r["got"]["verdict"] != r["true"]]}


def expected_error(confidence, correct, bins):
    """Expected calibration error over bins of equal mass."""
    order = sorted(range(len(confidence)), key=lambda i: confidence[i])
    size, error = len(order) / bins, 0.0
    for b in range(bins):
        part = order[round(b * size):round((b + 1) * size)]
        if part:
            gap = sum(confidence[i] - correct[i] for i in part)
            error += abs(gap) / len(order)
    return error


def calibration(confidence, correct, bins=12, again=200):
    """The error less what chance alone would give: labels drawn from the probabilities themselves."""
    draw = random.Random(1)
    raw = expected_error(confidence, correct, bins)
    null = sum(expected_error(confidence, [draw.random() < p for p in confidence], bins)
               for _ in range(again)) / again
    return max(0.0, raw - null)


def calibrations(all_rows):
    """Of the top label, and the worst of the classes."""
    judged = [r for r in all_rows if r["judged"]]
    top = [max(r["got"]["probability"].items(), key=lambda x: x[1]) for r in judged]
    label = calibration([p for _, p in top], [v == r["true"] for (v, _), r in zip(top, judged)])
    worst = 0.0
    for v in VERDICTS:
        p = [r["got"]["probability"][v] for r in judged]
        worst = max(worst, calibration(p, [r["true"] == v for r in judged]))
    return label, worst


def cover(all_rows):
    """Share of true effects inside their 90 % intervals: doing, under load, success."""
    judged = [r for r in all_rows if r["judged"]]
    names = ("execution", "under_load", "competence")
    out = []
    for k, name in enumerate(names):
        inside = 0
        for r in judged:
            e = r["got"]["figures"]["effects"][name]
            inside += e["lo"] <= r["effects"][k] <= e["hi"]
        out.append(share(inside, len(judged)))
    return out


def situations(all_rows):
    """Sellers weak in complex deals only: found among those planted."""
    planted = [r for r in all_rows if r["judged"] and r["planted"] == "situational"
               and r["moment"] != "prospecting"]
    found = 0
    for r in planted:
        verdict = {s["situation"]: s["verdict"] for s in r["got"]["situations"]}
        found += verdict.get("complex") == "competence"
    return found, len(planted)


def report(kind, all_rows):
    t = tally(all_rows)
    label, worst = calibrations(all_rows)
    return (f"{kind:9s} right {t['right']:.4f} given {t['given']:.3f} false alarms {100 * t['false_alarms']:.2f} % "
            f"downstream {100 * t['downstream']:.2f} % balanced {t['balanced']:.3f} calibration {label:.4f} "
            f"(worst class {worst:.4f}) cover " + " ".join(f"{c:.3f}" for c in cover(all_rows)) +
            f" situations {situations(all_rows)} " +
            " ".join(f"{v} {a}/{n}" for v, (a, n) in t["recall"].items() if n))


def rank_correlation(pairs):
    """Spearman's, of pairs without ties."""
    def ranks(x):
        order = sorted(range(len(x)), key=lambda i: x[i])
        return [order.index(i) for i in range(len(x))]
    a, b = ranks([p[0] for p in pairs]), ranks([p[1] for p in pairs])
    n = len(pairs)
    return 1 - 6 * sum((x - y) ** 2 for x, y in zip(a, b)) / (n * (n * n - 1))
