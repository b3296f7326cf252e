"""What a campaign may be launched with and is rarely meant."""

import pytest

from builders import make_campaign
from textwell.accounts.models import Workspace
from textwell.campaigns.checks import list_warnings

pytestmark = pytest.mark.django_db
LINKS = [{"url": "https://shop.example/"}]


@pytest.mark.parametrize(
    ("body", "values", "fields"),
    [
        ("Fresh bread. Reply STOP to end", {}, []),
        ("Fresh bread", {}, ["body"]),
        ("Fresh bread", {"purpose": "care", "lane": "care"}, []),
        ("Bánh mì mới. Soạn HUY để từ chối", {}, []),
        ("新鲜面包 回T退订", {}, []),
        ("STOP {{ link }}", {"links": LINKS}, []),
        ("STOP", {"links": LINKS}, ["links"]),
        ("STOP https://shop.example/spring", {}, ["body"]),
        ("STOP www.shop.example", {}, ["body"]),
        ("", {}, []),
        ("{{ first_name", {}, []),
    ],
)
def test_warnings_say_which_field(
    workspace: Workspace, body: str, values: dict[str, object], fields: list[str]
) -> None:
    campaign = make_campaign(workspace=workspace, body=body, **values)

    assert [warning.field for warning in list_warnings(campaign)] == fields


def test_each_language_is_looked_through_and_a_link_may_stand_in_one_alone(
    workspace: Workspace,
) -> None:
    versions = [
        {"language": "vi", "body": "Bánh mì mới {{ link_2 }}"},
        {"language": "fr", "body": "Du pain www.shop.example STOP"},
    ]
    campaign = make_campaign(
        workspace=workspace, body="STOP {{ link }}", links=LINKS * 3, versions=versions
    )

    assert [
        (warning.field, warning.problem.split(".")[0]) for warning in list_warnings(campaign)
    ] == [
        ("links", "Link 3 does not stand in the text"),
        ("versions", "Text for vi: The text does not say how to stop it"),
        ("versions", "Text for fr: “www"),
    ]
