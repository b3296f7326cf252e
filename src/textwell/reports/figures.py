"""A figure of a report as a value: which people of a campaign it counts.

The same value is a link (`query`), a row of parameters in the API, and a WHERE clause, so that a
number and the list behind it cannot drift apart.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError
from textwell.messaging.selectors import states_of_term
from textwell.messaging.states import EQUATION_TERMS, State


class Reaction(StrEnum):
    """What people did. The three kinds of click exclude each other: the surest one counts."""

    CLICKED = "clicked"  # at least one click judged to be a person's
    UNSURE = "unsure"  # clicks, none surely a person's, one perhaps
    MACHINE = "machine"  # only requests of previews and scanners
    REPLIED = "replied"
    OPTED_OUT = "opted_out"


FAILED_TERMS = ("undelivered", "rejected", "expired")


@dataclass(frozen=True, slots=True)
class Figure:
    """All that is set must hold; nothing set: the whole audience.

    `region` is where the number was handed out, `place` what the people's own field says (the
    report's `place_source`). None and "" differ: "" is "not known".
    """

    term: str | None = None  # of the send equation, or "failed": undelivered, rejected, expired
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

    def __post_init__(self) -> None:
        _check("term", self.term, (*EQUATION_TERMS, "failed"))
        _check("state", self.state, tuple(State))
        _check("reaction", self.reaction, tuple(Reaction))

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
        if self.term is None:
            return None
        return list(FAILED_TERMS) if self.term == "failed" else states_of_term(self.term)


def _check(field: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        problem = _("does not know %(value)s") % {"value": value}
        mend = _("Use one of: %(known)s") % {"known": ", ".join(str(each) for each in known)}
        raise FieldError(field, problem, mend)


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
        given[name] = _read_number(name, value) if name in {"segments", "link"} else value
    return Figure(**given)  # type: ignore[arg-type]  # names are checked, numbers are numbers


def _read_number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 4:  # noqa: PLR2004 - far above any
        raise FieldError(name, _("is no number"), _("Give a whole number such as 1."))
    return int(value)
