"""A LoRA of PEFT on a tiny model of each family: the models are those of the committed goldens, so only what PEFT adds is stored.

To add a family, add it to FAMILIES in make.py and to ParityCases.java.
"""

from pathlib import Path

import torch
from peft import LoraConfig, TaskType, get_peft_model
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from recipes.adapters import save
from recipes.families import CASES, random_ids

GOLDENS = Path(__file__).resolve().parents[1] / "goldens"
LENGTHS = (9, 4)

ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]
# transformers 5 joins experts into parameters, and PEFT takes names that they have in files for those; so the dense layers
# of Qwen3 with experts, which have the same names, are left out with them
TARGETS = {
    "mixtral": ATTENTION,
    "qwen2_moe": r".*\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj|shared_expert\.(gate|up|down)_proj)",
    "qwen3_moe": ATTENTION,
    # PEFT would adapt the head, and then cannot keep it whole
    "distilbert": ["q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"],
}


def settings(model_type: str) -> dict:
    return dict(
        r=4,
        lora_alpha=8,
        target_modules=TARGETS.get(model_type, "all-linear"),
        init_lora_weights=False,
        fan_in_fan_out=model_type == "gpt2",
    )


def record(golden, base: str, model_class, task: TaskType, attention: str, **changes):
    """The base with an adapter, which is saved."""
    model = model_class.from_pretrained(
        GOLDENS / base / "model", attn_implementation=attention, experts_implementation="eager", dtype=torch.float32
    )
    model = get_peft_model(model, LoraConfig(task_type=task, **settings(model.config.model_type) | changes)).eval()
    golden.values |= {"base": base, "attention": attention, "input_ids": random_ids(LENGTHS)}
    save(golden, model, base)
    return model


def causal(golden, name: str) -> None:
    # eager attention of Falcon adds the bias by distance twice
    attention = "sdpa" if name.startswith("falcon-rw") else "eager"
    model = record(golden, f"family-{name}", AutoModelForCausalLM, TaskType.CAUSAL_LM, attention)
    with torch.no_grad():
        logits = [model(input_ids=torch.tensor([ids])).logits[0] for ids in random_ids(LENGTHS)]
    golden.tensor("outputs", torch.cat(logits))


def classifier(golden, name: str) -> None:
    model = record(golden, name, AutoModelForSequenceClassification, TaskType.SEQ_CLS, "eager")
    with torch.no_grad():
        scores = [model(input_ids=torch.tensor([ids])).logits for ids in random_ids(LENGTHS)]
    golden.tensor("outputs", torch.cat(scores))


def __getattr__(name):
    """The recipe of the family or classifier `name`, for make.py."""
    if name not in CASES and not name.endswith("-classifier"):
        raise AttributeError(name)
    return lambda golden, sources: (causal if name in CASES else classifier)(golden, name)
