"""Which rows of a file bring a consent, and why the others that claim one do not.

Consent needs source, wording and time, and nothing in the row that says no. What cannot be read is
no consent: a person is rather not texted than texted against their will.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from textwell.contacts.imports.cells import Cells, escape
from textwell.contacts.imports.yes_no import read_yes_no

# How a person agreed, the weakest first: by doing business, by an address given at a purchase, in so many
# words, in writing. "" where nobody said.
BASES: Final = ("implied", "soft", "express", "express_written")
_LONGEST_SOURCE: Final = 200
_LONGEST_PROBLEM: Final = 200
_LONGEST_SHOWN: Final = 60
_NULL: Final = "\\N"
SAYS_STOP: Final = (
    "opted_out"  # the source of a row that says so; it has no time, as no consent has
)
Consent = tuple[
    str, str, str, str
]  # source, wording, time, why there is none; as COPY is told of them


class ConsentReader:
    """Judges the consent of one row after another. `moment`: consent from after it counts not."""

    def __init__(self, moment: datetime, *, is_claimed_by_default: bool) -> None:
        """`is_claimed_by_default`: the whole file is said to have consent."""
        self._moment = moment
        self._is_claimed = is_claimed_by_default

    def read(
        self, answer: str | None, refusal: str | None, source: str, wording: str, time: str
    ) -> Consent:
        """`answer`, `refusal`: cells of the yes-or-no columns, None where the file has none."""
        problem = self._find_refusal(answer, refusal)
        if not problem:
            if answer is None and not self._is_claimed and not (source or wording or time):
                return "", "", _NULL, ""  # nothing is said of consent
            problem, at = self._find_gap(source, wording, time)
            if not problem:
                source, wording = escape([source[:_LONGEST_SOURCE], wording])
                return source, wording, at, ""
        source = SAYS_STOP if refusal is not None and read_yes_no(refusal) else ""
        return source, "", _NULL, escape([problem[:_LONGEST_PROBLEM]])[0]

    def _find_refusal(self, answer: str | None, refusal: str | None) -> str:
        if refusal is not None and refusal.strip():
            said = read_yes_no(refusal)
            if said is None:
                return _neither("opted_out", refusal)
            if said:
                return _("opted_out: the file says yes")
        if answer is None:
            return ""
        if not answer.strip():
            return _("consent: is empty; write yes or no")
        said = read_yes_no(answer)
        if said is None:
            return _neither("consent", answer)
        return "" if said else _("consent: the file says no")

    def _find_gap(self, source: str, wording: str, time: str) -> tuple[str, str]:
        """What is missing of the evidence, and the time as COPY is told of it."""
        if not (source and wording and time):
            given = {"consent_source": source, "consent_wording": wording, "consent_at": time}
            missing = [name for name, value in given.items() if not value]
            text = _("%(fields)s: missing; consent needs source, wording and time")
            return text % {"fields": ", ".join(missing)}, ""
        at = _read_moment(time)
        shown = {"value": time[:_LONGEST_SHOWN]}
        if at is None:
            text = _("consent_at: “%(value)s” is no time; write it as 2026-11-24T09:30:00+01:00")
            return text % shown, ""
        if at[0] > self._moment:
            return _("consent_at: “%(value)s” is in the future; correct it") % shown, ""
        return "", at[1]


def read_consents(
    said: Sequence[Sequence[str | None]], evidence: Sequence[Cells], reader: ConsentReader
) -> Cells:
    """Source, wording, time and problem of every row as COPY is told of them, tabs between.

    `said` and `evidence`: columns, in the order of `ConsentReader.read`. Most rows of a file say the
    same, so each thing said is read once.
    """
    rows = list(zip(*said, *evidence, strict=True))
    told = {row: "\t".join(reader.read(*row)) for row in set(rows)}
    return [told[row] for row in rows]


def _neither(field: str, value: str) -> str:
    text = _("%(field)s: “%(value)s” is neither yes nor no")
    return text % {"field": field, "value": value.strip()[:_LONGEST_SHOWN]}


@lru_cache(maxsize=65_536)
def _read_moment(text: str) -> tuple[datetime, str] | None:
    """The moment and how COPY is to be told of it; a file has many rows of the same day."""
    found = read_time(text)
    return (found, found.isoformat()) if found else None


def read_time(text: str) -> datetime | None:
    """A moment as ISO 8601 writes it, UTC unless it says otherwise; None if it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
