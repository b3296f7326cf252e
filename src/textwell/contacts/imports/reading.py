"""A CSV file as rows: its shape, and every row with its line. Memory stays flat."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from textwell.contacts.imports.encodings import decode_head, detect_encoding
from textwell.contacts.imports.mapping import guess_mapping
from textwell.core.errors import FieldError

SNIFF_OCTETS: Final = 256 * 1024
DELIMITERS: Final = ",;\t|"
MAX_CELL: Final = 50_000
MOST_COLUMNS: Final = (
    500  # a page that asks for the meaning of each sends no more than a thousand inputs
)
_SEPARATOR_LINE: Final = re.compile(
    r'("?)sep=(?P<sign>[^"\r\n])\1[\r\n]*', re.IGNORECASE
)  # Excel's own
_DATA_CELL: Final = re.compile(r"['+]?[\d\s().\-/]{7,}")  # a header is no telephone number
_CONTROL: Final = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_FEWEST_DIGITS: Final = 7
_BLOCK_LINES: Final = 500  # parsed at once: in a block with a bad row each row is looked at


@dataclass(frozen=True, slots=True)
class FileShape:
    """How a file is to be read."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    mapping: dict[str, str]  # column: field, as guessed


@dataclass(frozen=True, slots=True)
class RowChunk:
    """Rows with as many cells as the header, and those without; `lines` are of their ends, from 1."""

    lines: list[int]
    rows: list[list[str]]
    broken: list[tuple[int, str, list[str]]]  # line, what is wrong, the cells as far as they go

    @property
    def last_line(self) -> int:
        return max(self.lines[-1:] + [line for line, _problem, _cells in self.broken[-1:]])

    def __len__(self) -> int:
        return len(self.lines) + len(self.broken)


def guess_delimiter(line: str) -> str:
    """The delimiter that a header uses most; a comma if none."""
    return max(DELIMITERS, key=lambda d: (line.count(d), d == ","))


def look_at(path: Path, *, own_fields: Sequence[str]) -> FileShape:
    """Read a file's beginning.

    Raises:
        FieldError: empty, no text, no header, no row under it, or the same header twice.
    """
    with path.open("rb") as file:
        head = file.read(SNIFF_OCTETS)
        is_whole = not file.read(1)
    encoding = detect_encoding(head)
    text = decode_head(head, encoding)
    if not text.strip(" \t\r\n\x00"):
        raise _empty()
    lines = _lines(text)
    said = _SEPARATOR_LINE.fullmatch(lines[0])
    delimiter = said["sign"] if said else guess_delimiter(next(filter(_says_something, lines), ""))
    csv.field_size_limit(MAX_CELL)
    rest = iter(lines[1:] if said else lines)
    header = _read_header(csv.reader(rest, delimiter=delimiter, strict=True))
    if is_whole and not any(line.strip() for line in rest):
        problem = _("has a header and no row under it.")
        raise FieldError("file", problem, _("Choose the file that holds the people."))
    return FileShape(encoding, delimiter, header, guess_mapping(header, own_fields))


def _lines(text: str) -> list[str]:
    """As a file opened with newline="" gives them: the end of a line is CR, LF or both."""
    return list(io.StringIO(text, newline=""))


def _empty() -> FieldError:
    return FieldError("file", _("is empty."), _("Choose a CSV file with a header line."))


def _says_something(line: str) -> bool:
    return bool(line.strip(f'{DELIMITERS}" \r\n'))


def _holds_something(cells: list[str]) -> bool:
    """A header names a column; lines before it may be empty."""
    return any(cell.strip() for cell in cells)


def _read_header(records: Iterator[list[str]]) -> tuple[str, ...]:
    try:
        cells = next(filter(_holds_something, records), [])
    except csv.Error:
        problem = _("has a header line that cannot be read: a quotation mark is not closed.")
        mend = _("Close it, or save the file as CSV again.")
        raise FieldError("file", problem, mend) from None
    if not cells:
        raise _empty()
    if len(cells) > MOST_COLUMNS:
        problem = _("has %(count)d columns; at most %(most)d are read.")
        told = problem % {"count": len(cells), "most": MOST_COLUMNS}
        raise FieldError("file", told, _("Leave out the columns that nobody needs."))
    if any("\x00" in cell for cell in cells):
        problem = _("has a null character in its header line.")
        raise FieldError("file", problem, _("Save it as CSV (UTF-8) and choose it again."))
    if any(_CONTROL.search(cell) for cell in cells):  # a picture, an archive: any octets are cp1252
        problem = _("is no text file.")
        raise FieldError("file", problem, _("Save it as CSV (UTF-8) and choose it again."))
    if any(_is_number(cell) for cell in cells):
        problem = _("has no header line: line 1 is a row already.")
        mend = _("Put a line with the names of the columns first, such as Phone, First name.")
        raise FieldError("file", problem, mend)
    # A spreadsheet saves empty columns at its right: they need no name.
    names = tuple(
        cell.strip() or _("column %(place)d") % {"place": place}
        for place, cell in enumerate(cells, start=1)
    )
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        problem = _("has the column “%(name)s” twice.") % {"name": doubled[0]}
        raise FieldError("file", problem, _("Give each column a name of its own."))
    return names


def _is_number(cell: str) -> bool:
    digits = sum(letter.isdigit() for letter in cell)
    return digits >= _FEWEST_DIGITS and _DATA_CELL.fullmatch(cell.strip()) is not None


class _Lines:
    """Lines of a file, with those that the present record took, so that they can be given back."""

    def __init__(self, source: Iterator[str], delimiter: str) -> None:
        self.delimiter = delimiter
        self._source = source
        self._again: list[str] = []
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._source)
        self.taken.append(line)
        self.number += 1
        return line

    def take(self, count: int) -> list[str]:
        """The next lines, fewer only at the end of the file."""
        block = [self._again.pop() for _ in range(min(count, len(self._again)))]
        block += islice(self._source, count - len(block))
        self.number += len(block)
        return block

    def put_back(self, block: list[str]) -> None:
        """What was just taken, to be read again."""
        self._again += reversed(block)
        self.number -= len(block)

    def give_back(self) -> str:
        """All but the first line of the present record; answers the first."""
        first, *others = self.taken
        self._again += reversed(others)
        self.number -= len(others)
        return first


def read_chunks(
    path: Path, *, encoding: str, delimiter: str, width: int, size: int, after_line: int = 0
) -> Iterator[RowChunk]:
    """The rows under the header, `size` at a time; those up to `after_line` are passed over."""
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        source = _composed(file) if encoding == "cp1258" else iter(file)
        lines = _Lines(source, delimiter)
        records = csv.reader(lines, delimiter=delimiter)
        header = next(filter(_holds_something, records), [])
        if len(header) <= 2 and _SEPARATOR_LINE.fullmatch(lines.taken[0]):  # noqa: PLR2004 - "sep=" and nothing
            next(filter(_holds_something, records), [])
        for chunk in iter(lambda: _read_chunk(records, lines, width, size), None):
            if chunk.last_line > after_line:
                yield chunk


def _composed(file: Iterator[str]) -> Iterator[str]:
    """Windows-1258 keeps tones apart from their vowels: put together, "ề" is one letter again."""
    return (unicodedata.normalize("NFC", line) for line in file)


def _read_chunk(records: Any, lines: _Lines, width: int, size: int) -> RowChunk | None:
    """None at the end of the file. `records` is a csv.reader over `lines`."""
    chunk = RowChunk([], [], [])
    while len(chunk) < size:
        block = lines.take(min(_BLOCK_LINES, size - len(chunk)))
        if not block:
            break
        rows = _parse_plainly(block, lines.delimiter, width)
        if rows is None:
            lines.put_back(block)
            _read_carefully(islice(records, len(block)), lines, width, chunk)
            continue
        first = lines.number - len(block) + 1
        used = [(line, row) for line, row in enumerate(rows, first) if any(row)]
        chunk.lines.extend(line for line, _row in used)
        chunk.rows.extend(row for _line, row in used)
    return chunk if len(chunk) else None


def _parse_plainly(block: list[str], delimiter: str, width: int) -> list[list[str]] | None:
    """The rows of a block of lines at once; None unless each line is a whole row or empty."""
    try:
        rows = list(csv.reader(block, delimiter=delimiter))
    except csv.Error:
        return None
    # As many rows as lines: none runs over its line end, but for the last one perhaps.
    is_plain = len(rows) == len(block) and {*map(len, rows)} <= {0, width}
    return rows if is_plain and _is_whole(block[-1:], delimiter) else None


def _read_carefully(
    records: Iterator[list[str]], lines: _Lines, width: int, chunk: RowChunk
) -> None:
    """Row by row, with what is wrong with each."""
    taken = lines.taken
    while True:
        taken.clear()
        try:
            cells = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            cells, problem = [], str(error)
        else:
            if len(cells) > width and not any(cells[width:]):
                del cells[width:]  # a spreadsheet's empty columns, which its header does not have
            if len(cells) == width and (len(taken) == 1 or _is_whole(taken, lines.delimiter)):
                if any(cells):
                    chunk.lines.append(lines.number)
                    chunk.rows.append(cells)
                continue
            if not any(cells):
                continue
            problem = ""
        chunk.broken.append(_tell_broken(lines, cells, width, problem))


def _is_whole(taken: list[str], delimiter: str) -> bool:
    """Whether a row over several lines is one: its quotation marks close where a cell ends."""
    try:
        return len(list(csv.reader(taken, delimiter=delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _tell_broken(
    lines: _Lines, cells: list[str], width: int, problem: str
) -> tuple[int, str, list[str]]:
    """What is wrong with a row. One that ran over its line end lost a quotation mark: the others follow."""
    if len(lines.taken) > 1:
        first = lines.give_back().rstrip("\r\n")
        mend = _("has a quotation mark that is not closed; close it or take it away")
        return lines.number, mend, [first]
    if problem:
        too_long = _("holds a cell of more than %(count)d characters; shorten it")
        return lines.number, too_long % {"count": MAX_CELL}, [lines.taken[0][:MAX_CELL]]
    text = _("has %(count)d cells where the header has %(width)d; put the delimiters right")
    return lines.number, text % {"count": len(cells), "width": width}, cells


def read_raw_rows(
    path: Path, *, encoding: str, delimiter: str, width: int, size: int
) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row, as they stand; broken ones too, by rising line within `size`."""
    for chunk in read_chunks(path, encoding=encoding, delimiter=delimiter, width=width, size=size):
        rows = [*zip(chunk.lines, chunk.rows, strict=True)]
        rows += [(line, cells) for line, _problem, cells in chunk.broken]
        yield from sorted(rows, key=lambda each: each[0])
