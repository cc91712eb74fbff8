"""Records and suggestions changed and deleted."""

import argilla_v1 as rg
from argilla_v1.client.sdk.v1.records import api

from checks import check, equal, fails
from one.clients import again, pushed, texts


def with_suggestions(world, count: int = 1):
    made = pushed(world)
    suggestions = [{"question_name": "label", "value": "bad", "score": 0.5}, {"question_name": "stars", "value": 3}]
    records = [
        rg.FeedbackRecord(
            fields={"text": f"text {i}"},
            metadata={"page": i},
            vectors={"place": [1.0, float(i)]},
            suggestions=suggestions,
        )
        for i in range(count)
    ]
    made.add_records(records, show_progress=False)
    return again(made, with_vectors="all")


def suggested(record) -> dict:
    return {each.question_name: each.value for each in record.suggestions}


@check("`update_records`", "metadata, vectors and suggestions of 40 records are replaced; what was left alone is kept")
def updates_many(world):
    made = with_suggestions(world, 40)
    records = list(made)
    for record in records:
        record.metadata["colour"] = "red"
        record.vectors = {"place": [0.0, 1.0]}
        record.suggestions = [rg.SuggestionSchema(question_name="label", value="good")]
    made.update_records(records, show_progress=False)
    found = list(again(made, with_vectors="all"))
    equal([each.metadata for each in found], [{"page": i, "colour": "red"} for i in range(40)])
    equal({str(each.vectors) for each in found}, {str({"place": [0.0, 1.0]})})
    equal([suggested(each) for each in found], [{"label": "good"}] * 40)


@check(
    "`record.update(suggestions=…)`, `record.suggestions = …; record.update()`",
    "the suggestions are replaced by the new ones",
)
def updates_suggestions(world):
    made = with_suggestions(world)
    record = made[0]
    record.update(suggestions=[{"question_name": "label", "value": "odd", "agent": "m-2"}])
    equal([(each.value, each.agent) for each in again(made)[0].suggestions], [("odd", "m-2")])
    record.suggestions = [rg.SuggestionSchema(question_name="better", value="text"), *record.suggestions]
    record.update()
    equal(suggested(again(made)[0]), {"better": "text", "label": "odd"})
    record.suggestions = []
    record.update()
    equal(len(again(made)[0].suggestions), 0)


@check("`record.metadata`, `record.vectors`; `record.update()`", "changed on the server, and the suggestions kept")
def updates_one(world):
    made = with_suggestions(world)
    record = made[0]
    record.metadata["colour"], record.vectors = "blue", {"place": [-1.0, 0.0]}
    record.update()
    found = again(made, with_vectors="all")[0]
    equal((found.metadata, found.vectors), ({"page": 0, "colour": "blue"}, {"place": [-1.0, 0.0]}))
    equal(suggested(found), {"label": "bad", "stars": 3})


@check("`sdk.v1.records.set_suggestion`", "created, then replaced")
def sets_suggestions(world):
    made = with_suggestions(world)
    question = next(each for each in made.questions if each.name == "better")
    for value in ("first", "second"):
        answer = api.set_suggestion(made._client, made[0].id, question.id, value, type="model", score=0.25, agent="m")
        equal((answer.parsed.value, answer.parsed.score, answer.parsed.agent), (value, 0.25, "m"))
    equal(suggested(again(made)[0]), {"label": "bad", "stars": 3, "better": "second"})


@check("`record.delete_suggestions`, `suggestion.delete`", "the one is gone, the other stays")
def deletes_suggestions(world):
    made = with_suggestions(world, 2)
    record = made[0]
    record.delete_suggestions([each for each in record.suggestions if each.question_name == "label"])
    equal(suggested(again(made)[0]), {"stars": 3})
    (label,) = [each for each in made[1].suggestions if each.question_name == "label"]
    label.delete()
    equal(suggested(again(made)[1]), {"stars": 3})
    fails(RuntimeError, label.delete, str(label.id))


@check("`record.delete`, `delete_records`", "one, and more than a hundred at once; the others stay")
def deletes_records(world):
    made = pushed(world)
    made.add_records([rg.FeedbackRecord(fields={"text": f"text {i}"}) for i in range(140)], show_progress=False)
    records = list(made)
    equal(records[0].delete().fields["text"], "text 0")
    made.delete_records(records[1:136])
    made.delete_records(records[136])
    equal((texts(again(made)), len(made)), (["text 137", "text 138", "text 139"], 3))
    fails(RuntimeError, records[0].delete, str(records[0].id))
