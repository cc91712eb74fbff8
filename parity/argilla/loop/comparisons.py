"""What people compare, and which of two responses they find better."""

import gzip
import json
import random
from dataclasses import dataclass
from pathlib import Path

LONGEST = 240
SEED = 1


@dataclass(frozen=True)
class Comparison:
    """Two responses to a prompt, of which one is politer, as the data says."""

    name: str
    prompt: str
    responses: tuple[str, str]
    politer: int

    @property
    def fields(self) -> dict[str, str]:
        return {"prompt": self.prompt, "response1": self.responses[0], "response2": self.responses[1]}


def comparisons(root: Path, count: int) -> list[Comparison]:
    """Short comparisons of the bundled data in a shuffled order, the politer response first or second by chance."""
    with gzip.open(root / "bundled/rasbt-instructions/instruction-data-with-preference.json.gz") as file:
        rows = [row for row in json.load(file) if row["chosen"] != row["rejected"]]
    chance = random.Random(SEED)
    chance.shuffle(rows)
    found = []
    for row in rows:
        prompt = row["instruction"] + ("\n" + row["input"] if row["input"] else "")
        politer = chance.randrange(2)
        responses = (row["chosen"], row["rejected"])[:: 1 if politer == 0 else -1]
        if len(prompt) + max(map(len, responses)) < LONGEST:
            found.append(Comparison(f"pair-{len(found)}", prompt, responses, politer))
    return found[:count]


class Judge:
    """A person who prefers the politer response, and errs now and then."""

    ERRS = 0.1

    def __init__(self, name: str):
        self.name = name
        self._chance = random.Random(name)

    def better(self, comparison: Comparison) -> int:
        return comparison.politer if self._chance.random() >= self.ERRS else 1 - comparison.politer


def majority(choices: list[int]) -> int:
    return int(2 * sum(choices) > len(choices))
