"""Fine-tunes a real GGUF model with LoRA, exports it as GGUF, and lets llama.cpp answer with it.

    python parity/check_tuned_smollm2.py MODEL.gguf --attune ./attune

Attune trains a few steps on instructions as conversations and merges the adapter on export. llama.cpp must write, token
for token, what Attune writes with base and adapter, and it must still know the capital of France.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from llama_cpp import Llama

INSTRUCTIONS = Path(__file__).parent.parent / "bundled/rasbt-instructions/instruction-data.json.gz"
QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris."
ROWS = 64
STEPS = 8
# large enough that the trained model writes other texts than its base
LEARNING_RATE = 1e-3
NEW_TOKENS = 24


def attune(program: str, *arguments: str) -> str:
    run = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"attune {' '.join(arguments)} failed:\n{run.stderr}")
    return run.stdout


def conversations() -> list[dict]:
    rows = []
    for row in json.loads(gzip.decompress(INSTRUCTIONS.read_bytes()))[:ROWS]:
        question = "\n\n".join(part for part in (row["instruction"], row["input"]) if part)
        rows.append({"messages": [message("user", question), message("assistant", row["output"])]})
    return rows


def message(role: str, content: str) -> dict:
    return {"role": role, "content": content}


def train(program: str, model: Path, folder: Path) -> str:
    data = folder / "conversations.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in conversations()), encoding="utf-8")
    config = {
        "run-dir": str(folder / "run"),
        "model": str(model),
        "data": {"train": [str(data)]},
        "lora": {"r": 8, "alpha": 16, "target-modules": "all-linear"},
        "optimizer": {"learning-rate": LEARNING_RATE},
        "training": {"batch-size": 4, "max-steps": STEPS},
    }
    file = folder / "sft.yaml"
    file.write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
    return attune(program, "train", "sft", str(file)).strip()


def greedy(model: Llama, prompt: str) -> list[int]:
    ids = model.tokenize(prompt.encode(), add_bos=False, special=True)
    tokens = []
    model.reset()
    for token in model.generate(ids, temp=0.0, top_k=1, repeat_penalty=1.0):
        tokens.append(token)
        if len(tokens) == NEW_TOKENS or token == model.token_eos():
            break
    return tokens


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--attune", default="./attune")
    arguments = parser.parse_args()
    program = arguments.attune
    base = str(arguments.model)
    failures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        adapter = train(program, arguments.model, folder)
        target = folder / "tuned.gguf"
        proof = json.loads(
            attune(program, "export", "--model", base, "--adapter", adapter, "--to", str(target), "--type", "f16", "--json")
        )
        messages = folder / "messages.json"
        messages.write_text(json.dumps([message("user", QUESTION)]), encoding="utf-8")
        template = ["--messages", str(messages), "--add-generation-prompt", "--json"]
        chat = json.loads(attune(program, "template", "--model", str(target), *template))["text"]
        loaded = Llama(str(target), n_ctx=256, verbose=False)
        changed = 0
        for prompt in [chat, "The three primary colours are", "To make bread you need"]:
            options = ["--prompt", prompt, "--temperature", "0", "--max-new-tokens", str(NEW_TOKENS), "--json"]
            ours = json.loads(attune(program, "generate", "--model", adapter, *options))
            theirs = greedy(loaded, prompt)
            if ours["token_ids"] != theirs:
                failures.append(f"{prompt!r}: Attune {ours['token_ids']}, llama.cpp {theirs}")
            before = json.loads(attune(program, "generate", "--model", base, *options))
            changed += ours["token_ids"] != before["token_ids"]
            print(f"{prompt!r}: {ours['completion']!r}; before training {before['completion']!r}", flush=True)
        if not changed:
            failures.append("no text differs from that of the base, so that nothing shows that the adapter was merged")
        answer = loaded.create_chat_completion([message("user", QUESTION)], temperature=0.0, max_tokens=NEW_TOKENS)
        answer = answer["choices"][0]["message"]["content"].strip()
        if answer != ANSWER:
            failures.append(f"{QUESTION!r}: llama.cpp answers {answer!r}, not {ANSWER!r}")
        print(f"tuned and exported, differs by {proof['mean_difference']:.2g} in the mean; llama.cpp answers {answer!r}")
        loaded.close()
    for failure in failures:
        print(f"DIFFERENT {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
