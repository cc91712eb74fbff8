"""Named checks of what a client does with a server.

A module registers its checks with `check`; `run` executes those of all imported modules in their order and writes the
results as JSON. A check states what it expects: `equal` and `fails` are the only ways to do so.
"""

import argparse
import json
import logging
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

SECONDS = 60
PASSWORD = "correct horse battery"


@dataclass
class World:
    """The server under test, and what earlier checks and stages left for later ones."""

    url: str
    owner: str
    owner_key: str
    files: Path
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    operation: str
    checked: str
    function: Callable[[World], None]


CHECKS: list[Check] = []


def check(operation: str, checked: str):
    """Registers a function as the check of an operation; `checked` says in a sentence what is expected."""

    def register(function: Callable[[World], None]) -> Callable[[World], None]:
        CHECKS.append(Check(operation, checked, function))
        return function

    return register


def equal(actual, expected, what: str = "") -> None:
    if actual != expected:
        raise AssertionError(f"{what + ': ' if what else ''}{actual!r}, not {expected!r}")


def fails(expected: type[BaseException], call: Callable[[], Any], *parts: str) -> BaseException:
    """The exception of exactly the expected class, whose message has all the parts."""
    try:
        value = call()
    except BaseException as exception:
        if type(exception) is not expected:
            raise AssertionError(f"{type(exception).__name__}, not {expected.__name__}: {exception}") from exception
        for part in parts:
            if part not in str(exception):
                raise AssertionError(f"the message lacks {part!r}: {exception}") from exception
        return exception
    raise AssertionError(f"{value!r}, not the error {expected.__name__}")


def a_name(stem: str) -> str:
    """A name that no other check uses."""
    return f"{stem}-{uuid4().hex[:8]}"


def _expired(signal_number, frame):
    raise AssertionError(f"not done after {SECONDS} seconds")


def _problem(one: Check, world: World) -> str | None:
    signal.signal(signal.SIGALRM, _expired)
    signal.alarm(SECONDS)
    try:
        one.function(world)
        return None
    except Exception as exception:
        frame = next(
            (
                f
                for f in reversed(traceback.extract_tb(exception.__traceback__))
                if f.filename == one.function.__code__.co_filename
            ),
            None,
        )
        place = f" ({Path(frame.filename).name}:{frame.lineno})" if frame else ""
        return f"{type(exception).__name__}{place}: {exception}"
    finally:
        signal.alarm(0)


def run(client: str) -> None:
    """Runs all registered checks, as the command line says, and adds their results to a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--owner", required=True)
    parser.add_argument("--owner-key", required=True)
    parser.add_argument("--files", type=Path, required=True, help="a folder for what checks write")
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--only", default="", help="a part of the operations to check")
    arguments = parser.parse_args()

    kept = arguments.files / "kept.json"
    world = World(arguments.url, arguments.owner, arguments.owner_key, arguments.files)
    if kept.exists():
        world.kept = json.loads(kept.read_text("utf-8"))
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    results = []
    for one in CHECKS:
        if arguments.only not in one.operation:
            continue
        problem = _problem(one, world)
        print(
            f"{'FAILED' if problem else 'passed'} {client}: {one.operation}" + (f"\n    {problem}" if problem else ""),
            flush=True,
        )
        results.append({"client": client, "operation": one.operation, "checked": one.checked, "problem": problem})
    # only what JSON holds goes to the next stage
    kept.write_text(json.dumps({k: v for k, v in world.kept.items() if isinstance(v, (str, int, list, dict))}), "utf-8")
    arguments.results.write_text(json.dumps(results), "utf-8")
    sys.exit(any(result["problem"] for result in results))
