"""The pages of suppressed numbers: found, added, lifted, and what of them may not be done there."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from builders import make_contact, make_workspace
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_out
from textwell.consent.models import SuppressionReason
from textwell.consent.suppressing import suppress_number
from textwell.core.clock import now

pytestmark = pytest.mark.django_db
LIST, NEW = "/contacts/suppressed/", "/contacts/suppressed/new"


def _suppress(workspace: Workspace, msisdn: str, reason: str = "manual") -> SuppressionReason:
    return suppress_number(
        workspace_id=workspace.id, msisdn=msisdn, reason=reason, source="api", actor="key:3"
    )


def _told(answer: Any) -> list[str]:  # Any: Django's test response
    return [str(message) for message in get_messages(answer.wsgi_request)]


def _rows(client: Client, query: str = "") -> list[str]:
    """The masked numbers of the list."""
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return [row.msisdn for row, _person, _who in answer.context["rows"]]


def test_the_list_tells_whose_number_it_is_and_hides_the_number(
    owner_client: Client, workspace: Workspace
) -> None:
    person = make_contact(workspace=workspace, first_name="Linh", msisdn="+33610000001")
    _suppress(workspace, person.msisdn, "complaint")
    _suppress(make_workspace(name="Other"), "+33610000009")

    page = owner_client.get(LIST).content.decode()

    assert [text in page for text in ("Linh", "Complained", "By a program", "+3361•••001")] == [
        True
    ] * 4
    assert "+33610000001" not in page
    assert _rows(owner_client) == ["+33610000001"]


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        ("mo", "The person, by text"),
        ("system", "Textwell"),
        ("user:987654", "Somebody whose account is gone (987654)"),
        ("key:987654", "An API key that is gone (987654)"),
        ("", ""),
    ],
)
def test_the_list_says_in_words_who_put_a_number_down(
    owner_client: Client, workspace: Workspace, actor: str, words: str
) -> None:
    suppress_number(
        workspace_id=workspace.id, msisdn="+33610000001", reason="manual", source="", actor=actor
    )

    page = owner_client.get(LIST)

    assert [who for _row, _person, who in page.context["rows"]] == [words]
    assert f'<span class="small">{words}</span>' in page.content.decode() or not words


def test_the_list_is_searched_by_number_and_reason(
    owner_client: Client, workspace: Workspace
) -> None:
    _suppress(workspace, "+33610000001")
    _suppress(workspace, "+33620000001", "register")

    assert _rows(owner_client, "?q=0610000001") == ["+33610000001"]
    assert _rows(owner_client, "?reason=register") == ["+33620000001"]
    assert _rows(owner_client, "?q=Linh") == []
    assert "Give the digits of a number." in owner_client.get(f"{LIST}?q=Linh").content.decode()


def test_pasted_numbers_are_suppressed_and_those_that_are_none_stay_in_the_form(
    owner_client: Client, workspace: Workspace
) -> None:
    given = "06 10 00 00 01; +33 620 00 00 01\nnobody\n\n06 10 00 00 01"
    form = {"msisdns": given, "region": "FR", "reason": "register", "note": "May"}

    answer = owner_client.post(NEW, form)

    assert answer.status_code == 422
    assert answer.context["form"]["msisdns"].value() == "nobody"
    assert _told(answer) == ["2 numbers are not texted any more."]
    found = SuppressionReason.objects.order_by("msisdn").values_list("msisdn", "reason", "source")
    assert list(found) == [
        ("+33610000001", "register", "page"),
        ("+33620000001", "register", "page"),
    ]


def test_numbers_that_are_all_right_lead_back_to_the_list(
    owner_client: Client, workspace: Workspace
) -> None:
    _suppress(workspace, "+33610000001")
    form = {"msisdns": "+33610000001", "region": "FR", "reason": "manual"}

    answer = owner_client.post(NEW, form)

    assert answer.headers["Location"] == LIST
    assert _told(answer) == ["1 number was on the list for this reason before."]


@pytest.mark.parametrize(
    ("change", "field"), [({"msisdns": " "}, "msisdns"), ({"reason": "opted_out"}, "reason")]
)
def test_a_form_that_cannot_be_says_so_by_field(
    owner_client: Client, workspace: Workspace, change: dict[str, str], field: str
) -> None:
    form = {"msisdns": "+33610000001", "region": "FR", "reason": "manual"} | change

    answer = owner_client.post(NEW, form)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not SuppressionReason.objects.exists()


def test_a_person_is_suppressed_without_their_number_being_shown(
    owner_client: Client, workspace: Workspace
) -> None:
    person = make_contact(workspace=workspace)

    answer = owner_client.post(f"/contacts/{person.id}/suppress", {"reason": "complaint"})

    assert answer.headers["Location"] == f"/contacts/{person.id}"
    assert SuppressionReason.objects.get().msisdn == person.msisdn


def test_a_lift_asks_why(owner_client: Client, workspace: Workspace) -> None:
    row = _suppress(workspace, "+33610000001")
    path = f"{LIST}{row.id}/lift"

    assert "+3361•••001" in owner_client.get(path).content.decode()
    assert owner_client.post(path, {"reason": ""}).status_code == 422
    assert SuppressionReason.objects.count() == 1
    lifted = owner_client.post(path, {"reason": "Typing error"})

    assert _told(lifted) == ["Lifted. Consent decides again whether it is texted."]
    assert not SuppressionReason.objects.exists()


def test_an_opt_out_is_not_lifted_and_the_page_says_what_does(
    owner_client: Client, workspace: Workspace
) -> None:
    person = make_contact(workspace=workspace)
    record_opt_out(
        workspace_id=workspace.id, contact_id=person.id, msisdn=person.msisdn, source="reply",
        wording="STOP", given_at=now(), actor="mo",
    )  # fmt: skip
    path = f"{LIST}{SuppressionReason.objects.get().id}/lift"

    answer = owner_client.post(path, {"reason": "They called"})

    assert "Record their new consent" in answer.content.decode()
    assert SuppressionReason.objects.count() == 1


def test_another_workspaces_row_is_not_there(owner_client: Client) -> None:
    theirs = _suppress(make_workspace(name="Other"), "+33610000001")

    assert owner_client.post(f"{LIST}{theirs.id}/lift", {"reason": "x"}).status_code == 404
    assert SuppressionReason.objects.count() == 1
