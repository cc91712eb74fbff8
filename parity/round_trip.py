"""Loads in transformers what the Java tests saved, and compares with the goldens it came from.

    python parity/round_trip.py [TARGET]

TARGET holds `saved`, which ArchitectureParityTest writes: a folder for each golden, with a model saved as `causal` and
as `classifier`; `saved-encoders`, which EncoderParityTest writes: a model for each golden; and `saved-seq2seq`, which
Seq2SeqParityTest writes, with one saved as `tokens` too. A warning, a missing, unexpected or mis-shaped tensor, another class than the
golden's, or logits that differ by more than 1e-5 of the largest are errors.
"""

import contextlib
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
import transformers  # noqa: E402
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


@contextlib.contextmanager
def warnings_in(problems: list[str]):
    """Notes what transformers warns of meanwhile."""
    warnings = Warnings()
    logger = transformers_logging.get_logger("transformers")
    logger.addHandler(warnings)
    try:
        yield
    finally:
        logger.removeHandler(warnings)
    problems += [f"warning: {message}" for message in warnings.messages]


def compare(name: str, actual, expected, problems: list[str]) -> None:
    difference = (actual - expected).abs().max() / expected.abs().max()
    if not difference <= LOGITS:
        problems.append(f"{name} differ by {difference:.2g} of the largest")


def check(saved: Path, golden: Path) -> list[str]:
    values = json.loads((golden / "values.json").read_text("utf-8"))
    expected = load_file(golden / "tensors.safetensors")
    problems: list[str] = []
    with warnings_in(problems):
        model = loaded(AutoModelForCausalLM, saved / "causal", values["attention"], problems)
        classifier = loaded(AutoModelForSequenceClassification, saved / "classifier", values["attention"], problems)
    classes = {"causal": type(model).__name__, "classifier": type(classifier).__name__}
    if classes != values["classes"]:
        problems.append(f"loaded as {classes}, but it was {values['classes']}")
    for i, ids in enumerate(values["input_ids"]):
        with torch.no_grad():
            compare(f"logits.{i}", model(torch.tensor([ids])).logits[0], expected[f"logits.{i}"], problems)
    return problems


def check_seq2seq(saved: Path, golden: Path) -> list[str]:
    """A model with an encoder and a decoder; of the classifiers, whose heads are new, what they are."""
    values = json.loads((golden / "values.json").read_text("utf-8"))
    expected = load_file(golden / "tensors.safetensors")
    problems: list[str] = []
    with warnings_in(problems):
        models = {
            kind: loaded(getattr(transformers, class_name), saved / kind, values["attention"], problems)
            for kind, class_name in values["classes"].items()
        }
    # transformers warns of every T5 with an output layer of its own, those it saved among them
    problems = [problem for problem in problems if "specifies to tie shared.weight to lm_head.weight" not in problem]
    for kind, class_name in values["classes"].items():
        (saved_name,) = json.loads((saved / kind / "config.json").read_text("utf-8"))["architectures"]
        if saved_name != class_name:
            problems.append(f"{kind} was saved as {saved_name}, but it was {class_name}")
    for i, (prompt, answer) in enumerate(zip(values["prompt_ids"], values["labels"])):
        with torch.no_grad():
            logits = models["causal"](torch.tensor([prompt]), labels=torch.tensor([answer])).logits[0]
        compare(f"logits.{i}", logits, expected[f"logits.{i}"], problems)
    return problems


def check_encoder(saved: Path, golden: Path) -> list[str]:
    """An encoder and the head that its golden was computed with: scores of each token, or of each row."""
    values = json.loads((golden / "values.json").read_text("utf-8"))
    expected = load_file(golden / "tensors.safetensors")
    (class_name,) = json.loads((golden / "model/config.json").read_text("utf-8"))["architectures"]
    problems: list[str] = []
    if json.loads((saved / "config.json").read_text("utf-8"))["architectures"] != [class_name]:
        problems.append(f"it was {class_name} and is not saved as such")
    with warnings_in(problems):
        model = loaded(getattr(transformers, class_name), saved, values["attention"], problems)
    types = values.get("token_type_ids")
    rows = []
    for i, ids in enumerate(values["input_ids"]):
        kinds = {} if types is None else {"token_type_ids": torch.tensor([types[i]])}
        # the filler may stand among the tokens that count
        mask = torch.ones(1, len(ids), dtype=torch.long)
        with torch.no_grad():
            scores = model(input_ids=torch.tensor([ids]), attention_mask=mask, **kinds).logits
        rows.append(scores if "scores" in expected else scores[0])
    name = "scores" if "scores" in expected else "logits"
    compare(name, torch.cat(rows), expected[name], problems)
    return problems


CHECKS = {"saved": check, "saved-encoders": check_encoder, "saved-seq2seq": check_seq2seq}


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "attune-model/target"
    folders = [
        (folder, checked)
        for name, checked in CHECKS.items()
        for folder in sorted((target / name).glob("*"))
    ]
    if {checked for _, checked in folders} != set(CHECKS.values()):
        print(f"{target} does not hold all kinds of saved models. Run the tests of attune-model first.", file=sys.stderr)
        return 1
    torch.set_num_threads(1)
    transformers_logging.disable_progress_bar()
    status = 0
    for folder, checked in folders:
        problems = checked(folder, HERE / "goldens" / folder.name)
        print(f"{folder.name}: {'; '.join(problems) or 'equal'}", flush=True)
        status |= bool(problems)
    return status


if __name__ == "__main__":
    sys.exit(main())
