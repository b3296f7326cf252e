"""Before the send: what each person would get, what all of it costs and how long it takes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from textwell.campaigns import sql as statements
from textwell.campaigns.models import Campaign
from textwell.campaigns.terms import (
    caps_of,
    composer_of,
    gateway_of,
    is_for_samples,
    layer_of,
    price_of,
    refusal_of,
    scope_of,
    send_time,
    sender_reasons_of,
    unpromised_of,
    wording_of,
    workspace_layer,
)
from textwell.campaigns.types import Forecast, LocalTime, Preview
from textwell.campaigns.words import Words, words_of
from textwell.compliance.completing import complete, elements_of
from textwell.compliance.wording import NOTHING, Demands, Element
from textwell.consent.statistics import refresh_standing_statistics
from textwell.contacts.models import Contact
from textwell.contacts.zones import find_zones, list_zones
from textwell.core.errors import FieldError
from textwell.core.zones import local_times, may_be_night
from textwell.gateways.models import Gateway, Sender
from textwell.gateways.parts import list_parts
from textwell.links.selectors import link_prefix
from textwell.messaging import sql
from textwell.messaging.caps import count_recent, judge_person
from textwell.messaging.compose import (
    Composed,
    list_replacements,
    preview_links,
)
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.gate import Facts, decide, first_allowed_at
from textwell.messaging.law import NO_LAW
from textwell.messaging.plan import scope_params
from textwell.messaging.plan_law import (
    NO_LAWS,
    judge_places,
    law_params,
    terms_of,
    write_cap_terms,
    write_capped,
    write_laws,
)
from textwell.messaging.promised import find_unpromised
from textwell.messaging.purposes import is_marketing, needs_consent
from textwell.messaging.values import values_of
from textwell.segments.selectors import compile_audience
from textwell.segments.types import parse_audience
from textwell.text.segments import find_forcing_characters, segment_text

SAMPLE_PEOPLE = 2_000
_RARE, _SPARE = 0.1, 1.3  # below this share the lowest hashes suffice; so many more than needed


def gate_facts(
    campaign: Campaign, contact: Contact, *, at: datetime | None = None, message_id: int = 0
) -> Facts:
    """What the gate would see of this person at that moment (the send time), as it is known now.

    `message_id`: of the text itself, if it is planned: caps count others.
    """
    at, caps = at or send_time(campaign), caps_of(campaign)
    is_simulated = is_for_samples(campaign)
    layer = layer_of(campaign, is_simulated=is_simulated)
    law = judge_person(contact, at, layer, topic=campaign.topic, but_id=message_id)
    goes_at = law.lawful_at or at
    recent = count_recent(contact.id, caps=caps, at=goes_at, but_id=message_id)
    with connection.cursor() as cursor:
        cursor.execute(
            statements.READ_FACTS,
            {
                "w": campaign.workspace_id,
                "m": contact.msisdn,
                "c": contact.id,
                "message_id": message_id,
                "p": campaign.purpose,
                "country": contact.country,
                "at": at,
                "then": goes_at,
                **terms_of(layer),
                **scope_params(scope_of(campaign)),
            },
        )
        (suppression, is_granted, has_record, paused_until, register_reason, agreed_at,
         consent_reason, invitation_reason) = cursor.fetchone()  # fmt: skip
    workspace_recent_count, workspace_cap_count = caps.judge_workspace(recent, agreed_at)
    senders = Sender.objects.filter(
        gateway_id=campaign.gateway_id or 0, value=campaign.sender, is_active=True
    )
    return Facts(
        at=at,
        is_known=True,
        is_sample=contact.is_sample,
        is_simulated=is_simulated,
        suppression=suppression or "",
        needs_consent=needs_consent(campaign.purpose),
        is_granted=is_granted,
        has_consent_record=has_record,
        is_sender_allowed=senders.filter(country__in=["", contact.country]).exists(),
        recent_count=recent[0],
        cap_count=caps.count,
        workspace_recent_count=workspace_recent_count,
        workspace_cap_count=workspace_cap_count,
        expires_at=campaign.ends_at,
        law_reason=law.reason,
        lawful_at=law.lawful_at,
        paused_until=paused_until,
        register_reason=register_reason,
        consent_reason=consent_reason,
        invitation_reason=invitation_reason,
        sender_reason=sender_reasons_of(campaign).get(contact.country, ""),
        promise_reason=find_unpromised(unpromised_of(campaign, caps), contact.country),
    )


def build_text(campaign: Campaign, contact: Contact, *, links: dict[str, str]) -> str:
    """The text for one person with these links in it. Raises FieldError as build_preview does."""
    return _compose(campaign, contact, links, words_of(campaign).demands(contact)).text


def _compose(
    campaign: Campaign,
    contact: Contact,
    links: dict[str, str] | None = None,
    demands: Demands = NOTHING,
) -> Composed:
    composer = composer_of(campaign)
    if links is None:
        links = preview_links(composer.link_names, link_prefix(campaign.workspace_id))
    try:
        return composer.compose(values_of(contact), links, demands)
    except TemplateRefused as refused:
        raise refusal_of(refused) from refused
    except KeyError as missing:
        problem = _("“%(name)s” has no value.") % {"name": missing.args[0]}
        raise FieldError("body", problem, _("Give a fallback for every field.")) from missing


def build_preview(campaign: Campaign, contact: Contact) -> Preview:
    """The exact text for one person, its octets and cost, what the gate says and when it may go.

    Raises:
        FieldError: the text cannot be made for this person; says why.
    """
    words = words_of(campaign)
    composed = _compose(campaign, contact, demands=words.demands(contact))
    wording = wording_of(campaign)
    version = wording.version_for(contact.language)
    gateway = gateway_of(campaign)
    facts = gate_facts(campaign, contact)
    decision = decide(facts)
    segmented = segment_text(composed.text)
    times = local_times(find_zones(contact).names, facts.at)
    return Preview(
        contact_id=contact.id,
        msisdn=contact.msisdn,
        composed=composed,
        cost_micros=composed.segment_count * price_of(gateway, contact.country),
        currency=gateway.currency if gateway else "",
        verdict=decision.verdict,
        reason=decision.reason,
        send_at=campaign.scheduled_at,
        replacements=tuple(
            f"{r.original} → {r.replacement}"
            for r in list_replacements(wording.of_version(version))
        ),
        version=version,
        parts=list_parts(gateway, composed.text),
        units_left=segmented.units_left,
        forced_by=segmented.forced_by,
        planned_at=facts.at,
        allowed_at=first_allowed_at(facts),
        local_times=tuple(LocalTime(at, zones) for at, zones in times),
        adds=elements_of(composed.added),
        would_add=_would_add(words, contact, composed.text) if words.is_bare else (),
    )


def _would_add(words: Words, contact: Contact, text: str) -> tuple[Element, ...]:
    link = next(iter(preview_links((), link_prefix(contact.workspace_id)).values()))
    return complete(text, words.demands(contact, is_real=True), link).adds


Judging = tuple[str, dict[str, Any]]  # Any: whatever statements bind


def judging(campaign: Campaign, *, by_law: bool = True) -> Judging:
    """The audience as a condition, and all that the statements about it bind.

    Law is asked for the places of all its people; not `by_law`: for none.

    Sees to it that the planner knows of the people before they are judged.
    """
    refresh_standing_statistics(campaign.workspace_id)
    audience = compile_audience(campaign.workspace_id, parse_audience(campaign.audience))
    at = send_time(campaign)
    countries = list(
        Sender.objects.filter(
            gateway_id=campaign.gateway_id or 0, value=campaign.sender, is_active=True
        ).values_list("country", flat=True)
    )
    is_simulated, caps = is_for_samples(campaign), caps_of(campaign)
    layer = layer_of(campaign, is_simulated=is_simulated)
    params: dict[str, Any] = {
        **audience.params,
        **law_params(layer),
        "workspace_id": campaign.workspace_id,
        "purpose": campaign.purpose,
        **scope_params(scope_of(campaign)),
        "needs_consent": needs_consent(campaign.purpose),
        "is_simulated": is_simulated,
        "any_country": "" in countries,
        "countries": [country for country in countries if country],
        **caps.params(),
        "unpromised": orjson.dumps(unpromised_of(campaign, caps)).decode(),
        "cap_at": at,
        "due_at": at,
        "sender_reasons": orjson.dumps(sender_reasons_of(campaign)).decode(),
        "expires_at": campaign.ends_at,
        "campaign_id": campaign.id or 0,
        "holdout_percent": campaign.holdout_percent,
    }
    if layer != NO_LAW and by_law:
        params |= _ask_law(audience.where, params, at, layer)
    return audience.where, params


def list_places(campaign: Campaign) -> list[str]:
    """LAW_KEYs of the places of its audience. Raises FieldError where the audience cannot be read."""
    audience = compile_audience(campaign.workspace_id, parse_audience(campaign.audience))
    params = {
        **audience.params,
        **law_params(campaign.law_layer or workspace_layer(campaign.workspace_id)),
        "workspace_id": campaign.workspace_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.AUDIENCE_PLACES.replace("__AUDIENCE__", audience.where), params)
        return [key for (key,) in cursor.fetchall()]


def _ask_law(where: str, params: dict[str, Any], at: datetime, layer: str) -> dict[str, str]:
    """What law says of each place of the audience, and of who had as many texts as its caps allow."""
    with connection.cursor() as cursor:
        cursor.execute(sql.AUDIENCE_PLACES.replace("__AUDIENCE__", where), params)
        keys = [key for (key,) in cursor.fetchall()]
        laws = judge_places(keys, at=at, layer=layer)
        asked = {"law": write_laws(laws), "cap_terms": write_cap_terms(keys)}
        if asked["cap_terms"] == NO_LAWS:
            return asked
        cursor.execute(sql.AUDIENCE_CAPPED.replace("__AUDIENCE__", where), params | asked)
        groups = cursor.fetchall()
    return asked | {"law_capped": write_capped(groups, laws, at=at, layer=layer)}


@dataclass(frozen=True, slots=True)
class _Judged:
    """People by the reason that leaves them out, '' for those who would get it; and who of them later."""

    reasons: Counter[str]
    held: dict[datetime, int]  # from when they may get it: people, in order of time


def _judge_audience(terms: Judging) -> _Judged:
    where, params = terms
    reasons: Counter[str] = Counter()
    held: Counter[datetime] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(statements.JUDGE_AUDIENCE.replace("__AUDIENCE__", where), params)
        for reason, lawful_at, count in cursor.fetchall():
            reasons[reason] += count
            if not reason and lawful_at is not None:
                held[lawful_at] += count
    return _Judged(reasons, dict(sorted(held.items())))


def _count_never_agreed(campaign: Campaign, terms: Judging) -> int:
    if is_marketing(campaign.purpose):
        return 0
    where, params = terms
    with connection.cursor() as cursor:
        cursor.execute(statements.COUNT_NEVER_AGREED.replace("__AUDIENCE__", where), params)
        return int(cursor.fetchone()[0])


def _sample(terms: Judging, let_through: int) -> list[Contact]:
    """Up to SAMPLE_PEOPLE of those who would get it, spread evenly by a hash of their id.

    Of a large audience only those are judged whose hash is among the lowest: the others would not
    be in the sample anyway.
    """
    where, params = terms
    share = SAMPLE_PEOPLE / let_through if let_through else 1.0
    if share < _RARE:
        below = int(-(2**31) + 2**32 * share * _SPARE)
        people = _lowest(f"({where}) AND {statements.IS_LOW}", params | {"below": below})
        if len(people) == SAMPLE_PEOPLE:
            return people
    return _lowest(where, params)


def _lowest(where: str, params: dict[str, Any]) -> list[Contact]:
    statement = statements.SAMPLE_AUDIENCE.replace("__AUDIENCE__", where)
    return list(Contact.objects.raw(statement, params | {"limit": SAMPLE_PEOPLE}))


def _share_at_night(people: Sequence[Contact], at: datetime) -> float:
    """Of these people, the share for whom it may be night: their zone's, or one of their number's."""
    zones = Counter(list_zones(people))
    count = sum(n for names, n in zones.items() if may_be_night(names, at))
    return count / len(people) if people else 0


@dataclass(slots=True)
class _Measured:
    """What the texts of a sample take."""

    segment_shares: Counter[int] = field(default_factory=Counter)  # segments: people
    forced_by: Counter[str] = field(default_factory=Counter)  # character: people
    segment_count: int = 0
    cost_micros: int = 0
    people_count: int = 0
    failed_count: int = 0  # people for whom no text comes out


def _measure(campaign: Campaign, people: Sequence[Contact], gateway: Gateway | None) -> _Measured:
    composer, found = composer_of(campaign), _Measured()
    links = preview_links(composer.link_names, link_prefix(campaign.workspace_id))
    words = words_of(campaign)
    for contact in people:
        try:
            composed = composer.compose(values_of(contact), links, words.demands(contact))
        except (TemplateRefused, KeyError):
            found.failed_count += 1
            continue
        found.people_count += 1
        found.segment_shares[composed.segment_count] += 1
        found.segment_count += composed.segment_count
        found.cost_micros += composed.segment_count * price_of(gateway, contact.country)
        if composed.encoding == "ucs2":
            found.forced_by.update(find_forcing_characters(composed.text))
    return found


def build_forecast(campaign: Campaign) -> Forecast:
    """People, segments, cost and duration.

    People left out by the gate are exact. Those for whom no text comes out, segments, cost and people
    at night are exact where everybody whom the gate lets through was composed (up to
    SAMPLE_PEOPLE), else from an even sample of them (`is_exact` says which).
    """
    terms = judging(campaign)
    judged = _judge_audience(terms)
    let_through = judged.reasons[""]
    gateway = gateway_of(campaign)
    sample = _sample(terms, let_through)
    made = _measure(campaign, sample, gateway)
    failed = round(let_through * made.failed_count / len(sample)) if sample else 0
    sendable = let_through - failed
    left_out = {reason: n for reason, n in judged.reasons.items() if reason}
    count = made.people_count
    factor = sendable / count if count else 0
    rate = gateway.segments_per_second if gateway else 0
    return Forecast(
        people_count=judged.reasons.total(),
        sendable_count=sendable,
        left_out=left_out | ({"text_failed": failed} if failed else {}),
        segment_shares={n: people / count for n, people in sorted(made.segment_shares.items())},
        is_exact=len(sample) == let_through,
        sample_count=count,
        segment_count=round(made.segment_count * factor),
        cost_micros=round(made.cost_micros * factor),
        currency=gateway.currency if gateway else "",
        duration_s=made.segment_count * factor / rate if rate else 0,
        never_agreed_count=_count_never_agreed(campaign, terms),
        forced_by=dict(made.forced_by.most_common(20)),
        held={at.isoformat(): n for at, n in judged.held.items()},
        night_count=round(sendable * _share_at_night(sample, send_time(campaign))),
    )
