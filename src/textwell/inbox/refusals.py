"""How people say in whole sentences that they want no more messages: the grammars in `data/refusals`.

They are built from kinds of words rather than from sentences: a word that ends something beside a
word for messages, a refusal beside a word for writing, a word that takes away beside oneself or a
list. Before a text is judged, what is `[spared]` is taken out of it: phrases in which the same
words mean something else ("can't stop laughing", "stop by"). Pure.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from textwell.inbox.grammar import Grammar, read_sections
from textwell.inbox.normal import hide_lookalikes, normalise, simplify

FOLDER: Final = Path(__file__).parent / "data" / "refusals"
LANGUAGES: Final = ("en", "fr", "es", "de", "pt", "vi", "zh")
_UNSPACED: Final = frozenset({"zh"})
_TAKEN_OUT: Final = "zz"
_MARKS: Final = re.compile(r"[.,;:!?\n。，；：！？]+")
MOST_CLAUSES: Final = 20
# Words that ask nicely, swear or fill: a refusal is the same without them ("leave me tf alone").
_FILLERS: Final = {
    "en": "please pls plz kindly just really seriously literally fucking fuckin freaking damn tf ffs omg"
    " lol um uh hey hi ok thx thanks guys bro dude sir ma madam honestly actually finally",
    "fr": "svp merci stp vraiment juste bonjour putain franchement donc bien mdr sil vous plait",
    "es": "porfa porfis por favor gracias plis hola oigan oiga ya mismo carajo senores pues",
    "de": "bitte mal doch endlich einfach danke hallo jetzt verdammt sofort echt bloss denn",
    "pt": "por favor pf pfv obrigado obrigada oi ai gente mesmo moca cara logo entao",
    "vi": "giup gium dum ho minh a nha nhe oi shop em lam on xin vui long voi ad ban",
}
_FILLER: Final = {
    code: re.compile(rf"\b(?:{'|'.join(words.split())}) ?\b") for code, words in _FILLERS.items()
}


@dataclass(frozen=True, slots=True)
class Refusals:
    """One language's grammar: what refuses, and what only looks so."""

    grammar: Grammar
    refused: re.Pattern[str]
    spared: re.Pattern[str]
    cleared: re.Pattern[str] | None  # in a text that has it nothing refuses: "Stop it, so cute!"

    def spare(self, plain: str) -> str:
        return self.spared.sub(f" {_TAKEN_OUT}", self.grammar.frame(plain))

    def clears(self, plain: str) -> bool:
        framed = self.grammar.frame(plain)
        return self.cleared is not None and self.cleared.search(framed) is not None

    def find(self, plain: str) -> bool:
        return self.refused.search(self.spare(plain)) is not None


@cache
def load_refusals(language: str) -> Refusals:
    """Read and compile the file of a language, once a process."""
    sections = read_sections((FOLDER / f"{language}.txt").read_text("utf-8"))
    grammar = Grammar(sections.groups, is_spaced=language not in _UNSPACED)
    cleared = sections.phrases.get("cleared")
    return Refusals(
        grammar,
        refused=grammar.compile(sections.phrases["refused"]),
        spared=grammar.compile(sections.phrases["spared"]),
        cleared=grammar.compile(cleared) if cleared else None,
    )


def find_refusals(text: str, plain: str) -> list[str]:
    """The languages in which a text refuses messages; `plain` is its normalised form."""
    if any(load_refusals(code).clears(plain) for code in LANGUAGES):
        return []
    found = _find(text, plain)
    clauses = [] if found else [clause for clause in _MARKS.split(text) if clause.strip()]
    if len(clauses) > 1:  # what begins a clause may refuse: "I have a car, stop asking"
        said = [_find(clause, normalise(clause)) for clause in clauses[:MOST_CLAUSES]]
        found = list(dict.fromkeys(code for codes in said for code in codes))
    return found


def _find(text: str, plain: str) -> list[str]:
    marked = hide_lookalikes(text)
    vietnamese = plain if marked is text else normalise(marked)
    readings = {"vi": vietnamese, "zh": simplify(plain)}
    found = [code for code in LANGUAGES if load_refusals(code).find(readings.get(code, plain))]
    return found or [code for code in _FILLER if _finds_bare(code, readings.get(code, plain))]


def _finds_bare(language: str, plain: str) -> bool:
    """Whether a text refuses in a language without the words that only fill it."""
    bare = _FILLER[language].sub("", plain).strip()
    return bare not in ("", plain) and load_refusals(language).find(bare)


def refuses(text: str, language: str) -> bool:
    """Whether a text refuses messages by the rules of one language, as a whole or in a clause."""
    plain = normalise(text)
    if any(load_refusals(code).clears(plain) for code in LANGUAGES):
        return False
    rules = load_refusals(language)
    if rules.find(plain):
        return True
    clauses = [clause for clause in _MARKS.split(text) if clause.strip()][:MOST_CLAUSES]
    return len(clauses) > 1 and any(rules.find(normalise(clause)) for clause in clauses)


def is_spared(plain: str) -> bool:
    """Whether something in a text only looks like a refusal, or makes it none, in any language."""
    readings = {"zh": simplify(plain)}
    return any(
        rules.clears(said) or rules.spared.search(rules.grammar.frame(said)) is not None
        for code in LANGUAGES
        for rules, said in [(load_refusals(code), readings.get(code, plain))]
    )


def spare(plain: str) -> str:
    """A normalised text without what in any spaced language only looks like a refusal."""
    for code in LANGUAGES:
        if code not in _UNSPACED:
            plain = load_refusals(code).spare(plain).strip()
    return plain
