"""Changes of settings after a dataset is published."""

import argilla as rg
from argilla._exceptions import ConflictError, SettingsError

from checks import check, equal, fails
from two.clients import again, all_questions, dataset, simple_settings


@check("`dataset.update`: guidelines, extra metadata, distribution", "changed; null guidelines are cleared")
def changes_the_dataset(world):
    made = dataset(world)
    made.guidelines, made.allow_extra_metadata = "Be kind.", True
    made.distribution = rg.TaskDistribution(min_submitted=3)
    made.update()
    found = again(world, made)
    equal((found.guidelines, found.allow_extra_metadata), ("Be kind.", True))
    equal(found.distribution.min_submitted, 3)
    found.guidelines = None
    found.update()
    equal(again(world, made).guidelines, None)


@check("`dataset.update` unchanged", "a dataset with every kind of question is accepted as it was read")
def accepts_itself(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    found = again(world, made)
    found.update()
    equal(
        again(world, made).settings.serialize()["questions"][3]["settings"],
        found.settings.serialize()["questions"][3]["settings"],
    )


@check("`field.title`, `use_markdown` changed", "read back changed")
def changes_fields(world):
    made = dataset(world)
    made.settings.fields["text"].title = "Another title"
    made.settings.fields["text"].use_markdown = True
    made.update()
    field = again(world, made).settings.fields["text"]
    equal((field.title, field.use_markdown), ("Another title", True))


@check("`question.title`, `description`, texts and order of options changed", "read back changed, in the new order")
def changes_questions(world):
    made = dataset(world)
    question = made.settings.questions["label"]
    question.title, question.description = "How is it?", "One only."
    question.labels = {"odd": "Odd", "good": "Good!", "bad": "Bad"}
    question.visible_labels = None
    made.update()
    found = again(world, made).settings.questions["label"]
    equal((found.title, found.description, found.labels), ("How is it?", "One only.", ["odd", "good", "bad"]))
    equal([option["text"] for option in found._model.settings.options], ["Odd", "Good!", "Bad"])


@check("`question.labels` with another set of options", "`SettingsError`; the options stay")
def keeps_options(world):
    made = dataset(world)
    found = again(world, made)
    found.settings.questions["label"].labels = ["good", "bad", "new"]
    fails(SettingsError, found.update, "label")
    equal(again(world, made).settings.questions["label"].labels, ["good", "bad", "odd"])


@check("`span_question.allow_overlapping`", "may be allowed later, and then not be forbidden again")
def allows_overlaps(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    made.settings.questions["names"].allow_overlapping = True
    made.update()
    found = again(world, made)
    equal(found.settings.questions["names"].allow_overlapping, True)
    found.settings.questions["names"].allow_overlapping = False
    fails(SettingsError, found.update, "names")
    equal(again(world, made).settings.questions["names"].allow_overlapping, True)


@check("Metadata and vectors changed", "titles and visibility are read back changed")
def changes_metadata_and_vectors(world):
    made = dataset(world)
    made.settings.metadata["colour"].title = "Its colour"
    made.settings.metadata["colour"].visible_for_annotators = False
    made.settings.vectors["place"].title = "Its place"
    made.update()
    found = again(world, made).settings
    equal((found.metadata["colour"].title, found.metadata["colour"].visible_for_annotators), ("Its colour", False))
    equal(found.vectors["place"].title, "Its place")


@check(
    "`settings.add`, `settings.metadata.remove` after publishing",
    "metadata and vectors come and go, and records follow",
)
def adds_and_removes(world):
    made = dataset(world)
    made.records.log([{"id": "1", "text": "one", "colour": "red", "place": [1.0, 0.0]}])
    made.settings.add(rg.TermsMetadataProperty("shape"))
    made.settings.add(rg.VectorField("second", dimensions=3))
    made.update()
    found = again(world, made)
    equal([each.name for each in found.settings.metadata], ["colour", "page", "weight", "shape"])
    found.records.log([{"id": "1", "shape": "round", "second": [1.0, 2.0, 3.0]}])
    equal(len(list(found.records(rg.Query(filter=("metadata.shape", "==", "round"))))), 1)
    found.settings.metadata.remove("page")
    found.settings.vectors.remove("place")
    found.update()
    left = again(world, made)
    equal([each.name for each in left.settings.metadata], ["colour", "weight", "shape"])
    equal([each.name for each in left.settings.vectors], ["second"])
    (record,) = left.records(with_vectors=True)
    equal(dict(record.vectors), {"second": [1.0, 2.0, 3.0]})


@check("Fields and questions added or removed after publishing", "`SettingsError`; nothing is changed")
def keeps_fields_and_questions(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    for change in (
        lambda settings: settings.add(rg.TextField("late", required=False)),
        lambda settings: settings.add(rg.TextQuestion("late", required=False)),
        lambda settings: settings.questions.remove("better"),
    ):
        found = again(world, made)
        change(found.settings)
        fails(SettingsError, found.update)
    left = again(world, made).settings
    equal(([each.name for each in left.fields], len(left.questions)), (["text"], 6))


@check("`dataset.distribution` changed while answers exist", "records become pending and completed by the new rule")
def recomputes_states(world):
    made = dataset(world)
    me = rg.Response("label", "good", user_id=made._client.me.id, status="submitted")
    made.records.log([rg.Record("1", {"text": "one"}, responses=[me]), rg.Record("2", {"text": "two"})])
    for needed, states, completed in ((2, ["pending", "pending"], 0), (1, ["completed", "pending"], 1)):
        found = again(world, made)
        found.distribution = rg.TaskDistribution(min_submitted=needed)
        found.update()
        equal([record.status for record in made.records], states)
        equal(again(world, made).progress()["completed"], completed)


@check("Duplicate names of metadata and vectors", "`ConflictError`")
def refuses_duplicates(world):
    made = dataset(world)
    for property in (rg.TermsMetadataProperty("colour"), rg.VectorField("place", dimensions=2)):
        property.dataset = made
        fails(ConflictError, property.create, property.name)
