"""A draft of the API is opened, saved without a touch, and is what it was."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from django.test import Client

from builders import make_campaign, make_contact, make_gateway, make_workspace
from page_forms import untouched
from textwell.accounts.models import Workspace
from textwell.api.schemas.audiences import Operator
from textwell.api.schemas.campaigns import NewCampaign
from textwell.campaigns.actions import create_campaign
from textwell.campaigns.approval import EDITABLE
from textwell.campaigns.models import Campaign
from textwell.contacts.models import ContactList

CITY = {"field": "country", "op": "is", "value": "FR"}


def _filters(*rows: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"audience": {"filters": list(rows), **more}}


DRAFTS: dict[str, dict[str, Any]] = {
    "nothing but a name": {},
    "a name with spaces and two lines": {"name": " Spring\noffer "},
    "everybody": {"audience": {"all": True}},
    "a tag nobody has": {"audience": {"tag": "vip "}},
    "four filters, all": _filters(CITY, CITY, CITY, CITY, match="all"),
    "fifty filters, any": _filters(*[CITY] * 50, match="any"),
    "filters that do not say how they are joined": _filters(CITY),
    "every comparison": _filters(
        *(
            {"field": "created_at", "op": op, "value": [4, 6.5] if op == "between" else 4}
            for op in get_args(Operator)
        )
    ),
    "values of every kind": _filters(
        *({"field": "city", "op": "is", "value": value} for value in ("a", 1, 1.0, True, None)),
        *({"field": "zone", "op": "is", "value": value} for value in (" a", 1, 1.0, True, None)),
        {"field": "zone", "op": "is", "value": ["a", "b"]},
        {"field": "zone", "op": "is_known"},
        {"field": "list", "op": "in", "value": 1},
        {"field": "created_at", "op": "between", "value": ["2026-01-01"]},
    ),
    "nine links": {"links": [{"url": f"https://example.org/{n}?a=1#b"} for n in range(9)]},
    "links that Django takes for none": {
        "links": [{"url": "https://intranet/sale?"}, {"url": "http://a_b.example.org/"}]
    },
    "every UTM name": {
        "utm": {
            "utm_source": " sms ",
            "utm_medium": "",
            "utm_campaign": "x" * 150,
            "utm_term": "bread",
            "utm_content": "a",
            "utm_id": "7",
        }
    },
    "the highest limits": {"cap_count": 1000, "cap_hours": 8760, "validity_hours": 168},
    "times to the microsecond": {
        "scheduled_at": "2090-03-04T05:06:07.000089Z",
        "expires_at": "2090-10-29T01:30:59+00:00",
    },
    "another purpose and lane": {"purpose": "care", "lane": "care"},
    "a goal": {
        "goal": "event",
        "goal_at": "2090-03-04T05:06:07.000089Z",
        "metric": "events",
        "metric_event": "order.completed",
        "holdout_percent": 50,
    },
    "switches": {"unaccent": True, "replace_characters": False},
    "fallbacks of fields that the text lacks": {
        "body": "\n Hi {{ first_name }}\r\n",
        "fallbacks": {"first_name": "friend", "city": "town", "last_name": "", "zone": "x" * 300},
    },
    "the longest text": {"body": "Hi\n" * 1333 + "!"},
    "versions": {
        "body": "Hi {{ first_name }}",
        "fallbacks": {"first_name": "friend"},
        "versions": [
            {"language": "vi", "body": "\nChào {{ first_name }}"},
            {"language": "fr", "body": "Salut", "fallbacks": {"city": "ville"}},
            {"language": "de", "body": "Hallo {{ first_name }}", "fallbacks": {}},
            {
                "language": "es",
                "body": "Hola {{ first_name }}",
                "fallbacks": {"first_name": "friend"},
            },
        ],
    },
    "a sender without a gateway": {"sender": "BAKERY"},
}


def _stored(campaign: Campaign) -> dict[str, Any]:
    return {name: getattr(campaign, name) for name in EDITABLE}


def _draft(workspace: Workspace, **values: Any) -> Campaign:
    given = NewCampaign.model_validate({"name": "Spring"} | values).values()
    made = create_campaign(workspace_id=workspace.id, actor="key:1", **given)
    return Campaign.objects.get(id=made.id)


def _save_untouched(client: Client, campaign: Campaign) -> Campaign:
    path = f"/campaigns/{campaign.id}/compose"
    answer = client.post(path, untouched(client.get(path).content.decode(), "compose"))
    assert answer.status_code == 302
    return Campaign.objects.get(id=campaign.id)


@pytest.mark.parametrize("label", DRAFTS)
def test_saving_an_untouched_draft_changes_nothing(
    label: str, owner_client: Client, workspace: Workspace
) -> None:
    draft = _draft(workspace, **DRAFTS[label])

    saved = _save_untouched(owner_client, draft)

    assert _stored(saved) == _stored(draft)


def test_lists_and_senders_stay_as_they_are(owner_client: Client, workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    kept = ContactList.objects.create(workspace_id=workspace.id, name="Regulars")
    rows = [{"field": "list", "op": op, "value": kept.id} for op in ("in", "not_in")]
    drafts = [
        _draft(workspace, gateway_id=gateway.id, sender="RETIRED", **_filters(*rows)),
        _draft(workspace, gateway_id=gateway.id, audience={"list_id": kept.id}),
    ]

    saved = [_save_untouched(owner_client, draft) for draft in drafts]

    assert [_stored(each) for each in saved] == [_stored(draft) for draft in drafts]


def test_a_list_that_is_gone_is_refused_and_not_forgotten(
    owner_client: Client, workspace: Workspace
) -> None:
    chosen = ContactList.objects.create(workspace_id=workspace.id, name="Regulars")
    draft = _draft(workspace, audience={"list_id": chosen.id})
    ContactList.objects.filter(id=chosen.id).delete()
    path = f"/campaigns/{draft.id}/compose"

    answer = owner_client.post(path, untouched(owner_client.get(path).content.decode(), "compose"))

    assert answer.status_code == 422
    beside = answer.content.decode().partition('name="list_id"')[2].partition("</ul>")[0]
    assert "The chosen list is not there any more." in beside
    assert "audience.list_id" not in answer.content.decode()
    assert Campaign.objects.get(id=draft.id).audience == {"list_id": chosen.id}


def test_a_condition_that_no_inputs_hold_is_read_and_can_be_removed(
    owner_client: Client, workspace: Workspace
) -> None:
    gone = {"field": "shoe_size", "op": "between", "value": [4, 6]}
    draft = _draft(workspace, **_filters(CITY, gone, match="any"))
    path = f"/campaigns/{draft.id}/compose"
    page = owner_client.get(path).content.decode()

    owner_client.post(path, untouched(page, "compose") | {"drop_2": "on"})

    assert "<span>shoe_size is between 4, 6</span>" in page
    assert "None" not in page.replace("None can cause it", "")  # said of machines
    assert Campaign.objects.get(id=draft.id).audience == {"filters": [CITY], "match": "any"}


def test_a_touched_time_is_the_one_that_is_sent(owner_client: Client, workspace: Workspace) -> None:
    draft = _draft(workspace, scheduled_at="2090-03-04T05:06:07Z")
    path = f"/campaigns/{draft.id}/compose"
    sent = untouched(owner_client.get(path).content.decode(), "compose")
    shown = datetime.fromisoformat(sent["scheduled_at"])

    owner_client.post(path, sent | {"scheduled_at": shown.replace(minute=30).isoformat()[:16]})

    stored = Campaign.objects.get(id=draft.id).scheduled_at
    assert stored == datetime(2090, 3, 4, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("touch", [{}, {"cap_hours": "0"}], ids=["as it is", "not valid"])
def test_the_forecast_is_for_the_people_of_the_draft(
    touch: dict[str, str], owner_client: Client, workspace: Workspace
) -> None:
    make_contact(workspace=workspace)
    nobody = {"field": "country", "op": "is", "value": " none"}
    links = [{"url": "https://intranet/sale?"}]
    draft = _draft(workspace, sender="RETIRED", links=links, **_filters(nobody))
    page = owner_client.get(f"/campaigns/{draft.id}/compose").content.decode()

    forecast = owner_client.post("/campaigns/forecast", untouched(page, "compose") | touch)

    assert "Nobody is in this audience." in forecast.content.decode()


def test_the_forecast_knows_no_draft_of_another_workspace(owner_client: Client) -> None:
    foreign = make_campaign(workspace=make_workspace(name="Other"))

    answer = owner_client.post("/campaigns/forecast", {"draft_id": foreign.id})

    assert answer.status_code == 404
