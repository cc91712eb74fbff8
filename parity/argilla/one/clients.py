"""Users, workspaces and datasets that the checks of the 1.x client work with."""

from contextlib import contextmanager

import argilla_v1 as rg

from checks import PASSWORD, World, a_name


def as_owner(world: World, workspace: str | None = None) -> None:
    rg.init(api_url=world.url, api_key=world.owner_key, workspace=workspace)


@contextmanager
def signed_in(world: World, user: rg.User, workspace: str | None = None):
    """The client belongs to one user of the server at a time; afterwards to the owner again."""
    rg.init(api_url=world.url, api_key=user.api_key, workspace=workspace)
    try:
        yield
    finally:
        as_owner(world)


def workspace(world: World) -> rg.Workspace:
    as_owner(world)
    return rg.Workspace.create(a_name("workspace"))


def user(world: World, role: str, *workspaces: rg.Workspace) -> rg.User:
    """A new user; the answer to the creation tells the API key."""
    as_owner(world)
    names = [each.name for each in workspaces]
    return rg.User.create(a_name(role), PASSWORD, first_name="Ada", role=role, workspaces=names or None)


def fields() -> list:
    return [rg.TextField(name="text")]


def all_questions() -> list:
    """A question of each kind; only the label is required."""
    return [
        rg.LabelQuestion(name="label", labels=["good", "bad", "odd"]),
        rg.MultiLabelQuestion(name="topics", labels=["law", "art", "sea"], required=False),
        rg.RatingQuestion(name="stars", values=[0, 1, 2, 3, 4, 5], required=False),
        rg.RankingQuestion(name="order", values=["a", "b", "c"], required=False),
        rg.TextQuestion(name="better", required=False),
        rg.SpanQuestion(name="names", field="text", labels=["PER", "LOC"], required=False),
    ]


def local(**changed) -> rg.FeedbackDataset:
    """A dataset not yet on a server: a text, all questions, metadata of each kind and a vector."""
    parts = {
        "fields": fields(),
        "questions": all_questions(),
        "metadata_properties": [
            rg.TermsMetadataProperty(name="colour"),
            rg.IntegerMetadataProperty(name="page"),
            rg.FloatMetadataProperty(name="weight"),
        ],
        "vectors_settings": [rg.VectorSettings(name="place", dimensions=2)],
    }
    return rg.FeedbackDataset(**{**parts, **changed})


def pushed(world: World, dataset: rg.FeedbackDataset | None = None, place: rg.Workspace | None = None):
    place = place or workspace(world)
    as_owner(world)
    # a dataset without records is falsy
    dataset = local() if dataset is None else dataset
    return dataset.push_to_argilla(a_name("dataset"), workspace=place.name, show_progress=False)


def again(dataset, **options):
    """The dataset as the client reads it anew."""
    return rg.FeedbackDataset.from_argilla(id=dataset.id, **options)


def texts(records) -> list[str]:
    return [record.fields["text"] for record in records]
