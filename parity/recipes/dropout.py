"""Training passes of tiny models with dropout, whose masks are Attune's instead of torch's.

The masks are computed here once more, from their definition in docs/adr/0022-dropout-without-state.md: an element depends
on the text's seed, the token, the place in the model, and its index. Places are numbered in the order in which the
forward pass comes by; weights of attention are numbered by layer and go apart. The models are those of other goldens.
"""

import json
from pathlib import Path

import numpy
import torch
from peft import PeftModel
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from recipes.families import random_ids

GOLDENS = Path(__file__).resolve().parents[1] / "goldens"
LENGTHS = (9, 4)
SEEDS = (4_611_686_018_427_387_905, -77)
RATE = 0.3
GOLDEN_GAMMA = numpy.uint64(0x9E3779B97F4A7C15)

# what each configuration calls its rates; all become RATE
KEYS = {
    "gpt2": ("embd_pdrop", "resid_pdrop", "attn_pdrop"),
    "opt": ("dropout", "attention_dropout"),
    "gpt_neox": ("hidden_dropout", "attention_dropout"),
    "falcon": ("hidden_dropout", "attention_dropout"),
    "phi3": ("resid_pdrop", "attention_dropout"),
    "bert": ("hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"),
    "roberta": ("hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"),
    "distilbert": ("dropout", "attention_dropout", "seq_classif_dropout"),
    "modernbert": ("embedding_dropout", "mlp_dropout", "attention_dropout", "classifier_dropout"),
}


def mixed(z: numpy.ndarray) -> numpy.ndarray:
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return z ^ (z >> numpy.uint64(31))


def key(parent, index) -> numpy.ndarray:
    """The keys of the things at `index` (counted from 0, or negative) that `parent` is the key of."""
    steps = numpy.atleast_1d(numpy.asarray(index, dtype=numpy.int64) + 1).astype(numpy.uint64)
    return mixed(numpy.atleast_1d(numpy.uint64(parent)) + steps * GOLDEN_GAMMA)


def kept(row_key, width: int, rate: float) -> numpy.ndarray:
    """One row of a mask: a number of 64 bits decides on two elements, its lower half on the first."""
    bits = key(row_key, numpy.arange((width + 1) // 2))
    halves = numpy.stack([bits & numpy.uint64(0xFFFFFFFF), bits >> numpy.uint64(32)], 1).reshape(-1)[:width]
    return halves >= numpy.uint64(round(rate * 2**32))


class Masks:
    """Stands in for torch's dropout during one pass of one text."""

    def __init__(self, seed: int, causal: bool):
        self.seed = numpy.uint64(seed % 2**64)
        self.causal = causal
        self.places = 0
        self.layers = 0

    def __call__(self, x, p=0.5, training=True, inplace=False):
        if not training or p == 0:
            return x
        mask = self.of_weights(x.shape, p) if x.ndim == 4 else self.of_rows(x.shape, p)
        return x * torch.from_numpy(mask).reshape(x.shape) / (1 - p)

    def of_rows(self, shape, rate: float) -> numpy.ndarray:
        """[1, T, C] or [T, C] of tokens, or [1, C] of a text, which has several tokens."""
        tokens = shape[-2] if len(shape) == 3 or shape[0] > 1 else 0
        rows = [key(self.seed, t) for t in range(tokens)] or [self.seed]
        place = self.places
        self.places += 1
        return numpy.stack([kept(key(row, place), shape[-1], rate) for row in rows])

    def of_weights(self, shape, rate: float) -> numpy.ndarray:
        """[1, H, T, T]."""
        _, heads, queries, keys = shape
        mask = numpy.zeros((heads, queries, keys), dtype=bool)
        for query in range(queries):
            place = key(key(self.seed, query), -1 - self.layers)
            for head in range(heads):
                reach = query + 1 if self.causal else keys
                mask[head, query, :reach] = kept(key(place, head), reach, rate)
        self.layers += 1
        return mask


def attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False):
    """torch's attention of a single text, with dropout by torch.nn.functional."""
    scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    if is_causal:
        scores = scores + torch.full(scores.shape[-2:], float("-inf")).triu(1)
    if attn_mask is not None:
        scores = scores + attn_mask
    return functional.dropout(scores.softmax(-1), dropout_p) @ value


def trained(golden, base: str, model, score) -> None:
    """Stores what each text gives in training, and gradients of the sum of its squares."""
    texts = random_ids(LENGTHS)
    golden.values |= {"base": base, "rate": RATE, "input_ids": texts, "seeds": list(SEEDS)}
    model.train()
    original = functional.dropout, functional.scaled_dot_product_attention
    outputs = []
    try:
        with numpy.errstate(over="ignore"):
            for ids, seed in zip(texts, SEEDS):
                functional.scaled_dot_product_attention = attention
                functional.dropout = Masks(seed, causal=not score)
                logits = model(input_ids=torch.tensor([ids])).logits
                outputs.append(logits if score else logits[0])
    finally:
        functional.dropout, functional.scaled_dot_product_attention = original
    outputs = torch.cat(outputs)
    outputs.square().sum().backward()
    golden.tensor("outputs", outputs)
    for name in golden.values["gradients"]:
        saved = name.removesuffix(".weight") if "magnitude" in name else name
        golden.tensor(f"grad.{saved.replace('.default', '')}", model.get_parameter(name).grad)


def loaded(model_class, base: str, **settings):
    # eager attention of Falcon adds the bias by distance twice
    implementation = "sdpa" if "falcon-rw" in base else "eager"
    return model_class.from_pretrained(
        GOLDENS / base / "model", attn_implementation=implementation, dtype=torch.float32, **settings
    )


def family(golden, name: str) -> None:
    score = name.endswith("-classifier")
    base = name if score else f"family-{name}"
    keys = KEYS.get(name.split("-")[0], ("attention_dropout",))
    model = loaded(
        AutoModelForSequenceClassification if score else AutoModelForCausalLM, base, **dict.fromkeys(keys, RATE)
    )
    # the first weights that the pass reads see everything that is dropped behind them
    golden.values["gradients"] = [next(n for n, p in model.named_parameters() if "embed" in n or "wte" in n)]
    trained(golden, base, model, score)


def adapter(golden, name: str) -> None:
    base = json.loads((GOLDENS / name / "values.json").read_text("utf-8"))["base"]
    keys = KEYS["gpt2"] if base.startswith("gpt2") else ("attention_dropout",)
    model = loaded(AutoModelForCausalLM, base, **dict.fromkeys(keys, RATE))
    model = PeftModel.from_pretrained(model, GOLDENS / name / "adapter", is_trainable=True)
    for module in model.modules():
        if hasattr(module, "lora_dropout") and "default" in module.lora_dropout:
            module.lora_dropout["default"] = torch.nn.Dropout(RATE)
    factors = [n for n, p in model.named_parameters() if ".0." in n and ("q_proj.lora_" in n or "c_attn.lora_" in n)]
    golden.values |= {"adapter": name, "gradients": factors}
    trained(golden, base, model, score=False)


def __getattr__(name):
    """The recipe of the family, classifier or adapter `name`, for make.py."""
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda golden, sources: (adapter if name.startswith("adapter") else family)(golden, name)
