"""The bundled models and data the recipes start from."""

import csv
import gzip
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


class Sources:
    def __init__(self, root: Path):
        self.root = root
        self.stories260k = root / "stories260k"

    def tokenizer(self, name: str = "stories260k"):
        return AutoTokenizer.from_pretrained(self.root / name)

    def causal_lm(self):
        """stories260k with plain (eager) attention, in fp32."""
        return AutoModelForCausalLM.from_pretrained(
            self.stories260k, dtype=torch.float32, attn_implementation="eager"
        )

    def stories(self, count: int) -> list[str]:
        """The first whole stories of the TinyStories sample, single spaces and line ends kept as they are."""
        text = gzip.open(self.root / "tinystories-sample/tinystories_sample.txt.gz", "rt", encoding="utf-8").read()
        return [story.strip() for story in text.split("<|endoftext|>")[:count]]

    def movie_sentences(self) -> list[tuple[float, str]]:
        """Movie-review sentences with their mean human rating (-4 to 4)."""
        path = self.root / "vader-sentiment/movieReviewSnippets_GroundTruth.txt.gz"
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        return [(float(rating), text) for _, rating, text in rows]
