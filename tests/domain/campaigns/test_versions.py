"""A campaign in several languages: checked, counted, previewed, approved, handed over."""

from typing import Any

import orjson
import pytest

from builders import make_campaign, make_contact
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import update_campaign
from textwell.campaigns.approval import content_hash
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.counting import count_live
from textwell.campaigns.forecast import build_preview
from textwell.core.errors import FieldError
from textwell.runtime.connector.content import content_of_campaign

pytestmark = pytest.mark.django_db
VIETNAMESE = {"language": "vi", "body": "Chào {{ first_name }}", "fallbacks": {"first_name": "bạn"}}


def make_versioned(workspace: Workspace, **values: Any) -> Any:
    given = {"fallbacks": {"first_name": "friend"}, "versions": [VIETNAMESE]} | values
    return make_campaign(workspace=workspace, body="Hello {{ first_name }}", **given)


def test_a_preview_is_of_the_version_that_the_person_gets(workspace: Workspace) -> None:
    campaign = make_versioned(workspace)
    mai = make_contact(workspace=workspace, language="vi-VN")
    ada = make_contact(workspace=workspace, language="fr", first_name="Ada")

    first, second = build_preview(campaign, mai), build_preview(campaign, ada)

    assert (first.composed.text, first.version) == ("Chào bạn", "vi")
    assert (second.composed.text, second.version) == ("Hello Ada", "")


def test_each_version_is_counted_by_itself(workspace: Workspace) -> None:
    campaign = make_versioned(workspace, versions=[VIETNAMESE | {"body": "ạ" * 80}])
    make_contact(workspace=workspace, language="vi")
    for _each in range(2):
        make_contact(workspace=workspace)

    main, vietnamese = count_live(campaign).groups

    assert (main.language, main.people_count, main.shares[1]) == ("", 2, 1.0)
    assert (vietnamese.language, vietnamese.people_count, vietnamese.shares[2]) == ("vi", 1, 1.0)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"body": ""}, "Text for vi: The text is empty."),
        ({"body": "{{ nobody }}"}, "Text for vi: “nobody” is not a field of your people."),
        ({"body": "{{ link }}"}, "Text for vi: The text uses link 1, which has no address."),
    ],
)
def test_faults_of_a_version_keep_a_campaign_from_launching(
    workspace: Workspace, change: dict[str, str], problem: str
) -> None:
    make_contact(workspace=workspace)
    campaign = make_versioned(workspace, versions=[VIETNAMESE | change])

    (found,) = check_campaign(campaign)

    assert (found.field, found.problem) == ("versions", problem)


def test_a_version_without_fallbacks_takes_those_of_the_main_text(workspace: Workspace) -> None:
    make_contact(workspace=workspace)

    assert (
        check_campaign(make_versioned(workspace, versions=[VIETNAMESE | {"fallbacks": {}}])) == []
    )


@pytest.mark.parametrize("language", ["", "no language", "VI"])
def test_a_language_is_one_and_stands_once(workspace: Workspace, language: str) -> None:
    campaign = make_versioned(workspace)
    versions = [VIETNAMESE, VIETNAMESE | {"language": language}]

    with pytest.raises(FieldError) as refused:
        update_campaign(campaign=campaign, actor="user:1", versions=versions)

    assert refused.value.field == "versions.1.language"


def test_a_version_is_part_of_what_is_approved(workspace: Workspace) -> None:
    campaign = make_versioned(workspace, versions=[])
    before = content_hash(campaign)

    update_campaign(campaign=campaign, actor="user:1", versions=[VIETNAMESE])
    campaign.refresh_from_db()

    assert content_hash(campaign) != before


def test_the_connector_composes_each_persons_version() -> None:
    row = (
        "Hello",
        "{}",
        False,
        True,
        0,
        "marketing",
        0,
        24,
        24,
        b"0123456789abcdef",
        orjson.dumps([VIETNAMESE]),
        "recommended",
        *("", "", False),  # the general consent
        ["Lotus", "", "", ""],
        *(None, None, None),  # no link domain
    )

    composer = content_of_campaign(row).composer

    assert composer is not None
    assert composer.compose({"language": "vi"}, {}).text == "Chào bạn"
    assert composer.compose({"language": "en"}, {}).text == "Hello"
