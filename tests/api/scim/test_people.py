"""One of /Users made, changed and taken out, in the spellings of Okta, Entra and the RFC."""

import json
from typing import Any

import pytest

from api.scim.conftest import BASE, USER_SCHEMA, Directory
from builders import make_member, make_owner, make_user, make_workspace
from textwell.accounts.models import AuditEntry, DirectoryPerson, Membership, User, Workspace
from textwell.core.settings import load_settings

# As Okta's documentation has it, with what we pass over.
OKTA_USER = {
    "schemas": [USER_SCHEMA],
    "userName": "Anna@example.org",
    "name": {"givenName": "Anna", "familyName": "Nguyễn"},
    "emails": [{"primary": True, "value": "anna@example.org", "type": "work"}],
    "displayName": "Anna Nguyễn",
    "locale": "en-US",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}
# As Entra sends it, with an extension that we do not keep.
ENTRA_USER = {
    "schemas": [USER_SCHEMA, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": "anna@example.org",
    "active": "True",
    "emails": [{"primary": True, "type": "work", "value": "anna@example.org"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Anna Nguyễn", "familyName": "Nguyễn", "givenName": "Anna"},
    "title": "Manager",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Sales"},
}


def role_of(workspace: Workspace, email: str) -> str | None:
    found = Membership.objects.filter(workspace=workspace, user__email=email).first()
    return found.role if found else None


@pytest.mark.parametrize("body", [OKTA_USER, ENTRA_USER], ids=["okta", "entra"])
def test_a_new_person_is_a_member_who_may_read(
    body: dict[str, Any], directory: Directory, workspace: Workspace
) -> None:
    answer = directory.call("POST", "/Users", body)

    user = User.objects.get(email="anna@example.org")
    place = f"{load_settings().public_url.rstrip('/')}{BASE}/Users/{user.id}"
    got = dict(answer.json())
    meta = got.pop("meta")
    assert (answer.status_code, answer["Location"]) == (201, place)
    assert answer["Content-Type"] == "application/scim+json"
    assert (meta["resourceType"], meta["location"]) == ("User", place)
    assert got == {
        "schemas": [USER_SCHEMA],
        "id": str(user.id),
        "externalId": body["externalId"],
        "userName": body["userName"],
        "name": {"familyName": "Nguyễn", "givenName": "Anna"},
        "displayName": "Anna Nguyễn",
        "active": True,
        "emails": [{"value": "anna@example.org", "type": "work", "primary": True}],
    }
    assert role_of(workspace, "anna@example.org") == "reader"
    assert (user.name, user.has_usable_password()) == ("Anna Nguyễn", False)
    assert directory.get(f"/Users/{user.id}").json() == answer.json()


def test_a_person_who_comes_is_in_the_log_by_the_name_of_the_directory(
    directory: Directory, workspace: Workspace
) -> None:
    key = directory.add("anna@example.org")

    found = AuditEntry.objects.filter(workspace_id=workspace.id, actor__startswith="directory:")
    assert [(each.action, each.subject) for each in found.order_by("id")] == [
        ("directory.person_added", f"user:{key}"),
        ("members.added", f"user:{key}"),
    ]


def test_who_has_an_account_elsewhere_keeps_it(directory: Directory, workspace: Workspace) -> None:
    user = make_user(email="anna@example.org", name="Her own")

    key = directory.add("anna@example.org", displayName="Anna N.")

    user.refresh_from_db()
    assert key == str(user.id)
    assert (user.name, user.has_usable_password()) == ("Her own", True)
    assert role_of(workspace, user.email) == "reader"


def test_a_user_name_that_is_no_address_comes_with_one(
    directory: Directory, workspace: Workspace
) -> None:
    emails = [{"value": "other@example.org"}, {"value": "anna@example.org", "primary": True}]

    key = directory.add("anna.n", emails=emails)

    assert directory.get(f"/Users/{key}").json()["userName"] == "anna.n"
    assert role_of(workspace, "anna@example.org") == "reader"


@pytest.mark.parametrize(
    ("why", "values", "scim_type"),
    [
        ("no address", {"userName": "anna.n"}, "invalidValue"),
        ("no user name", {"emails": [{"value": "a@example.org"}]}, "invalidValue"),
        ("not a truth", {"userName": "a@example.org", "active": "perhaps"}, "invalidValue"),
        ("too long", {"userName": "a@example.org", "externalId": "x" * 255}, "invalidValue"),
        ("no text", {"userName": 7}, "invalidValue"),
        ("null character", {"userName": "a@example.org", "externalId": "\0"}, "invalidValue"),
    ],
)
def test_a_person_that_cannot_be_is_refused(
    why: str, values: dict[str, Any], scim_type: str, directory: Directory, owner: User
) -> None:
    answer = directory.call("POST", "/Users", {"schemas": [USER_SCHEMA], **values})

    assert (answer.status_code, answer.json()["scimType"]) == (400, scim_type)
    assert list(User.objects.all()) == [owner]


@pytest.mark.parametrize("user_name", ["anna@example.org", "ANNA@example.org"])
def test_a_person_comes_once(user_name: str, directory: Directory) -> None:
    directory.add("anna@example.org")

    answer = directory.call("POST", "/Users", {"schemas": [USER_SCHEMA], "userName": user_name})

    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert answer.json()["status"] == "409"


# How each of them says that somebody has left.
LEAVING = [
    ("okta", [{"op": "replace", "value": {"active": False}}]),
    ("entra by default", [{"op": "Replace", "path": "active", "value": "False"}]),
    ("entra lately", [{"op": "Replace", "path": "active", "value": False}]),
    ("add", [{"op": "Add", "path": "active", "value": "false"}]),
    ("with its schema", [{"op": "replace", "path": f"{USER_SCHEMA}:active", "value": False}]),
    ("by its schema", [{"op": "replace", "value": {f"{USER_SCHEMA}:active": "False"}}]),
    ("among others", [
        {"op": "Add", "path": "title", "value": "Retired"},
        {"op": "Replace", "path": "active", "value": "False"},
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "operations"), LEAVING, ids=[why for why, _o in LEAVING])
def test_whoever_is_switched_off_is_no_member(
    why: str, operations: list[dict[str, Any]], directory: Directory, workspace: Workspace
) -> None:
    key = directory.add("anna@example.org", externalId="7")

    answer = directory.patch(f"/Users/{key}", *operations)

    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert role_of(workspace, "anna@example.org") is None
    assert directory.get("/Users", filter='externalId eq "7"').json()["Resources"] == [
        answer.json()
    ]


def test_whoever_is_switched_on_again_comes_back_to_read(
    directory: Directory, workspace: Workspace
) -> None:
    key = directory.add("anna@example.org")
    Membership.objects.filter(user_id=key).update(role="admin")
    directory.patch(f"/Users/{key}", {"op": "replace", "value": {"active": False}})

    answer = directory.patch(f"/Users/{key}", {"op": "replace", "value": {"active": True}})

    assert answer.json()["active"] is True
    assert role_of(workspace, "anna@example.org") == "reader"


def test_a_person_may_come_switched_off(directory: Directory, workspace: Workspace) -> None:
    key = directory.add("anna@example.org", active=False)

    assert directory.get(f"/Users/{key}").json()["active"] is False
    assert role_of(workspace, "anna@example.org") is None


def test_put_makes_a_person_as_it_says(directory: Directory, workspace: Workspace) -> None:
    key = directory.add("anna@example.org", displayName="Anna", externalId="7")
    body = {"schemas": [USER_SCHEMA], "id": key, "userName": "anna@example.org", "active": False}

    answer = directory.call("PUT", f"/Users/{key}", body | {"name": {"givenName": "An"}})

    got = answer.json()
    assert (got["active"], got["name"]) == (False, {"givenName": "An"})
    assert "externalId" not in got
    assert role_of(workspace, "anna@example.org") is None


def test_put_that_does_not_say_so_switches_nobody_off_or_on(directory: Directory) -> None:
    key = directory.add("anna@example.org", active=False)
    body = {"schemas": [USER_SCHEMA], "userName": "anna@example.org", "externalId": "9"}

    answer = directory.call("PUT", f"/Users/{key}", body)

    assert (answer.json()["active"], answer.json()["externalId"]) == (False, "9")


@pytest.mark.parametrize(
    ("operation", "name", "expected"),
    [
        ({"op": "replace", "path": "displayName", "value": "Ann"}, "displayName", "Ann"),
        ({"op": "Add", "path": "externalId", "value": "9"}, "externalId", "9"),
        ({"op": "Add", "value": {"name.givenName": "Ann"}}, "name",
         {"givenName": "Ann", "familyName": "N"}),
        ({"op": "replace", "path": "name.familyName", "value": "M"}, "name",
         {"givenName": "Anna", "familyName": "M"}),
        ({"op": "remove", "path": "externalId"}, "externalId", None),
        ({"op": "Replace", "path": 'emails[type eq "home"].value', "value": "b@example.org"},
         "userName", "anna@example.org"),
        ({"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+84"},
         "userName", "anna@example.org"),
        ({"op": "Add",
          "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
          "value": "Sales"}, "userName", "anna@example.org"),
        ({"op": "Add",
          "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
          "value": "7"}, "userName", "anna@example.org"),
    ],
)  # fmt: skip
def test_a_patch_changes_what_it_names_and_passes_over_what_we_do_not_keep(
    operation: dict[str, Any], name: str, expected: Any, directory: Directory
) -> None:
    key = directory.add(
        "anna@example.org", externalId="7", name={"givenName": "Anna", "familyName": "N"}
    )

    answer = directory.patch(f"/Users/{key}", operation)

    assert answer.status_code == 200, answer.content
    assert answer.json().get(name) == expected
    assert answer.json()["active"] is True


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "replace", "path": "id", "value": "1"}, "mutability"),
        ({"op": "move", "path": "active", "value": False}, "invalidValue"),
        ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
        ({"op": "replace", "path": "active["}, "invalidPath"),
    ],
)
def test_a_patch_that_cannot_be_changes_nothing(
    operation: dict[str, Any], scim_type: str, directory: Directory
) -> None:
    key = directory.add("anna@example.org")
    before = directory.get(f"/Users/{key}").json()

    answer = directory.patch(
        f"/Users/{key}", {"op": "replace", "path": "displayName", "value": "X"}, operation
    )

    assert (answer.status_code, answer.json()["scimType"]) == (400, scim_type)
    assert directory.get(f"/Users/{key}").json() == before


def test_deleted_is_not_found_and_comes_anew(directory: Directory, workspace: Workspace) -> None:
    key = directory.add("anna@example.org")

    assert directory.call("DELETE", f"/Users/{key}").status_code == 204

    assert directory.get(f"/Users/{key}").status_code == 404
    assert directory.call("DELETE", f"/Users/{key}").status_code == 404
    assert role_of(workspace, "anna@example.org") is None
    assert User.objects.filter(id=key).exists()
    assert directory.add("anna@example.org") == key


def test_a_member_who_came_by_hand_is_found_and_kept(
    directory: Directory, workspace: Workspace
) -> None:
    member = make_member(workspace=workspace, role="marketer", email="ben@example.org")
    found = directory.get("/Users", filter='userName eq "ben@example.org"').json()["Resources"]

    directory.patch(f"/Users/{found[0]['id']}", {"op": "add", "path": "externalId", "value": "88"})

    assert found[0]["id"] == str(member.id)
    assert role_of(workspace, member.email) == "marketer"
    assert DirectoryPerson.objects.get().external_id == "88"


@pytest.mark.parametrize("way", ["patch", "put", "delete"])
def test_the_last_owner_stays(
    way: str, directory: Directory, workspace: Workspace, owner: User
) -> None:
    path = f"/Users/{owner.id}"
    body = {"schemas": [USER_SCHEMA], "userName": owner.email, "active": False}

    if way == "patch":
        answer = directory.patch(path, {"op": "replace", "value": {"active": False}})
    else:
        answer = directory.call(way.upper(), path, body if way == "put" else None)

    assert answer.status_code == 409
    assert "A workspace needs an owner" in answer.json()["detail"]
    assert role_of(workspace, owner.email) == "owner"
    assert directory.get(path).json()["active"] is True


def test_an_owner_who_is_not_the_last_leaves(
    directory: Directory, workspace: Workspace, owner: User
) -> None:
    make_owner(workspace=workspace, email="other@example.org")

    directory.patch(f"/Users/{owner.id}", {"op": "replace", "value": {"active": False}})

    assert role_of(workspace, owner.email) is None


def test_a_person_of_another_workspace_is_not_there(directory: Directory) -> None:
    elsewhere = make_workspace(name="Other")
    stranger = make_member(workspace=elsewhere, role="admin", email="s@example.org")
    path = f"/Users/{stranger.id}"
    body = {"schemas": [USER_SCHEMA], "userName": "s@example.org", "active": False}

    statuses = [
        directory.get(path).status_code,
        directory.call("PUT", path, body).status_code,
        directory.patch(path, {"op": "replace", "value": {"active": False}}).status_code,
        directory.call("DELETE", path).status_code,
    ]

    assert statuses == [404, 404, 404, 404]
    assert directory.get("/Users", filter='userName eq "s@example.org"').json()["totalResults"] == 0
    assert role_of(elsewhere, stranger.email) == "admin"


def test_an_account_of_its_own_making_takes_another_address(directory: Directory) -> None:
    key = directory.add("anna@example.org")

    answer = directory.patch(
        f"/Users/{key}", {"op": "replace", "path": "userName", "value": "anna.m@example.org"}
    )

    assert answer.json()["userName"] == "anna.m@example.org"
    assert User.objects.get(id=key).email == "anna.m@example.org"


def test_the_name_of_an_account_of_others_is_told_of_members_alone(
    directory: Directory, workspace: Workspace
) -> None:
    user = make_user(email="ben@example.org", name="Ben Secret")

    key = directory.add(user.email, active=False)

    assert "displayName" not in directory.get(f"/Users/{key}").json()
    Membership.objects.create(workspace=workspace, user=user, role="reader")
    assert directory.get(f"/Users/{key}").json()["displayName"] == "Ben Secret"


def test_the_name_of_an_account_of_its_own_making_is_told(directory: Directory) -> None:
    key = directory.add("anna@example.org", active=False)
    User.objects.filter(id=key).update(name="Anna")

    assert directory.get(f"/Users/{key}").json()["displayName"] == "Anna"


@pytest.mark.parametrize("whose", ["made by hand", "in another workspace too", "taken"])
def test_no_directory_takes_an_account_over_by_another_address(
    whose: str, directory: Directory, workspace: Workspace
) -> None:
    if whose == "made by hand":
        user = make_member(workspace=workspace, role="reader", email="anna@example.org")
    else:
        user = User.objects.get(id=directory.add("anna@example.org"))
    if whose == "in another workspace too":
        elsewhere = make_workspace(name="Other")
        Membership.objects.create(user=user, workspace=elsewhere, role="owner")
    if whose == "taken":
        make_user(email="evil@example.org")

    answer = directory.patch(
        f"/Users/{user.id}", {"op": "replace", "path": "userName", "value": "evil@example.org"}
    )

    user.refresh_from_db()
    assert answer.status_code == 409
    assert user.email == "anna@example.org"


def test_a_body_that_is_no_json_is_refused(directory: Directory) -> None:
    answer = directory.call("POST", "/Users", b"{")

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")
    assert directory.call("POST", "/Users", json.dumps([1]).encode()).status_code == 400
    assert directory.call("POST", "/Users", b"[" * 5000).status_code == 400
