"""The registry of senders: what covers a country, and until when."""

from datetime import date
from typing import Any

import pytest

from builders import make_gateway, make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.gateways import registrations
from textwell.gateways.models import Registration, RegistrationState
from textwell.gateways.rights import access_registration, list_rights, load_rights, standing_of
from textwell.gateways.selectors import load_gateway_spec

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 20)
PDF = b"%PDF-1.7 a letter of authority"


def register(workspace: Workspace, **values: Any) -> Registration:
    given = {
        "value": "BAKERY", "kind": "alphanumeric", "country": "VN", "purpose": "marketing",
        "state": "approved",
    } | values  # fmt: skip
    return registrations.create_registration(workspace_id=workspace.id, actor="user:1", **given)


def is_covered(workspace: Workspace, *, on: date = ON, **asked: str) -> bool:
    given = {"value": "BAKERY", "country": "VN", "purpose": "marketing"} | asked
    return load_rights(workspace.id, on=on).covers(
        given["value"], given["country"], given["purpose"], on=on
    )


@pytest.mark.parametrize("state", RegistrationState.values)
def test_only_what_is_approved_covers(workspace: Workspace, state: str) -> None:
    register(workspace, state=state)
    assert is_covered(workspace) is (state == "approved")


@pytest.mark.parametrize(
    "other",
    [{"value": "BAKER"}, {"country": "TH"}, {"purpose": "care"}],
    ids=lambda o: next(iter(o)),
)
def test_it_covers_its_own_triple_alone(workspace: Workspace, other: dict[str, str]) -> None:
    register(workspace)
    assert (is_covered(workspace), is_covered(workspace, **other)) == (True, False)


def test_it_holds_on_its_last_day_and_not_after_it(workspace: Workspace) -> None:
    made = register(workspace, expires_on=ON)
    after = date(2026, 11, 21)

    assert (is_covered(workspace, on=ON), is_covered(workspace, on=after)) == (True, False)
    assert [standing_of(made, on=day) for day in (ON, after)] == ["approved", "expired"]


@pytest.mark.parametrize(
    ("viettel", "mobifone", "is_enough"),
    [
        ("approved", None, True),
        ("approved", "approved", True),
        ("approved", "refused", False),
        ("approved", "draft", True),
        ("approved", "submitted", True),
        ("submitted", None, False),
    ],
)
def test_operators_by_name_cover_a_country_together(
    workspace: Workspace, viettel: str, mobifone: str | None, is_enough: bool
) -> None:
    register(workspace, operator="Viettel", state=viettel)
    if mobifone:
        register(workspace, operator="MobiFone", state=mobifone)
    assert is_covered(workspace) is is_enough


def test_one_for_all_operators_needs_no_other(workspace: Workspace) -> None:
    register(workspace, expires_on=ON)
    register(workspace, operator="Viettel", state="refused")

    (right,) = list_rights(workspace.id, on=ON)
    assert right.until == ON


def test_the_connector_is_told_and_no_neighbour(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, provider="simulator")
    register(make_workspace(name="Other"))
    register(workspace)
    registered = load_gateway_spec(gateway.id).rights
    assert [(each.value, each.country, each.purpose) for each in registered] == [
        ("BAKERY", "VN", "marketing")
    ]


@pytest.mark.parametrize(
    ("value", "kind"),
    [("TWELVELETTER", "alphanumeric"), ("AB", "alphanumeric"), ("Bäckerei", "alphanumeric"),
     ("0901234567", "modem"), ("12", "short_code")],
)  # fmt: skip
def test_what_no_telephone_can_show_is_refused(workspace: Workspace, value: str, kind: str) -> None:
    with pytest.raises(FieldError) as refused:
        register(workspace, value=value, kind=kind)
    assert refused.value.field == "value"


def test_the_same_is_on_file_once(workspace: Workspace) -> None:
    register(workspace)
    with pytest.raises(Conflict):
        register(workspace, state="draft")
    register(workspace, operator="Viettel")
    register(make_workspace(name="Other"))


def test_every_change_is_in_the_log_and_none_that_changes_nothing(workspace: Workspace) -> None:
    made = register(workspace, state="submitted")
    about: Any = {
        "workspace_id": workspace.id, "registration_id": made.id, "actor": "user:1",
    }  # fmt: skip
    registrations.change_registration(state="approved", expires_on=ON, **about)
    registrations.change_registration(state="approved", **about)
    registrations.change_registration(has_no_end=True, **about)
    registrations.delete_registration(**about)

    actions = AuditEntry.objects.filter(workspace_id=workspace.id).order_by("id")
    assert [entry.action for entry in actions] == [
        "registration.created", "registration.changed", "registration.changed",
        "registration.deleted",
    ]  # fmt: skip
    assert not Registration.objects.exists()


def test_a_paper_is_kept_once_with_its_hash(workspace: Workspace) -> None:
    made = register(workspace)
    about: Any = {
        "workspace_id": workspace.id, "registration_id": made.id, "actor": "user:1",
    }  # fmt: skip
    first = registrations.add_document(name="letter.pdf", body=PDF, **about)
    again = registrations.add_document(name="copy.pdf", body=PDF, **about)

    assert (first.id, again.id, first.size) == (again.id, first.id, len(PDF))
    assert bytes(access_registration(workspace.id, made.id).documents.get().body) == PDF
    registrations.remove_document(document_id=first.id, **about)
    with pytest.raises(NotFound):
        registrations.remove_document(document_id=first.id, **about)


@pytest.mark.parametrize("body", [b"", b"MZ\x90", PDF + bytes(5 * 1024 * 1024)])
def test_a_paper_is_small_and_of_a_kind_that_is_kept(workspace: Workspace, body: bytes) -> None:
    made = register(workspace)
    with pytest.raises(FieldError) as refused:
        registrations.add_document(
            workspace_id=workspace.id, registration_id=made.id, actor="user:1", name="a", body=body
        )
    assert refused.value.field == "file"
