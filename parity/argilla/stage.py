"""Runs one stage of the judging in the environment of its client: python stage.py STAGE --url ...; see judge.py."""

import importlib
import importlib.metadata
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", TQDM_DISABLE="1")
sys.dont_write_bytecode = True

import checks  # noqa: E402  the environment comes first

STAGES = {
    "two": (
        "argilla",
        "two.people two.roles two.datasets two.settings two.records two.updates two.answers two.searches two.similarity"
        " two.exports two.refusals two.webhooks two.leaves",
    ),
    "one": (
        "argilla-v1",
        "one.people one.roles one.datasets one.settings one.templates one.records one.updates one.filters one.refusals"
        " one.commands one.across",
    ),
    "two-again": ("argilla", "two.across"),
}

if __name__ == "__main__":
    package, modules = STAGES[sys.argv.pop(1)]
    for module in modules.split():
        importlib.import_module(module)
    checks.run(f"{package} {importlib.metadata.version(package)}")
