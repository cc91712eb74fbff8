"""Records taken out of the server and brought back."""

import argilla as rg

from checks import a_name, check, equal
from two.clients import all_questions, dataset, owner, simple_settings
from two.values import EMOJI, VALUES


def filled(world) -> rg.Dataset:
    """Two records, one of them with everything; made once."""
    if "filled" not in world.kept:
        made = dataset(world, simple_settings(questions=all_questions()))
        me = owner(world).me.id
        made.records.log(
            [
                rg.Record(
                    "1",
                    {"text": EMOJI},
                    metadata={"colour": "red", "page": 2},
                    vectors={"place": [1.0, 0.5]},
                    suggestions=[rg.Suggestion(name, value, agent="m") for name, value in VALUES.items()],
                    responses=[
                        rg.Response(name, value, user_id=me, status="submitted") for name, value in VALUES.items()
                    ],
                ),
                rg.Record("2", {"text": "two"}),
            ]
        )
        world.kept["filled"] = made
    return world.kept["filled"]


@check("`records.to_list(flatten=True)`", "columns for fields, metadata, answers with users and states, suggestions")
def to_list(world):
    first, second = filled(world).records.to_list(flatten=True)
    equal((first["id"], first["text"], first["colour"], first["status"]), ("1", EMOJI, "red", "completed"))
    equal((first["label.responses"], first["label.responses.status"]), (["good"], ["submitted"]))
    equal(first["label.responses.users"], [str(owner(world).me.id)])
    equal((first["order.suggestion"], first["order.suggestion.agent"]), (VALUES["order"], "m"))
    equal((second["text"], second["label.responses"], second["status"]), ("two", None, "pending"))


@check("`records.to_dict`", "by name and by id")
def to_dict(world):
    records = filled(world).records
    equal(records.to_dict()["id"], ["1", "2"])
    equal(records.to_dict(orient="index")["1"]["metadata"], {"colour": "red", "page": 2})
    vectors = filled(world).records(with_vectors=True).to_dict(flatten=True, orient="names")["place"]
    equal(vectors, [[1.0, 0.5], None])


@check("`records.to_datasets`", "a `datasets.Dataset` with the same columns")
def to_datasets(world):
    rows = filled(world).records(rg.Query(filter=("id", "==", "1"))).to_datasets()
    equal((len(rows), rows[0]["text"], rows[0]["names.responses"]), (1, EMOJI, [VALUES["names"]]))


@check("`records.to_json`, `from_json`", "another dataset gets the same records")
def through_json(world):
    source, path = filled(world), world.files / f"{a_name('records')}.json"
    source.records(with_vectors=True).to_json(path)
    target = dataset(world, simple_settings(questions=all_questions()))
    target.records.from_json(path)
    left, right = [each.records(with_vectors=True).to_list(flatten=False) for each in (source, target)]
    ours = ("id", "fields", "metadata", "suggestions", "responses", "vectors")
    equal([{key: row[key] for key in ours} for row in right], [{key: row[key] for key in ours} for row in left])


@check("`dataset.to_disk`, `Dataset.from_disk`", "a dataset of the same settings and records")
def through_disk(world):
    source, folder = filled(world), world.files / a_name("disk")
    folder.mkdir()
    source.to_disk(str(folder))
    copied = rg.Dataset.from_disk(str(folder), name=a_name("copy"), workspace=source.workspace, client=owner(world))
    equal(copied.settings.questions["label"].labels, ["good", "bad", "odd"])
    equal([(each.id, each.fields["text"]) for each in copied.records], [("1", EMOJI), ("2", "two")])
    equal({each.question_name: each.value for each in next(iter(copied.records)).responses}, VALUES)


@check("`rg.Dataset(settings=other.settings)`", "a second dataset from the settings of a first")
def copies_settings(world):
    source = filled(world)
    copy = rg.Dataset(a_name("copy"), source.workspace, owner(world).datasets(id=source.id).get().settings).create()
    equal([each.name for each in copy.settings.questions], [each.name for each in source.settings.questions])
