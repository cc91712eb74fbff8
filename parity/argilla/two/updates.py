"""Records changed and deleted."""

import argilla as rg
from argilla._exceptions import NotFoundError

from checks import check, equal, fails
from two.clients import dataset, owner, simple_settings


@check("`records.log` with a known id", "updated, not added: fields replaced, the rest merged by name")
def upserts(world):
    vectors = [rg.VectorField("place", dimensions=2), rg.VectorField("other", dimensions=1)]
    questions = [rg.LabelQuestion("label", ["good", "bad", "odd"]), rg.TextQuestion("better", required=False)]
    made = dataset(world, simple_settings(vectors=vectors, questions=questions))
    made.records.log(
        [{"id": "1", "text": "one", "label": "good", "better": "uno", "place": [1.0, 0.0], "other": [5.0]}]
    )
    (before,) = made.records
    made.records.log([{"id": "1", "text": "ONE", "label": "bad", "place": [0.0, 1.0]}, {"id": "2", "text": "two"}])
    first, second = made.records(with_vectors=True)
    equal((first._server_id, first.fields["text"], second.id), (before._server_id, "ONE", "2"))
    equal({each.question_name: each.value for each in first.suggestions}, {"label": "bad", "better": "uno"})
    equal(dict(first.vectors), {"place": [0.0, 1.0], "other": [5.0]})


@check("`records.log` with an id and no fields", "fields are kept; suggestions are added")
def upserts_without_fields(world):
    made = dataset(world)
    made.records.log([{"id": "1", "text": "one", "colour": "red"}])
    made.records.log([{"id": "1", "label": "odd", "colour": "blue"}])
    (record,) = made.records
    equal((record.fields["text"], record.suggestions["label"].value), ("one", "odd"))
    equal(dict(record.metadata), {"colour": "blue"})


@check("`records.log` with records that were read", "changed in place; nothing is doubled")
def writes_back(world):
    made = dataset(world)
    made.records.log([{"text": f"text {i}"} for i in range(3)])
    read = list(made.records)
    for record in read:
        record.metadata["colour"] = "green"
        record.suggestions.add(rg.Suggestion("label", "good", score=1.0))
    made.records.log(read)
    found = list(made.records)
    equal([each._server_id for each in found], [each._server_id for each in read])
    equal([each.metadata["colour"] for each in found], ["green"] * 3)
    equal([each.suggestions["label"].value for each in found], ["good"] * 3)


@check("`record.update`, `record.get`", "metadata, suggestions and vectors are changed; what was left out is kept")
def updates_one(world):
    made = dataset(world)
    made.records.log([{"id": "1", "text": "one", "colour": "red", "label": "good", "place": [1.0, 0.0]}])
    (record,) = made.records(with_vectors=True)
    record.metadata["page"] = 4
    record.suggestions.add(rg.Suggestion("label", "bad", agent="m-2"))
    record.vectors["place"] = [0.0, 2.0]
    record.update()
    (found,) = made.records(with_vectors=True)
    equal(dict(found.metadata), {"colour": "red", "page": 4})
    equal((found.suggestions["label"].value, found.suggestions["label"].agent), ("bad", "m-2"))
    equal(dict(found.vectors), {"place": [0.0, 2.0]})
    made.records.log([{"id": "1", "text": "new text"}])
    record.get()
    equal((record.fields["text"], record.suggestions["label"].value), ("new text", "bad"))


@check("`records.delete`", "several at once, more than a hundred; the others stay")
def deletes_many(world):
    made = dataset(world)
    made.records.log([{"id": f"{i}", "text": f"text {i}"} for i in range(230)])
    read = list(made.records)
    made.records.delete(read[5:225])
    equal([record.id for record in made.records], [f"{i}" for i in [*range(5), *range(225, 230)]])
    equal(len(list(made.records("text"))), 10)
    equal(made.progress()["total"], 10)


@check("`record.delete`", "gone; a further call is a `NotFoundError`")
def deletes_one(world):
    made = dataset(world)
    made.records.log([{"id": "1", "text": "one"}, {"id": "2", "text": "two"}])
    record = next(iter(made.records))
    owner(world).api.records.delete(record._server_id)
    equal([each.id for each in made.records], ["2"])
    fails(NotFoundError, record.get)
    fails(NotFoundError, lambda: owner(world).api.records.delete(record._server_id))


@check("A deleted id logged again", "a new record")
def logs_again(world):
    made = dataset(world)
    made.records.log([{"id": "1", "text": "one"}])
    (record,) = made.records
    made.records.delete([record])
    made.records.log([{"id": "1", "text": "another"}])
    (found,) = made.records
    equal((found.id, found.fields["text"], found._server_id == record._server_id), ("1", "another", False))


@check("`client.api.records.bulk_create`", "the creating bulk of older clients answers with the records in order")
def creates_in_bulk(world):
    made = dataset(world)
    records = [rg.Record(f"{i}", {"text": f"text {i}"}, _dataset=made).api_model() for i in range(3)]
    created = owner(world).api.records.bulk_create(made.id, records)
    equal([each.external_id for each in created], ["0", "1", "2"])
    equal([each._server_id for each in made.records], [each.id for each in created])


@check(
    "`client.api.records.create_many`, `update_many`", "the bulks that newer clients share with 1.x take whole records"
)
def creates_and_updates_many(world):
    made, api = dataset(world), owner(world).api.records
    api.create_many(made.id, [rg.Record(f"{i}", {"text": f"text {i}"}, _dataset=made).api_model() for i in range(3)])
    read = list(made.records)
    equal([record.id for record in read], ["0", "1", "2"])
    for record in read:
        record.metadata["colour"] = "red"
        record.suggestions.add(rg.Suggestion("label", "odd"))
    api.update_many(made.id, [record.api_model() for record in read])
    found = [(record.metadata["colour"], record.suggestions["label"].value) for record in made.records]
    equal(found, [("red", "odd")] * 3)
