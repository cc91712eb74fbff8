"""What transformers reads from config.json in the dialects of its versions 4 and 5, and the rotary angles it makes of it.

Sizes are small, but heads are as large as those of real models, so that all kinds of wavelengths occur.
"""

import json
import tempfile
from pathlib import Path

import torch
from transformers import AutoConfig

SIZES = dict(
    vocab_size=97,
    hidden_size=256,
    intermediate_size=64,
    num_hidden_layers=6,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=4096,
    pad_token_id=0,
)
LENGTHS = (100, 4096, 4097, 9000)

LINEAR = dict(type="linear", factor=2.5)
DYNAMIC = dict(type="dynamic", factor=4.0)
LLAMA3 = dict(
    rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=1024
)
YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=1024)
SHORT = [1.0 + 0.01 * i for i in range(32)]
LONG = [1.0 + 0.5 * i for i in range(32)]
LONGROPE = dict(type="longrope", short_factor=SHORT, long_factor=LONG)

EXPERTS = dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=8, shared_expert_intermediate_size=16)

# name: config.json as transformers 4 writes it, beside SIZES
OF_4 = {
    "llama": dict(model_type="llama", rope_theta=10000.0, rope_scaling=None, pretraining_tp=1, mlp_bias=True),
    "llama-linear": dict(model_type="llama", rope_theta=10000.0, rope_scaling=LINEAR),
    "llama-dynamic": dict(model_type="llama", rope_theta=10000.0, rope_scaling=DYNAMIC),
    "llama-llama3": dict(model_type="llama", rope_theta=500000.0, rope_scaling=LLAMA3, attention_bias=True),
    "llama-yarn": dict(model_type="llama", rope_theta=500000.0, rope_scaling=YARN),
    "llama-longrope": dict(
        model_type="llama", rope_theta=10000.0, rope_scaling=LONGROPE | dict(original_max_position_embeddings=1024)
    ),
    "mistral": dict(model_type="mistral", rope_theta=1000000.0, sliding_window=512),
    "mistral-without-window": dict(model_type="mistral", rope_theta=1000000.0, sliding_window=None),
    "qwen2": dict(
        model_type="qwen2", rope_theta=1000000.0, use_sliding_window=True, sliding_window=512, max_window_layers=4
    ),
    "gemma": dict(model_type="gemma", rope_theta=10000.0, head_dim=96, hidden_act="gelu", hidden_activation=None),
    "gemma2": dict(model_type="gemma2", rope_theta=10000.0, head_dim=96, query_pre_attn_scalar=144, sliding_window=512),
    "phi3": dict(
        model_type="phi3",
        rope_theta=10000.0,
        rope_scaling=LONGROPE,
        original_max_position_embeddings=1024,
        sliding_window=512,
    ),
    "gpt_neox": dict(model_type="gpt_neox", rotary_pct=0.375, rotary_emb_base=50000),
    "gpt_neox-defaults": dict(model_type="gpt_neox", rope_scaling=LINEAR),
    "falcon": dict(model_type="falcon", rope_theta=50000.0, new_decoder_architecture=True, num_kv_heads=2),
    "mixtral": dict(
        model_type="mixtral", rope_theta=50000.0, sliding_window=None, num_local_experts=4, output_router_logits=True
    ),
    "qwen2_moe": dict(model_type="qwen2_moe", rope_theta=1000000.0, mlp_only_layers=[1], **EXPERTS),
}

# the same of families and kinds that came later, still in the dialect of version 4
OF_LATE_4 = {
    "llama-yarn-all-keys": dict(
        model_type="llama",
        rope_theta=500000.0,
        rope_scaling=YARN | dict(beta_fast=16.0, beta_slow=2.0, mscale=0.7, mscale_all_dim=1.3, truncate=False),
    ),
    "llama-yarn-attention-factor": dict(
        model_type="llama", rope_theta=500000.0, rope_scaling=YARN | dict(attention_factor=1.7)
    ),
    "llama-longrope-factor": dict(
        model_type="llama",
        rope_theta=10000.0,
        rope_scaling=LONGROPE | dict(factor=16.0, original_max_position_embeddings=1024),
    ),
    "llama-proportional": dict(
        model_type="llama",
        rope_theta=10000.0,
        rope_scaling=dict(rope_type="proportional", partial_rotary_factor=0.3, factor=2.0),
    ),
    "qwen3": dict(model_type="qwen3", rope_theta=1000000.0, head_dim=128, rope_scaling=YARN, sliding_window=None),
    "qwen3_moe": dict(
        model_type="qwen3_moe",
        rope_theta=1000000.0,
        head_dim=128,
        norm_topk_prob=True,
        max_window_layers=6,
        num_experts=4,
        num_experts_per_tok=2,
        moe_intermediate_size=8,
    ),
    "smollm3": dict(
        model_type="smollm3",
        rope_theta=5000000.0,
        no_rope_layers=[1, 1, 1, 0, 1, 1],
        no_rope_layer_interval=4,
        use_sliding_window=False,
        sliding_window=None,
        max_window_layers=28,
        pretraining_tp=2,
        rope_scaling=None,
    ),
    "gemma3": dict(
        model_type="gemma3_text",
        rope_theta=1000000.0,
        rope_local_base_freq=10000.0,
        rope_scaling=dict(rope_type="linear", factor=8.0),
        sliding_window=512,
        sliding_window_pattern=3,
        head_dim=96,
        query_pre_attn_scalar=144,
        attn_logit_softcapping=None,
        final_logit_softcapping=None,
        cache_implementation="hybrid",
    ),
    "olmo2": dict(model_type="olmo2", rope_theta=500000.0, rope_scaling=None, attention_bias=False),
    "phi3-partial": dict(
        model_type="phi3",
        rope_theta=10000.0,
        partial_rotary_factor=0.75,
        rope_scaling=dict(type="longrope", short_factor=SHORT[:24], long_factor=LONG[:24]),
        original_max_position_embeddings=1024,
        full_attn_mod=1,
        lm_head_bias=False,
        mlp_bias=False,
    ),
}


def loaded(content: dict):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text(json.dumps(content))
        return AutoConfig.from_pretrained(folder)


def written(config) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        config.save_pretrained(folder)
        content = json.loads((Path(folder) / "config.json").read_text())
    content.pop("_name_or_path", None)
    return content


def transformers4(golden, sources) -> None:
    """The files that version 4 itself writes, and the frequencies its functions of scalings compute."""
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    for name, content in OF_4.items():
        config = loaded(SIZES | content)
        case = {"config": written(config)}
        scaling = content.get("rope_scaling") or {}
        kind = scaling.get("rope_type", scaling.get("type"))
        # of yarn and longrope, 4.45 reads other lengths than later versions and the papers
        if content["model_type"] == "llama" and kind not in ("yarn", "longrope"):
            function = ROPE_INIT_FUNCTIONS[kind or "default"]
            by_length = [function(config, "cpu", seq_len=length) for length in LENGTHS]
            case["rotary"] = described([frequencies for frequencies, _ in by_length], by_length[0][1])
        golden.values[name] = case


def transformers5(golden, sources) -> None:
    """The same files as version 5 writes them after reading, and the frequencies of its models."""
    from transformers import AutoModel

    for name, content in (OF_4 | OF_LATE_4).items():
        config = loaded(SIZES | json.loads(json.dumps(content)))
        model = AutoModel.from_config(config)
        case = {"config4": SIZES | content, "config": written(config)}
        if content["model_type"] == "gemma3_text":
            case["rotary"] = frequencies(model.rotary_emb, "full_attention")
            case["window_rotary"] = frequencies(model.rotary_emb, "sliding_attention")
        else:
            case["rotary"] = frequencies(model.rotary_emb, None)
        golden.values[name] = case


def frequencies(rotary, layer_type):
    prefix = f"{layer_type}_" if layer_type else ""
    kinds = {"layer_type": layer_type} if layer_type else {}
    by_length = []
    for length in LENGTHS:
        rotary(torch.zeros(1), torch.arange(length)[None], **kinds)
        by_length.append(getattr(rotary, f"{prefix}inv_freq").clone())
    return described(by_length, getattr(rotary, f"{prefix}attention_scaling"))


def described(by_length, magnitude) -> dict:
    """One list where the length makes no difference, else one for each."""
    if all(torch.equal(by_length[0], each) for each in by_length):
        by_length = by_length[:1]
    return {"frequencies": [each.tolist() for each in by_length], "lengths": list(LENGTHS), "magnitude": magnitude}
