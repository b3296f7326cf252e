"""A text that names another date than its goal has: found in every language, and said."""

from datetime import UTC, date, datetime

import pytest

from builders import make_campaign, make_workspace
from textwell.campaigns.checks import list_warnings
from textwell.campaigns.named_dates import find_other_date

DAY = date(2036, 11, 29)


@pytest.mark.parametrize(
    ("text", "said", "right"),
    [
        ("20 % off until November 22.", "November 22", "November 29"),
        ("20 % off until November 2.", "November 2", "November 29"),
        ("−20 % jusqu'au 2 mai.", "2 mai", "29 novembre"),
        ("Giảm 20 % đến 1 tháng 12.", "1 tháng 12", "29 Tháng 11"),
        ("Hasta el 3 de mayo.", "3 de mayo", "29 de noviembre"),
        ("八折至12月1日。", "12月1日", "11月29日"),
        ("until November 29.", "", ""),
        ("From November 22 to November 29.", "", ""),
        ("Only 29 novembre", "", ""),
        ("November 290, or 112 mai: 11/22", "", ""),
        ("No date at all", "", ""),
    ],
)
def test_another_date_is_found_and_the_right_one_is_told(text: str, said: str, right: str) -> None:
    assert find_other_date(text, DAY) == (said, right)


@pytest.mark.django_db
def test_the_tip_is_of_the_day_where_the_workspace_is() -> None:
    workspace = make_workspace(zone="Asia/Tokyo")
    campaign = make_campaign(
        workspace=workspace,
        goal="event",
        goal_at=datetime(2036, 11, 28, 20, tzinfo=UTC),  # the 29th in Tokyo
        body="Join us on November 28. STOP to end",
        versions=[{"language": "fr", "body": "Le 29 novembre. STOP"}],
    )

    tips = [each for each in list_warnings(campaign) if "the date of its goal" in each.problem]

    assert [(tip.field, tip.problem) for tip in tips] == [
        ("body", "The text says “November 28”; the date of its goal is “November 29”.")
    ]


@pytest.mark.django_db
def test_without_a_date_of_the_goal_nothing_is_said() -> None:
    campaign = make_campaign(workspace=make_workspace(), goal="event", body="On November 28")

    assert not [each for each in list_warnings(campaign) if "the date of its goal" in each.problem]
