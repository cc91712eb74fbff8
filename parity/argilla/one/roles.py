"""What owners, admins and annotators may do, by the exceptions that the client raises."""

import argilla_v1 as rg
from argilla_v1.client.sdk.commons.errors import ForbiddenApiError
from argilla_v1.client.sdk.v1.datasets import api
from argilla_v1.client.singleton import active_client

from checks import PASSWORD, a_name, check, equal, fails
from one.clients import again, local, pushed, signed_in, texts, user, workspace


@check("Users and workspaces by others than the owner", "`PermissionError`, by the role that `/api/me` tells")
def only_owners_administrate(world):
    place = workspace(world)
    for role in ("admin", "annotator"):
        with signed_in(world, user(world, role, place), place.name):
            fails(PermissionError, rg.User.list, role)
            fails(
                PermissionError,
                lambda: rg.User.create(a_name("user"), PASSWORD, first_name="Ada", role="annotator"),
                role,
            )
            fails(PermissionError, lambda: rg.Workspace.create(a_name("workspace")), role)


@check("An admin", "pushes, reads and deletes in their workspace; elsewhere nothing is found")
def admins_work(world):
    place, foreign = workspace(world), pushed(world)
    with signed_in(world, user(world, "admin", place), place.name):
        made = local().push_to_argilla(a_name("dataset"), workspace=place.name, show_progress=False)
        made.add_records([rg.FeedbackRecord(fields={"text": "one"})], show_progress=False)
        equal(texts(again(made).records), ["one"])
        fails(ValueError, lambda: again(foreign))
        fails(ForbiddenApiError, lambda: api.get_dataset(active_client().http_client.httpx, foreign.id), "403")
        equal([each.name for each in rg.FeedbackDataset.list()], [made.name])
        made.delete()
        equal(rg.FeedbackDataset.list(), [])


@check(
    "An annotator", "reads settings; records and changes are a `PermissionError`, at the server a `ForbiddenApiError`"
)
def annotators_read(world):
    made = pushed(world)
    made.add_records([rg.FeedbackRecord(fields={"text": "one"})], show_progress=False)
    with signed_in(world, user(world, "annotator", made.workspace), made.workspace.name):
        seen = again(made)
        equal([question.name for question in seen.questions][:2], ["label", "topics"])
        fails(PermissionError, lambda: list(seen.records), "annotator")
        fails(PermissionError, lambda: seen.add_records([rg.FeedbackRecord(fields={"text": "two"})]), "annotator")
        fails(PermissionError, seen.delete, "annotator")
        client = active_client().http_client.httpx
        fails(ForbiddenApiError, lambda: api.get_records(client, made.id), "403")
        fails(ForbiddenApiError, lambda: api.add_records(client, made.id, [{"fields": {"text": "two"}}]), "403")
        fails(ForbiddenApiError, lambda: api.delete_dataset(client, made.id), "403")
        refused = local()
        # the client wraps what the server says
        fails(Exception, lambda: refused.push_to_argilla(a_name("dataset"), made.workspace.name), "403")
    equal(texts(again(made).records), ["one"])


@check("`visible_for_annotators=False`", "admins see the metadata property, annotators do not")
def hides_metadata(world):
    properties = [
        rg.TermsMetadataProperty(name="source", visible_for_annotators=False),
        rg.TermsMetadataProperty(name="colour"),
    ]
    made = pushed(world, local(metadata_properties=properties))
    for role, expected in (("admin", ["source", "colour"]), ("annotator", ["colour"])):
        with signed_in(world, user(world, role, made.workspace), made.workspace.name):
            equal([each.name for each in again(made).metadata_properties], expected, role)
