"""What owners, admins and annotators may do, by the exceptions that the client raises."""

import argilla as rg
from argilla._exceptions import ForbiddenError

from checks import PASSWORD, a_name, check, equal, fails
from two.clients import again, dataset, owner, person, simple_settings, workspace


@check("Users and workspaces by others than the owner", "`ForbiddenError` for admin and annotator")
def only_owners_administrate(world):
    place = workspace(world)
    for role in ("admin", "annotator"):
        someone = person(world, role, place)
        fails(ForbiddenError, someone.client.users.list)
        fails(ForbiddenError, rg.User(a_name("user"), password=PASSWORD, client=someone.client).create)
        fails(ForbiddenError, rg.Workspace(a_name("workspace"), client=someone.client).create)
        fails(ForbiddenError, someone.client.workspaces(place.name).delete)
        owner(world)
    fails(ForbiddenError, lambda: list(someone.client.workspaces(place.name).users))
    owner(world)


@check("`Dataset.create` by role", "an admin in their workspace only; an annotator is told name and role")
def admins_create(world):
    place, elsewhere = workspace(world), workspace(world)
    admin, annotator = person(world, "admin", place), person(world, "annotator", place)
    made = rg.Dataset(a_name("dataset"), place.name, simple_settings(), client=admin.client).create()
    equal(again(world, made).name, made.name)
    foreign = rg.Dataset(a_name("dataset"), elsewhere, simple_settings(), client=admin.client)
    fails(ForbiddenError, lambda: admin.client.api.datasets.create(foreign.api_model()))
    refused = rg.Dataset(a_name("dataset"), place.name, simple_settings(), client=annotator.client)
    fails(ForbiddenError, refused.create, annotator.username, "annotator", place.name)
    owner(world)


@check("`client.datasets` by role", "members see the datasets of their workspaces, the owner all")
def members_see_theirs(world):
    here, there = dataset(world), dataset(world)
    for role in ("admin", "annotator"):
        someone = person(world, role, here.workspace)
        equal([each.name for each in someone.client.datasets], [here.name], role)
        fails(ForbiddenError, lambda: someone.client.api.datasets.get(there.id))
    everything = [each.id for each in owner(world).api.datasets.list()]
    equal({here.id, there.id} <= set(everything), True)


@check("Dataset of an annotator", "settings and progress are readable; records of everybody are a `ForbiddenError`")
def annotators_read_settings(world):
    made = dataset(world)
    made.records.log([{"text": "one"}])
    annotator = person(world, "annotator", made.workspace)
    seen = again(world, made, annotator.client)
    equal([question.name for question in seen.questions], ["label"])
    equal(seen.progress()["total"], 1)
    fails(ForbiddenError, lambda: list(seen.records))
    fails(ForbiddenError, lambda: list(seen.records("one")))
    owner(world)


@check("Changes by an annotator", "`ForbiddenError` for records, settings, deletion")
def annotators_change_nothing(world):
    made = dataset(world)
    made.records.log([{"id": "1", "text": "one"}])
    (record,) = made.records()
    annotator = person(world, "annotator", made.workspace)
    seen = again(world, made, annotator.client)
    fails(ForbiddenError, lambda: seen.records.log([{"text": "two"}]))
    seen.guidelines = "mine"
    fails(ForbiddenError, seen.update)
    fails(ForbiddenError, lambda: annotator.client.api.records.delete(record._server_id))
    fails(ForbiddenError, seen.delete)
    owner(world)
    equal((len(list(made.records)), again(world, made).guidelines), (1, None))


@check("`visible_for_annotators=False`", "admins see the metadata property, annotators do not")
def hides_metadata(world):
    hidden = rg.TermsMetadataProperty("source", visible_for_annotators=False)
    made = dataset(world, simple_settings(metadata=[hidden, rg.TermsMetadataProperty("colour")]))
    admin = person(world, "admin", made.workspace)
    annotator = person(world, "annotator", made.workspace)
    equal([each.name for each in again(world, made, admin.client).settings.metadata], ["source", "colour"])
    equal([each.name for each in again(world, made, annotator.client).settings.metadata], ["colour"])
    owner(world)
