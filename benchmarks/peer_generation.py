"""The transformers side of GenerationThroughput: sampled generation without an end, then a line RESULT {...}.

    python benchmarks/peer_generation.py MODEL_DIR BATCH DTYPE
"""

import json
import statistics
import sys
import time

import torch
from transformers import AutoModelForCausalLM

PROMPT_TOKENS, NEW_TOKENS, REPEATS = 32, 64, 3

dtype = torch.bfloat16 if sys.argv[3] == "bf16" else torch.float32
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=dtype).eval()
batch = int(sys.argv[2])
torch.manual_seed(1)
prompts = torch.randint(3, model.config.vocab_size, (batch, PROMPT_TOKENS))


def seconds():
    start = time.perf_counter()
    output = model.generate(
        prompts,
        attention_mask=torch.ones_like(prompts),
        do_sample=True,
        top_k=50,
        max_new_tokens=NEW_TOKENS,
        eos_token_id=None,
        pad_token_id=0,
    )
    assert output.shape[1] == PROMPT_TOKENS + NEW_TOKENS
    return time.perf_counter() - start


model.generation_config.eos_token_id = None
seconds()
measured = statistics.median(seconds() for _ in range(REPEATS))
print("RESULT " + json.dumps({"tokens_per_second": round(batch * NEW_TOKENS / measured, 1)}))
