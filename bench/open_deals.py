#!/usr/bin/env python3
"""Open deals against what became of them: open_deals.py VERKAN [SELLERS [SEEDS [KIND...]]]. Each
simulated world is cut a year before its end, the open deals are judged, and the forecasts are held
against the outcomes at the end. The figures of doc/open_deals.md."""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "world"))
import score

AS_OF = "2025-11-23"


def forecasts(verkan, folder, kind, seed, sellers):
    """Pairs (probability of a win, won) of the deals open at AS_OF, by the deal's own row later."""
    if not pathlib.Path(folder).exists():
        subprocess.run([verkan, "simulate", kind, "--sellers", str(sellers), "--weeks", "104", "--seed",
                        str(seed), "-o", folder], check=True, capture_output=True)
    out = subprocess.run([verkan, "diagnose", folder, "--json", "--as-of", AS_OF], check=True,
                         capture_output=True).stdout
    with open(f"{folder}/deals.csv", encoding="utf-8") as f:
        outcome = {row["deal_id"]: row["outcome"] for row in csv.DictReader(f)}
    return [(d["p_alive"] * d["p_win"], outcome[d["deal_id"]] == "won")
            for d in json.loads(out)["open_deals"]]


def brier(pairs):
    return sum((p - won) ** 2 for p, won in pairs) / len(pairs)


def report(name, pairs):
    base = sum(won for _, won in pairs) / len(pairs)
    mean = sum(p for p, _ in pairs) / len(pairs)
    error = score.calibration([p for p, _ in pairs], [won for _, won in pairs])
    return (f"{name:9s} {len(pairs)} deals, won {base:.3f}, forecast {mean:.3f}, Brier {brier(pairs):.4f} "
            f"(base rate {base * (1 - base):.4f}), calibration error {error:.4f}")


def main():
    verkan = str(pathlib.Path(sys.argv[1]).resolve())
    sellers = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    seeds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    kinds = sys.argv[4:] or ["mixed", "null", "activity", "process", "market", "noisy", "logging"]
    with tempfile.TemporaryDirectory(prefix="verkan-open-") as work:
        for kind in kinds:
            pairs = []
            for seed in range(501, 501 + seeds):
                pairs += forecasts(verkan, f"{work}/{kind}-{seed}", kind, seed, sellers)
            print(report(kind, pairs), flush=True)


if __name__ == "__main__":
    main()
