"""Fifty steps of TRL's RewardTrainer on a RoBERTa, as in Argilla's guide, which trains distilroberta-base."""

import tempfile

from transformers import AutoModelForSequenceClassification, PrinterCallback
from trl import RewardConfig

from recipes.encoders import byte_pairs, roberta_config
from recipes.random_models import perturbed
from recipes.reward import BATCH, SERIES, RecordingTrainer, pairs
from recipes.trajectory import STEPS, TRAINING, record_log, record_weights

SETTINGS = TRAINING | {"per_device_train_batch_size": BATCH, "max_length": 256, "learning_rate": 5e-5}
NOTES = [
    "a batch holds its chosen rows, then its rejected rows in the same order, right-padded together",
    "weights are drawn so that scores differ: a margin of 0 would be all rounding",
    "no dropout",
]


def encoder(golden, sources) -> None:
    config = roberta_config(num_labels=1, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    config.max_position_embeddings = 260
    config.initializer_range = 0.3
    model = perturbed(AutoModelForSequenceClassification.from_config(config))
    model.save_pretrained(golden.folder / "model")
    tokenizer = byte_pairs()
    with tempfile.TemporaryDirectory() as folder:
        trainer = RecordingTrainer(
            model=model,
            args=RewardConfig(output_dir=folder, **SETTINGS),
            train_dataset=pairs(sources, STEPS * BATCH).remove_columns("margin"),
            processing_class=tokenizer,
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    golden.ragged("input_ids", trainer.rows)
    golden.values |= {
        "attention": "eager",
        "settings": SETTINGS,
        "pairs_per_batch": BATCH,
        "pad_token_id": tokenizer.pad_token_id,
        "notes": NOTES,
    }
    record_log(golden, trainer, SERIES)
    record_weights(golden, trainer)
