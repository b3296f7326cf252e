"""The page of one API key."""

import re

from django.test import Client

from textwell.accounts.keys import create_api_key
from textwell.accounts.models import ApiKey, AuditEntry, Workspace


def make_key(workspace: Workspace) -> ApiKey:
    key, _secret = create_api_key(
        workspace=workspace, name="Shop", scopes=["messages:send"], actor="system"
    )
    return key


def test_the_page_shows_what_other_vendors_clients_ask_for(
    owner_client: Client, workspace: Workspace
) -> None:
    key = make_key(workspace)

    page = owner_client.get(f"/settings/keys/{key.id}/").content.decode()

    assert re.findall(r'id="(?:account|key)-sid">([^<]+)<', page) == [
        f"AC{workspace.id:032x}",
        f"SK{key.id:032x}",
    ]
    assert f"<code>{key.prefix}</code>" in page


def test_the_use_of_a_key_is_changed_and_noted(owner_client: Client, workspace: Workspace) -> None:
    key = make_key(workspace)

    answer = owner_client.post(
        f"/settings/keys/{key.id}/", {"door_purpose": "otp", "rate_per_s": "20"}
    )

    key.refresh_from_db()
    assert (answer.status_code, key.door_purpose, key.rate_per_s) == (302, "otp", 20)
    entry = AuditEntry.objects.get(action="api_keys.changed")
    assert entry.data == {
        "before": {"door_purpose": "marketing", "rate_per_s": None},
        "after": {"door_purpose": "otp", "rate_per_s": 20},
    }


def test_what_cannot_be_is_refused_beside_its_field(
    owner_client: Client, workspace: Workspace
) -> None:
    key = make_key(workspace)

    answer = owner_client.post(
        f"/settings/keys/{key.id}/", {"door_purpose": "spam", "rate_per_s": "-1"}
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"door_purpose", "rate_per_s"}
    key.refresh_from_db()
    assert (key.door_purpose, key.rate_per_s) == ("marketing", None)
