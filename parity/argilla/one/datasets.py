"""Datasets pushed, found, listed, pulled and deleted."""

import argilla_v1 as rg

from checks import check, equal, fails
from one.clients import again, as_owner, local, pushed, texts, workspace


def full() -> rg.FeedbackDataset:
    return rg.FeedbackDataset(
        guidelines="Read *first*, then answer. 🙂",
        fields=[
            rg.TextField(name="text", title="The text", use_markdown=True),
            rg.TextField(name="note", required=False),
        ],
        questions=[
            rg.LabelQuestion(
                name="label", labels={"g": "Good", "b": "Bad", "o": "Odd"}, title="Is it?", description="Choose."
            ),
            rg.MultiLabelQuestion(
                name="topics", labels=["law", "art", "sea", "sky"], visible_labels=3, labels_order="suggestion"
            ),
            rg.RatingQuestion(name="stars", values=list(range(11)), required=False),
            rg.RankingQuestion(name="order", values={"a": "First", "b": "Second"}, required=False),
            rg.TextQuestion(name="better", use_markdown=True, required=False),
            rg.SpanQuestion(
                name="names",
                field="text",
                labels=[
                    rg.SpanLabelOption(value="PER", text="Person", description="a name"),
                    rg.SpanLabelOption(value="LOC"),
                ],
                visible_labels=None,
                allow_overlapping=True,
            ),
        ],
        metadata_properties=[
            rg.TermsMetadataProperty(name="colour", title="Colour", values=["red", "blue"]),
            rg.IntegerMetadataProperty(name="page", min=1, max=9),
            rg.FloatMetadataProperty(name="weight", min=0.5, max=2.5, visible_for_annotators=False),
        ],
        vectors_settings=[
            rg.VectorSettings(name="small", dimensions=2),
            rg.VectorSettings(name="large", dimensions=4096),
        ],
        allow_extra_metadata=False,
    )


def values(question) -> list:
    """The options of a question, which the client gives as a list or as a dictionary of names."""
    given = getattr(question, "labels", getattr(question, "values", None)) or []
    if isinstance(given, dict):
        return list(given.items())
    # the client drops the descriptions of options when it reads them
    return [(each.value, each.text) if hasattr(each, "text") else (each, each) for each in given]


def described(dataset) -> dict:
    def plain(things, *drop):
        return [thing.dict(exclude={"id", "client", "inserted_at", "updated_at", *drop}) for thing in things]

    return {
        "guidelines": dataset.guidelines,
        "allow_extra_metadata": dataset.allow_extra_metadata,
        "fields": plain(dataset.fields),
        "questions": plain(dataset.questions, "labels", "values"),
        "options": [values(each) for each in dataset.questions],
        "metadata": plain(dataset.metadata_properties),
        "vectors": [(each.name, each.dimensions) for each in dataset.vectors_settings],
    }


@check(
    "`push_to_argilla`, `from_argilla` with all kinds of questions, metadata and vectors", "read back equal, in order"
)
def pushes_everything(world):
    made = pushed(world, full())
    expected, actual = described(full()), described(again(made))
    for part, value in expected.items():
        equal(actual[part], value, part)


@check(
    "`from_argilla(name, workspace)`, `from_argilla(id=…)`",
    "found either way, in the active workspace too; unknown: `ValueError`",
)
def finds(world):
    made = pushed(world)
    equal(rg.FeedbackDataset.from_argilla(made.name, workspace=made.workspace.name).id, made.id)
    equal(rg.FeedbackDataset.from_argilla(id=made.id).name, made.name)
    as_owner(world, made.workspace.name)
    equal(rg.FeedbackDataset.from_argilla(made.name).id, made.id)
    fails(ValueError, lambda: rg.FeedbackDataset.from_argilla("nothing", workspace=made.workspace.name), "nothing")
    equal(made.url, f"{world.url}/dataset/{made.id}/annotation-mode")


@check("`FeedbackDataset.list`, `rg.list_datasets`", "those of a workspace, and its own among all")
def lists(world):
    place = workspace(world)
    made = [pushed(world, place=place) for _ in range(3)]
    equal([each.name for each in rg.FeedbackDataset.list(place.name)], [each.name for each in made])
    equal(rg.FeedbackDataset.list(workspace(world).name), [])
    as_owner(world, place.name)
    equal([each.name for each in rg.list_datasets(workspace=place.name)], [each.name for each in made])


@check("`push_to_argilla` twice", "`RuntimeError`; the same name in another workspace is created")
def refuses_a_second(world):
    made = pushed(world)
    fails(RuntimeError, lambda: local().push_to_argilla(made.name, workspace=made.workspace.name), made.name)
    other = local().push_to_argilla(made.name, workspace=workspace(world).name)
    equal(other.id == made.id, False)


@check("`push_to_argilla` of what the server refuses", "an error, and no dataset is left behind")
def rolls_back(world):
    place = workspace(world)
    vectors = [rg.VectorSettings(name=f"v{i}", dimensions=2) for i in range(6)]
    # the client deletes the dataset twice here, and tells of the second time
    fails(Exception, lambda: pushed(world, local(vectors_settings=vectors), place))
    bad = local()
    bad.add_records(
        [rg.FeedbackRecord(fields={"text": "one"}, suggestions=[{"question_name": "label", "value": "unknown"}])]
    )
    try:
        pushed(world, bad, place)
    except Exception as error:
        equal("422" in str(error), True, str(error))
    else:
        raise AssertionError("a record with an unknown label was taken")
    equal(rg.FeedbackDataset.list(place.name), [])


@check("`push_to_argilla` with a bad name", "`ValidationApiError` by way of the client; nothing is created")
def refuses_bad_names(world):
    place = workspace(world)
    for name in ("-dash", "näme", "x" * 201):
        fails(Exception, lambda: local().push_to_argilla(name, workspace=place.name), "422")
    equal(rg.FeedbackDataset.list(place.name), [])


@check("`push_to_argilla` with records, `pull`", "the local copy has the same settings and records")
def pulls(world):
    before = full()
    before.add_records(
        [
            rg.FeedbackRecord(
                fields={"text": "🙂 Ada", "note": "yes"},
                metadata={"colour": "red", "page": 3, "weight": 1.5},
                suggestions=[{"question_name": "label", "value": "g", "score": 0.5, "agent": "m", "type": "model"}],
                external_id="e-1",
            ),
            rg.FeedbackRecord(fields={"text": "two"}),
        ]
    )
    after = pushed(world, before).pull()
    equal(described(after)["questions"], described(before)["questions"])
    first, second = after.records
    equal(
        (first.fields, first.metadata, first.external_id), (before.records[0].fields, before.records[0].metadata, "e-1")
    )
    equal([each.dict() for each in first.suggestions], [each.dict() for each in before.records[0].suggestions])
    equal(second.fields["text"], "two")


@check("`len(dataset)`, `dataset[i]`, `dataset[a:b]`, iteration", "300 records, over pages of 250, in order")
def reads_slices(world):
    made = pushed(world)
    made.add_records([rg.FeedbackRecord(fields={"text": f"text {i}"}) for i in range(300)], show_progress=False)
    expected = [f"text {i}" for i in range(300)]
    equal((len(made), len(again(made).records)), (300, 300))
    equal(texts(made), expected)
    equal((made[0].fields["text"], made[-1].fields["text"]), ("text 0", "text 299"))
    equal(texts(made[120:125]), expected[120:125])
    equal(texts(made[:270]), expected[:270])
    equal(len(made.pull(max_records=3).records), 3)
    fails(IndexError, lambda: made[300])


@check("`dataset.delete`", "gone from lists; a second time is a `RuntimeError`")
def deletes(world):
    made = pushed(world)
    made.delete()
    fails(ValueError, lambda: again(made))
    equal(rg.FeedbackDataset.list(made.workspace.name), [])
    fails(RuntimeError, made.delete, "404")
