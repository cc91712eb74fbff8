"""Forward passes, losses, gradients and greedy decoding of causal language models."""

import torch
from torch.nn.functional import cross_entropy, log_softmax

TEXTS = (
    "Once upon a time, there was a little girl named Lily.",
    "Tom had a red ball. He liked to play with it in the park every day, but one day the ball was gone! "
    '"Where is my ball?" asked Tom.',
    "The cat sat.",
)


def forward_and_gradients(golden, model, sequences) -> None:
    """Unpadded logits of each sequence, and loss and gradients of the mean over all predicted tokens together."""
    model.eval()
    total, count = 0.0, 0
    for i, ids in enumerate(sequences):
        ids = torch.tensor([ids])
        logits = model(ids).logits[0]
        golden.tensor(f"logits.{i}", logits)
        golden.tensor(f"logprobs.{i}", log_softmax(logits[:-1], -1).gather(-1, ids[0, 1:, None])[:, 0])
        total = total + cross_entropy(logits[:-1], ids[0, 1:], reduction="sum")
        count += ids.shape[1] - 1
    loss = total / count
    loss.backward()
    golden.gradients(model)
    golden.values |= {"input_ids": sequences, "loss": loss.item(), "predicted_tokens": count}


def greedy(golden, model, prompt, new_tokens, eos) -> None:
    """The greedy continuation; `eos` may be empty, the end token itself is kept."""
    output = model.generate(
        torch.tensor([prompt]), do_sample=False, max_new_tokens=new_tokens, eos_token_id=eos or None, pad_token_id=0
    )
    golden.values["greedy"] = {
        "prompt_ids": prompt,
        "max_new_tokens": new_tokens,
        "eos_token_id": eos,
        "new_ids": output[0, len(prompt):].tolist(),
    }


def stories260k(golden, sources) -> None:
    model, tokenizer = sources.causal_lm(), sources.tokenizer()
    golden.values |= {"texts": list(TEXTS), "attention": "eager"}
    forward_and_gradients(golden, model, [tokenizer(text).input_ids for text in TEXTS])
    prompt = tokenizer("Once upon a time").input_ids
    greedy(golden, model, prompt, 64, [1, 2])
    golden.values["greedy"]["prompt"] = "Once upon a time"
    golden.values["greedy"]["new_text"] = tokenizer.decode(golden.values["greedy"]["new_ids"])
