"""What the 2.x client wrote, as the 1.x client reads and changes it; and a dataset left for the 2.x client."""

import argilla_v1 as rg

from checks import check, equal
from one.clients import all_questions, local, pushed, user, workspace
from one.records import EMOJI, VALUES, answered, plain, values_of


def from_two(world, **options):
    place = world.kept["from-two"]
    return rg.FeedbackDataset.from_argilla(place["name"], workspace=place["workspace"], **options)


@check("Settings of a dataset that 2.x created", "fields, all kinds of questions, metadata, vectors and guidelines")
def reads_settings(world):
    found = from_two(world)
    kinds = [(each.name, type(each).__name__) for each in found.questions]
    equal(kinds, [(each.name, "Remote" + type(each).__name__) for each in all_questions()])
    equal(([each.name for each in found.fields], found.guidelines), (["text"], "Written by 2.x."))
    equal([each.name for each in found.metadata_properties], ["colour", "page", "weight"])
    equal([(each.name, each.dimensions) for each in found.vectors_settings], [("place", 2)])
    equal([each.name for each in rg.FeedbackDataset.list(found.workspace.name)], [found.name])


@check("Records that 2.x logged", "suggestions and answers of all kinds; a ranking without ranks has got them")
def reads_records(world):
    first, second = list(from_two(world, with_vectors="all"))
    place = world.kept["from-two"]
    equal((first.fields["text"], first.external_id, second.external_id), (EMOJI, "two-1", "two-2"))
    answers = {str(each.user_id): each for each in first.responses}
    equal(values_of(answers[place["owner"]]), VALUES)
    equal(
        (answers[place["annotator"]].status.value, values_of(answers[place["annotator"]])),
        ("discarded", {"label": "bad"}),
    )
    values = {each.question_name: plain(each.value) for each in first.suggestions}
    equal([each["value"] for each in values.pop("order")], ["c", "a", "b"])
    equal(values, {name: value for name, value in VALUES.items() if name != "order"})
    equal((first.metadata, first.vectors), ({"colour": "red", "page": 2, "weight": 0.5}, {"place": [1.0, 0.5]}))
    equal((second.fields, second.metadata, len(second.responses)), ({"text": "plain"}, {}, 0))


@check("A dataset of 2.x pulled", "a local copy that can be pushed as another dataset")
def pulls(world):
    copy = from_two(world).pull()
    again = pushed(world, copy, from_two(world).workspace)
    equal([record.fields for record in again], [record.fields for record in copy.records])
    again.delete()


@check("Records of 2.x changed, and others added", "by `update` and `add_records`; the 2.x client looks at them later")
def changes_records(world):
    made = from_two(world, with_vectors="all")
    record = made[0]
    record.metadata["page"] = 7
    record.vectors = {"place": [0.0, 1.0]}
    kept = [each for each in record.suggestions if each.question_name != "label"]
    record.suggestions = [rg.SuggestionSchema(question_name="label", value="odd"), *kept]
    record.update()
    made.add_records([rg.FeedbackRecord(fields={"text": f"added by 1.x {i}"}) for i in range(40)], show_progress=False)
    equal(len(made), 42)


@check(
    "Writing for the 2.x client", "a dataset with suggestions, answers, ties, a discarded answer and a user who leaves"
)
def leaves(world):
    place = workspace(world)
    leaver = user(world, "annotator", place)
    made = pushed(world, local(guidelines="Written by 1.x."), place)
    ties = [{"value": "a", "rank": 2}, {"value": "b", "rank": 1}, {"value": "c", "rank": 1}]
    suggestions = [{"question_name": name, "value": value} for name, value in VALUES.items()]
    made.add_records(
        [
            rg.FeedbackRecord(
                fields={"text": EMOJI},
                metadata={"colour": "red", "page": 2, "weight": 0.5},
                vectors={"place": [1.0, 0.5]},
                suggestions=suggestions,
                responses=[answered(VALUES), answered({"label": "bad"}, leaver.id)],
                external_id="one-1",
            ),
            rg.FeedbackRecord(fields={"text": "tied"}, responses=[answered({"label": "good", "order": ties})]),
            rg.FeedbackRecord(
                fields={"text": "discarded"},
                responses=[{"user_id": rg.User.me().id, "values": None, "status": "discarded"}],
            ),
        ],
        show_progress=False,
    )
    rg.User.from_name(leaver.username).delete()
    equal(len(made), 3)
    world.kept["from-one"] = {
        "name": made.name,
        "workspace": place.name,
        "text": EMOJI,
        "owner": str(rg.User.me().id),
        "leaver": str(leaver.id),
        "leaver-name": leaver.username,
    }
