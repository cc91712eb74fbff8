"""What transformers' logits processors make of random logits."""

import torch
from transformers import (
    LogitsProcessorList,
    MinNewTokensLengthLogitsProcessor,
    MinPLogitsWarper,
    NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

ROWS, VOCABULARY, PROMPT, EOS = 4, 50, 6, [2, 7]


def processors(**options):
    """The processors of the given options, in the order generate() applies them."""
    made = []
    if "repetition_penalty" in options:
        made.append(RepetitionPenaltyLogitsProcessor(options["repetition_penalty"]))
    if "no_repeat_ngram" in options:
        made.append(NoRepeatNGramLogitsProcessor(options["no_repeat_ngram"]))
    if "min_new_tokens" in options:
        made.append(MinNewTokensLengthLogitsProcessor(PROMPT, options["min_new_tokens"], EOS))
    if "temperature" in options:
        made.append(TemperatureLogitsWarper(options["temperature"]))
    if "top_k" in options:
        made.append(TopKLogitsWarper(options["top_k"]))
    if "top_p" in options:
        made.append(TopPLogitsWarper(options["top_p"]))
    if "min_p" in options:
        made.append(MinPLogitsWarper(options["min_p"]))
    return LogitsProcessorList(made)


CASES = {
    "temperature": {"temperature": 0.7},
    "top_k": {"top_k": 5},
    "top_p": {"top_p": 0.8},
    "min_p": {"min_p": 0.1},
    "repetition_penalty": {"repetition_penalty": 1.3},
    "min_new_tokens": {"min_new_tokens": 10},
    "min_new_tokens_reached": {"min_new_tokens": 4},
    "no_repeat_ngram": {"no_repeat_ngram": 2},
    "all": {
        "repetition_penalty": 1.2,
        "no_repeat_ngram": 2,
        "min_new_tokens": 10,
        "temperature": 1.4,
        "top_k": 20,
        "top_p": 0.9,
        "min_p": 0.02,
    },
}


def generation(golden, sources) -> None:
    logits = 2.5 * torch.randn(ROWS, VOCABULARY)
    ranked = logits[3].argsort(descending=True)
    logits[3, ranked[5:7]] = logits[3, ranked[4]].item()  # three share the fifth place, so that top_k 5 keeps seven
    ids = torch.randint(0, VOCABULARY, (ROWS, PROMPT + 4))
    ids[0, -3:] = torch.tensor([11, 12, 11])  # 12 would repeat a pair
    ids[1, 2], ids[1, -1] = 30, 30
    golden.tensor("logits", logits)
    golden.tensor("ids", ids)
    for name, options in CASES.items():
        golden.tensor(f"probabilities.{name}", processors(**options)(ids, logits.clone()).softmax(-1))
    golden.values |= {
        "prompt_tokens": PROMPT,
        "eos_token_id": EOS,
        "cases": CASES,
        "order": "repetition_penalty, no_repeat_ngram, min_new_tokens, temperature, top_k, top_p, min_p",
    }
