"""Answers of several users: with records, by the users themselves, and after users leave."""

import argilla as rg
from argilla._exceptions import ConflictError, ForbiddenError
from argilla._models import UserResponseModel

from checks import check, equal, fails
from two.clients import all_questions, dataset, owner, person, simple_settings, workspace


def values_of(record) -> dict:
    return {(each.user_id, each.question_name): (each.value, each.status.value) for each in record.responses}


@check("`Response` of several users in one record", "each with value and status of their own")
def several_users(world):
    place = workspace(world)
    people = [person(world, role, place) for role in ("annotator", "annotator", "admin")]
    made = dataset(world, place=place)
    given = {people[0].id: ("good", "submitted"), people[1].id: ("bad", "draft"), people[2].id: ("odd", "discarded")}
    responses = [rg.Response("label", value, user_id=who, status=status) for who, (value, status) in given.items()]
    made.records.log([rg.Record("1", {"text": "one"}, responses=responses)])
    (record,) = made.records
    equal(values_of(record), {(who, "label"): answer for who, answer in given.items()})
    equal(len(record.responses["label"]), 3)


@check("A second log with another user's answer", "answers are merged by user, and a user's own replaced")
def merges_by_user(world):
    place = workspace(world)
    one, two = person(world, "annotator", place), person(world, "annotator", place)
    made = dataset(world, place=place)

    def log(who, value, status):
        answer = rg.Response("label", value, user_id=who.id, status=status)
        made.records.log([rg.Record("1", {"text": "one"}, responses=[answer])])

    log(one, "good", "draft")
    log(two, "bad", "submitted")
    log(one, "odd", "submitted")
    (record,) = made.records
    equal(values_of(record), {(one.id, "label"): ("odd", "submitted"), (two.id, "label"): ("bad", "submitted")})


@check("`api.records.create_record_response` by annotators", "each answers once: a second is a `ConflictError`")
def annotators_answer(world):
    place = workspace(world)
    one, two = person(world, "annotator", place), person(world, "annotator", place)
    made = dataset(world, simple_settings(distribution=rg.TaskDistribution(min_submitted=2)), place)
    made.records.log([{"id": "1", "text": "one"}])
    (record,) = made.records

    def answer(who, value):
        model = UserResponseModel(values={"label": {"value": value}}, status="submitted", user_id=who.id)
        who.client.api.records.create_record_response(record._server_id, model)

    answer(one, "good")
    fails(ConflictError, lambda: answer(one, "bad"))
    equal([each.status for each in made.records], ["pending"])
    answer(two, "bad")
    (found,) = made.records
    equal(values_of(found), {(one.id, "label"): ("good", "submitted"), (two.id, "label"): ("bad", "submitted")})
    equal(found.status, "completed")


@check("Answers by somebody outside of the workspace", "`ForbiddenError`; nothing is kept")
def outsiders_do_not(world):
    made = dataset(world)
    made.records.log([{"id": "1", "text": "one"}])
    (record,) = made.records
    outsider = person(world, "annotator", workspace(world))
    model = UserResponseModel(values={"label": {"value": "good"}}, status="submitted", user_id=outsider.id)
    fails(ForbiddenError, lambda: outsider.client.api.records.create_record_response(record._server_id, model))
    equal([len(each.responses) for each in made.records], [0])


@check("A discarded answer without values", "the record is read without an answer value, not refused")
def discards_without_values(world):
    place = workspace(world)
    one = person(world, "annotator", place)
    made = dataset(world, place=place)
    made.records.log([{"id": "1", "text": "one"}])
    (record,) = made.records
    body = {"status": "discarded"}
    created = one.client.http_client.post(f"/api/v1/records/{record._server_id}/responses", json=body)
    equal(created.status_code, 201)
    equal([len(each.responses) for each in made.records], [0])
    (found,) = made.records(rg.Query(filter=("response.status", "==", "discarded")))
    equal(found.id, "1")


@check("A draft", "may leave required questions open and rank some of the options")
def drafts_are_partial(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    draft = rg.Response("order", ["b", "a"], user_id=owner(world).me.id, status="draft")
    made.records.log([rg.Record("1", {"text": "one"}, responses=[draft])])
    (record,) = made.records
    equal(values_of(record), {(owner(world).me.id, "order"): (["b", "a"], "draft")})


@check("Ranks with ties", "read in the order of ranks")
def orders_by_rank(world):
    made = dataset(world, simple_settings(questions=all_questions()))
    ranks = [{"value": "a", "rank": 3}, {"value": "b", "rank": 1}, {"value": "c", "rank": 1}]
    me = owner(world).me.id
    responses = [
        rg.Response("order", ranks, user_id=me, status="submitted"),
        rg.Response("label", "good", user_id=me, status="submitted"),
    ]
    made.records.log([rg.Record("1", {"text": "one"}, responses=responses)])
    (record,) = made.records
    (answer,) = record.responses["order"]
    equal(answer.value, ["b", "c", "a"])


@check("`record.status`", "completed with enough submitted answers, whatever drafts and discarded ones there are")
def completes(world):
    place = workspace(world)
    one, two = person(world, "annotator", place), person(world, "annotator", place)
    made = dataset(world, simple_settings(distribution=rg.TaskDistribution(min_submitted=2)), place)

    def log(who, status):
        answer = rg.Response("label", "good", user_id=who.id, status=status)
        made.records.log([rg.Record("1", {"text": "one"}, responses=[answer])])
        return next(iter(made.records)).status

    equal(
        [log(one, "submitted"), log(two, "draft"), log(two, "discarded"), log(two, "submitted")],
        ["pending"] * 3 + ["completed"],
    )
    equal(log(one, "draft"), "pending")


@check("Answers of a user who was deleted", "kept, and still read under their id")
def keeps_answers_of_leavers(world):
    place = workspace(world)
    leaver = person(world, "annotator", place)
    made = dataset(world, place=place)
    answer = rg.Response("label", "good", user_id=leaver.id, status="submitted")
    made.records.log([rg.Record("1", {"text": "one"}, responses=[answer])])
    owner(world).users(leaver.username).delete()
    (record,) = made.records
    equal(values_of(record), {(leaver.id, "label"): ("good", "submitted")})
    equal(record.status, "completed")
