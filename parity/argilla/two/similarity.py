"""Search by vectors."""

from itertools import islice

import argilla as rg
from argilla._exceptions import UnprocessableEntityError

from checks import check, equal, fails
from two.clients import dataset, simple_settings

PLACES = {"east": [1.0, 0.0], "north-east": [1.0, 1.0], "north": [0.0, 2.0], "west": [-3.0, 0.0]}


def compass(world) -> rg.Dataset:
    """Four records with vectors and one without; made once."""
    if "compass" not in world.kept:
        vectors = [rg.VectorField("place", dimensions=2), rg.VectorField("other", dimensions=3)]
        made = dataset(world, simple_settings(vectors=vectors))
        rows = [
            {"id": name, "text": f"to the {name}", "page": i, "place": at}
            for i, (name, at) in enumerate(PLACES.items())
        ]
        made.records.log([*rows, {"id": "nowhere", "text": "to the void", "page": 9}])
        world.kept["compass"] = made
    return world.kept["compass"]


def similar(made: rg.Dataset, *arguments, query=None, filter=None, **options) -> list[tuple[rg.Record, float]]:
    """The pairs that an iteration gives; no more than a hundred, should it not end."""
    wanted = rg.Query(query=query, filter=filter, similar=rg.Similar(*arguments, **options))
    return list(islice(made.records(wanted), 100))


def names(pairs) -> list[str]:
    return [record.id for record, _ in pairs]


@check("`Similar(name, value)`", "nearest first by cosine, each once, only records with the vector")
def finds_near_values(world):
    pairs = similar(compass(world), "place", [2.0, 0.5])
    equal(names(pairs), ["east", "north-east", "north", "west"])
    scores = [score for _, score in pairs]
    equal(scores, sorted(scores, reverse=True))


@check("`Similar(name, record)`", "neighbours of a record, without itself")
def finds_near_records(world):
    made = compass(world)
    east = next(iter(made.records))
    equal(names(similar(made, "place", east)), ["north-east", "north", "west"])


@check("`Similar(…, most_similar=False)`", "farthest first")
def finds_far(world):
    made = compass(world)
    equal(names(similar(made, "place", [2.0, 0.5], most_similar=False)), ["west", "north", "north-east", "east"])
    east = next(iter(made.records))
    equal(names(similar(made, "place", east, most_similar=False))[0], "west")


@check("`Similar` with text and filters", "nearest first among those that match")
def finds_near_among_matches(world):
    made = compass(world)
    equal(names(similar(made, "place", [1.0, 0.0], filter=("metadata.page", ">=", 1))), ["north-east", "north", "west"])
    equal(names(similar(made, "place", [0.0, 1.0], query="north")), ["north", "north-east"])


@check("`records(Query(similar=…), limit=2)`", "the two nearest")
def limits(world):
    wanted = rg.Query(similar=rg.Similar("place", [2.0, 0.5]))
    equal(names(compass(world).records(wanted, limit=2)), ["east", "north-east"])


@check("`Similar` that cannot be", "`UnprocessableEntityError`: unknown vector, other size, a record without it")
def refuses(world):
    made = compass(world)
    fails(UnprocessableEntityError, lambda: similar(made, "unknown", [1.0, 0.0]), "unknown")
    fails(UnprocessableEntityError, lambda: similar(made, "place", [1.0, 0.0, 0.0]), "2")
    nowhere = list(made.records)[-1]
    fails(UnprocessableEntityError, lambda: similar(made, "place", nowhere), "place")


@check("Vectors changed, added and deleted", "the next search by vector sees it")
def reads_its_writes(world):
    made = dataset(world)
    made.records.log([{"id": "a", "text": "a", "place": [1.0, 0.0]}, {"id": "b", "text": "b", "place": [0.0, 1.0]}])
    equal(names(similar(made, "place", [1.0, 0.0])), ["a", "b"])
    made.records.log([{"id": "a", "place": [-1.0, 0.0]}, {"id": "c", "text": "c", "place": [1.0, 0.1]}])
    equal(names(similar(made, "place", [1.0, 0.0])), ["c", "b", "a"])
    made.records.delete([record for record in made.records if record.id == "c"])
    equal(names(similar(made, "place", [1.0, 0.0])), ["b", "a"])


@check("A vector of zeros", "kept and read back; it is no neighbour of anything")
def keeps_zeros(world):
    made = dataset(world)
    made.records.log([{"id": "a", "text": "a", "place": [1.0, 0.0]}, {"id": "zero", "text": "z", "place": [0.0, 0.0]}])
    equal(names(similar(made, "place", [1.0, 0.5])), ["a"])
    equal([dict(record.vectors)["place"] for record in made.records(with_vectors=True)], [[1.0, 0.0], [0.0, 0.0]])
