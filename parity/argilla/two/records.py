"""Records sent in every form, and read back."""

from uuid import UUID

import argilla as rg
import datasets
from PIL import Image

from checks import check, equal, fails
from two.clients import again, all_questions, dataset, owner, simple_settings
from two.values import EMOJI, VALUES


def texts(records) -> list[str]:
    return [record.fields["text"] for record in records]


@check("`records.log` with dicts without ids", "in order; ids are generated; a second log adds, not replaces")
def logs_without_ids(world):
    made = dataset(world)
    made.records.log([{"text": f"text {i}"} for i in range(5)])
    first = list(made.records)
    equal(texts(first), [f"text {i}" for i in range(5)])
    equal(len({UUID(record.id) for record in first} | {record._server_id for record in first}), 10)
    made.records.log([{"text": "text 5"}])
    equal(texts(made.records), [f"text {i}" for i in range(6)])


@check("`records.log` with dicts and ids", "metadata, vectors and suggestions come from columns of their names")
def logs_dicts(world):
    made = dataset(world)
    row = {"id": "r-1", "text": "one", "colour": "red", "page": 3, "weight": 0.25, "place": [0.5, -1.0], "label": "bad"}
    made.records.log([row])
    (record,) = made.records(with_vectors=True)
    equal((record.id, dict(record.fields)), ("r-1", {"text": "one"}))
    equal(dict(record.metadata), {"colour": "red", "page": 3, "weight": 0.25})
    equal(dict(record.vectors), {"place": [0.5, -1.0]})
    equal(record.suggestions["label"].value, "bad")
    equal((record.status, len(record.responses)), ("pending", 0))


@check("`records.log(mapping=…)`", "columns of other names become fields, answers, and score and agent of a suggestion")
def maps_columns(world):
    made = dataset(world)
    mapping = {
        "key": "id",
        "body": "text",
        "guess": "label",
        "sure": "label.suggestion.score",
        "model": "label.suggestion.agent",
        "gold": "label.response",
    }
    made.records.log([{"key": 7, "body": "one", "guess": "odd", "sure": 0.75, "model": "m-1", "gold": "good"}], mapping)
    (record,) = made.records
    suggestion = record.suggestions["label"]
    equal((record.id, record.fields["text"]), ("7", "one"))
    equal((suggestion.value, suggestion.score, suggestion.agent), ("odd", 0.75, "m-1"))
    (answer,) = record.responses["label"]
    equal((answer.value, answer.user_id), ("good", owner(world).me.id))


@check("`records.log` with a `datasets.Dataset`", "rows become records with the ids of their column")
def logs_hugging_face_datasets(world):
    made = dataset(world)
    labels = datasets.ClassLabel(names=["good", "bad", "odd"])
    features = datasets.Features({"id": datasets.Value("string"), "text": datasets.Value("string"), "label": labels})
    rows = datasets.Dataset.from_dict({"id": ["a", "b"], "text": ["one", "two"], "label": [1, 0]}, features=features)
    made.records.log(rows)
    found = list(made.records)
    equal([(each.id, each.fields["text"]) for each in found], [("a", "one"), ("b", "two")])
    equal([each.suggestions["label"].value for each in found], ["bad", "good"])


@check(
    "`Record` with suggestions of all six kinds", "value, score, agent and type are read back; spans count code points"
)
def suggests_everything(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    suggestions = [rg.Suggestion(name, value, agent="m/1.0:b", type="model") for name, value in VALUES.items()]
    made.records.log([rg.Record(id="1", fields={"text": EMOJI}, suggestions=suggestions)])
    (record,) = made.records
    equal({each.question_name: each.value for each in record.suggestions}, VALUES)
    equal({(each.agent, each.type, each.score) for each in record.suggestions}, {("m/1.0:b", "model", None)})


@check("`Suggestion(score=…)`", "a number for one value, a list for several")
def keeps_scores(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    scores = {"label": 0.5, "topics": [0.25, 1.0], "order": [0.5, 0.25, 0.125], "names": [0.0, 0.5, 1.0]}
    suggestions = [rg.Suggestion(name, VALUES[name], score=score, type="human") for name, score in scores.items()]
    made.records.log([rg.Record(id="1", fields={"text": EMOJI}, suggestions=suggestions)])
    (record,) = made.records
    equal({each.question_name: each.score for each in record.suggestions}, scores)


@check("`Record` with answers of all six kinds", "submitted; a ranking without ranks keeps its order; emoji in spans")
def answers_everything(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    me = owner(world).me.id
    responses = [rg.Response(name, value, user_id=me, status="submitted") for name, value in VALUES.items()]
    made.records.log([rg.Record(id="1", fields={"text": EMOJI}, responses=responses)])
    (record,) = made.records
    equal({each.question_name: each.value for each in record.responses}, VALUES)
    equal({(each.user_id, each.status.value) for each in record.responses}, {(me, "submitted")})
    equal(record.status, "completed")


@check("Image, chat and custom fields", "a URL, a picture, messages and an object are read back")
def keeps_other_fields(world):
    fields = [
        rg.TextField("text"),
        rg.ImageField("link", required=False),
        rg.ImageField("picture", required=False),
        rg.ChatField("chat", required=False),
        rg.CustomField("card", template="<b>{{record.fields.card.name}}</b>", required=False),
    ]
    made = dataset(world, simple_settings(fields=fields))
    picture = Image.new("RGB", (2, 1), (255, 0, 0))
    picture.format = "PNG"
    chat = [{"role": "user", "content": "Hi 🙂"}, {"role": "assistant", "content": "Hello"}]
    card = {"name": "Ada", "ages": [1, 2.5, None], "nested": {"yes": True}}
    link = "https://example.org/cat.png"
    made.records.log([{"id": "1", "text": "one", "link": link, "picture": picture, "chat": chat, "card": card}])
    (record,) = made.records
    equal((record.fields["link"], record.fields["card"]), (link, card))
    equal([(each.role, each.content) for each in record.fields["chat"]], [("user", "Hi 🙂"), ("assistant", "Hello")])
    equal(record.fields["picture"].getpixel((1, 0)), (255, 0, 0))


@check("Optional fields left out", "a record without them is read back without them")
def leaves_out_fields(world):
    made = dataset(world, simple_settings(fields=[rg.TextField("text"), rg.TextField("note", required=False)]))
    made.records.log([{"text": "one"}, {"text": "two", "note": None}, {"text": "three", "note": "yes"}])
    notes = [record.fields.get("note") for record in made.records]
    equal(notes, [None, None, "yes"])


@check("600 records in bulks of 256, 500 and 7", "all there, in order, whatever the size of the pages that read them")
def pages(world):
    made = dataset(world)
    rows = [{"id": f"{i}", "text": f"text {i}"} for i in range(600)]
    made.records.log(rows)
    made.records.log([{**row, "page": i} for i, row in enumerate(rows)], batch_size=500)
    made.records.log([{**row, "colour": "red"} for row in rows[:20]], batch_size=7)
    expected = [f"{i}" for i in range(600)]
    equal([record.id for record in made.records], expected)
    equal([record.id for record in made.records(batch_size=97)], expected)
    equal([record.id for record in made.records(limit=10, start_offset=595)], expected[595:])
    equal([record.id for record in made.records(limit=3)], expected[:3])
    equal(made.progress()["total"], 600)


@check(
    "`records(with_suggestions=…, with_responses=…, with_vectors=…)`",
    "only what was asked for comes; vectors all or by name",
)
def includes(world):
    made = dataset(
        world, simple_settings(vectors=[rg.VectorField("place", dimensions=2), rg.VectorField("other", dimensions=1)])
    )
    mine = [rg.Response("label", "good", user_id=owner(world).me.id)]
    vectors = {"place": [1.0, 2.0], "other": [3.0]}
    made.records.log(
        [rg.Record("1", {"text": "one"}, vectors=vectors, responses=mine, suggestions=[rg.Suggestion("label", "bad")])]
    )

    def read(**wanted):
        (record,) = made.records(**wanted)
        return len(record.suggestions), len(record.responses), dict(record.vectors)

    equal(read(), (1, 1, {}))
    equal(read(with_suggestions=False), (0, 1, {}))
    equal(read(with_responses=False), (1, 0, {}))
    equal(read(with_vectors=True), (1, 1, vectors))
    equal(read(with_vectors="other"), (1, 1, {"other": [3.0]}))
    equal(read(with_vectors=["place"]), (1, 1, {"place": [1.0, 2.0]}))
    fails(ValueError, lambda: made.records(with_vectors="unknown"))


@check("Metadata beyond the properties", "kept where `allow_extra_metadata` is set; lists of terms are accepted")
def keeps_extra_metadata(world):
    made = dataset(world, simple_settings(allow_extra_metadata=True))
    extra = {"colour": ["red", "blue"], "page": 2, "weight": 1, "link": {"to": ["x"]}}
    made.records.log([rg.Record("1", {"text": "one"}, metadata={**extra, "none": None})])
    (record,) = made.records
    equal({key: value for key, value in record.metadata.items() if value is not None}, extra)


@check("Records of a dataset read anew", "a second client reads what the first one wrote")
def reads_with_another_client(world):
    made = dataset(world)
    made.records.log([{"id": "1", "text": "eins"}])
    other = rg.Argilla(api_url=world.url, api_key=world.owner_key)
    equal(texts(again(world, made, other).records), ["eins"])
    owner(world)
