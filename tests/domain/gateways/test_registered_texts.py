"""Templates of registered senders: what is kept of them, and for how long each holds."""

from datetime import date
from typing import Any

import pytest

from builders import make_gateway, make_registration, make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.gateways import registered_texts as texts
from textwell.gateways.approved import list_approved
from textwell.gateways.models import RegisteredTemplate, Registration, RegistrationState
from textwell.gateways.selectors import load_gateway_spec

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 20)
BEFORE = date(2026, 11, 19)


def about(registration: Registration, **more: Any) -> dict[str, Any]:
    who = {"workspace_id": registration.workspace_id, "registration_id": registration.id}
    return who | {"actor": "user:1"} | more


@pytest.fixture
def registration(workspace: Workspace) -> Registration:
    made = make_registration(workspace=workspace)
    made.templates.all().delete()
    return made


@pytest.mark.parametrize("state", RegistrationState.values)
def test_only_what_is_approved_may_be_said(registration: Registration, state: str) -> None:
    texts.add_template(**about(registration, name="Sale", text="Hi {#var#}", state=state))
    assert len(list_approved(registration.workspace_id, on=ON)) == (state == "approved")


@pytest.mark.parametrize(
    ("label", "of_template", "of_sender", "holds"),
    [
        ("no end", {}, {}, True),
        ("its last day", {"expires_on": ON}, {}, True),
        ("it ended", {"expires_on": BEFORE}, {}, False),
        ("its sender's last day", {}, {"expires_on": ON}, True),
        ("its sender ended", {}, {"expires_on": BEFORE}, False),
        ("its sender is suspended", {}, {"state": "suspended"}, False),
    ],
)
def test_a_template_holds_while_its_sender_does(
    registration: Registration,
    label: str,
    of_template: dict[str, Any],
    of_sender: dict[str, Any],
    holds: bool,
) -> None:
    given = {"name": "Sale", "text": "Hi", "state": "approved"} | of_template
    texts.add_template(**about(registration, **given))
    Registration.objects.filter(id=registration.id).update(**of_sender)

    gateway = make_gateway(workspace=Workspace.objects.get(id=registration.workspace_id))
    assert len(list_approved(registration.workspace_id, on=ON)) == holds
    if label == "no end":
        assert [each.text for each in load_gateway_spec(gateway.id).templates] == ["Hi"]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("text", {"text": " "}),
        ("text", {"text": "{#var#} {1}"}),  # any text at all
        ("text", {"text": "a" * 2_001}),
        ("name", {"name": ""}),
        ("longest", {"longest": 0}),
        ("longest", {"longest": 501}),
        ("state", {"state": "perhaps"}),
    ],
)
def test_what_would_be_no_template_is_refused(
    registration: Registration, field: str, given: dict[str, Any]
) -> None:
    with pytest.raises(FieldError) as refused:
        texts.add_template(**about(registration, **({"name": "Sale", "text": "Hi"} | given)))

    assert refused.value.field == field
    assert not RegisteredTemplate.objects.exists()


def test_every_change_is_in_the_log_and_a_neighbour_makes_none(registration: Registration) -> None:
    made = texts.add_template(**about(registration, name="Sale", text="Hi"))
    mine = about(registration, template_id=made.id)
    with pytest.raises(Conflict):
        texts.add_template(**about(registration, name="Sale", text="Other"))
    texts.change_template(state="approved", expires_on=ON, **mine)
    texts.change_template(state="approved", **mine)
    texts.change_template(has_no_end=True, **mine)
    with pytest.raises(NotFound):
        texts.remove_template(**(mine | {"workspace_id": make_workspace(name="Other").id}))
    texts.remove_template(**mine)

    found = AuditEntry.objects.filter(workspace_id=registration.workspace_id).order_by("id")
    assert [entry.action.removeprefix("registration.template_") for entry in found] == [
        "added", "changed", "changed", "removed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "longest"), [("a{1}" * 21, 1), ("a{1}" * 5, 401)], ids=["places", "characters"]
)
def test_a_template_leaves_no_more_open_than_a_text_holds(
    registration: Registration, text: str, longest: int
) -> None:
    with pytest.raises(FieldError) as refused:
        texts.add_template(**about(registration, name="Sale", text=text, longest=longest))
    assert refused.value.field == "text"
