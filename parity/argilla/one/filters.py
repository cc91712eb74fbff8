"""Filters, orders and similarity."""

import argilla_v1 as rg

from checks import check, equal, fails
from one.clients import pushed, texts, user, workspace
from one.records import answered

METADATA = [
    {"colour": "red", "page": 1, "weight": 2.5},
    {"colour": "blue", "page": 2, "weight": 1.5},
    {"colour": "red", "page": 3, "weight": 0.5},
    {"page": 4},
]


def sample(world):
    """Four records with metadata, of which three are answered; made once."""
    if "sample" not in world.kept:
        place = workspace(world)
        one, two = user(world, "annotator", place), user(world, "annotator", place)
        made = pushed(world, place=place)
        good = {"label": "good"}
        responses = [
            [answered(good, one.id), answered(good, two.id, "draft")],
            [answered(good, one.id, "discarded")],
            [answered(good, one.id)],
            [],
        ]
        records = [
            rg.FeedbackRecord(fields={"text": f"{i}"}, metadata=metadata, responses=given)
            for i, (metadata, given) in enumerate(zip(METADATA, responses, strict=True))
        ]
        made.add_records(records, show_progress=False)
        world.kept["sample"] = made
    return world.kept["sample"]


@check(
    "`filter_by(response_status=…)`", "records with any answer of the status; `pending` those without; several by or"
)
def filters_by_status(world):
    made = sample(world)
    expected = {"submitted": ["0", "2"], "draft": ["0"], "discarded": ["1"], "pending": ["3"]}
    for status, found in expected.items():
        selected = made.filter_by(response_status=status)
        equal((texts(selected), len(selected)), (found, len(found)), status)
    equal(texts(made.filter_by(response_status=["discarded", "pending"])), ["1", "3"])


@check("`filter_by(metadata_filters=…)`", "terms and ranges of integers and floats; several together by and")
def filters_by_metadata(world):
    made = sample(world)
    colours = rg.TermsMetadataFilter(name="colour", values=["red"])
    equal(texts(made.filter_by(metadata_filters=colours)), ["0", "2"])
    equal(
        texts(made.filter_by(metadata_filters=rg.TermsMetadataFilter(name="colour", values=["red", "blue"]))),
        ["0", "1", "2"],
    )
    equal(texts(made.filter_by(metadata_filters=rg.IntegerMetadataFilter(name="page", ge=2, le=3))), ["1", "2"])
    equal(texts(made.filter_by(metadata_filters=rg.FloatMetadataFilter(name="weight", le=1.5))), ["1", "2"])
    both = made.filter_by(metadata_filters=[colours, rg.IntegerMetadataFilter(name="page", ge=2)])
    equal((texts(both), len(both)), (["2"], 1))
    fails(
        ValueError, lambda: made.filter_by(metadata_filters=rg.IntegerMetadataFilter(name="unknown", ge=2)), "unknown"
    )


@check("`filter_by` of both kinds", "both hold; slices and `pull` of a selection take only that")
def filters_by_both(world):
    made = sample(world)
    colours = rg.TermsMetadataFilter(name="colour", values=["red"])
    selected = made.filter_by(response_status="submitted", metadata_filters=[colours])
    equal((texts(selected), selected[1].fields["text"]), (["0", "2"], "2"))
    equal(texts(selected.pull().records), ["0", "2"])
    equal(texts(made.filter_by(response_status="draft").filter_by(metadata_filters=colours)), ["0"])


@check("`sort_by`", "by times and by metadata, up and down; records without the value come last")
def sorts(world):
    made = sample(world)
    equal(texts(made.sort_by([rg.SortBy(field="inserted_at", order="desc")])), ["3", "2", "1", "0"])
    equal(texts(made.sort_by([rg.SortBy(field="updated_at")])), ["0", "1", "2", "3"])
    equal(texts(made.sort_by([rg.SortBy(field="metadata.weight")])), ["2", "1", "0", "3"])
    equal(texts(made.sort_by([rg.SortBy(field="metadata.weight", order="desc")])), ["0", "1", "2", "3"])
    by_two = [rg.SortBy(field="metadata.colour"), rg.SortBy(field="metadata.page", order="desc")]
    equal(texts(made.sort_by(by_two)), ["1", "2", "0", "3"])


@check("`filter_by` and `sort_by` together", "the selection in the order")
def filters_and_sorts(world):
    selected = sample(world).filter_by(response_status=["submitted", "discarded"])
    equal(texts(selected.sort_by([rg.SortBy(field="metadata.page", order="desc")])), ["2", "1", "0"])


PLACES = {"east": [1.0, 0.0], "north-east": [1.0, 1.0], "north": [0.0, 2.0], "west": [-3.0, 0.0]}


def compass(world):
    if "compass" not in world.kept:
        made = pushed(world)
        records = [
            rg.FeedbackRecord(fields={"text": name}, vectors={"place": at}, metadata={"page": i})
            for i, (name, at) in enumerate(PLACES.items())
        ]
        made.add_records([*records, rg.FeedbackRecord(fields={"text": "nowhere"})], show_progress=False)
        world.kept["compass"] = made
    return world.kept["compass"]


def names(pairs) -> list[str]:
    return [record.fields["text"] for record, _ in pairs]


@check("`find_similar_records(value=…)`", "nearest first, with falling scores; no more than `max_results`")
def finds_similar_values(world):
    made = compass(world)
    pairs = made.find_similar_records("place", value=[2.0, 0.5])
    equal(names(pairs), ["east", "north-east", "north", "west"])
    equal([score for _, score in pairs], sorted((score for _, score in pairs), reverse=True))
    equal(names(made.find_similar_records("place", value=[2.0, 0.5], max_results=2)), ["east", "north-east"])


@check("`find_similar_records(record=…)`", "neighbours of a record, without itself")
def finds_similar_records(world):
    made = compass(world)
    equal(names(made.find_similar_records("place", record=made[0])), ["north-east", "north", "west"])


@check("`filter_by(…).find_similar_records`", "nearest first among the selection")
def finds_similar_among_selected(world):
    selected = compass(world).filter_by(metadata_filters=rg.IntegerMetadataFilter(name="page", ge=1))
    equal(names(selected.find_similar_records("place", value=[1.0, 0.0])), ["north-east", "north", "west"])
    equal(
        names(compass(world).filter_by(response_status="submitted").find_similar_records("place", value=[1.0, 0.0])), []
    )


@check("`find_similar_records` that cannot be", "`RuntimeError` with the server's 422: unknown vector, other size")
def refuses_similarity(world):
    made = compass(world)
    fails(RuntimeError, lambda: made.find_similar_records("unknown", value=[1.0, 0.0]), "422", "unknown")
    fails(RuntimeError, lambda: made.find_similar_records("place", value=[1.0]), "422")
    fails(RuntimeError, lambda: made.find_similar_records("place", record=made[4]), "422")
