"""Members and invitations through the API."""

import pytest

from api.conftest import Program
from builders import make_member, make_owner
from textwell.accounts.invitations import find_invitation, invite_member
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import ApiKey, AuditEntry, Membership, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(program: Program) -> User:
    return make_owner(workspace=program.workspace)


@pytest.fixture
def analyst(program: Program, owner: User) -> User:
    return make_member(workspace=program.workspace, role=Role.ANALYST)


def role_of(program: Program, user: User) -> str:
    return Membership.objects.get(workspace=program.workspace, user=user).role


def test_members_come_in_pages(program: Program, owner: User, analyst: User) -> None:
    first = program.get("/members", limit=1).json()
    rest = program.get("/members", after=first["next"]).json()

    shown = [(each["id"], each["role"]) for each in first["items"] + rest["items"]]
    assert shown == [(owner.id, "owner"), (analyst.id, "analyst")]
    assert rest["next"] is None


def test_a_role_is_changed(program: Program, analyst: User) -> None:
    answer = program.send("patch", f"/members/{analyst.id}", {"role": "marketer"})

    assert (answer.status_code, answer.json()["role"]) == (200, "marketer")
    entry = AuditEntry.objects.get(action="members.changed", subject=f"user:{analyst.id}")
    assert entry.actor == f"key:{program.key.id}"


def test_a_member_is_removed(program: Program, analyst: User) -> None:
    assert program.send("delete", f"/members/{analyst.id}", None).status_code == 204
    assert not Membership.objects.filter(user=analyst).exists()


def test_a_removed_member_leaves_no_key_and_no_invitation(program: Program, analyst: User) -> None:
    make = {"workspace": program.workspace, "scopes": ["contacts:read"]}
    own, _secret = create_api_key(name="Own", actor=f"user:{analyst.id}", **make)
    second, _secret = create_api_key(name="Second", actor=f"key:{own.id}", **make)
    create_api_key(name="Others", actor="system", **make)
    token = invite_before(program, analyst)

    program.send("delete", f"/members/{analyst.id}", None)

    revoked = ApiKey.objects.exclude(revoked_at=None).values_list("id", flat=True)
    assert set(revoked) == {own.id, second.id}
    assert find_invitation(token) is None


def invite_before(program: Program, user: User) -> str:
    """The token of an invitation that was open when the person came in by another way."""
    membership = Membership.objects.get(workspace=program.workspace, user=user)
    membership.delete()
    _invitation, token = invite_member(
        workspace=program.workspace, email=user.email, role=Role.AGENT, actor="system"
    )
    membership.save()
    return token


def test_no_key_makes_an_owner_or_takes_ones_role(
    program: Program, owner: User, analyst: User
) -> None:
    answers = [
        program.send("patch", f"/members/{analyst.id}", {"role": "owner"}),
        program.send("patch", f"/members/{owner.id}", {"role": "reader"}),
        program.send("delete", f"/members/{owner.id}", None),
        program.post("/invitations", {"email": "bo@example.com", "role": "owner"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    assert (role_of(program, owner), role_of(program, analyst)) == ("owner", "analyst")
    assert program.get("/invitations").json()["items"] == []


def test_a_person_is_invited_by_a_link_that_is_shown_once(program: Program) -> None:
    answer = program.post("/invitations", {"email": "Bo@Example.com", "role": "agent"})

    made = answer.json()
    found = find_invitation(made["link"].rpartition("/")[2])
    assert found is not None
    assert (answer.status_code, found.id, found.email) == (201, made["id"], "bo@example.com")
    (listed,) = program.get("/invitations").json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "link"}


def test_an_address_that_is_none_is_named(program: Program) -> None:
    answer = program.post("/invitations", {"email": "bo at home", "role": "agent"})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "email")


def test_an_invitation_is_revoked(program: Program) -> None:
    made = program.post("/invitations", {"email": "bo@example.com", "role": "agent"}).json()

    assert program.send("delete", f"/invitations/{made['id']}", None).status_code == 204
    assert find_invitation(made["link"].rpartition("/")[2]) is None


def test_what_is_of_others_is_not_there(program: Program, stranger: Program, analyst: User) -> None:
    made = program.post("/invitations", {"email": "bo@example.com", "role": "agent"}).json()

    answers = [
        stranger.send("patch", f"/members/{analyst.id}", {"role": "reader"}),
        stranger.send("delete", f"/members/{analyst.id}", None),
        stranger.send("delete", f"/invitations/{made['id']}", None),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert role_of(program, analyst) == "analyst"
    assert find_invitation(made["link"].rpartition("/")[2]) is not None
