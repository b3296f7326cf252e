"""While one writes: how many segments a text takes for the people of its audience, and why.

Bounded: some hundred people from all over the audience stand for it, however large it is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from textwell.campaigns import sql as statements
from textwell.campaigns.forecast import judging
from textwell.campaigns.models import Campaign
from textwell.campaigns.terms import composer_of, gateway_of, price_of, wording_of
from textwell.campaigns.types import ForcedCount, LiveCount, SegmentGroup
from textwell.campaigns.words import words_of
from textwell.contacts.models import Contact
from textwell.links.selectors import link_prefix
from textwell.messaging.caps import NO_CAPS
from textwell.messaging.compose import final_body, preview_links
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.values import values_of
from textwell.text.replacements import explain_forcing
from textwell.text.segments import find_forcing_characters

STRATA: Final = 25  # stretches of contact ids …
STRATUM_PEOPLE: Final = 20  # … of each of which the first people of the audience are taken
MOST_SEGMENTS: Final = 3  # 3 stands for three and more
MOST_CHARACTERS: Final = 12
EXPLAINED_TEXTS: Final = 60  # texts in which a character's own share of the segments is measured


def sample_audience(campaign: Campaign) -> tuple[list[Contact], bool]:
    """Up to 500 people who would get it, in the order of their ids, and whether these are all.

    Caps and hours are not asked: they change whom it reaches, and when, and not what it says. Reads
    until each stretch has its people, so that a large audience costs no more than a small one.

    Raises:
        FieldError: the audience cannot be read.
    """
    where, params = judging(campaign, by_law=False)
    params |= NO_CAPS.params() | {"strata": STRATA, "each": STRATUM_PEOPLE}
    with connection.cursor() as cursor:
        cursor.execute(statements.SAMPLE_STRATA.replace("__AUDIENCE__", where), params)
        rows = cursor.fetchall()
    fullest = max(Counter(stretch for _id, stretch in rows).values(), default=0)
    ids = [contact_id for contact_id, _stretch in rows]
    chosen = statements.JUDGE_PEOPLE.replace("__AUDIENCE__", "c.id = ANY(%(ids)s)")
    people = list(Contact.objects.raw(chosen, params | {"ids": ids})) if ids else []
    return people, fullest < STRATUM_PEOPLE


def sample_workspace(workspace_id: int, *, each: int) -> list[Contact]:
    """Up to 25 times `each` people from all over a workspace, whoever they are."""
    params = {"workspace_id": workspace_id, "strata": STRATA, "each": each}
    with connection.cursor() as cursor:
        cursor.execute(statements.SAMPLE_STRATA.replace("__AUDIENCE__", "true"), params)
        ids = [contact_id for contact_id, _stretch in cursor.fetchall()]
    return list(Contact.objects.filter(id__in=ids))


def count_live(campaign: Campaign) -> LiveCount:
    """Segments and cost of the text for a sample of the people who would get it.

    Raises:
        FieldError: the text or the audience cannot be read.
    """
    people, is_exact = sample_audience(campaign)
    gateway = gateway_of(campaign)
    texts = list(_compose_all(campaign, people))
    prices = {country: price_of(gateway, country) for country in {text.country for text in texts}}
    languages = ["", *(version["language"] for version in campaign.versions)]
    by_version = [[t for t in texts if t.version == language] for language in languages]
    return LiveCount(
        is_exact=is_exact,
        sample_count=len(texts),
        currency=gateway.currency if gateway else "",
        groups=tuple(_group(those, prices) for those in by_version if those),
        forced_by=_explain(campaign, [text.text for text in texts]),
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """What one person of the sample would read."""

    text: str
    segment_count: int
    country: str
    version: str


def _group(texts: list[_Text], prices: dict[str, int]) -> SegmentGroup:
    """People who get one version; `prices` are of a segment, by country."""
    count = len(texts)
    segments = Counter(min(text.segment_count, MOST_SEGMENTS) for text in texts)
    cost = sum(text.segment_count * prices[text.country] for text in texts)
    return SegmentGroup(
        language=texts[0].version,
        people_count=count,
        shares={n: segments[n] / count for n in range(1, MOST_SEGMENTS + 1)},
        segments_per_person=sum(text.segment_count for text in texts) / count,
        # A hundredth of a cent is what a mean of a sample is worth.
        cost_micros_per_person=100 * round(cost / count / 100),
    )


def _compose_all(campaign: Campaign, people: list[Contact]) -> Iterator[_Text]:
    """The text of each person for whom it comes out."""
    composer, wording = composer_of(campaign), wording_of(campaign)
    links = preview_links(composer.link_names, link_prefix(campaign.workspace_id))
    words = words_of(campaign)
    for person in people:
        try:
            composed = composer.compose(values_of(person), links, words.demands(person))
        except (TemplateRefused, KeyError):
            continue
        version = wording.version_for(person.language)
        yield _Text(composed.text, composed.segment_count, person.country, version)


def _explain(campaign: Campaign, texts: list[str]) -> tuple[ForcedCount, ...]:
    """Each character that forces UCS-2, the commonest first, with what it costs by itself."""
    wording = wording_of(campaign)
    versions = ["", *(version.language for version in wording.versions)]
    body = " ".join(final_body(wording.of_version(language)) for language in versions)
    people = Counter(each for text in texts for each in find_forcing_characters(text))
    saved, seen = Counter[str](), Counter[str]()
    forms: dict[str, str | None] = {}
    forced = [text for text in texts if not people.keys().isdisjoint(text)][:EXPLAINED_TEXTS]
    for text in forced:
        facts: Any  # Any: a ForcingCharacter each
        for facts in explain_forcing(text):
            forms[facts.character] = facts.replacement
            seen[facts.character] += 1
            saved[facts.character] += facts.segments_saved
    return tuple(
        ForcedCount(
            character=each,
            people_share=count / len(texts),
            is_in_text=each in body,
            replacement=forms.get(each),
            segments_saved=saved[each] / seen[each] if seen[each] else 0,
        )
        for each, count in people.most_common(MOST_CHARACTERS)
    )
