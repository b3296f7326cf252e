"""A figure of a report as a value: which people of a campaign it counts.

The same value is a link (`query`), a row of parameters in the API, and a WHERE clause, so that a
number and the list behind it cannot drift apart.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError
from textwell.messaging.selectors import states_of_term
from textwell.messaging.states import EQUATION_TERMS, State


class Term(StrEnum):
    """Groups of the send equation's terms that reports count, beside the terms themselves."""

    FAILED = "failed"  # undelivered, rejected or expired
    HANDED = "handed"  # handed off: the carrier took it, or may have
    REFUSED = "refused"  # rejected, and never handed off


class Asking(StrEnum):
    """Who asked for a link, judged for each request alone."""

    HUMAN = "human"
    UNSURE = "unsure"
    MACHINE = "machine"


class Lot(StrEnum):
    """The side of a person where some are held out, whether the text reached them or not."""

    TEXTED = "texted"
    HELD_OUT = "held_out"


class Reaction(StrEnum):
    """What people did. The three kinds of click exclude each other: the surest one counts."""

    CLICKED = "clicked"  # at least one click judged to be a person's
    UNSURE = "unsure"  # clicks, none surely a person's, one perhaps
    MACHINE = "machine"  # only requests of previews and scanners
    REPLIED = "replied"
    OPTED_OUT = "opted_out"


_NUMBERS = {"segments": 4, "link": 4, "gateway": 18}  # digits that a number may have
FAILED_TERMS = ("undelivered", "rejected", "expired")


@dataclass(frozen=True, slots=True)
class Figure:
    """All that is set must hold; nothing set: the whole audience.

    `region` is where the number was handed out, `place` what the people's own field says (the
    report's `place_source`). None and "" differ: "" is "not known". `since` (inclusive) and `until`
    (exclusive) bound the time of what is counted: the hand-off, where `term` is that; the reaction,
    where one is named; else the end of the message. `link`, `device` and `click_country` ask for
    one click of a person that has them all. `event` asks for one such event of the person, whatever
    it came from, and the bounds are those of its time.
    """

    term: str | None = None  # of the send equation, or of `Term`
    state: str | None = None
    reason: str | None = None
    code: str | None = None
    country: str | None = None
    operator: str | None = None
    region: str | None = None
    place: str | None = None
    segments: int | None = None
    reaction: str | None = None
    intent: str | None = None  # of replies
    link: int | None = None  # a click of a person on this link
    asked: str | None = None  # at least one request of this kind
    device: str | None = None  # of the click
    click_country: str | None = None  # where the click came from
    gateway: int | None = None
    currency: str | None = None  # in which the gateway's prices are
    lot: str | None = None
    event: str | None = None
    since: str | None = None  # RFC 3339
    until: str | None = None

    def __post_init__(self) -> None:
        _check("term", self.term, (*EQUATION_TERMS, *Term))
        _check("state", self.state, tuple(State))
        _check("reaction", self.reaction, tuple(Reaction))
        _check("asked", self.asked, tuple(Asking))
        _check("lot", self.lot, tuple(Lot))
        _check_time("since", self.since)
        _check_time("until", self.until)

    @property
    def is_of_states(self) -> bool:
        """The figure asks for states and reasons alone, as the kept tallies have them."""
        is_part = self.term in (Term.HANDED, Term.REFUSED)
        return not is_part and self.values().keys() <= {"term", "state", "reason"}

    @property
    def is_of_clicks(self) -> bool:
        """The figure asks for clicks of people: the time is that of the click."""
        is_clicked = self.reaction == Reaction.CLICKED
        return is_clicked or any(
            each is not None for each in (self.link, self.device, self.click_country)
        )

    @property
    def is_of_replies(self) -> bool:
        """The figure asks for replies: the time is that of the reply."""
        return self.reaction == Reaction.REPLIED or self.intent is not None

    @property
    def is_of_reactions(self) -> bool:
        """The figure asks for clicks, replies, opt-outs or events: rows that are few beside the messages."""
        asks = (self.reaction, self.asked, self.event)
        return self.is_of_clicks or self.is_of_replies or any(each is not None for each in asks)

    @property
    def shows_clicks(self) -> bool:
        """Its list says on what and where the clicks were made."""
        clicked = (Reaction.CLICKED, Reaction.UNSURE, Reaction.MACHINE)
        return self.is_of_clicks or self.asked is not None or self.reaction in clicked

    def values(self) -> dict[str, str | int]:
        """What is set, by name."""
        pairs = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: value for name, value in pairs if value is not None}

    def query(self) -> str:
        """The figure as the query of a link; `read_figure` turns it back."""
        return urlencode(self.values())

    def states(self) -> list[str] | None:
        """The states that `term` and `state` leave; None: all."""
        if self.state is not None:
            return [self.state]
        if self.term is None or self.term == Term.HANDED:
            return None
        if self.term == Term.REFUSED:
            return [State.REJECTED.value]
        return list(FAILED_TERMS) if self.term == Term.FAILED else states_of_term(self.term)


def _check(field: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        problem = _("does not know %(value)s") % {"value": value}
        mend = _("Use one of: %(known)s") % {"known": ", ".join(str(each) for each in known)}
        raise FieldError(field, problem, mend)


def _check_time(field: str, value: str | None) -> None:
    if value is None:
        return
    try:
        is_aware = datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        is_aware = False
    if not is_aware:
        mend = _("Give a date and time with its zone such as 2026-11-25T00:00:00+07:00.")
        raise FieldError(field, _("is no point in time"), mend)


def read_figure(query: str) -> Figure:
    """A figure from the query of a link, as `Figure.query` wrote it.

    Raises:
        FieldError: a name or value that no figure has.
    """
    names = {each.name for each in fields(Figure)}
    given: dict[str, str | int] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in names:
            mend = _("Use one of: %(known)s") % {"known": ", ".join(sorted(names))}
            raise FieldError(name, _("is no part of a figure"), mend)
        given[name] = _read_number(name, value) if name in _NUMBERS else value
    return Figure(**given)  # type: ignore[arg-type]  # names are checked, numbers are numbers


def _read_number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > _NUMBERS[name]:
        raise FieldError(name, _("is no number"), _("Give a whole number such as 1."))
    return int(value)
