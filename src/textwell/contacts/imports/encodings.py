"""Which encoding a file of people is in, told from its first octets. Pure.

A guess is only ever made between encodings that could all be right; what is then not readable is
left to the row that holds it.
"""

import codecs
import re

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

UNREADABLE = "\ufffd"  # what the decoder puts for octets that the encoding does not have
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRAY_SHARE = 100  # one NUL in so many octets is a stray one; in UTF-16 it is one in two to five …
_WIDE_SHARE = 10  # … or ten, where most is Chinese: between the two the line ends tell
_SIDES = 5  # the other side has some too: 一 is U+4E00
_OTHERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-")  # workbooks of both kinds, and a PDF
_BAD_SHARE = 10  # a UTF-8 file may hold one broken letter beside so many good ones
# Windows-1258 writes the tone as a letter of its own after the vowel; as Windows-1252 the same octets
# would be Ì, Ò, Þ, ì or ò after a vowel, which no language writes as a rule.
_TONED = re.compile(
    rb"[aeiouyAEIOUY\xe2\xea\xf4\xe3\xf5\xfd\xc2\xca\xd4\xc3\xd5\xdd][\xcc\xd2\xde\xec\xf2]"
)
_TONED_SHARE = 5  # of the octets above ASCII, one in so many
# In Chinese nearly every letter is a pair of the GB 2312 square; in "José" the next octet is ASCII.
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_SQUARE_PAIR = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")
_SQUARE_PERCENT = 60
# The common letters of Big5, a name at least of two: GB 2312 goes on to \xd7, Latin letters stand alone.
_BIG5_RUN = re.compile(rb"(?:[\xa4-\xc6][\x40-\x7e\xa1-\xfe]){2,}")
_BIG5_PERCENT = 80  # of the octets of all pairs; the rest are rare letters
_CONTROLS = bytes(octet for octet in range(32) if octet not in b"\t\n\v\f\r")
_CONTROL_SHARE = 20  # one in so many octets is no text; of random octets every tenth is one


def detect_encoding(head: bytes) -> str:
    """The encoding of a file by its first octets, under Python's name.

    Raises:
        FieldError: it is no text.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head.startswith(_OTHERS):
        raise _no_text()
    if _is_wide(head):
        return _detect_wide(head)
    if (len(head) - len(head.translate(None, _CONTROLS))) * _CONTROL_SHARE > len(head):
        raise _no_text()
    if _is_utf8(head):
        return "utf-8-sig"
    if _decodes(head, "gb2312"):
        return "gb18030"
    if _is_big5(head):
        return "cp950"
    high = sum(octet > 0x7F for octet in head)  # noqa: PLR2004 - ASCII ends here
    if len(_TONED.findall(head)) * _TONED_SHARE >= high:
        return "cp1258"
    pairs = len(_PAIR.findall(head))
    if len(_SQUARE_PAIR.findall(head)) * 100 >= pairs * _SQUARE_PERCENT and pairs * 2 > high * 0.9:
        return "gb18030"
    return "cp1252"


def decode_head(head: bytes, encoding: str) -> str:
    """The text of a file's beginning, which may end within a character."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return decoder.decode(head).removeprefix("\ufeff")


def _is_wide(head: bytes) -> bool:
    """Whether there are too many NULs for stray ones."""
    count = head.count(b"\x00")
    if count * _STRAY_SHARE <= len(head) or count * _WIDE_SHARE > len(head):
        return count * _WIDE_SHARE > len(head)
    wide_ends = max(head.count(b"\n\x00"), head.count(b"\x00\n"))
    return wide_ends * 2 > head.count(b"\n")


def _detect_wide(head: bytes) -> str:
    """UTF-16 without its mark: the NULs of ASCII letters all stand on one side."""
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > even * _SIDES and _decodes(head, "utf-16-le"):
        return "utf-16-le"
    if even > odd * _SIDES and _decodes(head, "utf-16-be"):
        return "utf-16-be"
    raise _no_text()


def _no_text() -> FieldError:
    problem = _("is no text file.")
    return FieldError("file", problem, _("Save it as CSV (UTF-8) and choose it again."))


def _is_big5(head: bytes) -> bool:
    in_runs = sum(len(run) for run in _BIG5_RUN.findall(head))
    in_pairs = 2 * len(_PAIR.findall(head))
    return in_runs > 0 and in_runs * 100 >= in_pairs * _BIG5_PERCENT and _decodes(head, "cp950")


def _is_utf8(head: bytes) -> bool:
    """Whether it is UTF-8, a few broken letters in the middle forgiven: their rows will be named."""
    text = decode_head(head, "utf-8")
    good = sum(1 for letter in text if letter > "\x7f") if not text.isascii() else 0
    broken = text.count(UNREADABLE)
    return broken * (_BAD_SHARE + 1) <= good


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        # The head may end within a character: incremental decoding forgives that.
        codecs.getincrementaldecoder(encoding)("strict").decode(head)
    except UnicodeDecodeError:
        return False
    return True
