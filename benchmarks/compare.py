"""Compares supervised fine-tuning by Attune with TRL: the same models, rows and settings, in turn, on two cores.

    python benchmarks/compare.py [--rounds N] [--quick] [--workload NAME] [--json FILE]

Runs in the Python environment of parity/requirements-trl1.txt after the benchmarks were built; `./dev bench` does
both. README.md here says what is measured.
"""

import argparse
import gzip
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = ROOT / "bundled"
CORES = 2

# dropout is off, so that both sides compute the same
GPT2_SHAPE = {
    "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 50257, "n_positions": 1024,
    "n_embd": 768, "n_layer": 12, "n_head": 12, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5,
    "initializer_range": 0.02, "attn_pdrop": 0.0, "embd_pdrop": 0.0, "resid_pdrop": 0.0,
    "bos_token_id": 50256, "eos_token_id": 50256,
}  # fmt: skip

# that of SmolLM2-135M
LLAMA_SHAPE = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 50257, "hidden_size": 576,
    "intermediate_size": 1536, "num_hidden_layers": 30, "num_attention_heads": 9, "num_key_value_heads": 3,
    "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "rope_theta": 100000.0, "hidden_act": "silu",
    "tie_word_embeddings": True, "initializer_range": 0.041, "attention_bias": False, "mlp_bias": False,
    "bos_token_id": 50256, "eos_token_id": 50256,
}  # fmt: skip

# name: settings of the work, steps in full and with --quick
WORKLOADS = {
    "gpt2-124m": ({"packing": "BFD", "max_length": 512, "batch_size": 4}, 3, 2),
    "stories260k": ({"packing": "BFD", "max_length": 256, "batch_size": 8}, 60, 20),
    "smollm2-135m-lora": ({"packing": "NONE", "max_length": 512, "batch_size": 8, "lora_rank": 16}, 10, 4),
}

# figure: (name, format, whether more is better)
FIGURES = {
    "tokens_per_second": ("tokens/s", "{:,.1f}", True),
    "peak_rss_mib": ("peak memory, MiB", "{:,.0f}", False),
    "first_step_seconds": ("start to first step, s", "{:,.1f}", False),
}


class RunFailed(Exception):
    """A process of the comparison failed, or the two sides did not do the same work."""


def java(*arguments):
    class_path = ROOT / "benchmarks/target/classpath.txt"
    if not class_path.exists():
        raise RunFailed(f"{class_path} is missing: the benchmarks are not built. Run ./dev bench.")
    program = Path(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
    entries = f"{ROOT}/benchmarks/target/classes:{class_path.read_text().strip()}"
    return [str(program), "-XX:+UseSerialGC", "-cp", entries, *arguments]


def run(command, name, folder, environment=None):
    """Runs a process on the cores of the comparison and returns its standard output."""
    log = folder / f"{name}.log"
    with log.open("w") as errors:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, **(environment or {})}
        )
    if done.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RunFailed(f"{name} ended with status {done.returncode}. Its last messages:\n{tail}")
    return done.stdout


def random_model(folder, config):
    """A model of that shape with GPT-2's tokenizer."""
    shape = folder / "shape"
    shutil.copytree(BUNDLED / "tokenizer-gpt2", shape)
    (shape / "config.json").write_text(json.dumps(config))
    model = folder / "model"
    model.mkdir()
    run(java("org.attune.benchmarks.RandomModel", str(shape), str(model)), "random-model", folder)
    return model


def instructions():
    return json.loads(gzip.open(BUNDLED / "rasbt-instructions/instruction-data-with-preference.json.gz").read())


def gpt2(folder):
    return random_model(folder, GPT2_SHAPE), [
        {
            "text": f"### Instruction: {row['instruction']}\n### Context: {row['input']}\n"
            f"### Response: {row['output']}"
        }
        for row in instructions()
    ]


def smollm2(folder):
    """Completions of prompts: only they are learned, by an adapter."""
    return random_model(folder, LLAMA_SHAPE), [
        {"prompt": f"{row['instruction']} {row['input']}".strip() + "\n", "completion": row["output"]}
        for row in instructions()
    ]


def stories260k(folder):
    text = gzip.open(BUNDLED / "tinystories-sample/tinystories_sample.txt.gz", "rt", encoding="utf-8").read()
    stories = [story.strip() for story in text.split("<|endoftext|>")]
    return BUNDLED / "stories260k", [{"text": story} for story in stories if story][:400]


def measure(side, work, folder, name):
    run_dir = folder / f"run-{name}-{side}"
    file = folder / "work.json"
    file.write_text(json.dumps({**work, "run_dir": str(run_dir)}))
    if side == "attune":
        command, environment = java("org.attune.benchmarks.SftThroughput"), {}
    else:
        command = [sys.executable, str(ROOT / "benchmarks/peer_sft.py")]
        environment = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": str(CORES)}
    started = str(int(time.time() * 1000))
    output = run([*command, str(file), started], f"{name}-{side}", folder, environment)
    results = [line for line in output.splitlines() if line.startswith("RESULT ")]
    if not results:
        raise RunFailed(f"{name} of {side} printed no RESULT line.")
    shutil.rmtree(run_dir, ignore_errors=True)
    result = {**json.loads(results[0].removeprefix("RESULT ")), "load_before": os.getloadavg()[0]}
    print(f"{name:24}{side:8}{json.dumps(result)}", file=sys.stderr, flush=True)
    return result


def require_same_work(name, attune, trl):
    """A ratio means something only if both sides computed the same."""
    # TRL packs every 1,000 rows by themselves, Attune all together, so rows are not filled quite alike.
    for key, most in {"tokens_per_step": 0.02, "first_loss": 0.001}.items():
        if not abs(attune[key] - trl[key]) <= most * abs(trl[key]):  # so that NaN fails too
            raise RunFailed(
                f"{name}: {key} is {attune[key]} with Attune and {trl[key]} with TRL. They must be within {most:.1%}; "
                "a setting or a default differs."
            )


def compare(name, rounds, quick, folder):
    settings, steps, quick_steps = WORKLOADS[name]
    makers = {"gpt2-124m": gpt2, "stories260k": stories260k, "smollm2-135m-lora": smollm2}
    folder = folder / name
    folder.mkdir()
    model, texts = makers[name](folder)
    rows = folder / f"{name}.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in texts))
    work = {"model": str(model), "rows": str(rows), **settings, "steps": quick_steps if quick else steps}
    measured = {"attune": [], "trl": []}
    for turn in range(rounds):
        for side, results in measured.items():
            results.append(measure(side, work, folder, f"{name}-{turn + 1}"))
    require_same_work(name, measured["attune"][0], measured["trl"][0])
    return {
        "settings": {**settings, "steps": work["steps"]},
        "runs": measured,
        "ratios": {
            figure: median(r[figure] for r in measured["attune"]) / median(r[figure] for r in measured["trl"])
            for figure in FIGURES
        },
    }


def machine(folder):
    found = json.loads(run([str(ROOT / "attune"), "doctor", "--json"], "doctor", folder))
    keys = ("attune", "java", "processor", "memory_gib", "libtorch", "matmul_gflops")
    return {
        **{key: found.get(key) for key in keys},
        "cores_used": CORES,
        "kernel": platform.release(),
        "load": os.getloadavg(),
        "python_peers": {name: version(name) for name in ("torch", "transformers", "trl")},
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def version(package):
    from importlib.metadata import version as installed

    return installed(package)


def table(report):
    for name, value in report["machine"].items():
        print(f"{name:14} {value}")
    print(f"\n{'workload':14}{'figure':26}{'Attune':>12}{'TRL':>12}{'Attune / TRL':>16}")
    for name, workload in report["workloads"].items():
        for key, (figure, form, more_is_better) in FIGURES.items():
            sides = [form.format(median(run[key] for run in workload["runs"][side])) for side in ("attune", "trl")]
            verdict = "more is better" if more_is_better else "less is better"
            print(f"{name:14}{figure:26}{sides[0]:>12}{sides[1]:>12}{workload['ratios'][key]:>15.2f}x  {verdict}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2, help="runs of each side, in turn; default 2")
    parser.add_argument("--quick", action="store_true", help="fewer steps: shows that it works, measures badly")
    parser.add_argument("--workload", choices=WORKLOADS, action="append", help="only this one; may be repeated")
    parser.add_argument("--json", type=Path, help="writes all measurements to this file")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds is {options.rounds}, but must be at least 1.")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < CORES:
        parser.error(f"the comparison takes {CORES} cores, but this process may use {len(cores)}.")
    os.sched_setaffinity(0, cores[:CORES])  # processes started from here inherit it
    with tempfile.TemporaryDirectory(prefix="attune-benchmark-") as temporary:
        folder = Path(temporary)
        try:
            report = {"machine": machine(folder), "workloads": {}}
            for name in options.workload or WORKLOADS:
                report["workloads"][name] = compare(name, options.rounds, options.quick, folder)
        except RunFailed as failure:
            sys.exit(f"compare.py: {failure}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    table(report)


if __name__ == "__main__":
    main()
