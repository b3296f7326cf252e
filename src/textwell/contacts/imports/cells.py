"""Columns of text and of tags: checked as a whole, since a call per cell is what makes it slow."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from textwell.contacts.imports.encodings import UNREADABLE
from textwell.contacts.values import check_known
from textwell.core.errors import FieldError

LONGEST: Final = {  # of the columns that the values go to
    "first_name": 80, "last_name": 80, "email": 254, "language": 8, "zone": 64, "external_id": 120,
}  # fmt: skip
_LONGEST_TAG: Final = 60
_TAG_MARKS: Final = re.compile(r"[,;|]")
_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": "\ufffd"}
)
Cells = Sequence[str]
Keep = Callable[[int, str], None]  # place in the chunk, what is wrong


def escape(cells: Cells) -> Cells:
    """For COPY's text form; most columns have nothing to escape, which one look at them all tells."""
    together = "".join(cells)
    # Several looks by `in` are faster than one by an expression.
    if not any(mark in together for mark in "\\\t\n\r\x00"):
        return cells
    return [cell.translate(_ESCAPES) for cell in cells]


def read_text(name: str, cells: Cells, keep: Keep) -> Cells:
    """A column of text as COPY takes it."""
    found = [cell.strip() for cell in cells]
    if name == "external_id":
        found = [cell.removeprefix("'") for cell in found]
    longest = LONGEST[name]
    if max(map(len, found)) > longest:
        text = _("%(field)s: is longer than %(count)d characters; shorten it")
        for place, cell in enumerate(found):
            if len(cell) > longest:
                keep(place, text % {"field": name, "count": longest})
    find_unstorable(name, found, keep)
    if name in ("language", "zone"):
        _find_unknown(name, found, keep)
    return escape(found)


def _find_unknown(name: str, cells: Cells, keep: Keep) -> None:
    """Keep the places of zones and languages that do not exist; a file has few different ones."""
    problems: dict[str, str] = {}
    for value in set(cells):
        try:
            check_known(name, value)
        except FieldError as error:
            problems[value] = f"{name}: “{value}” {error.problem}; {error.mend}"
    if problems:
        for place, cell in enumerate(cells):
            if cell in problems:
                keep(place, problems[cell])


def find_unstorable(name: str, cells: Cells, keep: Keep) -> None:
    """Keep the places of characters that PostgreSQL does not take or nobody can read."""
    together = "".join(cells)
    if "\x00" not in together and UNREADABLE not in together:
        return
    nul = _("%(field)s: holds a NUL character; take it away") % {"field": name}
    broken = _("%(field)s: holds a letter in another encoding; save the file as CSV (UTF-8)")
    for place, cell in enumerate(cells):
        if "\x00" in cell:
            keep(place, nul)
        elif UNREADABLE in cell:
            keep(place, broken % {"field": name})


def read_tags(cells: Cells, keep: Keep) -> Cells:
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
    find_unstorable("tags", cells, keep)
    return escape([arrays[cell] for cell in cells])
