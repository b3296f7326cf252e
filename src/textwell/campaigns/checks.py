"""May this campaign be launched? Every reason against it, with its mend, and what to think over."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from textwell.campaigns.forecast import list_places
from textwell.campaigns.inviting import list_invitation_problems, list_invitation_warnings
from textwell.campaigns.models import Campaign
from textwell.campaigns.reach import Reach
from textwell.campaigns.registered import find_unregistered, list_odd_texts
from textwell.campaigns.registers import list_register_problems
from textwell.campaigns.selectors import known_fields
from textwell.campaigns.terms import batches_of, gateway_of
from textwell.campaigns.tips import list_goal_problems, list_tips
from textwell.campaigns.types import Problem
from textwell.campaigns.values import find_link_errors
from textwell.campaigns.words import list_word_problems, words_of
from textwell.consent.topics import check_scopes
from textwell.consent.types import ConsentScope
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import GatewayState, Sender
from textwell.inbox.keywords import names_way_out
from textwell.links.selectors import link_prefix
from textwell.links.tokens import TOKEN_LENGTH
from textwell.messaging.caps import load_named
from textwell.messaging.checks import TemplateProblem, check_template
from textwell.messaging.compose import tag_spans
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.gate import Reason
from textwell.messaging.promised import TOPIC_NOT_PROMISED, list_unpromised
from textwell.messaging.purposes import check_campaign_purpose, check_lane, is_marketing
from textwell.messaging.render import compile_template
from textwell.messaging.showing import missing_registration
from textwell.messaging.template_words import missing_template
from textwell.segments.selectors import count_audience
from textwell.segments.types import parse_audience

Judge = Callable[[str, Mapping[str, str]], list[TemplateProblem]]  # of a body and its fallbacks
_ADDRESS = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)


def check_campaign(campaign: Campaign, reach: Reach | None = None) -> list[Problem]:
    """All problems at once, in the order of the page; an empty list means: ready.

    `reach` is of this campaign; who asks for the warnings too gives the same to both.
    """
    reach = reach or Reach(campaign)
    return [
        *_name_problems(campaign),
        *list_goal_problems(campaign),
        *_purpose_problems(campaign),
        *list_invitation_problems(campaign, reach),
        *_audience_problems(campaign),
        *_text_problems(campaign),
        *_link_problems(campaign),
        *_lane_problems(campaign),
        *_route_problems(campaign, reach),
        *_promise_problems(campaign),
        *_time_problems(campaign),
        *_word_problems(campaign),
    ]


def list_warnings(campaign: Campaign, reach: Reach | None = None) -> list[Problem]:
    """What keeps nobody from launching, and is rarely meant; of texts that cannot be read nothing."""
    reach = reach or Reach(campaign)
    return [
        *list_tips(campaign),
        *_text_warnings(campaign),
        *_law_problems(campaign, reach, is_for_all=False),
        *list_odd_texts(campaign, reach),
        *list_register_problems(campaign, reach),
        *list_invitation_warnings(campaign, reach),
    ]


def _text_warnings(campaign: Campaign) -> list[Problem]:
    bodies = {"": campaign.body, **{v["language"]: v.get("body", "") for v in campaign.versions}}
    try:
        templates = [compile_template(body) for body in bodies.values()]
    except TemplateRefused:
        return []
    if not campaign.body.strip():
        return []
    numbers = {number for template in templates for number in template.link_numbers}
    unused = [n for n in range(1, len(campaign.links) + 1) if n not in numbers]
    problem = _("Link %(number)s does not stand in the text.")
    mend = _("Put it there, or remove its address.")
    # Where it reaches phones it is added.
    needs_way_out = is_marketing(campaign.purpose) and words_of(campaign).is_bare
    return [
        *_wording_warnings(campaign.body, needs_way_out=needs_way_out),
        *(Problem("links", problem % {"number": number}, mend) for number in unused),
        *(
            _of_version(language, warning)
            for language, body in bodies.items()
            if language
            for warning in _wording_warnings(body, needs_way_out=needs_way_out)
        ),
    ]


def _wording_warnings(body: str, *, needs_way_out: bool) -> list[Problem]:
    found, words = [], _own_words(body)
    address = _ADDRESS.search(words)
    if address:
        problem = _("“%(address)s” stands in the text as it is: it is not shortened or counted.")
        mend = _("Give it as a link, and write {{ link }} in its place.")
        found.append(Problem("body", problem % {"address": address.group()[:60]}, mend))
    if needs_way_out and not names_way_out(words):
        mend = _("Say it, as in: Reply STOP to end. Many countries ask for it.")
        found.append(Problem("body", _("The text does not say how to stop it."), mend))
    return found


def _of_version(language: str, found: Problem | TemplateProblem) -> Problem:
    """Said of the text in another language."""
    form = _("Text for %(language)s: %(problem)s")
    problem = form % {"language": language, "problem": found.problem}
    return Problem("versions", problem, found.mend, found.line)


def _own_words(body: str) -> str:
    """The text without its tags."""
    for start, end in reversed(tag_spans(body)):
        body = f"{body[:start]} {body[end:]}"
    return body


def _name_problems(campaign: Campaign) -> list[Problem]:
    if campaign.name.strip():
        return []
    return [
        Problem(
            "name", _("The campaign has no name."), _("Give it one that your team knows it by.")
        )
    ]


def _purpose_problems(campaign: Campaign) -> list[Problem]:
    try:
        check_campaign_purpose(campaign.purpose)
        check_scopes(campaign.workspace_id, [ConsentScope(campaign.topic, campaign.brand)])
    except FieldError as error:
        return [Problem(error.field, error.problem, error.mend)]
    return []


def _audience_problems(campaign: Campaign) -> list[Problem]:
    try:
        audience = parse_audience(campaign.audience)
        count = count_audience(campaign.workspace_id, audience)
    except FieldError as error:
        return [Problem(error.field, error.problem, error.mend)]
    if count == 0:
        mend = _("Choose another list or loosen the filter.")
        return [Problem("audience", _("Nobody is in this audience."), mend)]
    return []


def _text_problems(campaign: Campaign) -> list[Problem]:
    judge = _judge_of(campaign)
    found = judge(campaign.body, campaign.fallbacks)
    return [
        *(Problem(p.field, p.problem, p.mend, p.line) for p in found),
        *(
            each
            for version in campaign.versions
            for each in _version_problems(judge, campaign, version)
        ),
    ]


def _judge_of(campaign: Campaign) -> Judge:
    """What judges each of its texts; what they have in common is read once."""
    links, known = campaign.links, known_fields(campaign.workspace_id)
    length = len(link_prefix(campaign.workspace_id)) + TOKEN_LENGTH if links else TOKEN_LENGTH
    return lambda body, fallbacks: check_template(
        body,
        fallbacks=fallbacks,
        known_fields=known,
        link_count=len(links),
        link_length=length,
    )


def _version_problems(judge: Judge, campaign: Campaign, version: dict[str, Any]) -> list[Problem]:
    """Faults of the text in one other language; Any: a version as it is stored."""
    fallbacks = {**campaign.fallbacks, **(version.get("fallbacks") or {})}
    found = judge(version.get("body", ""), fallbacks)
    return [_of_version(version["language"], problem) for problem in found]


def _link_problems(campaign: Campaign) -> list[Problem]:
    errors = find_link_errors(campaign.links, campaign.utm, name=campaign.name)
    return [Problem(error.field, _in_words(error), error.mend) for error in errors]


def _in_words(error: FieldError) -> str:
    """What is wrong with links, where the field is not seen beside it."""
    kind, *rest = error.field.split(".")
    if not rest:
        return error.problem
    if kind == "links":
        form = _("Link %(number)s: %(problem)s")
        return form % {"number": int(rest[0]) + 1, "problem": error.problem}
    return f"{rest[0]}: {error.problem}"


def _lane_problems(campaign: Campaign) -> list[Problem]:
    try:
        check_lane(purpose=campaign.purpose, lane=campaign.lane)
    except FieldError as error:
        return [Problem(error.field, error.problem, error.mend)]
    return []


def _route_problems(campaign: Campaign, reach: Reach) -> list[Problem]:
    gateway = gateway_of(campaign)
    if gateway is None:
        return [
            Problem(
                "gateway_id",
                _("No gateway is chosen."),
                _("Choose the gateway that shall carry it."),
            )
        ]
    if gateway.state == GatewayState.RETIRED:
        problem = _("The gateway “%(name)s” is retired.") % {"name": gateway.name}
        return [Problem("gateway_id", problem, _("Choose another."))]
    if gateway.state != GatewayState.ACTIVE:
        problem = _("The gateway “%(name)s” is not active.") % {"name": gateway.name}
        return [Problem("gateway_id", problem, _("Resume it, or choose another."))]
    senders = Sender.objects.filter(gateway=gateway, value=campaign.sender, is_active=True)
    if not campaign.sender or not senders.exists():
        problem = _("“%(sender)s” is no active sender of this gateway.") % {
            "sender": campaign.sender
        }
        return [Problem("sender", problem, _("Choose a sender from the gateway's list."))]
    return _law_problems(campaign, reach, is_for_all=True)


def _promise_problems(campaign: Campaign) -> list[Problem]:
    """What the public promise names nowhere; people of countries alone are left out one by one."""
    if not is_marketing(campaign.purpose) or not campaign.sender:
        return []
    named = load_named(campaign.workspace_id)
    unpromised = list_unpromised(named, campaign.sender, campaign.topic)
    if len(unpromised) != 1:
        return []
    mend = _(
        "Choose what it names, or publish the promise anew: it then names what there is by now."
    )
    if unpromised[""] == TOPIC_NOT_PROMISED:
        problem = _("Your public promise does not name the topic “%(topic)s”.")
        return [Problem("topic", problem % {"topic": campaign.topic}, mend)]
    problem = _("Your public promise does not name the sender “%(sender)s”.")
    return [Problem("sender", problem % {"sender": campaign.sender}, mend)]


def _law_problems(campaign: Campaign, reach: Reach, *, is_for_all: bool) -> list[Problem]:
    """Countries of the audience where law keeps the sender out; `is_for_all`: only where all are such."""
    reasons = reach.sender_reasons
    refused = {
        country: _law_problem(campaign, country, reasons[country], n)
        for country, n in reach.counts.items()
        if country in reasons
    } | find_unregistered(campaign, reach)
    if not refused or is_for_all != (len(refused) == len(reach.counts)):
        return []
    return list(refused.values())


def _law_problem(campaign: Campaign, country: str, reason: str, count: int) -> Problem:
    left_out = ngettext(
        "%(count)s person is left out.", "%(count)s people are left out.", count
    ) % {"count": count}
    if reason == Reason.SENDER_UNREGISTERED:
        on = (campaign.scheduled_at or now()).date()
        told = missing_registration(campaign.sender, country, campaign.purpose, on=on)
        mend = _("Put it into the sender registry once it is approved, or choose another sender.")
    elif reason == Reason.BATCH_TOO_SMALL:
        told = _("In %(country)s advertising is taken for %(least)s people at once or more.") % {
            "country": country,
            "least": batches_of(campaign)[country].least,
        }
        mend = _("Choose more people there, or leave the country out.")
    elif reason == Reason.TEMPLATE_UNREGISTERED:
        told = missing_template(campaign.sender, country, campaign.purpose)
        mend = _("Put its templates into the sender registry once they are approved.")
    else:
        told = _("“%(sender)s” is of a kind that may not be shown in %(country)s.") % {
            "sender": campaign.sender,
            "country": country,
        }
        mend = _("Choose a sender of another kind for this country.")
    return Problem("sender", f"{told} {left_out}", mend)


def _word_problems(campaign: Campaign) -> list[Problem]:
    """What law has the text say that nothing here can add."""
    words = words_of(campaign)
    if words.is_bare or not words.terms.sender_kind:
        return []
    bodies = {"": campaign.body, **{v["language"]: v.get("body", "") for v in campaign.versions}}
    try:
        return list(list_word_problems(words, list_places(campaign), bodies))
    except FieldError:  # the audience cannot be read, which is said already
        return []


def _time_problems(campaign: Campaign) -> list[Problem]:
    start = campaign.scheduled_at or now()
    if campaign.expires_at is not None and campaign.expires_at <= start:
        problem = _("The campaign would expire before it begins.")
        return [Problem("expires_at", problem, _("Choose a later expiry, or none."))]
    return []
