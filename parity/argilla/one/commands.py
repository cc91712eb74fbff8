"""The command line of the 1.x client."""

import os
import subprocess
import sys

import argilla_v1 as rg

from checks import PASSWORD, a_name, check, equal
from one.clients import as_owner, local, pushed


def argilla(*arguments: str, status: int = 0) -> str:
    """What a command says, after it ended with the status."""
    command = [sys.executable, "-W", "ignore", "-m", "argilla_v1", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "COLUMNS": "240"})
    said = run.stdout + run.stderr
    equal(run.returncode, status, f"{' '.join(arguments)}\n{said[-1500:]}")
    return said


def says(said: str, *parts: str) -> None:
    for part in parts:
        equal(part in said, True, f"{part!r} in {said[-1500:]}")


@check("`argilla login`, `whoami`, `info`, `logout`", "who is signed in at which server, and its version")
def signs_in(world):
    says(argilla("whoami", status=1), "Not logged in")
    says(argilla("login", "--api-url", world.url, "--api-key", "wrong-key", status=1), "Could not login")
    says(argilla("login", "--api-url", world.url, "--api-key", world.owner_key), "Logged in successfully", world.url)
    says(argilla("whoami"), world.owner, "owner", world.owner_key)
    says(argilla("info"), "Client version", "1.29.1", "Server version")
    says(argilla("logout"), "Logged out")


@check(
    "`argilla workspaces`, `argilla users`, `argilla datasets`", "created, listed, moved and deleted; refusals are told"
)
def administrates(world):
    as_owner(world)
    argilla("login", "--api-url", world.url, "--api-key", world.owner_key)
    try:
        place, name = a_name("workspace"), a_name("user")
        says(argilla("workspaces", "create", place), place, "successfully created")
        says(argilla("workspaces", "create", place, status=1), "already exists")
        says(argilla("workspaces", "list"), place)
        made = ["users", "create", "--username", name, "--password", PASSWORD, "--first-name", "Ada"]
        says(argilla(*made, "--role", "annotator", "--workspace", place), name, "API Key")
        says(argilla("users", "list", "--workspace", place), name, "annotator")
        argilla("workspaces", "--name", place, "delete-user", name)
        equal(name in argilla("users", "list", "--workspace", place), False)
        says(argilla("workspaces", "--name", place, "add-user", name), name, "added")
        argilla("users", "--username", name, "delete")
        equal(name in argilla("users", "list"), False)
        made = pushed(world, local(), rg.Workspace.from_name(place))
        says(argilla("datasets", "list", "--workspace", place), made.name, place)
        argilla("datasets", "--name", made.name, "--workspace", place, "delete")
        equal(made.name in argilla("datasets", "list", "--workspace", place), False)
    finally:
        argilla("logout")
