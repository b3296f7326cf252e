"""Every number of people on a page opens the list of exactly those people, and their file."""

import re

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from all_pages import FIGURE_PAGES, Filled, fill
from builders import make_workspace
from crawl import dead_numbers, differences, figures, open_figure
from domain.reports.sent import Sent, click, make_sent, opt_out, reply
from textwell.accounts.models import User, Workspace
from textwell.contacts.models import FieldDefinition, NumberPlace
from textwell.reports.metrics import METRICS
from textwell.web.formats import local_name
from textwell.web.tallies import build_curve

THROTTLED = "0"  # answers of a carrier, not people


@pytest.fixture
def sent(workspace: Workspace) -> Sent:
    NumberPlace.objects.create(prefix="+1212", region="New York", local_region="New York")
    FieldDefinition.objects.create(workspace_id=workspace.id, name="city", label="City")
    made = make_sent(workspace, people=120)
    delivered, undelivered = made.where(state="delivered"), made.where(state="undelivered")
    click(made, delivered[0], "human", device="phone", country="FR")
    click(made, delivered[0], "human", device="tablet", key="again")
    click(made, delivered[1], "unsure", device="desktop")
    click(made, delivered[1], "human", link=2, device="")
    click(made, delivered[2], "machine", device="other")
    click(made, undelivered[0], "human", device="phone", country="VN")
    reply(made, delivered[3], "opt_out")
    reply(made, delivered[4], "question")
    reply(made, delivered[4], "question", key="again")
    opt_out(made, delivered[3])
    return made


def paths(sent: Sent) -> dict[str, int]:
    """Pages and how many figures at least each shows."""
    return {
        f"/campaigns/{sent.campaign.id}/report": 90,
        f"/campaigns/{sent.campaign.id}/live": 15,
        "/": 9,
        "/gateways/": 2,
    }


def test_every_figure_is_the_length_of_its_list_and_of_its_file(
    owner_client: Client, sent: Sent
) -> None:
    for path, least in paths(sent).items():
        page = owner_client.get(path).content.decode()

        assert len(figures(page)) >= least, path
        assert differences(owner_client, path) == [], path


# Heads of lists count the rows below them; the others are followed above, with many more rows.
LISTS = {"campaigns.people", "people", "opted_out", "ending"}
FOLLOWED = {"campaigns.detail", "campaigns.live", "campaigns.report", "gateways", "home"}
# Numbers that open nothing, by what they count.
NOT_OPENED = {
    "attempts": "of a program, not of people",
    "did": "a share; the two numbers that it is made of stand beside it and open",
    "join_cost": "a price, of two numbers that stand beside it",
    "joined": "no list of people is kept by the way they came in",
    "left_after": "as joined",
    "meant": "a draft has sent nothing: its people are those of its audience",
    "rate_now": "of a moment that is over when the list would be there",
    "rows": "of a file: the import's page has them",
    "rows_by": "of a file: the import's page has them",
    "segment_share": "from a sample, before anything is sent",
    "stop_held": "kept from when the stop was lifted; they have been sent since",
    "stop_planned": "as stop_held",
    "textable": "of this moment: no list of people is kept by consent",
    "throttled": "answers of a carrier, not people",
    "told_failed": "of a program, not of people",
    "told_waiting": "of a program, not of people",
    "understood": "of the reply beside it",
    "would_be_left_out": "before anything is sent: a plan names them, and its report opens them",
    "would_cost": "before anything is sent",
    "would_get": "as would_be_left_out",
    "would_segments": "before anything is sent",
    "would_take": "a time",
}


@pytest.fixture
def filled(workspace: Workspace, owner: User) -> Filled:
    return fill(workspace, owner)


def test_on_every_other_page_too_a_number_opens_as_many_as_it_says(
    owner_client: Client, filled: Filled
) -> None:
    opened = {}
    for name in sorted(FIGURE_PAGES - FOLLOWED):
        path = filled.path(name)
        opened[name] = len(figures(owner_client.get(path).content.decode()))

        assert differences(owner_client, path) == [], name

    assert {name: count for name, count in opened.items() if count} == {
        "campaigns": 2, "campaigns.unknown": 1, "lists": 1, "stops": 1, "tags": 1,
    }  # fmt: skip


def test_what_opens_nothing_has_a_reason(owner_client: Client, filled: Filled) -> None:
    form = {
        "draft_id": filled.draft_id,
        "body": "Hi",
        "audience_kind": "all",
        "purpose": "marketing",
    }
    pages = [owner_client.get(filled.path(name)) for name in sorted(FIGURE_PAGES - LISTS)]
    pages += [owner_client.post(f"/campaigns/{part}", form) for part in ("forecast", "count")]

    left = {
        metric for page in pages
        for metric in re.findall(r'<(?!a )\w+ [^>]*data-metric="(\w+)"', page.content.decode())
    }  # fmt: skip

    assert left - {"gateway", "cost"} == NOT_OPENED.keys()  # the two where there is nothing yet: 0


def test_no_number_of_people_is_without_its_list(owner_client: Client, sent: Sent) -> None:
    report, live, home, gateways = paths(sent)

    assert dead_numbers(owner_client.get(report).content.decode()) == []
    assert dead_numbers(owner_client.get(live).content.decode()) == ["0"]  # the rate now
    assert set(dead_numbers(owner_client.get(home).content.decode())) <= {THROTTLED}
    assert set(dead_numbers(owner_client.get(gateways).content.decode())) <= {THROTTLED}


def test_handed_off_is_one_number_on_every_page(owner_client: Client, sent: Sent) -> None:
    expected = len([m for m in sent.messages if m.handed_at is not None])
    curve = build_curve(sent.campaign.id)
    assert curve is not None
    assert 0 < expected < len(sent.messages)

    counts = {
        path: {f.number for f in figures(owner_client.get(path).content.decode())
               if "term=handed" in f.href and f.of == "people" and "until" not in f.href
               and "=FR" not in f.href}
        for path in paths(sent)
    }  # fmt: skip

    report, live, home, gateways = paths(sent)
    assert (counts[live], counts[home], counts[gateways]) == ({expected},) * 3
    assert expected in counts[report]
    assert curve.handed[-1] == curve.rows[-1].handed == expected


def test_the_rate_of_clicks_stands_beside_the_numbers_that_it_is_made_of(
    owner_client: Client, sent: Sent
) -> None:
    delivered = len(sent.where(state="delivered"))

    page = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()

    text = " ".join(re.sub(r"<[^>]*>", "", page).split())
    assert f"{2 / delivered:.1%}: 2 of {delivered} delivered" in text


def test_segments_of_refused_texts_are_named_apart(owner_client: Client, sent: Sent) -> None:
    taken = sum(m.segment_count for m in sent.messages if m.handed_at is not None)
    refused = sum(
        m.segment_count for m in sent.messages if m.state == "rejected" and m.handed_at is None
    )
    assert refused > 0

    page = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()

    text = " ".join(re.sub(r"<[^>]*>", "", page).split())
    assert f"{taken} segments handed off" in text
    assert f"without {refused} of refused texts" in text


def test_a_list_of_clicks_says_on_what_and_where(owner_client: Client, sent: Sent) -> None:
    path = f"/campaigns/{sent.campaign.id}/people?reaction=clicked"

    page = owner_client.get(path).content.decode()

    assert "Phone" in page
    assert "France" in page
    rows = open_figure(owner_client, path).rows
    assert [(row["device"], row["click_country"], row["requests"]) for row in rows].count(
        ("phone", "FR", "2")
    ) == 1


def test_what_each_figure_means_stands_on_its_page(owner_client: Client, sent: Sent) -> None:
    page = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()

    for name in ("handed", "delivered", "clicked", "segments", "cost", "opted_out"):
        assert escape(str(METRICS[name].definition)) in page


def test_whoever_may_not_see_reports_sees_numbers_without_lists(
    agent_client: Client, sent: Sent
) -> None:
    page = agent_client.get("/").content.decode()

    assert figures(page) == []
    assert agent_client.get("/people?term=handed").status_code == 403


def test_another_workspaces_people_are_in_no_list(owner_client: Client, sent: Sent) -> None:
    theirs = make_sent(make_workspace(name="Theirs"), people=10)

    assert open_figure(owner_client, f"/people?gateway={theirs.campaign.gateway_id}").total == 0
    assert open_figure(owner_client, f"/people?gateway={sent.campaign.gateway_id}").total == 120


def test_a_region_is_written_as_its_own_people_write_it() -> None:
    with translation.override("zh-hans"):
        assert local_name("Guangdong", "广东省", "CN") == "广东省"
    with translation.override("fr"):
        assert local_name("Guangdong", "广东省", "CN") == "Guangdong"


def test_the_report_in_chinese_names_provinces_in_chinese(
    owner_client: Client, owner: User, sent: Sent
) -> None:
    User.objects.filter(id=owner.id).update(language="zh-hans")
    NumberPlace.objects.filter(prefix="+1212").update(region="Guangdong", local_region="广东省")
    for message in sent.messages:
        if message.country == "US":
            message.country = "CN"
            message.save()

    page = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()

    assert "广东省" in page
    assert "region=Guangdong" in page
