"""A marketing text with whatever its packs ask for and it does not say by itself. Pure.

What stands in it is not doubled: each text is looked at as it came out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from textwell.compliance.wording import IDENTITY_WITHIN, LINK, Demands, Element, Wanted
from textwell.compliance.wording_forms import is_gsm7


@dataclass(frozen=True, slots=True)
class Completed:
    text: str
    added: tuple[tuple[Element, str], ...]  # in the order in which they were found to lack

    @property
    def adds(self) -> tuple[Element, ...]:
        """The elements with their words as they stand in the text."""
        return elements_of(self.added)


_Added = tuple[Element, str]


def elements_of(added: tuple[tuple[Element, str], ...]) -> tuple[Element, ...]:
    """Elements with their words as they stand in a text."""
    return tuple(replace(element, text=words.strip()) for element, words in added)


def complete(text: str, demands: Demands, link: str) -> Completed:
    """The text with whatever it does not say by itself. The same again adds nothing."""
    adds: list[_Added] = []
    head, body = _split_label(text, demands, adds)
    identity, opt_out = demands.identity, demands.opt_out
    if identity is not None and identity.element.text and not _is_identified(identity, head, text):
        words = _words_in(identity, head + body)
        adds.append((identity.element, words))
        head += words
    text = head + body
    if opt_out is not None and not _says(opt_out, text, link):
        text = _append(text, opt_out, link, adds)
    if demands.page is not None and link not in text:
        text = _append(text, demands.page, link, adds)
    return Completed(text, tuple(adds))


def lacks(text: str, demands: Demands) -> tuple[str, ...]:
    """Kinds of what a final text does not say; it may have been made under other terms."""
    adds: list[_Added] = []
    head, _body = _split_label(text, demands, adds)
    found = [element.kind for element, _words in adds]
    if demands.identity is not None and not _is_identified(demands.identity, head, text):
        found.append("identity")
    if demands.opt_out is not None and not _says(demands.opt_out, text):
        found.append("opt_out")
    if demands.page is not None and not _says(demands.page, text):
        found.append("identity")
    return tuple(found)


def _append(text: str, wanted: Wanted, link: str, adds: list[_Added]) -> str:
    words = _words_in(wanted, text).replace(LINK, link)
    if not words:
        return text
    adds.append((wanted.element, words))
    return f"{text.rstrip()}\n{words}"


def _words_in(wanted: Wanted, text: str) -> str:
    return wanted.plain if wanted.plain and is_gsm7(text) else wanted.element.text


def _split_label(text: str, demands: Demands, adds: list[_Added]) -> tuple[str, str]:
    """The text's beginning with its label, and the rest; the label is added where there is none."""
    if demands.label is None:
        return "", text
    pattern = demands.label_pattern
    found = pattern.match(text) if pattern is not None else None
    if found:
        return text[: found.end()], text[found.end() :]
    if demands.label.pattern.search(text):  # where it may stand at the end
        return "", text
    adds.append((demands.label.element, demands.label.element.text))
    return demands.label.element.text, text


def _is_identified(identity: Wanted, head: str, text: str) -> bool:
    """Whether the name stands at the start: within 20 characters, or right after a long label."""
    start = text if text.startswith(head) else head + text
    found = identity.pattern.search(start)
    if found is None:
        return False
    return found.end() <= max(IDENTITY_WITHIN, len(head) + len(identity.element.text))


def _says(wanted: Wanted, text: str, link: str = "") -> bool:
    """Whether it stands there; `link`: the personal link, where it is known."""
    if wanted.is_link and link:
        return link in text
    folded = text.casefold()
    if wanted.hints and not any(hint in folded for hint in wanted.hints):
        return False
    return wanted.pattern.search(text) is not None
