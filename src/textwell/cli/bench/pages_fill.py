"""A workspace as it is after some months: people, consent, campaigns, clicks, replies and logs.

Made by the database itself. What is rare in life is rare here: tags of three people and of one in
ten, failures, opt-outs. One tag belongs to the people who came last, as after an import. The
campaigns went out a week apart, the newest an hour ago; who opted out after one is left out of
those that followed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from textwell.accounts.actions import create_workspace
from textwell.accounts.models import Membership, Role, User, Workspace
from textwell.campaigns.models import Campaign, CampaignState
from textwell.cli.bench.people import add_crowd
from textwell.contacts.models import Contact, ContactList, FieldDefinition, ImportRun
from textwell.core.clock import now
from textwell.gateways.models import Gateway, Sender
from textwell.inbox.models import CannedAnswer, Thread
from textwell.inbox.places import PLACE_SQL
from textwell.messaging.models import SavedText
from textwell.messaging.plan import reserve_block
from textwell.reports.kept import keep_report
from textwell.segments.figures import keep_figures
from textwell.webhooks.models import Endpoint

CAMPAIGNS = 10  # each to everybody
_GO_AFTER_EACH = 23  # one person of so many opts out in all, as many after each campaign
BODY = "Lotus: {{ first_name }}, 20% off until Sunday. {{ link }} Reply STOP to opt out."

_TAGS = """
UPDATE contacts_contact c SET tags = t.tags,
    first_name = CASE WHEN n % (%(count)s / 3) = 9 THEN 'Éloïse' ELSE first_name END,
    fields = fields || jsonb_build_object('city', 'City ' || n % 50)
FROM (
    SELECT id, n, array_remove(ARRAY[
        CASE WHEN n % 10 < 6 THEN 'city-' || n % 40 END,
        CASE WHEN n % 10 = 0 THEN 'vip' END,
        CASE WHEN n > %(count)s * 9 / 10 THEN 'newcomers' END,
        CASE WHEN n % (%(count)s / 3) = 7 THEN 'press' END], NULL)::varchar[] AS tags
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
          FROM contacts_contact WHERE workspace_id = %(w)s) x
) t
WHERE c.id = t.id
"""
_EVENTS = """
INSERT INTO consent_consentevent (workspace_id, contact_id, channel, purpose, kind, given_at,
    recorded_at, source, wording, evidence, actor)
SELECT workspace_id, id, 'sms', 'marketing', 'opt_in', now() - interval '90 days',
    now() - interval '90 days', 'form', 'Yes, text me', '{}', 'system'
FROM contacts_contact WHERE workspace_id = %(w)s
"""
_OPT_OUTS = """
INSERT INTO consent_consentevent (workspace_id, contact_id, channel, purpose, kind, given_at,
    recorded_at, source, wording, evidence, actor)
SELECT workspace_id, contact_id, 'sms', 'marketing', 'opt_out', at, at, 'reply', 'STOP', '{}', 'system'
FROM (
    SELECT workspace_id, contact_id, handed_at + interval '3 minutes' AS at FROM messaging_message
    WHERE id BETWEEN %(first)s AND %(last)s AND handed_at IS NOT NULL
        AND contact_id % %(every)s = 0 AND contact_id / %(every)s % %(campaigns)s = %(number)s
) x
"""
_REFUSALS = """
UPDATE consent_consentstate s SET is_granted = false, since = e.given_at
FROM consent_consentevent e
WHERE s.workspace_id = %(w)s AND e.workspace_id = %(w)s AND e.kind = 'opt_out'
    AND e.contact_id = s.contact_id
"""
_SUPPRESSIONS = """
WITH why AS (
    INSERT INTO consent_suppressionreason (workspace_id, msisdn, reason, note, source, actor, since)
    SELECT workspace_id, msisdn, 'opted_out', '', 'reply', 'system', s.since
    FROM contacts_contact c JOIN consent_consentstate s USING (workspace_id)
    WHERE workspace_id = %(w)s AND s.contact_id = c.id AND NOT s.is_granted
    ORDER BY c.id
    RETURNING workspace_id, msisdn, reason
)
INSERT INTO consent_suppression (workspace_id, msisdn, reason) SELECT * FROM why
"""
_MEMBERS = """
INSERT INTO contacts_listmember (list_id, contact_id, added_at)
SELECT %(list)s, id, now() FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM contacts_contact WHERE workspace_id = %(w)s) x
WHERE n % %(every)s = 1
"""
_MESSAGES = """
INSERT INTO messaging_message (id, workspace_id, campaign_id, contact_id, msisdn, country, state, reason,
    code, gateway_id, sender, lane, is_counted, due_at, segment_count, cost_micros, planned_at, handed_at,
    done_at)
SELECT %(first)s + n - 1, %(w)s, %(campaign)s, id, msisdn, country, state,
    CASE state WHEN 'skipped' THEN 'opted_out' WHEN 'undelivered' THEN 'absent'
        WHEN 'rejected' THEN 'invalid_number' ELSE '' END,
    CASE state WHEN 'undelivered' THEN '27' WHEN 'rejected' THEN '11' ELSE '' END,
    %(gateway)s, 'LOTUS', 'bulk', true, %(at)s, CASE state WHEN 'skipped' THEN 0 ELSE 1 + n % 2 END,
    CASE WHEN state IN ('skipped', 'rejected') THEN 0 ELSE 30000 * (1 + n % 2) END, %(at)s,
    CASE WHEN state NOT IN ('skipped', 'rejected') THEN %(at)s + n * interval '1 ms' END,
    CASE WHEN state NOT IN ('skipped', 'unknown') THEN %(at)s + n * interval '1 ms' END
FROM (
    SELECT id, msisdn, country, n, CASE
        WHEN id % %(every)s = 0 AND id / %(every)s % %(campaigns)s < %(number)s THEN 'skipped'
        WHEN n % 33 = 0 THEN 'undelivered' WHEN n % 20011 = 3 THEN 'unknown'
        WHEN n % 1009 = 4 THEN 'rejected' WHEN n % 200003 = 5 THEN 'expired'
        ELSE 'delivered' END AS state
    FROM (SELECT id, msisdn, country, row_number() OVER (ORDER BY id) AS n
          FROM contacts_contact WHERE workspace_id = %(w)s) x
) y
"""
_BATCHES = """
WITH batch AS (
    INSERT INTO messaging_batch (workspace_id, campaign_id, gateway_id, lane, due_at, first_message_id,
        last_message_id, marked_id, state, leased_by, attempt_count, body, extra)
    SELECT %(w)s, %(campaign)s, %(gateway)s, 'bulk', %(at)s, low, least(low + 19999, %(last)s),
        least(low + 19999, %(last)s), 'done', '', 1, '', '{}'
    FROM generate_series(%(first)s, %(last)s, 20000) low
    RETURNING id, first_message_id, last_message_id
)
INSERT INTO messaging_window (batch_id, first_message_id, last_message_id, connector, marked_at, is_settled)
SELECT id, low, least(low + 499, last_message_id), 'bench', %(at)s, true
FROM batch, generate_series(first_message_id, last_message_id, 500) low
"""
_OUTCOMES = """
INSERT INTO messaging_outcome (message_id, gateway_id, at, provider_key, cost_micros, segment_count,
    outcome, encoding, provider_message_id, text)
SELECT id, gateway_id, handed_at, hashint8extended(id, 0), cost_micros, segment_count,
    CASE state WHEN 'unknown' THEN 'unknown' ELSE 'submitted' END, 'gsm7', to_hex(id),
    'Lotus: Emma, a fifth off until Sunday. https://lotus.example/' || to_hex(id) || ' Reply STOP to opt out.'
FROM messaging_message WHERE id BETWEEN %(first)s AND %(last)s AND handed_at IS NOT NULL
"""
# A receipt in a hundred came over another bind than its text went: it has the carrier's id alone.
_RECEIPTS = """
INSERT INTO messaging_dlr (gateway_id, message_id, provider_key, done_at, received_at, state, reason,
    code, provider_message_id)
SELECT gateway_id, CASE WHEN id % 100 <> 0 THEN id END, hashint8extended(id, 0), done_at, done_at,
    state, reason, code, to_hex(id)
FROM messaging_message
WHERE id BETWEEN %(first)s AND %(last)s AND state IN ('delivered', 'undelivered', 'expired')
"""
_TALLIES = """
INSERT INTO messaging_tally (campaign_id, state, reason, message_count, segment_count, cost_micros,
    handed_count, handed_segments)
SELECT campaign_id, state, reason, count(*), sum(segment_count), sum(cost_micros), count(handed_at),
    coalesce(sum(segment_count) FILTER (WHERE handed_at IS NOT NULL), 0)
FROM messaging_message WHERE id BETWEEN %(first)s AND %(last)s GROUP BY 1, 2, 3
"""
_PROGRESS = """
INSERT INTO messaging_progress (campaign_id, slot_at, state, message_count, handed_count, cost_micros)
SELECT campaign_id, date_bin('5 seconds', coalesce(done_at, handed_at), 'epoch'), state, count(*),
    count(handed_at), sum(cost_micros)
FROM messaging_message WHERE id BETWEEN %(first)s AND %(last)s AND state <> 'skipped' GROUP BY 1, 2, 3
"""
_CLICKS = """
INSERT INTO links_click (stream_key, workspace_id, campaign_id, message_id, link_number, at, method, kind,
    kind_reason, device, os, browser, country, region, user_agent)
SELECT 'bench ' || id, workspace_id, campaign_id, id, 1, handed_at + interval '1 minute', 'GET',
    CASE WHEN id % 4 = 0 THEN 'machine' ELSE 'human' END, '',
    CASE WHEN id % 3 = 0 THEN 'tablet' ELSE 'phone' END, '', '', 'VN', '', ''
FROM messaging_message WHERE id BETWEEN %(first)s AND %(last)s AND id % 25 < 1 AND handed_at IS NOT NULL
"""
_REPLIES = """
INSERT INTO inbox_reply (workspace_id, gateway_id, source_key, contact_id, msisdn, recipient, text,
    received_at, intent, certainty, language, message_id, campaign_id)
SELECT workspace_id, gateway_id, 'bench ' || id, contact_id, msisdn, 'LOTUS', 'Thanks',
    handed_at + interval '2 minutes',
    (ARRAY['other', 'other', 'other', 'opt_out', 'help'])[1 + (id / 50) % 5], 0.9, 'en', id, campaign_id
FROM messaging_message WHERE id BETWEEN %(first)s AND %(last)s AND id % 50 = 1 AND handed_at IS NOT NULL
"""
_THREADS = """
INSERT INTO inbox_thread (workspace_id, contact_id, is_open, is_unread, waiting_since, last_at, last_text,
    is_last_ours, last_entry, place)
SELECT workspace_id, contact_id, true, true, min(received_at), max(received_at), max(text), false, count(*),
    __PLACE__
FROM inbox_reply WHERE workspace_id = %(w)s AND intent <> 'opt_out' GROUP BY 1, 2
ON CONFLICT DO NOTHING
""".replace("__PLACE__", PLACE_SQL.format(waiting="min(received_at)", last="max(received_at)"))
_AUDIT = """
INSERT INTO accounts_auditentry (workspace_id, actor, action, subject, data, reason, at)
SELECT %(w)s, 'user:' || 1 + n % 5, 'contacts.changed', 'contact:' || n, '{}', '', now() - n * interval '1 s'
FROM generate_series(1, %(count)s / 4) n
"""
_HAPPENINGS = """
WITH made AS (
    INSERT INTO webhooks_happening (workspace_id, kind, source_key, data, at, gathered_at)
    SELECT %(w)s, 'message.delivered', 'bench ' || n, '{}', now(), now()
    FROM generate_series(1, %(count)s / 4) n
    RETURNING id
)
INSERT INTO webhooks_delivery (endpoint_id, happening_id, state, attempt_count, last_status, last_error,
    last_duration_ms, next_at)
SELECT %(endpoint)s, id, state, 1, 200, '', 5, CASE state WHEN 'waiting' THEN now() + interval '1 day' END
FROM (
    SELECT id, CASE id % 50 WHEN 0 THEN 'failed' WHEN 1 THEN 'waiting' ELSE 'delivered' END AS state
    FROM made
) m
"""
_IMPORT_ROWS = """
INSERT INTO contacts_importrow (import_run_id, line, verdict, reason, is_opted_out, msisdn, country,
    operator, first_name, last_name, email, language, zone, external_id, tags, fields, consent_source,
    consent_wording, consent_at, consent_problem, contact_id, raw)
SELECT %(run)s, n, 'new', '', false, msisdn, country, '', first_name, last_name, '', 'en', '', '', '{}', '{}',
    'form', 'Yes, text me', now(), '', id, ''
FROM (SELECT c.*, row_number() OVER (ORDER BY id) AS n FROM contacts_contact c WHERE workspace_id = %(w)s) x
"""
_OF_CAMPAIGN = (
    _MESSAGES, _BATCHES, _OUTCOMES, _RECEIPTS, _TALLIES, _PROGRESS, _CLICKS, _REPLIES, _OPT_OUTS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """What the addresses of the pages name."""

    workspace: Workspace
    owner: User
    message_count: int
    contact: Contact
    campaign: Campaign  # the newest, ended
    draft: Campaign
    large_list: int
    small_list: int
    endpoint_id: int
    run_id: int
    thread_id: int
    template_id: int
    canned_id: int


def _run(statement: str, **values: int | datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace(" % ", " %% "), values)


def fill_workspace(count: int) -> Filled:
    """A workspace of `count` people; one that an earlier run left is used again."""
    name = f"Bench of pages, {count:,} people, {CAMPAIGNS} campaigns"
    workspace = Workspace.objects.filter(name=name).first()
    if workspace is None:
        made = create_workspace(name=name, country="VN", zone="Asia/Ho_Chi_Minh", currency="EUR")
        _fill(made, count)
        workspace = made
    return _find(workspace)


def _find(workspace: Workspace) -> Filled:
    campaigns = Campaign.objects.filter(workspace_id=workspace.id)
    lists = ContactList.objects.filter(workspace_id=workspace.id)
    people = Contact.objects.filter(workspace_id=workspace.id).order_by("id")
    return Filled(
        workspace=workspace,
        owner=User.objects.get(memberships__workspace=workspace),
        message_count=sum(each.planned_count for each in campaigns),
        contact=people[people.count() // 2],
        campaign=campaigns.filter(state=CampaignState.FINISHED).latest("id"),
        draft=campaigns.get(state=CampaignState.DRAFT),
        large_list=lists.get(name="Newsletter").id,
        small_list=lists.get(name="Staff").id,
        endpoint_id=Endpoint.objects.get(workspace_id=workspace.id).id,
        run_id=ImportRun.objects.get(workspace_id=workspace.id).id,
        thread_id=Thread.objects.filter(workspace_id=workspace.id).latest("id").id,
        template_id=SavedText.objects.get(workspace_id=workspace.id).id,
        canned_id=CannedAnswer.objects.get(workspace_id=workspace.id).id,
    )


def _fill(workspace: Workspace, count: int) -> None:
    owner = User.objects.create_user(email=f"bench{workspace.id}@example.org", password=None)
    Membership.objects.create(user=owner, workspace=workspace, role=Role.OWNER)
    FieldDefinition.objects.create(workspace_id=workspace.id, name="city", label="City")
    add_crowd(workspace.id, count)
    for statement in (_TAGS, _EVENTS, _AUDIT):
        _run(statement, w=workspace.id, count=count)
    for name, every in (("Newsletter", 3), ("Staff", count // 100)):
        made = ContactList.objects.create(workspace_id=workspace.id, name=name)
        _run(_MEMBERS, w=workspace.id, list=made.id, every=every)
    gateway = Gateway.objects.create(
        workspace_id=workspace.id, name="Carrier", provider="simulator", currency="EUR"
    )
    Sender.objects.create(
        workspace_id=workspace.id, gateway=gateway, value="LOTUS", kind="alphanumeric"
    )
    for number in range(CAMPAIGNS):
        _send(workspace, gateway, count, number)
    for statement in (_REFUSALS, _SUPPRESSIONS, _THREADS):
        _run(statement, w=workspace.id)
    Campaign.objects.create(**_values(workspace, gateway), name="Next week")
    SavedText.objects.create(workspace_id=workspace.id, name="Weekend", body=BODY)
    CannedAnswer.objects.create(workspace_id=workspace.id, name="Hours", body="From 7 to 19.")
    _add_logs(workspace, count)
    keep_figures(workspace.id)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    # As the scheduler has it counted, long before anybody opens it.
    keep_report(
        Campaign.objects.filter(workspace_id=workspace.id).exclude(planned_count=0).latest("id")
    )


def _values(workspace: Workspace, gateway: Gateway) -> dict[str, object]:
    return {
        "workspace_id": workspace.id,
        "gateway_id": gateway.id,
        "sender": "LOTUS",
        "body": BODY,
        "fallbacks": {"first_name": "dear friend"},
        "audience": {"all": True},
        "links": [{"url": "https://shop.lotus.example/weekend"}],
    }


def _send(workspace: Workspace, gateway: Gateway, count: int, number: int) -> None:
    first, last = reserve_block(count)
    at = now() - timedelta(weeks=CAMPAIGNS - 1 - number, hours=1)
    ended_at = at + timedelta(milliseconds=count)
    _run("SELECT messaging_make_dlr_leaf(%(at)s::date)", at=at)
    campaign = Campaign.objects.create(
        **_values(workspace, gateway),
        name=f"Weekend {number + 1}",
        state=CampaignState.FINISHED,
        audience_count=count,
        planned_count=count,
        first_message_id=first,
        last_message_id=last,
        launched_at=at,
        first_handoff_at=at,
        finished_at=ended_at,
    )
    values: dict[str, int | datetime] = {"first": first, "last": last, "campaign": campaign.id}
    values |= {"w": workspace.id, "gateway": gateway.id, "at": at}
    values |= {"every": _GO_AFTER_EACH, "campaigns": CAMPAIGNS, "number": number}
    for statement in _OF_CAMPAIGN:
        _run(statement, **values)


def _add_logs(workspace: Workspace, count: int) -> None:
    endpoint = Endpoint.objects.create(
        workspace_id=workspace.id, name="Shop", url="https://shop.lotus.example/hook"
    )
    _run(_HAPPENINGS, w=workspace.id, count=count, endpoint=endpoint.id)
    run = ImportRun.objects.create(
        workspace_id=workspace.id,
        filename="people.csv",
        path="",
        state="applied",
        encoding="utf-8",
        delimiter=",",
        header=["phone"],
        mapping={"phone": "msisdn"},
        totals={
            "new": count,
            "changed": 0,
            "same": 0,
            "duplicate": 0,
            "invalid": 0,
            "consent": count,
        },
        row_count=count,
        actor="system",
    )
    _run(_IMPORT_ROWS, w=workspace.id, run=run.id)
