"""A dataset that the 2.x client leaves for the 1.x client."""

import argilla as rg

from checks import check, equal
from two.clients import all_questions, dataset, owner, person, simple_settings, workspace
from two.values import EMOJI, VALUES


@check(
    "Writing for the 1.x client", "a dataset with every kind of question, suggestions, answers, metadata and vectors"
)
def leaves(world):
    place = workspace(world)
    annotator = person(world, "annotator", place)
    settings = simple_settings(questions=all_questions(), guidelines="Written by 2.x.")
    made = dataset(world, settings, place)
    suggestions = [rg.Suggestion(name, value, agent="m") for name, value in VALUES.items()]
    mine = [rg.Response(name, value, user_id=owner(world).me.id, status="submitted") for name, value in VALUES.items()]
    theirs = [rg.Response("label", "bad", user_id=annotator.id, status="discarded")]
    made.records.log(
        [
            rg.Record(
                "two-1",
                {"text": EMOJI},
                metadata={"colour": "red", "page": 2, "weight": 0.5},
                vectors={"place": [1.0, 0.5]},
                suggestions=suggestions,
                responses=mine + theirs,
            ),
            rg.Record("two-2", {"text": "plain"}),
        ]
    )
    equal(len(list(made.records)), 2)
    world.kept["from-two"] = {
        "name": made.name,
        "workspace": place.name,
        "owner": str(owner(world).me.id),
        "annotator": str(annotator.id),
        "annotator-name": annotator.username,
    }
