"""The exact text of each person: values, links, marks and replacements, segments. Pure but for keys.

What can be done once per campaign is done once: safe replacements and the removal of Vietnamese
marks change the template's own words. Where the marketer chose unmarked text, what a person's values
and the template's tags bring in is unmarked at the end, after conditions have compared them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import msgspec

from textwell.compliance.completing import complete
from textwell.compliance.wording import NOTHING, Demands, Element
from textwell.messaging.render import (
    CompiledTemplate,
    compile_template,
    link_number,
    person_values,
    render_text,
)
from textwell.text.replacements import Replacement, apply_replacements, find_replacements
from textwell.text.segments import count_segments
from textwell.text.spans import Span
from textwell.text.vietnamese import remove_vietnamese_accents

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
OPT_OUT_LINK = (
    "opt_out_link"  # the name of the link to the page where a person stops, among the links
)
BUILT_IN_FIELDS = ("first_name", "last_name", "language", "country", "email", "external_id")


# Chinese by region stands for its script, where the script is not said.
_SCRIPTS = {
    "zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans",
    "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant",
}  # fmt: skip


@lru_cache(maxsize=1024)
def language_ranges(language: str) -> tuple[str, ...]:
    """A BCP 47 tag and what it falls back to, the most exact first (RFC 4647, lookup): pt-br, pt."""
    tag = language.strip().lower().replace("_", "-")
    found = []
    while tag:
        found.append(tag)
        if tag in _SCRIPTS:
            found.append(_SCRIPTS[tag])
        tag = tag.rpartition("-")[0]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Version:
    """The text in another language. Fields without a fallback of their own take the main text's."""

    language: str  # BCP 47
    body: str
    fallbacks: Mapping[str, str]


def read_versions(stored: Sequence[Mapping[str, Any]]) -> tuple[Version, ...]:
    """Versions as a campaign stores them (JSON)."""
    return tuple(
        Version(v["language"], v.get("body", ""), v.get("fallbacks") or {}) for v in stored
    )


@dataclass(frozen=True, slots=True)
class Wording:
    """What a marketer wrote and chose: all that the text of a campaign depends on but the person."""

    body: str
    fallbacks: Mapping[str, str]
    unaccent: bool = False
    replace_characters: bool = True
    link_count: int = 0
    versions: tuple[Version, ...] = ()

    def version_for(self, language: str) -> str:
        """The language of the version that a person who speaks `language` gets; "" is the main text."""
        own = {version.language.lower(): version.language for version in self.versions}
        return next((own[tag] for tag in language_ranges(language) if tag in own), "")

    def of_version(self, language: str) -> "Wording":
        """The wording of one version alone."""
        for version in self.versions:
            if version.language == language:
                fallbacks = {**self.fallbacks, **version.fallbacks}
                return replace(self, body=version.body, fallbacks=fallbacks, versions=())
        return replace(self, versions=())


class Composed(msgspec.Struct, frozen=True, gc=False):
    text: str
    encoding: str  # gsm7 | ucs2
    segment_count: int
    added: tuple[tuple[Element, str], ...] = ()  # what the packs added, with its words


# Apostrophes and hyphens within a word, of those that replacements know. A dash is none: Mon–Fri.
_MARK = re.compile("[’‘ʼ´`′‐‑]")
_MARKED_WORD = re.compile(r"\w+(?:[’‘ʼ´`′‐‑]\w+)+")


def name_spans(body: str) -> list[Span]:
    """Names that the marketer wrote out: a capital follows the mark, as in O’Neill."""
    return [match.span() for match in _MARKED_WORD.finditer(body) if _is_name(match.group())]


def _is_name(word: str) -> bool:
    _first, *parts = _MARK.split(word)
    return any(part[0].isupper() and not part.isupper() for part in parts)


def tag_spans(body: str) -> list[Span]:
    """Where Liquid speaks and not the marketer: no replacement may touch it."""
    return [match.span() for match in _TAG.finditer(body)]


def list_replacements(wording: Wording) -> tuple[Replacement, ...]:
    """The safe replacements that composing makes in the marketer's own words, in order."""
    if not wording.replace_characters:
        return ()
    protected = [*tag_spans(wording.body), *name_spans(wording.body)]
    return find_replacements(wording.body, protected=protected)


@dataclass(frozen=True, slots=True)
class Mend:
    """A template with safe characters in its own words, and what was replaced."""

    body: str
    replacements: tuple[Replacement, ...]  # each sign once, in the order of the text


def mend_text(body: str) -> Mend | None:
    """The text with every safe replacement written into it; None where there is nothing to mend."""
    found = list_replacements(Wording(body, {}))
    if not found:
        return None
    once = {change.original: change for change in reversed(found)}
    return Mend(apply_replacements(body, found), tuple(reversed(once.values())))


def final_body(wording: Wording) -> str:
    """The template as it is composed: after replacements and, if chosen, without Vietnamese marks."""
    body = apply_replacements(wording.body, list_replacements(wording))
    if wording.unaccent:
        body = remove_vietnamese_accents(body, protected=tag_spans(body))
    return body


class Composer:
    """Composes the texts of one campaign. `link_url` is the beginning of short links, with the slash."""

    def __init__(self, wording: Wording) -> None:
        self.template: CompiledTemplate = compile_template(final_body(wording))
        self._wording = wording
        self._versions = {
            v.language: Composer(wording.of_version(v.language)) for v in wording.versions
        }
        templates = [self.template, *(other.template for other in self._versions.values())]
        names = dict.fromkeys(name for template in templates for name in template.names)
        self.link_names = tuple(name for name in names if link_number(name))
        self._fallbacks = dict(wording.fallbacks)
        self._unaccent = wording.unaccent

    @property
    def link_numbers(self) -> tuple[int, ...]:
        """The numbers of `link_names`."""
        return tuple(n for n in map(link_number, self.link_names) if n is not None)

    def compose(
        self,
        person: Mapping[str, object],
        links: Mapping[str, str],
        demands: Demands = NOTHING,
    ) -> Composed:
        """The text for one person; `links` has a short link for each of `link_names`.

        `demands`: what law has it say; what it lacks is added, and OPT_OUT_LINK among the links is used.

        Raises:
            TemplateRefused: the text does not come out for this person.
        """
        if self._versions:
            chosen = self._versions.get(
                self._wording.version_for(str(person.get("language") or ""))
            )
            if chosen is not None:
                return chosen.compose(person, links, demands)
        values = person_values(person, template=self.template, fallbacks=self._fallbacks)
        values.update(links)
        text = render_text(self.template, values)
        text = self._unmark(text)
        added: tuple[tuple[Element, str], ...] = ()
        if demands is not NOTHING:
            completed = complete(text, demands, links.get(OPT_OUT_LINK, ""))
            text, added = self._unmark(completed.text), completed.added
        encoding, segment_count = count_segments(text)
        return Composed(text, encoding.value, segment_count, added)

    def _unmark(self, text: str) -> str:
        """At the end, as conditions compare what is stored."""
        if self._unaccent and not text.isascii():
            return remove_vietnamese_accents(text)
        return text


def person_of(
    *,
    first_name: str,
    last_name: str,
    language: str,
    country: str,
    email: str,
    external_id: str | None,
    fields: Mapping[str, object],
) -> dict[str, object]:
    """A contact's values by template name; built-in names win over free fields."""
    return {
        **fields,
        "first_name": first_name,
        "last_name": last_name,
        "language": language,
        "country": country,
        "email": email,
        "external_id": external_id or "",
    }


def preview_links(names: Sequence[str], link_url: str) -> dict[str, str]:
    """Stand-ins of the right length for previews: a real token exists only once a message does."""
    return dict.fromkeys([*names, OPT_OUT_LINK], f"{link_url}aB3dE6gH")
