"""What law has the texts of a campaign say, for each place of its audience."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from textwell.campaigns.models import Campaign
from textwell.campaigns.types import Problem
from textwell.compliance.completing import lacks
from textwell.compliance.wording import Demands
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging.adding import Single, Terms, read_terms
from textwell.messaging.law import NO_LAW, place_of
from textwell.messaging.plan_law import place_of_key
from textwell.messaging.unsaid import wording_problem


@dataclass(frozen=True, slots=True)
class Words:
    """`terms` as the campaign's gateway carries it; `real` as one does that reaches phones."""

    terms: Terms
    real: Terms

    @property
    def is_bare(self) -> bool:
        """Whether nothing is added, whatever law asks: no phone gets it."""
        return self.terms.layer == NO_LAW and not self.terms.service

    def demands(self, contact: Contact, *, is_real: bool = False) -> Demands:
        """What the text for this person must say."""
        place = place_of(contact.country, contact.msisdn, "")
        return (self.real if is_real else self.terms).demands(place, contact.language)


def words_of(campaign: Campaign) -> Words:
    """The terms of a campaign's texts: who speaks, by which sender, under which layer."""
    found = terms_on(campaign, (campaign.scheduled_at or now()).date())
    return Words(found.terms, found.real)


def terms_on(campaign: Campaign, day: date) -> Single:
    """What is added to its texts by the rules of a day, also where it is a draft yet."""
    return read_terms(
        workspace_id=campaign.workspace_id,
        gateway_id=campaign.gateway_id or 0,
        sender=campaign.sender,
        purpose=campaign.purpose,
        layer=campaign.law_layer,
        day=day,
        is_draft=True,
    )


def list_word_problems(
    words: Words, keys: Iterable[str], bodies: dict[str, str]
) -> Iterator[Problem]:
    """Why texts to some of these places (LAW_KEYs) cannot be made lawful, one a reason.

    `bodies`: its texts by language, "" the main one.
    """
    found: dict[tuple[str, ...], tuple[Demands, list[str]]] = {}
    for key in sorted(filter(None, keys)):
        place = place_of_key(key)
        demands = words.terms.demands(place, "")
        is_unsaid = demands.asks_alone and any(lacks(body, demands) for body in bodies.values())
        if demands.is_met and not is_unsaid:
            continue
        why = (*demands.missing, demands.reason)
        countries = found.setdefault(why, (demands, []))[1]
        if place.country not in countries:
            countries.append(place.country)
    for demands, countries in found.values():
        problem = wording_problem(demands, countries)
        yield Problem(problem.field, problem.problem, problem.mend)
