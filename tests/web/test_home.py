"""The first page: what today came to, each number with its people."""

import csv
import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from builders import make_contact, make_gateway
from crawl import figures, open_figure
from domain.reports.sent import PRICE, Sent, make_sent
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_out
from textwell.consent.models import ConsentEvent, WithdrawnImport
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.gateways.models import Gateway
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db
_SPEND = re.compile(r'<div class="figure" id="spend".*?</div>', re.DOTALL)


def spend(client: Client) -> str:
    """The tile of today's spend, as it is read."""
    found = _SPEND.search(client.get("/").content.decode())
    assert found
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[0])).split())


def price(sent: Sent, **values: object) -> Gateway:
    gateway = Gateway.objects.get(id=sent.campaign.gateway_id)
    for name, value in values.items():
        setattr(gateway, name, value)
    gateway.save()
    return gateway


def cost_of(sent: Sent) -> float:
    handed = [message for message in sent.messages if message.handed_at is not None]
    return sum(message.segment_count for message in handed) * PRICE / 1_000_000


def opt_out(person: Contact, *, source: str, at: object = None) -> None:
    record_opt_out(
        workspace_id=person.workspace_id,
        contact_id=person.id,
        msisdn=person.msisdn,
        source=source,
        wording="Stop",
        given_at=at or now(),
        actor="system",
    )


def test_spend_is_shown_in_each_currency_and_opens_its_people(
    owner_client: Client, workspace: Workspace
) -> None:
    euros, dollars = make_sent(workspace, people=40), make_sent(workspace, people=20, seed=6)
    price(euros, price_micros=PRICE, currency="EUR")
    price(dollars, price_micros=PRICE, currency="USD")

    shown = [f for f in figures(owner_client.get("/").content.decode()) if f.of == "cost"]

    assert [each.text for each in shown] == [f"€{cost_of(euros):.2f}", f"${cost_of(dollars):.2f}"]
    for each, sent in zip(shown, (euros, dollars), strict=True):
        opened = open_figure(owner_client, each.href)
        assert opened.cost == each.text
        assert opened.total == len([m for m in sent.messages if m.handed_at is not None])


def test_spend_of_nothing_is_nought_in_the_money_of_the_workspace(owner_client: Client) -> None:
    assert spend(owner_client) == "Spend €0.00"


def test_a_gateway_without_a_price_is_named(owner_client: Client, workspace: Workspace) -> None:
    sent = make_sent(workspace, people=40)
    gateway = price(sent, price_micros=0, name="Carrier")
    make_gateway(workspace=workspace, name="Unused")

    assert spend(owner_client).endswith("No price is set at Carrier.")
    report = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()
    assert "The gateway has no price." in report

    gateway.prices = {"FR": 40_000}
    gateway.save()
    assert "No price" not in spend(owner_client)


def test_a_list_over_several_currencies_has_no_sum_of_money(
    owner_client: Client, workspace: Workspace
) -> None:
    sent = make_sent(workspace, people=10)
    assert "€" in owner_client.get("/people?term=handed").content.decode()

    make_gateway(workspace=workspace, currency="USD")

    page = owner_client.get("/people?term=handed").content.decode()
    head = page[page.index("<h1>") : page.index("</header>")]
    assert 'data-metric="cost"' not in head
    assert Message.objects.filter(campaign_id=sent.campaign.id).count() == 10


def test_everybody_counts_who_opted_out_today_in_whatever_way(
    owner_client: Client, workspace: Workspace
) -> None:
    people = [make_contact(workspace=workspace, first_name=f"Ada {n}") for n in range(5)]
    for person, source in zip(people, ("page", "keyword", "api", "link"), strict=False):
        opt_out(person, source=source)
    opt_out(people[0], source="keyword")
    opt_out(people[4], source="page", at=now() - timedelta(days=2))
    taken_back = make_contact(workspace=workspace)
    ConsentEvent.objects.create(
        workspace_id=workspace.id, contact_id=taken_back.id, kind="opt_out", given_at=now(),
        source="import", actor="system", import_run_id=7,
    )  # fmt: skip
    WithdrawnImport.objects.create(
        workspace_id=workspace.id, import_run_id=7, withdrawn_at=now(), actor="system"
    )

    page = owner_client.get("/").content.decode()
    [shown] = [each for each in figures(page) if "opted-out" in each.href]
    opened = open_figure(owner_client, shown.href)

    assert (shown.number, opened.total, len(opened.rows)) == (4, 4, 4)
    assert {row["first_name"] for row in opened.rows} == {f"Ada {n}" for n in range(4)}
    assert opened.rows[0]["contact_id"] == str(people[0].id)  # the latest word of each counts


def test_the_list_of_opt_outs_goes_page_by_page(
    owner_client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textwell.web.views.optouts.PAGE_SIZE", 2)
    people = [make_contact(workspace=workspace, first_name=f"Ada {n}") for n in range(5)]
    for person in people:
        opt_out(person, source="page")

    seen: list[str] = []
    address = "/contacts/opted-out/"
    while address:
        page = owner_client.get(address).content.decode()
        seen += re.findall(r"Ada \d", page)
        older = re.search(r'rel="next" href="([^"]*)"', page)
        address = f"/contacts/opted-out/{html.unescape(older[1])}" if older else ""

    assert seen == [f"Ada {n}" for n in (4, 3, 2, 1, 0)]


def test_a_file_of_opt_outs_runs_no_formula(owner_client: Client, workspace: Workspace) -> None:
    opt_out(make_contact(workspace=workspace, first_name="=1+1"), source="page")

    file = owner_client.get("/contacts/opted-out.csv").getvalue().decode("utf-8-sig")

    [row] = csv.DictReader(file.splitlines())
    assert row["first_name"] == "'=1+1"
