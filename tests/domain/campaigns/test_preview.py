"""A preview of one person: the octets, what forces UCS-2, and when it may go where they are."""

from datetime import UTC, datetime

import pytest

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.campaigns.forecast import build_preview
from textwell.contacts.zones import load_zones

pytestmark = pytest.mark.django_db
AT = datetime(2036, 3, 1, 14, 30, tzinfo=UTC)


def test_octets_rest_and_what_forces_them_are_of_this_persons_text(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, first_name="Łucja")
    gateway = make_gateway(workspace=workspace, price_micros=45_000)
    campaign = make_campaign(workspace=workspace, gateway=gateway, body="Hi {{ first_name }}")

    found = build_preview(campaign, contact)

    assert [part.octets.decode("utf-16-be") for part in found.parts.shown] == ["Hi Łucja"]
    assert (found.forced_by, found.units_left) == (("Ł",), 62)
    assert (found.cost_micros, found.currency) == (45_000, "EUR")


def test_the_time_is_told_where_the_person_is(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, zone="Asia/Ho_Chi_Minh")
    campaign = make_campaign(workspace=workspace, scheduled_at=AT)

    found = build_preview(campaign, contact)

    assert (found.planned_at, found.allowed_at) == (AT, AT)
    local = found.local_times[0]
    assert (local.at.isoformat(), local.zones) == (
        "2036-03-01T21:30:00+07:00", ("Asia/Ho_Chi_Minh",),
    )  # fmt: skip
    assert local.is_night


def test_a_number_of_many_zones_tells_each_hour_once_the_earliest_first(
    workspace: Workspace,
) -> None:
    load_zones()
    contact = make_contact(workspace=workspace, msisdn="+18005550123", country="US")
    campaign = make_campaign(workspace=workspace, scheduled_at=AT)

    clocks = [each.at.replace(tzinfo=None) for each in build_preview(campaign, contact).local_times]

    assert clocks == sorted(set(clocks))
    assert clocks[0] == datetime(2036, 3, 1, 3, 30)  # noqa: DTZ001 - on the clock of Pago Pago


def test_who_may_not_be_texted_has_no_time(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, has_consent=False, zone="Europe/Paris")
    campaign = make_campaign(workspace=workspace, scheduled_at=AT)

    found = build_preview(campaign, contact)

    assert (found.allowed_at, found.planned_at) == (None, AT)
    assert not found.local_times[0].is_night
