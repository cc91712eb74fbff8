"""What transformers' logits processors make of random logits, and what its searches write."""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, GenerationConfig

ROWS, UNTIED, VOCABULARY, PROMPT, EOS = 5, 3, 50, 6, [2, 7]  # the last rows have ties
GOLDENS = Path(__file__).resolve().parent.parent / "goldens"

SAMPLED = {"do_sample": True, "top_k": 0}

# keys of generation_config.json; tokens of row 0 end with 11 12 11, those of row 1 with 30
CASES = {
    "temperature": SAMPLED | {"temperature": 0.7},
    "top_k": {"do_sample": True, "top_k": 5},
    "top_p": SAMPLED | {"top_p": 0.8},
    "top_p_small": SAMPLED | {"top_p": 0.05},
    "min_p": SAMPLED | {"min_p": 0.1},
    "typical_p": SAMPLED | {"typical_p": 0.6},
    "typical_p_small": SAMPLED | {"typical_p": 0.05},
    "epsilon_cutoff": SAMPLED | {"epsilon_cutoff": 0.02},
    "epsilon_cutoff_large": SAMPLED | {"epsilon_cutoff": 0.9},
    "eta_cutoff": SAMPLED | {"eta_cutoff": 0.3},
    "repetition_penalty": {"repetition_penalty": 1.3},
    "repetition_reward": {"repetition_penalty": 0.8},
    "no_repeat_ngram": {"no_repeat_ngram_size": 2},
    "no_repeat_unigram": {"no_repeat_ngram_size": 1},
    "bad_words": {"bad_words_ids": [[4], [7], [12, 11, 9], [30, 8], [30, 31, 8]]},
    "sequence_bias": {"sequence_bias": [[[5], 2.5], [[12, 11, 9], -4.0], [[30, 8], 1.5], [[31, 8], 1.5]]},
    "min_length": {"min_length": 11},
    "min_length_reached": {"min_length": 10},
    "min_new_tokens": {"min_new_tokens": 10},
    "min_new_tokens_reached": {"min_new_tokens": 4},
    "forced_eos": {"forced_eos_token_id": [2, 7], "max_length": PROMPT + 5},
    "forced_eos_not_yet": {"forced_eos_token_id": 2, "max_length": PROMPT + 6},
    "forced_bos_not_here": {"forced_bos_token_id": 3},
    "length_decay": {"exponential_decay_length_penalty": [1, 1.2]},
    "length_decay_not_yet": {"exponential_decay_length_penalty": [4, 1.2]},
    "suppress_tokens": {"suppress_tokens": [1, 2, 3]},
    "begin_suppress_tokens_not_here": {"begin_suppress_tokens": [1, 2, 3]},
    "renormalize": SAMPLED | {"top_p": 0.8, "temperature": 0.9, "renormalize_logits": True},
    "filters_of_greedy": {"temperature": 0.5, "top_k": 3, "top_p": 0.5, "min_p": 0.3},
    "penalties": {
        "sequence_bias": [[[5], 2.5]],
        "repetition_penalty": 1.2,
        "no_repeat_ngram_size": 2,
        "bad_words_ids": [[4], [12, 11, 9]],
        "min_new_tokens": 10,
        "exponential_decay_length_penalty": [2, 1.1],
        "suppress_tokens": [6],
    },
    "filters": {
        "do_sample": True,
        "temperature": 1.4,
        "top_k": 30,
        "top_p": 0.95,
        "min_p": 0.02,
        "typical_p": 0.9,
        "epsilon_cutoff": 0.01,
        "eta_cutoff": 0.02,
    },
    "all": {
        "do_sample": True,
        "sequence_bias": [[[5], 2.5]],
        "repetition_penalty": 1.2,
        "no_repeat_ngram_size": 2,
        "bad_words_ids": [[4], [12, 11, 9]],
        "min_new_tokens": 10,
        "exponential_decay_length_penalty": [2, 1.1],
        "suppress_tokens": [6],
        "temperature": 1.4,
        "top_k": 20,
        "top_p": 0.9,
        "min_p": 0.02,
        "typical_p": 0.95,
        "epsilon_cutoff": 0.01,
        "eta_cutoff": 0.02,
        "renormalize_logits": True,
    },
    "filters_of_beams": {
        "do_sample": True,
        "num_beams": 2,
        "top_k": 1,
        "top_p": 0.05,
        "min_p": 0.9,
        "typical_p": 0.05,
        "epsilon_cutoff": 0.9,
        "eta_cutoff": 0.9,
    },
}

# as CASES, before the first new token of a prompt of one token
FIRST = {
    "forced_bos": {"forced_bos_token_id": 3},
    "begin_suppress_tokens": {"begin_suppress_tokens": [1, 2, 3]},
    "begin_suppress_tokens_after_forced": {"begin_suppress_tokens": [1, 2, 3], "forced_bos_token_id": 3},
    "repetition_penalty": {"repetition_penalty": 1.3},
    "no_repeat_ngram": {"no_repeat_ngram_size": 3},
}


def processed(model, ids, logits, prompt, options):
    config = GenerationConfig(**({"max_length": 100, "top_k": None} | options))
    config._eos_token_tensor = torch.tensor(EOS)
    return model._get_logits_processor(config, input_ids_seq_length=prompt, device="cpu")(ids, logits.clone())


def rules(golden, sources) -> None:
    model = sources.causal_lm()
    logits = 2.5 * torch.randn(ROWS, VOCABULARY)
    ranked = logits[3].argsort(descending=True)
    logits[3, ranked[5:7]] = logits[3, ranked[4]].item()  # three share the fifth place, so that top_k 5 keeps seven
    logits[4] = logits[4].round()  # many ties
    logits[4, ::5] = -torch.inf
    logits[4, 3] = logits[4, 8] = 2.0
    ids = torch.randint(0, VOCABULARY, (ROWS, PROMPT + 4))
    ids[0, -3:] = torch.tensor([11, 12, 11])  # 12 would repeat a pair
    ids[1, 2], ids[1, -1] = 30, 30
    golden.tensor("logits", logits)
    golden.values["ids"] = ids.tolist()
    for name, options in CASES.items():
        scores = processed(model, ids, logits, PROMPT, options)
        # of equally likely tokens at the edge, top_p keeps those that an unstable sort places last
        golden.tensor(f"scores.{name}", scores[:UNTIED] if "top_p" in options else scores)
    for name, options in FIRST.items():
        golden.tensor(f"first.{name}", processed(model, ids[:, :1], logits, 1, options))
    golden.values |= {"prompt_tokens": PROMPT, "eos_token_id": EOS, "cases": CASES, "first": FIRST}


SEARCHES = {
    "greedy": {},
    "greedy_with_rules": {"min_new_tokens": 12, "no_repeat_ngram_size": 3, "repetition_penalty": 1.2},
    "beams": {"num_beams": 4, "num_return_sequences": 4},
    "beams_stopped_early": {"num_beams": 3, "num_return_sequences": 3, "early_stopping": True},
    "beams_never_stopped": {"num_beams": 3, "num_return_sequences": 2, "early_stopping": "never"},
    "beams_long": {"num_beams": 3, "num_return_sequences": 3, "length_penalty": 2.0, "early_stopping": "never"},
    "beams_short": {"num_beams": 3, "num_return_sequences": 3, "length_penalty": -1.0},
    "beams_of_any_length": {"num_beams": 3, "num_return_sequences": 3, "length_penalty": 0.0},
    "beams_with_rules": {
        "num_beams": 3,
        "num_return_sequences": 2,
        "no_repeat_ngram_size": 2,
        "min_new_tokens": 6,
        "suppress_tokens": [5],
        "renormalize_logits": True,
    },
}
NEW_TOKENS = 20


def search(golden, sources) -> None:
    """Three prompts of different length together, left-padded."""
    tokenizer = sources.tokenizer()
    stories = [tokenizer(text).input_ids for text in ("Once upon a time", "Lily", "The big dog was happy and it ran")]
    random = torch.Generator().manual_seed(3)
    numbers = [torch.randint(3, 200, (n,), generator=random).tolist() for n in (4, 9, 2)]
    models = {
        "llama-stories260k": (sources.causal_lm(), stories),
        "llama-random": (load("llama-random"), numbers),
        "gpt2-random": (load("gpt2-random"), numbers),
    }
    for name, (model, prompts) in models.items():
        model.generation_config = GenerationConfig(pad_token_id=0)
        longest = max(map(len, prompts))
        ids = torch.tensor([[0] * (longest - len(prompt)) + prompt for prompt in prompts])
        mask = torch.tensor([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts])
        greedy = model.generate(
            ids, attention_mask=mask, max_new_tokens=NEW_TOKENS, do_sample=False, eos_token_id=None
        )[:, longest:]
        eos = sorted({greedy[0, 9].item(), greedy[2, 13].item()})  # random models have no token that ends
        results = {}
        for case, options in SEARCHES.items():
            result = model.generate(
                ids,
                attention_mask=mask,
                max_new_tokens=NEW_TOKENS,
                do_sample=False,
                eos_token_id=eos,
                return_dict_in_generate=True,
                output_scores=True,
                **options,
            )
            results[case] = {"new_ids": [cut(row, eos) for row in result.sequences[:, longest:].tolist()]}
            if "num_beams" in options:
                results[case]["scores"] = result.sequences_scores.tolist()
        golden.values[name] = {"prompts": prompts, "eos_token_id": eos, "results": results}
    golden.values |= {"max_new_tokens": NEW_TOKENS, "searches": SEARCHES}


def load(name):
    return AutoModelForCausalLM.from_pretrained(
        GOLDENS / name / "model", dtype=torch.float32, attn_implementation="eager"
    ).eval()


def cut(ids, eos):
    """Up to and with the first end token; padding follows it."""
    end = next((i for i, token in enumerate(ids) if token in eos), len(ids))
    return ids[: end + 1]
