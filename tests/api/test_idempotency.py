"""The same POST twice is one, also when both come at once or the first fails."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway
from textwell.api import idempotency
from textwell.api.app import api
from textwell.api.errors import KeyReused
from textwell.api.idempotency import AskedRequest, forget_old_answers, hash_body, run_once
from textwell.api.models import IdempotentAnswer
from textwell.contacts.models import ContactList
from textwell.messaging.models import Message


def prepared(program: Program) -> dict[str, str]:
    make_gateway(workspace=program.workspace)
    contact = make_contact(workspace=program.workspace)
    return {"to": contact.msisdn, "body": "Bread is ready."}


@pytest.mark.django_db
def test_the_same_key_and_body_give_the_same_answer_and_one_message(program: Program) -> None:
    body = prepared(program)

    first = program.post("/messages", body, key="a")
    again = program.post("/messages", body, key="a")

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_a_conflict(program: Program) -> None:
    body = prepared(program)
    program.post("/messages", body, key="a")

    answer = program.post("/messages", {**body, "body": "Another."}, key="a")

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:textwell:problem:idempotency_key_reused"
    assert Message.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("again", "status"),
    [
        ('{"name":"One","fields":{"b":1,"a":[1,2]}}', 201),
        ('{ "fields": {"a": [1, 2], "b": 1},\n "name": "One" }', 201),
        ('{"name":"One","fields":{"b":1,"a":[2,1]}}', 409),
        ('{"name":"One","fields":{"b":"1","a":[1,2]}}', 409),
        ('{"name":"One"', 409),
    ],
    ids=["as it was", "other order and white space", "other order of values", "a text", "cut"],
)
def test_json_is_the_same_by_its_content(program: Program, again: str, status: int) -> None:
    def asked(body: str) -> AskedRequest:
        request = RequestFactory().post("/", body, content_type="application/json")
        return AskedRequest(program.key.id, "a", "/", hash_body(request))

    run_once(lambda: HttpResponse(status=201), asked('{"name":"One","fields":{"b":1,"a":[1,2]}}'))

    try:
        answer = run_once(lambda: HttpResponse(status=500), asked(again)).status_code
    except KeyReused:
        answer = 409
    assert answer == status


def test_json_too_deep_to_be_written_again_is_known_as_it_came() -> None:
    def hashed(body: str) -> str:
        return hash_body(RequestFactory().post("/", body, content_type="application/json"))

    deep = "[" * 500 + "]" * 500

    assert hashed(deep) == hashed(deep)
    assert hashed(deep) != hashed(f"{deep} ")


@pytest.mark.django_db
def test_the_same_key_on_another_path_is_a_conflict(program: Program) -> None:
    program.post("/lists", {"name": "One"}, key="a")

    assert program.post("/contacts", {"name": "One"}, key="a").status_code == 409


@pytest.mark.django_db
def test_two_callers_may_use_the_same_key(program: Program, stranger: Program) -> None:
    assert program.post("/lists", {"name": "One"}, key="a").status_code == 201
    assert stranger.post("/lists", {"name": "One"}, key="a").status_code == 201

    assert ContactList.objects.count() == 2


@pytest.mark.django_db
def test_a_refusal_is_kept_too(program: Program) -> None:
    make_gateway(workspace=program.workspace)
    contact = make_contact(workspace=program.workspace, has_consent=False)
    body = {"to": contact.msisdn, "body": "Hi."}

    first = program.post("/messages", body, key="a")
    again = program.post("/messages", body, key="a")

    assert first.status_code == 422
    assert (again.status_code, again.content) == (422, first.content)
    assert again["Content-Type"] == "application/problem+json"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lost_commit")
def test_a_lost_commit_is_told_as_such_and_the_same_key_finds_what_it_did(program: Program) -> None:
    body = prepared(program)

    first = program.post("/messages", body, key="a")
    again = program.post("/messages", body, key="a")

    assert (first.status_code, first.json()["type"]) == (503, "urn:textwell:problem:unavailable")
    assert first.json()["detail"].startswith("It is not known whether the message was recorded.")
    assert (again.status_code, again["Idempotency-Replayed"]) == (202, "true")
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lost_commit")
def test_a_lost_commit_without_a_key_is_told_as_such(program: Program) -> None:
    answer = program.post("/messages", prepared(program))

    assert answer.status_code == 503
    assert "look for the message first" in answer.json()["detail"]
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_an_answer_that_a_store_was_away_is_not_kept(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = prepared(program)

    def away(*_args: object, **_kw: object) -> int:
        raise OperationalError("the server is gone")

    with monkeypatch.context() as patch:
        patch.setattr("textwell.api.sending.send_single", away)
        first = program.post("/messages", body, key="a")
    again = program.post("/messages", body, key="a")

    assert (first.status_code, first["Retry-After"]) == (503, "5")
    assert first.json()["detail"].startswith("Nothing was recorded.")
    assert again.status_code == 202
    assert Message.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_without_a_usable_length_is_refused(program: Program, key: str) -> None:
    answer = program.post("/lists", {"name": "One"}, key=key)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert not ContactList.objects.exists()


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_week(program: Program) -> None:
    program.post("/lists", {"name": "One"}, key="a")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_idempotentanswer SET created_at = now() - interval '8 days'")

    assert forget_old_answers() == 1
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_keeping_answers_forgets_old_ones_now_and_then(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.post("/lists", {"name": "One"}, key="old")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_idempotentanswer SET created_at = now() - interval '8 days'")
    monkeypatch.setattr(idempotency, "SWEEP_EVERY_S", 0.0)

    program.post("/lists", {"name": "Two"}, key="new")

    assert [answer.key for answer in IdempotentAnswer.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
def test_while_the_first_runs_the_second_is_told_to_wait(program: Program) -> None:
    body = prepared(program)
    asked = idempotency.AskedRequest(program.key.id, "a", "", "")
    other = connections["default"].copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:  # as the transaction of the first request does
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [asked.lock_number()])

        answer = program.post("/messages", body, key="a")
    finally:
        other.rollback()
        other.close()

    assert (answer.status_code, answer["Retry-After"]) == (409, "1")
    assert answer.json()["type"] == "urn:textwell:problem:still_running"
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_retries_at_once_make_exactly_one_message_for_each_key(program: Program) -> None:
    body = prepared(program)
    keys = [f"key-{number}" for number in range(10)]
    start = threading.Barrier(8)

    def call(worker: int) -> list[tuple[str, int, int | None]]:
        start.wait()
        seen = []
        for turn in range(40):
            key = keys[(worker + turn) % len(keys)]
            answer = program.post("/messages", body, key=key)
            seen.append((key, answer.status_code, answer.json().get("id")))
        connections.close_all()
        return seen

    with ThreadPoolExecutor(8) as pool:
        answers = [each for seen in pool.map(call, range(8)) for each in seen]

    assert Message.objects.count() == len(keys)
    taken = {(key, message_id) for key, status, message_id in answers if status == 202}
    assert len(taken) == len(keys)
    statuses = Counter(status for _key, status, _id in answers)
    assert set(statuses) <= {202, 409}
    assert sum(statuses.values()) == 320


@pytest.mark.django_db(transaction=True)
def test_a_crash_after_the_effect_leaves_neither_effect_nor_answer(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = prepared(program)

    class Crash(BaseException):
        pass

    def crash(*_args: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "_keep", crash)
        with pytest.raises(Crash):
            program.post("/messages", body, key="a")

    assert not transaction.get_connection().in_atomic_block
    assert not Message.objects.exists()
    assert program.post("/messages", body, key="a").status_code == 202


@pytest.mark.django_db
def test_a_kept_answer_holds_no_secret_in_the_clear(program: Program) -> None:
    body = {"url": "https://example.com/hooks", "kinds": ["message.delivered"]}

    first = program.post("/webhooks", body, key="a")
    again = program.post("/webhooks", body, key="a")

    secret = first.json()["secret"]
    kept = IdempotentAnswer.objects.get().answer
    assert (first.status_code, again.json()["secret"]) == (201, secret)
    assert secret not in str(kept)
    assert kept["text"].startswith("sealed:1:")


@pytest.mark.django_db
def test_an_answer_of_an_earlier_version_is_given_as_it_was_kept(program: Program) -> None:
    first = program.post("/lists", {"name": "One"}, key="a")
    answer = {"text": first.content.decode(), "headers": {"Content-Type": "application/json"}}
    IdempotentAnswer.objects.update(answer=answer)

    assert program.post("/lists", {"name": "One"}, key="a").content == first.content


@pytest.mark.django_db
def test_an_answer_that_cannot_be_unsealed_is_a_conflict_and_done_once(program: Program) -> None:
    program.post("/lists", {"name": "One"}, key="a")
    IdempotentAnswer.objects.update(answer={"text": "sealed:1:of another key", "headers": {}})

    assert program.post("/lists", {"name": "One"}, key="a").status_code == 409
    assert ContactList.objects.count() == 1


def _posts() -> list[tuple[str, Any]]:
    """(path, body as the document shows it) of every operation that is a POST."""
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    found = []
    for path, methods in paths.items():
        if "post" in methods:
            content = methods["post"].get("requestBody", {}).get("content", {})
            found.append(
                (path.removeprefix("/api/v1"), content.get("application/json", {}).get("example"))
            )
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("streams")
@pytest.mark.parametrize(("path", "body"), _posts())
def test_every_post_is_done_once_per_key(program: Program, path: str, body: Any) -> None:
    gateway = make_gateway(workspace=program.workspace)
    campaign = make_campaign(workspace=program.workspace, gateway=gateway)
    path = path.replace("{campaign_id}", str(campaign.id))
    path = re.sub(r"\{\w+\}", "1", path)

    first = program.post(path, body, key="once")
    second = program.post(path, body, key="once")

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second["Idempotency-Replayed"] == "true"
