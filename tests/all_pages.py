"""Every page that answers GET, in a workspace that has something of everything to show."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import F

from addresses import PATTERNS
from builders import make_campaign, make_contact
from domain.reports.sent import Sent, click, make_sent, opt_out, reply
from textwell.accounts.models import User, Workspace
from textwell.campaigns.models import Campaign, Stop, StoppedCampaign
from textwell.consent.suppressing import suppress_number
from textwell.contacts.models import Contact, ContactList, ImportRow, ImportRun, ListMember
from textwell.core.clock import now
from textwell.core.wire import MoItem
from textwell.gateways.models import GatewayHealth
from textwell.inbox.actions import record_replies
from textwell.inbox.models import CannedAnswer, Thread
from textwell.messaging.models import Message, SavedText, Tally
from textwell.programmes.actions import create_programme
from textwell.web.own_urls import DOOR, OWN
from textwell.webhooks.models import Delivery, Endpoint, Happening

_MINE: Final = {pattern.name for pattern in [*DOOR, *OWN]}


def methods_of(view: Callable[..., Any]) -> list[str]:  # Any: a view
    """What `require_POST` and its like let through; GET and POST where none was asked."""
    while True:
        kept = inspect.getclosurevars(view).nonlocals
        if "request_method_list" in kept:
            return list(kept["request_method_list"])
        if not hasattr(view, "__wrapped__"):
            return ["GET", "POST"]
        view = view.__wrapped__


# Names of all pages with something to read; one's own account and the door show nothing of a workspace.
GET_PAGES: Final = sorted(
    {str(p.name) for p in PATTERNS if p.name not in _MINE and "GET" in methods_of(p.callback)}
)

# Those that show figures.
FIGURE_PAGES: Final = {
    "campaigns", "campaigns.compose", "campaigns.detail", "campaigns.live", "campaigns.new",
    "campaigns.people", "campaigns.report", "campaigns.review", "campaigns.unknown", "ending",
    "gateways",
    "home", "imports", "imports.page", "inbox.replies", "lists", "opted_out", "people",
    "programmes", "programmes.detail", "stops",
    "tags", "webhooks", "webhooks.detail",
}  # fmt: skip


@dataclass
class Filled:
    """A workspace, and what the addresses of its pages are made of."""

    sent: Sent
    draft_id: int
    list_id: int
    run_id: int
    webhook_id: int
    thread_id: int
    canned_id: int
    template_id: int
    stop_id: int
    programme_id: int
    placement_id: int

    def path(self, name: str) -> str:
        """Where the page of this name is."""
        campaign = f"/campaigns/{self.sent.campaign.id}"
        own = {
            "campaigns.compose": f"/campaigns/{self.draft_id}/compose",
            "campaigns.review": f"/campaigns/{self.draft_id}/review",
            "campaigns.people": f"{campaign}/people?term=handed",
            "people": "/people?reaction=clicked",
            "people.export": "/people.csv?reaction=clicked",
            "tags.page": "/contacts/tags/one?tag=vip",
            "palette": "/palette?q=Ada",
            "campaigns.begin": "/campaigns/goals/discount",
            "gateways.create": "/gateways/new/smpp",
        }
        return own.get(name) or self._filled(name)

    def _filled(self, name: str) -> str:
        pattern = next(str(p.pattern) for p in PATTERNS if p.name == name)
        message = self.sent.messages[0]
        values = {
            "campaign_id": self.sent.campaign.id, "gateway_id": self.sent.campaign.gateway_id,
            "contact_id": message.contact_id, "message_id": message.id, "list_id": self.list_id,
            "run_id": self.run_id, "endpoint_id": self.webhook_id, "thread_id": self.thread_id,
            "canned_id": self.canned_id, "template_id": self.template_id, "stop_id": self.stop_id,
            "programme_id": self.programme_id, "placement_id": self.placement_id,
        }  # fmt: skip
        for key, value in values.items():
            pattern = pattern.replace(f"<int:{key}>", str(value))
        pattern = pattern.replace("<str:country>/<str:language>", "FR/en")
        return "/" + pattern.replace("<str:picture>", "svg")


def fill(workspace: Workspace, owner: User) -> Filled:
    """Something of everything. The addresses are in `Filled`."""
    sent = make_sent(workspace, people=48)
    delivered = sent.where(state="delivered")
    click(sent, delivered[0], "human", device="phone", country="FR")
    click(sent, delivered[1], "unsure", device="desktop")
    click(sent, delivered[2], "machine", device="other")
    reply(sent, delivered[4], "question")
    opt_out(sent, delivered[3])
    _hold_out(sent)
    GatewayHealth.objects.create(gateway_id=sent.campaign.gateway_id, throttled_count=3)
    people = [make_contact(workspace=workspace, first_name="Ada", tags=["vip"]) for _ in range(3)]
    made = ContactList.objects.create(workspace_id=workspace.id, name="Regulars")
    for person in people:
        ListMember.objects.create(list_id=made.id, contact_id=person.id)
    suppress_number(
        workspace_id=workspace.id, msisdn="+33610000001", source="", actor=f"user:{owner.id}"
    )
    gateway_id = sent.campaign.gateway_id or 0
    record_replies([MoItem(gateway_id, "all", people[0].msisdn, "", "Are you open?", 1.0)])
    draft = make_campaign(workspace=workspace, body="Hi {{ first_name }}", audience={"all": True})
    draft.fallbacks = {"first_name": "friend"}
    draft.save()
    return Filled(
        sent,
        draft.id,
        made.id,
        _import(workspace, people),
        _webhook(workspace),
        Thread.objects.latest("id").id,
        CannedAnswer.objects.create(workspace_id=workspace.id, name="Yes", body="Yes").id,
        SavedText.objects.create(workspace_id=workspace.id, name="Spring", body="Hi").id,
        _stop(workspace, sent, owner),
        *_programme(workspace),
    )


def _programme(workspace: Workspace) -> tuple[int, int]:
    made = create_programme(workspace=workspace, actor="system", name="Bread club")
    return made.id, made.placements.get().id


def _hold_out(sent: Sent) -> None:
    """One person is kept from the text by lot, and the campaign is judged by an event."""
    person = next(message for message in sent.messages if message.state == "skipped")
    tallies = Tally.objects.filter(campaign_id=sent.campaign.id, state="skipped")
    tallies.filter(reason=person.reason).update(message_count=F("message_count") - 1)
    tallies.create(campaign_id=sent.campaign.id, state="skipped", reason="holdout", message_count=1)
    Message.objects.filter(id=person.id).update(reason="holdout")
    Campaign.objects.filter(id=sent.campaign.id).update(
        metric="events", metric_event="order_completed", holdout_percent=10
    )


def _import(workspace: Workspace, people: list[Contact]) -> int:
    run = ImportRun.objects.create(
        workspace_id=workspace.id, filename="people.csv", state="applied", encoding="utf-8", delimiter=",",
        header=["phone"], mapping={"phone": "msisdn"}, totals={"new": 3, "invalid": 1}, row_count=4,
        actor="system", list_id=None,
    )  # fmt: skip
    for line, person in enumerate(people, start=1):
        ImportRow.objects.create(
            import_run_id=run.id, line=line, verdict="new", msisdn=person.msisdn,
            contact_id=person.id,
        )  # fmt: skip
    ImportRow.objects.create(import_run_id=run.id, line=4, verdict="invalid", raw="x", reason="x")
    return run.id


def _webhook(workspace: Workspace) -> int:
    endpoint = Endpoint.objects.create(workspace_id=workspace.id, url="https://example.org/hook")
    for key, state in enumerate(("failed", "delivered", "pending")):
        happening = Happening.objects.create(
            workspace_id=workspace.id, kind="message.delivered", source_key=str(key), at=now()
        )
        Delivery.objects.create(endpoint=endpoint, happening=happening, state=state)
    return endpoint.id


def _stop(workspace: Workspace, sent: Sent, owner: User) -> int:
    stop = Stop.objects.create(
        workspace_id=workspace.id, stopped_by=f"user:{owner.id}", stopped_at=now(),
        reason="wrong price", lifted_by=f"user:{owner.id}", lifted_at=now() + timedelta(minutes=1),
    )  # fmt: skip
    handed = [m for m in sent.messages if m.handed_at is not None]
    StoppedCampaign.objects.create(
        stop=stop, campaign_id=sent.campaign.id, planned_count=40, handed_count=len(handed),
        waiting_count=6,
    )  # fmt: skip
    return stop.id
