#!/usr/bin/env python3
"""mutants.py VERKAN SAMPLES N [SEED]: takes good samples and writes them in other ways, one or two at a
time (encoding, separator, decimal sign, order of dates and of columns, titles, footers, renamed and
doubled headings, line ends). The twelve deals must still come out, or the import must stop and ask
(exit 3), or name the very column that it did not understand and what the deals lack for it: never
silently wrong. Reports the rates of right, asked, told and wrong."""
import collections
import concurrent.futures
import csv
import datetime
import io
import os
import random
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import samples  # noqa: E402

# sample: encoding, separator, footer lines to take off first
BASES = {
    "nasty-01": ("utf-8-sig", ";"), "salesforce-report-en": ("utf-8", ","),
    "salesforce-report-sv": ("cp1252", ";"), "hubspot-en": ("utf-8", ","),
    "hubspot-sv": ("utf-8", ","), "pipedrive": ("utf-8", ","), "dynamics-sv": ("utf-8-sig", ";"),
    "zoho": ("utf-8", ","), "espocrm": ("utf-8", ","), "upsales": ("utf-8-sig", ";"),
    "lime": ("cp1252", "\t"), "tryton": ("utf-8", ","),
}
SYNONYMS = {}


def synonyms(path):
    for row in samples.table(path):
        pass
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split(";") for line in f][1:]
    words = collections.defaultdict(list)
    for concept, _, _, text in rows:
        # a date of closing and an expected one share words: another word may mean another thing
        if concept.startswith(("deal.", "account.name")) and not concept.startswith(
                ("deal.expected_close", "deal.closed_at", "deal.status", "deal.next_step")):
            words[concept] += [w for w in text.split("|") if not w.startswith("regex")]
    return words


class Table:
    def __init__(self, name):
        encoding, sep = BASES[name]
        path = os.path.join(samples.SAMPLES, samples.CASES[name].files[0])
        with open(path, encoding=encoding, newline="") as f:
            rows = [r for r in csv.reader(f, delimiter=sep)]
        width = len(rows[0])
        self.rows = [r for r in rows if len(r) == width]
        self.sep, self.encoding, self.eol, self.before, self.after = sep, "utf-8", "\n", [], []
        self.garbled = []  # headings that mean nothing any more
        self.sep_line, self.day_only, self.quote, self.wrapped = False, False, csv.QUOTE_MINIMAL, False

    def columns(self, test):
        return [k for k in range(len(self.rows[0]))
                if any(r[k] for r in self.rows[1:]) and all(not r[k] or test(r[k]) for r in self.rows[1:])]

    def write(self, folder, name):
        out = io.StringIO()
        w = csv.writer(out, delimiter=self.sep, lineterminator="\n", quoting=self.quote)
        w.writerows(self.rows)
        text = out.getvalue()
        if self.wrapped:
            text = "".join('"' + line.replace('"', '""') + '"\n' for line in text.splitlines())
        text = "".join(line + "\n" for line in self.before) + text + "".join(l + "\n" for l in self.after)
        if self.sep_line:
            text = f"sep={self.sep}\n" + text
        text = text.replace("\n", self.eol)
        if self.encoding == "double":
            data = text.encode("utf-8").decode("latin-1").encode("utf-8")
        elif self.encoding == "mixed":
            data = b"".join(line.encode("cp1252" if i % 3 == 1 else "utf-8")
                            for i, line in enumerate(text.splitlines(keepends=True)))
        else:
            data = text.encode(self.encoding)
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)


DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$|(\d{1,2})/(\d{1,2})/(\d{4})$")
NUMBER = re.compile(r"-?\d[\d\u00a0 .]*([.,]\d+)?( ?(kr|EUR|NOK|SEK))?$")


def as_date(text):
    m = DATE.match(text)
    if m.group(1):
        return datetime.datetime(*(int(g or 0) for g in m.groups()[:6])), m.group(4) is not None
    return datetime.datetime(int(m.group(9)), int(m.group(7)), int(m.group(8))), False


def dates(form, time="%H:%M", keeps_time=True):
    def change(t, _):
        for k in t.columns(DATE.match):
            for r in t.rows[1:]:
                if r[k]:
                    at, timed = as_date(r[k])
                    r[k] = form(at) if callable(form) else at.strftime(
                        form + (" " + time if timed and keeps_time else ""))
        t.day_only |= not keeps_time
    return change


def numbers(write):
    def change(t, _):
        money = re.compile("amount|value|belopp|intäkt|värde|revenue", re.I)
        for k in t.columns(NUMBER.match):
            if not money.search(t.rows[0][k]) or "_id" in t.rows[0][k]:
                continue
            for r in t.rows[1:]:
                text = re.sub(r"[^\d.,-]", "", r[k])
                if text:
                    r[k] = write(float(text.replace(",", ".")))
    return change


def grouped(x, thousand, decimal):
    whole, part = f"{abs(x):,.2f}".split(".")
    return whole.replace(",", thousand) + decimal + part


def encode(name):
    def change(t, _):
        t.encoding = name
    return change


def separate(sep, line=False):
    def change(t, _):
        t.sep, t.sep_line = sep, line
    return change


def order(how):
    def change(t, rng):
        k = list(range(len(t.rows[0])))
        k.reverse() if how == "reversed" else rng.shuffle(k)
        t.rows = [[r[i] for i in k] for r in t.rows]
    return change


def lines(before=(), after=()):
    def change(t, _):
        t.before, t.after = list(before), list(after)
    return change


def total_row(t, _):
    t.rows.append(["Totalt"] + [""] * (len(t.rows[0]) - 1))


def rename(t, rng):
    """A heading gets another name of the same meaning."""
    norm = lambda s: re.sub(r"[\W_]+", " ", s.lower()).strip()
    have = {norm(h) for h in t.rows[0]}
    found = [(k, c) for k, h in enumerate(t.rows[0]) for c, words in SYNONYMS.items()
             if norm(h) in map(norm, words)]
    if found:
        k, concept = rng.choice(found)
        other = [w for w in SYNONYMS[concept] if norm(w) not in have]
        if other:
            t.rows[0][k] = rng.choice(other)


def garble(t, rng):
    k = rng.randrange(len(t.rows[0]))
    t.rows[0][k] = rng.choice(["Xyzzy", "Kolumn A", "fld_0012", "Diverse"])
    t.garbled.append(t.rows[0][k])


def double(t, rng):
    """A column stands twice under one heading."""
    k = rng.randrange(len(t.rows[0]))
    at = rng.randrange(len(t.rows[0]) + 1)
    t.rows = [r[:at] + [r[k]] + r[at:] for r in t.rows]


def double_empty(t, rng):
    k = rng.randrange(len(t.rows[0]))
    t.rows = [r + [r[k] if i == 0 else ""] for i, r in enumerate(t.rows)]


def no_name(t, rng):
    t.rows = [r[:1] + [""] + r[1:] for r in t.rows]


def upper(t, _):
    t.rows[0] = [h.upper() for h in t.rows[0]]


def set_to(**what):
    def change(t, _):
        for k, v in what.items():
            setattr(t, k, v)
    return change


MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
GROUPS = {
    "encoding": {n: encode(n) for n in ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1252",
                                        "mac_roman", "double", "mixed"]},
    "separator": {"comma": separate(","), "semicolon": separate(";"), "tab": separate("\t"),
                  "pipe": separate("|"), "sep=;": separate(";", True)},
    "decimal": {
        "1250000,00": numbers(lambda x: f"{x:.2f}".replace(".", ",")),
        "1 250 000,00": numbers(lambda x: grouped(x, " ", ",")),
        "1nbsp250": numbers(lambda x: grouped(x, "\u00a0", ",")),
        "1.250.000,00": numbers(lambda x: grouped(x, ".", ",")),
        "1,250,000.00": numbers(lambda x: grouped(x, ",", ".")),
        "1'250'000.00": numbers(lambda x: grouped(x, "'", ".")),
        "1 250 kr": numbers(lambda x: grouped(x, " ", ",") + " kr"),
        "1250000": numbers(lambda x: f"{x:.2f}".rstrip("0").rstrip(".")),
    },
    "dates": {
        "d/m/y": dates("%d/%m/%Y"), "m/d/y": dates("%m/%d/%Y", "%I:%M %p"), "d.m.y": dates("%d.%m.%Y"),
        "d-m-y": dates("%d-%m-%Y"), "y/m/d": dates("%Y/%m/%d"), "d.m.yy": dates("%d.%m.%y"),
        "d month y": dates(lambda at: f"{at.day} {MONTHS[at.month - 1]} {at.year}", keeps_time=False),
        "yyyymmdd": dates("%Y%m%d", keeps_time=False),
    },
    "columns": {"reversed": order("reversed"), "shuffled": order("shuffled")},
    "footer": {
        "salesforce": lines(after=["", '"Grand Totals (12 records)"', '"Copyright (c) 2000-2026 x"',
                                   '"Confidential Information - Do Not Distribute"']),
        "count": lines(after=["", "Antal rader: 12"]), "total": total_row,
        "name": lines(after=["", "Säljpipeline 2026"]),
    },
    "titles": {"one": lines(before=["Säljpipeline 2026", ""]),
               "three": lines(before=["Alla affärer", "Skapad av: Anna Lindqvist", "Filter: 2026"])},
    "headings": {"synonym": rename, "garbled": garble, "doubled": double, "doubled empty": double_empty,
                 "without": no_name, "upper case": upper},
    "lines": {"crlf": set_to(eol="\r\n"), "cr": set_to(eol="\r"), "all quoted": set_to(quote=csv.QUOTE_ALL),
              "wrapped": set_to(wrapped=True)},
}
ALL = [(g, n, f) for g, members in GROUPS.items() for n, f in members.items()]


def plan(n, seed):
    """Every single change of every sample first, then pairs of changes of different kinds."""
    rng = random.Random(seed)
    singles = [(base, [m]) for base in BASES for m in ALL]
    rng.shuffle(singles)
    # a third of the room, at least, goes to pairs
    chosen = singles[:max(n * 2 // 3, n - 100000)]
    while len(chosen) < n:
        a, b = rng.sample(ALL, 2)
        if a[0] != b[0]:
            chosen.append((rng.choice(list(BASES)), [a, b]))
    return [(i, base, changes) for i, (base, changes) in enumerate(chosen)]


TOLD = {"owner": "persons", "account": "accounts", "lost": "reasons", "closed": "dates", "expected": "dates"}


def told(t, got):
    """Does the import name, for all that is wrong, the garbled column and what it looks like?"""
    fields = {m.group(1) if (m := re.match(r"deal \d+ (\w+):", line)) else None for line in got.wrong}
    return all(any(f"column '{h}' was not understood" in line and f"look like {TOLD[f]}" in line
                   for h in t.garbled for line in got.said.splitlines()) if f in TOLD else False
               for f in fields)


def one(job):
    i, base, changes = job
    rng = random.Random(i)
    what = f"{base}: " + " + ".join(f"{g} {n}" for g, n, _ in changes)
    with tempfile.TemporaryDirectory() as top:
        name = os.path.basename(samples.CASES[base].files[0])
        t = Table(base)
        for _, _, change in changes:
            change(t, rng)
        try:
            t.write(top, name)
        except UnicodeEncodeError:
            return "none", what, []
        like = samples.CASES[base]
        fields = " ".join(f.split(":")[0] + ":day" if t.day_only and f.startswith(("created", "closed:s",
                          "closed:min")) else f for f in like.fields)
        if base == "pipedrive" and "Deal - Organization" not in t.rows[0]:
            fields = fields.replace("account", "")  # the account is then known by its id
        case = samples.Case([name], fields, keys=like.keys, unknown=like.unknown)
        got = samples.judge(case, root=top)
        if got.code == 3:
            return "asked", what, [got.said.strip().splitlines()[-1][:240]]
        if got.wrong and told(t, got):
            return "told", what, got.wrong[:1]
        return ("wrong" if got.wrong else "right"), what, got.wrong[:4]


def main():
    n, seed = int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1
    if not os.path.isdir(samples.SAMPLES):
        print("1..0 # SKIP the samples are not here")
        return 0
    SYNONYMS.update(synonyms(f"{samples.SAMPLES}/mapping/header_synonyms.csv"))
    count = collections.Counter()
    print("1..1")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for verdict, what, why in pool.map(one, plan(n, seed)):
            count[verdict] += 1
            if verdict == "wrong" or (verdict in ("asked", "told") and os.environ.get("ASKED")):
                print(f"# {verdict}: {what}")
                for line in why:
                    print(f"#     {line}")
                sys.stdout.flush()
    tried = sum(count.values()) - count["none"]
    print(f"# {tried} mutants: {count['right']} right, {count['asked']} asked, {count['told']} told, "
          f"{count['wrong']} wrong")
    print(f"{'not ' if count['wrong'] or not tried else ''}ok 1 - never_silently_wrong")
    return count["wrong"] > 0


if __name__ == "__main__":
    sys.exit(main())
