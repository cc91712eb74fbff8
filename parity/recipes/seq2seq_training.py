"""Training of the tiny T5 of the committed goldens: steps of transformers' Seq2SeqTrainer, and TRL's value head."""

import tempfile
from pathlib import Path

import torch
from transformers import AutoModelForSeq2SeqLM, PrinterCallback, Seq2SeqTrainer, Seq2SeqTrainingArguments

from recipes.trajectory import TRAINING, record_log

GOLDENS = Path(__file__).resolve().parents[1] / "goldens"
STEPS, BATCH = 20, 4
EOS, PAD = 1, 0


def rows(count):
    """Answers that repeat parts of their prompts, so that there is something to learn."""
    generator = torch.Generator().manual_seed(11)
    made = []
    for i in range(count):
        prompt = torch.randint(3, 97, (3 + i % 9,), generator=generator).tolist()
        made.append({"input_ids": [*prompt, EOS], "labels": [*prompt[: 1 + i % 3], EOS]})
    return made


def padded(rows, filler):
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def collated(batch):
    return {
        "input_ids": padded([row["input_ids"] for row in batch], PAD),
        "attention_mask": padded([[1] * len(row["input_ids"]) for row in batch], 0),
        "labels": padded([row["labels"] for row in batch], -100),
    }


def trajectory(golden, sources) -> None:
    model = AutoModelForSeq2SeqLM.from_pretrained(
        GOLDENS / "seq2seq-t5/model", attn_implementation="eager", dtype=torch.float32, dropout_rate=0.0
    )
    settings = TRAINING | {"max_steps": STEPS, "per_device_train_batch_size": BATCH}
    seen = []

    def recorded(batch):
        seen.append([{key: list(value) for key, value in row.items()} for row in batch])
        return collated(batch)

    with tempfile.TemporaryDirectory() as folder:
        trainer = Seq2SeqTrainer(
            model=model,
            args=Seq2SeqTrainingArguments(output_dir=folder, **settings),
            train_dataset=rows(STEPS * BATCH),
            data_collator=recorded,
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    record_log(golden, trainer, ("loss", "grad_norm"))
    golden.values |= {"settings": settings, "batches": seen[:STEPS], "base": "seq2seq-t5"}


def value_head(golden, sources) -> None:
    """Values at the positions that predict the tokens of each answer, and gradients of their mean square."""
    from trl import AutoModelForSeq2SeqLMWithValueHead

    model = AutoModelForSeq2SeqLMWithValueHead.from_pretrained(
        str(GOLDENS / "seq2seq-t5/model"), v_head_init_strategy="normal", attn_implementation="eager"
    ).eval()
    examples = rows(5)
    batch = collated(examples)
    logits, loss, values = model(**batch)
    of_answers = [values[i, : len(row["labels"])] for i, row in enumerate(examples)]
    torch.cat(of_answers).pow(2).mean().backward()
    golden.tensor("values", torch.cat(of_answers))
    golden.tensor("logits", torch.cat([logits[i, : len(row["labels"])] for i, row in enumerate(examples)]))
    for name, parameter in model.v_head.summary.named_parameters():
        golden.tensor(f"v_head.summary.{name}", parameter)
        golden.tensor(f"grad.v_head.summary.{name}", parameter.grad)
    for name in ("shared.weight", "decoder.final_layer_norm.weight"):
        golden.tensor(f"grad.{name}", model.pretrained_model.get_parameter(name).grad)
    golden.values |= {"rows": examples, "base": "seq2seq-t5"}
