"""Tiny random T5 models: what transformers computes from padded batches of prompts and answers of different length.

To add a case, add a line to CASES here and to the list of names in ParityCases.java.
"""

import shutil
from pathlib import Path

import sentencepiece
import torch
from peft import TaskType
from torch.nn.functional import log_softmax
from transformers import (
    AutoModelForSeq2SeqLM,
    T5Config,
    T5ForConditionalGeneration,
    T5ForSequenceClassification,
    T5ForTokenClassification,
)

from recipes.family_adapters import record
from recipes.random_models import perturbed

GOLDENS = Path(__file__).resolve().parents[1] / "goldens"
TEXTS = (
    ("translate English to German: The cat sat.", "Die Katze sa\u00df."),
    ("Where is my ball?", "It is in the park."),
)
VOCABULARY = 97
PAD, EOS = 0, 1
PROMPTS = (13, 4, 26)
ANSWERS = (9, 17, 3)
NEW_TOKENS = 32
DISTINCT = 8  # tokens of a continuation, at least
LABELS = 1

SHARED = dict(
    vocab_size=VOCABULARY,
    d_model=24,
    d_kv=10,
    d_ff=36,
    num_layers=3,  # more than the decoder has: with fewer, the cache of transformers has too few as well
    num_decoder_layers=2,
    num_heads=3,
    relative_attention_num_buckets=10,
    relative_attention_max_distance=14,
    pad_token_id=PAD,
    eos_token_id=EOS,
    decoder_start_token_id=PAD,
    attn_implementation="eager",
)
# golden: changes of the configuration, and whether the output layer has weights of its own
CASES = {
    "t5": (dict(), False),
    "t5-gated": (
        dict(
            feed_forward_proj="gated-gelu",
            tie_word_embeddings=False,
            relative_attention_num_buckets=11,
            layer_norm_epsilon=1e-5,
        ),
        True,
    ),
    "t5-shared": (
        dict(
            feed_forward_proj="gated-silu",
            tie_word_embeddings=False,
            relative_attention_num_buckets=7,
            decoder_start_token_id=5,
        ),
        False,
    ),
}


def random_ids(lengths, seed=7):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(3, VOCABULARY, (length,), generator=generator).tolist() for length in lengths]


def padded(rows, filler):
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def lively(model):
    """Weighs positions and texts above the token itself, which a tied output layer would repeat for ever."""
    factors = {"shared": 0.05, "SelfAttention.q": 3, "SelfAttention.o": 3, "relative_attention_bias": 6}
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.mul_(next((f for part, f in factors.items() if name.endswith(f"{part}.weight")), 1))
    return model


def untied(model):
    """An output layer of its own, as version 1.1 has it; transformers makes none."""
    model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.shared.weight))
    model.all_tied_weights_keys.pop("lm_head.weight", None)
    return model


def generated(model, prompts, **settings):
    batch = padded(prompts, PAD)
    output = model.generate(
        batch, attention_mask=padded([[1] * len(row) for row in prompts], 0), do_sample=False, **settings
    )
    return output[:, 1:].tolist()  # without the token that the decoder starts with


def varied_model(name):
    """The first random model that does not soon repeat one token, with its continuations and its seed."""
    changes, has_output = CASES[name]
    prompts = random_ids(PROMPTS)[1::-1]
    for seed in range(100):
        torch.manual_seed(seed)
        model = T5ForConditionalGeneration(T5Config(**SHARED | changes))
        model = perturbed(untied(lively(model)) if has_output else lively(model))
        rows = generated(model, prompts, max_new_tokens=NEW_TOKENS, eos_token_id=None)
        if all(len(set(row)) >= DISTINCT for row in rows):
            return model, [{"prompt_ids": p, "new_ids": row} for p, row in zip(prompts, rows)], seed
    raise SystemExit(f"{name}: every model repeats itself; change its settings")


def forward_and_gradients(golden, model, prompts, answers) -> None:
    """Logits of each answer's tokens, and loss and gradients of their mean; rows are padded and masked."""
    mask = padded([[1] * len(row) for row in prompts], 0)
    output = model(input_ids=padded(prompts, PAD), attention_mask=mask, labels=padded(answers, -100))
    for i, answer in enumerate(answers):
        golden.tensor(f"logits.{i}", output.logits[i, : len(answer)])
    output.loss.backward()
    golden.gradients(model)
    golden.values |= {"prompt_ids": prompts, "labels": answers, "loss": output.loss.item()}


def heads(golden, model, prompts) -> None:
    """What the two classifiers over the same body say, each of whose heads is noted."""
    settings = model.config.to_dict() | {"num_labels": LABELS}
    body = {f"transformer.{key}": value for key, value in model.state_dict().items() if key != "lm_head.weight"}
    for kind, model_class in (("classifier", T5ForSequenceClassification), ("tokens", T5ForTokenClassification)):
        head = perturbed(model_class(T5Config(**settings, attn_implementation="eager")))
        own = {key: value for key, value in head.state_dict().items() if not key.startswith("transformer.")}
        head.load_state_dict({key: value for key, value in body.items() if key in head.state_dict()} | own)
        for key, value in own.items():
            golden.tensor(key, value)
        with torch.no_grad():
            rows = [head(torch.tensor([[*row, EOS]])).logits for row in prompts]
        golden.tensor(f"scores.{kind}", torch.cat([row.reshape(-1, LABELS) for row in rows]))


def model(golden, name) -> None:
    made, continuations, golden.values["model_seed"] = varied_model(name)
    made.save_pretrained(golden.folder / "model")
    prompts = random_ids(PROMPTS)
    forward_and_gradients(golden, made, prompts, [[*row, EOS] for row in random_ids(ANSWERS, seed=8)])
    golden.values["greedy"] = continuations
    beams = dict(num_beams=3, max_new_tokens=12, length_penalty=0.5)
    golden.values["beams"] = beams | {
        "prompt_ids": prompts,
        "new_ids": [generated(made, [prompt], **beams)[0] for prompt in prompts],
    }
    golden.values["attention"] = "eager"
    golden.values["classes"] = {
        "causal": type(made).__name__,
        "classifier": T5ForSequenceClassification.__name__,
        "tokens": T5ForTokenClassification.__name__,
    }
    heads(golden, made, prompts)


def adapter(golden, name) -> None:
    """A LoRA of PEFT: on the layers it takes by itself, or on all linear ones."""
    target = None if name == "t5" else "all-linear"
    made = record(
        golden, f"seq2seq-{name}", AutoModelForSeq2SeqLM, TaskType.SEQ_2_SEQ_LM, "eager", target_modules=target
    )
    prompts, answers = random_ids(PROMPTS), random_ids(ANSWERS, seed=8)
    golden.values |= {"prompt_ids": prompts, "labels": answers}
    del golden.values["input_ids"]
    with torch.no_grad():
        logits = [
            made(input_ids=torch.tensor([prompt]), labels=torch.tensor([answer])).logits[0]
            for prompt, answer in zip(prompts, answers)
        ]
    golden.tensor("outputs", torch.cat(logits))


def text(golden, sources) -> None:
    """A model with T5's kind of tokenizer: what it writes after texts, and how likely it finds given answers."""
    pieces = GOLDENS / "tokenizer-pieces/t5"
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(pieces / "spiece.model"))
    torch.manual_seed(0)
    # ten places for what is masked lie behind the pieces
    settings = SHARED | dict(vocab_size=len(tokenizer) + 10, d_model=16, d_kv=6, d_ff=20, num_layers=1, num_decoder_layers=1)
    made = perturbed(lively(T5ForConditionalGeneration(T5Config(**settings))))
    made.save_pretrained(golden.folder / "model")
    for file in ("spiece.model", "tokenizer_config.json"):
        shutil.copy(pieces / file, golden.folder / "model")
    rows = []
    for prompt, answer in TEXTS:
        ids, labels = [*tokenizer.encode(prompt), EOS], [*tokenizer.encode(answer), EOS]
        written = generated(made, [ids], max_new_tokens=12)[0]
        with torch.no_grad():
            logits = made(input_ids=torch.tensor([ids]), labels=torch.tensor([labels])).logits[0]
        chances = log_softmax(logits, -1).gather(-1, torch.tensor(labels)[:, None])[:, 0]
        rows.append(
            {
                "prompt": prompt,
                "prompt_ids": ids,
                "new_ids": written,
                "new_text": tokenizer.decode([id for id in written if EOS < id < len(tokenizer)]),
                "answer": answer,
                "labels": labels,
                "log_probs": chances.tolist(),
            }
        )
    golden.values |= {"rows": rows, "attention": "eager"}


def __getattr__(name):
    """The recipe of the case `name`, or of an adapter of it, for make.py."""
    case = name.removeprefix("lora-")
    if case not in CASES:
        raise AttributeError(name)
    return lambda golden, sources: (adapter if name != case else model)(golden, case)
