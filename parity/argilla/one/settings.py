"""Metadata properties and vectors settings of a dataset on the server."""

import argilla_v1 as rg

from checks import check, equal, fails
from one.clients import again, local, pushed


@check("`add_metadata_property`", "of each kind, listed in order; a second of the name is refused")
def adds_metadata(world):
    made = pushed(world, local(metadata_properties=None))
    added = [
        rg.TermsMetadataProperty(name="colour", values=["red", "blue"]),
        rg.IntegerMetadataProperty(name="page", min=1),
        rg.FloatMetadataProperty(name="weight", max=2.5),
    ]
    for property in added:
        made.add_metadata_property(property)
    found = again(made).metadata_properties
    equal(
        [(each.name, type(each).__name__) for each in found],
        [(each.name, "Remote" + type(each).__name__) for each in added],
    )
    equal((found[0].values, found[1].min, found[1].max, found[2].max), (["red", "blue"], 1, None, 2.5))
    fails(ValueError, lambda: made.add_metadata_property(added[0]), "colour")


@check(
    "`update_metadata_properties`, `delete_metadata_properties`",
    "title and visibility are changed; what is deleted is gone",
)
def changes_metadata(world):
    made = pushed(world)
    colour = made.metadata_properties[0]
    colour.title, colour.visible_for_annotators = "Its colour", False
    made.update_metadata_properties([colour])
    found = again(made).metadata_properties[0]
    equal((found.title, found.visible_for_annotators), ("Its colour", False))
    equal(made.delete_metadata_properties("page").name, "page")
    equal([each.name for each in made.metadata_properties], ["colour", "weight"])
    fails(ValueError, lambda: made.delete_metadata_properties("page"), "page")


@check(
    "`add_vector_settings`, `update_vectors_settings`, `delete_vectors_settings`",
    "listed, renamed, gone; a second of the name: `ValueError`",
)
def changes_vectors(world):
    made = pushed(world)
    made.add_vector_settings(rg.VectorSettings(name="second", dimensions=3, title="Second"))
    fails(ValueError, lambda: made.add_vector_settings(rg.VectorSettings(name="second", dimensions=3)), "second")
    second = made.vectors_settings[1]
    second.title = "The second"
    made.update_vectors_settings(second)
    equal(
        [(each.name, each.title, each.dimensions) for each in again(made).vectors_settings][1],
        ("second", "The second", 3),
    )
    equal(made.delete_vectors_settings("place").name, "place")
    equal([each.name for each in made.vectors_settings], ["second"])


@check("`sdk.v1.metadata_properties`: metrics", "terms with counts, and the smallest and largest number")
def counts_metadata(world):
    made = pushed(world)
    made.add_records(
        [
            rg.FeedbackRecord(fields={"text": "1"}, metadata={"colour": "red", "page": 3, "weight": 0.25}),
            rg.FeedbackRecord(fields={"text": "2"}, metadata={"colour": "red", "page": 1, "weight": 1.5}),
            rg.FeedbackRecord(fields={"text": "3"}, metadata={"colour": "blue"}),
        ],
        show_progress=False,
    )
    metrics = {}
    for property in made.metadata_properties:
        answer = property.client.get(f"/api/v1/metadata-properties/{property.id}/metrics")
        metrics[property.name] = answer.json()
    equal(
        metrics["colour"],
        {"type": "terms", "total": 2, "values": [{"term": "red", "count": 2}, {"term": "blue", "count": 1}]},
    )
    equal(metrics["page"], {"type": "integer", "min": 1, "max": 3})
    equal(metrics["weight"], {"type": "float", "min": 0.25, "max": 1.5})
