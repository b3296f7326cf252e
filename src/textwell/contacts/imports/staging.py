"""Rows of a file as rows of the staging table: checked column by column, written as COPY's text.

A column at a time, because a call per cell is what makes an import slow; and only the columns that
the file has: the others are the same in every row. A row that cannot be used is staged with its
reason and as it stood.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

import orjson

from textwell.contacts.imports.cells import (
    Cells,
    Keep,
    escape,
    find_unstorable,
    read_tags,
    read_text,
)
from textwell.contacts.imports.consents import ConsentReader, read_consents
from textwell.contacts.imports.number_cells import read_numbers
from textwell.contacts.imports.reading import RowChunk
from textwell.contacts.models import ImportRun
from textwell.contacts.values import read_value
from textwell.core.clock import now

TEXTS: Final = ("first_name", "last_name", "email", "language", "zone", "external_id")
_PIECE: Final = 2_000  # rows whose cells fit into the cache of a core
_LONGEST_RAW: Final = 10_000
_LONGEST_REASON: Final = 200
_NUMBER: Final = ("msisdn", "country", "operator")
_CONSENT: Final = ("consent_source", "consent_wording", "consent_at", "consent_problem")
_EVIDENCE: Final = {  # field of a column: its name in the consent of the whole file
    "consent_source": "source",
    "consent_wording": "wording",
    "consent_at": "given_at",
}
_CLAIMS: Final = ("consent", "opted_out", *_EVIDENCE)
# What COPY is told where nothing is said; "" of the others.
_NOTHING: Final = {"tags": "{}", "fields": "{}", "consent_at": "\\N"}


class Stager:
    """Turns the rows of one import into lines for COPY, with `columns` in order."""

    def __init__(self, run: ImportRun, kinds: Mapping[str, str]) -> None:
        self._run = run
        self._places: dict[str, int] = {
            field: run.header.index(column) for column, field in run.mapping.items()
        }
        self._kinds = kinds
        self._texts = [name for name in TEXTS if name in self._places]
        self._own = [name for name in self._places if name.startswith("fields.")]
        self._has_consent = bool(run.consent) or any(name in self._places for name in _CLAIMS)
        self._read = self._list_read()
        self._absent = [
            name for name in (*TEXTS, "tags", "fields", *_CONSENT) if name not in self._read
        ]

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the staging table, in the order of the text."""
        others = ("import_run_id", "is_opted_out", "verdict", "reason", "raw")
        return ("line", *self._read, *self._absent, *others)

    def _list_read(self) -> list[str]:
        """Columns that differ from row to row."""
        read = [*_NUMBER, *self._texts]
        read += ["tags"] if "tags" in self._places else []
        read += ["fields"] if self._own else []
        return [*read, *(_CONSENT if self._has_consent else ())]

    def stage(self, chunk: RowChunk) -> str:
        """The text of a chunk; every row is in it, good or bad."""
        pieces = [
            self._stage_piece(
                chunk.lines[start : start + _PIECE], chunk.rows[start : start + _PIECE]
            )
            for start in range(0, len(chunk.rows), _PIECE)
        ]
        return "".join([*pieces, *(self._tell_bad(*each) for each in chunk.broken)])

    def _stage_piece(self, lines: list[int], rows: list[list[str]]) -> str:
        problems: dict[int, str] = {}  # place in the piece: the first thing that is wrong
        columns = self._read_columns(lines, rows, problems)
        good = list(map("\t".join, zip(*columns, strict=True)))
        if problems:
            good = [row for place, row in enumerate(good) if place not in problems]
        bad = [
            self._tell_bad(lines[place], problem, rows[place])
            for place, problem in problems.items()
        ]
        end = f"\t{_join_nothing(self._absent)}{self._run.id}\tf\tnew\t\t\n"
        return end.join([*good, ""]) + "".join(bad)

    def _tell_bad(self, line: int, problem: str, cells: list[str]) -> str:
        reason, raw = escape([problem[:_LONGEST_REASON], as_csv(cells)[:_LONGEST_RAW]])
        nothing = _join_nothing([*self._read, *self._absent])
        return f"{line}\t{nothing}{self._run.id}\tf\tinvalid\t{reason}\t{raw}\n"

    def _read_columns(
        self, lines: list[int], rows: list[list[str]], problems: dict[int, str]
    ) -> list[Cells]:
        """In the order of `columns`; what is said of consent is one column here."""
        cells: list[Cells] = list(zip(*rows, strict=True))

        def keep(place: int, problem: str) -> None:
            problems.setdefault(place, problem)

        def column(field: str) -> Cells:
            return cells[self._places[field]]

        numbers = read_numbers(column("msisdn"), self._run.region or None, keep)
        found: list[Cells] = [list(map(str, lines)), numbers.e164, numbers.regions]
        found.append(escape(numbers.carriers))
        found += [read_text(name, column(name), keep) for name in self._texts]
        if "tags" in self._places:
            found.append(read_tags(column("tags"), keep))
        if self._own:
            found.append(self._read_fields([column(name) for name in self._own], keep))
        if self._has_consent:
            given = {name: column(name) for name in _CLAIMS if name in self._places}
            found.append(self._read_consents(given, len(rows), keep))
        return found

    def _read_fields(self, columns: Sequence[Cells], keep: Keep) -> Cells:
        found: list[str] = []
        names = [name.removeprefix("fields.") for name in self._own]
        for place, row in enumerate(zip(*columns, strict=True)):
            values: dict[str, object] = {}
            for name, text in zip(names, row, strict=True):
                try:
                    if text.strip():
                        values[name] = read_value(self._kinds[name], text)
                except ValueError as error:
                    keep(place, f"{name}: {error}")
            found.append(orjson.dumps(values).decode())
        return escape(found)

    def _read_consents(self, given: Mapping[str, Cells], count: int, keep: Keep) -> Cells:
        """The four columns of consent as one."""
        for name in ("consent_source", "consent_wording"):
            find_unstorable(name, given.get(name, ()), keep)
        whole = self._run.consent
        said = [given.get(name, (None,) * count) for name in ("consent", "opted_out")]
        evidence: dict[str, Cells] = {
            name: (whole.get(key, ""),) * count for name, key in _EVIDENCE.items()
        }
        for name in evidence.keys() & given.keys():
            evidence[name] = [cell.strip() for cell in given[name]]
        reader = ConsentReader(now(), is_claimed_by_default=bool(whole))
        return read_consents(said, list(evidence.values()), reader)


def _join_nothing(names: Sequence[str]) -> str:
    return "".join(f"{_NOTHING.get(name, '')}\t" for name in names)


def as_csv(cells: Sequence[str]) -> str:
    """One line of a CSV file, without its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
