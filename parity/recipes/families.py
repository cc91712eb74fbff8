"""One tiny random model of each family, with settings that are easy to get wrong.

To add a family, add a line to CASES here and to the list of names in ParityCases.java. A case names the family's
config class and what differs from SHARED; a key that the class does not know is taken out with None.
"""

import torch
import transformers
from torch.nn.functional import pad
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from recipes.causal_lm import forward_and_gradients
from recipes.random_models import perturbed

VOCABULARY = 97
PAD = 96
LENGTHS = (13, 4, 26)
NEW_TOKENS = 32
DISTINCT = 8  # tokens of a continuation, at least

SHARED = dict(
    vocab_size=VOCABULARY,
    hidden_size=24,
    intermediate_size=36,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    initializer_range=0.25,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=PAD,
    attn_implementation="eager",
)
LLAMA3 = dict(
    rope_type="llama3",
    rope_theta=5000.0,
    factor=4.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=16,
)
YARN = dict(rope_type="yarn", rope_theta=5000.0, factor=4.0, original_max_position_embeddings=16, beta_fast=4.0)
LONGROPE = dict(
    rope_type="longrope",
    rope_theta=5000.0,
    factor=3.2,
    partial_rotary_factor=0.6,
    short_factor=[1.0, 1.25, 1.5],
    long_factor=[1.5, 2.5, 4.0],
)

NO_KEY_HEADS = dict(num_key_value_heads=None)
OPT = NO_KEY_HEADS | dict(intermediate_size=None, ffn_dim=36, initializer_range=None, init_std=0.25)
FALCON = NO_KEY_HEADS | dict(intermediate_size=None, ffn_hidden_size=36)
EXPERTS = dict(num_experts=5, num_experts_per_tok=2, moe_intermediate_size=8)

# golden: (config class, changes); a change to None takes the key away
CASES = {
    "gpt2": ("GPT2Config", dict(num_key_value_heads=None, intermediate_size=None, n_inner=36)),
    "llama": ("LlamaConfig", dict(head_dim=10, rope_parameters=LLAMA3, attention_bias=True, tie_word_embeddings=True)),
    "mistral": ("MistralConfig", dict(head_dim=10, sliding_window=7, tie_word_embeddings=False)),
    "qwen2": (
        "Qwen2Config",
        dict(rope_parameters=YARN, use_sliding_window=True, sliding_window=7, max_window_layers=1),
    ),
    "qwen3": (
        "Qwen3Config",
        dict(
            head_dim=10,
            max_position_embeddings=16,
            rope_parameters=dict(rope_type="dynamic", rope_theta=5000.0, factor=4.0),
            tie_word_embeddings=True,
            layer_types=["full_attention", "sliding_attention", "full_attention"],
            use_sliding_window=True,
            sliding_window=5,
        ),
    ),
    "smollm3": (
        "SmolLM3Config",
        dict(
            rope_parameters=dict(rope_type="linear", rope_theta=5000.0, factor=2.0),
            no_rope_layers=[1, 0, 1],
            use_sliding_window=True,
            sliding_window=7,
            mlp_bias=True,
        ),
    ),
    "gemma": ("GemmaConfig", dict(head_dim=10, num_key_value_heads=1)),
    "gemma2": (
        "Gemma2Config",
        dict(
            head_dim=10,
            sliding_window=7,
            query_pre_attn_scalar=14,
            attn_logit_softcapping=3.0,
            final_logit_softcapping=5.0,
            tie_word_embeddings=False,
        ),
    ),
    "gemma3_text": (
        "Gemma3TextConfig",
        dict(
            head_dim=10,
            sliding_window=7,
            sliding_window_pattern=3,
            query_pre_attn_scalar=14,
            rope_parameters={
                "full_attention": dict(rope_type="linear", rope_theta=5000.0, factor=8.0),
                "sliding_attention": dict(rope_type="default", rope_theta=100.0),
            },
            attention_bias=True,
            tie_word_embeddings=False,
        ),
    ),
    "phi3": (
        "Phi3Config",
        dict(
            hidden_size=40,
            num_hidden_layers=2,
            original_max_position_embeddings=20,
            rope_parameters=LONGROPE,
            sliding_window=11,
        ),
    ),
    "olmo2": ("Olmo2Config", dict(rope_parameters=dict(rope_type="default", rope_theta=5000.0), num_key_value_heads=4)),
    "gpt_neox": (
        "GPTNeoXConfig",
        NO_KEY_HEADS
        | dict(rope_parameters=dict(rope_type="default", rope_theta=5000.0, partial_rotary_factor=0.67)),
    ),
    "gpt_neox-sequential": (
        "GPTNeoXConfig",
        NO_KEY_HEADS
        | dict(
            rope_parameters=dict(rope_type="linear", rope_theta=5000.0, partial_rotary_factor=1.0, factor=2.0),
            use_parallel_residual=False,
            attention_bias=False,
            hidden_act="gelu_fast",
            tie_word_embeddings=True,
        ),
    ),
    "opt": ("OPTConfig", OPT),
    "opt-350m": (
        "OPTConfig",
        OPT | dict(word_embed_proj_dim=16, do_layer_norm_before=False, activation_function="gelu"),
    ),
    "opt-bare": ("OPTConfig", OPT | dict(_remove_final_layer_norm=True, enable_bias=False, tie_word_embeddings=False)),
    "falcon": ("FalconConfig", FALCON | dict(bias=True)),
    "falcon-40b": (
        "FalconConfig",
        FALCON
        | dict(
            new_decoder_architecture=True,
            num_kv_heads=2,
            rope_parameters=dict(rope_type="dynamic", rope_theta=5000.0, factor=4.0),
            max_position_embeddings=16,
        ),
    ),
    "falcon-11b": (
        "FalconConfig",
        FALCON
        | dict(
            new_decoder_architecture=True, num_kv_heads=2, num_ln_in_parallel_attn=1, tie_word_embeddings=False
        ),
    ),
    # eager attention adds the bias by distance twice
    "falcon-rw": (
        "FalconConfig",
        FALCON
        | dict(
            alibi=True,
            multi_query=False,
            parallel_attn=False,
            bias=True,
            num_attention_heads=6,
            attn_implementation="sdpa",
        ),
    ),
    "falcon-rw-parallel": (
        "FalconConfig", FALCON | dict(alibi=True, activation="relu", attn_implementation="sdpa")
    ),
    "mixtral": (
        "MixtralConfig",
        dict(
            intermediate_size=10,
            num_hidden_layers=2,
            head_dim=10,
            num_local_experts=5,
            num_experts_per_tok=3,
            sliding_window=7,
            output_router_logits=True,
            router_aux_loss_coef=0.05,
        ),
    ),
    "qwen2_moe": ("Qwen2MoeConfig", EXPERTS | dict(mlp_only_layers=[1], shared_expert_intermediate_size=14)),
    "qwen2_moe-normed": (
        "Qwen2MoeConfig",
        EXPERTS
        | dict(
            decoder_sparse_step=2,
            norm_topk_prob=True,
            qkv_bias=False,
            shared_expert_intermediate_size=6,
            use_sliding_window=True,
            sliding_window=7,
            max_window_layers=2,
            tie_word_embeddings=True,
        ),
    ),
    "qwen3_moe": (
        "Qwen3MoeConfig",
        EXPERTS | dict(head_dim=10, norm_topk_prob=True, attention_bias=True, mlp_only_layers=[0], num_experts_per_tok=3),
    ),
    "qwen3_moe-sparse": (
        "Qwen3MoeConfig",
        EXPERTS | dict(decoder_sparse_step=2, use_sliding_window=True, sliding_window=7, tie_word_embeddings=True),
    ),
}


def random_ids(lengths, seed=7):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(3, PAD, (length,), generator=generator).tolist() for length in lengths]


def config(name):
    class_name, changes = CASES[name]
    # a config keeps the objects it is given and adds keys to them
    settings = {key: dict(value) if isinstance(value, dict) else value for key, value in (SHARED | changes).items()}
    return getattr(transformers, class_name)(**{k: v for k, v in settings.items() if v is not None})


def greedy(model, prompt) -> dict:
    output = model.generate(
        torch.tensor([prompt]), do_sample=False, max_new_tokens=NEW_TOKENS, eos_token_id=None, pad_token_id=PAD
    )
    return {"prompt_ids": prompt, "new_ids": output[0, len(prompt) :].tolist()}


def scores(golden, body, sequences) -> None:
    """What a score head over the same body says of each row."""
    labelled = config_with_labels(body.config)
    model = AutoModelForSequenceClassification.from_config(labelled, attn_implementation=labelled._attn_implementation).eval()
    getattr(model, model.base_model_prefix).load_state_dict(getattr(body, body.base_model_prefix).state_dict())
    with torch.no_grad():
        alone = torch.cat([model(torch.tensor([ids])).logits for ids in sequences])
    golden.tensor("score.weight", model.score.weight)
    golden.tensor("scores", alone[:, 0])
    golden.values["classes"] = {"causal": type(body).__name__, "classifier": type(model).__name__}


def config_with_labels(config):
    labelled = type(config).from_dict(config.to_dict())
    labelled.num_labels = 1
    labelled._attn_implementation = config._attn_implementation
    labelled._experts_implementation = "eager"
    return labelled


def as_stored(model, gradients: dict) -> dict:
    """Gradients by the names and shapes that files have, where those of the model in memory differ."""
    names = {"mixtral": ("w1", "w3", "w2")}.get(model.config.model_type, ("gate_proj", "up_proj", "down_proj"))
    stored = {}
    for name, gradient in gradients.items():
        if model.config.model_type == "mixtral":
            name = name.replace(".mlp.", ".block_sparse_moe.")
        if model.config.model_type == "gpt_neox":
            name = name.replace("lm_head.", "embed_out.")
        if name.endswith(".experts.gate_up_proj"):
            for i, both in enumerate(gradient):
                for part, of_part in zip(names, both.chunk(2)):
                    stored[name.replace("gate_up_proj", f"{i}.{part}.weight")] = of_part
        elif name.endswith(".experts.down_proj"):
            stored |= {name.replace("down_proj", f"{i}.{names[2]}.weight"): one for i, one in enumerate(gradient)}
        else:
            stored[name] = gradient
    return stored


def router_loss(golden, model, sequences) -> None:
    """The loss that keeps experts evenly loaded, over all tokens of a padded batch, and some of its gradients."""
    longest = max(map(len, sequences))
    rows = torch.stack([pad(torch.tensor(ids), (0, longest - len(ids)), value=PAD) for ids in sequences])
    mask = torch.stack([torch.arange(longest) < len(ids) for ids in sequences]).long()
    model.zero_grad()
    loss = model(input_ids=rows, attention_mask=mask, output_router_logits=True).aux_loss
    loss.backward()
    golden.values["router_loss"] = loss.item()
    for name, parameter in model.named_parameters():
        if name.endswith(("gate.weight", "embed_tokens.weight")) and parameter.grad is not None:
            for stored, gradient in as_stored(model, {name: parameter.grad}).items():
                golden.tensor(f"grad.router_loss.{stored}", gradient)


def varied_model(name):
    """The first random model that does not soon repeat one token, with its continuations and its seed."""
    prompts = random_ids(LENGTHS)[1::-1]
    implementations = dict(attn_implementation=config(name)._attn_implementation, experts_implementation="eager")
    for seed in range(200):
        torch.manual_seed(seed)
        model = perturbed(AutoModelForCausalLM.from_config(config(name), **implementations))
        continuations = [greedy(model, prompt) for prompt in prompts]
        if all(len(set(each["new_ids"])) >= DISTINCT for each in continuations):
            return model, continuations, seed
    raise SystemExit(f"{name}: every model repeats itself; change its settings")


def family(golden, name) -> None:
    model, continuations, golden.values["model_seed"] = varied_model(name)
    settings = model.config
    model.save_pretrained(golden.folder / "model")
    (golden.folder / "model/generation_config.json").unlink(missing_ok=True)
    golden.values["attention"] = settings._attn_implementation
    sequences = random_ids(LENGTHS)
    forward_and_gradients(golden, model, sequences)
    gradients = {key[5:]: golden.tensors.pop(key) for key in list(golden.tensors) if key.startswith("grad.")}
    for key, gradient in as_stored(model, gradients).items():
        golden.tensor(f"grad.{key}", gradient)
    if settings.model_type == "opt" and settings.enable_bias:
        golden.values["zero_gradients"] = [key for key in gradients if key.endswith(".k_proj.bias")]
    golden.values["greedy"] = continuations
    scores(golden, model, sequences)
    if hasattr(settings, "router_aux_loss_coef"):
        router_loss(golden, model, sequences)


def __getattr__(name):
    """The recipe of the family `name`, for make.py."""
    if name not in CASES:
        raise AttributeError(name)
    return lambda golden, sources: family(golden, name)
