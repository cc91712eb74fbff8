"""Trains adapters with Attune, loads them in PEFT, and compares what both find likely.

    python parity/adapters_in_peft.py

Runs ./attune of this checkout in the environment of requirements-trl1.txt; the exit status is 1 if a log-probability
differs by more than 1e-4, or PEFT misses a tensor.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "bundled/stories260k"
TEXT = "Once upon a time, there was a little girl named Lily."
TOLERANCE = 1e-4
ADAPTERS = {
    "plain": {"r": 4, "target-modules": "[q_proj, v_proj]"},
    "patterns": {"r": 4, "target-modules": "all-linear", "rslora": "true", "rank-pattern": "{mlp.up_proj: 2}"},
    "dora": {"r": 3, "alpha": 6, "target-modules": "all-linear", "dora": "true", "modules-to-save": "[model.norm]"},
    "embedding": {"r": 4, "target-modules": "[embed_tokens, o_proj]"},
    "layers": {"r": 2, "target-modules": "[k_proj]", "layers-to-transform": "[0, 2]", "layers-pattern": "layers"},
}


def attune(*arguments):
    done = subprocess.run([str(ROOT / "attune"), *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"attune {' '.join(map(str, arguments))} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def trained(folder, name, settings):
    rows = folder / "rows.jsonl"
    rows.write_text(json.dumps({"text": "One day, a big dog ran to the park and met a small cat."}) + "\n")
    file = folder / f"{name}.yaml"
    lora = "".join(f"  {key}: {value}\n" for key, value in settings.items())
    file.write_text(
        f"run-dir: {folder / name}\nmodel: {BASE}\ndata:\n  train: {rows}\ntraining:\n  max-steps: 5\n  batch-size: 1\n"
        f"  compute-dtype: fp32\noptimizer:\n  learning-rate: 1e-2\nlora:\n{lora}"
    )
    return Path(attune("train", "sft", file).strip().splitlines()[-1])


def largest_difference(adapter):
    scored = json.loads(attune("score", "--model", BASE, "--adapter", adapter, "--text", TEXT, "--json"))
    base = AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32)
    ids = torch.tensor([scored["token_ids"]])
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", message="Found missing adapter keys")
        alone = log_probs(base, ids)
        theirs = log_probs(PeftModel.from_pretrained(base, adapter).eval(), ids)
    ours = torch.tensor(scored["log_probs"][1:])
    if (alone - theirs).abs().max() < 100 * TOLERANCE:
        sys.exit(f"{adapter}: PEFT's adapter changes nothing.")
    return (ours - theirs).abs().max().item()


def log_probs(model, ids):
    return model(input_ids=ids).logits[0, :-1].log_softmax(-1).gather(-1, ids[0, 1:, None])[:, 0]


def main():
    worst = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        for name, settings in ADAPTERS.items():
            difference = largest_difference(trained(Path(temporary), name, settings))
            print(f"{name:12} in PEFT: log-probabilities differ by at most {difference:.1e}")
            worst = max(worst, difference)
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
