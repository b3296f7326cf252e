"""What the API takes and gives. Written by `make fix`: do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

Basis = Literal["implied", "soft", "express", "express_written"]
DoorPurpose = Literal["marketing", "transactional", "care", "otp"]
Lane = Literal["urgent", "care", "bulk"]
PreferenceChoice = Literal["sms", "email", "either", "both"]
Purpose = Literal["marketing", "invitation", "transactional", "care", "otp"]
RegisterState = Literal["not_needed", "missing", "fresh", "stale"]
Role = Literal["owner", "admin", "marketer", "approver", "agent", "analyst", "reader"]
Scope = Literal[
    "contacts:read",
    "contacts:numbers",
    "contacts:write",
    "contacts:erase",
    "campaigns:read",
    "campaigns:write",
    "campaigns:without_consent",
    "campaigns:approve",
    "messages:read",
    "messages:send",
    "inbox:read",
    "inbox:write",
    "events:write",
    "reports:read",
    "gateways:read",
    "gateways:manage",
    "webhooks:manage",
    "workspace:manage",
    "members:manage",
    "keys:manage",
    "audit:read",
]


class Accepted(TypedDict):
    """The message is recorded and on its way to the connector."""

    id: int
    contact_id: int
    to: str
    state: NotRequired[str]
    gateway_id: int
    sender: str
    lane: str
    encoding: str
    segment_count: int
    due_at: str | None
    adds: NotRequired[list[AddedOut]]


class ActivatedPackOut(TypedDict):
    version: str
    activated_at: str
    withdrawn_at: str | None
    sha256: str


class AddedOut(TypedDict):
    """Words that are added to a marketing text."""

    kind: Literal["label", "identity", "opt_out"]
    text: str
    is_legal: bool
    packs: list[str]


class AnswerIn(TypedDict):
    seen: int
    text: str


class AnswerOut(TypedDict):
    message_id: int
    entry: int
    sender: str
    gateway_id: int
    encoding: str
    segment_count: int
    is_repeat: bool


class AnswerTimeIn(TypedDict):
    answer_minutes: int


class ApprovalIn(TypedDict):
    needs_approval: bool
    approval_above: NotRequired[int]


class ApprovalOut(TypedDict):
    state: str
    content_hash: str
    submitted_by: str
    submitted_at: str
    decided_by: str
    decided_at: str | None
    reason: str


class ArmOut(TypedDict):
    people_count: int
    did_count: int
    figure: dict[str, Any]
    did_figure: dict[str, Any]


class AssigneeIn(TypedDict):
    assignee_id: int | None


class AuditOut(TypedDict):
    """Who changed what, and why.

    Numbers of people are masked, whatever the key may.
    """

    id: int
    at: str
    actor: str
    action: str
    subject: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]


class AuditPaging(TypedDict):
    """Which entries, and where the page begins."""

    after: NotRequired[str | None]
    limit: NotRequired[int]
    actor: NotRequired[str]
    action: NotRequired[str]
    subject: NotRequired[str]
    since: NotRequired[str | None]
    until: NotRequired[str | None]


class BrandChange(TypedDict):
    name: str


class BrandIn(TypedDict):
    name: str
    key: str


class BrandOut(TypedDict):
    id: int
    key: str
    name: str
    created_at: str
    closed_at: str | None


class BulkIn(TypedDict):
    contacts: list[BulkPerson]
    region: NotRequired[str | None]
    list_ids: NotRequired[list[int]]


class BulkOut(TypedDict):
    created_count: int
    updated_count: int
    unchanged_count: int
    rejected: list[RejectedOut]


class BulkPerson(TypedDict):
    external_id: NotRequired[str | None]
    email: NotRequired[str | None]
    first_name: NotRequired[str | None]
    last_name: NotRequired[str | None]
    language: NotRequired[str | None]
    zone: NotRequired[str | None]
    fields: NotRequired[dict[str, str | int | float | bool | None]]
    tags: NotRequired[list[str]]
    msisdn: str
    consent: NotRequired[OptIn | None]


class CampaignFields(TypedDict):
    """What a draft consists of.

    Only what is given is set.
    """

    name: NotRequired[str | None]
    purpose: NotRequired[Literal["marketing", "invitation", "transactional", "care"] | None]
    topic: NotRequired[str | None]
    brand: NotRequired[str | None]
    lane: NotRequired[Literal["urgent", "care", "bulk"] | None]
    goal: NotRequired[
        Literal["", "discount", "product", "event", "win_back", "news", "service"] | None
    ]
    goal_at: NotRequired[str | None]
    metric: NotRequired[Literal["", "clicks", "replies", "delivered", "events"] | None]
    metric_event: NotRequired[str | None]
    holdout_percent: NotRequired[int | None]
    body: NotRequired[str | None]
    fallbacks: NotRequired[dict[str, str] | None]
    versions: NotRequired[list[VersionIn] | None]
    unaccent: NotRequired[bool | None]
    replace_characters: NotRequired[bool | None]
    audience: NotRequired[Everybody | OfList | OfTag | Filtered | Nobody | None]
    gateway_id: NotRequired[int | None]
    sender: NotRequired[str | None]
    links: NotRequired[list[LinkIn] | None]
    utm: NotRequired[dict[str, str] | None]
    cap_count: NotRequired[int | None]
    cap_hours: NotRequired[int | None]
    scheduled_at: NotRequired[str | None]
    expires_at: NotRequired[str | None]
    validity_hours: NotRequired[int | None]


class CampaignOut(TypedDict):
    id: int
    name: str
    state: str
    purpose: str
    topic: str
    brand: str
    lane: str
    goal: str
    goal_at: str | None
    metric: str
    metric_event: str
    holdout_percent: int
    body: str
    fallbacks: dict[str, str]
    versions: list[dict[str, Any]]
    unaccent: bool
    replace_characters: bool
    audience: dict[str, Any]
    gateway_id: int | None
    sender: str
    links: list[dict[str, str]]
    utm: dict[str, str]
    cap_count: int
    cap_hours: int
    scheduled_at: str | None
    expires_at: str | None
    validity_hours: int
    audience_count: int
    planned_count: int
    error: str
    created_at: str
    launched_at: str | None
    first_handoff_at: str | None
    finished_at: str | None


class CannedFields(TypedDict):
    """Only what is given is set."""

    name: NotRequired[str | None]
    body: NotRequired[str | None]
    fallbacks: NotRequired[dict[str, str] | None]


class CannedOut(TypedDict):
    id: int
    name: str
    body: str
    fallbacks: dict[str, str]
    created_at: str
    updated_at: str


class CannedText(TypedDict):
    text: str


class CapIn(TypedDict):
    cap_count: int
    cap_hours: NotRequired[int]


class Changed(TypedDict):
    count: int
    is_under_way: bool


class ChannelsIn(TypedDict):
    choice: PreferenceChoice
    source: NotRequired[str]
    wording: NotRequired[str]
    given_at: NotRequired[str | None]
    evidence: NotRequired[dict[str, str]]


class ChannelsOut(TypedDict):
    choice: str
    given_at: str
    recorded_at: str
    source: str
    wording: str
    evidence: dict[str, Any]
    actor: str


class CheckOut(TypedDict):
    is_ready: bool
    problems: list[ProblemOut]
    warnings: list[ProblemOut]


class ClickPlaceOut(TypedDict):
    """The surest click of a message; empty is not known.

    All its requests are counted.
    """

    device: str
    country: str
    request_count: int


class ClickShareOut(TypedDict):
    value: str
    people_count: int
    click_count: int
    figure: dict[str, Any]


class ClicksOut(TypedDict):
    human_people: int
    unsure_people: int
    machine_people: int
    human_requests: int
    unsure_requests: int
    machine_requests: int
    delivered_people: int
    clicked_and_delivered: int
    rate: float
    links: list[LinkClicksOut]
    devices: list[ClickShareOut]
    countries: list[ClickShareOut]


class CodesIn(TypedDict):
    codes: list[str]


class CodesOut(TypedDict):
    added_count: int
    known_count: int


class ComparisonOut(TypedDict):
    """Everyone whom the lot put on a side counts, reached or not."""

    texted: ArmOut
    held_out: ArmOut
    low: float
    high: float
    is_told_apart: bool | None
    event: str
    since: str
    until: str
    is_over: bool


class ConsentBefore(TypedDict):
    kind: str
    given_at: str
    source: str
    wording: str


class ConsentEventOut(TypedDict):
    id: int
    kind: str
    channel: str
    purpose: str
    topic: str
    brand: str
    sender: str
    basis: str
    given_at: str
    recorded_at: str
    source: str
    wording: str
    wording_version: str
    wording_sha256: str
    language: str
    evidence: dict[str, Any]
    actor: str


class ConsentEvidence(TypedDict):
    """How the person agreed: recorded with the message, and only if it is complete."""

    source: str
    wording: str
    given_at: str
    basis: NotRequired[Basis | None]
    evidence: NotRequired[dict[str, str]]


class ConsentMonthsIn(TypedDict):
    consent_months: int


class ConsentOut(TypedDict):
    states: list[ConsentStateOut]
    suppression: str | None
    pause: PauseOut | None
    channels: ChannelsOut | None
    channels_history: list[ChannelsOut]
    history: list[ConsentEventOut]


class ConsentStateOut(TypedDict):
    channel: str
    purpose: str
    topic: str
    brand: str
    sender: str
    is_granted: bool
    basis: str
    since: str


class ContactDetail(TypedDict):
    id: int
    msisdn: str
    external_id: str | None
    email: str
    first_name: str
    last_name: str
    language: str
    zone: str
    country: str
    operator: str
    fields: dict[str, str | int | float | bool | None]
    tags: list[str]
    is_sample: bool
    created_at: str
    updated_at: str
    zones: ZonesOut


class ContactOut(TypedDict):
    id: int
    msisdn: str
    external_id: str | None
    email: str
    first_name: str
    last_name: str
    language: str
    zone: str
    country: str
    operator: str
    fields: dict[str, str | int | float | bool | None]
    tags: list[str]
    is_sample: bool
    created_at: str
    updated_at: str


class Count(TypedDict):
    count: int


class DayDecisionIn(TypedDict):
    is_approved: bool
    note: NotRequired[str]


class DecisionIn(TypedDict):
    is_approved: bool
    content_hash: str
    reason: NotRequired[str]


class DeliveryMade(TypedDict):
    id: int


class DeliveryOut(TypedDict):
    id: int
    event_id: str
    kind: str
    state: str
    attempt_count: int
    next_at: str | None
    last_status: int
    last_error: str
    last_duration_ms: int
    last_at: str | None
    at: str
    data: dict[str, Any]


class DisclosureOut(TypedDict):
    id: int
    country: str
    language: str
    version: int
    parts: dict[str, str]
    text: str
    hash: str
    created_at: str


class DisputedRuleOut(TypedDict):
    rule: str
    kind: str
    country: str
    readings: list[ReadingOut]
    is_lenient: bool
    is_void: bool
    signed_by: str
    reason: str
    chosen_at: str | None


class DocumentOut(TypedDict):
    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    added_at: str


class EndingCountOut(TypedDict):
    month: str
    country: str
    people_count: int


class EndingOut(TypedDict):
    contact_id: int
    first_name: str
    last_name: str
    msisdn: str
    country: str
    ends_at: str
    by_law: bool
    given_at: str
    basis: str
    topic: str
    brand: str
    sender: str


class EndpointChange(TypedDict):
    url: NotRequired[str | None]
    kinds: NotRequired[list[str] | None]
    name: NotRequired[str | None]
    is_active: NotRequired[bool | None]


class EndpointIn(TypedDict):
    url: str
    kinds: list[str]
    name: NotRequired[str]


class EndpointMade(TypedDict):
    id: int
    name: str
    url: str
    kinds: list[str]
    is_active: bool
    stopped_reason: str
    failing_since: str | None
    last_success_at: str | None
    last_error: str
    waiting_count: int
    failed_count: int
    created_at: str
    secret: str


class EndpointOut(TypedDict):
    id: int
    name: str
    url: str
    kinds: list[str]
    is_active: bool
    stopped_reason: str
    failing_since: str | None
    last_success_at: str | None
    last_error: str
    waiting_count: int
    failed_count: int
    created_at: str


class EquationOut(TypedDict):
    """audience = the sum of the terms, at every moment."""

    audience: int
    terms: dict[str, int]
    is_balanced: bool
    handed_count: int
    refused_count: int
    not_sent_count: int
    handed_segments: int
    segment_count: int
    cost_micros: int


class ErasureIn(TypedDict):
    reason: str


class ErasureOut(TypedDict):
    id: int
    requested_at: str
    due_at: str
    finished_at: str | None
    people_count: int
    done_count: int
    swept_at: str | None
    swept: dict[str, int]
    reason: str
    actor: str


class ErasuresIn(TypedDict):
    reason: str
    contact_ids: list[int]


class EventBatch(TypedDict):
    events: list[NewEvent]


class EventsTaken(TypedDict):
    """All of them are stored; they are worked into the ledger a moment later."""

    count: int


class Everybody(TypedDict):
    all: Literal[True]


class ExceptionDayIn(TypedDict):
    country: str
    day: str
    name: str
    reason: str


class ExceptionDayOut(TypedDict):
    id: int
    country: str
    day: str
    name: str
    reason: str
    state: str
    asked_by: str
    asked_at: str
    decided_by: str
    decided_at: str | None
    note: str


class ExplanationOut(TypedDict):
    """Why one person did or did not get one campaign, as far as it is known now."""

    campaign_id: int
    contact_id: int
    answer: Literal["yes", "maybe", "not_yet", "no"]
    stage: Literal["audience", "plan", "handoff", "carrier"]
    reason: str
    why: str
    mend: str
    at: str | None
    message_id: int | None
    state: str
    code: str
    consent: ConsentBefore | None
    suppressions: list[SuppressionOut]
    failed_rules: list[dict[str, Any]]
    message: TextOut | None
    looks: list[LookOut]


class FailureOut(TypedDict):
    state: str
    reason: str
    code: str
    cause: str
    mend: str
    who_mends: str
    is_permanent: bool
    people_count: int
    figure: dict[str, Any]


class FieldIn(TypedDict):
    name: str
    label: NotRequired[str]
    kind: NotRequired[str]


class FieldOut(TypedDict):
    name: str
    label: str
    kind: str


class FieldProblem(TypedDict):
    field: str
    problem: str
    mend: str


class FigureQuery(TypedDict):
    """Which people: all that is given must hold.

    The rows of a report carry these as `figure`.
    """

    term: NotRequired[str | None]
    state: NotRequired[str | None]
    reason: NotRequired[str | None]
    code: NotRequired[str | None]
    country: NotRequired[str | None]
    operator: NotRequired[str | None]
    region: NotRequired[str | None]
    place: NotRequired[str | None]
    segments: NotRequired[int | None]
    reaction: NotRequired[Literal["clicked", "unsure", "machine", "replied", "opted_out"] | None]
    intent: NotRequired[str | None]
    link: NotRequired[int | None]
    asked: NotRequired[Literal["human", "unsure", "machine"] | None]
    device: NotRequired[str | None]
    click_country: NotRequired[str | None]
    gateway: NotRequired[int | None]
    currency: NotRequired[str | None]
    lot: NotRequired[Literal["texted", "held_out"] | None]
    event: NotRequired[str | None]
    since: NotRequired[str | None]
    until: NotRequired[str | None]


class FileConsent(TypedDict):
    """The proof that holds for every row of the file."""

    source: str
    wording: str
    given_at: str
    basis: NotRequired[Basis | None]


class FilterIn(TypedDict):
    """One field compared with a value."""

    field: str
    op: Literal[
        "is",
        "is_not",
        "contains",
        "starts_with",
        "is_empty",
        "is_known",
        "gt",
        "gte",
        "lt",
        "lte",
        "between",
        "has",
        "has_not",
        "in",
        "not_in",
    ]
    value: NotRequired[str | int | float | bool | list[str | int | float] | None]


class FilterOfPeople(TypedDict):
    """All that is given must hold; nothing given is everybody."""

    search: NotRequired[str]
    list_id: NotRequired[int | None]
    tag: NotRequired[str | None]


class Filtered(TypedDict):
    filters: list[FilterIn]
    match: NotRequired[Literal["all", "any"]]


class ForcedOut(TypedDict):
    character: str
    people_share: float
    is_in_text: bool
    replacement: str | None
    segments_saved: float


class ForecastOut(TypedDict):
    people_count: int
    sendable_count: int
    left_out: dict[str, int]
    segment_shares: dict[str, float]
    is_exact: bool
    sample_count: int
    segment_count: int
    cost_micros: int
    currency: str
    duration_s: float
    forced_by: dict[str, int]
    held: dict[str, int]
    night_count: int
    never_agreed_count: int


class GatewayChange(TypedDict):
    name: NotRequired[str | None]
    settings: NotRequired[dict[str, str | int | bool] | None]
    segments_per_second: NotRequired[float | None]
    window: NotRequired[int | None]
    price_micros: NotRequired[int | None]
    prices: NotRequired[dict[str, int] | None]
    currency: NotRequired[str | None]


class GatewayIn(TypedDict):
    name: str
    provider: str
    settings: dict[str, str | int | bool]
    segments_per_second: NotRequired[float]
    window: NotRequired[int]
    price_micros: NotRequired[int]
    prices: NotRequired[dict[str, int]]
    currency: NotRequired[str]


class GatewayKindOut(TypedDict):
    kind: str
    label: str
    settings: list[SettingOut]


class GatewayOut(TypedDict):
    id: int
    name: str
    provider: str
    state: str
    is_bound: bool
    last_error: str
    cautions: list[str]
    segments_per_second: float
    price_micros: int
    currency: str
    senders: list[SenderOut]


class GatewayWhole(TypedDict):
    id: int
    name: str
    provider: str
    state: str
    is_bound: bool
    last_error: str
    cautions: list[str]
    segments_per_second: float
    price_micros: int
    currency: str
    senders: list[SenderOut]
    settings: dict[str, str | int | bool | None]
    window: int
    prices: dict[str, int]


class GroupOut(TypedDict):
    value: str
    local_value: str
    country: str
    people_count: int
    terms: dict[str, int]
    handed_count: int
    segment_count: int
    cost_micros: int
    clicked_count: int
    figure: dict[str, Any]


class HoursIn(TypedDict):
    law_layer: Literal["recommended", "legal"]


class ImportChange(TypedDict):
    """Only what is given is changed; the dry run is to be made again."""

    mapping: NotRequired[dict[str, str] | None]
    consent: NotRequired[FileConsent | None]
    region: NotRequired[str | None]
    list_id: NotRequired[int | None]


class ImportOut(TypedDict):
    id: int
    filename: str
    state: str
    encoding: str
    delimiter: str
    header: list[str]
    mapping: dict[str, str]
    region: str
    consent: dict[str, str]
    list_id: int | None
    totals: dict[str, int]
    row_count: int
    created_at: str
    job: JobOut | None


class ImportedOut(TypedDict):
    register_id: int
    number_count: int
    rejected_count: int


class InvitationIn(TypedDict):
    email: str
    role: Role


class InvitationMade(TypedDict):
    """A new invitation with its link, which is never shown again."""

    id: int
    email: str
    role: str
    created_at: str
    expires_at: str
    link: str


class InvitationOut(TypedDict):
    id: int
    email: str
    role: str
    created_at: str
    expires_at: str


class JobOut(TypedDict):
    """Work that goes on after the answer; ask again until `state` is done, failed or stopped."""

    id: int
    kind: str
    state: str
    done_count: int
    total_count: int
    error: NotRequired[str]
    finished_at: NotRequired[str | None]


class JoinIn(TypedDict):
    code: str
    reasons: list[Literal["opted_out", "complaint", "dead_number"]]


class KeyChange(TypedDict):
    """Only what is given is changed."""

    door_purpose: NotRequired[DoorPurpose | None]
    rate_per_s: NotRequired[int | None]


class KeyIn(TypedDict):
    name: str
    scopes: list[Scope]
    door_purpose: NotRequired[DoorPurpose]
    rate_per_s: NotRequired[int | None]


class KeyMade(TypedDict):
    """A new key with its secret, which is never shown again."""

    id: int
    name: str
    prefix: str
    scopes: list[str]
    door_purpose: str
    rate_per_s: int | None
    created_at: str
    last_used_at: str | None
    revoked_at: str | None
    secret: str


class KeyOut(TypedDict):
    id: int
    name: str
    prefix: str
    scopes: list[str]
    door_purpose: str
    rate_per_s: int | None
    created_at: str
    last_used_at: str | None
    revoked_at: str | None


class LaunchIn(TypedDict):
    at: NotRequired[str | None]
    reason: NotRequired[str]


class LeftOutOfTest(TypedDict):
    contact_id: int
    reason: str


class LeftOutOut(TypedDict):
    reason: str
    people_count: int
    figure: dict[str, Any]


class LenientIn(TypedDict):
    rule: str
    signed_by: str
    reason: str


class LiftIn(TypedDict):
    reason: str


class LiftedOut(TypedDict):
    remaining: list[SuppressionOut]


class LinkClicksOut(TypedDict):
    link_number: int
    people_count: int
    click_count: int
    figure: dict[str, Any]


class LinkHostChange(TypedDict):
    host: NotRequired[str | None]


class LinkHostIn(TypedDict):
    host: str


class LinkHostOut(TypedDict):
    host: str
    state: str
    is_used: bool
    prefix: str
    code: str
    problem: str
    mend: str
    checked_at: str | None
    created_at: str


class LinkIn(TypedDict):
    url: str


class ListChange(TypedDict):
    name: NotRequired[str | None]
    is_for_tests: NotRequired[bool | None]


class ListCount(TypedDict):
    id: int
    name: str
    is_for_tests: bool
    created_at: str
    contact_count: int
    textable_count: int
    counted_at: str | None
    last_campaign_id: int | None


class ListDetail(TypedDict):
    id: int
    name: str
    is_for_tests: bool
    created_at: str
    contact_count: int


class ListIn(TypedDict):
    name: str


class ListOut(TypedDict):
    id: int
    name: str
    is_for_tests: bool
    created_at: str


class LiveCountOut(TypedDict):
    is_exact: bool
    sample_count: int
    currency: str
    groups: list[SegmentGroupOut]
    forced_by: list[ForcedOut]
    mended_body: str | None


class LocalTimeOut(TypedDict):
    at: str
    zones: list[str]
    is_night: bool


class LookOut(TypedDict):
    """One look of the gate at the text: every rule with what it saw."""

    is_forecast: bool
    at: str
    verdict: Literal["allow", "hold", "skip"]
    reason: str
    packs: list[str]
    law: list[str]
    local: dict[str, str]
    rules: list[RuleSeenOut]
    consent_event_id: int | None
    consent_hash: str


class MeasureOut(TypedDict):
    goal: str
    metric: str
    event: str
    since: str | None
    until: str | None
    waits: bool
    is_over: bool
    held_out_count: int
    texted: ArmOut | None
    comparison: ComparisonOut | None


class MemberOut(TypedDict):
    id: int
    email: str
    name: str
    role: str
    created_at: str


class MembersIn(TypedDict):
    contact_ids: NotRequired[list[int] | None]
    filter: NotRequired[FilterOfPeople | None]


class MessageDetail(TypedDict):
    id: int
    contact_id: int
    to: str
    country: str
    state: str
    reason: NotRequired[str]
    code: NotRequired[str]
    campaign_id: NotRequired[int | None]
    gateway_id: NotRequired[int | None]
    sender: NotRequired[str]
    lane: NotRequired[str]
    segment_count: int
    cost_micros: NotRequired[int]
    planned_at: NotRequired[str | None]
    due_at: NotRequired[str | None]
    handed_at: NotRequired[str | None]
    done_at: NotRequired[str | None]
    timeline: list[TimelineOut]


class MessageOut(TypedDict):
    id: int
    contact_id: int
    to: str
    country: str
    state: str
    reason: NotRequired[str]
    code: NotRequired[str]
    campaign_id: NotRequired[int | None]
    gateway_id: NotRequired[int | None]
    sender: NotRequired[str]
    lane: NotRequired[str]
    segment_count: int
    cost_micros: NotRequired[int]
    planned_at: NotRequired[str | None]
    due_at: NotRequired[str | None]
    handed_at: NotRequired[str | None]
    done_at: NotRequired[str | None]


class MetricOut(TypedDict):
    """What a figure is: none stands without these."""

    name: str
    label: str
    definition: str
    fields: list[str]
    count: int | None
    of: str
    of_label: str
    of_count: int | None
    share: float | None
    certainty: str
    low: float | None
    high: float | None
    machines: str
    machine_share: float | None
    claim: str


class MovedTextOut(TypedDict):
    message_id: int
    campaign_id: int | None
    due_at: str
    until: str | None
    reason: str


class NewCampaign(TypedDict):
    name: str
    purpose: NotRequired[Literal["marketing", "invitation", "transactional", "care"] | None]
    topic: NotRequired[str | None]
    brand: NotRequired[str | None]
    lane: NotRequired[Literal["urgent", "care", "bulk"] | None]
    goal: NotRequired[
        Literal["", "discount", "product", "event", "win_back", "news", "service"] | None
    ]
    goal_at: NotRequired[str | None]
    metric: NotRequired[Literal["", "clicks", "replies", "delivered", "events"] | None]
    metric_event: NotRequired[str | None]
    holdout_percent: NotRequired[int | None]
    body: NotRequired[str | None]
    fallbacks: NotRequired[dict[str, str] | None]
    versions: NotRequired[list[VersionIn] | None]
    unaccent: NotRequired[bool | None]
    replace_characters: NotRequired[bool | None]
    audience: NotRequired[Everybody | OfList | OfTag | Filtered | Nobody | None]
    gateway_id: NotRequired[int | None]
    sender: NotRequired[str | None]
    links: NotRequired[list[LinkIn] | None]
    utm: NotRequired[dict[str, str] | None]
    cap_count: NotRequired[int | None]
    cap_hours: NotRequired[int | None]
    scheduled_at: NotRequired[str | None]
    expires_at: NotRequired[str | None]
    validity_hours: NotRequired[int | None]


class NewCanned(TypedDict):
    name: str
    body: str
    fallbacks: NotRequired[dict[str, str] | None]


class NewEvent(TypedDict):
    """Something a person did elsewhere.

    Exactly one of the three ways says who.
    """

    id: str
    name: str
    at: NotRequired[str | None]
    contact_id: NotRequired[int | None]
    msisdn: NotRequired[str | None]
    external_id: NotRequired[str | None]
    properties: NotRequired[dict[str, bool | int | float | str | None]]


class NewMessage(TypedDict):
    """One text to one person.

    `body` is sent as it is, but for the places of `links`.
    """

    to: str
    region: NotRequired[str | None]
    body: str
    links: NotRequired[list[str]]
    purpose: NotRequired[Purpose]
    topic: NotRequired[str]
    brand: NotRequired[str]
    lane: NotRequired[Lane | None]
    gateway_id: NotRequired[int | None]
    sender: NotRequired[str | None]
    expires_at: NotRequired[str | None]
    send_at: NotRequired[str | None]
    consent: NotRequired[ConsentEvidence | None]


class NewPlacement(TypedDict):
    name: str
    keyword: NotRequired[str | None]
    sender: NotRequired[str | None]
    keyword_from: NotRequired[str | None]
    keyword_until: NotRequired[str | None]
    cost_micros: NotRequired[int | None]


class NewProgramme(TypedDict):
    name: str
    brand: NotRequired[str | None]
    offer: NotRequired[str | None]
    terms_url: NotRequired[str | None]
    privacy_url: NotRequired[str | None]
    contact: NotRequired[str | None]
    monthly_count: NotRequired[int | None]
    countries: NotRequired[list[str] | None]
    asks_twice: NotRequired[bool | None]
    min_age: NotRequired[int | None]
    welcome: NotRequired[str | None]
    questions: NotRequired[list[QuestionIn] | None]
    tags: NotRequired[list[str] | None]
    topics: NotRequired[list[str] | None]
    frame_hosts: NotRequired[list[str] | None]
    low_codes: NotRequired[int | None]
    starts_at: NotRequired[str | None]
    ends_at: NotRequired[str | None]


class NewTemplate(TypedDict):
    name: str
    purpose: NotRequired[Literal["marketing", "invitation", "transactional", "care"] | None]
    topic: NotRequired[str | None]
    brand: NotRequired[str | None]
    body: str
    fallbacks: NotRequired[dict[str, str] | None]
    versions: NotRequired[list[VersionIn] | None]


class Nobody(TypedDict):
    """Not chosen yet: a draft may lack its audience."""


class NoteIn(TypedDict):
    text: str


class NoteOut(TypedDict):
    entry: int
    text: str
    at: str


class OfList(TypedDict):
    list_id: int


class OfTag(TypedDict):
    tag: str


class OptIn(TypedDict):
    """A person's yes, with its proof: who says it, when, and what the person was shown."""

    source: str
    wording: str
    given_at: str
    purpose: NotRequired[str]
    topic: NotRequired[str]
    brand: NotRequired[str]
    sender: NotRequired[str]
    basis: NotRequired[Basis | None]
    wording_version: NotRequired[str]
    language: NotRequired[str]
    evidence: NotRequired[dict[str, str]]


class OptOut(TypedDict):
    source: str
    wording: NotRequired[str]
    given_at: NotRequired[str | None]
    purpose: NotRequired[str]
    topic: NotRequired[str | None]
    brand: NotRequired[str | None]


class OwnPackOut(TypedDict):
    version: str


class PackActivationIn(TypedDict):
    content: str
    fingerprint: str


class PackFileOut(TypedDict):
    version: str
    activated_at: str
    withdrawn_at: str | None
    sha256: str
    content: str


class PackImpactOut(TypedDict):
    version: str
    moved_count: int
    stopped_count: int
    texts: list[MovedTextOut]
    next: int | None
    fingerprint: str


class PackIn(TypedDict):
    content: str
    after: NotRequired[int]


class PageLinkIn(TypedDict):
    days: NotRequired[int]


class PageLinkOut(TypedDict):
    url: str
    ends_at: str


class Paging(TypedDict):
    """Where a page begins and how long it is."""

    after: NotRequired[str | None]
    limit: NotRequired[int]


class PartOut(TypedDict):
    """One part of a text as it is handed over.

    The reference of long texts is 0 here.
    """

    text: str
    header_hex: str
    octets_hex: str
    octet_count: int


class PastConsentOut(TypedDict):
    at: str
    states: list[PastStateOut]


class PastStateOut(TypedDict):
    channel: str
    purpose: str
    topic: str
    brand: str
    sender: str
    is_granted: bool
    event: ConsentEventOut


class PastedIn(TypedDict):
    people: str
    consent: FileConsent
    region: NotRequired[str | None]


class PauseIn(TypedDict):
    days: NotRequired[int | None]
    until: NotRequired[str | None]
    source: NotRequired[str]


class PauseOut(TypedDict):
    channel: str
    until: str
    since: str
    source: str
    actor: str


class PersonIn(TypedDict):
    contact_id: int


class PersonOut(TypedDict):
    message_id: int
    contact_id: int
    msisdn: str
    first_name: str
    last_name: str
    country: str
    operator: str
    state: str
    reason: str
    code: str
    segment_count: int
    cost_micros: int
    handed_at: str | None
    done_at: str | None
    click: NotRequired[ClickPlaceOut | None]


class PlacementFields(TypedDict):
    """Only what is given is set."""

    name: NotRequired[str | None]
    keyword: NotRequired[str | None]
    sender: NotRequired[str | None]
    keyword_from: NotRequired[str | None]
    keyword_until: NotRequired[str | None]
    cost_micros: NotRequired[int | None]


class PlacementOut(TypedDict):
    id: int
    programme_id: int
    name: str
    code: str
    keyword: str
    sender: str
    keyword_from: str | None
    keyword_until: str | None
    cost_micros: int
    paused_at: str | None
    paused_why: dict[str, Any]


class PreviewOut(TypedDict):
    contact_id: int
    to: str
    text: str
    encoding: str
    segment_count: int
    cost_micros: int
    currency: str
    verdict: str
    reason: str
    send_at: str | None
    adds: NotRequired[list[AddedOut]]
    would_add: NotRequired[list[AddedOut]]
    replacements: list[str]
    version: str
    parts: list[PartOut]
    octets_as: Literal["submitted", "on_air"]
    units_left: int
    forced_by: list[str]
    planned_at: str
    allowed_at: str | None
    local_times: list[LocalTimeOut]


class Problem(TypedDict):
    """RFC 9457.

    `type` is stable and for programs; `title` and `detail` are for people.
    """

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    errors: NotRequired[list[FieldProblem] | None]
    reason: NotRequired[str | None]


class ProblemOut(TypedDict):
    field: str
    problem: str
    mend: str
    line: int | None


class ProgrammeDetail(TypedDict):
    id: int
    name: str
    brand: str
    offer: str
    terms_url: str
    privacy_url: str
    contact: str
    monthly_count: int
    countries: list[str]
    asks_twice: bool
    min_age: int
    welcome: str
    questions: list[dict[str, Any]]
    tags: list[str]
    topics: list[str]
    frame_hosts: list[str]
    low_codes: int
    state: str
    starts_at: str | None
    ends_at: str | None
    created_at: str
    problems: list[str]
    disclosures: list[DisclosureOut]
    placements: list[SourceOut]
    codes_left: int
    codes_total: int


class ProgrammeFields(TypedDict):
    """Only what is given is set."""

    name: NotRequired[str | None]
    brand: NotRequired[str | None]
    offer: NotRequired[str | None]
    terms_url: NotRequired[str | None]
    privacy_url: NotRequired[str | None]
    contact: NotRequired[str | None]
    monthly_count: NotRequired[int | None]
    countries: NotRequired[list[str] | None]
    asks_twice: NotRequired[bool | None]
    min_age: NotRequired[int | None]
    welcome: NotRequired[str | None]
    questions: NotRequired[list[QuestionIn] | None]
    tags: NotRequired[list[str] | None]
    topics: NotRequired[list[str] | None]
    frame_hosts: NotRequired[list[str] | None]
    low_codes: NotRequired[int | None]
    starts_at: NotRequired[str | None]
    ends_at: NotRequired[str | None]


class ProgrammeOut(TypedDict):
    id: int
    name: str
    brand: str
    offer: str
    terms_url: str
    privacy_url: str
    contact: str
    monthly_count: int
    countries: list[str]
    asks_twice: bool
    min_age: int
    welcome: str
    questions: list[dict[str, Any]]
    tags: list[str]
    topics: list[str]
    frame_hosts: list[str]
    low_codes: int
    state: str
    starts_at: str | None
    ends_at: str | None
    created_at: str


class Programmes(TypedDict):
    items: list[ProgrammeOut]


class ProgressOut(TypedDict):
    at: str
    counts: dict[str, int]
    handed_count: int


class PromiseIn(TypedDict):
    most: int


class PromiseOut(TypedDict):
    version: int
    most: int
    days: int
    senders: list[PromisedSenderOut]
    topics: list[PromisedTopicOut]
    url: str
    document: str
    is_outdated: bool
    published_at: str


class PromisedSenderOut(TypedDict):
    value: str
    country: str


class PromisedTopicOut(TypedDict):
    key: str
    name: str


class QuestionIn(TypedDict):
    field: str
    label: NotRequired[str]
    is_required: NotRequired[bool]


class ReadingOut(TypedDict):
    says: str
    by: str
    is_used: bool
    is_choosable: bool


class ReasonIn(TypedDict):
    reason: NotRequired[str]


class RegisterOut(TypedDict):
    """A register as its last file told it."""

    id: int
    name: str
    country: str
    checked_at: str
    number_count: int
    filename: str
    imported_at: str
    actor: str


class RegisteredTextOut(TypedDict):
    id: int
    name: str
    text: str
    longest: int
    state: str
    reference: str
    expires_on: str | None


class RegistrationChange(TypedDict):
    state: NotRequired[
        Literal["draft", "submitted", "approved", "refused", "expired", "suspended"] | None
    ]
    reference: NotRequired[str | None]
    expires_on: NotRequired[str | None]
    notes: NotRequired[str | None]


class RegistrationIn(TypedDict):
    value: str
    kind: Literal["alphanumeric", "long_code", "short_code", "toll_free", "modem"]
    country: str
    purpose: Literal["marketing", "transactional", "otp", "care"]
    operator: NotRequired[str]
    state: NotRequired[Literal["draft", "submitted", "approved", "refused", "expired", "suspended"]]
    reference: NotRequired[str]
    expires_on: NotRequired[str | None]
    notes: NotRequired[str]


class RegistrationOut(TypedDict):
    id: int
    value: str
    kind: str
    country: str
    purpose: str
    operator: str
    state: str
    reference: str
    expires_on: str | None
    notes: str
    documents: list[DocumentOut]
    templates: list[RegisteredTextOut]


class RejectedOut(TypedDict):
    place: int
    field: str
    problem: str
    mend: str


class RejudgmentOut(TypedDict):
    """A part of a campaign as other rule packs judge it; add the parts up."""

    by_verdict: dict[str, int]
    rules: list[RuleCountOut]
    consent_unsaid: int
    text_unknown: int
    next: int | None


class RemovedOut(TypedDict):
    outcome: Literal["deleted", "retired"]


class ReplayIn(TypedDict):
    since: str
    until: NotRequired[str | None]
    only_failed: NotRequired[bool]


class RepliesOut(TypedDict):
    intent: str
    people_count: int
    reply_count: int
    figure: dict[str, Any]


class ReportEquation(TypedDict):
    audience: int
    terms: dict[str, int]
    total: int
    is_balanced: bool
    handed_count: int
    refused_count: int
    not_sent_count: int
    handed_segments: int
    refused_segments: int
    segment_count: int
    cost_micros: int


class ReportOut(TypedDict):
    """Figures of one moment; rows with a `figure` open by GET …/people with those parameters."""

    campaign_id: int
    name: str
    state: str
    currency: str
    made_at: str
    launched_at: str | None
    first_handoff_at: str | None
    finished_at: str | None
    equation: ReportEquation
    progress: list[ProgressOut]
    progress_step_s: int
    failures: list[FailureOut]
    left_out: list[LeftOutOut]
    segments: list[SegmentsOut]
    clicks: ClicksOut
    replies: list[RepliesOut]
    replied_people: int
    opted_out_people: int
    countries: list[GroupOut]
    operators: list[GroupOut]
    regions: list[GroupOut]
    places: list[GroupOut]
    place_source: str
    measure: MeasureOut
    metrics: list[MetricOut]


class RescheduleIn(TypedDict):
    at: str


class RoleIn(TypedDict):
    role: Role


class RuleCountOut(TypedDict):
    """Texts by what one rule of a pack says of them."""

    rule: str
    kind: str
    judged: int
    failed: int
    lacking: int
    note: str


class RuleSeenOut(TypedDict):
    rule: str
    passed: bool
    inputs: dict[str, Any]


class SavedFilterIn(TypedDict):
    """Something to filter by must be given."""

    name: str
    search: NotRequired[str]
    list_id: NotRequired[int | None]
    tag: NotRequired[str | None]


class SavedFilterName(TypedDict):
    name: str


class SavedFilterOut(TypedDict):
    id: int
    name: str
    search: str
    list_id: int | None
    tag: str
    created_at: str


class ScopeOfProof(TypedDict):
    channel: NotRequired[str]
    purpose: NotRequired[str]
    topic: NotRequired[str]
    brand: NotRequired[str]
    sender: NotRequired[str]


class SecretOut(TypedDict):
    secret: str


class SeenIn(TypedDict):
    seen: int


class SegmentGroupOut(TypedDict):
    language: str
    people_count: int
    shares: dict[str, float]
    segments_per_person: float
    cost_micros_per_person: int


class SegmentsOut(TypedDict):
    segment_count: int
    message_count: int
    cost_micros: int
    figure: dict[str, Any]


class SendAgainIn(TypedDict):
    """Which of the messages that were found not sent are sent once more."""

    reason: str
    message_ids: NotRequired[list[int] | None]


class SenderChange(TypedDict):
    is_active: NotRequired[bool | None]
    segments_per_second: NotRequired[float | None]


class SenderIn(TypedDict):
    value: str
    kind: Literal["alphanumeric", "long_code", "short_code", "toll_free", "modem"]
    country: NotRequired[str]
    segments_per_second: NotRequired[float | None]


class SenderOut(TypedDict):
    id: int
    value: str
    kind: str
    country: str
    is_active: bool
    segments_per_second: float | None


class SettingOut(TypedDict):
    name: str
    label: str
    help: str
    kind: str
    is_required: bool
    default: str | int | bool | None
    choices: list[str]
    minimum: int | None
    maximum: int | None


class SettleIn(TypedDict):
    """What somebody found out about messages whose answer was lost."""

    fate: Literal["sent", "not_sent"]
    reason: str
    message_ids: NotRequired[list[int] | None]


class SettleMessageIn(TypedDict):
    """What somebody found out about one message whose answer was lost."""

    fate: Literal["sent", "not_sent"]
    reason: str


class SharingCodeIn(TypedDict):
    reasons: NotRequired[list[Literal["opted_out", "complaint", "dead_number"]]]


class SharingCodeOut(TypedDict):
    code: str
    expires_at: str


class SharingOut(TypedDict):
    reasons: list[str]
    brands: list[str]
    joined_at: str


class SignUpIn(TypedDict):
    msisdn: str
    region: NotRequired[str | None]
    method: Literal["checkout", "api", "ivr", "oral", "paper"]
    language: NotRequired[str]
    placement_id: NotRequired[int | None]
    signed_at: NotRequired[str | None]
    born_on: NotRequired[str | None]
    disclosure_id: NotRequired[int | None]
    topics: NotRequired[list[str]]
    values: NotRequired[dict[str, str | bool]]
    evidence: NotRequired[dict[str, str]]


class SignUpOut(TypedDict):
    id: int
    contact_id: int
    placement_id: int
    method: str
    state: str
    signed_at: str
    joined_at: str | None
    welcomed_at: str | None


class SigningKeyOut(TypedDict):
    key_id: str
    algorithm: str
    public_key: str
    created_at: str
    retired_at: str | None


class SigningKeyReplacement(TypedDict):
    reason: NotRequired[str]


class SigningKeysOut(TypedDict):
    keys: list[SigningKeyOut]


class SmallBusinessIn(TypedDict):
    is_small: bool
    review_url: NotRequired[str]


class SourceOut(TypedDict):
    id: int
    programme_id: int
    name: str
    code: str
    keyword: str
    sender: str
    keyword_from: str | None
    keyword_until: str | None
    cost_micros: int
    paused_at: str | None
    paused_why: dict[str, Any]
    joined_count: int
    pending_count: int
    text_count: int
    opted_out_count: int
    complained_count: int
    dead_count: int
    cost_each_micros: int | None


class SpeakerIn(TypedDict):
    brand: NotRequired[str]
    legal_name: NotRequired[str]
    postal_address: NotRequired[str]
    public_contact: NotRequired[str]


class StandingOut(TypedDict):
    """A register that a rule pack names, and how the workspace's copy of it stands."""

    name: str
    country: str
    state: RegisterState
    register_id: int | None
    is_of_consent: bool
    max_age_days: int | None
    stale_at: str | None


class StopOut(TypedDict):
    id: int
    stopped_by: str
    stopped_at: str
    reason: str
    lifted_by: str
    lifted_at: str | None
    campaigns: list[StoppedCampaignOut]


class StoppedCampaignOut(TypedDict):
    """Counts are of the lifting; while the stop holds, of now."""

    campaign_id: int
    name: str
    planned_count: int
    handed_count: int
    waiting_count: int


class StrictIn(TypedDict):
    rule: str


class SuppressedOut(TypedDict):
    added_count: int
    known_count: int
    rejected: list[RejectedOut]


class SuppressionIn(TypedDict):
    region: NotRequired[str | None]
    reason: NotRequired[str]
    note: NotRequired[str]
    msisdn: str


class SuppressionOut(TypedDict):
    """One reason why one number is not texted.

    A number may have several.
    """

    id: int
    msisdn: str
    reason: str
    note: str
    source: str
    actor: str
    since: str


class SuppressionsIn(TypedDict):
    region: NotRequired[str | None]
    reason: NotRequired[str]
    note: NotRequired[str]
    msisdns: list[str]


class TagCount(TypedDict):
    tag: str
    contact_count: int
    textable_count: int


class TagDelete(TypedDict):
    tag: str


class TagRename(TypedDict):
    tag: str
    to: str


class TagsIn(TypedDict):
    contact_ids: NotRequired[list[int] | None]
    filter: NotRequired[FilterOfPeople | None]
    add: NotRequired[list[str]]
    remove: NotRequired[list[str]]


class TagsOut(TypedDict):
    tags: list[str]
    counts: list[TagCount]
    counted_at: str | None


class TakeUpIn(TypedDict):
    reply_id: int


class TemplateChange(TypedDict):
    state: NotRequired[
        Literal["draft", "submitted", "approved", "refused", "expired", "suspended"] | None
    ]
    reference: NotRequired[str | None]
    expires_on: NotRequired[str | None]


class TemplateFields(TypedDict):
    """Only what is given is set."""

    name: NotRequired[str | None]
    purpose: NotRequired[Literal["marketing", "invitation", "transactional", "care"] | None]
    topic: NotRequired[str | None]
    brand: NotRequired[str | None]
    body: NotRequired[str | None]
    fallbacks: NotRequired[dict[str, str] | None]
    versions: NotRequired[list[VersionIn] | None]


class TemplateIn(TypedDict):
    name: str
    text: str
    longest: NotRequired[int | None]
    state: NotRequired[Literal["draft", "submitted", "approved", "refused", "expired", "suspended"]]
    reference: NotRequired[str]
    expires_on: NotRequired[str | None]


class TemplateOut(TypedDict):
    id: int
    name: str
    purpose: str
    topic: str
    brand: str
    body: str
    fallbacks: dict[str, str]
    versions: list[dict[str, Any]]
    created_at: str
    updated_at: str


class TestIn(TypedDict):
    """One of the two."""

    contact_id: NotRequired[int | None]
    list_id: NotRequired[int | None]


class TestSent(TypedDict):
    message_id: int
    message_ids: list[int]
    left_out: list[LeftOutOfTest]


class TextOut(TypedDict):
    """The text that the campaign has for the person."""

    sender: str
    due_at: str | None
    handed_at: str | None
    segment_count: int
    cost_micros: int


class ThreadDetail(TypedDict):
    id: int
    contact_id: int
    to: str
    first_name: str
    last_name: str
    is_open: bool
    is_unread: bool
    assignee_id: int | None
    waiting_since: str | None
    due_at: str | None
    is_overdue: bool
    last_at: str
    last_text: str
    is_last_ours: bool
    last_state: str
    last_entry: int
    entries: list[ThreadEntryOut]
    older_at: str | None
    refusal: str


class ThreadEntryOut(TypedDict):
    at: str
    kind: str
    text: str
    actor: str
    reply_id: NotRequired[int | None]
    intent: NotRequired[str]
    message_id: NotRequired[int | None]
    campaign_id: NotRequired[int | None]
    state: NotRequired[str]
    assignee_id: NotRequired[int | None]


class ThreadOut(TypedDict):
    id: int
    contact_id: int
    to: str
    first_name: str
    last_name: str
    is_open: bool
    is_unread: bool
    assignee_id: int | None
    waiting_since: str | None
    due_at: str | None
    is_overdue: bool
    last_at: str
    last_text: str
    is_last_ours: bool
    last_state: str
    last_entry: int


class Threads(TypedDict):
    """Which threads, and where a page of them begins: after one, wherever that stands now."""

    after: NotRequired[str | None]
    limit: NotRequired[int]
    is_open: NotRequired[bool]
    assignee_id: NotRequired[int | None]
    contact_id: NotRequired[int | None]
    is_unassigned: NotRequired[bool]
    is_waiting: NotRequired[bool]
    is_overdue: NotRequired[bool]
    search: NotRequired[str]


class TimelineOut(TypedDict):
    at: str
    kind: str
    detail: NotRequired[str]
    code: NotRequired[str]
    data: NotRequired[dict[str, Any] | None]


class TopicChange(TypedDict):
    name: str
    description: NotRequired[str]


class TopicIn(TypedDict):
    name: str
    description: NotRequired[str]
    key: str
    is_per_sender: NotRequired[bool]


class TopicOut(TypedDict):
    id: int
    key: str
    name: str
    description: str
    is_per_sender: bool
    created_at: str
    closed_at: str | None


class UpsertIn(TypedDict):
    external_id: NotRequired[str | None]
    email: NotRequired[str | None]
    first_name: NotRequired[str | None]
    last_name: NotRequired[str | None]
    language: NotRequired[str | None]
    zone: NotRequired[str | None]
    fields: NotRequired[dict[str, str | int | float | bool | None]]
    tags: NotRequired[list[str]]
    msisdn: str
    region: NotRequired[str | None]
    list_ids: NotRequired[list[int]]


class VersionIn(TypedDict):
    language: str
    body: str
    fallbacks: NotRequired[dict[str, str]]


class WantedIn(TypedDict):
    state: NotRequired[str]
    within_days: NotRequired[int]
    country: NotRequired[str | None]
    month: NotRequired[str | None]


class WithdrawalIn(TypedDict):
    fingerprint: str


class WithdrawalLookIn(TypedDict):
    after: NotRequired[int]


class WordsIn(TypedDict):
    parts: dict[str, str]


class WorkspaceChange(TypedDict):
    name: NotRequired[str | None]


class WorkspaceIn(TypedDict):
    name: str
    country: str
    currency: NotRequired[str]
    zone: NotRequired[str]
    language: NotRequired[Literal["en", "vi", "zh-hans", "zh-hant", "es", "fr"]]
    is_sandbox: NotRequired[bool]


class WorkspaceMade(TypedDict):
    """A new workspace and its first key, which is never shown again."""

    id: int
    name: str
    country: str
    language: str
    zone: str
    currency: str
    cap_count: int
    cap_hours: int
    law_layer: str
    consent_months: int
    brand: str
    legal_name: str
    postal_address: str
    public_contact: str
    answer_minutes: int
    needs_approval: bool
    approval_above: int
    is_stopped: bool
    is_sandbox: bool
    is_small: bool
    review_url: str
    secret: str


class WorkspaceOut(TypedDict):
    id: int
    name: str
    country: str
    language: str
    zone: str
    currency: str
    cap_count: int
    cap_hours: int
    law_layer: str
    consent_months: int
    brand: str
    legal_name: str
    postal_address: str
    public_contact: str
    answer_minutes: int
    needs_approval: bool
    approval_above: int
    is_stopped: bool
    is_sandbox: bool
    is_small: bool
    review_url: str


class ZonesOut(TypedDict):
    names: list[str]
    is_given: bool
