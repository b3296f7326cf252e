"""Lists and tags as a whole, through the API."""

import pytest

from api.conftest import Program
from builders import make_campaign, make_contact
from textwell.contacts.models import Contact, ContactList

pytestmark = pytest.mark.django_db


def test_a_list_is_filled_by_a_filter_counted_renamed_and_deleted(program: Program) -> None:
    make_contact(workspace=program.workspace, tags=["vip"])
    make_contact(workspace=program.workspace, has_consent=False, tags=["vip"])
    made = program.post("/lists", {"name": "Spring"}).json()
    path = f"/lists/{made['id']}"

    added = program.post(f"{path}/members", {"filter": {"tag": "vip"}}).json()
    renamed = program.send("patch", path, {"name": "Fair"}).json()
    shown = program.get("/lists").json()

    assert added == {"count": 2, "is_under_way": False}
    assert renamed["name"] == "Fair"
    assert [(s["name"], s["contact_count"], s["textable_count"]) for s in shown] == [("Fair", 2, 1)]
    assert program.send("delete", path, None).json() == {"count": 2}
    assert program.get("/lists").json() == []


@pytest.mark.parametrize("whom", [{}, {"contact_ids": [1], "filter": {}}])
def test_it_must_be_clear_who_is_meant(program: Program, whom: dict[str, object]) -> None:
    answer = program.post("/tags", {"add": ["vip"], **whom})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "contact_ids"


def test_what_a_scheduled_campaign_chooses_by_is_a_conflict(program: Program) -> None:
    make_contact(workspace=program.workspace, tags=["vip"])
    made = program.post("/lists", {"name": "Spring"}).json()
    for audience in ({"tag": "vip"}, {"list_id": made["id"]}):
        make_campaign(workspace=program.workspace, state="scheduled", audience=audience)

    answers = [
        program.send("delete", f"/lists/{made['id']}", None),
        program.post("/tags/rename", {"tag": "vip", "to": "gold"}),
        program.post("/tags/delete", {"tag": "vip"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert (Contact.objects.get().tags, ContactList.objects.count()) == (["vip"], 1)


def test_a_tag_is_renamed_and_deleted(program: Program) -> None:
    make_contact(workspace=program.workspace, tags=["a", "b"])

    program.post("/tags/rename", {"tag": "a", "to": "b"})
    assert Contact.objects.get().tags == ["b"]
    program.post("/tags/delete", {"tag": "b"})
    assert Contact.objects.get().tags == []
