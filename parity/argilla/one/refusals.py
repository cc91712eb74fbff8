"""What the server must not take, and how the client says so."""

import argilla_v1 as rg
from argilla_v1.client.sdk.commons.errors import (
    AlreadyExistsApiError,
    MethodNotAllowedApiError,
    NotFoundApiError,
    ValidationApiError,
)
from argilla_v1.client.sdk.commons.errors_handler import handle_response_error
from argilla_v1.client.sdk.v1.datasets import api

from checks import check, equal, fails
from one.clients import as_owner, local, pushed, texts
from one.records import answered

NOBODY = "00000000-0000-4000-8000-000000000000"


def refused(made, record: rg.FeedbackRecord, *parts: str) -> None:
    """The record is refused within a batch of two, and nothing of the batch is kept."""
    batch = [rg.FeedbackRecord(fields={"text": "fine"}), record]
    fails(ValidationApiError, lambda: made.add_records(batch, show_progress=False), "422", *parts)
    equal(len(made), 0)


@check("`add_records` with bad answers", "`ValidationApiError` that names the question; nothing of the batch is kept")
def answers(world):
    made = pushed(world)
    bad = [
        ("label", answered({"label": "unknown"})),
        ("label", answered({"stars": 3})),
        ("topics", answered({"label": "good", "topics": ["law", "law"]})),
        ("stars", answered({"label": "good", "stars": 9})),
        ("order", answered({"label": "good", "order": [{"value": "a", "rank": 1}]})),
        ("order", answered({"label": "good", "order": [{"value": v, "rank": 4} for v in "abc"]})),
        ("names", answered({"label": "good", "names": [{"label": "PER", "start": 0, "end": 4}]})),
        (NOBODY, answered({"label": "good"}, NOBODY)),
        ("unknown", answered({"label": "good", "unknown": "x"})),
    ]
    for part, response in bad:
        try:
            refused(made, rg.FeedbackRecord(fields={"text": "🙂ab"}, responses=[response]), part)
        except AssertionError as problem:
            raise AssertionError(f"{response['values']}: {problem}") from problem


@check("`add_records` with bad suggestions", "`ValidationApiError` that names the question")
def suggestions(world):
    made = pushed(world)
    for name, value in (
        ("label", "unknown"),
        ("topics", ["unknown"]),
        ("stars", 9),
        ("names", [{"label": "X", "start": 0, "end": 1}]),
    ):
        suggestion = {"question_name": name, "value": value}
        refused(made, rg.FeedbackRecord(fields={"text": "one"}, suggestions=[suggestion]), name)


@check(
    "`add_records` with bad fields, metadata, vectors",
    "the client checks first (`ValueError`); past it the server does (`ValidationApiError`)",
)
def data(world):
    made = pushed(
        world, local(allow_extra_metadata=False, metadata_properties=[rg.IntegerMetadataProperty(name="page", max=9)])
    )
    fails(ValueError, lambda: made.add_records([rg.FeedbackRecord(fields={"other": "one"})]), "text")
    for item, part in (
        ({"fields": {}}, "field"),
        ({"fields": {"text": 1}}, "text"),
        ({"fields": {"text": "one", "other": "two"}}, "other"),
        ({"fields": {"text": "one"}, "metadata": {"page": 10}}, "page"),
        ({"fields": {"text": "one"}, "metadata": {"other": 1}}, "other"),
        ({"fields": {"text": "one"}, "vectors": {"place": [1.0]}}, "place"),
        ({"fields": {"text": "one"}, "vectors": {"other": [1.0]}}, "other"),
    ):
        try:
            fails(ValidationApiError, lambda: api.add_records(made._client, made.id, [item]), part)
        except AssertionError as problem:
            raise AssertionError(f"{item}: {problem}") from problem
    equal(len(made), 0)


@check("`sdk.v1.datasets.add_records` limits", "1,000 records are taken, 1,001 and none are a `ValidationApiError`")
def limits(world):
    made = pushed(world)
    items = [{"fields": {"text": f"text {i}"}} for i in range(1001)]
    fails(ValidationApiError, lambda: api.add_records(made._client, made.id, items))
    fails(ValidationApiError, lambda: api.add_records(made._client, made.id, []))
    api.add_records(made._client, made.id, items[:1000])
    equal(len(made), 1000)


@check("Errors of the schema", "`ValidationApiError` finds the value that was refused by its place in the body")
def places(world):
    client = pushed(world)._client
    body = {"name": 4711, "workspace_id": NOBODY}
    answer = client.post("/api/v1/datasets", json=body)
    equal([error["loc"] for error in answer.json()["detail"]["params"]["errors"]], [["body", "name"]])
    fails(ValidationApiError, lambda: handle_response_error(answer, body=body), "422", "'value': 4711")


@check(
    "Unknown ids, a name twice, a wrong method",
    "`NotFoundApiError`, `AlreadyExistsApiError`, `MethodNotAllowedApiError`",
)
def classes(world):
    as_owner(world)
    made = pushed(world)
    client = made._client
    fails(NotFoundApiError, lambda: api.get_dataset(client, NOBODY), "404", NOBODY)
    fails(AlreadyExistsApiError, lambda: api.create_dataset(client, made.name, made.workspace.id), "409", made.name)
    fails(
        AlreadyExistsApiError,
        lambda: api.add_metadata_property(client, made.id, local().metadata_properties[0].to_server_payload()),
        "409",
    )
    fails(
        ValidationApiError,
        lambda: api.add_field(client, made.id, {"name": "late", "title": "Late", "settings": {"type": "text"}}),
        "422",
    )
    fails(MethodNotAllowedApiError, lambda: handle_response_error(client.put(f"/api/v1/datasets/{made.id}")), "405")
    equal(texts(made), [])
