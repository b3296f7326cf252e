"""/Users asked for: by a filter, page by page, with some attributes alone."""

import pytest

from api.scim.conftest import USER_SCHEMA, Directory
from textwell.accounts.models import User

FILTERS = [
    'userName eq "anna@example.org"',
    'username EQ "Anna@Example.org"',
    'externalId eq "7"',
    'emails eq "anna@example.org"',
    'emails[type eq "work"].value eq "anna@example.org"',
    'emails[type eq "work" and value eq "anna@example.org"]',
    'emails.value eq "anna@example.org"',
    'id eq "ID"',
    'userName sw "ann"',
    'displayName co "nna" and active eq true',
    'not (userName eq "OWNER" or externalId eq "8")',
    'name.givenName eq "Anna"',
]


@pytest.mark.parametrize("text", FILTERS)
def test_a_person_is_found_by_what_is_known(text: str, directory: Directory, owner: User) -> None:
    anna = directory.add(
        "anna@example.org", externalId="7", displayName="Anna", name={"givenName": "Anna"}
    )
    directory.add("ben@example.org", externalId="8")
    text = text.replace("ID", anna).replace("OWNER", owner.email)

    found = directory.get("/Users", filter=text).json()

    assert [each["id"] for each in found["Resources"]] == [anna]
    assert (found["totalResults"], found["itemsPerPage"], found["startIndex"]) == (1, 1, 1)


def test_whoever_nobody_knows_is_an_empty_list(directory: Directory) -> None:
    answer = directory.get("/Users", filter='userName eq "0b3ff8c2-0000"')

    assert (answer.status_code, answer.json()["totalResults"]) == (200, 0)
    assert answer.json()["Resources"] == []


@pytest.mark.parametrize(
    "text",
    ["userName", 'userName is "a"', 'nickName eq "a"', "userName gt", "(" * 900, "x" * 3000],
)
def test_a_filter_that_cannot_be_read_is_refused(text: str, directory: Directory) -> None:
    answer = directory.get("/Users", filter=text)

    assert answer.status_code == 400
    assert answer.json()["scimType"] in {"invalidFilter", "invalidSyntax"}


def test_pages_begin_at_one_and_know_the_total(directory: Directory, owner: User) -> None:
    ids = [str(owner.id)] + [directory.add(f"p{number}@example.org") for number in range(4)]

    pages = [
        directory.get("/Users", startIndex=str(at), count="2").json() for at in (0, 1, 3, 5, 7)
    ]

    assert [[each["id"] for each in page["Resources"]] for page in pages] == [
        ids[:2], ids[:2], ids[2:4], ids[4:], [],
    ]  # fmt: skip
    assert {page["totalResults"] for page in pages} == {5}
    assert [page["startIndex"] for page in pages] == [1, 1, 3, 5, 7]
    nothing = directory.get("/Users", count="0").json()
    assert (nothing["totalResults"], nothing["Resources"]) == (5, [])


def test_only_what_was_asked_for_is_told(directory: Directory) -> None:
    key = directory.add("anna@example.org", displayName="Anna")

    asked = directory.get(f"/Users/{key}", attributes="userName").json()
    others = directory.get("/Users", excludedAttributes="emails,meta").json()["Resources"]

    assert asked == {"schemas": [USER_SCHEMA], "id": key, "userName": "anna@example.org"}
    assert not any("emails" in each or "meta" in each for each in others)
