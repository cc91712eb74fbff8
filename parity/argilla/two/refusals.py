"""What the server must not take, and how it says so."""

import argilla as rg
from argilla._exceptions import ArgillaAPIError, NotFoundError, UnprocessableEntityError

from checks import check, equal, fails
from two.clients import all_questions, dataset, owner, simple_settings


def refused(made: rg.Dataset, record: rg.Record, *parts: str) -> None:
    """The record is refused within a bulk of two, with its position, and nothing of the bulk is kept."""
    bulk = [rg.Record("fine", {"text": "fine"}), record]
    error = str(fails(UnprocessableEntityError, lambda: made.records.log(bulk), *parts))
    # a rule of the dataset says the position in words, a rule of the schema in its place in the body
    equal("position 1" in error or '"items",1' in error, True, error)
    equal([each.id for each in made.records], [])


@check("Bulk with a bad record: fields", "`UnprocessableEntityError` with the position; nothing is kept")
def fields(world):
    made = dataset(world, simple_settings(fields=[rg.TextField("text"), rg.TextField("note", required=False)]))
    refused(made, rg.Record("x", {"note": "no text"}), "text")
    api = owner(world).api.records
    unknown = rg.Record("x", {"text": "one", "other": "two"}).api_model()
    fails(UnprocessableEntityError, lambda: api.bulk_upsert(made.id, [unknown]), "other")
    equal(list(made.records), [])


@check(
    "Bulk with a bad record: metadata", "types, bounds and terms are checked; extra names where they are not allowed"
)
def metadata(world):
    properties = [
        rg.TermsMetadataProperty("colour", options=["red", "blue"]),
        rg.IntegerMetadataProperty("page", min=1, max=9),
        rg.FloatMetadataProperty("weight", min=0.0, max=1.0),
    ]
    made = dataset(world, simple_settings(metadata=properties))
    for bad in (
        {"colour": "green"},
        {"colour": 1},
        {"page": 10},
        {"page": "1"},
        {"page": 1.5},
        {"weight": 1.5},
        {"extra": 1},
    ):
        refused(made, rg.Record("x", {"text": "one"}, metadata=bad), next(iter(bad)))


@check("Bulk with a bad record: vectors", "another size and an unknown name")
def vectors(world):
    made = dataset(world)
    refused(made, rg.Record("x", {"text": "one"}, vectors={"place": [1.0, 2.0, 3.0]}), "place")
    refused(made, rg.Record("x", {"text": "one"}, vectors={"unknown": [1.0, 2.0]}), "unknown")


BAD_VALUES = {
    "label": ["unknown", 1, ["good"]],
    "topics": [["unknown"], "law", [], ["law", "law"]],
    "stars": [6, "3", 3.5],
    "order": [["a", "unknown"], ["a", "a", "b"]],
    "better": [3, ["x"]],
    "names": [
        [{"label": "unknown", "start": 0, "end": 1}],
        [{"label": "PER", "start": 3, "end": 3}],
        [{"label": "PER", "start": -1, "end": 1}],
        [{"label": "PER", "start": 0, "end": 4}],
        [{"label": "PER", "start": 0, "end": 2}, {"label": "LOC", "start": 1, "end": 3}],
    ],
}


@check("Bulk with a bad record: answers", "each kind of question refuses values that are not its own")
def answers(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    me = owner(world).me.id
    for question, values in BAD_VALUES.items():
        for value in values:
            answer = rg.Response(question, value, user_id=me, status="draft")
            try:
                refused(made, rg.Record("x", {"text": "🙂ab"}, responses=[answer]), question)
            except AssertionError as problem:
                raise AssertionError(f"{question}={value!r}: {problem}") from problem


@check("Bulk with a bad record: submitted answers", "without a required question, or with part of a ranking")
def submitted_answers(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    me = owner(world).me.id
    incomplete = [rg.Response("stars", 3, user_id=me, status="submitted")]
    refused(made, rg.Record("x", {"text": "one"}, responses=incomplete), "label")
    partial = [
        rg.Response(name, value, user_id=me, status="submitted")
        for name, value in (("label", "good"), ("order", ["a", "b"]))
    ]
    refused(made, rg.Record("x", {"text": "one"}, responses=partial), "order")
    stranger = [rg.Response("label", "good", user_id="00000000-0000-4000-8000-000000000000", status="submitted")]
    refused(made, rg.Record("x", {"text": "one"}, responses=stranger), "00000000-0000-4000-8000-000000000000")


@check("Bulk with a bad record: suggestions", "values as for answers; score out of 0..1 or of the wrong number; agent")
def suggestions(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    for question, values in BAD_VALUES.items():
        for value in values:
            try:
                refused(made, rg.Record("x", {"text": "🙂ab"}, suggestions=[rg.Suggestion(question, value)]), question)
            except AssertionError as problem:
                raise AssertionError(f"{question}={value!r}: {problem}") from problem
    for bad in (
        rg.Suggestion("label", "good", score=1.5),
        rg.Suggestion("label", "good", score=[0.5]),
        rg.Suggestion("topics", ["law"], score=0.5),
        rg.Suggestion("topics", ["law"], score=[0.5, 0.5]),
        rg.Suggestion("label", "good", agent="!!"),
    ):
        fails(UnprocessableEntityError, lambda: made.records.log([rg.Record("x", {"text": "one"}, suggestions=[bad])]))
    equal(list(made.records), [])


@check("Bulk with one id twice", "`UnprocessableEntityError`; nothing is kept")
def doubled_ids(world):
    made = dataset(world)
    twice = [rg.Record("same", {"text": "one"}), rg.Record("same", {"text": "two"})]
    fails(UnprocessableEntityError, lambda: made.records.log(twice), "same")
    equal(list(made.records), [])


@check("Limits", "500 records in a bulk, 100 ids in a deletion, 1,000 in a page; one more is a 422")
def limits(world):
    made, client = dataset(world), owner(world).http_client
    rows = [{"fields": {"text": f"text {i}"}} for i in range(501)]
    url = f"/api/v1/datasets/{made.id}/records"
    equal(client.put(f"{url}/bulk", json={"items": rows}).status_code, 422)
    equal(client.put(f"{url}/bulk", json={"items": []}).status_code, 422)
    equal(client.put(f"{url}/bulk", json={"items": rows[:500]}).status_code, 200)
    equal([client.get(url, params={"limit": limit}).status_code for limit in (0, 1, 1000, 1001)], [422, 200, 200, 422])
    ids = [item["id"] for item in client.get(url, params={"limit": 101}).json()["items"]]
    equal(client.delete(url, params={"ids": ",".join(ids)}).status_code, 422)
    equal(client.delete(url, params={"ids": ",".join(ids[:100])}).status_code, 204)
    equal(made.progress()["total"], 400)


@check("Records of an unpublished dataset", "`UnprocessableEntityError`")
def unpublished(world):
    place = dataset(world).workspace
    draft = rg.Dataset("draft", place, simple_settings())
    model = owner(world).api.datasets.create(draft.api_model())
    record = rg.Record("1", {"text": "one"}).api_model()
    fails(UnprocessableEntityError, lambda: owner(world).api.records.bulk_upsert(model.id, [record]))
    fails(UnprocessableEntityError, lambda: owner(world).api.datasets.publish(model.id), "field")


@check(
    "Paths and bodies that mean nothing",
    "`NotFoundError`, `UnprocessableEntityError`, `ArgillaAPIError` with 405; JSON always",
)
def nonsense(world):
    client, made = owner(world), dataset(world)
    fails(NotFoundError, lambda: client.api.datasets.get("00000000-0000-4000-8000-000000000000"))
    fails(NotFoundError, lambda: client.api.datasets.get("no-uuid"))
    wrong = client.http_client.put(f"/api/v1/datasets/{made.id}")
    equal((wrong.status_code, "detail" in wrong.json()), (405, True))
    nowhere = client.http_client.get("/api/v1/nowhere")
    equal((nowhere.status_code, "detail" in nowhere.json()), (404, True))
    broken = client.http_client.post("/api/v1/datasets", content=b"{", headers={"Content-Type": "application/json"})
    equal((broken.status_code in (400, 422), "detail" in broken.json()), (True, True))
    equal(issubclass(UnprocessableEntityError, ArgillaAPIError), True)
