"""What the recorded runs of the TRL trainers have in common."""

STEPS = 50
# Everything that decides a number; the rest of TrainingArguments is left at its default.
TRAINING = {
    "max_steps": STEPS,
    "learning_rate": 1e-3,
    "lr_scheduler_type": "linear",
    "optim": "adamw_torch",
    "weight_decay": 0.01,
    "max_grad_norm": 1.0,
    "seed": 42,
    "bf16": False,
    "gradient_checkpointing": False,
    "use_cpu": True,
    "dataloader_pin_memory": False,
    "logging_steps": 1,
    "save_strategy": "no",
    "report_to": "none",
    "disable_tqdm": True,
}


def record_log(golden, trainer, series) -> None:
    steps = [entry for entry in trainer.state.log_history if "loss" in entry]
    golden.values["trajectory"] = {name: [float(entry[name]) for entry in steps] for name in series}


def record_weights(golden, trainer) -> None:
    """Norm and first eight values of every final weight, and which of them were not decayed."""
    names = {id(parameter): name for name, parameter in trainer.model.named_parameters()}
    golden.values["undecayed"] = [
        names[id(parameter)]
        for group in trainer.optimizer.param_groups
        if group["weight_decay"] == 0
        for parameter in group["params"]
    ]
    golden.values["final_weights"] = {
        name: {"norm": weight.detach().double().norm().item(), "first": weight.detach().flatten()[:8].tolist()}
        for name, weight in trainer.model.named_parameters()
    }
