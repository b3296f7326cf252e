"""A workspace that got its people since the last ANALYZE: no statement goes through all for each of them.

What is counted is rows and index look-ups of PostgreSQL, not time. Without the mend each of these reads
some hundred times as many.
"""

from collections.abc import Callable

import pytest
from django.db import connection

from builders import make_campaign
from reads import add_strangers_to_planner, know_others_only, reads
from textwell.accounts.models import Workspace
from textwell.campaigns.counting import count_live
from textwell.campaigns.forecast import build_forecast
from textwell.campaigns.models import Campaign
from textwell.contacts.choosing import Chosen, PeopleFilter
from textwell.contacts.groups.actions import tag_people, take_off_list
from textwell.contacts.selectors import list_contacts
from textwell.messaging.plan import reserve_block
from textwell.reports.selectors import campaign_report
from textwell.segments.figures import list_figures, tag_figures
from textwell.segments.selectors import count_audience
from textwell.segments.types import parse_audience

pytestmark = pytest.mark.django_db
PEOPLE = 2_500  # half of them: more than any plan is good for
A_FEW_TIMES = 60  # rows and look-ups a person


def forecast_everybody(workspace: Workspace, list_id: int) -> object:
    found = build_forecast(make_campaign(workspace=workspace))
    return found.people_count, found.left_out


def forecast_list(workspace: Workspace, list_id: int) -> object:
    campaign = make_campaign(workspace=workspace, audience={"list_id": list_id}, cap_count=2)
    return build_forecast(campaign).sendable_count


def count_while_writing(workspace: Workspace, list_id: int) -> object:
    filters = [{"field": "list", "op": "in", "value": list_id}]
    return count_live(
        make_campaign(workspace=workspace, audience={"filters": filters})
    ).sample_count


def count_list(workspace: Workspace, list_id: int) -> object:
    return count_audience(workspace.id, parse_audience({"list_id": list_id}))


def figures_of_lists(workspace: Workspace, list_id: int) -> object:
    return list_figures(workspace.id).of(list_id)


def figures_of_tags(workspace: Workspace, list_id: int) -> object:
    return tag_figures(workspace.id).of("vip")


def search_on_list(workspace: Workspace, list_id: int) -> object:
    return len(list_contacts(workspace.id, list_id=list_id, search="Ada"))


def tag_a_list(workspace: Workspace, list_id: int) -> object:
    whom = Chosen(filter=PeopleFilter(list_id=list_id))
    return tag_people(workspace_id=workspace.id, whom=whom, add=["new"], actor="system").count


def take_tagged_off(workspace: Workspace, list_id: int) -> object:
    whom = Chosen(filter=PeopleFilter(tag="vip"))
    found = take_off_list(workspace_id=workspace.id, list_id=list_id, whom=whom, actor="system")
    return found.count


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        (forecast_everybody, (PEOPLE, {"suppressed": PEOPLE // 2})),
        (forecast_list, PEOPLE // 2),
        (count_while_writing, 250),
        (count_list, PEOPLE),
        (figures_of_lists, (PEOPLE, PEOPLE // 2)),
        (figures_of_tags, (PEOPLE, PEOPLE // 2)),
        (search_on_list, 50),
        (tag_a_list, PEOPLE),
        (take_tagged_off, PEOPLE),
    ],
)
def test_people_are_read_a_few_times_each(
    workspace: Workspace, act: Callable[[Workspace, int], object], answer: object
) -> None:
    know_others_only()
    list_id = add_strangers_to_planner(workspace, PEOPLE)
    before = reads()

    assert act(workspace, list_id) == answer

    assert reads() - before < A_FEW_TIMES * PEOPLE


_SENT = """
INSERT INTO messaging_message (id, workspace_id, campaign_id, contact_id, msisdn, country, state, reason,
    code, sender, lane, is_counted, segment_count, cost_micros, planned_at, handed_at, done_at)
SELECT %(first)s + row_number() OVER (ORDER BY id) - 1, workspace_id, %(campaign)s, id, msisdn, 'FR',
    'delivered', '', '', '', 'bulk', true, 1, 0, now(), now(), now()
FROM contacts_contact WHERE workspace_id = %(w)s
"""
_CLICKED = """
INSERT INTO links_click (stream_key, workspace_id, campaign_id, message_id, link_number, at, method, kind,
    kind_reason, device, os, browser, country, region, user_agent)
SELECT id::text, workspace_id, campaign_id, id, 1, now(), 'GET', 'human', '', '', '', '', '', '', ''
FROM messaging_message WHERE campaign_id = %(campaign)s
"""
_OPTED_OUT = """
INSERT INTO consent_consentevent (workspace_id, contact_id, channel, purpose, kind, given_at, recorded_at,
    source, wording, evidence, actor)
SELECT workspace_id, contact_id, 'sms', 'marketing', 'opt_out', handed_at, now(), 'reply', 'STOP', '{}', 'mo'
FROM messaging_message WHERE campaign_id = %(campaign)s
"""


def _sent(workspace: Workspace) -> Campaign:
    first, last = reserve_block(PEOPLE)
    campaign = make_campaign(
        workspace=workspace,
        state="finished",
        audience_count=PEOPLE,
        first_message_id=first,
        last_message_id=last,
    )
    with connection.cursor() as raw:
        for statement in (_SENT, _CLICKED, _OPTED_OUT):
            raw.execute(statement, {"w": workspace.id, "campaign": campaign.id, "first": first})
    return campaign


def test_a_report_right_after_a_campaign_reads_each_message_a_few_times(
    workspace: Workspace,
) -> None:
    know_others_only()
    with connection.cursor() as raw:
        raw.execute("ANALYZE messaging_message, links_click")
    add_strangers_to_planner(workspace, PEOPLE)
    campaign = _sent(workspace)
    before = reads()

    report = campaign_report(campaign)

    assert (report.clicks.human_people, report.opted_out_people) == (PEOPLE, PEOPLE)
    assert reads() - before < A_FEW_TIMES * PEOPLE
