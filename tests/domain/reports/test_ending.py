"""Whose consent ends soon may be asked anew, in a campaign; whose has ended may not."""

from datetime import datetime, timedelta

import pytest

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import set_consent_months
from textwell.compliance.consent_rules import add_months
from textwell.consent.actions import record_opt_in
from textwell.consent.preferring import choose_channels
from textwell.consent.suppressing import suppress_number
from textwell.consent.types import GENERAL, ConsentScope
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.reports.ending.people import ENDED, ENDING, Wanted, count_ending, list_ending
from textwell.segments.selectors import count_audience, is_in_audience
from textwell.segments.types import Audience, parse_audience

pytestmark = pytest.mark.django_db


def agree(person: Contact, given_at: datetime, scope: ConsentScope = GENERAL) -> Contact:
    record_opt_in(
        workspace_id=person.workspace_id, contact_id=person.id, source="Form", wording="Yes",
        given_at=given_at, actor="system", scope=scope,
    )  # fmt: skip
    return person


def make_ending(workspace: Workspace, days: int, *, country: str = "KR") -> Contact:
    """A person whose consent of 24 months ends in so many days and an hour."""
    person = make_contact(workspace=workspace, country=country, has_consent=False)
    return agree(person, add_months(now() + timedelta(days=days, hours=1), -24))


def ids(workspace: Workspace, wanted: Wanted) -> list[int]:
    found = list_ending(workspace.id, wanted)
    assert sum(row.people_count for row in count_ending(workspace.id, wanted)) == len(found)
    return [each.contact_id for each in found]


def within(days: object) -> Audience:
    condition = {"field": "consent_ends_in", "op": "lte", "value": days}
    return parse_audience({"filters": [condition]})


def test_who_may_still_be_asked_is_told_from_who_may_not(workspace: Workspace) -> None:
    at = now()
    soon, later, lapsed, renewed, stopped, by_mail = (
        make_ending(workspace, days) for days in (9, 60, -9, 9, 9, 9)
    )
    make_ending(workspace, 9, country="FR")  # where no law ends it
    agree(renewed, at)
    suppress_number(workspace_id=workspace.id, msisdn=stopped.msisdn, source="", actor="system")
    choose_channels(
        workspace_id=workspace.id, contact_id=by_mail.id, choice="email", source="page",
        wording="E-mail", given_at=at, actor="system",
    )  # fmt: skip

    assert ids(workspace, Wanted()) == [soon.id]
    assert ids(workspace, Wanted(within_days=90)) == [soon.id, later.id]
    assert ids(workspace, Wanted(ENDED)) == [lapsed.id]
    everybody = Contact.objects.filter(workspace_id=workspace.id).values_list("id", flat=True)
    asked = [who for who in everybody if is_in_audience(workspace.id, within("90"), who)]
    assert asked == [soon.id, later.id]
    assert count_audience(workspace.id, within(30)) == 1
    agree(soon, at)
    assert count_audience(workspace.id, within(30)) == 0


def test_they_are_counted_by_month_and_country_and_the_sooner_end_holds(
    workspace: Workspace,
) -> None:
    set_consent_months(workspace=workspace, months=12, actor="system")
    french = make_contact(workspace=workspace, has_consent=False)
    given_at = add_months(now() + timedelta(days=5), -12)
    agree(french, given_at)
    agree(french, given_at + timedelta(days=2), ConsentScope("", "", "LOTUS"))  # once a person
    korean = make_ending(workspace, 5)  # by the workspace it ended a year ago

    (row,) = list_ending(workspace.id, Wanted())
    month = f"{row.ends_at:%Y-%m}"

    assert (row.contact_id, row.given_at, row.by_law, row.sender) == (
        french.id, given_at, False, "",
    )  # fmt: skip
    assert [(each.month, each.country) for each in count_ending(workspace.id, Wanted())] == [
        (month, "FR")
    ]
    assert ids(workspace, Wanted(ENDING, 30, "FR", month)) == [french.id]
    assert ids(workspace, Wanted(ENDING, 30, "FR", "2001-01")) == []
    assert ids(workspace, Wanted(ENDED, country="KR")) == [korean.id]


@pytest.mark.parametrize("days", [0, 731, -1, "x", "٣", None, True, 1.5, [30], "9" * 40])
def test_days_that_cannot_be_are_refused(workspace: Workspace, days: object) -> None:
    with pytest.raises(FieldError) as refused:
        count_audience(workspace.id, within(days))

    assert refused.value.field == "audience.filters.0.value"
