"""Lets llama.cpp run what Attune exports as GGUF.

    python parity/check_llama_cpp.py NAME=MODEL ... --attune ./attune

Each model is exported as F16, Q8_0 and Q4_0. llama.cpp must load all of them; of the F16 file it must write the same
text for five prompts, token for token, as Attune does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from llama_cpp import Llama

PROMPTS = [
    "Once upon a time",
    "The little dog was",
    "One day, Tom and Lily went to the park",
    "She opened the box and",
    "“Hello,” said the bird. Then",
]
NEW_TOKENS = 24


def attune(program: str, *arguments: str) -> dict:
    run = subprocess.run([program, *arguments, "--json"], capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"attune {' '.join(arguments)} failed:\n{run.stderr}")
    return json.loads(run.stdout.splitlines()[-1])


def greedy(model: Llama, prompt: str) -> list[int]:
    ids = model.tokenize(prompt.encode(), add_bos=model.metadata.get("tokenizer.ggml.add_bos_token") == "true", special=True)
    model.reset()
    tokens = []
    for token in model.generate(ids, temp=0.0, top_k=1, repeat_penalty=1.0):
        tokens.append(token)
        if len(tokens) == NEW_TOKENS or token == model.token_eos():
            return tokens
    return tokens


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", metavar="NAME=MODEL")
    parser.add_argument("--attune", default="./attune")
    arguments = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for model in arguments.models:
            name, source = model.split("=", 1)
            for kind in ("f16", "q8_0", "q4_0"):
                target = Path(folder) / f"{name}.{kind}.gguf"
                proof = attune(arguments.attune, "export", "--model", source, "--to", str(target), "--type", kind)
                loaded = Llama(str(target), n_ctx=256, verbose=False, logits_all=False)
                same = 0
                for prompt in PROMPTS:
                    theirs = greedy(loaded, prompt)
                    if kind == "f16":
                        ours = attune(
                            arguments.attune, "generate", "--model", str(target), "--prompt", prompt,
                            "--temperature", "0", "--max-new-tokens", str(NEW_TOKENS),
                        )["token_ids"]  # fmt: skip
                        same += ours == theirs
                        if ours != theirs:
                            failures.append(f"{name}: {prompt!r}: Attune {ours}, llama.cpp {theirs}")
                    elif not theirs:
                        failures.append(f"{name} {kind}: {prompt!r}: llama.cpp writes nothing")
                text = loaded.detokenize(greedy(loaded, PROMPTS[0])).decode(errors="replace")
                print(
                    f"{name} {kind}: {target.stat().st_size:,} bytes, differs by {proof['mean_difference']:.2g} in the mean"
                    f"{f', {same} of {len(PROMPTS)} continuations the same' if kind == 'f16' else ''}: {text!r}",
                    flush=True,
                )
                loaded.close()
    for failure in failures:
        print(f"DIFFERENT {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
