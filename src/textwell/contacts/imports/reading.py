"""A file of rows: which encoding, which delimiter, whether it has a header, and its rows.

Memory stays flat: the file is read in pieces, whatever its size.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from textwell.contacts.imports.types import FileForm
from textwell.core.errors import FieldError

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "gb18030", "windows-1258")
DELIMITERS = ",;\t|"
_PIECE = 1 << 20
_SAMPLE_ROWS = 5
MAX_COLUMNS = 200
_NUMBER = re.compile(r"[+(]?[\d][\d ().\-/]{5,}\d")
_TONE_AFTER_VOWEL = re.compile("[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY][\u0300\u0309\u0303\u0301\u0323]|[đĐơƠưƯ]")
_TONE_ELSEWHERE = re.compile("[^aăâeêioôơuưyAĂÂEÊIOÔƠUƯY][\u0300\u0309\u0303\u0301\u0323]")


def examine_file(path: Path, *, encoding: str = "", delimiter: str = "") -> FileForm:
    """How to read the file, found out or as said.

    Raises:
        FieldError: it is empty, no text, or not of the encoding said; names the mend.
    """
    start = _read_start(path)
    found = encoding or detect_encoding(path)
    try:
        text = codecs.getincrementaldecoder(found)().decode(start)
    except LookupError:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(ENCODINGS)}
        raise FieldError("encoding", _("%(name)s is unknown.") % {"name": found}, mend) from None
    except UnicodeDecodeError as error:
        raise _wrong_encoding(found, 1 + start[: error.start].count(b"\n")) from None
    chosen = delimiter or sniff_delimiter(text)
    rows = [row for row in csv.reader(text.splitlines()[: _SAMPLE_ROWS + 1], delimiter=chosen) if row]
    if not rows:
        raise FieldError("file", _("The file has no rows."), _("Choose a file with people in it."))
    if len(rows[0]) > MAX_COLUMNS:
        mend = _("At most %(count)d are read; is the delimiter right?") % {"count": MAX_COLUMNS}
        raise FieldError("file", _("There are too many columns."), mend)
    has_header = not any(_NUMBER.fullmatch(cell.strip()) for cell in rows[0])
    columns = rows[0] if has_header else [_("Column %(n)d") % {"n": n + 1} for n in range(len(rows[0]))]
    return FileForm(
        found,
        chosen,
        has_header,
        tuple(unicodedata.normalize("NFC", name.strip()) for name in columns),
        tuple(tuple(row) for row in rows[has_header:][:_SAMPLE_ROWS]),
    )


def _read_start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(_PIECE)
    except OSError as error:
        problem = _("%(name)s cannot be read: %(why)s.") % {"name": path.name, "why": error.strerror}
        raise FieldError("file", problem, _("Choose another file.")) from None
    if not start.strip():
        raise FieldError("file", _("The file is empty."), _("Choose a file with people in it."))
    if start[:4] in (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"):
        raise FieldError(
            "file", _("This is no text file but a workbook or document."), _("Save it as CSV first.")
        )
    return start


def _wrong_encoding(encoding: str, line: int) -> FieldError:
    problem = _("Line %(line)d is not written in %(encoding)s.") % {"line": line, "encoding": encoding}
    mend = _("Choose another encoding: %(known)s.") % {"known": ", ".join(ENCODINGS)}
    return FieldError("encoding", problem, mend)


def detect_encoding(path: Path) -> str:
    """One of ENCODINGS. The whole file is tried as UTF-8, its first megabyte as others."""
    with path.open("rb") as file:
        start = file.read(_PIECE)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        for name, zeros in (("utf-16-le", start[1:200:2]), ("utf-16-be", start[:200:2])):
            if zeros.count(0) > len(zeros) // 2:
                return name
        file.seek(0)
        if _is_utf8(iter(lambda: file.read(_PIECE), b"")):
            return "utf-8"
    return _guess_legacy(start)


def _is_utf8(pieces: Iterator[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guess_legacy(start: bytes) -> str:
    start = start[: start.rfind(b"\n") + 1] or start
    try:
        chinese = start.decode("gb18030")
    except UnicodeDecodeError:
        chinese = ""
    foreign = [letter for letter in chinese if letter > "\x7f"]
    if foreign and sum("\u4e00" <= letter <= "\u9fff" for letter in foreign) > 0.6 * len(foreign):
        return "gb18030"
    vietnamese = start.decode("cp1258", errors="replace")
    tones = len(_TONE_AFTER_VOWEL.findall(vietnamese))
    return "windows-1258" if tones > 2 * len(_TONE_ELSEWHERE.findall(vietnamese)) else "cp1252"


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most columns of one width."""
    lines = text.splitlines()[:30]

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)

    best = max(DELIMITERS, key=score)
    return best if score(best)[1] > 1 else ","


Row = tuple[int, list[str] | None]  # the line it ends on; None: the row cannot be read


def read_rows(path: Path, form: FileForm, *, skip: int = 0) -> Iterator[Row]:
    """The rows after the header and after `skip` more; blank lines are passed over and count not.

    Raises:
        FieldError: a line is not of the encoding.
    """
    with path.open(encoding=form.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=form.delimiter)
        left = skip + form.has_header
        while True:
            try:
                row: list[str] | None = next(reader)
            except StopIteration:
                return
            except csv.Error:
                row = None
            except UnicodeDecodeError:
                raise _wrong_encoding(form.encoding, reader.line_num + 1) from None
            if row == []:
                continue
            if left:
                left -= 1
            else:
                yield reader.line_num, row
