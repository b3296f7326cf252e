"""/Groups: who is in them, and the role that they give."""

from typing import Any

import pytest

from api.scim.conftest import GROUP_SCHEMA, Directory, directory_of
from builders import make_member, make_owner, make_workspace
from textwell.accounts.directory.groups import set_group_role
from textwell.accounts.models import AuditEntry, DirectoryGroup, Membership, User, Workspace
from textwell.core.errors import Conflict


def role_of(workspace: Workspace, key: str) -> str:
    return Membership.objects.get(workspace=workspace, user_id=int(key)).role


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Textwell Marketers", "marketer"),
        ("textwell-administrators", "admin"),
        ("Textwell Read only", "reader"),
        ("Textwell Agent", "agent"),
        ("Textwell Owners", "reader"),
        ("Administrators", "reader"),
        ("Sales", "reader"),
    ],
)
def test_a_group_gives_a_role_by_its_name_but_never_the_owner_s(
    name: str, role: str, directory: Directory, workspace: Workspace
) -> None:
    anna = directory.add("anna@example.org")

    directory.add_group(name, anna)

    assert role_of(workspace, anna) == role


def test_a_group_is_told_with_its_people(directory: Directory) -> None:
    anna = directory.add("anna@example.org", displayName="Anna")
    key = directory.add_group("Sales", anna)

    got = directory.get(f"/Groups/{key}").json()

    del got["meta"]
    assert got == {
        "schemas": [GROUP_SCHEMA],
        "id": key,
        "displayName": "Sales",
        "members": [
            {
                "value": anna,
                "$ref": f"http://127.0.0.1:8000/scim/v2/Users/{anna}",
                "type": "User",
                "display": "Anna",
            }
        ],
    }
    groups = directory.get(f"/Users/{anna}").json()["groups"]
    assert [(each["value"], each["display"]) for each in groups] == [(key, "Sales")]


def test_a_group_is_found_by_its_name(directory: Directory) -> None:
    sales = directory.add_group("Sales", directory.add("anna@example.org"))
    directory.add_group("Support")

    found = directory.get(
        "/Groups", filter='displayName eq "SALES"', excludedAttributes="members"
    ).json()

    assert [each["id"] for each in found["Resources"]] == [sales]
    assert "members" not in found["Resources"][0]
    other = directory.get("/Groups", filter='displayName sw "Sup"').json()
    assert other["totalResults"] == 1


ADDING = [
    ("rfc, okta", [{"op": "add", "path": "members", "value": [{"value": "BEN"}]}]),
    ("entra", [{"op": "Add", "path": "members", "value": [{"value": "BEN", "$ref": None}]}]),
    ("without a path", [{"op": "add", "value": {"members": [{"value": "BEN"}]}}]),
    ("all", [{"op": "replace", "path": "members", "value": [{"value": "ANNA"}, {"value": "BEN"}]}]),
]
REMOVING = [
    ("rfc, okta", [{"op": "remove", "path": 'members[value eq "ANNA"]'}]),
    ("entra", [{"op": "Remove", "path": "members", "value": [{"value": "ANNA"}]}]),
    ("all", [{"op": "remove", "path": "members"}]),
    ("replaced", [{"op": "replace", "path": "members", "value": []}]),
    ("replaced without a path", [{"op": "replace", "value": {"members": []}}]),
]


def _with(operations: list[dict[str, Any]], **ids: str) -> list[dict[str, Any]]:
    import json

    text = json.dumps(operations)
    for name, key in ids.items():
        text = text.replace(name.upper(), key)
    found: list[dict[str, Any]] = json.loads(text)
    return found


@pytest.mark.parametrize(("why", "operations"), ADDING, ids=[why for why, _o in ADDING])
def test_people_come_into_a_group(
    why: str, operations: list[dict[str, Any]], directory: Directory, workspace: Workspace
) -> None:
    anna, ben = directory.add("anna@example.org"), directory.add("ben@example.org")
    key = directory.add_group("Textwell marketers", anna)

    answer = directory.patch(f"/Groups/{key}", *_with(operations, anna=anna, ben=ben))

    assert [each["value"] for each in answer.json()["members"]] == [anna, ben]
    assert [role_of(workspace, each) for each in (anna, ben)] == ["marketer", "marketer"]


@pytest.mark.parametrize(("why", "operations"), REMOVING, ids=[why for why, _o in REMOVING])
def test_whoever_leaves_a_group_loses_its_role(
    why: str, operations: list[dict[str, Any]], directory: Directory, workspace: Workspace
) -> None:
    anna = directory.add("anna@example.org")
    key = directory.add_group("Textwell marketers", anna)

    answer = directory.patch(f"/Groups/{key}", *_with(operations, anna=anna))

    assert answer.status_code == 200, answer.content
    assert "members" not in answer.json()
    assert role_of(workspace, anna) == "reader"


def test_put_and_delete_take_the_role_too(directory: Directory, workspace: Workspace) -> None:
    anna, ben = directory.add("anna@example.org"), directory.add("ben@example.org")
    key = directory.add_group("Textwell marketers", anna, ben)
    body = {"schemas": [GROUP_SCHEMA], "displayName": "Renamed", "members": [{"value": ben}]}

    put = directory.call("PUT", f"/Groups/{key}", body)
    after_put = [role_of(workspace, each) for each in (anna, ben)]
    deleted = directory.call("DELETE", f"/Groups/{key}")

    assert (put.json()["displayName"], deleted.status_code) == ("Renamed", 204)
    assert after_put == ["reader", "marketer"]
    assert role_of(workspace, ben) == "reader"
    assert directory.get(f"/Groups/{key}").status_code == 404


def test_of_two_groups_the_role_that_can_do_more_counts(
    directory: Directory, workspace: Workspace
) -> None:
    anna = directory.add("anna@example.org")
    directory.add_group("Textwell readers", anna)
    admins = directory.add_group("Textwell admins", anna)
    both = role_of(workspace, anna)

    directory.call("DELETE", f"/Groups/{admins}")

    assert (both, role_of(workspace, anna)) == ("admin", "reader")


def test_a_role_given_by_hand_is_not_taken_with_a_group(
    directory: Directory, workspace: Workspace
) -> None:
    ben = str(make_member(workspace=workspace, role="analyst", email="ben@example.org").id)
    sales = directory.add_group("Sales", ben)

    directory.call("DELETE", f"/Groups/{sales}")

    assert role_of(workspace, ben) == "analyst"


def test_an_owner_made_by_hand_stays_one_in_any_group(
    directory: Directory, workspace: Workspace, owner: User
) -> None:
    key = directory.add_group("Textwell readers", str(owner.id))

    directory.call("DELETE", f"/Groups/{key}")

    assert role_of(workspace, str(owner.id)) == "owner"


def test_whoever_comes_back_has_the_role_of_the_groups(
    directory: Directory, workspace: Workspace
) -> None:
    anna = directory.add("anna@example.org")
    directory.add_group("Textwell marketers", anna)
    directory.patch(f"/Users/{anna}", {"op": "replace", "value": {"active": False}})

    directory.patch(f"/Users/{anna}", {"op": "replace", "value": {"active": True}})

    assert role_of(workspace, anna) == "marketer"


def test_an_owner_chooses_the_role_of_a_group(
    directory: Directory, workspace: Workspace, owner: User
) -> None:
    anna = directory.add("anna@example.org")
    key = int(directory.add_group("Sales", anna))
    actor = f"user:{owner.id}"

    set_group_role(workspace=workspace, group_id=key, role="owner", actor=actor)
    chosen = role_of(workspace, anna)
    set_group_role(workspace=workspace, group_id=key, role="", actor=actor)

    assert (chosen, role_of(workspace, anna)) == ("owner", "reader")
    entries = AuditEntry.objects.filter(action="directory.group_role_changed", actor=actor)
    assert [each.data for each in entries.order_by("id")] == [
        {"before": {"role": ""}, "after": {"role": "owner"}},
        {"before": {"role": "owner"}, "after": {"role": ""}},
    ]


def test_the_last_owner_does_not_leave_by_a_group(
    directory: Directory, workspace: Workspace, owner: User
) -> None:
    anna = directory.add("anna@example.org")
    key = directory.add_group("Bosses", anna)
    set_group_role(workspace=workspace, group_id=int(key), role="owner", actor="system")
    Membership.objects.filter(user=owner).delete()

    answer = directory.patch(f"/Groups/{key}", {"op": "remove", "path": "members"})

    assert answer.status_code == 409
    assert role_of(workspace, anna) == "owner"
    assert DirectoryGroup.objects.get().people.count() == 1
    with pytest.raises(Conflict):
        set_group_role(workspace=workspace, group_id=int(key), role="", actor="system")


@pytest.mark.parametrize("member", ["STRANGER", "no-number", "9999999999999999999999", ""])
def test_only_people_of_the_workspace_are_in_its_groups(
    member: str, directory: Directory, workspace: Workspace
) -> None:
    stranger = make_owner(workspace=make_workspace(name="Other"), email="s@example.org")
    value = str(stranger.id) if member == "STRANGER" else member
    body = {"schemas": [GROUP_SCHEMA], "displayName": "Sales", "members": [{"value": value}]}

    answer = directory.call("POST", "/Groups", body)

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert not DirectoryGroup.objects.exists()


def test_a_group_of_another_workspace_is_not_there(directory: Directory) -> None:
    elsewhere = make_workspace(name="Other")
    other = directory_of(elsewhere, make_owner(workspace=elsewhere, email="s@example.org"))
    key = other.add_group("Sales")
    body = {"schemas": [GROUP_SCHEMA], "displayName": "Taken"}

    statuses = [
        directory.get(f"/Groups/{key}").status_code,
        directory.call("PUT", f"/Groups/{key}", body).status_code,
        directory.patch(f"/Groups/{key}", {"op": "remove", "path": "members"}).status_code,
        directory.call("DELETE", f"/Groups/{key}").status_code,
    ]

    assert statuses == [404, 404, 404, 404]
    assert directory.get("/Groups").json()["totalResults"] == 0
    assert DirectoryGroup.objects.get().display_name == "Sales"


def test_a_group_name_is_there_once(directory: Directory) -> None:
    directory.add_group("Sales")
    support = directory.add_group("Support")
    body = {"schemas": [GROUP_SCHEMA], "displayName": "sales"}

    again = directory.call("POST", "/Groups", body)
    renamed = directory.patch(
        f"/Groups/{support}", {"op": "replace", "path": "displayName", "value": "Sales"}
    )

    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    assert renamed.status_code == 409
