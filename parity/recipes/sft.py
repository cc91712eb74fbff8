"""Fifty steps of TRL's SFTTrainer on stories260k, with every micro-batch it saw."""

import tempfile

import torch
from datasets import Dataset
from torch.nn.functional import cross_entropy
from transformers import PrinterCallback
from trl import SFTConfig, SFTTrainer

from recipes.trajectory import TRAINING, record_log, record_weights

MAX_LENGTH = 128
SERIES = ("loss", "grad_norm", "learning_rate", "mean_token_accuracy", "entropy", "num_tokens")
NOTES = [
    "loss of a step = sum of the token losses of its micro-batches / denominator of the step",
    "denominator = labels other than -100 after dropping the first label of each (padded) row, over all micro-batches "
    "of the step; transformers up to 4.57 counted before the shift",
    "mean_token_accuracy and entropy are means over the predicted tokens of a micro-batch, then plain means over the "
    "micro-batches of the step",
    "num_tokens accumulates the attention mask (every token, the prompt too)",
    "grad_norm is taken before clipping; learning_rate is the rate the step used",
    "weight decay applies to all weights but those listed as undecayed",
]


class RecordingTrainer(SFTTrainer):
    """Keeps the unpadded rows of every micro-batch."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.rows: list[tuple[list[int], list[int]]] = []
        self.micro_batches = [0]
        self.denominators: list[int] = []

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        ids, labels = inputs["input_ids"], inputs["labels"]
        if "attention_mask" in inputs:
            lengths = inputs["attention_mask"].sum(1).tolist()
            pieces = [(ids[i, :length], labels[i, :length]) for i, length in enumerate(lengths)]
        else:
            starts = (inputs["position_ids"][0] == 0).nonzero().flatten().tolist() + [ids.shape[1]]
            pieces = [(ids[0, a:b], labels[0, a:b]) for a, b in zip(starts, starts[1:])]
        self.rows += [(a.tolist(), b.tolist()) for a, b in pieces]
        self.micro_batches.append(len(self.rows))
        self.denominators.append(int(num_items_in_batch))
        return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)


def paragraphs(sources, count):
    return [line for story in sources.stories(count) for line in story.split("\n") if line]


def texts(sources, count) -> Dataset:
    return Dataset.from_dict({"text": paragraphs(sources, 400)[:count]})


def beginnings(sources, count) -> Dataset:
    """Paragraphs cut after their first sentence."""
    cut = [line.split(". ", 1) for line in paragraphs(sources, 600) if ". " in line][:count]
    return Dataset.from_dict({"prompt": [a + "." for a, _ in cut], "completion": [" " + b for _, b in cut]})


def isolated_loss(sources, rows) -> float:
    """Loss of one step when every row is a sequence of its own: what packing must not change."""
    model = sources.causal_lm().eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for ids, labels in rows:
            if len(ids) > 1:
                logits = model(torch.tensor([ids])).logits[0, :-1]
                targets = torch.tensor(labels[1:])
                total += cross_entropy(logits, targets, reduction="sum").item()
                count += (targets != -100).sum().item()
    return total / count


def trajectory(golden, sources, dataset, batch=8, accumulation=1, **options) -> None:
    settings = TRAINING | {
        "per_device_train_batch_size": batch,
        "gradient_accumulation_steps": accumulation,
        "max_length": MAX_LENGTH,
    } | options
    with tempfile.TemporaryDirectory() as folder:
        trainer = RecordingTrainer(
            model=sources.causal_lm(),
            args=SFTConfig(output_dir=folder, **settings),
            train_dataset=dataset,
            processing_class=sources.tokenizer(),
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    ids, labels = zip(*trainer.rows)
    golden.ragged("input_ids", ids)
    golden.tensor("labels", torch.tensor([x for row in labels for x in row], dtype=torch.int32))
    golden.tensor("micro_batch.offsets", torch.tensor(trainer.micro_batches, dtype=torch.int32))
    first_step = trainer.rows[: trainer.micro_batches[accumulation]]
    golden.values |= {
        "model": "stories260k",
        "attention": "eager",
        "settings": settings,
        "pad_token_id": trainer.processing_class.pad_token_id,
        "notes": NOTES,
        "denominators": trainer.denominators[::accumulation],
        "first_loss_of_isolated_rows": isolated_loss(sources, first_step),
    }
    record_log(golden, trainer, SERIES)
    record_weights(golden, trainer)


def plain(golden, sources) -> None:
    trajectory(golden, sources, texts(sources, 400))


def accumulation(golden, sources) -> None:
    trajectory(golden, sources, texts(sources, 400), batch=2, accumulation=4)


def completion_only(golden, sources) -> None:
    trajectory(golden, sources, beginnings(sources, 400))


def wrapped(golden, sources) -> None:
    trajectory(golden, sources, texts(sources, 800), packing=True, packing_strategy="wrapped")


def bfd(golden, sources) -> None:
    """Rows are the packed sequences; eager attention keeps them apart by their position ids, as
    first_loss_of_isolated_rows shows."""
    trajectory(golden, sources, texts(sources, 800), packing=True, packing_strategy="bfd")
