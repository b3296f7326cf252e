"""API keys that a program makes, changes and revokes."""

from collections.abc import Callable

import pytest

from api.conftest import Program
from textwell.accounts.keys import change_api_key
from textwell.accounts.models import ApiKey, AuditEntry
from textwell.accounts.selectors import find_api_key

pytestmark = pytest.mark.django_db

NEW = {"name": "Shop", "scopes": ["messages:send"]}


def test_a_key_is_made_and_its_secret_shown_once(program: Program) -> None:
    answer = program.post("/keys", NEW)

    made = answer.json()
    key = find_api_key(made["secret"])
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/keys/{made['id']}")
    assert key is not None
    assert (key.name, key.scopes, key.workspace_id) == (
        "Shop",
        ["messages:send"],
        program.workspace.id,
    )
    assert "secret" not in program.get(f"/keys/{made['id']}").json()
    entry = AuditEntry.objects.get(action="api_keys.created", subject=f"key:{key.id}")
    assert entry.actor == f"key:{program.key.id}"


def test_no_key_gives_a_scope_that_it_lacks(program_with: Callable[..., Program]) -> None:
    maker = program_with("keys:manage", "contacts:read")
    wanted = {"name": "Shop", "scopes": ["contacts:read", "contacts:write"]}

    answer = maker.post("/keys", wanted)

    assert (answer.status_code, answer.json()["scope"]) == (403, "contacts:write")
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("wanted", "status", "given"),
    [({}, 201, 50), ({"rate_per_s": 20}, 201, 20), ({"rate_per_s": 51}, 422, None),
     ({"rate_per_s": 0}, 422, None)],
)  # fmt: skip
def test_no_key_gets_round_its_rate_by_another(
    program: Program, wanted: dict[str, int], status: int, given: int | None
) -> None:
    change_api_key(key=program.key, actor="system", door_purpose="marketing", rate_per_s=50)

    answer = program.post("/keys", NEW | wanted)

    assert (answer.status_code, answer.json().get("rate_per_s")) == (status, given)


def test_how_a_key_is_used_is_changed(program: Program) -> None:
    path = f"/keys/{program.post('/keys', NEW).json()['id']}"

    answer = program.send("patch", path, {"door_purpose": "otp"})

    assert (answer.status_code, answer.json()["door_purpose"]) == (200, "otp")
    assert answer.json()["rate_per_s"] is None


def test_a_key_that_may_do_more_is_not_changed(
    program: Program, program_with: Callable[..., Program]
) -> None:
    path = f"/keys/{program.key.id}"

    answer = program_with("keys:manage").send("patch", path, {"door_purpose": "otp"})

    program.key.refresh_from_db()
    assert (answer.status_code, program.key.door_purpose) == (403, "marketing")


def test_a_revoked_key_is_refused_and_still_listed(program: Program) -> None:
    made = program.post("/keys", NEW).json()

    revoked = program.post(f"/keys/{made['id']}/revoke").json()

    assert revoked["revoked_at"]
    assert find_api_key(made["secret"]) is None
    first = program.get("/keys", limit=1).json()
    rest = program.get("/keys", after=first["next"]).json()
    shown = [key["id"] for key in first["items"] + rest["items"]]
    assert shown == [made["id"], program.key.id]


def test_keys_of_others_are_not_there(program: Program, stranger: Program) -> None:
    path = f"/keys/{program.key.id}"

    answers = [
        stranger.get(path),
        stranger.send("patch", path, {"rate_per_s": 1}),
        stranger.post(f"{path}/revoke"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    program.key.refresh_from_db()
    assert (program.key.revoked_at, program.key.rate_per_s) == (None, None)
