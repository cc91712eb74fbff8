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
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "bundled/stories260k"
TEXT = "Once upon a time, there was a little girl named Lily."
TOLERANCE = 1e-4
ROW = {"text": "One day, a big dog ran to the park and met a small cat."}
SEQ2SEQ = ROOT / "parity/goldens/seq2seq-text"
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


def trained(folder, name, settings, base=BASE, row=ROW):
    rows = folder / f"{name}.jsonl"
    rows.write_text(json.dumps(row) + "\n")
    file = folder / f"{name}.yaml"
    lora = "".join(f"  {key}: {value}\n" for key, value in settings.items())
    file.write_text(
        f"run-dir: {folder / name}\nmodel: {base}\ndata:\n  train: {rows}\ntraining:\n  max-steps: 5\n  batch-size: 1\n"
        f"  compute-dtype: fp32\noptimizer:\n  learning-rate: 1e-2\nlora:\n{lora}"
    )
    return Path(attune("train", "sft", file).strip().splitlines()[-1])


def largest_difference(adapter):
    scored = json.loads(attune("score", "--model", BASE, "--adapter", adapter, "--text", TEXT, "--json"))
    base = AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32)
    ids = torch.tensor([scored["token_ids"]])
    return compared(adapter, base, scored["log_probs"][1:], lambda model: log_probs(model, ids))


def largest_difference_of_an_answer(folder):
    """The same where an encoder reads the prompt."""
    row = json.loads((SEQ2SEQ / "values.json").read_text("utf-8"))["rows"][1]
    texts = {"prompt": row["prompt"], "completion": row["answer"]}
    adapter = trained(folder, "encoder", {"r": 4}, SEQ2SEQ / "model", texts)
    texts = ["--prompt", row["prompt"], "--text", row["answer"]]
    scored = json.loads(attune("score", "--model", SEQ2SEQ / "model", "--adapter", adapter, *texts, "--json"))
    base = AutoModelForSeq2SeqLM.from_pretrained(SEQ2SEQ / "model", dtype=torch.float32)
    prompt, answer = torch.tensor([row["prompt_ids"]]), torch.tensor([scored["token_ids"]])

    def log_probs_of_answer(model):
        logits = model(input_ids=prompt, labels=answer).logits[0]
        return logits.log_softmax(-1).gather(-1, answer[0, :, None])[:, 0]

    return compared(adapter, base, scored["log_probs"], log_probs_of_answer)


def compared(adapter, base, ours, log_probs):
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", message="Found missing adapter keys")
        alone = log_probs(base)
        theirs = log_probs(PeftModel.from_pretrained(base, adapter).eval())
    if (alone - theirs).abs().max() < 100 * TOLERANCE:
        sys.exit(f"{adapter}: PEFT's adapter changes nothing.")
    return (torch.tensor(ours) - theirs).abs().max().item()


def log_probs(model, ids):
    return model(input_ids=ids).logits[0, :-1].log_softmax(-1).gather(-1, ids[0, 1:, None])[:, 0]


def main():
    differences = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name, settings in ADAPTERS.items():
            differences[name] = largest_difference(trained(Path(temporary), name, settings))
        differences["encoder"] = largest_difference_of_an_answer(Path(temporary))
    for name, difference in differences.items():
        print(f"{name:12} in PEFT: log-probabilities differ by at most {difference:.1e}")
    return 0 if max(differences.values()) <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
