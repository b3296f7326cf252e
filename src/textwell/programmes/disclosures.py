"""The words that people are shown before they agree: versions, and what lacks in them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.programmes.elements import (
    ELEMENTS,
    LONGEST_PART,
    NAMES,
    fill_text,
    is_there,
    ready_parts,
    required_elements,
    stop_word,
)
from textwell.programmes.errors import NotComplete
from textwell.programmes.models import Disclosure, Programme, ProgrammeState
from textwell.programmes.types import Problem

STILL_SHOWN = timedelta(days=1)  # a page may stand open while a new version is written


def language_codes() -> list[str]:
    """The languages that forms are in."""
    return [code for code, _name in settings.LANGUAGES]


def present_disclosures(programme: Programme, at: datetime | None = None) -> list[Disclosure]:
    """The newest version of each country and language, in order; with `at`, the newest then."""
    found = Disclosure.objects.filter(programme_id=programme.id)
    if at is not None:
        found = found.filter(created_at__lte=at)
    newest = found.order_by("country", "language", "-version").distinct("country", "language")
    return [each for each in newest if each.parts]


def find_shown(
    programme: Programme, country: str, language: str, disclosure_id: int | None = None
) -> Disclosure | None:
    """What to show somebody: the version named, if it may still stand on a page, else the present one.

    Of several languages the one asked for, else English, else any.
    """
    named = find_named(programme, country, disclosure_id) if disclosure_id is not None else None
    if named is not None:
        return named
    return _choose(present_disclosures(programme), country, language)


def find_shown_at(
    programme: Programme, country: str, language: str, at: datetime
) -> Disclosure | None:
    """What stood there then, also if it was taken back since; the present words if none did.

    None did where somebody signed paper before the programme was kept here.
    """
    then = _choose(present_disclosures(programme, at), country, language)
    return then or find_shown(programme, country, language)


def _choose(known: list[Disclosure], country: str, language: str) -> Disclosure | None:
    there = [each for each in known if each.country == country]
    order = (language, "en")
    ranked = sorted(there, key=lambda d: order.index(d.language) if d.language in order else 2)
    return ranked[0] if ranked else None


def find_named(
    programme: Programme, country: str, disclosure_id: int, at: datetime | None = None
) -> Disclosure | None:
    """The words with this number, if they are that country's and may still stand on a page, now or then."""
    named = Disclosure.objects.filter(programme=programme, id=disclosure_id, country=country)
    found = named.exclude(parts={}).first()
    return found if found is not None and _may_stand_open(found, at or now()) else None


def _may_stand_open(disclosure: Disclosure, at: datetime) -> bool:
    newer = Disclosure.objects.filter(
        programme_id=disclosure.programme_id,
        country=disclosure.country,
        language=disclosure.language,
        version__gt=disclosure.version,
    ).order_by("version")
    following = newer.first()
    return following is None or following.created_at > at - STILL_SHOWN


def set_disclosure(
    *, programme: Programme, country: str, language: str, parts: Mapping[str, str], actor: str
) -> Disclosure | None:
    """Keep what people of a country are shown in a language; a new version if it reads otherwise.

    Without any part the text is taken back: then the answer is None.

    Raises:
        FieldError: the country, the language or a part cannot be.
        NotComplete: the programme is published, and an element that the pack requires is missing.
    """
    kept = {name: " ".join(text.split()) for name, text in parts.items() if text.strip()}
    _check(country, language, kept)
    with transaction.atomic():
        locked = Programme.objects.select_for_update().get(id=programme.id)
        if kept:
            _require_whole(locked, country, language, kept)
        return _append(locked, country, language, kept, actor)


def add_ready(*, programme: Programme, country: str, language: str, actor: str) -> None:
    """The ready-made text of a country in a language, where there is none yet."""
    known = Disclosure.objects.filter(programme=programme, country=country, language=language)
    if not known.exists():
        wanted = required_elements(country) or dict.fromkeys(ELEMENTS, "")
        set_disclosure(
            programme=programme,
            country=country,
            language=language,
            parts=ready_parts(language, wanted),
            actor=actor,
        )


def write_anew(programme: Programme, actor: str) -> None:
    """New versions of texts that read otherwise since the programme changed. In its transaction.

    Raises:
        NotComplete: the programme is published, and now an element is missing.
    """
    for each in present_disclosures(programme):
        _require_whole(programme, each.country, each.language, each.parts)
        _append(programme, each.country, each.language, each.parts, actor)


def _require_whole(
    programme: Programme, country: str, language: str, parts: Mapping[str, str]
) -> None:
    if programme.state == ProgrammeState.DRAFT:
        return
    if problems := find_missing(programme, country, language, parts):
        raise NotComplete(problems)


def _check(country: str, language: str, parts: Mapping[str, str]) -> None:
    if language not in language_codes():
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(language_codes())}
        raise FieldError("language", _("is unknown."), mend)
    if required_elements(country) is None:
        raise FieldError("country", _("has no rule pack"), _("Choose another country."))
    for name, text in parts.items():
        if name not in ELEMENTS:
            mend = _("Use one of: %(known)s.") % {"known": ", ".join(ELEMENTS)}
            raise FieldError(f"parts.{name}", _("is unknown."), mend)
        if len(text) > LONGEST_PART:
            mend = _("Shorten it to %(most)d characters.") % {"most": LONGEST_PART}
            raise FieldError(f"parts.{name}", _("is too long"), mend)


def _append(
    programme: Programme, country: str, language: str, parts: Mapping[str, str], actor: str
) -> Disclosure | None:
    text = fill_text(parts, values_of(programme, country, language))
    same_place = Disclosure.objects.filter(programme=programme, country=country, language=language)
    newest = same_place.order_by("-version").first()
    if newest is not None and newest.text == text and newest.parts == dict(parts):
        return newest
    if newest is None and not parts:
        return None
    made = Disclosure.objects.create(
        workspace_id=programme.workspace_id,
        programme=programme,
        country=country,
        language=language,
        version=newest.version + 1 if newest else 1,
        parts=dict(parts),
        text=text,
        hash=hashlib.sha256(text.encode()).hexdigest(),
        created_at=now(),
        actor=actor,
    )
    told = {"country": country, "language": language, "version": made.version, "hash": made.hash}
    audit_row(programme, "programme", actor, "programmes.disclosure_written", after=told)
    return made if parts else None


def values_of(programme: Programme, country: str, language: str) -> dict[str, str]:
    """What stands in the places of a text."""
    return {
        "brand": programme.brand,
        "contact": programme.contact,
        "count": str(programme.monthly_count),
        "stop": stop_word(country, language),
        "terms": programme.terms_url,
        "privacy": programme.privacy_url,
    }


def find_missing(
    programme: Programme, country: str, language: str, parts: Mapping[str, str]
) -> list[Problem]:
    """The elements that the pack of the country requires and this text lacks."""
    wanted = required_elements(country)
    if wanted is None:
        text = _("No rule pack covers %(country)s.") % {"country": country}
        return [Problem("countries", text, country)]
    values = values_of(programme, country, language)
    lacking = {name: pack for name, pack in wanted.items() if not is_there(name, parts, values)}
    return [
        Problem(
            f"parts.{name}",
            _("%(country)s, %(language)s: “%(element)s” is missing, which %(pack)s requires.")
            % {"country": country, "language": language, "element": NAMES[name], "pack": pack},
            country,
            language,
            name,
        )
        for name, pack in lacking.items()
    ]
