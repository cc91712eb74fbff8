"""Three steps of TRL 0.11's PPOTrainer (the classic API) on stories260k, and its arithmetic on random inputs."""

import numpy
import torch
from accelerate import Accelerator
from trl import AutoModelForCausalLMWithValueHead, PPOConfig, PPOTrainer, create_reference_model
from trl.core import entropy_from_logits, logprobs_from_logits, masked_mean, masked_var, masked_whiten, whiten
from trl.trainer import AdaptiveKLController, FixedKLController, RunningMoments

BATCH, STEPS = 8, 3
SETTINGS = {
    "batch_size": BATCH,
    "mini_batch_size": 4,
    "gradient_accumulation_steps": 1,
    "ppo_epochs": 2,
    "learning_rate": 1e-4,
    "init_kl_coef": 0.2,
    "adap_kl_ctrl": True,
    "target": 6.0,
    "horizon": 10000,
    "gamma": 1.0,
    "lam": 0.95,
    "cliprange": 0.2,
    "cliprange_value": 0.2,
    "vf_coef": 0.1,
    "seed": 0,
}
NOTES = [
    "rows are query + response, right-padded to the longest of the batch; [B, T-1] tensors are indexed by the position "
    "that predicts the next token",
    "the optimizer is torch.optim.Adam (no weight decay) over all parameters and the value head",
    "the model runs its forward passes in eval mode, so the value head's dropout is never active",
    "the KL coefficient of a step is the one before its update",
    "statistics named ppo/... are plain means over the mini-batches of all epochs of a step",
    "quirk: with max_grad_norm only the first optimizer step of the trainer's life is clipped; the parameters are held "
    "in an iterator that the first call exhausts, so every later norm reads 0",
    "quirk: with whiten_rewards the mean and variance are masked, but padded positions are whitened too, become "
    "non-zero and leak into the advantages before them",
    "running score moments start at mean 0, variance 1, count 1e-24; a batch enters with its biased variance and the "
    "deviation used is the unbiased one of the merged moments",
]


class TensorMoments(RunningMoments):
    """RunningMoments as step() of trl 0.11.4 needs them: it calls to() on what update() leaves as floats."""

    def update(self, scores):
        result = super().update(scores)
        self.mean, self.std = torch.tensor(self.mean), torch.tensor(self.std)
        return result


class RecordingTrainer(PPOTrainer):
    """Keeps what step() computes on its way."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.seen: dict[str, torch.Tensor] = {}
        self.norms: list[float] = []
        self.running = TensorMoments(self.accelerator)
        clip = self.accelerator.clip_grad_norm_

        def record_norm(*arguments, **options):
            self.norms.append(float(clip(*arguments, **options)))

        self.accelerator.clip_grad_norm_ = record_norm

    def compute_rewards(self, scores, logprobs, ref_logprobs, masks):
        rewards, non_score_rewards, kls = super().compute_rewards(scores, logprobs, ref_logprobs, masks)
        self.seen |= {"scaled_scores": scores, "masks": masks, "rewards": rewards, "kls": kls}
        if self.config.kl_penalty != "full":
            self.seen |= {"logprobs": logprobs, "ref_logprobs": ref_logprobs}
        return rewards, non_score_rewards, kls

    def compute_advantages(self, values, rewards, mask):
        self.seen["predicted_values"] = values
        values, advantages, returns = super().compute_advantages(values, rewards, mask)
        self.seen |= {"values": values, "advantages": advantages, "returns": returns}
        return values, advantages, returns


def experience(sources):
    """Beginnings of stories as queries, their continuations as responses, both ragged; scores from a formula."""
    tokenizer = sources.tokenizer()
    rows = []
    for i, story in enumerate(sources.stories(BATCH * STEPS)):
        ids = tokenizer(story).input_ids
        query = 4 + i * 5 % 9
        response = 8 + i * 7 % 17
        score = round(((i * 37) % 23 - 11) / 4, 2)
        rows.append((ids[:query], ids[query : query + response], score))
    return rows


def permutations_of(action):
    """Runs an action and returns its result with the mini-batch permutations it drew."""
    original, drawn = numpy.random.permutation, []

    def permutation(count):
        order = original(count)
        drawn.append(order.tolist())
        return order

    numpy.random.permutation = permutation
    try:
        return action(), drawn
    finally:
        numpy.random.permutation = original


def run(golden, sources, keep_weights=False, **options) -> None:
    settings = SETTINGS | options
    tokenizer = sources.tokenizer()
    tokenizer.pad_token, tokenizer.padding_side = tokenizer.unk_token, "right"
    model = AutoModelForCausalLMWithValueHead.from_pretrained(
        str(sources.stories260k), torch_dtype=torch.float32, attn_implementation="eager"
    )
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        model.v_head.summary.weight.normal_(0.0, 0.1, generator=generator)
        model.v_head.summary.bias.fill_(0.1)
    golden.tensor("v_head.summary.weight", model.v_head.summary.weight)
    golden.tensor("v_head.summary.bias", model.v_head.summary.bias)
    trainer = RecordingTrainer(PPOConfig(**settings), model, create_reference_model(model), tokenizer)
    rows = experience(sources)
    golden.ragged("queries", [query for query, _, _ in rows])
    golden.ragged("responses", [response for _, response, _ in rows])
    golden.tensor("scores", torch.tensor([score for _, _, score in rows]))
    steps = []
    for step in range(STEPS):
        queries, responses, scores = zip(*rows[step * BATCH : (step + 1) * BATCH])
        stats, permutations = permutations_of(
            lambda: trainer.step(
                [torch.tensor(ids) for ids in queries],
                [torch.tensor(ids) for ids in responses],
                [torch.tensor(score) for score in scores],
            )
        )
        for name, value in trainer.seen.items():
            golden.tensor(f"step{step}.{name}", value)
        steps.append(
            {
                "permutations": permutations,
                "kl_coef_after": float(trainer.kl_ctl.value),
                "clip_norms": trainer.norms,
                "stats": statistics(golden, step, stats),
                "weights": {
                    name: {"norm": weight.detach().double().norm().item(), "first": weight.detach().flatten()[:8].tolist()}
                    for name, weight in weights(model)
                },
            }
        )
        trainer.norms = []
    if keep_weights:
        for name, weight in weights(model):
            golden.tensor(f"weights.{name}", weight)
    golden.values |= {
        "model": "stories260k",
        "attention": "eager",
        "settings": settings,
        "pad_token_id": tokenizer.pad_token_id,
        "notes": NOTES,
        "steps": steps,
    }


def weights(model):
    yield from model.pretrained_model.named_parameters()
    for name, weight in model.v_head.named_parameters():
        yield f"v_head.{name}", weight


def statistics(golden, step, stats) -> dict:
    """Scalars go to values.json, the rest to tensors step<i>.stats.<name>; times are left out."""
    scalars = {}
    for name, value in stats.items():
        if name.startswith("time/"):
            continue
        value = torch.as_tensor(value).float()
        if value.numel() == 1:
            scalars[name] = value.item()
        else:
            golden.tensor(f"step{step}.stats.{name}", value)
    return scalars


def classic(golden, sources) -> None:
    run(golden, sources, keep_weights=True)


def clipped(golden, sources) -> None:
    run(golden, sources, max_grad_norm=0.5)


def scaled(golden, sources) -> None:
    run(golden, sources, use_score_scaling=True, use_score_norm=True, score_clip=1.0, whiten_rewards=True)


def maths(golden, sources) -> None:
    """The trainer's functions on random inputs [4, 12]; rows are masked before and after a response."""
    values, logprobs, new_logprobs, ref_logprobs = torch.randn(4, 4, 12).unbind()
    mask = torch.zeros(4, 12)
    for row, (start, end) in enumerate([(0, 12), (3, 9), (5, 6), (2, 11)]):
        mask[row, start:end] = 1
    logits, ref_logits = torch.randn(2, 4, 12, 30).unbind()
    labels = torch.randint(0, 30, (4, 12))
    scores = torch.tensor([1.0, -0.5, 2.0, 0.25])
    for name, tensor in {
        "values": values, "logprobs": logprobs, "new_logprobs": new_logprobs, "ref_logprobs": ref_logprobs,
        "mask": mask, "logits": logits, "ref_logits": ref_logits, "labels": labels, "scores": scores,
    }.items():  # fmt: skip
        golden.tensor(f"in.{name}", tensor)

    golden.tensor("masked_mean", masked_mean(values, mask))
    golden.tensor("masked_mean.rows", masked_mean(values, mask, axis=1))
    golden.tensor("masked_var", masked_var(values, mask))
    golden.tensor("masked_var.biased", masked_var(values, mask, unbiased=False))
    golden.tensor("masked_whiten", masked_whiten(values, mask))
    golden.tensor("masked_whiten.keep_mean", masked_whiten(values, mask, shift_mean=False))
    golden.tensor("whiten", whiten(values))
    golden.tensor("logprobs_from_logits", logprobs_from_logits(logits, labels))
    golden.tensor("entropy_from_logits", entropy_from_logits(logits))

    trainer = object.__new__(PPOTrainer)
    trainer.config = PPOConfig()
    trainer.kl_ctl = FixedKLController(0.2)
    for kind in ("kl", "abs", "mse"):
        trainer.config.kl_penalty = kind
        rewards, non_score, kls = trainer.compute_rewards(scores, logprobs, ref_logprobs, mask)
        golden.tensor(f"{kind}.rewards", rewards)
        golden.tensor(f"{kind}.penalties", kls)
    trainer.config.kl_penalty = "full"
    rewards, _, kls = trainer.compute_rewards(scores, logits.log_softmax(-1), ref_logits.log_softmax(-1), mask)
    golden.tensor("full.rewards", rewards)
    golden.tensor("full.penalties", kls)

    trainer.config.kl_penalty = "kl"
    rewards, _, _ = trainer.compute_rewards(scores, logprobs, ref_logprobs, mask)
    for whitened in (False, True):
        trainer.config.whiten_rewards = whitened
        kept, advantages, returns = trainer.compute_advantages(values, rewards, mask)
        prefix = "gae.whitened" if whitened else "gae"
        golden.tensor(f"{prefix}.advantages", advantages)
        golden.tensor(f"{prefix}.returns", returns)
    trainer.config.whiten_rewards = False
    kept, advantages, returns = trainer.compute_advantages(values, rewards, mask)
    current = new_logprobs.mul(0.3).add(logprobs).requires_grad_()
    predictions = (values + 0.4 * new_logprobs.flip(1)).requires_grad_()
    policy, value, stats = trainer.loss(logprobs, kept, logits, predictions, current, mask, advantages, returns)
    (policy + value).backward()
    golden.tensor("loss.current_logprobs", current)
    golden.tensor("loss.predictions", predictions)
    golden.tensor("grad.loss.current_logprobs", current.grad)
    golden.tensor("grad.loss.predictions", predictions.grad)
    golden.values["loss"] = {name: float(x) for name, x in stats.items() if x.numel() == 1}
    golden.values["loss"]["value_times_vf_coef"] = value.item()
    golden.values["gae"] = {"gamma": 1.0, "lam": 0.95, "init_kl_coef": 0.2}

    kls = [3.0, 9.0, 6.3, 0.0, 40.0, -2.0]
    adaptive, fixed = AdaptiveKLController(0.2, 6.0, 10000), FixedKLController(0.2)
    series = {"kl": kls, "batch": 128, "init": 0.2, "target": 6.0, "horizon": 10000, "adaptive": [], "fixed": []}
    for kl in kls:
        adaptive.update(kl, 128)
        fixed.update(kl, 128)
        series["adaptive"].append(float(adaptive.value))
        series["fixed"].append(float(fixed.value))
    golden.values["controllers"] = series

    batches = [[1.0, 2.0, 3.0, 4.0], [10.0, -2.0], [0.5], [1e4, 1e4 + 1, 1e4 - 1]]
    moments, after = RunningMoments(Accelerator()), []
    for batch in batches:
        mean, std = moments.update(torch.tensor(batch))
        after.append(
            {
                "batch": batch,
                "batch_mean": float(mean),
                "batch_std": float(std) if len(batch) > 1 else None,
                "mean": float(moments.mean),
                "std": float(moments.std),
                "var": float(moments.var),
                "count": float(moments.count),
            }
        )
    golden.values["running_moments"] = after
