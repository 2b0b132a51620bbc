#!/usr/bin/env python3
"""Cells for bench_glmm from deals and their stages, week by week: cells.py FOLDER > CELLS.csv

FOLDER/deals.csv has deal_id, team_id, quarter, complexity, dms, source; stage_events.csv has deal_id,
seller_id, stage_to, ts. A cell is seller x stage x complexity x dms x source x quarter; n weeks that
deals stood in it (weeks begin on Mondays, the last is week 155 from 2023-01-02), y that they advanced in."""
import collections
import csv
import datetime
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
STAGES = {"Lead": 0, "Qualified": 1, "Needs": 2, "Proposal": 3, "Negotiation": 4}
LEVELS = {"complexity": {"low": 0, "mid": 1, "high": 2}, "dms": {"1": 0, "2-3": 1, "4+": 2},
          "source": {"inbound": 0, "outbound": 1, "partner": 2, "referral": 3}}
FIRST = datetime.date(2023, 1, 2).toordinal()


def week(stamp):
    return (datetime.date.fromisoformat(stamp[:10]).toordinal() - FIRST) // 7


with open(folder / "deals.csv", newline="") as f:
    deals = {d["deal_id"]: (*(LEVELS[k][d[k]] for k in ("complexity", "dms", "source")), d["team_id"],
                            d["quarter"]) for d in csv.DictReader(f)}
steps = collections.defaultdict(list)
with open(folder / "stage_events.csv", newline="") as f:
    for e in csv.DictReader(f):
        steps[e["deal_id"]].append((e["ts"], e["seller_id"], e["stage_to"]))
cells = collections.defaultdict(lambda: [0, 0])
for deal, events in steps.items():
    events.sort()
    for i, (stamp, seller, stage) in enumerate(events):
        after = events[i + 1] if i + 1 < len(events) else None
        weeks = (week(after[0]) if after else 155) - week(stamp)
        if stage in STAGES and weeks > 0:
            cell = cells[(STAGES[stage], *deals[deal][:3], seller, *deals[deal][3:])]
            cell[0] += after is not None and after[2] != "Lost"
            cell[1] += weeks
sellers, teams, quarters = ({} for _ in range(3))
print("y,n,stage,cx,dms,source,seller,team,q")
for (*fixed, seller, team, quarter), (y, n) in sorted(cells.items()):
    print(y, n, *fixed, sellers.setdefault(seller, len(sellers)), teams.setdefault(team, len(teams)),
          quarters.setdefault(quarter, len(quarters)), sep=",")
