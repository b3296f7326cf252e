"""The demo's rows: a workspace with people and consent, a gateway to the simulator, a campaign.

All of it goes through the same actions as a customer's; running it again finds what is there.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

from textwell.accounts.actions import create_owner, create_workspace
from textwell.accounts.models import Membership, User, Workspace
from textwell.campaigns.actions import create_campaign, launch_campaign
from textwell.campaigns.models import Campaign
from textwell.cli.demo.people import HEADER, make_people
from textwell.consent.actions import record_consents
from textwell.consent.topics import define_topic
from textwell.consent.types import GivenConsent
from textwell.contacts.actions import define_field
from textwell.contacts.bulk.actions import GivenContact, upsert_contacts
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.gateways.actions import add_sender, create_gateway, update_gateway
from textwell.gateways.models import Gateway, GatewayState
from textwell.programmes.actions import create_programme, publish_programme
from textwell.programmes.models import Placement
from textwell.programmes.placements import create_placement

T = TypeVar("T")

WORKSPACE_NAME = "Lotus (demo)"
EMAIL = "owner@lotus.example"
PASSWORD = "lotus-blossom-2026"  # noqa: S105 - printed for the demo, on this machine only
SENDER = "LOTUS"
NUMBER = "6868"  # the short code that people can text
KEYWORD = "LOTUS"
STRANGER = "+84901234567"  # an invented phone that texts the keyword
PROGRAMME = "Lotus club"
TOPICS = {"offers": "Offers", "events": "Events"}
CHUNK = 5_000
ACTOR = "system"
BODY = (
    "Lotus: {{ first_name }}, your {{ points }} points are worth 20% off until Sunday. "
    "Choose yours: {{ link }} Reply STOP to opt out."
)


def ensure_workspace() -> Workspace:
    """The demo workspace and its owner, made at the first run."""
    found = Workspace.objects.filter(name=WORKSPACE_NAME).first()
    if found is None:
        found = create_workspace(
            name=WORKSPACE_NAME, country="VN", zone="Asia/Ho_Chi_Minh", currency="EUR"
        )
        define_field(workspace_id=found.id, name="city", label="City")
        define_field(workspace_id=found.id, name="points", label="Points", kind="number")
    if not Membership.objects.filter(workspace=found).exists():
        create_owner(workspace=found, email=EMAIL, password=PASSWORD, name="Linh")
    return found


def owner_actor(workspace: Workspace) -> str:
    user = User.objects.get(email=EMAIL)
    del workspace
    return f"user:{user.id}"


def ensure_gateway(workspace: Workspace, *, port: int, rate: float) -> Gateway:
    """A gateway to the simulator that listens on `port` in this run."""
    usable = Gateway.objects.exclude(state=GatewayState.RETIRED)
    gateway = usable.filter(workspace_id=workspace.id, provider="simulator").first()
    if gateway is None:
        gateway = create_gateway(
            workspace_id=workspace.id,
            name="Simulated carrier",
            provider="simulator",
            settings={"port": port},
            segments_per_second=rate,
            window=200,
            price_micros=32_000,
            prices={"VN": 28_000, "US": 8_000, "CN": 30_000, "FR": 45_000, "ES": 42_000},
            actor=ACTOR,
        )
        add_sender(
            workspace_id=workspace.id, gateway_id=gateway.id, value=SENDER, kind="alphanumeric",
            actor=ACTOR,
        )  # fmt: skip
        return gateway
    return update_gateway(
        workspace_id=workspace.id,
        gateway_id=gateway.id,
        actor=ACTOR,
        settings={"port": port},
        segments_per_second=rate,
    )


def ensure_programme(workspace: Workspace, gateway: Gateway) -> Placement:
    """A programme that people join by texting a keyword to a short code, or by a form."""
    found = Placement.objects.filter(workspace_id=workspace.id, keyword=KEYWORD).first()
    if found is not None:
        return found
    for key, name in TOPICS.items():
        define_topic(workspace_id=workspace.id, key=key, name=name, actor=ACTOR)
    add_sender(
        workspace_id=workspace.id, gateway_id=gateway.id, value=NUMBER, kind="short_code",
        actor=ACTOR,
    )  # fmt: skip
    made = create_programme(
        workspace=workspace,
        actor=ACTOR,
        name=PROGRAMME,
        brand="Lotus",
        offer="20% off your first order",
        contact="Lotus, 1 Lotus Street, Hanoi",
        terms_url="https://shop.lotus.example/terms",
        privacy_url="https://shop.lotus.example/privacy",
        countries=["VN", "FR", "ES", "DE"],  # in Germany whoever fills in a form is asked once more
        topics=list(TOPICS),
    )
    publish_programme(programme=made, actor=ACTOR)
    return create_placement(
        programme=made, actor=ACTOR, name="Shop window", keyword=KEYWORD, sender=NUMBER
    )


def _chunks(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def add_people(
    workspace: Workspace, count: int, *, seed: int, on_progress: Callable[[int], None]
) -> None:
    """Invented people with the evidence of their consent, as many as are missing."""
    present = Contact.objects.filter(workspace_id=workspace.id).count()
    on_progress(min(present, count))
    if present >= count:
        return
    done = 0
    for chunk in _chunks(make_people(count, seed=seed), CHUNK):
        _add_chunk(workspace, [dict(zip(HEADER, row, strict=True)) for row in chunk])
        done += len(chunk)
        on_progress(done)


def _add_chunk(workspace: Workspace, people: list[dict[str, str]]) -> None:
    upsert_contacts(
        workspace_id=workspace.id,
        rows=[
            GivenContact(
                msisdn=person["phone"],
                first_name=person["first_name"],
                last_name=person["last_name"],
                language=person["language"],
                fields={"city": person["city"], "points": person["points"]},
            )
            for person in people
        ],
    )
    numbers = [person["phone"] for person in people]
    found = Contact.objects.filter(workspace_id=workspace.id, msisdn__in=numbers)
    ids = dict(found.values_list("msisdn", "id"))
    record_consents(
        workspace_id=workspace.id,
        actor=ACTOR,
        consents=[
            GivenConsent(
                contact_id=ids[person["phone"]],
                kind="opt_in",
                given_at=datetime.fromisoformat(person["consent_at"]),
                source=person["consent_source"],
                wording=person["consent_wording"],
            )
            for person in people
            if person["consent_source"] and person["phone"] in ids
        ],
    )


def launch(workspace: Workspace, gateway: Gateway) -> Campaign:
    """A campaign to everybody, launched by the owner."""
    actor = owner_actor(workspace)
    campaign = create_campaign(
        workspace_id=workspace.id,
        actor=actor,
        name=f"Points weekend {now():%d.%m. %H:%M:%S}",
        body=BODY,
        fallbacks={"first_name": "dear friend", "points": "many"},
        audience={"all": True},
        links=[{"url": "https://shop.lotus.example/weekend"}],
        utm={"utm_source": "textwell", "utm_medium": "sms", "utm_campaign": "points-weekend"},
        gateway_id=gateway.id,
        sender=SENDER,
        validity_hours=1,
    )
    return launch_campaign(campaign=campaign, actor=actor)
