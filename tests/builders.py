"""Rows for tests: typed, keyword-only, valid by default. Numbers are of ranges that nobody has."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from cryptography.fernet import Fernet

from textwell.accounts.models import Membership, Role, User, Workspace
from textwell.campaigns.models import Campaign
from textwell.consent.models import ConsentEvent, ConsentKind, ConsentState
from textwell.contacts.models import Contact
from textwell.core.seal import PREFIX
from textwell.gateways.models import Gateway, RegisteredTemplate, Registration, Sender

PASSWORD = "correct horse battery"
GIVEN_AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
BASIS = "express_written"  # how people agree: it suffices everywhere

_numbers = count(1)


def make_workspace(*, name: str = "Green Bakery", country: str = "FR", **values: Any) -> Workspace:
    """With a way to reach it, which many countries ask for."""
    told = {"public_contact": "care@bakery.example"} | values
    return Workspace.objects.create(name=name, country=country, **told)


def make_user(*, email: str | None = None, name: str = "Ada", password: str = PASSWORD) -> User:
    address = email or f"person{next(_numbers)}@example.org"
    return User.objects.create_user(email=address, password=password, name=name)


def make_member(*, workspace: Workspace, role: str, **values: Any) -> User:
    """A user with that role (accounts.models.Role) in the workspace."""
    user = make_user(**values)
    Membership.objects.create(user=user, workspace=workspace, role=role)
    return user


def make_owner(*, workspace: Workspace, **values: Any) -> User:
    return make_member(workspace=workspace, role=Role.OWNER, **values)


def make_contact(
    *,
    workspace: Workspace,
    msisdn: str | None = None,
    country: str = "FR",
    has_consent: bool = True,
    **values: Any,
) -> Contact:
    """A person; with consent to marketing by SMS unless told otherwise."""
    contact = Contact.objects.create(
        workspace_id=workspace.id,
        msisdn=msisdn or f"+336{next(_numbers):08d}",
        country=country,
        **values,
    )
    if has_consent:
        grant_consent(contact=contact)
    return contact


def make_crowd(*, workspace: Workspace, count: int, **values: Any) -> list[Contact]:
    """So many people with consent to marketing by SMS, in three statements."""
    start = {"VN": "+849"}.get(values.setdefault("country", "FR"), "+336")
    people = Contact.objects.bulk_create(
        Contact(workspace_id=workspace.id, msisdn=f"{start}{next(_numbers):08d}", **values)
        for _ in range(count)
    )
    events = ConsentEvent.objects.bulk_create(
        ConsentEvent(**_consent(contact, "marketing")) for contact in people
    )
    ConsentState.objects.bulk_create(ConsentState(**_state(event)) for event in events)
    return people


def make_registration(*, workspace: Workspace, text: str = "{1}", **values: Any) -> Registration:
    """BAKERY approved for advertising in Vietnam, with one approved text: any, unless it is given."""
    asked = {
        "value": "BAKERY", "kind": "alphanumeric", "country": "VN", "purpose": "marketing",
        "state": "approved",
    } | values  # fmt: skip
    made = Registration.objects.create(workspace_id=workspace.id, **asked)
    RegisteredTemplate.objects.create(
        registration=made, name="Sale", text=text, longest=500, state="approved"
    )
    return made


def grant_consent(*, contact: Contact, purpose: str = "marketing") -> ConsentEvent:
    """The event and the state that follows from it."""
    event = ConsentEvent.objects.create(**_consent(contact, purpose))
    ConsentState.objects.create(**_state(event))
    return event


def _consent(contact: Contact, purpose: str) -> dict[str, Any]:
    return {
        "workspace_id": contact.workspace_id,
        "contact_id": contact.id,
        "purpose": purpose,
        "kind": ConsentKind.OPT_IN,
        "given_at": GIVEN_AT,
        "source": "Form at the counter",
        "wording": "Yes, text me offers.",
        "basis": BASIS,
        "actor": "system",
    }


def _state(event: ConsentEvent) -> dict[str, Any]:
    return {
        "contact_id": event.contact_id,
        "channel": "sms",
        "purpose": event.purpose,
        "workspace_id": event.workspace_id,
        "is_granted": True,
        "event_id": event.id,
        "basis": event.basis,
        "since": GIVEN_AT,
    }


def make_gateway(
    *,
    workspace: Workspace,
    name: str | None = None,
    provider: str = "simulator",
    sender: str | None = "BAKERY",
    **values: Any,
) -> Gateway:
    """An account at a provider, with one alphanumeric sender for every country."""
    gateway = Gateway.objects.create(
        workspace_id=workspace.id,
        name=name or f"Gateway {next(_numbers)}",
        provider=provider,
        **values,
    )
    if sender is not None:
        Sender.objects.create(
            workspace_id=workspace.id, gateway=gateway, value=sender, kind="alphanumeric"
        )
    return gateway


def make_foreign_seal(text: str) -> str:
    """A secret that another installation sealed, as after the loss of its signing key."""
    return PREFIX + Fernet(Fernet.generate_key()).encrypt(text.encode()).decode()


def make_campaign(
    *,
    workspace: Workspace,
    gateway: Gateway | None = None,
    body: str = "Fresh bread",
    **values: Any,
) -> Campaign:
    """A draft to everyone of the workspace."""
    chosen = gateway or make_gateway(workspace=workspace)
    defaults = {"name": "Spring bread", "audience": {"all": True}, "sender": "BAKERY"}
    return Campaign.objects.create(
        workspace_id=workspace.id, gateway_id=chosen.id, body=body, **(defaults | values)
    )
