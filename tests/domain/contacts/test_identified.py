"""People that tracking libraries tell of: found, changed, made; consent is never touched."""

import pytest

from builders import make_contact, make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.contacts.actions import define_field
from textwell.contacts.identified import Identified, identify_people
from textwell.contacts.models import Contact
from textwell.contacts.tracked.actions import record_events
from textwell.core.wire import EventItem

pytestmark = pytest.mark.django_db

NUMBER = "+33612345678"


def tell(workspace: Workspace, *given: Identified) -> int:
    return identify_people(workspace_id=workspace.id, given=given, actor="key:1")


def test_a_person_is_found_by_the_senders_id_and_keeps_the_number(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    Contact.objects.filter(id=contact.id).update(external_id="u1")

    tell(workspace, Identified("a", "u1", NUMBER, "ada@example.org", {"first_name": "Ada"}))

    assert Contact.objects.count() == 1
    stored = Contact.objects.get()
    assert (stored.msisdn, stored.first_name, stored.email) == (
        contact.msisdn, "Ada", "ada@example.org",
    )  # fmt: skip


def test_a_number_is_found_and_takes_the_senders_id(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)

    tell(workspace, Identified("a", "u1", contact.msisdn))

    assert Contact.objects.get().external_id == "u1"


def test_an_unknown_number_becomes_a_contact_without_consent(workspace: Workspace) -> None:
    tell(workspace, Identified("a", "u1", NUMBER, traits={"smsConsent": True, "subscribed": True}))

    contact = Contact.objects.get()
    assert (contact.msisdn, contact.external_id, contact.country) == (NUMBER, "u1", "FR")
    assert not ConsentEvent.objects.exists()
    assert not ConsentState.objects.exists()


def test_an_address_finds_the_one_person_who_has_it(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    Contact.objects.filter(id=contact.id).update(email="Ada@example.org")

    tell(workspace, Identified("a", "u1", email="ada@example.org", texts={"last_name": "King"}))

    stored = Contact.objects.get()
    assert (stored.last_name, stored.external_id) == ("King", "u1")


def test_an_address_of_two_people_and_an_unknown_one_change_nobody(workspace: Workspace) -> None:
    for _each in range(2):
        make_contact(workspace=workspace)
    Contact.objects.update(email="info@example.org")

    count = tell(
        workspace,
        Identified("a", "u1", email="info@example.org", texts={"last_name": "King"}),
        Identified("b", "u2", email="nobody@example.org"),
    )

    assert count == 0
    assert set(Contact.objects.values_list("external_id", flat=True)) == {None}


def test_somebody_whom_the_sender_calls_by_another_id_is_left_alone(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    Contact.objects.filter(id=contact.id).update(external_id="u1", first_name="Ada")

    tell(workspace, Identified("a", "u2", contact.msisdn, texts={"first_name": "Eve"}))

    stored = Contact.objects.get()
    assert (stored.external_id, stored.first_name) == ("u1", "Ada")


def test_another_workspaces_person_is_not_found(workspace: Workspace) -> None:
    other = make_contact(workspace=make_workspace(name="Theirs"))
    Contact.objects.update(external_id="u1", email="ada@example.org")

    tell(workspace, Identified("a", "u1", email="ada@example.org", texts={"last_name": "King"}))

    assert Contact.objects.get().id == other.id
    assert Contact.objects.get().last_name != "King"


def test_known_fields_are_kept_typed_and_what_cannot_be_is_left_out(workspace: Workspace) -> None:
    define_field(workspace_id=workspace.id, name="city", label="City", kind="text", actor="test")
    define_field(workspace_id=workspace.id, name="visits", label="Visits", kind="number", actor="t")
    traits = {"city": "Lyon", "visits": "many", "plan": "gold", "tags": ["a"]}
    texts = {"language": "nonsense!", "zone": "Mars/Base", "first_name": "x" * 200}

    tell(workspace, Identified("a", "u1", NUMBER, texts=texts, traits=traits))

    contact = Contact.objects.get()
    assert contact.fields == {"city": "Lyon"}
    assert (contact.language, contact.zone, contact.first_name) == ("", "", "")


def test_two_calls_about_one_person_are_one_row_with_the_later_value(workspace: Workspace) -> None:
    tell(
        workspace,
        Identified("a", "u1", NUMBER, texts={"first_name": "Ada", "last_name": "Byron"}),
        Identified("b", "u1", texts={"last_name": "King"}),
    )

    contact = Contact.objects.get()
    assert (contact.first_name, contact.last_name) == ("Ada", "King")
    entry = AuditEntry.objects.get(action="contacts.identified")
    assert (entry.actor, entry.data) == ("key:1", {"after": {"created": 1, "updated": 0}})


def test_what_was_told_before_changes_nothing_again(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    record_events([EventItem(workspace.id, "identify", 1_790_000_000.0, "a", external_id="u1")])

    tell(workspace, Identified("a", "u1", contact.msisdn, texts={"last_name": "Old"}))

    assert Contact.objects.get().last_name != "Old"
    assert not AuditEntry.objects.filter(action="contacts.identified").exists()
