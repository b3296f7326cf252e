"""Programmes to join, ready for sign-ups."""

from datetime import datetime
from typing import Any

from builders import make_gateway
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.core.wire import MoItem
from textwell.gateways.models import Gateway, Sender
from textwell.inbox.actions import record_replies
from textwell.messaging.models import Batch, Message
from textwell.programmes.actions import create_programme, publish_programme
from textwell.programmes.models import Placement, Programme, SignUp
from textwell.programmes.placements import update_placement
from textwell.programmes.signing import sign_up
from textwell.programmes.types import NewSignUp

ACTOR = "user:1"
NUMBER = "+33644640101"
SHORT_CODE = "38000"


def make_sender(workspace: Workspace, value: str = SHORT_CODE) -> Gateway:
    """A short code that people can text, at a gateway that reaches no phone."""
    gateway = make_gateway(workspace=workspace, sender=None)
    Sender.objects.create(
        workspace_id=workspace.id, gateway=gateway, value=value, kind="short_code"
    )
    return gateway


def make_programme(workspace: Workspace, *, is_published: bool = True, **values: Any) -> Programme:
    """A French programme with ready-made words and one placement."""
    given = {
        "name": "Bread club",
        "brand": "Green Bakery",
        "terms_url": "https://bakery.example/terms",
        "privacy_url": "https://bakery.example/privacy",
        **values,
    }
    made = create_programme(workspace=workspace, actor=ACTOR, **given)
    return publish_programme(programme=made, actor=ACTOR) if is_published else made


def placement_of(programme: Programme, **values: Any) -> Placement:
    """The first placement, changed."""
    found = Placement.objects.select_related("programme").get(programme=programme)
    return update_placement(placement=found, actor=ACTOR, **values) if values else found


def join_by(
    programme: Programme, *, method: str = "form", number: str = NUMBER, **values: Any
) -> SignUp:
    """Somebody signs up by its first placement."""
    placement = Placement.objects.select_related("programme").get(programme=programme)
    new = NewSignUp(msisdn=number, method=method, **values)
    return sign_up(placement=placement, new=new, actor="form")


def hand_off(at: datetime | None = None) -> None:
    """All that was recorded leaves, just now."""
    waiting = Message.objects.filter(handed_at=None)
    waiting.update(state="submitted", handed_at=at or now())


def write(
    gateway: Gateway,
    text: str,
    *,
    number: str = NUMBER,
    key: str = "1",
    to: str = SHORT_CODE,
    at: datetime | None = None,
) -> None:
    """Somebody texts us, just now."""
    received_at = at.timestamp() if at else 2_000_000_000.0
    record_replies([MoItem(gateway.id, key, number, to, text, received_at)])


def texts_to(workspace: Workspace) -> list[str]:
    """The single texts that were recorded, the oldest first."""
    rows = Batch.objects.filter(workspace_id=workspace.id, campaign_id=None).order_by("id")
    return list(rows.values_list("body", flat=True))
