"""A workspace with something of every kind, each text of it marked: for walks over all of the product.

Whoever walks from another workspace, or without the right to numbers, must meet none of its marks.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection

from builders import make_campaign, make_contact, make_gateway, make_member, make_owner
from textwell.accounts.actions import record_audit
from textwell.accounts.directory.tokens import create_directory_token
from textwell.accounts.invitations import invite_member
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import DirectoryGroup, User, Workspace
from textwell.campaigns.models import Campaign, Stop, StoppedCampaign
from textwell.consent.models import Register, RegisterNumber
from textwell.consent.suppressing import suppress_number
from textwell.consent.topics import define_brand, define_topic
from textwell.contacts.models import (
    Contact,
    ContactList,
    Event,
    EventName,
    FieldDefinition,
    ImportRow,
    ImportRun,
    ListMember,
    SavedFilter,
)
from textwell.core.settings import load_settings
from textwell.core.wire import MoItem
from textwell.gateways.models import (
    GatewayHealth,
    RegisteredTemplate,
    Registration,
    RegistrationDocument,
)
from textwell.inbox.actions import record_replies
from textwell.inbox.models import CannedAnswer, Reply, Thread, ThreadEntry
from textwell.links.models import Click, LinkHost, LinkRange
from textwell.messaging.models import (
    Batch,
    DeliveryReport,
    ExceptionDay,
    LenientReading,
    Message,
    Outcome,
    Progress,
    SavedText,
    Tally,
)
from textwell.messaging.plan import reserve_block
from textwell.privacy.erasing import make_request
from textwell.programmes.actions import create_programme
from textwell.webhooks.models import Delivery, Endpoint, Happening

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
LONG_AGO = datetime(2014, 11, 24, 9, tzinfo=UTC)  # events have no part for later ones yet


@dataclass(frozen=True)
class World:
    """`ids` are by the names of places in addresses, of pages and of operations."""

    workspace: Workspace
    owner: User
    mark: str  # begins every name and text, so that they are found by it
    number: str  # of the person; the first six digits after + stand in all numbers
    ids: dict[str, int | str] = field(default_factory=dict)

    @property
    def secret(self) -> str:
        """What nobody outside has ever sent; it stands in all of them but tags, events and addresses."""
        return f"{self.mark}hush"

    @property
    def said(self) -> str:
        return f"{self.mark} {self.secret}"


def make_world(*, workspace: Workspace, mark: str, number: str) -> World:
    """Fill the workspace. `number` is a French one; others are made from it."""
    said = f"{mark} {mark}hush"
    workspace.name = f"{said} bakery"
    workspace.save()
    owner = make_owner(workspace=workspace, name=f"{said} owner", email=f"{mark}@example.org")
    world = World(workspace, owner, mark, number)
    contact = _make_people(world)
    campaign = _make_campaigns(world, contact)
    _make_imports(world, contact)
    _make_settings(world)
    _make_webhooks(world, campaign)
    _make_talk(world, contact)
    _make_programme(world)
    record_audit(
        workspace_id=workspace.id, actor=f"user:{owner.id}", action="campaigns.launched",
        subject=f"campaign:{campaign.id}", after={"name": f"{said} spring", "to": number},
        reason=f"{said} why {number}",
    )  # fmt: skip
    return world


def _make_programme(world: World) -> None:
    programme = create_programme(
        workspace=world.workspace, actor="system", name=f"{world.said} club",
        brand=f"{world.said} brand", offer=f"{world.said} offer",
    )  # fmt: skip
    placement = programme.placements.get()
    placement.name = f"{world.said} window"
    placement.save()
    world.ids.update(
        programme_id=programme.id, placement_id=placement.id, country="FR", language="en"
    )


def _make_people(world: World) -> Contact:
    workspace_id, mark, said = world.workspace.id, world.mark, world.said
    contact = make_contact(
        workspace=world.workspace, msisdn=world.number, first_name=f"{said} Marie",
        last_name=f"{said} Curie", email=f"marie@{mark}.example", tags=[f"{mark}tag"],
        external_id=f"{mark}-1", fields={"city": f"{said} town"},
    )  # fmt: skip
    kept = ContactList.objects.create(workspace_id=workspace_id, name=f"{said} list")
    ListMember.objects.create(list_id=kept.id, contact_id=contact.id)
    saved = SavedFilter.objects.create(
        workspace_id=workspace_id, name=f"{said} filter", tag=f"{mark}tag"
    )
    FieldDefinition.objects.create(
        workspace_id=workspace_id, name="city", label=f"{said} city", kind="text"
    )
    suppressed = suppress_number(
        workspace_id=workspace_id, msisdn=world.number[:-2] + "90", source=f"{said} register",
        note=f"{said} note", actor="system",
    )  # fmt: skip
    EventName.objects.create(
        workspace_id=workspace_id, name=f"{mark}_bought", seen_on=AT.date(), day_count=1
    )
    Event.objects.create(
        workspace_id=workspace_id, contact_id=contact.id, at=LONG_AGO, received_at=AT,
        name=f"{mark}_bought", source_key=f"{mark}-e1", msisdn=world.number, external_id="",
        properties={"item": f"{said} bread"},
    )  # fmt: skip
    erased = make_request(workspace_id, [], reason=f"{said} letter", actor="system")
    world.ids.update(
        erasure_id=erased.id,
        contact_id=contact.id,
        list_id=kept.id,
        filter_id=saved.id,
        suppression_id=suppressed.id,
        register_id=_make_register(world),
        exception_id=_make_law_choices(world),
        topic_id=define_topic(
            workspace_id=workspace_id,
            key=f"{mark.lower()}topic",
            name=f"{said} topic",
            actor="system",
            description=f"{said} words",
        ).id,
    )
    world.ids["brand_id"] = define_brand(
        workspace_id=workspace_id, key=f"{mark.lower()}brand", name=f"{said} brand", actor="system"
    ).id
    return contact


def _make_campaigns(world: World, contact: Contact) -> Campaign:
    """An ended campaign, stopped once, with a text, its receipts, a click; a draft; a single text."""
    workspace, mark, said = world.workspace, world.mark, world.said
    gateway = make_gateway(workspace=workspace, name=f"{said} gateway", sender=f"{mark[:8]}")
    registration = Registration.objects.create(
        workspace_id=workspace.id, value=f"{mark[:8]}", kind="alphanumeric", country="VN",
        purpose="care", notes=f"{said} notes",
    )  # fmt: skip
    paper = RegistrationDocument.objects.create(
        registration=registration, name=f"{said} letter", content_type="image/png", size=1,
        sha256="0" * 64, body=b"a",
    )  # fmt: skip
    registered = RegisteredTemplate.objects.create(
        registration=registration, name=f"{said} words", text=f"{said} words", longest=30
    )
    GatewayHealth.objects.create(gateway=gateway, last_error=f"{said} error", seen_at=AT)
    first, last = reserve_block(1)
    campaign = make_campaign(
        workspace=workspace, gateway=gateway, name=f"{said} spring", body=f"{said} bread",
        state="finished", audience_count=1, planned_count=1, first_message_id=first,
        last_message_id=last, launched_at=AT, first_handoff_at=AT, finished_at=AT,
        links=[{"url": f"https://{mark}.example/"}], utm={"utm_campaign": mark},
    )  # fmt: skip
    draft = make_campaign(workspace=workspace, gateway=gateway, name=f"{said} draft")
    _make_message(world, contact, gateway.id, first, campaign.id)
    (single, _same) = reserve_block(1)
    _make_message(world, contact, gateway.id, single, None)
    LinkRange.objects.create(
        workspace_id=workspace.id, campaign_id=campaign.id, first_message_id=first,
        last_message_id=last, targets=[f"https://{mark}.example/"],
    )  # fmt: skip
    Tally.objects.create(campaign_id=campaign.id, state="delivered", reason="", message_count=1)
    Progress.objects.create(campaign_id=campaign.id, slot_at=AT, state="delivered", message_count=1)
    stop = Stop.objects.create(
        workspace_id=workspace.id, stopped_by="system", stopped_at=AT, reason=f"{said} stop",
        lifted_by="system", lifted_at=AT,
    )  # fmt: skip
    StoppedCampaign.objects.create(
        stop=stop, campaign=campaign, planned_count=1, handed_count=1, waiting_count=0
    )
    template = SavedText.objects.create(
        workspace_id=workspace.id, name=f"{said} template", body=f"{said} text"
    )
    world.ids.update(
        campaign_id=campaign.id, draft_id=draft.id, gateway_id=gateway.id, message_id=first,
        sender_id=gateway.senders.get().id, registration_id=registration.id, document_id=paper.id,
        text_id=registered.id,
        stop_id=stop.id, template_id=template.id,
        single_id=single,
    )  # fmt: skip
    return campaign


def _make_message(
    world: World, contact: Contact, gateway_id: int, message_id: int, campaign_id: int | None
) -> None:
    workspace_id, mark, said = world.workspace.id, world.mark, world.said
    Message.objects.create(
        id=message_id, workspace_id=workspace_id, campaign_id=campaign_id, contact_id=contact.id,
        msisdn=world.number, country="FR", state="delivered", gateway_id=gateway_id,
        sender=mark[:8], planned_at=AT, handed_at=AT, done_at=AT, segment_count=1,
    )  # fmt: skip
    Batch.objects.create(
        workspace_id=workspace_id, campaign_id=campaign_id, gateway_id=gateway_id, lane="bulk",
        due_at=AT, first_message_id=message_id, last_message_id=message_id,
        marked_id=message_id, state="done", body=f"{said} body",
    )  # fmt: skip
    Outcome.objects.create(
        message_id=message_id, gateway_id=gateway_id, at=AT, outcome="submitted", reason="",
        code="", provider_message_id=f"{mark}-p", provider_key=message_id, segment_count=1,
        encoding="gsm7", cost_micros=0, text=f"{said} text as sent",
    )  # fmt: skip
    with connection.cursor() as cursor:  # the product keeps parts for this month and the next
        cursor.execute("SELECT messaging_make_dlr_leaf(%s)", [AT.date()])
    DeliveryReport.objects.create(
        gateway_id=gateway_id, message_id=message_id, provider_message_id=f"{mark}-p",
        provider_key=message_id, state="delivered", reason="", code="", done_at=AT,
        received_at=AT, msisdn=world.number,
    )  # fmt: skip
    if campaign_id is not None:
        Click.objects.create(
            workspace_id=workspace_id, campaign_id=campaign_id, stream_key=f"{mark}{message_id}",
            message_id=message_id, link_number=1, at=AT, kind="human", user_agent=f"{said} agent",
        )  # fmt: skip


def _make_law_choices(world: World) -> int:
    workspace_id, said = world.workspace.id, world.said
    LenientReading.objects.create(
        workspace_id=workspace_id, rule="CN:hours", says=f"{said} reading", signed_by=f"{said} Lê",
        reason=f"{said} words", actor="system",
    )  # fmt: skip
    day = ExceptionDay.objects.create(
        workspace_id=workspace_id, country="CN", day=AT.date(), name=f"{said} day",
        reason=f"{said} shop", asked_by="system",
    )  # fmt: skip
    return day.id


def _make_register(world: World) -> int:
    register = Register.objects.create(
        workspace_id=world.workspace.id, key=f"{world.mark} register", name=f"{world.said} register",
        country="VN", checked_at=AT, number_count=1, filename=f"{world.said} file", actor="system",
    )  # fmt: skip
    RegisterNumber.objects.create(register_id=register.id, msisdn="+84901234567")
    return register.id


def _make_imports(world: World, contact: Contact) -> None:
    mark, said, number = world.mark, world.said, world.number
    file = load_settings().data / f"{mark}{world.workspace.id}.csv"
    file.write_text(
        f"phone,{mark} column\n{number},{mark} Marie\n{number[:-2]}91,{mark} Ada\n"
        f"{number[:-2]}92,{mark} Bea\n"
    )
    run = ImportRun.objects.create(
        workspace_id=world.workspace.id, filename=f"{mark}.csv", path=str(file), state="applied",
        encoding="utf-8", delimiter=",", header=["phone", f"{said} column"], mapping={"phone": "msisdn"},
        totals={"new": 1, "invalid": 1, "without_consent": 1}, row_count=3, actor="system",
    )  # fmt: skip
    ImportRow.objects.create(
        import_run_id=run.id, line=1, verdict="new", msisdn=number, contact_id=contact.id,
        first_name=f"{said} Marie",
    )  # fmt: skip
    ImportRow.objects.create(
        import_run_id=run.id, line=2, verdict="new", msisdn=number[:-2] + "91",
        first_name=f"{said} Ada", consent_problem="consent_time_missing",
    )  # fmt: skip
    ImportRow.objects.create(
        import_run_id=run.id, line=3, verdict="invalid", reason="not_mobile",
        raw=f"{number[:-2]}92,{mark} Bea",
    )  # fmt: skip
    world.ids.update(run_id=run.id, import_id=run.id)


def _make_settings(world: World) -> None:
    workspace, mark, said = world.workspace, world.mark, world.said
    invitation, _token = invite_member(
        workspace=workspace, email=f"new@{mark}.example", role="reader", actor="system"
    )
    key, _secret = create_api_key(
        workspace=workspace, name=f"{said} key", scopes=["events:write"], actor="system"
    )
    member = make_member(
        workspace=workspace, role="agent", name=f"{said} agent", email=f"agent@{mark}.example"
    )
    token, _shown = create_directory_token(
        workspace=workspace, name=f"{said} directory", actor="system"
    )
    group = DirectoryGroup.objects.create(workspace=workspace, display_name=f"{said} group")
    LinkHost.objects.create(workspace_id=workspace.id, host=f"go.{mark}.example", state="good")
    world.ids.update(
        invitation_id=invitation.id, key_id=key.id, user_id=member.id, token_id=token.id,
        group_id=group.id,
    )  # fmt: skip


def _make_webhooks(world: World, campaign: Campaign) -> None:
    mark, said = world.mark, world.said
    endpoint = Endpoint.objects.create(
        workspace_id=world.workspace.id, name=f"{said} hook", url=f"https://{mark}.example/hook",
        kinds=["message.delivered"], last_error=f"{said} failed",
    )  # fmt: skip
    happening = Happening.objects.create(
        workspace_id=world.workspace.id, kind="message.delivered", source_key=f"{mark}-1", at=AT,
        message_id=campaign.first_message_id,
        data={"message_id": campaign.first_message_id, "to": world.number, "sender": mark[:8]},
    )  # fmt: skip
    delivery = Delivery.objects.create(
        endpoint=endpoint, happening=happening, state="failed", last_error=f"{said} refused",
        attempt_count=1, last_status=500, last_at=AT,
    )  # fmt: skip
    came = Happening.objects.create(
        workspace_id=world.workspace.id, kind="message.received", source_key=f"{mark}-2", at=AT,
        data={"reply_id": 1, "from": world.number, "to": "", "text": f"{said} are you open?"},
    )  # fmt: skip
    Delivery.objects.create(endpoint=endpoint, happening=came, state="delivered")
    world.ids.update(endpoint_id=endpoint.id, delivery_id=delivery.id)


def _make_talk(world: World, contact: Contact) -> None:
    """A thread with a note, a reply of nobody's, a canned answer."""
    workspace_id, mark, said = world.workspace.id, world.mark, world.said
    gateway_id = int(world.ids["gateway_id"])
    record_replies([MoItem(gateway_id, f"{mark}1", world.number, "", f"{said} are you open?", 1.0)])
    thread = Thread.objects.get(workspace_id=workspace_id, contact_id=contact.id)
    ThreadEntry.objects.create(
        workspace_id=workspace_id, thread=thread, number=99, kind="note", at=AT,
        actor=f"user:{world.owner.id}", text=f"{said} a regular",
    )  # fmt: skip
    reply = Reply.objects.create(
        workspace_id=workspace_id, gateway_id=gateway_id, source_key=f"{mark}2",
        msisdn=world.number[:-2] + "93", text=f"{said} who is this?", received_at=AT,
        intent="other",
    )  # fmt: skip
    canned = CannedAnswer.objects.create(
        workspace_id=workspace_id, name=f"{said} hours", body=f"{said} from 7."
    )
    world.ids.update(thread_id=thread.id, reply_id=reply.id, canned_id=canned.id)
