"""Who may call what: keys, scopes, workspaces."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.conftest import Program
from builders import make_campaign, make_contact
from textwell.accounts.keys import revoke_api_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("method", "path"), [("get", "/contacts"), ("post", "/messages")])
def test_without_a_key_nothing_is_answered(db: None, method: str, path: str) -> None:
    answer = getattr(Client(), method)(f"/api/v1{path}", content_type="application/json")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == 'Bearer realm="textwell"'


def test_a_wrong_secret_is_refused(program: Program) -> None:
    program.secret += "x"

    assert program.get("/contacts").status_code == 401


def test_a_revoked_key_is_refused_from_the_next_request_on(program: Program) -> None:
    assert program.get("/contacts").status_code == 200

    revoke_api_key(key=program.key, actor="system")

    assert program.get("/contacts").status_code == 401


def test_a_key_is_looked_up_once_a_request(program: Program) -> None:
    program.post("/lists", {"name": "One"}, key="a")

    with CaptureQueriesContext(connection) as queries:
        program.post("/lists", {"name": "Two"}, key="b")

    asked = [each for each in queries if 'FROM "accounts_apikey"' in each["sql"]]
    assert len(asked) == 1


def test_the_use_of_a_key_is_noted(program: Program) -> None:
    program.get("/contacts")

    program.key.refresh_from_db()
    assert program.key.last_used_at is not None


def test_what_is_foreign_is_not_found(program: Program, stranger: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    campaign = make_campaign(workspace=program.workspace)

    for path in (
        f"/contacts/{contact.id}",
        f"/contacts/{contact.id}/consent",
        f"/campaigns/{campaign.id}",
        f"/campaigns/{campaign.id}/report",
        f"/campaigns/{campaign.id}/people",
    ):
        answer = stranger.get(path)
        assert answer.status_code == 404, path
        assert answer.json()["type"] == "urn:textwell:problem:not_found"


def test_a_foreign_campaign_is_neither_launched_nor_changed(
    program: Program, stranger: Program
) -> None:
    campaign = make_campaign(workspace=program.workspace)

    assert stranger.post(f"/campaigns/{campaign.id}/launch").status_code == 404
    changed = stranger.send("patch", f"/campaigns/{campaign.id}", {"name": "Mine"})
    assert changed.status_code == 404
    campaign.refresh_from_db()
    assert (campaign.state, campaign.name) == ("draft", "Spring bread")
