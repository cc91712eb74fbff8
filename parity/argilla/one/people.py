"""Connections, users and workspaces."""

import warnings
from uuid import UUID

import argilla_v1 as rg
from argilla_v1.client.sdk.commons.errors import UnauthorizedApiError

from checks import PASSWORD, a_name, check, equal, fails
from one.clients import as_owner, pushed, signed_in, user, workspace

NOBODY = UUID("00000000-0000-4000-8000-000000000000")


@check("`rg.init`, `rg.User.me`", "the owner is recognised, and no warning of another version comes")
def connects(world):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        as_owner(world)
    equal([str(warning.message) for warning in heard if "version" in str(warning.message)], [])
    me = rg.User.me()
    equal((me.username, me.role.value, me.is_owner), (world.owner, "owner", True))
    equal(me.api_key, world.owner_key, "the key that was presented")


@check("`rg.init` with a wrong key", "`UnauthorizedApiError`")
def refuses_a_wrong_key(world):
    fails(UnauthorizedApiError, lambda: rg.init(api_url=world.url, api_key="wrong-key"), "401")
    as_owner(world)


@check(
    "`rg.init(workspace=…)`, `rg.set_workspace`, `rg.get_workspace`", "an existing workspace is set, another refused"
)
def sets_workspaces(world):
    place, other = workspace(world), workspace(world)
    as_owner(world, place.name)
    equal(rg.get_workspace(), place.name)
    rg.set_workspace(other.name)
    equal(rg.get_workspace(), other.name)
    fails(ValueError, lambda: rg.set_workspace("nowhere"), "nowhere")


@check("`rg.server_info`", "version and the search engine's version are told")
def tells_the_server(world):
    from argilla_v1.client.utils import server_info

    as_owner(world)
    info = server_info()
    equal((info.url, bool(info.version), bool(info.elasticsearch_version)), (world.url, True, True))


@check("`rg.Workspace.create`, `from_name`, `from_id`, `list`", "found each way")
def creates_workspaces(world):
    made = workspace(world)
    equal(rg.Workspace.from_name(made.name).id, made.id)
    equal(rg.Workspace.from_id(made.id).name, made.name)
    equal(made.name in [each.name for each in rg.Workspace.list()], True)


@check(
    "`rg.Workspace` refused",
    "a second of the name, an unknown name, an unknown id: `ValueError`; a bad name: `RuntimeError`",
)
def refuses_workspaces(world):
    made = workspace(world)
    fails(ValueError, lambda: rg.Workspace.create(made.name), "already exists")
    fails(ValueError, lambda: rg.Workspace.from_name("nowhere"), "nowhere")
    fails(ValueError, lambda: rg.Workspace.from_id(NOBODY), str(NOBODY))
    fails(RuntimeError, lambda: rg.Workspace.create("Bad Name"))


@check("`rg.User.create`, `from_name`, `from_id`, `list`", "found each way; the key from the creation signs in")
def creates_users(world):
    place = workspace(world)
    made = rg.User.create(
        a_name("user"), PASSWORD, first_name="Ada", last_name="Lovelace", role="admin", workspaces=[place.name]
    )
    for found in (rg.User.from_name(made.username), rg.User.from_id(made.id)):
        equal((found.id, found.first_name, found.last_name, found.role.value), (made.id, "Ada", "Lovelace", "admin"))
    equal(made.username in [each.username for each in rg.User.list()], True)
    equal([each.name for each in rg.User.from_name(made.username).workspaces], [place.name])
    with signed_in(world, made):
        equal((rg.User.me().username, rg.User.me().full_name), (made.username, "Ada Lovelace"))
        equal([each.name for each in rg.User.me().workspaces], [place.name])


@check(
    "`rg.User` refused", "a second of the name: `KeyError`; an unknown workspace: an error; unknown users: `ValueError`"
)
def refuses_users(world):
    made = user(world, "annotator")
    fails(KeyError, lambda: rg.User.create(made.username, PASSWORD, first_name="Ada", role="annotator"), made.username)
    fails(ValueError, lambda: rg.User.from_name("nobody"), "nobody")
    fails(ValueError, lambda: rg.User.from_id(NOBODY), str(NOBODY))
    name = a_name("user")
    try:
        rg.User.create(name, PASSWORD, first_name="Ada", role="annotator", workspaces=["nowhere"])
    except (ValueError, RuntimeError):
        equal(name in [each.username for each in rg.User.list()], False)
    else:
        raise AssertionError("a user in an unknown workspace was created")


@check("API keys in lists of users", "the same mask for everybody")
def masks_keys(world):
    made = user(world, "annotator")
    masks = {each.api_key for each in rg.User.list()}
    equal((len(masks), masks & {made.api_key, world.owner_key, ""}), (1, set()))


@check("`user.delete`", "gone; the key no longer works; a second time is a `ValueError`")
def deletes_users(world):
    made = user(world, "annotator")
    rg.User.from_name(made.username).delete()
    fails(ValueError, lambda: rg.User.from_name(made.username))
    fails(UnauthorizedApiError, lambda: rg.init(api_url=world.url, api_key=made.api_key))
    as_owner(world)
    fails(ValueError, made.delete, made.username)


@check("`workspace.add_user`, `users`, `delete_user`", "the user sees the workspace meanwhile; twice is a `ValueError`")
def moves_users(world):
    place, someone = workspace(world), user(world, "annotator")
    place.add_user(someone.id)
    equal([each.username for each in place.users], [someone.username])
    with signed_in(world, someone, place.name):
        equal([each.name for each in rg.Workspace.list()], [place.name])
    place = rg.Workspace.from_name(place.name)
    fails(ValueError, lambda: place.add_user(someone.id), "already exists")
    place.delete_user(someone.id)
    equal(place.users, [])
    fails(ValueError, lambda: place.delete_user(someone.id))


@check("`workspace.delete`", "an empty one is gone; one with a dataset is a `ValueError` and stays")
def deletes_workspaces(world):
    empty, full = workspace(world), workspace(world)
    dataset = pushed(world, place=full)
    rg.Workspace.from_name(empty.name).delete()
    fails(ValueError, lambda: rg.Workspace.from_name(empty.name))
    fails(ValueError, rg.Workspace.from_name(full.name).delete, "datasets")
    dataset.delete()
    rg.Workspace.from_name(full.name).delete()
    equal(full.name in [each.name for each in rg.Workspace.list()], False)
