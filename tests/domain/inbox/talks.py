"""People who text us, and the threads that come of it."""

from datetime import UTC, datetime

from builders import make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.wire import MoItem
from textwell.inbox.actions import record_replies
from textwell.inbox.models import Reply, Thread

AT = 1_772_000_000.0
ACTOR = "user:1"


def write(contact: Contact, gateway_id: int, text: str, *, key: str = "1", at: float = AT) -> None:
    """The person texts us."""
    record_replies([MoItem(gateway_id, f"{contact.id}-{key}", contact.msisdn, "BAKERY", text, at)])


def make_thread(workspace: Workspace, text: str = "When do you open?") -> Thread:
    """A person who wrote and waits, and a gateway that carries answers."""
    gateway = make_gateway(workspace=workspace)
    contact = make_contact(workspace=workspace, first_name="Linh")
    write(contact, gateway.id, text)
    return Thread.objects.get(contact_id=contact.id)


def time_of(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def write_as_stranger(workspace: Workspace, text: str, key: str) -> Reply:
    gateway = make_gateway(workspace=workspace)
    record_replies([MoItem(gateway.id, key, "+33612345699", "BAKERY", text, AT)])
    return Reply.objects.get(source_key=key)
