"""AdamW and Adam steps, gradient clipping and learning-rate schedules."""

import torch
from transformers import get_scheduler

SHAPES = {"weight": (5, 3), "bias": (5,), "embedding": (7, 2)}
STEPS = 20
WARMUP, TOTAL, BASE = 7, 40, 1e-3
SCHEDULES = {
    "linear": {},
    "cosine": {},
    "constant": {},
    "constant_with_warmup": {},
    "inverse_sqrt": {},
    "polynomial": {"lr_end": 1e-5, "power": 2.0},
    "cosine_with_min_lr": {"min_lr_rate": 0.1},
    "cosine_with_restarts": {"num_cycles": 2},
    "warmup_stable_decay": {"num_decay_steps": 10},
}


def trajectories(golden, sources) -> None:
    """Parameters after each step, from given gradients; weight decay 0.1 on all but the bias."""
    start = {name: torch.randn(shape) for name, shape in SHAPES.items()}
    gradients = {name: torch.randn(STEPS, *shape) for name, shape in SHAPES.items()}
    for name in SHAPES:
        golden.tensor(f"start.{name}", start[name])
        golden.tensor(f"given.{name}", gradients[name])
    settings = {"lr": 1e-2, "betas": (0.9, 0.999), "eps": 1e-8}
    golden.values["settings"] = settings | {"weight_decay": {"weight": 0.1, "bias": 0.0, "embedding": 0.1}}
    for kind in (torch.optim.AdamW, torch.optim.Adam):
        parameters = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
        groups = [
            {"params": [parameters["weight"], parameters["embedding"]], "weight_decay": 0.1},
            {"params": [parameters["bias"]], "weight_decay": 0.0},
        ]
        optimizer = kind(groups, **settings)
        after = {name: [] for name in SHAPES}
        for step in range(STEPS):
            for name, parameter in parameters.items():
                parameter.grad = gradients[name][step].clone()
            optimizer.step()
            for name, parameter in parameters.items():
                after[name].append(parameter.detach().clone())
        for name, parameter in parameters.items():
            golden.tensor(f"{kind.__name__.lower()}.{name}", torch.stack(after[name]))
            state = optimizer.state[parameter]
            golden.tensor(f"{kind.__name__.lower()}.exp_avg.{name}", state["exp_avg"])
            golden.tensor(f"{kind.__name__.lower()}.exp_avg_sq.{name}", state["exp_avg_sq"])


def clipping(golden, sources) -> None:
    """clip_grad_norm_ over all tensors together, below and above the limit."""
    given = {name: torch.randn(shape) for name, shape in SHAPES.items()}
    norms = {}
    for limit in (0.5, 100.0):
        parameters = {name: torch.nn.Parameter(torch.zeros(shape)) for name, shape in SHAPES.items()}
        for name, parameter in parameters.items():
            parameter.grad = given[name].clone()
        norms[str(limit)] = torch.nn.utils.clip_grad_norm_(parameters.values(), limit).item()
        for name, parameter in parameters.items():
            golden.tensor(f"clipped.{limit}.{name}", parameter.grad)
    for name in SHAPES:
        golden.tensor(f"clip.given.{name}", given[name])
    golden.values["clip_norm_before"] = norms


def schedules(golden, sources) -> None:
    """The rate each of 40 steps uses (read before scheduler.step()), then one past the end."""
    rates = {}
    for name, arguments in SCHEDULES.items():
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)
        scheduler = get_scheduler(name, optimizer, WARMUP, TOTAL, scheduler_specific_kwargs=arguments)
        rates[name] = []
        for _ in range(TOTAL + 1):
            rates[name].append(float(scheduler.get_last_lr()[0]))
            optimizer.step()
            scheduler.step()
    golden.values["schedules"] = {
        "base": BASE,
        "warmup_steps": WARMUP,
        "total_steps": TOTAL,
        "arguments": SCHEDULES,
        "rates": rates,
    }


def optimizer(golden, sources) -> None:
    trajectories(golden, sources)
    clipping(golden, sources)
    schedules(golden, sources)
