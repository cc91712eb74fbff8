#!/usr/bin/env python3
"""Holds the result of `attune quickstart` against what it promises: a better model, within the limits, with evidence."""

import json
import re
import sys
from pathlib import Path


def problems(folder: Path) -> list[str]:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    found: list[str] = []

    def require(holds: bool, rule: str, value: object) -> None:
        print(f"  {'ok    ' if holds else 'FAILED'} {rule}: {value}")
        if not holds:
            found.append(f"{rule}: {value}")

    gain = summary["ppo_minus_sft"]
    distinct = summary["distinct_2"]
    ends = summary["ends"]
    # Time on a shared machine is noise: shown beside its limit, and no reason to fail.
    print(f"  note   {summary['seconds']:.0f} seconds; the limit on two idle cores is 180")
    require(summary["peak_rss_mb"] <= 2048, "at most 2048 MB resident", summary["peak_rss_mb"])
    require(summary["prompts"] >= 250, "at least 250 held-out beginnings", summary["prompts"])
    accuracy = summary["reward_model_accuracy"]
    require(accuracy["low"] >= 0.58, "reward model: lower end of its accuracy at least 0.58", accuracy)
    require(gain["reward"]["low"] > 0, "reward: PPO above SFT, interval without 0", gain["reward"])
    require(gain["valence"]["low"] > 0, "independent valence: PPO above SFT, interval without 0", gain["valence"])
    require(distinct["ppo"] >= 0.7 * distinct["sft"], "distinct-2: PPO at least 0.7 of SFT", distinct)
    require(ends["sft"] >= 0.7, "ends by itself: SFT at least 0.7", ends)
    require(ends["ppo"] >= 0.6, "ends by itself: PPO at least 0.6", ends)
    require((Path(summary["model"]) / "model.safetensors").is_file(), "the model is there", summary["model"])

    samples = [json.loads(line) for line in (folder / "samples.jsonl").read_text(encoding="utf-8").splitlines()]
    require(len(samples) == summary["prompts"], "a sample for each beginning", len(samples))
    keys = {"id", "prompt", "base", "sft", "ppo"}
    require(all(set(sample) == keys for sample in samples), f"each sample has {sorted(keys)}", len(samples))

    report = (folder / "report.html").read_text(encoding="utf-8")
    require(not re.search(r"""(src|href)=["']https?:""", report), "the report opens without a network", f"{len(report)} bytes")
    return found


def main() -> int:
    folder = Path(sys.argv[1])
    print(folder)
    return 1 if problems(folder) else 0


if __name__ == "__main__":
    sys.exit(main())
