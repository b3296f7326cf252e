"""What a disclosure must hold: which elements the packs of a country want, and words for each.

An element is one sentence with places ({brand}, {stop}, …). It is there when its sentence is, and says
what it is for: the name of the brand, the word that stops, the address of the terms.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from textwell.compliance.library import shipped_library
from textwell.compliance.schema import ConsentRule, Pack
from textwell.core.clock import now
from textwell.inbox.keywords import find_way_out, names_way_out
from textwell.inbox.normal import normalise

# In the order in which people read them.
ELEMENTS: Final = (
    "what", "identity", "contact", "frequency", "cost", "not_condition", "stop", "help", "terms",
    "privacy",
)  # fmt: skip
NAMES: Final[Mapping[str, Any]] = {  # Any: lazy translations
    "what": _("What they agree to"),
    "identity": _("Who texts"),
    "contact": _("Address of the brand"),
    "frequency": _("How often"),
    "cost": _("What it may cost them"),
    "not_condition": _("Not a condition of a purchase"),
    "stop": _("How to stop"),
    "help": _("How to get help"),
    "terms": _("Link to the terms"),
    "privacy": _("Link to the privacy policy"),
}
READY: Final[Mapping[str, Any]] = {  # Any: lazy translations
    "what": _("I agree to receive marketing texts (SMS) at the number that I give."),
    "identity": _("They come from {brand}."),
    "contact": _("Contact: {contact}."),
    "frequency": _("At most {count} texts a month."),
    "cost": _("Message and data rates may apply."),
    "not_condition": _("Consent is not a condition of any purchase."),
    "stop": _("Reply {stop} at any time to stop."),
    "help": _("Reply HELP for help."),
    "terms": _("Terms: {terms}"),
    "privacy": _("Privacy: {privacy}"),
}
# What must stand in the sentence of an element; each a place that `fill` knows.
_MARKS: Final = {
    "identity": "brand", "contact": "contact", "frequency": "count", "terms": "terms",
    "privacy": "privacy",
}  # fmt: skip
# The double opt-in that a pack asks for, not only advises.
_ASKED: Final = frozenset(("required", "de_facto_required"))
LONGEST_PART: Final = 400
_LEAST_LETTERS: Final = 5  # 可能产生费用 has six
# In the form of `normal.normalise`, in the languages that forms are in: reply STOP, gửi HUY, 回复 TD.
_TO_SEND: Final = re.compile(
    r"\b(?:reply|replying|respond|answer|text|texting|txt|send|sending|write|type)\b"
    r"|\b(?:repond|envoy|ecri|tap|respond|contest|envi|escrib|mand)"
    r"|\b(?:tra loi|nhan|gui|soan)\b|[回发發传傳寄]"
)


def required_elements(country: str, day: date | None = None) -> dict[str, str] | None:
    """Elements that a country wants, each with the version of the pack; None: no pack covers it."""
    pack = _find(country, day)
    if pack is None:
        return None
    named = pack.disclosure.elements if pack.disclosure else list(ELEMENTS)
    return {name: pack.version for name in ELEMENTS if name in named}


def asks_twice(country: str, day: date | None = None) -> bool:
    """Whether the country wants a second yes before marketing."""
    pack = _find(country, day)
    rules = pack.rule if pack else []
    return any(isinstance(rule, ConsentRule) and rule.double_opt_in in _ASKED for rule in rules)


def _find(country: str, day: date | None) -> Pack | None:
    return shipped_library().find(country, day or now().date())


def ready_parts(language: str, elements: Mapping[str, str]) -> dict[str, str]:
    """Ready-made sentences for these elements in one of our languages."""
    with translation.override(language):
        return {name: str(READY[name]) for name in ELEMENTS if name in elements}


def fill_text(parts: Mapping[str, str], values: Mapping[str, str]) -> str:
    """The whole text as people read it."""
    sentences = (_fill(parts.get(name, ""), values) for name in ELEMENTS)
    return " ".join(sentence for sentence in sentences if sentence)


def _fill(sentence: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        sentence = sentence.replace("{" + name + "}", value)
    return " ".join(sentence.split())


def stop_word(country: str, language: str) -> str:
    """The word that ends texts there."""
    return find_way_out(country, language)


def is_there(element: str, parts: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Whether the sentence of an element is there and says what it is for."""
    written = parts.get(element, "")
    sentence = _fill(written, values)
    if not sentence:
        return False
    mark = _MARKS.get(element)
    if mark is not None:
        return bool(values[mark]) and _stands_in(values[mark], sentence)
    if sum(map(str.isalnum, sentence)) < _LEAST_LETTERS:
        return False
    return element != "stop" or _says_how_to_stop(sentence, values["stop"])


def _stands_in(value: str, sentence: str) -> bool:
    """As words of its own: 4 is not said by 14. Scripts without spaces part no words."""
    edge = "[A-Za-z0-9]"
    return re.search(f"(?<!{edge}){re.escape(value)}(?!{edge})", sentence) is not None


def _says_how_to_stop(sentence: str, word: str) -> bool:
    """Names a word that ends texts, and what to do with it: “We never stop” does not."""
    if not (_stands_in(word, sentence) or names_way_out(sentence)):
        return False
    plain = normalise(sentence)
    return plain.startswith(normalise(word)) or _TO_SEND.search(plain) is not None
