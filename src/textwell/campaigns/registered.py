"""Where a country takes approved texts alone: whether those of a campaign are such."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from textwell.campaigns.forecast import build_text
from textwell.campaigns.models import Campaign
from textwell.campaigns.reach import Reach
from textwell.campaigns.terms import composer_of, send_time
from textwell.campaigns.types import Problem
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError
from textwell.gateways.providers.base import ApprovedText
from textwell.links.selectors import link_prefix
from textwell.messaging.compose import preview_links
from textwell.messaging.template_words import asked_texts, template_problem
from textwell.segments.selectors import compile_audience
from textwell.segments.types import parse_audience

LOOKED_AT = 20  # people of a country whose texts are made to look at
_PEOPLE = """
SELECT c.* FROM contacts_contact c
WHERE c.workspace_id = %(workspace_id)s AND c.country = %(country)s AND (__AUDIENCE__)
ORDER BY c.id LIMIT %(limit)s
"""


def find_unregistered(campaign: Campaign, reach: Reach) -> dict[str, Problem]:
    """By country: why nobody there gets a text. Those whose sender is refused anyway are not in it."""
    if not reach.is_real:
        return {}
    found = {}
    for country in set(reach.counts) - set(reach.sender_reasons):
        problems = _text_problems(campaign, country)
        if problems and all(problems):
            found[country] = Problem("body", problems[0], _mend())
    return found


def list_odd_texts(campaign: Campaign, reach: Reach) -> Iterator[Problem]:
    """Where only some of the texts are what is approved: the others are left out."""
    for country in reach.counts if reach.is_real else ():
        problems = [] if country in reach.sender_reasons else _text_problems(campaign, country)
        if any(problems) and not all(problems):
            yield Problem("body", next(filter(None, problems)), _mend())


def _mend() -> str:
    return _("Write it as it is registered, or put its template into the sender registry.")


def _text_problems(campaign: Campaign, country: str) -> list[str]:
    """What is wrong with the texts of some people there, "" for nothing; none: nothing is asked."""
    texts = asked_texts(
        campaign.workspace_id,
        campaign.gateway_id or 0,
        sender=campaign.sender,
        country=country,
        purpose=campaign.purpose,
        on=send_time(campaign).date(),
    )
    if texts is None:
        return []
    try:
        return [_problem(campaign, person, texts) for person in _people(campaign, country)]
    except (FieldError, KeyError):
        return []  # no text comes out, which is said elsewhere


def _problem(campaign: Campaign, person: Contact, texts: list[ApprovedText]) -> str:
    links = preview_links(composer_of(campaign).link_names, link_prefix(campaign.workspace_id))
    text = build_text(campaign, person, links=links)
    return template_problem(
        text, texts, sender=campaign.sender, country=person.country, purpose=campaign.purpose
    )


def _people(campaign: Campaign, country: str) -> list[Contact]:
    audience = compile_audience(campaign.workspace_id, parse_audience(campaign.audience))
    params = {"workspace_id": campaign.workspace_id, "country": country, "limit": LOOKED_AT}
    statement = _PEOPLE.replace("__AUDIENCE__", audience.where)
    return list(Contact.objects.raw(statement, {**audience.params, **params}))
