"""No figure stands on a page, in a file or in an answer of the API without what it is.

What counts, of what it is a share, how sure it is, what machines have to do with it, what it claims.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from all_pages import FIGURE_PAGES, GET_PAGES, fill
from domain.reports.sent import Sent, click, make_sent, opt_out, reply
from textwell.accounts.models import User, Workspace
from textwell.campaigns.models import Goal, Metric
from textwell.reports.export import report_as_csv, report_as_json
from textwell.reports.figures import Figure
from textwell.reports.measuring import Arm, Comparison, interval
from textwell.reports.metrics import METRICS, Claim, Machines, metric_of, tell, wilson
from textwell.reports.selectors import campaign_report
from textwell.reports.told import COLUMNS, FIELDS, tell_report
from textwell.reports.types import Report

pytestmark = pytest.mark.django_db
_SHOWN = re.compile(r"<\w+ [^>]*data-(?:of|metric)=[^>]*>")
_PLACES = re.compile(  # where numbers stand in columns or alone
    r'<td class="(?:r|num)\b[^"]*"[^>]*>.*?</td>|<div class="figure"[^>]*>.*?</div>|<meter.*?</meter>',
    re.DOTALL,
)
_TD = re.compile(r"<td\b[^>]*>.*?</td>", re.DOTALL)
_NO_FIGURE = (
    re.compile(  # times, numbers of phones and of countries, contracted rates, lines of a file
        r'<time.*?</time>|[+\d]*•••\d+|\d+<span class="faint">/s</span>'
        r'|<td class="r faint"[^>]*>\d+|<form.*?</form>',
        re.DOTALL,
    )
)
_METRIC = re.compile(r'data-metric="(\w+)"')
_MEANT = re.compile(r'<tr data-meant="(\w+)">(.*?)</tr>', re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
NO_FIGURES = {
    "campaign_id", "progress_step_s", "clicks.links[].link_number", "segments[].segment_count",
}  # fmt: skip
FACTS = {("goal", "goal"), ("goal", "metric"), ("goal", "event")}


@pytest.fixture
def sent(workspace: Workspace) -> Sent:
    made = make_sent(workspace, people=120)
    delivered = made.where(state="delivered")
    click(made, delivered[0], "human", device="phone", country="FR")
    click(made, delivered[1], "unsure", device="desktop")
    click(made, delivered[2], "machine", device="other")
    reply(made, delivered[4], "question")
    opt_out(made, delivered[3])
    return made


def undefined(page: str) -> list[str]:
    """Figures of a page without an entry that says all five of them."""
    meant = {}
    for name, row in _MEANT.findall(page):
        cells = [_TAG.sub("", cell).strip() for cell in _CELL.findall(row)]
        meant[name] = len(cells) == 6 and all(cells)
    found = []
    for tag in _SHOWN.findall(page):
        metric = _METRIC.search(tag)
        if metric is None or not meant.get(metric[1]):
            found.append(tag)
    return found


# Pages that show no figure, and why what they count is none. `bare` proves what can be seen of that.
NO_FIGURE_PAGES = {
    "campaigns.law": "counts what packs would say, and nothing that happened",
    "audit": "its one number is how many rows stand below it",
    "campaigns.begin": "a form",
    "campaigns.goals": "a choice",
    "contacts": "its one number is how many people stand below it",
    "contacts.consent": "what one person said",
    "contacts.erase": "a form",
    "contacts.opt_in": "a form",
    "contacts.person": "one person",
    "desk": "a line a person",
    "erasures": "a line an erased person",
    "directory": "settings",
    "gateways.choose": "a choice: how many settings a kind has",
    "gateways.create": "settings",
    "gateways.edit": "settings",
    "imports.upload": "a form",
    "inbox": "a line a person; its tabs open what they count",
    "inbox.canned": "texts",
    "inbox.canned.edit": "a form",
    "inbox.canned.new": "a form",
    "inbox.news": "whether there is news of a thread",
    "inbox.thread": "what one person and we wrote",
    "invitation": "a door",
    "keys": "settings",
    "law": "rules and named days",
    "law.file": "a file as it was put in force",
    "law.take_back": "figures of the texts that it names",
    "keys.use": "calls of one key by day, of a program and not of people",
    "link_domain": "settings",
    "lists.page": "its one number is how many people stand below it",
    "members": "settings",
    "messages.timeline": "one message",
    "palette": "names",
    "registers": "what files told, not people of ours",
    "registrations": "a line a sender",
    "registrations.edit": "a form",
    "registrations.new": "a form",
    "registrations.template": "a form",
    "registrations.template.new": "a form",
    "placements.edit": "a form",
    "placements.new": "a form",
    "programmes.capture": "a form",
    "programmes.edit": "a form",
    "programmes.new": "a form",
    "programmes.words": "a form",
    "promise": "a form, and what was promised",
    "settings": "settings",
    "settings.security": "settings",
    "sharing": "settings",
    "sign_in": "a door",
    "styleguide": "invented examples of the parts",
    "suppressed": "a line a number",
    "topics": "a line a topic or brand: its one number is how many people agree to it now",
    "suppressed.lift": "a form",
    "suppressed.new": "a form",
    "tags.page": "its one number is how many people stand below it",
    "templates": "texts",
    "templates.edit": "a form",
    "templates.new": "a form",
    "workspaces": "settings",
    "workspaces.new": "a form",
}
# Parts of a page, which stand on it when its figures are explained.
PARTS = {"campaigns.live_part": "campaigns.live", "imports.part": "imports.page"}
FILES = {
    "campaigns.export": "a column for each attribute",
    "people.export": "a line a person", "opted_out.export": "a line a person",
    "contacts.proof": "proof of what one person said", "messages.proof": "proofs of one message",
    "registrations.document": "a paper of one sender",
    "placements.qr": "a picture",
    "stops.export": "a line a person", "imports.rejected": "a line of the file that came",
    "imports.without_consent": "a line of the file that came",
}  # fmt: skip


def bare(page: str) -> list[str]:
    """Numbers in columns, tiles and meters, and shares in cells, that count in no metric."""
    body = re.sub(r'<details class="card meanings".*?</details>', "", page, flags=re.DOTALL)
    found = []
    for place in dict.fromkeys([*_PLACES.findall(body), *_TD.findall(body)]):
        text = _TAG.sub("", _NO_FIGURE.sub("", place))
        is_share = bool(re.search(r"\d\s?%", text))
        is_text = place.startswith("<td") and not _PLACES.match(place)
        if is_text and not is_share:
            continue
        if re.search(r"\d", text) and "data-metric=" not in place:
            found.append(" ".join(text.split()))
    return found


def test_every_page_is_either_checked_or_shows_no_figure() -> None:
    known = [NO_FIGURE_PAGES.keys(), FIGURE_PAGES, PARTS.keys(), FILES.keys()]

    assert sorted(name for names in known for name in names) == GET_PAGES
    assert all([*NO_FIGURE_PAGES.values(), *FILES.values()])


def test_no_page_shows_a_figure_without_what_it_is(
    owner_client: Client, owner: User, workspace: Workspace
) -> None:
    filled = fill(workspace, owner)
    for name in GET_PAGES:
        if name in FILES:
            continue
        page = owner_client.get(filled.path(name)).content.decode()

        assert bare(page) == [], name
        if name in NO_FIGURE_PAGES:
            assert not re.search(r"data-metric=|data-of=", page) or name == "styleguide", name
            continue
        whole = page
        if name in PARTS:
            whole += owner_client.get(filled.path(PARTS[name])).content.decode()
        assert undefined(whole) == [], name
        if name in FIGURE_PAGES:
            assert page.count('id="meanings"') == 1, name


def test_what_the_compose_page_asks_for_is_explained_on_it(
    owner_client: Client, owner: User, workspace: Workspace
) -> None:
    filled = fill(workspace, owner)
    page = owner_client.get(filled.path("campaigns.compose")).content.decode()
    form = {
        "draft_id": filled.draft_id,
        "body": "Hi á",
        "audience_kind": "all",
        "purpose": "marketing",
    }

    for part in ("forecast", "count"):
        shown = owner_client.post(f"/campaigns/{part}", form).content.decode()

        assert len(_SHOWN.findall(shown)) >= 2, part
        assert undefined(shown + page) == [], part


def test_a_number_without_a_metric_would_be_seen() -> None:
    assert bare('<td class="r wide-only">7</td>') == ["7"]
    assert bare('<div class="figure"><dt>Cost</dt><dd>€7</dd></div>') == ["Cost€7"]
    assert bare("<td>a third: 33 %</td>") == ["a third: 33 %"]
    assert bare("<meter value=3>3</meter>") == ["3"]
    assert bare('<td class="r"><time>3 days ago</time></td><td class="num">+336•••003</td>') == []
    assert bare('<td class="r" data-metric="rows">7</td><td>7 days</td>') == []


def test_every_figure_of_a_page_is_explained_at_its_end(owner_client: Client, sent: Sent) -> None:
    campaign = f"/campaigns/{sent.campaign.id}"
    paths = {
        f"{campaign}/report": 60, f"{campaign}/live": 15, "/": 9, "/gateways/": 2, "/campaigns/": 2,
        f"{campaign}/people?term=delivered": 1, "/people?reaction=clicked": 1,
        f"{campaign}/people?of=cost&term=handed": 1,
    }  # fmt: skip
    for path, least in paths.items():
        page = owner_client.get(path).content.decode()

        assert len(_SHOWN.findall(page)) >= least, path
        assert undefined(page) == [], path


def test_a_figure_without_an_entry_would_be_found() -> None:
    shown = '<a class="opens" href="?" data-of="people" data-metric="clicked">7</a>'
    bare = '<a class="opens" href="?" data-of="people">7</a>'
    row = "<td>x</td>" * 5
    empty = '<tr data-meant="clicked"><th>Clicked</th>' + "<td></td>" + "<td>x</td>" * 4 + "</tr>"

    assert undefined(shown) == [_SHOWN.findall(shown)[0]]
    assert undefined(bare) == [_SHOWN.findall(bare)[0]]
    assert undefined(shown + empty) == [_SHOWN.findall(shown)[0]]
    assert undefined(f'{shown}<tr data-meant="clicked"><th>Clicked</th>{row}</tr>') == []


def test_the_report_s_page_tells_the_numbers(owner_client: Client, sent: Sent) -> None:
    page = owner_client.get(f"/campaigns/{sent.campaign.id}/report").content.decode()
    meant = dict(_MEANT.findall(page))
    told = tell_report(campaign_report(sent.campaign))

    clicked = _TAG.sub("", meant["clicked"])
    assert f"1 of {told['clicked'].whole} (Delivered)" in clicked
    assert "with 95 % confidence" in clicked
    assert "33.3% of the requests are a machine's, and counted apart" in clicked
    assert "Attributed" in meant["replied"]
    assert "Exact: everything is counted" in meant["cost"]


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """Where numbers stand in a report as JSON, as `FIELDS` writes it."""
    if isinstance(value, bool) or value is None or path.endswith("figure"):
        return
    if isinstance(value, int | float):
        yield path
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, f"{path}[]")
    elif isinstance(value, dict):
        is_open = path.endswith(("terms", "counts"))
        for key, each in value.items():
            yield from leaves(each, f"{path}.{'*' if is_open else key}".lstrip("."))


def with_comparison(report: Report) -> Report:
    texted, held_out = Arm(100, 12), Arm(20, 1)
    low, high = interval(texted, held_out)
    measure = replace(
        report.measure,
        goal=Goal.DISCOUNT,
        metric=Metric.EVENTS,
        event="order",
        held_out_count=20,
        texted=texted,
        comparison=Comparison(
            texted, held_out, low, high, "order", *["2026-11-01T00:00:00Z"] * 2, is_over=True
        ),
    )
    return replace(report, measure=measure)


def test_every_number_of_the_api_is_of_a_metric(sent: Sent) -> None:
    shown = report_as_json(with_comparison(campaign_report(sent.campaign)))
    metrics = shown.pop("metrics")
    fields = {field: metric for metric in metrics for field in metric["fields"]}

    found = set(leaves(shown)) - NO_FIGURES
    assert {path for path in found if path not in fields} == set()
    assert {path for path in found if path.endswith("held_out.did_count")} <= fields.keys()
    assert fields.keys() == FIELDS.keys()
    for metric in metrics:
        attributes = ("definition", "certainty", "machines", "claim")
        assert all(metric[each] for each in attributes), metric
        assert (metric["low"] is None) == (metric["certainty"] == "exact"), metric
        assert not metric["of"] or metric["of_label"], metric


def test_every_number_of_the_file_is_of_a_metric(sent: Sent) -> None:
    report = with_comparison(campaign_report(sent.campaign))
    rows = list(csv.DictReader(io.StringIO("".join(report_as_csv(report)))))

    figures = [
        row for row in rows
        if row["section"] != "campaign" and (row["section"], row["name"]) not in FACTS
    ]  # fmt: skip
    assert len(figures) > 60
    for row in figures:
        assert all(row[each] for each in ("metric", "definition", "certainty", "machines", "claim"))
        assert (row["low"] == "") == (row["certainty"] == "exact"), row
    by_name = {(row["section"], row["name"]): row for row in figures}
    delivered = by_name["equation", "delivered"]
    assert (delivered["of"], delivered["of_figure"]) == ("audience", "120")
    low, high = float(delivered["low"]), float(delivered["high"])
    assert low < int(delivered["figure"]) / 120 < high
    assert by_name["goal", "held out by lot · with the event"]["of"] == "side"
    assert by_name["goal", "difference of the rates · 95 % to"]["claim"] == "causal"
    assert set(COLUMNS) <= rows[0].keys()


@pytest.mark.parametrize(
    ("count", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_the_interval_is_that_of_the_literature(
    count: int, whole: int, low: float, high: float
) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(count, whole) == pytest.approx((low, high), abs=5e-5)


def test_what_is_more_than_its_whole_is_no_share() -> None:
    told = tell("replied", {"replied": 34, "handed": 14})

    assert (told.share, told.interval) == (None, None)


def test_what_only_came_after_a_text_claims_no_cause() -> None:
    claims = {name: metric.claim for name, metric in METRICS.items()}

    assert {name for name, claim in claims.items() if claim == Claim.CAUSAL} == {"lift"}
    assert claims["replied"] == claims["opted_out"] == Claim.ATTRIBUTED
    by_clicks = {name for name, metric in METRICS.items() if metric.machines != Machines.NONE}
    assert by_clicks >= {"clicked", "clicks_by", "unsure", "machine", "requests"}


@pytest.mark.parametrize(
    ("figure", "unit", "metric"),
    [
        (Figure(), "people", "audience"),
        (Figure(term="handed"), "segments", "segments"),
        (Figure(term="waiting"), "people", "term"),
        (Figure(country="FR", term="failed"), "people", "failed"),
        (Figure(state="skipped", reason="holdout"), "people", "held_out"),
        (Figure(lot="texted", event="order"), "people", "did"),
        (Figure(state="skipped", reason="no_consent"), "people", "left_out"),
        (Figure(reaction="clicked", country="FR"), "people", "clicked"),
        (Figure(reaction="clicked", device="phone"), "people", "clicks_by"),
        (Figure(reaction="clicked", device="phone"), "requests", "requests"),
        (Figure(asked="machine"), "requests", "requests"),
        (Figure(intent="question", reaction="replied"), "people", "replied"),
        (Figure(reaction="opted_out"), "people", "opted_out"),
    ],
)
def test_a_figure_counts_in_one_metric(figure: Figure, unit: str, metric: str) -> None:
    assert metric_of(figure, unit) == metric
