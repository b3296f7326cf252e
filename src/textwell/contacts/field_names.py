"""What a free field of people may be called: no name that already means something else. Pure.

A field that has such a name from before keeps it and works as it did.
"""

import re
import unicodedata
from typing import Final
from zlib import crc32

from django.utils.translation import gettext as _

from textwell.contacts.imports.mapping import FIELDS
from textwell.core.errors import FieldError

_FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_LONGEST: Final = 40
_OF_PEOPLE: Final = frozenset(
    {
        "msisdn",
        "external_id",
        "email",
        "first_name",
        "last_name",
        "language",
        "zone",
        "country",
        "operator",
        "tags",
        "lists",
    }
)
# A filter would never find the own field.
_OF_FILTERS: Final = frozenset({"created_at", "list", "consent_ends_in"})
# A text that names one of these means Liquid's own, or cannot be read.
_OF_TEXTS: Final = frozenset(
    [
        "and",
        "as",
        "blank",
        "cols",
        "contains",
        "continue",
        "else",
        "empty",
        "false",
        "for",
        "forloop",
        "if",
        "in",
        "limit",
        "nil",
        "not",
        "null",
        "offset",
        "or",
        "reversed",
        "tablerowloop",
        "true",
        "with",
    ]
)
_LINK: Final = re.compile(r"link(_[0-9]+)?")  # a short link of the campaign
RESERVED: Final = _OF_PEOPLE | _OF_FILTERS | _OF_TEXTS | frozenset(FIELDS)


def is_reserved(name: str) -> bool:
    """People, filters, texts or imports mean something else by it."""
    return name in RESERVED or _LINK.fullmatch(name) is not None


def refuse_reserved(name: str, *, field: str) -> None:
    """Return if an own field may have the name, as far as other meanings go.

    Raises:
        FieldError: on `field`; its mend proposes another name.
    """
    if not is_reserved(name):
        return
    problem = _("“%(name)s” means something else in texts, filters or imports.") % {"name": name}
    mend = _("Give your field another name, such as %(other)s.") % {"other": f"field_{name}"}
    raise FieldError(field, problem, mend)


def check_field_name(name: str) -> None:
    """Return if a new field may be called so.

    Raises:
        FieldError: on `name`.
    """
    if not _FIELD_NAME.fullmatch(name):
        problem = _("%(name)s cannot be a field's name.") % {"name": name or '""'}
        mend = _("Use small letters, digits and _, a letter first; 40 at most.")
        raise FieldError("name", problem, mend)
    refuse_reserved(name, field="name")


def name_field(label: str) -> str:
    """A name that a new field may have; letters other than Latin ones make a number of their own."""
    bare = "".join(c for c in unicodedata.normalize("NFD", label) if not unicodedata.combining(c))
    plain = re.sub(r"[^a-z0-9]+", "_", bare.lower().replace("đ", "d")).strip("_")
    if not re.search("[a-z]", plain):
        plain = f"{crc32(label.encode()):08x}"
    is_usable = _FIELD_NAME.fullmatch(plain) and not is_reserved(plain)
    return (plain if is_usable else f"field_{plain}")[:_LONGEST].rstrip("_")
