"""Compares a real GGUF model, as Attune runs it, with transformers after dequantisation.

    python parity/check_smollm2.py MODEL.gguf --attune ./attune

For ten prompts, one of them a chat: the greedy continuation must be the same tokens, and the log-probability of every
token of the text the same within 1e-4.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TOKENIZERS_PARALLELISM="false")

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

CHAT = [{"role": "user", "content": "What is the capital of France?"}]
CHAT_ANSWER = "The capital of France is Paris."
PROMPTS = [
    "The capital of France is",
    "Once upon a time, there was a little girl",
    "def fibonacci(n):\n    ",
    "Water boils at",
    "1, 2, 3, 4,",
    "Die Hauptstadt von Deutschland ist",
    "The three primary colours are",
    "To make bread you need",
    "“Good morning,” said the",
]
NEW_TOKENS = 32
TOLERANCE = 1e-4


def attune(program: str, *arguments: str) -> dict:
    run = subprocess.run([program, *arguments, "--json"], capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"attune {' '.join(arguments)} failed:\n{run.stderr}")
    return json.loads(run.stdout.splitlines()[-1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--attune", default="./attune")
    arguments = parser.parse_args()

    place = {"pretrained_model_name_or_path": arguments.model.parent, "gguf_file": arguments.model.name}
    tokenizer = AutoTokenizer.from_pretrained(**place)
    model = AutoModelForCausalLM.from_pretrained(**place, dtype=torch.float32, attn_implementation="eager").eval()
    chat = tokenizer.apply_chat_template(CHAT, tokenize=False, add_generation_prompt=True)
    worst = 0.0
    failures = []
    for prompt in [chat, *PROMPTS]:
        ids = tokenizer(prompt, return_tensors="pt").input_ids
        with torch.no_grad():
            whole = model.generate(ids, do_sample=False, max_new_tokens=NEW_TOKENS)
            logprobs = model(whole).logits.log_softmax(-1)[0, :-1].gather(1, whole[0, 1:, None])[:, 0].tolist()
        expected = whole[0, ids.shape[1] :].tolist()
        options = ["--model", str(arguments.model)]
        written = attune(
            arguments.attune, "generate", *options, "--prompt", prompt, "--temperature", "0",
            "--max-new-tokens", str(NEW_TOKENS),
        )  # fmt: skip
        if written["token_ids"] != expected:
            failures.append(f"{prompt!r}: {written['token_ids']}, not {expected}")
        if prompt == chat and written["completion"].strip() != CHAT_ANSWER:
            failures.append(f"{prompt!r}: {written['completion']!r}, not {CHAT_ANSWER!r}")
        text = tokenizer.decode(whole[0])
        if tokenizer(text).input_ids != whole[0].tolist():
            failures.append(f"{prompt!r}: its continuation does not encode to itself")
            continue
        scored = attune(arguments.attune, "score", *options, "--text", text)
        if scored["token_ids"] != whole[0].tolist():
            failures.append(f"{text!r}: {scored['token_ids']}, not {whole[0].tolist()}")
            continue
        difference = max(abs(a - b) for a, b in zip(scored["log_probs"][1:], logprobs))
        worst = max(worst, difference)
        if not difference <= TOLERANCE:
            failures.append(f"{text!r}: a log-probability differs by {difference:.3g}")
        print(f"{len(expected)} tokens, log-probabilities within {difference:.2g}: {prompt!r}", flush=True)
    print(f"{arguments.model.name}: {1 + len(PROMPTS)} prompts, the largest difference {worst:.3g}")
    for failure in failures:
        print(f"DIFFERENT {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
