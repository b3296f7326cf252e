"""A CSV file as text: its encoding, delimiter, header, and which column means what. Pure but for reading."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

SNIFF_OCTETS = 256 * 1024
# (how to try, how to read): GB 2312 has no pair like "él", which GB 18030 would take for Chinese.
ENCODINGS = (
    ("utf-8-sig", "utf-8-sig"),
    ("gb2312", "gb18030"),
    ("cp1252", "cp1252"),
    ("gb18030", "gb18030"),
)
DELIMITERS = ",;\t|"
MAX_CELL = 5_000

FIELDS = (
    "msisdn", "first_name", "last_name", "email", "language", "zone", "external_id", "tags",
    "consent_source", "consent_at", "consent_wording",
)  # fmt: skip
_WORDS: dict[str, tuple[str, ...]] = {
    "msisdn": (
        "phone", "mobile", "msisdn", "number", "cell", "tel", "telephone", "phonenumber", "sdt",
        "sodienthoai", "dienthoai", "手机", "手机号", "电话", "手機", "電話", "telefono", "movil",
        "celular", "numero", "portable", "mobilenumber", "phone1",
    ),
    "first_name": (
        "firstname", "first", "givenname", "name", "ten", "名", "名字", "姓名", "nombre", "prenom",
    ),
    "last_name": ("lastname", "last", "surname", "familyname", "ho", "姓", "apellido", "apellidos", "nom"),
    "email": ("email", "mail", "emailaddress", "correo", "courriel", "邮箱", "電郵"),
    "language": ("language", "lang", "locale", "ngonngu", "语言", "語言", "idioma", "langue"),
    "zone": ("timezone", "zone", "tz", "muigio", "时区", "zonahoraria", "fuseau"),
    "external_id": ("externalid", "customerid", "id", "makhachhang", "客户编号", "idcliente", "idclient"),
    "tags": ("tags", "tag", "labels", "nhan", "标签", "etiquetas", "etiquettes"),
    "consent_source": ("consentsource", "optinsource", "source", "nguondongy", "同意来源"),
    "consent_at": ("consentat", "consentdate", "optindate", "optintime", "consenttime", "同意时间"),
    "consent_wording": ("consentwording", "consenttext", "wording", "optintext", "同意内容"),
}  # fmt: skip
_FIELD_OF = {word: field for field, words in _WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class FileShape:
    """How a file is to be read."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    mapping: dict[str, str]  # column: field, as guessed


def plain_word(text: str) -> str:
    """A header without case, marks, spaces and punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", bare.casefold().replace("đ", "d"))


def detect_encoding(head: bytes) -> str:
    """The encoding of a file by its first octets.

    Raises:
        FieldError: it is no text in an encoding that we read.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        problem = _("is no text file.")
        raise FieldError("file", problem, _("Save it as CSV (UTF-8) and choose it again."))
    for trial, encoding in ENCODINGS:
        try:
            # The head may end within a character: incremental decoding forgives that.
            _decode_head(head, trial)
        except UnicodeDecodeError:
            continue
        return encoding
    problem = _("is in an encoding that cannot be read.")
    raise FieldError("file", problem, _("Save it as CSV (UTF-8) and choose it again."))


def _decode_head(head: bytes, encoding: str) -> str:
    import codecs

    return codecs.getincrementaldecoder(encoding)("strict").decode(head)


def guess_delimiter(line: str) -> str:
    """The delimiter that a header uses most; a comma if none."""
    return max(DELIMITERS, key=lambda d: (line.count(d), d == ","))


def guess_mapping(header: Sequence[str], own_fields: Sequence[str]) -> dict[str, str]:
    """Columns whose header names a field, in five languages; each field once. Own fields by name."""
    own = {plain_word(name): f"fields.{name}" for name in own_fields}
    mapping: dict[str, str] = {}
    for column in header:
        word = plain_word(column)
        field = own.get(word) or _FIELD_OF.get(word)
        if field is not None and field not in mapping.values():
            mapping[column] = field
    return mapping


def look_at(path: Path, *, own_fields: Sequence[str]) -> FileShape:
    """Read a file's beginning.

    Raises:
        FieldError: empty, no text, no header, or the same header twice.
    """
    with path.open("rb") as file:
        head = file.read(SNIFF_OCTETS)
    if not head.strip():
        raise FieldError("file", _("is empty."), _("Choose a CSV file with a header line."))
    encoding = detect_encoding(head)
    first_line = _decode_head(head, encoding).lstrip("\ufeff").split("\n", 1)[0]
    delimiter = guess_delimiter(first_line)
    header = next(csv.reader(io.StringIO(first_line), delimiter=delimiter), [])
    names = tuple(name.strip() for name in header)
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        problem = _("has the column “%(name)s” twice.") % {"name": doubled[0]}
        raise FieldError("file", problem, _("Give each column a name of its own."))
    return FileShape(encoding, delimiter, names, guess_mapping(names, own_fields))


@dataclass(frozen=True, slots=True)
class RawRow:
    line: int  # of its end, from 1; the header is line 1
    cells: list[str]
    problem: str = ""


def read_rows(path: Path, *, encoding: str, delimiter: str, width: int) -> Iterator[RawRow]:
    """Every row under the header; a ragged one carries its problem. Memory stays flat."""
    csv.field_size_limit(MAX_CELL * 10)
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        reader = csv.reader(file, delimiter=delimiter)
        next(reader, None)
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield RawRow(reader.line_num, [], _("cannot be read: %(error)s") % {"error": error})
                continue
            if cells is None:
                return
            if not any(cells):
                continue
            problem = ""
            if len(cells) != width:
                problem = _("has %(count)s columns, the header has %(width)s") % {
                    "count": len(cells),
                    "width": width,
                }
            yield RawRow(reader.line_num, cells, problem)
