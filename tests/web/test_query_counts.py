"""How many queries each main page asks: the same however many rows it shows."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from addresses import PATTERNS, methods_of
from builders import make_campaign, make_contact, make_gateway, make_member
from textwell.accounts.models import ApiKey, AuditEntry, Workspace
from textwell.campaigns.models import Campaign, Stop, StoppedCampaign
from textwell.consent.models import ConsentEvent, SuppressionReason
from textwell.consent.suppressing import suppress_number
from textwell.contacts.models import Contact, ContactList, ImportRow, ImportRun, ListMember
from textwell.core.clock import now
from textwell.core.wire import MoItem
from textwell.gateways.models import RegisteredTemplate, Registration
from textwell.inbox.actions import record_replies
from textwell.inbox.answering import answer_thread
from textwell.inbox.models import CannedAnswer, Reply, Thread
from textwell.inbox.threads import add_note
from textwell.links.models import Click
from textwell.messaging.models import Message, Progress, SavedText, Tally
from textwell.messaging.plan import reserve_block
from textwell.programmes.actions import create_programme
from textwell.programmes.models import SignUp
from textwell.programmes.placements import create_placement
from textwell.webhooks.models import Delivery, Endpoint, Happening

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)

# The session, the user and the membership with its workspace are three of each.
QUERIES = {
    "home": 24,
    "campaigns": 7,
    "compose": 13,
    "review": 36,
    "live": 7,
    "live, moving part": 4,
    "report": 27,
    "people of a figure": 10,
    "rules of a campaign": 18,
    "unknown": 9,
    "message": 15,
    "message, proof": 6,
    "templates": 5,
    "contacts": 13,
    "contacts, searched": 13,
    "person": 19,
    "lists": 12,
    "list": 13,
    "tags": 11,
    "tag": 11,
    "suppressed": 7,
    "registers": 6,
    "law": 8,
    "topics": 7,
    "opted out": 7,
    "consent on a day": 9,
    "consent that ends": 8,
    "imports": 5,
    "import": 8,
    "desk": 10,
    "inbox": 8,
    "inbox, thread": 17,
    "replies": 7,
    "canned answers": 5,
    "palette": 5,
    "gateways": 8,
    "settings": 4,
    "members": 6,
    "keys": 5,
    "directory": 6,
    "workspaces": 5,
    "audit": 7,
    "webhooks": 5,
    "webhook": 6,
    "stops": 6,
    "goals": 4,
    "goal": 4,
    "new campaign": 14,
    "report, file": 24,
    "people": 11,
    "people, file": 6,
    "stop, file": 7,
    "opt-in": 5,
    "erase": 5,
    "erased people": 5,
    "import, moving part": 4,
    "import, left out": 5,
    "import, without consent": 5,
    "bring people": 5,
    "suppress": 4,
    "lift": 7,
    "template": 6,
    "new template": 5,
    "inbox, news": 4,
    "canned answer": 6,
    "new canned answer": 5,
    "kinds of gateway": 4,
    "new gateway": 4,
    "gateway": 7,
    "sender registry": 6,
    "registration": 7,
    "registered text": 8,
    "new registered text": 7,
    "new registration": 4,
    "link domain": 5,
    "suppression group": 5,
    "public promise": 6,
    "key": 5,
    "new workspace": 4,
    "opted out, file": 5,
    "programmes": 6,
    "new programme": 4,
    "programme": 15,
    "programme, edit": 5,
    "programme, words": 6,
    "programme, capture": 7,
    "new placement": 6,
    "placement": 6,
    "placement, QR": 4,
}


def _send(workspace: Workspace, people: list[Contact]) -> Campaign:
    """An ended campaign with a click and a reply of each person."""
    first, last = reserve_block(len(people))
    campaign = make_campaign(
        workspace=workspace,
        state="finished",
        audience_count=len(people),
        first_message_id=first,
        last_message_id=last,
        launched_at=AT,
        first_handoff_at=AT,
    )
    base = {"workspace_id": workspace.id, "campaign_id": campaign.id}
    for message_id, person in enumerate(people, start=first):
        Message.objects.create(
            **base, id=message_id, contact_id=person.id, msisdn=person.msisdn, country="FR",
            state="delivered", gateway_id=campaign.gateway_id, planned_at=AT, handed_at=AT, done_at=AT,
        )  # fmt: skip
        Click.objects.create(
            **base, stream_key=str(message_id), message_id=message_id, link_number=1, at=AT, kind="human"
        )  # fmt: skip
        Reply.objects.create(
            **base, gateway_id=campaign.gateway_id, source_key=str(message_id), contact_id=person.id,
            msisdn=person.msisdn, text="Thanks", received_at=AT, intent="other", message_id=message_id,
        )  # fmt: skip
    Tally.objects.create(
        campaign_id=campaign.id, state="delivered", reason="", message_count=len(people)
    )
    Progress.objects.create(
        campaign_id=campaign.id, slot_at=AT, state="delivered", message_count=len(people)
    )
    return campaign


def _write_logs(workspace: Workspace, people: list[Contact]) -> dict[str, Any]:
    """An endpoint with deliveries, an import with its rows; keys, templates and audit entries."""
    endpoint = Endpoint.objects.create(workspace_id=workspace.id, url="https://example.org/hook")
    run = ImportRun.objects.create(
        workspace_id=workspace.id, filename="people.csv", state="applied", encoding="utf-8", delimiter=",",
        header=["phone"], mapping={"phone": "msisdn"}, totals={"new": len(people)}, actor="system",
    )  # fmt: skip
    for n, person in enumerate(people, start=1):
        ConsentEvent.objects.create(
            workspace_id=workspace.id, contact_id=person.id, kind="opt_out", given_at=now(),
            source="page", actor=f"user:{n}",
        )  # fmt: skip
        happening = Happening.objects.create(
            workspace_id=workspace.id, kind="message.delivered", source_key=str(n), at=AT
        )
        Delivery.objects.create(endpoint=endpoint, happening=happening, state="failed")
        ImportRow.objects.create(import_run_id=run.id, line=n, verdict="new", msisdn=person.msisdn)
        AuditEntry.objects.create(
            workspace_id=workspace.id, actor=f"user:{n}", action="x", subject=f"contact:{person.id}"
        )
        ApiKey.objects.create(workspace=workspace, name=f"Key {n}", prefix=f"{n}", secret_hash="")
        SavedText.objects.create(workspace_id=workspace.id, name=f"Text {n}", body="Hello")
        make_member(workspace=workspace, role="reader")
        suppress_number(
            workspace_id=workspace.id, msisdn=f"+3361000000{n}", source="", actor=f"user:{n}"
        )
    return {"endpoint": endpoint.id, "run": run.id}


def _talk(workspace: Workspace, people: list[Contact]) -> list[Thread]:
    """A thread of each person, with a colleague of its own, notes and an answer; canned answers."""
    gateway = make_gateway(workspace=workspace)
    for n, person in enumerate(people):
        record_replies([MoItem(gateway.id, f"t{n}", person.msisdn, "", "Are you open?", 1.0)])
        CannedAnswer.objects.create(workspace_id=workspace.id, name=f"Canned {n}", body="Yes")
    threads = list(Thread.objects.order_by("id"))
    for n, thread in enumerate(threads):
        agent = make_member(workspace=workspace, role="agent")
        actor = f"user:{agent.id}"
        answer_thread(thread=thread, text="Yes", seen=1, actor=actor)
        for _ in range(n):
            add_note(thread=thread, text="A regular", actor=actor)
    return threads


def _programme(workspace: Workspace, people: list[Contact]) -> dict[str, str]:
    """Seven programmes; the last has seven placements and seven people."""
    for n in range(7):
        programme = create_programme(workspace=workspace, actor="system", name=f"Club {n}")
    placement = programme.placements.get()
    for n in range(6):
        create_placement(programme=programme, actor="system", name=f"Window {n}")
    for person in people:
        SignUp.objects.create(
            workspace_id=workspace.id, programme=programme, placement=placement,
            contact_id=person.id, method="form", state="joined", signed_at=AT, joined_at=AT,
        )  # fmt: skip
    own = f"/programmes/{programme.id}/"
    return {
        "programme": own,
        "programme, edit": f"{own}edit",
        "programme, words": f"{own}words/FR/en",
        "programme, capture": f"{own}capture",
        "new placement": f"{own}placements/new",
        "placement": f"/programmes/placements/{placement.id}",
        "placement, QR": f"/programmes/placements/{placement.id}/qr.svg",
    }


# Pages whose address holds no id.
FIXED = {
    "home": "/",
    "templates": "/templates/",
    "contacts": "/contacts/",
    "contacts, searched": "/contacts/?q=Ada&tag=vip",
    "lists": "/contacts/lists/",
    "tags": "/contacts/tags/",
    "tag": "/contacts/tags/one?tag=vip",
    "suppressed": "/contacts/suppressed/",
    "registers": "/contacts/registers/",
    "law": "/settings/law/",
    "topics": "/settings/topics/",
    "opted out": "/contacts/opted-out/",
    "consent that ends": "/contacts/ending-consents/",
    "imports": "/contacts/imports/",
    "desk": "/desk/",
    "inbox": "/inbox/",
    "replies": "/inbox/replies",
    "canned answers": "/inbox/canned/",
    "palette": "/palette?q=Ada",
    "gateways": "/gateways/",
    "settings": "/settings/",
    "members": "/settings/members/",
    "keys": "/settings/keys/",
    "directory": "/settings/directory/",
    "workspaces": "/settings/workspaces/",
    "audit": "/settings/audit/",
    "webhooks": "/settings/webhooks/",
    "stops": "/stops/",
    "people": "/people",
    "people, file": "/people.csv",
    "bring people": "/contacts/imports/new",
    "suppress": "/contacts/suppressed/new",
    "new template": "/templates/new",
    "new canned answer": "/inbox/canned/new",
    "kinds of gateway": "/gateways/new",
    "new gateway": "/gateways/new/simulator",
    "sender registry": "/gateways/senders/",
    "new registration": "/gateways/senders/new",
    "link domain": "/settings/link-domain/",
    "suppression group": "/settings/suppression-group/",
    "public promise": "/settings/promise/",
    "new workspace": "/settings/workspaces/new",
    "opted out, file": "/contacts/opted-out.csv",
    "programmes": "/programmes/",
    "new programme": "/programmes/new",
}


@pytest.fixture
def addresses(workspace: Workspace) -> dict[str, str]:
    """Names of pages and where they are, in a workspace with seven of everything."""
    people = [make_contact(workspace=workspace, first_name="Ada", tags=["vip"]) for _ in range(7)]
    for n in range(7):
        made = ContactList.objects.create(workspace_id=workspace.id, name=f"List {n}")
        for person in people:
            ListMember.objects.create(list_id=made.id, contact_id=person.id)
        make_gateway(workspace=workspace)
    for n in range(7):
        registration = Registration.objects.create(
            workspace_id=workspace.id, value=f"BREAD{n}", kind="alphanumeric", country="VN",
            purpose="care",
        )  # fmt: skip
        registered = RegisteredTemplate.objects.create(
            registration=registration, name="Sale", text="Sale", longest=30
        )
    ended = [_send(workspace, people) for _ in range(7)][-1]
    draft = make_campaign(workspace=workspace)
    running = make_campaign(workspace=workspace, state="sending", launched_at=AT)
    logs = _write_logs(workspace, people)
    talks = _talk(workspace, people)
    stop = Stop.objects.create(
        workspace_id=workspace.id, stopped_by="system", stopped_at=AT, lifted_at=AT
    )
    StoppedCampaign.objects.create(
        stop=stop, campaign=ended, planned_count=7, handed_count=7, waiting_count=0
    )
    suppressed = SuppressionReason.objects.latest("id")
    campaign, webhook = f"/campaigns/{ended.id}", f"/settings/webhooks/{logs['endpoint']}/"
    return FIXED | {
        "campaigns": "/campaigns/",
        "compose": f"/campaigns/{draft.id}/compose",
        "review": f"/campaigns/{draft.id}/review",
        "live": f"/campaigns/{running.id}/live",
        "live, moving part": f"/campaigns/{running.id}/live/part",
        "report": f"{campaign}/report",
        "people of a figure": f"{campaign}/people?reaction=clicked",
        "rules of a campaign": f"{campaign}/law",
        "unknown": f"{campaign}/unknown",
        "message": f"/messages/{ended.first_message_id}",
        "message, proof": f"/messages/{ended.first_message_id}/proof",
        "person": f"/contacts/{people[0].id}",
        "consent on a day": f"/contacts/{people[0].id}/consent",
        "list": f"/contacts/lists/{made.id}/",
        "import": f"/contacts/imports/{logs['run']}",
        "inbox, thread": f"/inbox/{talks[0].id}/",
        "webhook": webhook,
        "goals": "/campaigns/goals/",
        "goal": "/campaigns/goals/discount",
        "new campaign": "/campaigns/new",
        "report, file": f"{campaign}/report.csv",
        "stop, file": f"/stops/{stop.id}/people.csv",
        "opt-in": f"/contacts/{people[0].id}/opt-in",
        "erase": f"/contacts/{people[0].id}/erase",
        "erased people": "/contacts/erasures/",
        "import, moving part": f"/contacts/imports/{logs['run']}/progress",
        "import, left out": f"/contacts/imports/{logs['run']}/rejected.csv",
        "import, without consent": f"/contacts/imports/{logs['run']}/no-consent.csv",
        "lift": f"/contacts/suppressed/{suppressed.id}/lift",
        "template": f"/templates/{SavedText.objects.latest('id').id}/",
        "inbox, news": f"/inbox/{talks[0].id}/news?after=0",
        "canned answer": f"/inbox/canned/{CannedAnswer.objects.latest('id').id}/",
        "gateway": f"/gateways/{ended.gateway_id}/",
        "registration": f"/gateways/senders/{registration.id}/",
        "registered text": f"/gateways/senders/{registration.id}/templates/{registered.id}/",
        "new registered text": f"/gateways/senders/{registration.id}/templates/new",
        **_programme(workspace, people),
        "key": f"/settings/keys/{ApiKey.objects.latest('id').id}/",
    }


def test_each_page_asks_the_queries_that_it_is_known_to_ask(
    owner_client: Client, addresses: dict[str, str]
) -> None:
    found = {}
    for name, path in addresses.items():
        with CaptureQueriesContext(connection) as asked:
            answer = owner_client.get(path)
            assert answer.status_code == 200, name
            if answer.streaming:
                answer.getvalue()
        found[name] = len(asked)

    assert found == QUERIES


# Pages that are not counted: with why.
UNCOUNTED = {
    "registrations.document": "a file as it was given",
    "contacts.proof": "seals what waits first, of everybody",
    "law.file": "a file as it was put in force",
    "law.take_back": "reads all that waits, a chunk at a time",
    "campaigns.detail": "the same view as the live page",
    "styleguide": "shows no rows, and only whom it lets in",
}


def test_every_page_is_counted_or_says_why_not(addresses: dict[str, str]) -> None:
    counted = {resolve(urlsplit(path).path).url_name for path in addresses.values()}
    pages = {
        p.name for p in PATTERNS if "GET" in methods_of(p) and hasattr(p.callback, "permission")
    }

    assert pages - counted == UNCOUNTED.keys()
