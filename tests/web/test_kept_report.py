"""The page of a large campaign's report: at once what is kept, and by itself what is counted next."""

from datetime import timedelta

import pytest
from django.test import Client

from domain.reports.sent import Sent, make_sent
from domain.reports.test_kept import age
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.core.models import Job
from textwell.reports import kept
from textwell.reports.kept import find_report, keep_report
from textwell.reports.models import KeptReport

pytestmark = pytest.mark.django_db
ASKS = 'hx-trigger="every 3s"'
AGO = "2 days ago"
COUNTING = "It is being counted again"


@pytest.fixture
def old(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """A report that was counted two days ago."""
    sent = make_sent(workspace)
    monkeypatch.setattr(kept, "MOST_LIVE", 59)
    age(find_report(sent.campaign), by=timedelta(days=2))
    return sent


def ask_again(client: Client, page: str, sent: Sent) -> tuple[int, str]:
    """What the page asks by itself, as its text says."""
    address = page.partition(f'hx-get="/campaigns/{sent.campaign.id}/report?')[2].partition('"')[0]
    answer = client.get(
        f"/campaigns/{sent.campaign.id}/report?{address}", headers={"HX-Request": "true"}
    )
    return answer.status_code, answer.content.decode()


def test_an_old_report_is_there_at_once_and_the_new_one_comes_by_itself(
    owner_client: Client, old: Sent
) -> None:
    page = owner_client.get(f"/campaigns/{old.campaign.id}/report").content.decode()
    assert (AGO in page, COUNTING in page, ASKS in page) == (True, True, True)
    assert ask_again(owner_client, page, old) == (204, "")

    keep_report(old.campaign)
    status, new = ask_again(owner_client, page, old)

    assert (status, AGO in new, COUNTING in new, ASKS in new) == (200, False, False, False)
    assert "The report has been counted again." in new


def test_a_first_report_is_announced_at_once_and_comes_by_itself(
    owner_client: Client, old: Sent
) -> None:
    KeptReport.objects.all().delete()
    path = f"/campaigns/{old.campaign.id}/report"
    page = owner_client.get(path).content.decode()
    assert ("for the first time" in page, 'hx-trigger="every 1s"' in page) == (True, True)
    assert ask_again(owner_client, page, old) == (204, "")

    keep_report(old.campaign)

    status, new = ask_again(owner_client, page, old)
    assert (status, "for the first time" in new, "Send equation" in new) == (200, False, True)


def test_a_first_report_that_cannot_be_counted_says_so(owner_client: Client, old: Sent) -> None:
    KeptReport.objects.all().delete()
    path = f"/campaigns/{old.campaign.id}/report"
    page = owner_client.get(path).content.decode()
    Job.objects.update(state="failed", finished_at=now())

    for text in (ask_again(owner_client, page, old)[1], owner_client.get(path).content.decode()):
        assert ("The report could not be counted." in text, 'every 1s"' in text) == (True, False)


def test_a_page_stops_to_ask_when_the_count_fails_and_says_so(
    owner_client: Client, old: Sent
) -> None:
    path = f"/campaigns/{old.campaign.id}/report"
    page = owner_client.get(path).content.decode()
    Job.objects.update(state="failed", finished_at=now())

    status, answer = ask_again(owner_client, page, old)

    assert (status, ASKS in answer) == (200, False)
    for text in (answer, owner_client.get(path).content.decode()):
        assert "It could not be counted again." in text


def test_an_address_that_a_page_asked_opens_as_the_page(owner_client: Client, old: Sent) -> None:
    path = f"/campaigns/{old.campaign.id}/report?shown=yesterday"

    assert ASKS in owner_client.get(path).content.decode()
    answer = owner_client.get(path, headers={"HX-Request": "true"})
    assert (answer.status_code, ASKS in answer.content.decode()) == (200, False)
