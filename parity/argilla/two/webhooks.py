"""Webhooks, and the listeners that the client runs for them."""

import os
import socket
import threading
import time

import argilla as rg
import uvicorn
from argilla._exceptions import ForbiddenError, NotFoundError, UnprocessableEntityError
from argilla._models import UserResponseModel
from fastapi import FastAPI

from checks import check, equal, fails
from two.clients import dataset, owner, person

PATIENCE = 20


class Listener:
    """A web application on a free port, for the functions that `webhook_listener` decorates."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.application = FastAPI()
        os.environ["WEBHOOK_SERVER_URL"] = f"http://127.0.0.1:{self.port}"
        self._events: list[dict] = []

    def receive(self, **event) -> None:
        self._events.append(event)

    def __enter__(self):
        configuration = uvicorn.Config(self.application, host="127.0.0.1", port=self.port, log_level="error")
        self._server = uvicorn.Server(configuration)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join()

    def types(self) -> list[str]:
        return [event["type"].value for event in sorted(self._events, key=lambda event: event["timestamp"])]

    def awaited(self, event_type: str) -> dict:
        """The last event of the type, of which there must be one before long."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = [event for event in self._events if event["type"].value == event_type]
            if found:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no {event_type} within {PATIENCE} seconds, but {self.types()}")


def found(world, hook: rg.Webhook) -> list[rg.Webhook]:
    """The webhook as the list tells it; the client has no way to ask for one by its id."""
    return [each for each in owner(world).webhooks if each.id == hook.id]


@check("`Webhook.create`, `client.webhooks`", "in the list, enabled, with a secret")
def creates(world):
    owner(world)
    made = rg.Webhook("http://127.0.0.1:9/hook", ["record.created", "response.updated"], "a hook").create()
    (listed,) = found(world, made)
    equal((listed.url, listed.enabled, listed.description), ("http://127.0.0.1:9/hook", True, "a hook"))
    equal([event.value for event in listed.events], ["record.created", "response.updated"])
    equal(len(made.secret) >= 16, True)
    made.delete()


@check("`webhook.update`, `webhook.delete`", "events, address, description and `enabled` are changed; then it is gone")
def changes(world):
    owner(world)
    made = rg.Webhook("http://127.0.0.1:9/hook", ["record.created"]).create()
    made.url, made.events, made.description, made.enabled = (
        "http://127.0.0.1:9/other",
        ["dataset.deleted"],
        "new",
        False,
    )
    made.update()
    (listed,) = found(world, made)
    equal((listed.url, listed.enabled, listed.description), ("http://127.0.0.1:9/other", False, "new"))
    equal([event.value for event in listed.events], ["dataset.deleted"])
    made.delete()
    equal(found(world, made), [])
    fails(NotFoundError, made.delete)


@check(
    "`Webhook.create` refused",
    "no events, an unknown scheme: `UnprocessableEntityError`; others than the owner: `ForbiddenError`",
)
def refuses(world):
    fails(UnprocessableEntityError, rg.Webhook("http://127.0.0.1:9/hook", []).create, "events")
    fails(UnprocessableEntityError, rg.Webhook("file:///etc/passwd", ["record.created"]).create, "url")
    body = {"url": "http://127.0.0.1:9/hook", "events": ["record.exploded"]}
    equal(owner(world).http_client.post("/api/v1/webhooks", json=body).status_code, 422)
    for role in ("admin", "annotator"):
        someone = person(world, role)
        fails(ForbiddenError, rg.Webhook("http://127.0.0.1:9/hook", ["record.created"], _client=someone.client).create)
        fails(ForbiddenError, someone.client.webhooks.list)
        owner(world)


@check(
    "`@webhook_listener` of records",
    "created, updated, completed and deleted arrive signed and are parsed into records",
)
def listens_to_records(world):
    owner(world)
    listener = Listener()
    names = ["record.created", "record.updated", "record.completed", "record.deleted"]

    @rg.webhook_listener(events=names, server=listener.application)
    async def record_listener(type, timestamp, record):
        listener.receive(type=type, timestamp=timestamp, record=record)

    (hook,) = [each for each in owner(world).webhooks if each.url.endswith("/record_listener")]
    try:
        with listener:
            made = dataset(world)
            made.records.log([{"id": "1", "text": "eins 🙂", "colour": "red"}])
            created = listener.awaited("record.created")["record"]
            equal((created.id, dict(created.fields), created.dataset.id), ("1", {"text": "eins 🙂"}, made.id))
            made.records.log([{"id": "1", "text": "eins 🙂", "colour": "blue"}])
            equal(dict(listener.awaited("record.updated")["record"].metadata), {"colour": "blue"})
            (record,) = made.records
            model = UserResponseModel(
                values={"label": {"value": "bad"}}, status="submitted", user_id=owner(world).me.id
            )
            owner(world).api.records.create_record_response(record._server_id, model)
            equal(listener.awaited("record.completed")["record"].status, "completed")
            made.records.delete([record])
            listener.awaited("record.deleted")
            # the answer that completes a record updates it as well
            equal(list(dict.fromkeys(listener.types())), names)
    finally:
        hook.delete()


@check("`@webhook_listener` of answers", "created, updated and deleted arrive with value, user and record")
def listens_to_answers(world):
    owner(world)
    listener = Listener()
    names = ["response.created", "response.updated", "response.deleted"]

    @rg.webhook_listener(events=names, server=listener.application)
    async def answer_listener(type, timestamp, response):
        listener.receive(type=type, timestamp=timestamp, response=response)

    (hook,) = [each for each in owner(world).webhooks if each.url.endswith("/answer_listener")]
    try:
        with listener:
            made = dataset(world)
            made.records.log([{"id": "1", "text": "one"}])
            (record,) = made.records
            annotator = person(world, "annotator", made.workspace)
            client = annotator.client.http_client
            body = {"status": "draft", "values": {"label": {"value": "bad"}}}
            answer = client.post(f"/api/v1/records/{record._server_id}/responses", json=body).raise_for_status().json()
            (value,) = listener.awaited("response.created")["response"].responses
            equal((value.value, value.user_id, value.record.id), ("bad", annotator.id, "1"))
            body = {"status": "submitted", "values": {"label": {"value": "good"}}}
            client.put(f"/api/v1/responses/{answer['id']}", json=body).raise_for_status()
            equal(listener.awaited("response.updated")["response"].status.value, "submitted")
            client.delete(f"/api/v1/responses/{answer['id']}").raise_for_status()
            listener.awaited("response.deleted")
            equal(listener.types(), names)
    finally:
        hook.delete()


@check("`@webhook_listener` of datasets", "created, updated, published and deleted arrive with the dataset")
def listens_to_datasets(world):
    owner(world)
    listener = Listener()
    names = ["dataset.created", "dataset.updated", "dataset.published", "dataset.deleted"]

    @rg.webhook_listener(events=names, server=listener.application, raw_event=True)
    async def dataset_listener(event):
        listener.receive(type=event.type, timestamp=event.timestamp, data=event.data)

    (hook,) = [each for each in owner(world).webhooks if each.url.endswith("/dataset_listener")]
    try:
        with listener:
            # the client itself updates a dataset between creation and publishing
            made = dataset(world)
            listener.awaited("dataset.published")
            made.delete()
            data = [listener.awaited(name)["data"] for name in names]
            equal(listener.types(), names)
            equal([each["id"] for each in data], [str(made.id)] * 4)
            equal([each["workspace"]["name"] for each in data], [made.workspace.name] * 4)
    finally:
        hook.delete()


@check("`client.api.webhooks.ping`, a disabled webhook", "a ping arrives; once disabled, no event does")
def pings(world):
    listener, pinged = Listener(), []

    @listener.application.post("/pings")
    async def receive(body: dict):
        pinged.append(body["type"])

    hook = rg.Webhook(f"http://127.0.0.1:{listener.port}/pings", ["dataset.created"]).create()
    try:
        with listener:
            owner(world).api.webhooks.ping(hook.id)
            end = time.monotonic() + PATIENCE
            while not pinged and time.monotonic() < end:
                time.sleep(0.05)
            equal(pinged, ["ping"])
            hook.enabled = False
            hook.update()
            dataset(world)
            time.sleep(1)
            equal(pinged, ["ping"])
    finally:
        hook.delete()
