"""Rows of a file as rows of the staging table: checked column by column, written as COPY's text.

A column at a time, because a call per cell is what makes an import slow. A row that cannot be used is
staged with its reason and as it stood.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import orjson
from django.utils.translation import gettext as _

from textwell.contacts.imports.consents import ConsentReader, read_consents
from textwell.contacts.imports.encodings import UNREADABLE
from textwell.contacts.imports.reading import RowChunk
from textwell.contacts.models import ImportRun
from textwell.contacts.values import read_value
from textwell.core.clock import now
from textwell.text import BulkNumber, NumberError, find_carrier, normalise_bulk

TEXTS: Final = ("first_name", "last_name", "email", "language", "zone", "external_id")
COLUMNS: Final = (
    "import_run_id", "line", "msisdn", "country", "operator", *TEXTS, "tags", "fields",
    "consent_source", "consent_wording", "consent_at", "consent_problem", "verdict", "reason", "raw",
    "is_opted_out",
)  # fmt: skip
_LONGEST: Final = {  # of the columns that the values go to
    "first_name": 80, "last_name": 80, "email": 254, "language": 8, "zone": 64, "external_id": 120,
}  # fmt: skip
_LONGEST_TAG: Final = 60
_LONGEST_RAW: Final = 10_000
_LONGEST_REASON: Final = 200
_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": "\ufffd"}
)
_SPECIAL: Final = re.compile("[\\\\\t\n\r\x00]")
_UNSTORABLE: Final = re.compile(f"[\x00{UNREADABLE}]")
_SCIENTIFIC: Final = re.compile(r"[+']?\d([.,]\d+)?[eE]\+?\d{1,2}", re.ASCII)
_EVIDENCE: Final = {  # field of a column: its name in the consent of the whole file
    "consent_source": "source",
    "consent_wording": "wording",
    "consent_at": "given_at",
}
_TAG_MARKS: Final = re.compile(r"[,;|]")
Cells = Sequence[str]


class Stager:
    """Turns the rows of one import into lines for COPY, with `COLUMNS` in order."""

    def __init__(self, run: ImportRun, kinds: Mapping[str, str]) -> None:
        self._run = run
        self._places = {field: run.header.index(column) for column, field in run.mapping.items()}
        self._kinds = kinds

    def stage(self, chunk: RowChunk) -> str:
        """The text of a chunk; every row is in it, good or bad."""
        problems: dict[int, str] = {}  # place in the chunk: the first thing that is wrong
        columns = self._read_columns(chunk, problems) if chunk.rows else []
        rows = list(zip(*columns, strict=True))
        for place in sorted(problems, reverse=True):
            del rows[place]
        bad = [
            self._bad_line(chunk.lines[place], problem, chunk.rows[place])
            for place, problem in problems.items()
        ]
        bad += [self._bad_line(*each) for each in chunk.broken]
        start, end = f"{self._run.id}\t", "\tnew\t\t\tf\n"
        good = f"{end}{start}".join(map("\t".join, rows))
        return (f"{start}{good}{end}" if good else "") + "".join(bad)

    def _read_columns(self, chunk: RowChunk, problems: dict[int, str]) -> list[Cells]:
        cells: list[Cells] = list(zip(*chunk.rows, strict=True))
        empty: Cells = ("",) * len(chunk.rows)

        def column(field: str) -> Cells:
            place = self._places.get(field)
            return empty if place is None else cells[place]

        def keep(place: int, problem: str) -> None:
            problems.setdefault(place, problem)

        numbers = _read_numbers(column("msisdn"), self._run.region or None, keep)
        texts = [_read_text(name, column(name), keep) for name in TEXTS]
        own = {name: column(name) for name in self._places if name.startswith("fields.")}
        return [
            [str(line) for line in chunk.lines],
            [number[0] or "" for number in numbers],
            [number[1] or "" for number in numbers],
            _escape([_carrier(number) for number in numbers]),
            *map(_escape, texts),
            _read_tags(column("tags"), keep),
            self._read_fields(own, keep) if own else ("{}",) * len(chunk.rows),
            *self._read_consents(column, keep),
        ]

    def _read_fields(self, own: Mapping[str, Cells], keep: Callable[[int, str], None]) -> Cells:
        found: list[str] = []
        names = [name.removeprefix("fields.") for name in own]
        for place, row in enumerate(zip(*own.values(), strict=True)):
            values: dict[str, object] = {}
            for name, text in zip(names, row, strict=True):
                try:
                    if text.strip():
                        values[name] = read_value(self._kinds[name], text)
                except ValueError as error:
                    keep(place, f"{name}: {error}")
            found.append(orjson.dumps(values).decode())
        return _escape(found)

    def _read_consents(
        self, column: Callable[[str], Cells], keep: Callable[[int, str], None]
    ) -> tuple[Cells, Cells, Cells, Cells]:
        """Source, wording, time and what keeps a consent from being one."""
        whole = self._run.consent
        columns: dict[str, Cells | None] = {
            name: column(name) if name in self._places else None
            for name in ("consent", "opted_out")
        }
        for name, key in _EVIDENCE.items():
            default = "" if name in self._places else whole.get(key, "")
            columns[name] = [cell.strip() or default for cell in column(name)]
        for name in ("consent_source", "consent_wording"):
            _find_unstorable(name, columns[name] or (), keep)
        reader = ConsentReader(now(), is_claimed_by_default=bool(whole))
        sources, wordings, times, problems = read_consents(columns, reader)
        return _escape(sources), _escape(wordings), times, _escape(problems)

    def _bad_line(self, line: int, problem: str, cells: list[str]) -> str:
        reason, raw = _escape([problem[:_LONGEST_REASON], as_csv(cells)[:_LONGEST_RAW]])
        nothing = "\t" * len(TEXTS)
        return f"{self._run.id}\t{line}\t\t\t\t{nothing}{{}}\t{{}}\t\t\t\\N\t\tinvalid\t{reason}\t{raw}\tf\n"


def as_csv(cells: Sequence[str]) -> str:
    """One line of a CSV file, without its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _escape(cells: Cells) -> Cells:
    """For COPY's text form; most columns have nothing to escape, which one look at them all tells."""
    if _SPECIAL.search("".join(cells)) is None:
        return cells
    return [cell.translate(_ESCAPES) for cell in cells]


def _carrier(number: BulkNumber) -> str:
    if number.e164 is None or number.type is None:
        return ""
    return find_carrier(number.e164, number.type) or ""


def _read_numbers(
    cells: Cells, region: str | None, keep: Callable[[int, str], None]
) -> list[BulkNumber]:
    together = "".join(cells)
    if "'" in together:  # a spreadsheet's mark for text
        cells = [cell.strip().removeprefix("'") for cell in cells]
    if "e" in together or "E" in together:
        mend = _("msisdn: a spreadsheet made %(value)s of it and lost digits; export it as text")
        for place, cell in enumerate(cells):
            if _SCIENTIFIC.fullmatch(cell.strip()):
                keep(place, mend % {"value": cell.strip()})
    numbers = normalise_bulk(cells, region)
    reasons: dict[NumberError | None, str] = {}
    for place, number in enumerate(numbers):
        if number[0] is None:
            error = number[3]
            if error not in reasons:
                reasons[error] = f"msisdn: {_explain(error)}"
            keep(place, reasons[error])
    return numbers


def _explain(error: NumberError | None) -> str:
    match error:
        case NumberError.EMPTY:
            return _("is empty; give a number")
        case NumberError.NOT_A_NUMBER:
            return _("is no telephone number; correct it")
        case NumberError.REGION_MISSING:
            return _("has no country code; write it with +, or choose the country")
        case NumberError.UNKNOWN_COUNTRY_CODE:
            return _("has an unknown country code; correct it")
        case NumberError.TOO_SHORT:
            return _("is too short; a digit or the country code may be missing")
        case NumberError.TOO_LONG:
            return _("is too long; a digit may be doubled, or two numbers in one cell")
        case _other:
            return _("is no number in use; correct it")


def _read_text(name: str, cells: Cells, keep: Callable[[int, str], None]) -> Cells:
    found = [cell.strip() for cell in cells]
    if name == "external_id":
        found = [cell.removeprefix("'") for cell in found]
    longest = _LONGEST[name]
    if max(map(len, found)) > longest:
        text = _("%(field)s: is longer than %(count)d characters; shorten it")
        for place, cell in enumerate(found):
            if len(cell) > longest:
                keep(place, text % {"field": name, "count": longest})
    _find_unstorable(name, found, keep)
    return found


def _find_unstorable(name: str, cells: Cells, keep: Callable[[int, str], None]) -> None:
    if _UNSTORABLE.search("".join(cells)) is None:
        return
    nul = _("%(field)s: holds a NUL character; take it away") % {"field": name}
    broken = _("%(field)s: holds a letter in another encoding; save the file as CSV (UTF-8)")
    for place, cell in enumerate(cells):
        if "\x00" in cell:
            keep(place, nul)
        elif UNREADABLE in cell:
            keep(place, broken % {"field": name})


def _read_tags(cells: Cells, keep: Callable[[int, str], None]) -> Cells:
    """Arrays in PostgreSQL's text form; the few sets of tags that a file has are made once."""
    arrays: dict[str, str] = {"": "{}"}
    for cell in set(cells):
        tags = dict.fromkeys(tag.strip() for tag in _TAG_MARKS.split(cell) if tag.strip())
        escaped = (tag.replace("\\", "\\\\").replace('"', '\\"') for tag in tags)
        arrays[cell] = "{" + ",".join(f'"{tag}"' for tag in escaped) + "}"
    long = {
        cell
        for cell in arrays
        if any(len(tag.strip()) > _LONGEST_TAG for tag in _TAG_MARKS.split(cell))
    }
    if long:
        text = _("tags: a tag is longer than %(count)d characters; shorten it")
        for place, cell in enumerate(cells):
            if cell in long:
                keep(place, text % {"count": _LONGEST_TAG})
    _find_unstorable("tags", cells, keep)
    return _escape([arrays[cell] for cell in cells])
