"""The words that the rules of a language know, and the words that are none of them but real. Pure.

The first are read from the rules themselves (`data/refusals`, and the keywords that end texts), so a
word that is added there is mended from then on. The second are the common words of a language
(`data/spelling/common`): who types one of them meant it.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from textwell.inbox.grammar import read_sections
from textwell.inbox.keywords import shared_words
from textwell.inbox.pauses import list_words
from textwell.inbox.refusals import FOLDER as RULES
from textwell.inbox.spelling import FOLDER

SPACED: Final = ("en", "fr", "es", "de", "pt", "vi")
_LITERAL: Final = re.compile(r"[a-z]{2,}\*?")
SLIPPED: Final = 0.85  # certainty of a keyword that is a slip itself
_STEM_LENGTH: Final = 4  # letters of a stem whose forms are told from its beginning


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` are mended into, `common` stay as they are."""

    words: frozenset[str]
    common: frozenset[str]
    forms: dict[str, tuple[str, ...]]  # each word by itself and by what is left without a letter

    def knows(self, word: str) -> bool:
        return word in self.words or word in self.common


@cache
def load_vocabulary(language: str) -> Vocabulary:
    """Of a language of `SPACED`."""
    literals = set(_LITERAL.findall(_read_rules(language)))
    stems = tuple(each[:-1] for each in literals if each.endswith("*") and len(each) > _STEM_LENGTH)
    common = _read_common(language)
    grown = {word for word in common if word.startswith(stems)}
    words = (
        {literal.removesuffix("*") for literal in literals}
        | grown
        | _keywords(language)
        | list_words(language)
    )
    forms: dict[str, set[str]] = {}
    for word in words:
        for form in shorten(word):
            forms.setdefault(form, set()).add(word)
    return Vocabulary(
        words=frozenset(words),
        common=common,
        forms={form: tuple(sorted(found)) for form, found in forms.items()},
    )


@cache
def load_signs() -> frozenset[str]:
    """Every two signs that stand side by side in the Chinese rules and keywords."""
    keywords = (word for word, found in shared_words().items() if found[0] == "opt_out")
    runs = re.findall("[\u3400-\u9fff]{2,}", " ".join([_read_rules("zh"), *keywords]))
    return frozenset(run[place : place + 2] for run in runs for place in range(len(run) - 1))


def shorten(word: str) -> set[str]:
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def _read_rules(language: str) -> str:
    sections = read_sections((RULES / f"{language}.txt").read_text("utf-8"))
    phrases = [phrase for listed in sections.phrases.values() for phrase in listed]
    named = re.sub(r"<\w+>", " ", " ".join(phrases))
    return " ".join([named, *sections.groups.values()]).replace("_", " ")


def _keywords(language: str) -> set[str]:
    """The words of the keywords that end texts, in that language or in none."""
    return {
        word
        for keyword, (intent, certainty, spoken) in shared_words().items()
        if intent == "opt_out" and certainty > SLIPPED and spoken in (language, None, "en")
        for word in keyword.split()
        if word.isascii() and len(word) >= _STEM_LENGTH
    }


@cache
def _read_common(language: str) -> frozenset[str]:
    """With the words of every answer: who says START did not mean STOP."""
    answers = " ".join(word for word in shared_words() if word.isascii())
    own, shared = (
        (FOLDER / "common" / f"{name}.txt").read_text("utf-8") for name in (language, "all")
    )
    return frozenset(f"{answers} {own} {shared}".split())
