"""What the 1.x client wrote or changed, as the 2.x client reads it."""

from uuid import UUID

import argilla as rg

from checks import check, equal
from two.clients import owner
from two.values import VALUES


def left(world, key: str) -> rg.Dataset:
    place = world.kept[key]
    return owner(world).datasets(place["name"], workspace=place["workspace"])


@check("Settings of a dataset that 1.x pushed", "fields, all kinds of questions, metadata, vectors and guidelines")
def reads_settings(world):
    settings = left(world, "from-one").settings
    kinds = [(each.name, type(each).__name__) for each in settings.questions]
    classes = [
        "LabelQuestion",
        "MultiLabelQuestion",
        "RatingQuestion",
        "RankingQuestion",
        "TextQuestion",
        "SpanQuestion",
    ]
    equal(kinds, list(zip(VALUES, classes, strict=True)))
    equal(([each.name for each in settings.fields], settings.guidelines), (["text"], "Written by 1.x."))
    equal(
        [(each.name, type(each).__name__) for each in settings.metadata],
        [("colour", "TermsMetadataProperty"), ("page", "IntegerMetadataProperty"), ("weight", "FloatMetadataProperty")],
    )
    equal([(each.name, each.dimensions) for each in settings.vectors], [("place", 2)])
    equal(settings.distribution.min_submitted, 1)


@check("Records that 1.x pushed", "suggestions and answers of all kinds, metadata, vectors, external ids")
def reads_records(world):
    first, second, third = left(world, "from-one").records(with_vectors=True)
    place = world.kept["from-one"]
    equal((first.fields["text"], first.id), (place["text"], "one-1"))
    equal({each.question_name: each.value for each in first.suggestions}, VALUES)
    mine = {each.question_name: each.value for each in first.responses if each.user_id == UUID(place["owner"])}
    equal(mine, VALUES)
    equal(
        (dict(first.metadata), dict(first.vectors)),
        ({"colour": "red", "page": 2, "weight": 0.5}, {"place": [1.0, 0.5]}),
    )
    equal((second.fields["text"], first.status, second.status), ("tied", "completed", "completed"))
    equal([each.value for each in second.responses["order"]], [["b", "c", "a"]])
    equal((third.fields["text"], len(third.responses)), ("discarded", 0))


@check("Records of 1.x without external ids, logged back", "changed in place by their server id; nothing is doubled")
def writes_back(world):
    made = left(world, "from-one")
    read = list(made.records)
    for record in read:
        record.suggestions.add(rg.Suggestion("better", "by 2.x"))
    made.records.log(read)
    found = list(made.records)
    equal([each._server_id for each in found], [each._server_id for each in read])
    equal({each.suggestions["better"].value for each in found}, {"by 2.x"})


@check("Records of 2.x after 1.x changed and added some", "the changes and the additions are there, the rest is kept")
def reads_changes(world):
    first, second, *added = left(world, "from-two").records(with_vectors=True)
    equal(first.metadata["page"], 7)
    equal(first.suggestions["label"].value, "odd")
    equal(
        {
            each.question_name: each.value
            for each in first.responses
            if str(each.user_id) == world.kept["from-two"]["owner"]
        },
        VALUES,
    )
    equal(dict(first.vectors), {"place": [0.0, 1.0]})
    equal((second.id, second.fields["text"]), ("two-2", "plain"))
    equal([each.fields["text"] for each in added], [f"added by 1.x {i}" for i in range(40)])


@check("Answers of a user whom 1.x deleted", "still read, under their id")
def reads_leavers(world):
    place = world.kept["from-one"]
    record = next(iter(left(world, "from-one").records))
    equal([each.value for each in record.responses if str(each.user_id) == place["leaver"]], ["bad"])
    equal(place["leaver-name"] in [user.username for user in owner(world).users], False)
