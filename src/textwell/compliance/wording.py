"""What the packs make a marketing text say: label, identity, way to stop. Pure.

It is equal for all people of a place, language and sender, and is made out once for them (`demands_of`);
`completing` then adds to each text what it does not say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from textwell.compliance.choices import read_choices
from textwell.compliance.engine import rules_of
from textwell.compliance.library import Library, kept_with_packs, shipped_library
from textwell.compliance.places import find_places
from textwell.compliance.schema import (
    ContentRule,
    IdentityRule,
    LabelRule,
    OptOutRule,
    Pack,
    SenderRule,
)
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Layer,
    MessageClass,
    Recipient,
    Sender,
)
from textwell.compliance.wording_forms import (
    LINK_FORMS,
    REPLY_FORMS,
    is_gsm7,
    pattern_of,
    reply_pattern,
    text_for,
)
from textwell.compliance.wording_rules import sender_label
from textwell.text.vietnamese import remove_vietnamese_accents

RECEIVING: Final = frozenset(("long_code", "short_code", "toll_free", "modem", "phone", "sim"))
IDENTITY_WITHIN: Final = 20  # characters from the start
LINK: Final = "{link}"
_LONGEST_SENDER: Final = 11
# What countries put around a name: AD-NAME, NAME-AD, VM-NAME, NAME-P.
_AFFIX: Final = re.compile(r"^[A-Z]{2}-|-AD$|-[A-Z]$")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as a workspace tells it; "" is not told."""

    brand: str
    legal_name: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """All that what is demanded depends on. `number_start`: as much of a number as tells a law of its own."""

    country: str
    number_start: str
    language: str  # the person's, "" where it is not known
    sender: str
    sender_kind: str
    speaker: Speaker
    layer: str  # as `compliance.choices` reads it
    day: date
    message_class: MessageClass = MessageClass.MARKETING


@dataclass(frozen=True, slots=True)
class Element:
    """Words that are added, and why. `{link}` stands for the personal link, the same length always."""

    kind: str  # label | identity | opt_out
    text: str
    packs: tuple[str, ...]  # versions that ask for it; empty: none does, we recommend it
    sources: tuple[str, ...] = ()  # where that was read

    @property
    def is_legal(self) -> bool:
        return bool(self.packs)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An element and how it is known in a text that carries it."""

    element: Element
    pattern: re.Pattern[str]
    hints: tuple[str, ...] = ()  # folded; without any of them in it no text matches
    plain: str = ""  # of a text in GSM 7-bit, where the element's own would force UCS-2
    is_link: bool = False  # nothing but the personal link itself would do


@dataclass(frozen=True, slots=True)
class Demands:
    """What texts of a group must say. `missing`: settings without which they cannot, as of Speaker."""

    label: Wanted | None = None
    identity: Wanted | None = None
    opt_out: Wanted | None = None
    page: Wanted | None = None  # of a sender's address that no text has room for
    missing: tuple[str, ...] = ()
    reason: str = ""  # what no words mend: label_missing | label_conflict | opt_out_missing
    label_pattern: re.Pattern[str] | None = None  # of labels at the start

    @property
    def needs_link(self) -> bool:
        """Whether a text of the group may get a link to the page where one stops."""
        return self.page is not None or (
            self.opt_out is not None and LINK in self.opt_out.element.text
        )

    @property
    def asks_alone(self) -> bool:
        """Whether something is asked that nobody can add: the text itself must say it."""
        return any(
            each is not None and not each.element.text for each in (self.identity, self.opt_out)
        )

    @property
    def is_met(self) -> bool:
        """Whether texts can be made lawful at all."""
        return not self.missing and not self.reason


NOTHING: Final = Demands()


@kept_with_packs(maxsize=20_000)
def demands_of(group: Group) -> Demands:
    """What the packs of a place ask of texts of a class from a sender.

    A country without a pack asks nothing here: no marketing goes there at all.

    Raises:
        ValueError, OSError: the packs cannot be read.
    """
    return demands_under(group, shipped_library())


def demands_under(group: Group, library: Library) -> Demands:
    """As `demands_of`, by other packs."""
    found = _read(group, library)
    if not found.packs:
        return NOTHING
    labels = [(p, r) for p, r in found.labels if not r.position.startswith("sender_id")]
    label = label_wanted(labels, group.speaker)
    missing: list[str] = []
    identity = _identity(found, group, missing, labels)
    opt_out = _opt_out(found, group)
    return Demands(
        label=label,
        identity=identity,
        opt_out=opt_out,
        page=_page(found, opt_out),
        missing=tuple(dict.fromkeys(missing)),
        reason=_reason(found, labels, group),
        label_pattern=label_start(labels),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    packs: tuple[Pack, ...]
    labels: list[tuple[Pack, LabelRule]]
    identities: list[tuple[Pack, IdentityRule]]
    opt_outs: list[tuple[Pack, OptOutRule]]
    may_link: bool  # no pack forbids addresses in texts
    is_legal: bool  # nothing is recommended beside what law asks
    is_overwritten: bool  # operators there show a number in the place of such a sender


def _read(group: Group, library: Library) -> _Found:
    recipient = Recipient(group.country, number=group.number_start)
    places = find_places(recipient, group.day, library)
    chosen = read_choices(group.layer)
    case = Case(
        at=datetime(group.day.year, group.day.month, group.day.day, tzinfo=UTC),
        recipient=recipient,
        message_class=group.message_class,
        consent=Consent(ConsentKind.EXPRESS),
        layer=chosen.layer,
        lenient=chosen.lenient,
    )
    rules = rules_of(case, places)
    senders = [r for _p, r in rules if isinstance(r, SenderRule)]
    return _Found(
        packs=() if places.missing else places.packs,
        labels=[(p, r) for p, r in rules if isinstance(r, LabelRule)],
        identities=[(p, r) for p, r in rules if isinstance(r, IdentityRule)],
        opt_outs=[(p, r) for p, r in rules if isinstance(r, OptOutRule)],
        may_link=not any(isinstance(r, ContentRule) and "url" in r.forbids for _p, r in rules),
        is_legal=chosen.layer is Layer.LEGAL,
        is_overwritten=any(getattr(r, group.sender_kind, "") == "overwritten" for r in senders),
    )


def _element(
    kind: str, text: str, *rules: tuple[Pack, LabelRule | IdentityRule | OptOutRule]
) -> Element:
    names = {source.id: source.name for pack, _rule in rules for source in pack.source}
    sources = [names[each] for _pack, rule in rules for each in rule.sources if each in names]
    versions = tuple(dict.fromkeys(pack.version for pack, _rule in rules))
    return Element(kind, text, versions, tuple(dict.fromkeys(sources)))


def label_wanted(labels: list[tuple[Pack, LabelRule]], speaker: Speaker) -> Wanted | None:
    """The label that all of these rules take, with the speaker's name where it stands in it."""
    if not labels:
        return None
    shared = set.intersection(*(set(rule.texts) for _pack, rule in labels))
    _pack, rule = labels[0]
    text = next((each for each in rule.texts if each in shared), rule.texts[0])
    words = text.replace("{brand}", speaker.brand)
    words = words if words[-1:] in " 】" else f"{words} "
    at_end = [each for _p, r in labels if r.position == "message_start_or_end" for each in r.texts]
    ends = "|".join(_label_form(each) for each in at_end)
    pattern = re.compile(rf"(?:{ends})\s*\Z" if ends else r"(?!)")
    return Wanted(_element("label", words, *labels), pattern)


def _label_form(label: str) -> str:
    form = re.escape(label.strip()).replace(r"\{brand\}", r"[^\s【】][^【】]{0,30}?")
    return form + (r"(?!\w)" if label.strip()[-1:].isalnum() else "")


def label_start(labels: list[tuple[Pack, LabelRule]]) -> re.Pattern[str] | None:
    """How a text is known that begins with one of their labels."""
    forms = "|".join(_label_form(each) for _pack, rule in labels for each in rule.texts)
    return re.compile(rf"\s*(?:{forms})\s*") if forms else None


def _identity(
    found: _Found, group: Group, missing: list[str], labels: list[tuple[Pack, LabelRule]]
) -> Wanted | None:
    elements = {name for _pack, rule in found.identities for name in rule.elements}
    if not found.identities and found.is_legal:
        return None
    speaker = group.speaker
    receives = group.sender_kind in RECEIVING
    missing += [
        name
        for name in ("legal_name", "address", "contact")
        if name in elements and not getattr(speaker, name) and not (name == "contact" and receives)
    ]
    name = speaker.legal_name if "legal_name" in elements and speaker.legal_name else speaker.brand
    is_shown = _is_shown(group, name) and not found.is_overwritten
    if is_shown or any("{brand}" in text for _pack, rule in labels for text in rule.texts):
        return None
    names = {name} if "legal_name" in elements else {name, speaker.legal_name or name}
    is_template = any(not rule.texts for _pack, rule in found.opt_outs)
    words = "" if is_template else f"{name}: "  # nothing is added to a registered template
    plain = remove_vietnamese_accents(words)
    plain = "" if plain == words or not is_gsm7(plain) else plain
    element = _element("identity", words, *found.identities)
    return Wanted(element, _name_pattern(names), plain=plain)


def _name_pattern(names: set[str]) -> re.Pattern[str]:
    names = names | {
        remove_vietnamese_accents(name) for name in names
    }  # as an unmarked text has it
    forms = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{forms})(?![A-Za-z0-9])", re.IGNORECASE)


def _is_shown(group: Group, name: str) -> bool:
    """Whether the handset shows the name as the sender, or as much of it as eleven characters hold."""
    if group.sender_kind != "alphanumeric":
        return False
    shown, whole = _letters(_AFFIX.sub("", group.sender.upper())), _letters(name.upper())
    if name != group.speaker.brand:
        return shown == whole[:_LONGEST_SENDER]
    return len(shown) > 1 and (whole.startswith(shown) or shown.startswith(whole))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _opt_out(found: _Found, group: Group) -> Wanted | None:
    if not found.opt_outs and found.is_legal:
        return None
    receives = group.sender_kind in RECEIVING
    forms = [text for _pack, rule in found.opt_outs for text in rule.texts.values()]
    words = [text for text in _words(found, group, receives=receives) if text]
    pattern, hints = _opt_out_pattern(found, forms, receives=receives)
    if not words:  # part of a registered template: nobody can add it on the way
        return Wanted(_element("opt_out", "", *found.opt_outs), pattern, hints)
    plain = next((text for text in words if is_gsm7(text)), "")
    plain = "" if plain == words[0] else plain
    is_link = not receives and not any(_is_of_operators(form) for form in forms)
    is_link = is_link and found.may_link
    return Wanted(_element("opt_out", words[0], *found.opt_outs), pattern, hints, plain, is_link)


def _page(found: _Found, opt_out: Wanted | None) -> Wanted | None:
    """The link to the page that says the address, where the way to stop is not that page already."""
    asking = [(pack, rule) for pack, rule in found.identities if "address" in rule.elements]
    if not asking or not found.may_link or (opt_out and LINK in opt_out.element.text):
        return None
    return Wanted(_element("identity", LINK, *asking), re.compile(pattern_of(LINK)))


def _words(found: _Found, group: Group, *, receives: bool) -> list[str]:
    """The instruction in the languages that come into question, the person's first; none: not ours."""
    spoken = [group.language, *(name for pack in found.packs for name in pack.languages), "en"]
    own = [rule.texts for _pack, rule in found.opt_outs]
    if any(not texts for texts in own):
        return []
    if not own:
        forms = [text_for(REPLY_FORMS if receives else LINK_FORMS, [each]) for each in spoken]
        return [text for text in dict.fromkeys(forms) if text]
    parts = [text_for(texts, spoken) or next(iter(texts.values())) for texts in own]
    whole = " ".join(dict.fromkeys(_fill(part, group) for part in parts))
    is_for_all = all(_is_of_operators(part) or LINK in part for part in parts)
    if receives or is_for_all or not found.may_link:
        return [whole.replace("{number}", group.sender)]
    forms = [text_for(LINK_FORMS, [each]) for each in spoken]
    return [text for text in dict.fromkeys(forms) if text]


def _fill(form: str, group: Group) -> str:
    name = re.sub(r"^AD-|-AD$", "", group.sender)
    brand = name if group.sender_kind == "alphanumeric" else group.speaker.brand
    return form.replace("{brand}", brand)


def _is_of_operators(form: str) -> bool:
    """Whether it works whoever sends: a number or code of the operators' own stands in it."""
    return any(character.isdigit() for character in form)


def _opt_out_pattern(
    found: _Found, forms: list[str], *, receives: bool
) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """How a text that says it is known, and what no such text lacks."""
    known = [form for form in forms if receives or _is_of_operators(form) or LINK in form]
    known += LINK_FORMS.values() if found.may_link else []
    known += REPLY_FORMS.values() if receives else []
    known += [] if found.may_link or receives else forms
    patterns = [pattern_of(form) for form in dict.fromkeys(known)]
    words = {"STOP"}
    for pack in found.packs:
        for entry in pack.keywords:
            words.update(filter(_is_word, entry.words if entry.means == "opt_out" else ()))
    if receives:
        patterns.append(reply_pattern(words))
    hints = [*words] if receives else []
    hints += [max(re.split(r"\{\w+\}", form), key=len).strip() for form in known]
    folded = tuple(dict.fromkeys(hint.casefold() for hint in hints if hint))
    return re.compile(f"(?:{'|'.join(patterns)})", re.IGNORECASE), folded


def _is_word(keyword: str) -> bool:
    """Whether it is known in a sentence: R or TD may mean anything there."""
    return not keyword.isascii() or len(keyword) > len("TD")


def _reason(found: _Found, labels: list[tuple[Pack, LabelRule]], group: Group) -> str:
    sender = Sender(group.sender_kind, group.sender)
    for _pack, rule in found.labels:
        is_ours = rule.position.startswith("sender_id") and rule.added_by == "sender"
        if is_ours and sender_label(rule, sender) is not None:
            return "label_missing"
    firsts = [set(rule.texts) for _pack, rule in labels if rule.position == "message_start"]
    if firsts and not set.intersection(*firsts):
        return "label_conflict"
    return "opt_out_missing" if group.sender and _has_no_way_out(found, group) else ""


def _has_no_way_out(found: _Found, group: Group) -> bool:
    """Whether all that a pack would have said is to answer, and nobody can: no number stands for the name."""
    if group.sender_kind in RECEIVING or found.may_link or found.is_overwritten:
        return False
    forms = [text for _pack, rule in found.opt_outs for text in rule.texts.values()]
    return any(not _is_of_operators(form) and LINK not in form for form in forms)
