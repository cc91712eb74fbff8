"""Records sent and read back, with suggestions, answers, metadata and vectors."""

import argilla_v1 as rg

from checks import check, equal
from one.clients import again, pushed, texts, user, workspace

EMOJI = "Ada 👩‍💻 met José in Zürich 🏔."
SPANS = [
    {"label": "PER", "start": 0, "end": 3},
    {"label": "LOC", "start": EMOJI.index("Zürich"), "end": EMOJI.index("Zürich") + len("Zürich")},
    {"label": "LOC", "start": EMOJI.index("🏔"), "end": EMOJI.index("🏔") + 1},
]
VALUES = {
    "label": "good",
    "topics": ["sea", "law"],
    "stars": 0,
    "order": [{"value": "c", "rank": 1}, {"value": "a", "rank": 2}, {"value": "b", "rank": 3}],
    "better": "Ada met José. 🙂",
    "names": SPANS,
}


def answered(values: dict, user_id=None, status: str = "submitted") -> dict:
    """An answer as a dictionary, the way users write them."""
    return {"user_id": user_id, "values": {name: {"value": value} for name, value in values.items()}, "status": status}


def plain(value):
    """Spans and ranks of the client as dictionaries, without scores nobody gave."""
    if isinstance(value, list) and value and not isinstance(value[0], str):
        return [each.dict(exclude_none=True) if hasattr(each, "dict") else each for each in value]
    return value


def values_of(response) -> dict:
    return {name: plain(each.value) for name, each in response.values.items()}


@check("`add_records`", "70 records in batches of 32 keep their order; dictionaries are accepted too")
def adds_records(world):
    made = pushed(world)
    made.add_records([rg.FeedbackRecord(fields={"text": f"text {i}"}) for i in range(70)], show_progress=False)
    made.add_records({"fields": {"text": "text 70"}}, show_progress=False)
    equal(texts(again(made)), [f"text {i}" for i in range(71)])
    equal([(record.external_id, record.metadata, record.vectors) for record in made[:1]], [(None, {}, {})])


@check("Metadata, vectors and `external_id`", "read back; vectors all, by name, or not at all")
def keeps_data(world):
    made = pushed(world)
    made.add_vector_settings(rg.VectorSettings(name="other", dimensions=1))
    vectors, metadata = (
        {"place": [1.0, -0.5], "other": [2.0]},
        {"colour": "red", "page": 3, "weight": 0.25, "extra": "yes"},
    )
    made.add_records([rg.FeedbackRecord(fields={"text": "one"}, metadata=metadata, vectors=vectors, external_id="e-1")])
    (record,) = list(again(made))
    equal((record.metadata, record.external_id, record.vectors), (metadata, "e-1", {}))
    equal([each.vectors for each in again(made, with_vectors="all")], [vectors])
    equal([each.vectors for each in again(made, with_vectors=["other"])], [{"other": [2.0]}])


@check("Suggestions of all six kinds", "value, score, agent and type are read back; spans count code points")
def suggests(world):
    made = pushed(world)
    suggestions = [
        {
            "question_name": name,
            "value": value,
            "agent": "m/1.0:b",
            "type": "model",
            "score": 0.5 if isinstance(value, (str, int)) else None,
        }
        for name, value in VALUES.items()
    ]
    made.add_records([rg.FeedbackRecord(fields={"text": EMOJI}, suggestions=suggestions)], show_progress=False)
    (record,) = list(again(made))
    equal({each.question_name: plain(each.value) for each in record.suggestions}, VALUES)
    equal({(each.agent, each.type) for each in record.suggestions}, {("m/1.0:b", "model")})
    equal(
        {each.question_name: each.score for each in record.suggestions if each.score is not None},
        {"label": 0.5, "stars": 0.5, "better": 0.5},
    )


@check("An answer without user", "it is the active user's")
def answers_for_me(world):
    made = pushed(world)
    made.add_records([rg.FeedbackRecord(fields={"text": EMOJI}, responses=[answered(VALUES)])], show_progress=False)
    (record,) = list(again(made))
    (response,) = record.responses
    equal((response.user_id, response.status.value), (rg.User.me().id, "submitted"))
    equal(values_of(response), VALUES)


@check("Answers of several users", "each with values and status of their own; a discarded one may have none")
def answers_of_several(world):
    place = workspace(world)
    one, two, three = (user(world, "annotator", place) for _ in range(3))
    made = pushed(world, place=place)
    responses = [
        answered({"label": "good"}, one.id),
        answered({"stars": 2}, two.id, "draft"),
        {"user_id": three.id, "values": None, "status": "discarded"},
    ]
    made.add_records([rg.FeedbackRecord(fields={"text": "one"}, responses=responses)], show_progress=False)
    (record,) = list(again(made))
    found = {each.user_id: (each.status.value, values_of(each) if each.values else None) for each in record.responses}
    equal(
        found,
        {one.id: ("submitted", {"label": "good"}), two.id: ("draft", {"stars": 2}), three.id: ("discarded", None)},
    )


@check("Ties and gaps in a ranking", "kept as they were given")
def keeps_ties(world):
    made = pushed(world)
    ranks = [{"value": "a", "rank": 3}, {"value": "b", "rank": 1}, {"value": "c", "rank": 1}]
    made.add_records(
        [rg.FeedbackRecord(fields={"text": "one"}, responses=[answered({"label": "good", "order": ranks})])]
    )
    (record,) = list(again(made))
    found = {each["value"]: each["rank"] for each in values_of(record.responses[0])["order"]}
    equal(found, {"a": 3, "b": 1, "c": 1})


@check("Answers of a user who was deleted", "still read")
def keeps_answers_of_leavers(world):
    place = workspace(world)
    leaver = user(world, "annotator", place)
    made = pushed(world, place=place)
    made.add_records([rg.FeedbackRecord(fields={"text": "one"}, responses=[answered({"label": "good"}, leaver.id)])])
    rg.User.from_name(leaver.username).delete()
    (record,) = list(again(made))
    equal([values_of(each) for each in record.responses], [{"label": "good"}])
