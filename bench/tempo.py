#!/usr/bin/env python3
"""More tempo against the truth of simulated worlds: tempo.py VERKAN WORK [KIND ...] [--seeds A-B]
[--sellers N] [--futures N]. For each world the answer, the elasticity and the price of a fifth more
prospecting (the answer's and the twin's) beside what N re-simulated futures give; then, by kind, how often the 90 % interval holds
the truth, how far off the mean is, and the answers. Figures stand in doc/activity.md."""
import argparse
import json
import pathlib
import shutil
import subprocess

parser = argparse.ArgumentParser()
parser.add_argument("verkan")
parser.add_argument("work", type=pathlib.Path)
parser.add_argument("kind", nargs="*", default=["activity", "mixed", "null"])
parser.add_argument("--seeds", default="21-30")
parser.add_argument("--sellers", default="60")
parser.add_argument("--futures", default="200")
args = parser.parse_args()
first, last = map(int, args.seeds.split("-"))


def one(kind, seed):
    folder = args.work / f"{kind}-{seed}"
    subprocess.run([args.verkan, "simulate", kind, "--sellers", args.sellers, "--weeks", "104", "--seed",
                    str(seed), "--value", args.futures, "-o", folder], check=True, capture_output=True)
    out = subprocess.run([args.verkan, "diagnose", folder, "--json"], check=True,
                         capture_output=True).stdout
    truth_file = pathlib.Path(f"{folder}.truth.json")
    truth = json.loads(truth_file.read_text())["value"]["activity+20%"]["mean"]
    shutil.rmtree(folder)
    truth_file.unlink()
    document = json.loads(out)
    return document["activity"], document["what_if"].get("activity+20%"), truth


for kind in args.kind:
    inside, ratio, answers, n = 0, 0.0, {}, 0
    twin_inside, twin_ratio, twins = 0, 0.0, 0
    for seed in range(first, last + 1):
        found, twin, true = one(kind, seed)
        tempo = found["tempo"] if found else "cannot"
        answers[tempo] = answers.get(tempo, 0) + 1
        if not found:
            print(kind, seed, tempo, flush=True)
            continue
        value, e = found["plus_20pct"]["value"], found["elasticity"]
        n += 1
        inside += value["lo"] <= true <= value["hi"]
        ratio += value["mean"] / true
        twin = twin["value"] if twin else None
        if twin:
            twins += 1
            twin_inside += twin["lo"] <= true <= twin["hi"]
            twin_ratio += twin["mean"] / true
        print(f"{kind} {seed} {tempo} elasticity {e['mean']:.2f} ({e['lo']:.2f}-{e['hi']:.2f}) value "
              f"{value['mean'] / 1e6:.1f} ({value['lo'] / 1e6:.1f}-{value['hi'] / 1e6:.1f}) truth "
              f"{true / 1e6:.1f} recorded {found['recorded']:.2f} told {found['told']:.2f} crowding "
              f"{found['crowding']['mean']:.2f} twin "
              + (f"{twin['mean'] / 1e6:.1f} ({twin['lo'] / 1e6:.1f}-{twin['hi'] / 1e6:.1f})" if twin else "none"),
              flush=True)
    if n:
        print(f"{kind}: {n} worlds, inside {inside}, mean / truth {ratio / n:.2f}, answers {answers}; twin: "
              f"{twins} priced, inside {twin_inside}, mean / truth {twin_ratio / max(twins, 1):.2f}", flush=True)
