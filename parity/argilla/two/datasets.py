"""Datasets: creation with everything in it, lists, names, progress, deletion."""

import argilla as rg
from argilla._exceptions import ConflictError, NotFoundError, SettingsError, UnprocessableEntityError

from checks import a_name, check, equal, fails
from two.clients import again, all_questions, dataset, owner, simple_settings, workspace


def full_settings() -> rg.Settings:
    return rg.Settings(
        guidelines="Read *first*, then answer. 🙂",
        fields=[
            rg.TextField("text", title="The text", use_markdown=True, description="to read"),
            rg.TextField("note", required=False),
            rg.ImageField("picture", required=False),
            rg.ChatField("chat", required=False),
            rg.CustomField("card", template="<b>{{record.fields.card.name}}</b>", advanced_mode=False, required=False),
        ],
        questions=[
            rg.LabelQuestion(
                "label", labels={"g": "Good", "b": "Bad", "o": "Odd"}, title="Is it?", description="Choose."
            ),
            rg.MultiLabelQuestion("topics", ["law", "art", "sea", "sky"], visible_labels=3, labels_order="suggestion"),
            rg.RatingQuestion("stars", values=list(range(11)), required=False),
            rg.RankingQuestion("order", values={"a": "First", "b": "Second"}, required=False),
            rg.TextQuestion("better", use_markdown=True, required=False),
            rg.SpanQuestion("names", field="text", labels={"PER": "Person", "LOC": "Place"}, allow_overlapping=True),
        ],
        metadata=[
            rg.TermsMetadataProperty("colour", options=["red", "blue"], title="Colour"),
            rg.IntegerMetadataProperty("page", min=1, max=9),
            rg.FloatMetadataProperty("weight", min=0.5, max=2.5, visible_for_annotators=False),
        ],
        vectors=[rg.VectorField("small", dimensions=2, title="Small one"), rg.VectorField("large", dimensions=4096)],
        allow_extra_metadata=True,
        distribution=rg.TaskDistribution(min_submitted=2),
    )


def described(settings: rg.Settings) -> dict:
    """What a user wrote of settings, without what the server adds."""
    ours = {"id", "inserted_at", "updated_at", "dataset_id"}
    parts = settings.serialize()
    for kind in ("fields", "questions", "metadata", "vectors"):
        parts[kind] = [{key: value for key, value in part.items() if key not in ours} for part in parts[kind]]
    return parts


@check(
    "`Dataset.create` with all kinds of fields, questions, metadata and vectors", "read back equal, in order; `ready`"
)
def creates_everything(world):
    settings = full_settings()
    made = dataset(world, settings)
    found = again(world, made)
    expected, actual = described(settings), described(found.settings)
    for part in expected.keys() - {"fields", "questions"}:
        equal(actual[part], expected[part], part)
    for kind in ("fields", "questions"):
        equal([part["name"] for part in actual[kind]], [part["name"] for part in expected[kind]])
        for left, right in zip(actual[kind], expected[kind], strict=True):
            kept = {"name", "title", "required", "type"} | ({"description"} if kind == "questions" else set())
            equal({key: left[key] for key in kept}, {key: right[key] for key in kept})
            for key, value in right["settings"].items():
                if key != "options":
                    equal(left["settings"][key], value, f"{right['name']}.{key}")
            options = [
                {k: v for k, v in option.items() if v is not None} for option in left["settings"].get("options", [])
            ]
            equal(options, right["settings"].get("options", []), right["name"])
    equal(found._model.status, "ready")
    equal(found.distribution.min_submitted, 2)


@check("`client.datasets(…)`, `workspace.datasets`", "found by name, by id, by position, in both lists")
def finds_datasets(world):
    client, place = owner(world), workspace(world)
    made = [dataset(world, place=place) for _ in range(3)]
    names = [each.name for each in made]
    equal([each.name for each in place.datasets], names)
    equal(client.datasets(names[1], workspace=place).id, made[1].id)
    equal(client.datasets(names[1], workspace=place.name).id, made[1].id)
    equal(client.datasets(id=made[2].id).name, names[2])
    ids = [each.id for each in client.datasets]
    equal({each.id for each in made} <= set(ids), True)
    equal((len(client.datasets), client.datasets[0].id), (len(ids), ids[0]))


@check("`Dataset` without name and workspace", "a generated name, in the default workspace")
def fills_in(world):
    client = owner(world)
    if len(client.workspaces) == 0:
        workspace(world)
    made = rg.Dataset(settings=simple_settings(), client=client).create()
    equal(made.workspace.id, client.workspaces.default.id)
    equal(made.name.startswith("dataset_"), True)
    made.delete()


@check("`Dataset.create` twice", "`ConflictError`; the same name in another workspace is created")
def refuses_a_second(world):
    made = dataset(world)
    fails(ConflictError, rg.Dataset(made.name, made.workspace, simple_settings()).create, made.name)
    other = rg.Dataset(made.name, workspace(world), simple_settings()).create()
    equal(other.id == made.id, False)


@check("`Dataset.create` with a bad name", "`UnprocessableEntityError` that says which")
def refuses_bad_names(world):
    place = workspace(world)
    for name in ("-dash", "näme", "a/b", "x" * 201):
        fails(UnprocessableEntityError, rg.Dataset(name, place, simple_settings()).create, "name")


@check("`Dataset.create` with settings the server refuses", "`SettingsError`, and no dataset is left behind")
def rolls_back(world):
    place = workspace(world)
    refused = {
        "six vectors": simple_settings(vectors=[rg.VectorField(f"v{i}", dimensions=2) for i in range(6)]),
        "an unknown field": simple_settings(questions=[rg.SpanQuestion("names", field="other", labels=["PER"])]),
        "one option": simple_settings(questions=[rg.LabelQuestion("label", labels=["only"])]),
        "no required question": simple_settings(questions=[rg.TextQuestion("better", required=False)]),
        "a rating above ten": simple_settings(questions=[rg.RatingQuestion("stars", values=[1, 11])]),
        "a bad name": simple_settings(fields=[rg.TextField("The Text")]),
    }
    for what, settings in refused.items():
        try:
            fails(SettingsError, rg.Dataset(a_name("dataset"), place, settings).create)
        except AssertionError as problem:
            raise AssertionError(f"{what}: {problem}") from problem
    equal(place.datasets, [])


@check("`dataset.name = …; dataset.update()`", "found under the new name only")
def renames(world):
    made = dataset(world)
    old, made.name = made.name, a_name("renamed")
    made.update()
    equal([each.name for each in made.workspace.datasets], [made.name])
    equal(owner(world).datasets(old, workspace=made.workspace), None)


@check("`dataset.delete`", "gone, with its records; a further call is a `NotFoundError`")
def deletes(world):
    made = dataset(world)
    made.records.log([{"text": "one"}])
    (record,) = made.records()
    made.delete()
    equal(owner(world).datasets(id=made.id), None)
    fails(NotFoundError, lambda: owner(world).api.records.get(record._server_id))
    fails(NotFoundError, lambda: owner(world).api.datasets.get(made.id))


@check("`dataset.progress`", "total, completed and pending, with `min_submitted=2`, and each user's answers")
def counts(world):
    made = dataset(world, simple_settings(distribution=rg.TaskDistribution(min_submitted=2)))
    from two.clients import person

    one, two = person(world, "annotator", made.workspace), person(world, "annotator", made.workspace)

    def answer(who, status):
        return rg.Response("label", "good", user_id=who.id, status=status)

    made.records.log(
        [
            rg.Record(fields={"text": "both"}, responses=[answer(one, "submitted"), answer(two, "submitted")]),
            rg.Record(fields={"text": "one"}, responses=[answer(one, "submitted"), answer(two, "discarded")]),
            rg.Record(fields={"text": "draft"}, responses=[answer(one, "draft")]),
            rg.Record(fields={"text": "none"}),
        ]
    )
    equal(made.progress(), {"total": 4, "completed": 1, "pending": 3})
    users = made.progress(with_users_distribution=True)["users"]
    done, open_ = {"submitted": 1, "draft": 0, "discarded": 0}, {"submitted": 1, "draft": 1, "discarded": 0}
    equal(users[one.username], {"completed": done, "pending": open_})
    equal(users[two.username], {"completed": done, "pending": {"submitted": 0, "draft": 0, "discarded": 1}})


@check("`Dataset.create` with the templates of `Settings`", "classification, ranking and rating are created")
def creates_templates(world):
    for settings, questions in (
        (rg.Settings.for_classification(labels=["yes", "no"]), ["label"]),
        (rg.Settings.for_ranking(), ["ranking"]),
        (rg.Settings.for_rating(), ["rating"]),
    ):
        made = dataset(world, settings)
        equal([question.name for question in again(world, made).questions], questions)


@check("`Dataset.create` with every kind of question required", "all six are read back as their classes")
def knows_classes(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    kinds = [type(question).__name__ for question in again(world, made).questions]
    equal(
        kinds,
        ["LabelQuestion", "MultiLabelQuestion", "RatingQuestion", "RankingQuestion", "TextQuestion", "SpanQuestion"],
    )
