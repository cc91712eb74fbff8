"""Fifty steps of TRL's RewardTrainer on stories260k with a score head."""

import tempfile

import torch
from datasets import Dataset
from transformers import AutoModelForSequenceClassification, PrinterCallback
from trl import RewardConfig, RewardTrainer

from recipes.trajectory import STEPS, TRAINING, record_log, record_weights

BATCH = 8
LEAST_GAP = 1.0
SERIES = ("loss", "grad_norm", "learning_rate", "accuracy", "margin", "mean_reward", "min_reward", "max_reward",
          "num_tokens")  # fmt: skip
NOTES = [
    "a batch holds its chosen rows, then its rejected rows in the same order, right-padded together",
    "the score is read at the last token that is not the pad token",
    "accuracy counts ties as wrong; the rewards are over chosen and rejected rows together",
    "the margin of a pair is subtracted from its score difference before the loss, not in the logged margin",
    "grad_norm is taken before clipping; learning_rate is the rate the step used",
    "weight decay applies to all weights but those listed as undecayed",
]


class RecordingTrainer(RewardTrainer):
    """Keeps the unpadded rows and margins of every batch."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.rows: list[list[int]] = []
        self.margins: list[float] = []

    def compute_loss(self, model, inputs, *arguments, **options):
        lengths = inputs["attention_mask"].sum(1).tolist()
        self.rows += [ids[:length].tolist() for ids, length in zip(inputs["input_ids"], lengths)]
        if "margin" in inputs:
            self.margins += inputs["margin"].tolist()
        return super().compute_loss(model, inputs, *arguments, **options)


def pairs(sources, count) -> Dataset:
    """Neighbouring sentences whose mean ratings differ by at least LEAST_GAP, the better one chosen."""
    sentences = [(rating, text) for rating, text in sources.movie_sentences() if len(text) < 160]
    rows = []
    for (a, first), (b, second) in zip(sentences[::2], sentences[1::2]):
        if abs(a - b) >= LEAST_GAP:
            chosen, rejected = (first, second) if a > b else (second, first)
            rows.append({"chosen": chosen, "rejected": rejected, "margin": abs(a - b)})
    return Dataset.from_list(rows[:count])


def trajectory(golden, sources, with_margin=False, **options) -> None:
    settings = TRAINING | {"per_device_train_batch_size": BATCH, "max_length": 256} | options
    tokenizer = sources.tokenizer()
    # a pad token of its own: with the end token as pad token the score would be read one token too early
    tokenizer.pad_token = tokenizer.unk_token
    model = AutoModelForSequenceClassification.from_pretrained(
        sources.stories260k, num_labels=1, dtype=torch.float32, attn_implementation="eager"
    )
    with torch.no_grad():
        model.score.weight.normal_(0.0, 0.05, generator=torch.Generator().manual_seed(11))
    golden.tensor("score.weight", model.score.weight)
    dataset = pairs(sources, STEPS * BATCH)
    with tempfile.TemporaryDirectory() as folder:
        trainer = RecordingTrainer(
            model=model,
            args=RewardConfig(output_dir=folder, **settings),
            train_dataset=dataset if with_margin else dataset.remove_columns("margin"),
            processing_class=tokenizer,
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    golden.ragged("input_ids", trainer.rows)
    if with_margin:
        golden.tensor("margins", torch.tensor(trainer.margins))
    golden.values |= {
        "model": "stories260k",
        "attention": "eager",
        "settings": settings,
        "pairs_per_batch": BATCH,
        "pad_token_id": tokenizer.pad_token_id,
        "notes": NOTES,
    }
    record_log(golden, trainer, SERIES)
    record_weights(golden, trainer)


def plain(golden, sources) -> None:
    trajectory(golden, sources)


def margin(golden, sources) -> None:
    """With the rating gap as margin, and rewards pulled towards zero."""
    trajectory(golden, sources, with_margin=True, center_rewards_coefficient=0.01)
