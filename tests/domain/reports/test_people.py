"""Every figure opens the list of exactly its people, in pages and as CSV."""

import csv
import io

import pytest

from domain.reports.sent import Sent, click, make_sent, opt_out, reply
from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact, FieldDefinition, NumberPlace
from textwell.core.errors import FieldError
from textwell.reports.export import export_csv, report_as_csv, report_as_json
from textwell.reports.figures import Figure, read_figure
from textwell.reports.people import count_people, each_person, people_of
from textwell.reports.selectors import campaign_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(workspace: Workspace) -> Sent:
    made = make_sent(workspace)
    delivered = made.where(state="delivered")
    click(made, delivered[0], "human")
    click(made, delivered[1], "unsure")
    click(made, delivered[2], "machine")
    reply(made, delivered[3], "stop")
    opt_out(made, delivered[3])
    return made


def ids(sent: Sent, figure: Figure) -> list[int]:
    return [person.message_id for person in each_person(sent.campaign, figure)]


def test_no_filter_lists_the_whole_audience(sent: Sent) -> None:
    assert ids(sent, Figure()) == [m.id for m in sent.messages]


@pytest.mark.parametrize(
    ("term", "states"),
    [
        ("delivered", {"delivered"}),
        ("accepted", {"submitted"}),
        ("waiting", {"planned", "queued", "handing", "held"}),
        ("failed", {"undelivered", "rejected", "expired"}),
    ],
)
def test_a_term_lists_its_people(sent: Sent, term: str, states: set[str]) -> None:
    assert ids(sent, Figure(term=term)) == [m.id for m in sent.messages if m.state in states]


def test_filters_add_up(sent: Sent) -> None:
    expected = sent.where(state="skipped", reason="no_consent", country="FR")

    assert ids(sent, Figure(state="skipped", reason="no_consent", country="FR")) == expected


@pytest.mark.parametrize(
    ("reaction", "place"),
    [("clicked", 0), ("unsure", 1), ("machine", 2), ("replied", 3), ("opted_out", 3)],
)
def test_a_reaction_lists_its_people(sent: Sent, reaction: str, place: int) -> None:
    assert ids(sent, Figure(reaction=reaction)) == [sent.where(state="delivered")[place]]


def test_every_figure_of_the_report_is_the_length_of_its_list(sent: Sent) -> None:
    NumberPlace.objects.create(prefix="+1212", region="New York", local_region="New York")
    FieldDefinition.objects.create(
        workspace_id=sent.campaign.workspace_id, name="city", label="City"
    )
    report = campaign_report(sent.campaign)

    groups = (*report.countries, *report.operators, *report.regions, *report.places)
    rows = (*report.failures, *report.left_out, *report.replies, *report.clicks.links, *groups)
    assert len(rows) > 15
    for row in rows:
        assert count_people(sent.campaign, row.figure) == row.people_count, row
    for share in report.segments:
        assert count_people(sent.campaign, share.figure) == share.message_count


def test_every_term_of_the_equation_is_the_length_of_its_list(sent: Sent) -> None:
    terms = campaign_report(sent.campaign).equation.terms

    for term, count in terms.items():
        assert count_people(sent.campaign, Figure(term=term)) == count


def test_pages_follow_each_other_without_gap_or_overlap(sent: Sent) -> None:
    seen, after = [], None
    while True:
        page = people_of(sent.campaign, Figure(), after=after, limit=7)
        seen += [person.message_id for person in page.people]
        after = page.next_after
        if after is None:
            break

    assert seen == [m.id for m in sent.messages]


def test_a_figure_is_a_link_and_back() -> None:
    figure = Figure(term="failed", operator="AT&T, Inc = 1", country="", segments=2)

    assert read_figure(figure.query()) == figure


@pytest.mark.parametrize(
    ("query", "field"),
    [("term=nonsense", "term"), ("colour=red", "colour"), ("segments=two", "segments")],
)
def test_a_figure_that_does_not_exist_is_refused_by_field(query: str, field: str) -> None:
    with pytest.raises(FieldError) as refused:
        read_figure(query)

    assert refused.value.field == field


def test_the_csv_of_a_figure_holds_its_people(sent: Sent) -> None:
    text = "".join(export_csv(sent.campaign, Figure(term="delivered")))

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["message_id"]) for row in rows] == sent.where(state="delivered")
    assert rows[0]["msisdn"].startswith("+")


def test_a_name_that_is_a_formula_is_exported_as_text(sent: Sent) -> None:
    contact_id = sent.messages[0].contact_id
    Contact.objects.filter(id=contact_id).update(first_name="=HYPERLINK(1)")

    text = "".join(export_csv(sent.campaign, Figure()))

    row = next(r for r in csv.DictReader(io.StringIO(text)) if int(r["contact_id"]) == contact_id)
    assert row["first_name"] == "'=HYPERLINK(1)"


def test_the_report_as_csv_and_json_says_the_same(sent: Sent) -> None:
    report = campaign_report(sent.campaign)

    rows = [row[:3] for row in csv.reader(io.StringIO("".join(report_as_csv(report))))]
    shown = report_as_json(report)
    assert ["equation", "delivered", str(shown["equation"]["terms"]["delivered"])] in rows
    assert shown["clicks"]["rate"] == report.clicks.rate
    assert shown["failures"][0]["figure"] == report.failures[0].figure.values()


def test_nobody_is_said_to_have_opened_or_read_a_text(sent: Sent) -> None:
    text = str(report_as_json(campaign_report(sent.campaign))).lower()

    assert "open rate" not in text.replace("_", " ")
    assert "read rate" not in text.replace("_", " ")
