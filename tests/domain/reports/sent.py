"""A campaign after its sending, made of rows whose facts the tests keep to recompute from."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.db import connection

from builders import make_campaign, make_gateway
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.consent.models import ConsentEvent
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.inbox.models import Reply
from textwell.links.models import Click
from textwell.messaging.models import Message, Progress
from textwell.messaging.plan import reserve_block

# State, reason, code, segments. Two states are told apart by their hand-off: "refused" is rejected
# at hand-off, "rejected" by a receipt; "expired" ran out of time here, "lapsed" at the carrier.
OUTCOMES = (
    ("delivered", "", "", 1), ("delivered", "", "", 2), ("delivered", "", "", 1),
    ("undelivered", "absent_subscriber", "27", 1), ("undelivered", "handset_off", "1", 2),
    ("refused", "invalid_number", "11", 1), ("expired", "", "", 0), ("submitted", "", "", 1),
    ("rejected", "spam", "69", 1), ("lapsed", "handset_off", "34", 1),
    ("unknown", "", "", 1), ("skipped", "no_consent", "", 0), ("skipped", "opted_out", "", 0),
    ("canceled", "", "", 0), ("planned", "", "", 0), ("held", "stopped", "", 0),
)  # fmt: skip
PLACES = (("FR", "Orange"), ("FR", "SFR"), ("VN", "Viettel"), ("US", ""))
PRICE = 50_000
HANDED_AT = now().replace(microsecond=0) - timedelta(minutes=30)
DONE_AT = HANDED_AT + timedelta(seconds=10)

_numbers = count(1)


@dataclass
class Sent:
    campaign: Campaign
    messages: list[Message]
    contacts: dict[int, Contact]
    human: set[int] = field(default_factory=set)  # message ids with a person's click
    replied: set[int] = field(default_factory=set)
    opted_out: set[int] = field(default_factory=set)

    def where(self, **facts: object) -> list[int]:
        """Message ids whose row has all these values, recomputed without the report."""
        return [m.id for m in self.messages if all(getattr(m, k) == v for k, v in facts.items())]


def make_sent(workspace: Workspace, *, people: int = 60, seed: int = 5) -> Sent:
    """`people` messages over all outcomes and places, in a scattered order."""
    chance = random.Random(seed)
    campaign = make_campaign(
        workspace=workspace,
        gateway=make_gateway(workspace=workspace, price_micros=PRICE),
        state="sending",
    )
    first, last = reserve_block(people + 10)
    campaign.first_message_id, campaign.last_message_id = first, last
    campaign.audience_count = campaign.planned_count = people
    campaign.launched_at = now() - timedelta(hours=1)
    campaign.save()
    contacts = _people(workspace, people, chance)
    messages = [
        _message(campaign, first + number, contact, chance.choice(OUTCOMES))
        for number, contact in enumerate(contacts)
    ]
    Message.objects.bulk_create(messages)
    _tally(campaign)
    return Sent(campaign, messages, {contact.id: contact for contact in contacts})


def _people(workspace: Workspace, people: int, chance: random.Random) -> list[Contact]:
    made = []
    for number in range(people):
        country, operator = chance.choice(PLACES)
        prefix = {"FR": "+336", "VN": "+8490", "US": "+1212"}[country]
        made.append(
            Contact(
                workspace_id=workspace.id,
                msisdn=f"{prefix}{next(_numbers):07d}",
                country=country,
                operator=operator,
                first_name=f"Person {number}",
            )
        )
    return Contact.objects.bulk_create(made)


def _message(
    campaign: Campaign, message_id: int, contact: Contact, outcome: tuple[str, str, str, int]
) -> Message:
    state, reason, code, segments = outcome
    is_handed = state in {
        "delivered", "undelivered", "rejected", "lapsed", "submitted", "unknown",
    }  # fmt: skip
    # Whom the plan leaves out has no time of its own.
    is_ended = state not in {"submitted", "unknown", "planned", "held", "skipped"}
    return Message(
        id=message_id,
        workspace_id=campaign.workspace_id,
        campaign_id=campaign.id,
        contact_id=contact.id,
        msisdn=contact.msisdn,
        country=contact.country,
        state={"refused": "rejected", "lapsed": "expired"}.get(state, state),
        reason=reason,
        code=code,
        gateway_id=campaign.gateway_id,
        segment_count=segments,
        cost_micros=segments * PRICE if is_handed else 0,
        planned_at=now() - timedelta(hours=1),
        handed_at=HANDED_AT if is_handed else None,
        done_at=DONE_AT if is_ended else None,
    )


def _tally(campaign: Campaign) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_tally (campaign_id, state, reason, message_count, segment_count,"
            " cost_micros, handed_count, handed_segments) SELECT campaign_id, state, reason, count(*),"
            " sum(segment_count), sum(cost_micros), count(handed_at),"
            " coalesce(sum(segment_count) FILTER (WHERE handed_at IS NOT NULL), 0)"
            " FROM messaging_message WHERE campaign_id = %s GROUP BY 1, 2, 3",
            [campaign.id],
        )
        cursor.execute(
            "INSERT INTO messaging_progress (campaign_id, slot_at, state, message_count, handed_count,"
            " cost_micros) SELECT campaign_id, date_bin('5 seconds', at, 'epoch'), state, sum(n),"
            " sum(handed), sum(cost) FROM ("
            "  SELECT campaign_id, handed_at AS at, 'submitted' AS state, 1 AS n, 1 AS handed,"
            "  cost_micros AS cost FROM messaging_message WHERE handed_at IS NOT NULL UNION ALL"
            "  SELECT campaign_id, done_at, state, 1, 0, 0 FROM messaging_message WHERE done_at IS NOT NULL"
            " ) x WHERE campaign_id = %s GROUP BY 1, 2, 3",
            [campaign.id],
        )


def click(
    sent: Sent,
    message_id: int,
    kind: str,
    *,
    link: int = 1,
    key: str = "",
    device: str = "phone",
    country: str = "",
) -> None:
    Click.objects.create(
        stream_key=f"{message_id}-{kind}-{link}-{key}",
        workspace_id=sent.campaign.workspace_id,
        campaign_id=sent.campaign.id,
        message_id=message_id,
        link_number=link,
        at=now(),
        kind=kind,
        device=device,
        country=country,
    )
    if kind == "human":
        sent.human.add(message_id)


def reply(sent: Sent, message_id: int, intent: str, *, key: str = "") -> None:
    message = next(m for m in sent.messages if m.id == message_id)
    Reply.objects.create(
        workspace_id=sent.campaign.workspace_id,
        gateway_id=message.gateway_id,
        source_key=f"{message_id}-{intent}-{key}",
        contact_id=message.contact_id,
        message_id=message_id,
        msisdn=message.msisdn,
        text="…",
        received_at=now(),
        intent=intent,
        campaign_id=sent.campaign.id,
    )
    sent.replied.add(message_id)


def opt_out(sent: Sent, message_id: int, *, at: datetime | None = None) -> None:
    message = next(m for m in sent.messages if m.id == message_id)
    ConsentEvent.objects.create(
        workspace_id=sent.campaign.workspace_id,
        contact_id=message.contact_id,
        kind="opt_out",
        given_at=at or now(),
        source="keyword",
        actor="system",
    )


def progress(sent: Sent, at: datetime, state: str, messages: int) -> None:
    Progress.objects.create(
        campaign_id=sent.campaign.id,
        slot_at=at,
        state=state,
        message_count=messages,
        handed_count=messages if state == "submitted" else 0,
    )
