"""The loop of people and model, from an empty server to a trained reward model.

    python parity/argilla/annotation_to_model.py

Starts the server of this checkout with an empty data folder, pushes 200 records with the Argilla 2.x client, answers them
as three people, in Chromium and through the API, exports their unified preferences, and trains a reward model on them.
The model then suggests answers to new records, some of which a person sees in Chromium and accepts. The
status is 1 as soon as something is not as it should be.
"""

import json
import math
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from shutil import rmtree

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", TQDM_DISABLE="1")
sys.dont_write_bytecode = True

import argilla as rg  # noqa: E402  the environment comes first
from argilla._models import UserResponseModel  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from checks import PASSWORD, equal  # noqa: E402
from judge import ROOT, Server  # noqa: E402
from loop.browser import Desk, launched  # noqa: E402
from loop.comparisons import Comparison, Judge, comparisons, majority  # noqa: E402

HERE = Path(__file__).resolve().parent
FOLDER = ROOT / "target/annotation-to-model"
RECORDS = 200
IN_BROWSER = 20
HELD_OUT = 60
NEW = 100
ACCEPTED = 5
AGENT = "politeness/step-40"
CHANCE = 0.01  # that guessing does as well as the trained model must be less likely than this

BEGIN = time.monotonic()


def tell(what: str) -> None:
    print(f"{time.monotonic() - BEGIN:6.1f} s  {what}", flush=True)


def settings() -> rg.Settings:
    return rg.Settings(
        guidelines="Which response is politer?",
        fields=[rg.TextField("prompt"), rg.TextField("response1"), rg.TextField("response2")],
        questions=[rg.RankingQuestion("preference", values=["response1", "response2"])],
        distribution=rg.TaskDistribution(min_submitted=3),
    )


class Loop:
    """One way through the loop."""

    def __init__(self, server: Server):
        self.server = server
        self.owner = rg.Argilla(api_url=server.url, api_key=server.key)
        every = comparisons(ROOT, RECORDS + NEW)
        self.comparisons, self.new = every[:RECORDS], every[RECORDS:]
        self.judges = [Judge(name) for name in ("ana", "ben", "cleo")]
        self.choices = {judge.name: {each.name: judge.better(each) for each in self.comparisons} for judge in self.judges}

    def push(self) -> None:
        workspace = self.owner.workspaces("default")
        self.people = {judge.name: self.person(judge.name, workspace) for judge in self.judges}
        self.dataset = rg.Dataset("politeness", workspace=workspace, settings=settings(), client=self.owner).create()
        self.dataset.records.log([{"id": each.name, **each.fields} for each in self.comparisons])
        self.ids = {record.id: record._server_id for record in self.dataset.records}
        equal(len(self.ids), RECORDS, "records on the server")

    def person(self, name: str, workspace: rg.Workspace) -> rg.Argilla:
        body = {"username": name, "first_name": name, "role": "annotator", "password": PASSWORD}
        created = self.owner.http_client.post("/api/v1/users", json=body).raise_for_status().json()
        workspace.add_user(name)
        return rg.Argilla(api_url=self.server.url, api_key=created["api_key"])

    def answer_in_browser(self, browser) -> None:
        """The person decides by what the page shows."""
        self.answered = {}
        by_text = {(each.prompt, *each.responses): each.name for each in self.comparisons}
        for name, choices in self.choices.items():
            desk = Desk(browser, self.server.url, str(self.dataset.id), name, PASSWORD)
            self.answered[name] = desk.rank(
                lambda shown: choices[by_text[tuple(map(shown.field, ("prompt", "response1", "response2")))]], IN_BROWSER
            )
            equal(len(set(self.answered[name])), IN_BROWSER, f"records that {name} answered")
            equal(desk.errors, [], "errors of the page")
            desk.keep(FOLDER / f"{name}.png")

    def answer_by_api(self) -> None:
        for name, client in self.people.items():
            for record in sorted(self.ids.keys() - set(self.answered[name])):
                self.submit(client, record, self.choices[name][record])

    def submit(self, client: rg.Argilla, record: str, better: int) -> None:
        ranking = [{"value": f"response{place + 1}", "rank": rank} for place, rank in ((better, 1), (1 - better, 2))]
        answer = UserResponseModel(values={"preference": {"value": ranking}}, status="submitted", user_id=client.me.id)
        client.api.records.create_record_response(self.ids[record], answer)

    def check_answers(self) -> None:
        users = {client.me.id: name for name, client in self.people.items()}
        for record in self.dataset.records:
            given = {users[each.user_id]: each.value.index("response2") == 0 for each in record.responses["preference"]}
            equal(given, {name: choices[record.id] == 1 for name, choices in self.choices.items()}, record.id)
            equal(record.status, "completed", record.id)

    def export(self) -> list[dict]:
        query = "format=training&task=reward-modeling&strategy.preference=majority"
        request = urllib.request.Request(
            f"{self.server.url}/api/attune/datasets/{self.dataset.id}/export?{query}",
            headers={"X-Argilla-Api-Key": self.server.key},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            rows = [json.loads(line) for line in answer.read().decode("utf-8").splitlines()]
        equal(sorted(rows, key=str), sorted(map(self.row, self.comparisons), key=str), "rows of the export")
        return rows

    def row(self, each: Comparison) -> dict:
        """What three people's answers to a comparison should become."""
        better = majority([choices[each.name] for choices in self.choices.values()])
        return {"prompt": each.prompt, "chosen": each.responses[better], "rejected": each.responses[1 - better]}

    def train(self, rows: list[dict]) -> float:
        """The accuracy on the held-out rows."""
        for name, part in (("train", rows[HELD_OUT:]), ("held-out", rows[:HELD_OUT])):
            (FOLDER / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part), "utf-8")
        attune("train", "reward", HERE / "reward.yaml", *self.files())
        events = [json.loads(line) for line in (FOLDER / "politeness/events.jsonl").read_text("utf-8").splitlines()]
        return [event["values"]["eval_accuracy"] for event in events if "eval_accuracy" in event.get("values", {})][-1]

    def suggest(self) -> float:
        """The share of new records for which the model suggests what the data says."""
        self.dataset.records.log([{"id": each.name, **each.fields} for each in self.new])
        credentials = {"ARGILLA_API_URL": self.server.url, "ARGILLA_API_KEY": self.server.key}
        attune("feedback", "suggest", "--dataset", "politeness", "--question", "preference", "--only-unanswered",
               "--run", FOLDER / "politeness", environment=credentials)
        politer = {each.name: f"response{each.politer + 1}" for each in self.new}
        self.suggestions = {}
        for record in self.dataset.records:
            for found in record.suggestions:
                equal(found.agent, AGENT, "agent")
                equal([len(found.score), round(sum(found.score), 6)], [2, 1.0], f"scores {found.score}")
                self.suggestions[record.id] = found
        equal(self.suggestions.keys(), politer.keys(), "records with a suggestion")
        return sum(each.value[0] == politer[name] for name, each in self.suggestions.items()) / NEW

    def accept_in_browser(self, browser) -> None:
        """What a person accepts by one key becomes their answer."""
        desk = Desk(browser, self.server.url, str(self.dataset.id), "ana", PASSWORD)
        accepted = []
        for _ in range(ACCEPTED):
            suggestion = self.suggestions[desk.shown]
            for part in (AGENT, f"{max(suggestion.score):.2f}"):
                equal(part in desk.suggestion, True, f"whether the page says {part} in {desk.suggestion!r}")
            if not accepted:
                desk.keep(FOLDER / "suggestion.png")
            accepted.append(desk.answer("a"))
            desk.wait_past(accepted[-1])
        equal(desk.errors, [], "errors of the page")
        answers = {record.id: record.responses["preference"] for record in self.dataset.records}
        for name in accepted:
            equal([each.value for each in answers[name]], [self.suggestions[name].value], f"ana's answer to {name}")

    @staticmethod
    def files() -> list[str]:
        settings = {
            "run-dir": FOLDER / "politeness",
            "data.train": f"[{FOLDER / 'train.jsonl'}]",
            "data.eval": f"[{FOLDER / 'held-out.jsonl'}]",
        }
        return [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]


def attune(*arguments, environment: dict[str, str] | None = None) -> str:
    command = ["./attune", *map(str, arguments)]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise AssertionError(f"attune {' '.join(map(str, arguments))} ended with {run.returncode}: {run.stderr[-2000:]}")
    return run.stdout


def chance(accuracy: float, of: int) -> float:
    """How likely somebody who guesses gets at least that share right."""
    return sum(math.comb(of, k) for k in range(round(accuracy * of), of + 1)) / 2**of


def require_better_than_chance(accuracy: float, of: int) -> None:
    if chance(accuracy, of) >= CHANCE:
        raise AssertionError(f"the reward model is no better than chance: {accuracy:.3f} of {of} right")


def main() -> None:
    rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with Server(FOLDER, "./attune", None) as server:
        tell(f"the server serves {server.url}, its data folder was empty")
        loop = Loop(server)
        loop.push()
        tell(f"{RECORDS} records pushed with argilla {rg.__version__}")
        with sync_playwright() as playwright:
            browser = launched(playwright)
            loop.answer_in_browser(browser)
            tell(f"{IN_BROWSER} of them answered by each of {len(loop.people)} people in Chromium {browser.version}")
            loop.answer_by_api()
            loop.check_answers()
            tell("the others answered through the API; every answer is there")
            rows = loop.export()
            tell(f"{len(rows)} pairs exported, unified by majority")
            accuracy = loop.train(rows)
            require_better_than_chance(accuracy, HELD_OUT)
            tell(f"reward model trained on {len(rows) - HELD_OUT} pairs; {accuracy:.3f} of {HELD_OUT} held-out pairs right,"
                 f" where guessing does as well with probability {chance(accuracy, HELD_OUT):.1e}")
            accuracy = loop.suggest()
            require_better_than_chance(accuracy, NEW)
            tell(f"{NEW} new records got its suggestions; {accuracy:.3f} of them are right")
            loop.accept_in_browser(browser)
            tell(f"{ACCEPTED} suggestions, shown with score and agent, accepted in the browser")


if __name__ == "__main__":
    main()
