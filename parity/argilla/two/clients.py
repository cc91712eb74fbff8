"""Users, workspaces and datasets that the checks of the 2.x client work with."""

from dataclasses import dataclass
from uuid import UUID

import argilla as rg

from checks import PASSWORD, World, a_name


def owner(world: World) -> rg.Argilla:
    """The owner's client, which is also the one that resources take when they are given none."""
    if "owner-client" not in world.kept:
        world.kept["owner-client"] = rg.Argilla(api_url=world.url, api_key=world.owner_key)
    client = world.kept["owner-client"]
    rg.Argilla._set_default(client)
    return client


@dataclass(frozen=True)
class Person:
    client: rg.Argilla
    id: UUID
    username: str


def person(world: World, role: str, *workspaces: rg.Workspace) -> Person:
    """A new user with a client of their own. Only the answer to the creation tells the API key, and the SDK drops it."""
    name = a_name(role)
    body = {"username": name, "first_name": "Ada", "role": role, "password": PASSWORD}
    created = owner(world).http_client.post("/api/v1/users", json=body).raise_for_status().json()
    for workspace in workspaces:
        workspace.add_user(name)
    client = rg.Argilla(api_url=world.url, api_key=created["api_key"])
    owner(world)
    return Person(client, UUID(created["id"]), name)


def workspace(world: World) -> rg.Workspace:
    return owner(world).workspaces.add(rg.Workspace(a_name("workspace")))


def simple_settings(**changed) -> rg.Settings:
    """A text and a label question, with metadata of each kind and a vector."""
    parts = {
        "fields": [rg.TextField("text")],
        "questions": [rg.LabelQuestion("label", labels=["good", "bad", "odd"])],
        "metadata": [
            rg.TermsMetadataProperty("colour"),
            rg.IntegerMetadataProperty("page"),
            rg.FloatMetadataProperty("weight"),
        ],
        "vectors": [rg.VectorField("place", dimensions=2)],
    }
    return rg.Settings(**{**parts, **changed})


def all_questions() -> list:
    """A question of each kind; only the label is required."""
    return [
        rg.LabelQuestion("label", labels=["good", "bad", "odd"]),
        rg.MultiLabelQuestion("topics", labels=["law", "art", "sea"], required=False),
        rg.RatingQuestion("stars", values=[0, 1, 2, 3, 4, 5], required=False),
        rg.RankingQuestion("order", values=["a", "b", "c"], required=False),
        rg.TextQuestion("better", required=False),
        rg.SpanQuestion("names", field="text", labels=["PER", "LOC"], required=False),
    ]


def dataset(world: World, settings: rg.Settings | None = None, place: rg.Workspace | None = None) -> rg.Dataset:
    client = owner(world)
    settings = settings or simple_settings()
    made = rg.Dataset(a_name("dataset"), workspace=place or workspace(world), settings=settings, client=client)
    return made.create()


def again(world: World, made: rg.Dataset, client: rg.Argilla | None = None) -> rg.Dataset:
    """The dataset as a client reads it anew."""
    return (client or owner(world)).datasets(id=made.id).get()
