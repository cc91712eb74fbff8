"""Makes the golden files of this folder from the Python originals.

    python parity/make.py [--data DIR] [--out DIR] [--compare DIR] [NAME ...]

Makes every golden that the installed trl can make (see RECIPES), or only those named. With --compare each is
measured against the committed golden; the exit status is 1 if one differs by more than a tenth of the tests'
tolerance.
"""

import argparse
import importlib
import importlib.metadata
import os
import random
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
os.environ.update(
    HF_HUB_OFFLINE="1",
    HF_HUB_DISABLE_PROGRESS_BARS="1",
    HF_DATASETS_DISABLE_PROGRESS_BARS="1",
    TRANSFORMERS_VERBOSITY="error",
    TOKENIZERS_PARALLELISM="false",
    # the same instructions, and with them the same roundings, on every x86-64 processor since 2013
    ATEN_CPU_CAPABILITY="avx2",
    ONEDNN_MAX_CPU_ISA="AVX2",
)
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

# golden: (module in recipes/, function, major version of trl)
RECIPES = {
    "llama-stories260k": ("causal_lm", "stories260k", 1),
    "gpt2-random": ("random_models", "gpt2", 1),
    "llama-random": ("random_models", "llama", 1),
    "llama-random-biased": ("random_models", "llama_biased", 1),
    "llama-random-classifier": ("random_models", "llama_classifier", 1),
    "pytorch-files": ("pytorch_files", "files", 1),
    "pytorch-sharded": ("pytorch_files", "sharded", 1),
    "bert-masked": ("encoders", "bert_masked", 1),
    "bert-classifier": ("encoders", "bert_classifier", 1),
    "bert-tokens": ("encoders", "bert_tokens", 1),
    "roberta-masked": ("encoders", "roberta_masked", 1),
    "roberta-classifier": ("encoders", "roberta_classifier", 1),
    "roberta-tokens": ("encoders", "roberta_tokens", 1),
    "distilbert-masked": ("encoders", "distilbert_masked", 1),
    "distilbert-classifier": ("encoders", "distilbert_classifier", 1),
    "distilbert-tokens": ("encoders", "distilbert_tokens", 1),
    "modernbert-masked": ("encoders", "modernbert_masked", 1),
    "modernbert-classifier": ("encoders", "modernbert_classifier", 1),
    "modernbert-cls-classifier": ("encoders", "modernbert_cls_classifier", 1),
    "modernbert-tokens": ("encoders", "modernbert_tokens", 1),
    "llama-tokens": ("encoders", "llama_tokens", 1),
    "gpt2-tokens": ("encoders", "gpt2_tokens", 1),
    "experts-fused": ("fused_experts", "fused", 1),
    "optimizer": ("optimizer", "optimizer", 1),
    "sft-plain": ("sft", "plain", 1),
    "sft-completion-only": ("sft", "completion_only", 1),
    "sft-wrapped": ("sft", "wrapped", 1),
    "sft-accumulation-4": ("sft", "accumulation", 1),
    "sft-bfd": ("sft", "bfd", 1),
    "reward": ("reward", "plain", 1),
    "reward-margin": ("reward", "margin", 1),
    "generation-rules": ("generation", "rules", 1),
    "generation-search": ("generation", "search", 1),
    "reward-encoder": ("reward_encoder", "encoder", 1),
    "tokenizer-stories260k": ("tokenization", "stories260k", 1),
    "tokenizer-gpt2": ("tokenization", "gpt2", 1),
    "adapter": ("adapters", "plain", 1),
    "adapter-patterns": ("adapters", "patterns", 1),
    "adapter-layers": ("adapters", "layers", 1),
    "adapter-all-linear": ("adapters", "all_linear", 1),
    "adapter-dora": ("adapters", "dora", 1),
    "adapter-embedding": ("adapters", "embedding", 1),
    "adapter-conv1d": ("adapters", "conv1d", 1),
    "adapter-conv1d-dora": ("adapters", "conv1d_dora", 1),
    "adapter-tied-embedding": ("adapters", "tied_embedding", 1),
    "adapter-classifier": ("adapters", "classifier", 1),
    "adapter-sft": ("adapters", "sft", 1),
    "quantization": ("quantization", "quantization", 1),
    "gguf-blocks": ("gguf_files", "blocks", 1),
    "gguf-quantized": ("gguf_files", "quantized", 1),
    "gguf-names": ("gguf_files", "names", 1),
    "gguf-converted": ("gguf_files", "converted", 1),
    "tokenizer-pieces": ("tokenizer_files", "sentence_pieces", 1),
    "tokenizer-files": ("tokenizer_files", "files", 1),
    "chat-templates": ("templates", "corpus", 1),
    "template-expressions": ("template_expressions", "expressions", 1),
    "configs-transformers5": ("configs", "transformers5", 1),
    "configs-transformers4": ("configs", "transformers4", 0),
    "seq2seq-text": ("seq2seq", "text", 1),
    "sft-t5": ("seq2seq_training", "trajectory", 1),
    "seq2seq-value": ("seq2seq_training", "value_head", 0),
    "ppo-classic": ("ppo", "classic", 0),
    "ppo-clipped": ("ppo", "clipped", 0),
    "ppo-scaled": ("ppo", "scaled", 0),
    "ppo-maths": ("ppo", "maths", 0),
}
# one family of models each, in recipes/families.py
FAMILIES = (
    "gpt2",
    "llama",
    "mistral",
    "qwen2",
    "qwen3",
    "smollm3",
    "gemma",
    "gemma2",
    "gemma3_text",
    "phi3",
    "olmo2",
    "gpt_neox",
    "gpt_neox-sequential",
    "opt",
    "opt-350m",
    "opt-bare",
    "falcon",
    "falcon-40b",
    "falcon-11b",
    "falcon-rw",
    "falcon-rw-parallel",
    "mixtral",
    "qwen2_moe",
    "qwen2_moe-normed",
    "qwen3_moe",
    "qwen3_moe-sparse",
)
# encoders with a head that scores, in recipes/encoders.py
CLASSIFIERS = (
    "bert-classifier",
    "roberta-classifier",
    "distilbert-classifier",
    "modernbert-classifier",
    "modernbert-cls-classifier",
)
# models with an encoder and a decoder, in recipes/seq2seq.py
SEQ2SEQ = ("t5", "t5-gated", "t5-shared")
RECIPES |= {f"family-{name}": ("families", name, 1) for name in FAMILIES}
# models, and adapters on them, whose training passes drop; in recipes/dropout.py
DROPPING = (
    "gpt2",
    "llama",
    "gemma2",
    "phi3",
    "gpt_neox",
    "opt",
    "opt-350m",
    "falcon-40b",
    "falcon-rw",
    "falcon-rw-parallel",
    "adapter-all-linear",
    "adapter-dora",
    "adapter-conv1d",
) + CLASSIFIERS
RECIPES |= {f"dropout-{name}": ("dropout", name, 1) for name in DROPPING}
RECIPES |= {f"lora-{name}": ("family_adapters", name, 1) for name in FAMILIES + CLASSIFIERS}
RECIPES |= {f"seq2seq-{name}": ("seq2seq", name, 1) for name in SEQ2SEQ}
RECIPES |= {f"lora-{name}": ("seq2seq", f"lora-{name}", 1) for name in SEQ2SEQ}
SEED = 20260101


def make(name: str, out: Path, data: Path) -> None:
    import numpy
    import torch
    from transformers.utils import logging

    from golden import Golden
    from sources import Sources

    module_name, function, _ = RECIPES[name]
    logging.disable_progress_bar()
    warnings.simplefilter("ignore")
    random.seed(SEED)
    numpy.random.seed(SEED)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    module = importlib.import_module(f"recipes.{module_name}")
    golden = Golden(out / name)
    getattr(module, function)(golden, Sources(data))
    golden.write(Path(module.__file__), SEED)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="goldens to make; all of this environment if none")
    parser.add_argument("--data", type=Path, default=HERE.parent / "bundled", help="folder of the bundled data")
    parser.add_argument("--out", type=Path, default=HERE / "goldens", help="folder to write to")
    parser.add_argument("--compare", type=Path, help="committed goldens to measure against")
    arguments = parser.parse_args()

    major = int(importlib.metadata.version("trl").split(".")[0])
    unknown = [name for name in arguments.names if name not in RECIPES]
    if unknown:
        parser.error(f"unknown golden {', '.join(unknown)}; known: {', '.join(RECIPES)}")
    names = arguments.names or [name for name, (_, _, needed) in RECIPES.items() if needed == major]

    from golden import report

    same = True
    for name in names:
        print(f"making {name}", flush=True)
        make(name, arguments.out, arguments.data)
        if arguments.compare:
            same &= report(name, arguments.compare / name, arguments.out / name)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
