"""Connections, users and workspaces."""

import argilla as rg
from argilla._exceptions import ArgillaCredentialsError, ConflictError, NotFoundError, UnprocessableEntityError

from checks import PASSWORD, a_name, check, equal, fails
from two.clients import owner, person, workspace


@check("`Argilla(api_url, api_key)`, `client.me`", "the owner is recognised, with name, role and id")
def connects(world):
    me = owner(world).me
    equal((me.username, me.role.value), (world.owner, "owner"))
    equal(owner(world).users(id=me.id).username, world.owner)


@check("`Argilla` with a wrong key", "`ArgillaCredentialsError`")
def refuses_a_wrong_key(world):
    fails(ArgillaCredentialsError, lambda: rg.Argilla(api_url=world.url, api_key="wrong-key"))
    owner(world)


@check("`Argilla(headers=…, timeout=…)`", "further headers and options of the HTTP client are accepted")
def accepts_headers(world):
    client = rg.Argilla(api_url=world.url, api_key=world.owner_key, timeout=30, headers={"X-Team": "blue"})
    equal(client.me.username, world.owner)
    owner(world)


@check("`client.workspaces.add`, `client.workspaces(…)`", "found by name, by id and in the list; timestamps are there")
def creates_workspaces(world):
    client = owner(world)
    made = client.workspaces.add(rg.Workspace(a_name("workspace")))
    equal(client.workspaces(made.name).id, made.id)
    equal(client.workspaces(id=made.id).name, made.name)
    equal(made.id in [each.id for each in client.workspaces], True)
    equal(len(client.workspaces), len(client.workspaces.list()))
    equal(made.inserted_at.tzinfo, None, "inserted_at")
    equal(client.workspaces.default.id, client.workspaces[0].id)


@check("`Workspace.create` twice", "`ConflictError`")
def refuses_a_second_workspace(world):
    made = workspace(world)
    fails(ConflictError, lambda: rg.Workspace(made.name).create(), made.name)


@check("`client.workspaces`, `users`, `datasets` of something unknown", "`None`, by name and by id")
def knows_what_is_unknown(world):
    client = owner(world)
    nobody = "00000000-0000-4000-8000-000000000000"
    equal([client.workspaces("nowhere"), client.workspaces(id=nobody)], [None, None])
    equal([client.users("nobody"), client.users(id=nobody)], [None, None])
    equal([client.datasets("nothing", workspace=workspace(world)), client.datasets(id=nobody)], [None, None])


@check("`Workspace.delete`", "an empty one is gone; one with a dataset is a `ConflictError` and stays")
def deletes_workspaces(world):
    from two.clients import dataset

    client = owner(world)
    empty, full = workspace(world), workspace(world)
    made = dataset(world, place=full)
    empty.delete()
    equal(client.workspaces(empty.name), None)
    fails(ConflictError, full.delete)
    equal(client.workspaces(full.name).id, full.id)
    made.delete()
    full.delete()
    equal(client.workspaces(full.name), None)


@check("`User.create`, `client.users(…)`", "found by name, by id and in the list, with names and role")
def creates_users(world):
    client = owner(world)
    made = client.users.add(rg.User(a_name("user"), "Ada", "Lovelace", role="admin", password=PASSWORD))
    for found in (client.users(made.username), client.users(id=made.id)):
        equal((found.id, found.first_name, found.last_name), (made.id, "Ada", "Lovelace"))
        equal(found.role.value, "admin")
    equal(made.username in [each.username for each in client.users], True)
    plain = rg.User(username=a_name("user"), password=PASSWORD).create()
    equal((plain.role.value, plain.first_name, plain.last_name), ("annotator", plain.username, None))


@check("`User.create`: password", "the new user signs in with the password at `/api/v1/token`, with another not")
def signs_in(world):
    client = owner(world)
    made = rg.User(username=a_name("user"), password=PASSWORD).create()
    right = client.http_client.post("/api/v1/token", data={"username": made.username, "password": PASSWORD})
    equal((right.status_code, right.json()["token_type"]), (201, "bearer"))
    wrong = client.http_client.post("/api/v1/token", data={"username": made.username, "password": "another one"})
    equal(wrong.status_code, 401)


@check("`User.create` refused", "a second of the name: `ConflictError`; a short password: `UnprocessableEntityError`")
def refuses_users(world):
    made = rg.User(username=a_name("user"), password=PASSWORD).create()
    fails(ConflictError, lambda: rg.User(username=made.username, password=PASSWORD).create(), made.username)
    fails(UnprocessableEntityError, lambda: rg.User(username=a_name("user"), password="short").create(), "password")


@check("`User.update`", "names and role are changed, the rest is kept")
def updates_users(world):
    client = owner(world)
    made = rg.User(username=a_name("user"), first_name="Ada", password=PASSWORD).create()
    made.first_name, made.last_name, made.role = "Grace", "Hopper", "admin"
    made.update()
    found = client.users(id=made.id)
    equal((found.username, found.first_name, found.last_name), (made.username, "Grace", "Hopper"))
    equal(found.role.value, "admin")


@check("`User.delete`", "gone from the list; the key no longer works; a second deletion is a `NotFoundError`")
def deletes_users(world):
    client = owner(world)
    leaver = person(world, "annotator")
    key = leaver.client.api_key
    client.users(leaver.username).delete()
    equal(client.users(leaver.username), None)
    fails(ArgillaCredentialsError, lambda: rg.Argilla(api_url=world.url, api_key=key))
    owner(world)
    fails(NotFoundError, lambda: client.api.users.delete(leaver.id))


@check("`workspace.add_user`, `users`, `remove_user`", "by object and by name; the user sees the workspace meanwhile")
def moves_users(world):
    client = owner(world)
    place, one, two = workspace(world), person(world, "annotator"), person(world, "admin")
    place.add_user(client.users(one.username))
    place.add_user(two.username)
    equal({user.username for user in place.users}, {one.username, two.username})
    equal({user.username for user in client.users.list(workspace=place)}, {one.username, two.username})
    equal([each.name for each in one.client.workspaces], [place.name])
    fails(ConflictError, lambda: place.add_user(one.username))
    equal(place.remove_user(one.username).username, one.username)
    equal([user.username for user in place.users], [two.username])
    equal(len(one.client.workspaces), 0)
    fails(NotFoundError, lambda: place.remove_user(one.username))


@check("API keys in answers", "`/me` repeats the key that was presented; elsewhere it is the same mask for everybody")
def masks_keys(world):
    client = owner(world)
    someone = person(world, "annotator")
    equal(client.http_client.get("/api/v1/me").json()["api_key"], world.owner_key)
    masks = {user["api_key"] for user in client.http_client.get("/api/v1/users").json()["items"]}
    equal((len(masks), masks & {world.owner_key, someone.client.api_key, "", None}), (1, set()))
