"""What a golden is on disk, and how two of them are compared."""

import hashlib
import importlib.metadata
import json
import math
import platform
import re
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

VALUE = 1e-5  # logits, losses, probabilities, statistics
GRADIENT = 1e-4  # tensors named "grad.…"
DRIFT = 1e-3  # what comes after optimizer steps: trained weights, and all but the first rollout of PPO
AFTER_STEPS = ("final_weights.", "weights.", "steps[", ".stats.", "step1.", "step2.")
TRAJECTORY = {"first": 1e-5, "max": 1e-3, "mean": 1e-4}  # per-step series of a "trajectory" object
SHARE = 0.1  # a regenerated golden may use this share of a test's tolerance

PACKAGES = ("torch", "numpy", "transformers", "tokenizers", "trl", "accelerate", "datasets", "safetensors")


def tolerance(where: str) -> float:
    """The tolerance of a test of the named tensor or value, times max|reference|."""
    if where.startswith("grad."):
        return GRADIENT
    return DRIFT if any(part in where for part in AFTER_STEPS) else VALUE


class Golden:
    """Collects what one recipe produces and writes it as a folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.tensors: dict[str, torch.Tensor] = {}
        self.values: dict = {}

    def tensor(self, name: str, value) -> None:
        """Adds a tensor; floats become fp32, integers int64 (int32 stays)."""
        value = torch.as_tensor(value).detach().cpu()
        if value.is_floating_point():
            value = value.float()
        elif value.dtype != torch.int32:
            value = value.long()
        self.tensors[name] = value.clone().contiguous()

    def gradients(self, model: torch.nn.Module) -> None:
        for name, parameter in model.named_parameters():
            self.tensor(f"grad.{name}", parameter.grad)

    def ragged(self, name: str, rows) -> None:
        """Adds rows of different length as flat int32 ids plus the offsets of the rows."""
        offsets = [0]
        for row in rows:
            offsets.append(offsets[-1] + len(row))
        self.tensor(name, torch.tensor([x for row in rows for x in row], dtype=torch.int32))
        self.tensor(f"{name}.offsets", torch.tensor(offsets, dtype=torch.int32))

    def write(self, script: Path, seed: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.tensors:
            save_file(self.tensors, self.folder / "tensors.safetensors")
        self._json("values.json", self.values)
        versions = {name: importlib.metadata.version(name) for name in PACKAGES}
        self._json(
            "provenance.json",
            {
                "script": script.name,
                "sha256": hashlib.sha256(script.read_bytes()).hexdigest(),
                "python": platform.python_version(),
                "versions": versions,
                "seed": seed,
                "device": "cpu",
                "dtype": "float32",
                "threads": torch.get_num_threads(),
            },
        )

    def _json(self, name: str, value) -> None:
        text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
        # lists of numbers on one line (strings hold no raw line ends, so none of them can match)
        text = re.sub(r"\[\n[-+.,eE\d\s]+\]", lambda match: "".join(match[0].split()), text)
        (self.folder / name).write_text(text + "\n", encoding="utf-8")


class Comparison:
    """Differences of a regenerated golden from the committed one, as shares of the tests' tolerances."""

    def __init__(self, committed: Path, fresh: Path):
        self.absolute = 0.0
        self.relative = 0.0
        self.share = 0.0
        self.where = "-"
        self.problems: list[str] = []
        names = {path.relative_to(committed) for path in committed.rglob("*.safetensors")}
        for name in sorted(names):
            if (fresh / name).exists():
                self._tensors(load_file(committed / name), load_file(fresh / name))
            else:
                self.problems.append(f"{name} is missing")
        self._json(
            json.loads((committed / "values.json").read_text("utf-8")),
            json.loads((fresh / "values.json").read_text("utf-8")),
            "values",
        )

    @property
    def ok(self) -> bool:
        return not self.problems and self.share <= SHARE

    def _tensors(self, committed: dict, fresh: dict) -> None:
        if committed.keys() != fresh.keys():
            self.problems.append(f"tensors differ: {sorted(committed.keys() ^ fresh.keys())}")
        for name in committed.keys() & fresh.keys():
            old, new = committed[name], fresh[name]
            if old.shape != new.shape or old.dtype != new.dtype:
                self.problems.append(f"{name}: {old.shape} {old.dtype} became {new.shape} {new.dtype}")
            elif not old.is_floating_point():
                if not torch.equal(old, new):
                    self.problems.append(f"{name}: integers differ")
            elif old.numel():
                self._differ(name, old.double().flatten().tolist(), new.double().flatten().tolist())

    def _json(self, old, new, where: str) -> None:
        if type(old) is not type(new):
            self.problems.append(f"{where}: {old!r} became {new!r}")
        elif isinstance(old, dict):
            if old.keys() != new.keys():
                self.problems.append(f"{where}: keys differ: {sorted(old.keys() ^ new.keys())}")
            for key in old.keys() & new.keys():
                if key == "trajectory":
                    self._trajectories(old[key], new[key], f"{where}.{key}")
                else:
                    self._json(old[key], new[key], f"{where}.{key}")
        elif isinstance(old, list) and old and all(isinstance(x, float) for x in old):
            if len(old) != len(new):
                self.problems.append(f"{where}: {len(old)} numbers became {len(new)}")
            else:
                self._differ(where, old, new)
        elif isinstance(old, list):
            if len(old) != len(new):
                self.problems.append(f"{where}: {len(old)} items became {len(new)}")
            for i, (a, b) in enumerate(zip(old, new)):
                self._json(a, b, f"{where}[{i}]")
        elif isinstance(old, float):
            # a lone number near zero is a cancelled sum: its rounding is that of its larger terms
            self._note(where, abs(old - new), max(abs(old), 0.01), tolerance(where))
        elif old != new:
            self.problems.append(f"{where}: {old!r} became {new!r}")

    def _trajectories(self, old: dict, new: dict, where: str) -> None:
        for name, series in old.items():
            drift = [abs(a - b) for a, b in zip(series, new[name])]
            largest = max(map(abs, series)) or 1.0
            self._note(f"{where}.{name}[0]", drift[0], abs(series[0]) or largest, TRAJECTORY["first"])
            self._note(f"{where}.{name} max", max(drift), largest, TRAJECTORY["max"])
            self._note(f"{where}.{name} mean", sum(drift) / len(drift), largest, TRAJECTORY["mean"])

    def _differ(self, where: str, old: list, new: list) -> None:
        largest = max((abs(a) for a in old if math.isfinite(a)), default=0.0) or 1.0
        # infinities that are equal differ by nothing
        self._note(where, max(0.0 if a == b else abs(a - b) for a, b in zip(old, new)), largest, tolerance(where))

    def _note(self, where: str, absolute: float, scale: float, allowed: float) -> None:
        relative = absolute / scale
        self.absolute = max(self.absolute, absolute)
        self.relative = max(self.relative, relative)
        if math.isnan(absolute) or relative / allowed > self.share:
            self.share = math.inf if math.isnan(absolute) else relative / allowed
            self.where = where


def report(name: str, committed: Path, fresh: Path, stream=sys.stdout) -> bool:
    comparison = Comparison(committed, fresh)
    print(
        f"{name}: max absolute {comparison.absolute:.3g}, max relative {comparison.relative:.3g}, "
        f"{comparison.share:.3g} of the tolerance at {comparison.where}",
        file=stream,
    )
    for problem in comparison.problems:
        print(f"{name}: {problem}", file=stream)
    return comparison.ok
