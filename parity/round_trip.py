"""Loads in transformers what the Java tests saved, and compares with the goldens it came from.

    python parity/round_trip.py [SAVED]

SAVED holds a folder for each golden, with a model saved as `causal` and as `classifier`; ArchitectureParityTest
writes attune-model/target/saved. A warning, a missing, unexpected or mis-shaped tensor, another class than the
golden's, or logits that differ by more than 1e-5 of the largest are errors.
"""

import json
import logging
import os
import sys
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent

import torch  # noqa: E402  the environment comes first
from safetensors.torch import load_file  # noqa: E402
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification  # noqa: E402
from transformers.utils import logging as transformers_logging  # noqa: E402

LOGITS = 1e-5


class Warnings(logging.Handler):
    """Keeps what transformers warns of."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def loaded(model_class, folder: Path, attention: str, problems: list[str]):
    model, report = model_class.from_pretrained(
        folder,
        dtype=torch.float32,
        attn_implementation=attention,
        experts_implementation="eager",
        output_loading_info=True,
    )
    problems += [f"{folder.name}: {kind} {sorted(map(str, names))}" for kind, names in report.items() if names]
    return model.eval()


def check(saved: Path, golden: Path) -> list[str]:
    values = json.loads((golden / "values.json").read_text("utf-8"))
    expected = load_file(golden / "tensors.safetensors")
    problems: list[str] = []
    warnings = Warnings()
    logger = transformers_logging.get_logger("transformers")
    logger.addHandler(warnings)
    try:
        model = loaded(AutoModelForCausalLM, saved / "causal", values["attention"], problems)
        classifier = loaded(AutoModelForSequenceClassification, saved / "classifier", values["attention"], problems)
    finally:
        logger.removeHandler(warnings)
    problems += [f"warning: {message}" for message in warnings.messages]
    classes = {"causal": type(model).__name__, "classifier": type(classifier).__name__}
    if classes != values["classes"]:
        problems.append(f"loaded as {classes}, but it was {values['classes']}")
    for i, ids in enumerate(values["input_ids"]):
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
        difference = (logits - expected[f"logits.{i}"]).abs().max() / expected[f"logits.{i}"].abs().max()
        if not difference <= LOGITS:
            problems.append(f"logits.{i} differ by {difference:.2g} of the largest")
    return problems


def main() -> int:
    saved = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "attune-model/target/saved"
    folders = sorted(saved.iterdir()) if saved.exists() else []
    if not folders:
        print(f"{saved} holds no saved models. Run the tests of attune-model first.", file=sys.stderr)
        return 1
    torch.set_num_threads(1)
    transformers_logging.disable_progress_bar()
    status = 0
    for folder in folders:
        problems = check(folder, HERE / "goldens" / folder.name)
        print(f"{folder.name}: {'; '.join(problems) or 'equal'}", flush=True)
        status |= bool(problems)
    return status


if __name__ == "__main__":
    sys.exit(main())
