"""Text search and filters, alone and together."""

from datetime import datetime, timedelta

import argilla as rg
from argilla._exceptions import UnprocessableEntityError

from checks import check, equal, fails
from two.clients import all_questions, dataset, owner, person, simple_settings, workspace

ROWS = [
    {
        "id": "1",
        "text": "The red fox jumps over the lazy dog",
        "note": "animals",
        "colour": "red",
        "page": 1,
        "weight": 0.5,
    },
    {"id": "2", "text": "A blue fox sleeps", "note": "lazy animals", "colour": "blue", "page": 2, "weight": 1.5},
    {"id": "3", "text": "Zürich liegt am See", "note": "places", "colour": "red", "page": 3, "weight": 2.5},
    {"id": "4", "text": "Nothing of the kind", "note": "rest", "page": 4},
]


def foxes(world) -> rg.Dataset:
    """A dataset of four records with metadata; made once."""
    if "foxes" not in world.kept:
        fields = [rg.TextField("text"), rg.TextField("note", required=False)]
        made = dataset(world, simple_settings(fields=fields, questions=all_questions()))
        made.records.log(ROWS)
        world.kept["foxes"] = made
    return world.kept["foxes"]


def found(made: rg.Dataset, query: str | None = None, *conditions) -> list[str]:
    return [record.id for record in made.records(rg.Query(query=query, filter=list(conditions) or None))]


@check('`records("words")`', "all words must be there, in any field and any case; none found gives none")
def searches_text(world):
    made = foxes(world)
    equal(sorted(record.id for record in made.records("fox")), ["1", "2"])
    equal([record.id for record in made.records("lazy FOX jumps")], ["1"])
    equal([record.id for record in made.records("sleeps lazy")], ["2"])
    equal([record.id for record in made.records("zürich")], ["3"])
    equal([record.id for record in made.records("fox zebra")], [])


@check('`records("words")` after changes', "a search sees at once what was written, changed and deleted before it")
def reads_its_writes(world):
    made = dataset(world)
    for i in range(5):
        made.records.log([{"id": f"{i}", "text": f"zebra{i} here"}])
        equal([record.id for record in made.records(f"zebra{i}")], [f"{i}"])
        made.records.log([{"id": f"{i}", "text": f"gnu{i} here"}])
        equal([record.id for record in made.records(f"zebra{i}")], [])
        (record,) = made.records(f"gnu{i}")
        made.records.delete([record])
        equal([record.id for record in made.records("here")], [])


@check("Filter: metadata", "terms by `==` and `in`, numbers by `>=` and `<=`, several together")
def filters_metadata(world):
    made = foxes(world)
    equal(found(made, None, ("metadata.colour", "==", "red")), ["1", "3"])
    equal(found(made, None, ("metadata.colour", "in", ["red", "blue"])), ["1", "2", "3"])
    equal(found(made, None, ("metadata.page", ">=", 3)), ["3", "4"])
    equal(found(made, None, ("metadata.page", ">=", 2), ("metadata.page", "<=", 3)), ["2", "3"])
    equal(found(made, None, ("metadata.page", "==", 2)), ["2"])
    equal(found(made, None, ("metadata.weight", "<=", 1.5)), ["1", "2"])
    equal(found(made, None, ("metadata.colour", "==", "green")), [])
    equal(found(made, None, ("metadata.colour", "==", "red"), ("metadata.weight", ">=", 1)), ["3"])


@check("Text and filter together", "both hold")
def searches_and_filters(world):
    made = foxes(world)
    equal(found(made, "fox", ("metadata.colour", "==", "blue")), ["2"])
    equal(found(made, "lazy", ("metadata.page", "<=", 1)), ["1"])


@check("Filter: `id`, `_server_id`, `inserted_at`, `updated_at`, `status`", "strings, UUIDs and times select records")
def filters_records(world):
    made = foxes(world)
    records = list(made.records)
    equal(found(made, None, ("id", "==", "2")), ["2"])
    equal(found(made, None, ("id", "in", ["1", "4", "9"])), ["1", "4"])
    equal(found(made, None, ("_server_id", "==", records[2]._server_id)), ["3"])
    equal(found(made, None, ("inserted_at", ">=", records[1].inserted_at)), ["2", "3", "4"])
    equal(found(made, None, ("inserted_at", "<=", records[1].inserted_at)), ["1", "2"])
    equal(found(made, None, ("updated_at", ">=", datetime.utcnow() + timedelta(days=1))), [])
    equal(found(made, None, ("status", "==", "pending")), ["1", "2", "3", "4"])
    equal(found(made, None, ("status", "==", "completed")), [])


@check("Filter: suggestions", "by value of label, labels and rating, by score, agent and type")
def filters_suggestions(world):
    made = dataset(world, simple_settings(questions=all_questions()))

    def suggested(id, stars, topics, label, score, agent, type):
        return rg.Record(
            id,
            {"text": id},
            suggestions=[
                rg.Suggestion("label", label, score=score, agent=agent, type=type),
                rg.Suggestion("topics", topics),
                rg.Suggestion("stars", stars),
            ],
        )

    made.records.log(
        [
            suggested("1", 1, ["law", "art"], "good", 0.9, "m-1", "model"),
            suggested("2", 5, ["art"], "bad", 0.4, "m-2", "model"),
            suggested("3", 5, ["sea"], "good", 0.1, "Ada", "human"),
        ]
    )
    equal(found(made, None, ("label.suggestion", "==", "good")), ["1", "3"])
    equal(found(made, None, ("label", "in", ["bad", "odd"])), ["2"])
    equal(found(made, None, ("topics.suggestion", "==", "art")), ["1", "2"])
    equal(found(made, None, ("stars.suggestion", "==", 5)), ["2", "3"])
    equal(found(made, None, ("stars.suggestion", ">=", 2)), ["2", "3"])
    equal(found(made, None, ("label.score", ">=", 0.4), ("label.score", "<=", 0.5)), ["2"])
    equal(found(made, None, ("label.agent", "==", "m-1")), ["1"])
    equal(found(made, None, ("label.type", "==", "human")), ["3"])


@check("Filter: answers", "by value and status of anybody's answer; `pending` means no answer")
def filters_answers(world):
    place = workspace(world)
    one, two = person(world, "annotator", place), person(world, "annotator", place)
    made = dataset(world, simple_settings(questions=all_questions()), place)

    def answered(id, *answers):
        responses = [
            rg.Response(question, value, user_id=who.id, status=status)
            for who, label, stars, status in answers
            for question, value in (("label", label), ("stars", stars))
        ]
        return rg.Record(id, {"text": id}, responses=responses)

    made.records.log(
        [
            answered("1", (one, "good", 4, "submitted"), (two, "bad", 2, "submitted")),
            answered("2", (one, "bad", 4, "draft")),
            answered("3", (two, "odd", 0, "discarded")),
            answered("4"),
        ]
    )
    equal(found(made, None, ("label.response", "==", "bad")), ["1", "2"])
    equal(found(made, None, ("stars.response", "==", 4)), ["1", "2"])
    equal(found(made, None, ("stars.response", ">=", 3)), ["1", "2"])
    equal(found(made, None, ("response.status", "==", "submitted")), ["1"])
    equal(found(made, None, ("response.status", "in", ["draft", "discarded"])), ["2", "3"])
    equal(found(made, None, ("response.status", "==", "pending")), ["4"])
    equal(found(made, None, ("status", "==", "completed")), ["1"])
    equal(found(made, None, ("label.response", "==", "good"), ("status", "==", "completed")), ["1"])


@check("300 hits read in pages", "each once, in the order of insertion")
def pages_hits(world):
    made = dataset(world)
    made.records.log([{"id": f"{i}", "text": "same words", "page": i % 3} for i in range(300)])
    hits = [record.id for record in made.records(rg.Query(filter=("metadata.page", "<=", 5)), batch_size=70)]
    equal(hits, [f"{i}" for i in range(300)])
    equal(sorted(int(record.id) for record in made.records("words", batch_size=64)), list(range(300)))
    equal(len(list(made.records("words", limit=10))), 10)


@check("Search with relations", "found records carry suggestions, answers and vectors as asked")
def includes_relations(world):
    made = dataset(world)
    mine = [rg.Response("label", "good", user_id=owner(world).me.id, status="submitted")]
    suggestions = [rg.Suggestion("label", "bad", score=0.5)]
    made.records.log(
        [rg.Record("1", {"text": "one"}, vectors={"place": [1.0, 0.0]}, responses=mine, suggestions=suggestions)]
    )
    (record,) = made.records("one", with_vectors=True)
    equal((record.responses["label"][0].value, record.suggestions["label"].score), ("good", 0.5))
    equal(dict(record.vectors), {"place": [1.0, 0.0]})
    (bare,) = made.records("one", with_responses=False, with_suggestions=False)
    equal((len(bare.responses), len(bare.suggestions), dict(bare.vectors)), (0, 0, {}))


@check("Filters of unknown names", "`UnprocessableEntityError` that names them")
def refuses_unknown_names(world):
    made = foxes(world)
    for condition in (
        ("metadata.unknown", "==", "x"),
        ("unknown.response", "==", "x"),
        ("unknown.suggestion", "==", "x"),
    ):
        fails(UnprocessableEntityError, lambda: found(made, None, condition), "unknown")
