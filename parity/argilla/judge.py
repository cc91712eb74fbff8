"""Lets the two Argilla clients judge the server.

    python parity/argilla/judge.py --python1 PYTHON --python2 PYTHON

Starts the server of this checkout with an empty data folder, runs the stages of both clients in their environments, once
with the embedded database and once with PostgreSQL, and writes docs/reference/argilla-compatibility.md. The status is 1 if
a check fails.
"""

import argparse
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import nullcontext
from pathlib import Path

from postgresql import Cluster

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STAGES = ("two", "one", "two-again")
DATABASES = ("embedded", "postgresql")
START_SECONDS = 60
FOLDER = ROOT / "target/clients"
PAGE = "docs/reference/argilla-compatibility.md"

HEAD = """# Compatibility with the Argilla clients

The unmodified Python clients from PyPI judge the server. `./dev clients` starts it with an empty data folder, runs every
operation below against it and writes this page; a check that fails fails the build. The owner, admins and annotators take
part. First the 2.x client runs, then the 1.x client, which also reads and changes what the 2.x client left, then the 2.x
client once more. An operation passes if it does with the embedded database and with PostgreSQL.

"""

FOOT = """
## Not judged

- Exchange with the hub (`to_hub`, `from_hub`, `push_to_huggingface`, `from_huggingface`): it goes between the client and
  the hub, and what it sends to the server is judged above.
- What a client computes by itself: unification, agreement, `prepare_for_training`.
- The legacy datasets of 1.x for text classification, token classification and text generation: the server has none, and
  lists none.
"""


class Server:
    """The server of this checkout, on a free port, until the block ends."""

    def __init__(self, folder: Path, attune: str, database: str | None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.owner, self.key = "owner", secrets.token_urlsafe(32)
        self._log = folder / "server.log"
        self._command = [attune, "server", "--port", str(self.port), "--data", str(folder / "data")]
        self._command += ["--database", database] if database else []

    def __enter__(self) -> "Server":
        environment = {
            **os.environ,
            "ATTUNE_DATABASE_USER": "postgres",
            # the listeners of the client are on this machine
            "ATTUNE_PRIVATE_WEBHOOKS": "true",
            "ATTUNE_OWNER_NAME": self.owner,
            "ATTUNE_OWNER_PASSWORD": secrets.token_urlsafe(16),
            "ATTUNE_OWNER_API_KEY": self.key,
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=environment, cwd=ROOT)
        end = time.monotonic() + START_SECONDS
        while not self._serves():
            if self._process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                sys.exit(f"the server did not start:\n{self._log.read_text('utf-8')[-4000:]}")
            time.sleep(0.1)
        return self

    def _serves(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/version", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def __exit__(self, *_) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def page(results: list[dict]) -> str:
    """A table for each client: operation, result, what was checked."""
    parts = [HEAD]
    failed = [result for result in results if result["problem"]]
    parts.append(f"{len(results) - len(failed)} of {len(results)} operations pass.\n")
    for title in dict.fromkeys(result["title"] for result in results):
        parts.append(f"\n## {title}\n\n| operation | result | what was checked |\n|---|---|---|\n")
        for result in results:
            if result["title"] == title:
                outcome = "**fails**" if result["problem"] else "passes"
                parts.append(f"| {cell(result['operation'])} | {outcome} | {cell(result['checked'])} |\n")
    return "".join(parts) + FOOT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python1", required=True, help="the Python that has argilla-v1")
    parser.add_argument("--python2", required=True, help="the Python that has argilla")
    parser.add_argument("--attune", default="./attune")
    parser.add_argument("--only", help="run only operations whose name has this part, and write no page")
    parser.add_argument("--stage", choices=STAGES, action="append", help="run only this stage, and write no page")
    parser.add_argument("--database", choices=DATABASES, action="append", help="run with this one only, likewise")
    arguments = parser.parse_args()

    shutil.rmtree(FOLDER, ignore_errors=True)
    operations: dict[tuple, dict] = {}
    for database in arguments.database or DATABASES:
        for result in judged(database, arguments):
            kept = operations.setdefault((result["title"], result["operation"]), result)
            kept["problem"] = kept["problem"] or result["problem"]
    results = list(operations.values())
    failed = [result for result in results if result["problem"]]
    if not (arguments.only or arguments.stage or arguments.database):
        (ROOT / PAGE).write_text(page(results), "utf-8")
    for result in failed:
        print(f"FAILED {result['title']}: {result['operation']}\n    {result['problem']}")
    print(f"{len(results) - len(failed)} of {len(results)} operations pass; the server's logs are in {FOLDER}")
    return 1 if failed or not results else 0


def judged(database: str, arguments: argparse.Namespace) -> list[dict]:
    """The results of all stages with a database, which the problems name."""
    folder = FOLDER / database
    (folder / "files").mkdir(parents=True)
    with Cluster() if database == "postgresql" else nullcontext() as cluster:
        with Server(folder, arguments.attune, cluster and cluster.url) as server:
            results = [each for stage in arguments.stage or STAGES for each in staged(stage, server, folder, arguments)]
    for result in results:
        if result["problem"]:
            result["problem"] = f"with the {database} database: {result['problem']}"
    return results


def staged(stage: str, server: Server, folder: Path, arguments: argparse.Namespace) -> list[dict]:
    python = arguments.python1 if stage == "one" else arguments.python2
    file = folder / f"{stage}.json"
    command = [python, str(HERE / "stage.py"), stage, "--url", server.url, "--owner", server.owner]
    command += ["--owner-key", server.key, "--files", str(folder / "files"), "--results", str(file)]
    command += ["--only", arguments.only or ""]
    # the clients must find no credentials and no workspace of the user
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ARGILLA_", "HF_"))}
    run = subprocess.run(command, env={**environment, "HOME": str(folder / "files")}, cwd=folder, check=False)
    if not file.exists():
        sys.exit(f"the stage {stage} ended with status {run.returncode} and left no results")
    results = json.loads(file.read_text("utf-8"))
    for result in results:
        result["title"] = result["client"] + (", after 1.x" if stage == "two-again" else "")
    return results


if __name__ == "__main__":
    sys.exit(main())
