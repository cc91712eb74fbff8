"""Adapters of PEFT on the tiny random models: files, outputs, gradients, merged weights; and twenty steps of TRL."""

import shutil
import tempfile

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from peft.utils import get_peft_model_state_dict
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, PrinterCallback
from trl import SFTConfig

from recipes.random_models import random_ids
from recipes.sft import MAX_LENGTH, RecordingTrainer, beginnings
from recipes.trajectory import TRAINING, record_log

LENGTHS = (13, 5)
STEPS = 20


def saved_name(name: str) -> str:
    """A parameter's name in adapter_model.safetensors."""
    return (
        name.replace(".modules_to_save.default", "").replace(".lora_magnitude_vector.default.weight", ".lora_magnitude_vector").replace(".default", "")
    )


def save(golden, model, base: str, where: str = "adapter") -> None:
    model.peft_config["default"].base_model_name_or_path = base
    model.save_pretrained(golden.folder / where)
    (golden.folder / where / "README.md").unlink(missing_ok=True)


def moved(model, deviation=0.05):
    """Trained values where PEFT starts at zeros or at the base's values."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(deviation * torch.randn_like(parameter))
    return model.eval()


def losses(model, sequences):
    """Logits of each sequence, and the mean loss over all predicted tokens."""
    logits = [model(input_ids=torch.tensor([ids])).logits[0] for ids in sequences]
    targets = torch.tensor([token for ids in sequences for token in ids[1:]])
    return logits, cross_entropy(torch.cat([rows[:-1] for rows in logits]), targets)


def record(golden, model, base: str, adapted: str) -> None:
    sequences = random_ids(LENGTHS)
    logits, loss = losses(model, sequences)
    loss.backward()
    for i, rows in enumerate(logits):
        golden.tensor(f"logits.{i}", rows)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    for name, parameter in trained.items():
        golden.tensor(f"grad.{saved_name(name)}", parameter.grad)
    with torch.no_grad(), model.disable_adapter():
        golden.tensor("disabled.0", losses(model, sequences)[0][0])
    save(golden, model, base)
    golden.values |= {
        "base": base,
        "attention": "eager",
        "input_ids": sequences,
        "loss": loss.item(),
        "trained": sorted(saved_name(name) for name in trained),
    }
    merged = model.merge_and_unload()
    with torch.no_grad():
        golden.tensor("merged.logits.0", losses(merged, sequences)[0][0])
    golden.tensor(f"merged.{adapted}", merged.get_parameter(adapted))
    golden.values["merged"] = adapted


def causal(golden, base: str, adapted: str, **options) -> None:
    folder = golden.folder.parent / base / "model"
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    config = LoraConfig(task_type=TaskType.CAUSAL_LM, **options)
    record(golden, moved(get_peft_model(model, config)), base, adapted)


def plain(golden, sources) -> None:
    causal(
        golden, "llama-random", "model.layers.1.self_attn.v_proj.weight",
        r=4, lora_alpha=6, target_modules=["q_proj", "v_proj"],
    )


def patterns(golden, sources) -> None:
    """Names of several rules at once, and ranks and scales of their own."""
    causal(
        golden, "llama-random", "model.layers.2.mlp.up_proj.weight",
        r=4, lora_alpha=5, use_rslora=True, target_modules=r".*\.(q_proj|k_proj|o_proj|up_proj|down_proj)",
        exclude_modules=["layers.0.self_attn.k_proj"], layers_to_transform=None,
        rank_pattern={"mlp.up_proj": 2, r"layers\.1\..*q_proj": 3}, alpha_pattern={"up_proj": 7},
    )


def layers(golden, sources) -> None:
    causal(
        golden, "llama-random", "model.layers.2.mlp.gate_proj.weight",
        r=2, lora_alpha=2, target_modules=["gate_proj", "k_proj"], layers_to_transform=[0, 2], layers_pattern="layers",
    )


def all_linear(golden, sources) -> None:
    causal(golden, "llama-random-biased", "model.layers.0.self_attn.q_proj.weight",
           r=2, lora_alpha=4, target_modules="all-linear", bias="all")


def dora(golden, sources) -> None:
    causal(
        golden, "llama-random-biased", "model.layers.1.self_attn.q_proj.weight",
        r=3, lora_alpha=6, use_dora=True, bias="lora_only", target_modules=["q_proj", "v_proj", "down_proj"],
    )


def embedding(golden, sources) -> None:
    """The embedding adapted, the untied output layer and a norm trained whole."""
    causal(
        golden, "llama-random", "model.embed_tokens.weight",
        r=4, lora_alpha=4, target_modules=["embed_tokens", "o_proj"], modules_to_save=["lm_head", "model.norm"],
    )


def conv1d(golden, sources) -> None:
    causal(
        golden, "gpt2-random", "transformer.h.1.attn.c_attn.weight",
        r=4, lora_alpha=8, target_modules=["c_attn", "c_proj"], fan_in_fan_out=True,
    )


def conv1d_dora(golden, sources) -> None:
    causal(
        golden, "gpt2-random", "transformer.h.2.mlp.c_fc.weight",
        r=2, lora_alpha=8, use_dora=True, target_modules=["c_attn", "c_fc"], fan_in_fan_out=True,
    )


def tied_embedding(golden, sources) -> None:
    """GPT-2's token table is its output layer too; PEFT adapts only the table's reading."""
    folder = golden.folder.parent / "gpt2-random" / "model"
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    config = LoraConfig(task_type=TaskType.CAUSAL_LM, r=4, lora_alpha=8, target_modules=["wte", "wpe"])
    model = moved(get_peft_model(model, config))
    sequences = random_ids(LENGTHS)
    logits, loss = losses(model, sequences)
    loss.backward()
    golden.tensor("logits.0", logits[0])
    golden.tensor("logits.1", logits[1])
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            golden.tensor(f"grad.{saved_name(name)}", parameter.grad)
    save(golden, model, "gpt2-random")
    golden.values |= {"base": "gpt2-random", "attention": "eager", "input_ids": sequences, "loss": loss.item()}


def classifier(golden, sources) -> None:
    folder = golden.folder.parent / "llama-random-classifier" / "model"
    model = AutoModelForSequenceClassification.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    )
    config = LoraConfig(task_type=TaskType.SEQ_CLS, r=4, lora_alpha=8, target_modules="all-linear")
    model = moved(get_peft_model(model, config))
    sequences = random_ids(LENGTHS)
    scores = torch.cat([model(input_ids=torch.tensor([ids])).logits[:, 0] for ids in sequences])
    scores.sum().backward()
    golden.tensor("scores", scores)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            golden.tensor(f"grad.{saved_name(name)}", parameter.grad)
    save(golden, model, "llama-random-classifier")
    golden.values |= {"base": "llama-random-classifier", "attention": "eager", "input_ids": sequences}


def sft(golden, sources) -> None:
    """Twenty steps of TRL's SFTTrainer with an adapter; `start` and `end` are its files before and after."""
    settings = TRAINING | {"max_steps": STEPS, "per_device_train_batch_size": 8, "max_length": MAX_LENGTH}
    config = LoraConfig(task_type=TaskType.CAUSAL_LM, r=8, lora_alpha=16, target_modules="all-linear")
    with tempfile.TemporaryDirectory() as folder:
        trainer = RecordingTrainer(
            model=sources.causal_lm(),
            args=SFTConfig(output_dir=folder, **settings),
            train_dataset=beginnings(sources, 400),
            processing_class=sources.tokenizer(),
            peft_config=config,
        )
        trainer.remove_callback(PrinterCallback)
        save(golden, trainer.model, "stories260k", "start")
        trainer.train()
        save(golden, trainer.model, "stories260k", "end")
    ids, labels = zip(*trainer.rows)
    golden.ragged("input_ids", ids)
    golden.tensor("labels", torch.tensor([x for row in labels for x in row], dtype=torch.int32))
    golden.tensor("micro_batch.offsets", torch.tensor(trainer.micro_batches, dtype=torch.int32))
    golden.values |= {"model": "stories260k", "attention": "eager", "settings": settings}
    record_log(golden, trainer, ("loss", "grad_norm", "learning_rate"))
