"""What pydantic refuses, in our words and the caller's language: the problem and what mends it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from textwell.api.schemas.audiences import MARK
from textwell.core.clock import FIRST_YEAR, LAST_YEAR

PydanticError = Mapping[str, Any]  # Any: type, loc, msg, ctx as pydantic gives them
# Last parts of a place that name a branch of a union and no field.
_BRANCHES = frozenset(
    {"str", "int", "float", "bool", "constrained-str", "finite-float", "none", "nullable"}
)


def read_errors(errors: Iterable[PydanticError]) -> list[dict[str, str]]:
    """One entry for each field: its name, the problem, the mend. Branches of a union are one."""
    found: dict[str, dict[str, str]] = {}
    for error in errors:
        path = _path(error["loc"])
        is_branch = bool(path) and path[-1] in _BRANCHES
        name = ".".join(path[:-1] if is_branch else path) or "body"
        problem, mend = _scalar_words() if is_branch else _words(error)
        found.setdefault(name, {"field": name, "problem": problem, "mend": mend})
    return list(found.values())


def _path(loc: Iterable[Any]) -> list[str]:
    # The first parts are where it was looked for and, for a body, the name of our parameter. A
    # query is read into a schema, whose parameter's name nobody outside knows.
    # The form of an audience is no place either.
    source, *path = (str(part) for part in loc if not str(part).startswith(MARK))
    if source == "body" or (source == "query" and len(path) > 1):
        return path[1:]
    return path


def _scalar_words() -> tuple[str, str]:
    return _("has the wrong type"), _("Give a text, a number, true, false or null.")


def _words(error: PydanticError) -> tuple[str, str]:
    kind = str(error["type"])
    limits = {name: str(value) for name, value in error.get("ctx", {}).items()}
    for table in (_plain(), _limited(limits), _of_time()):
        if kind in table:
            return table[kind]
    return _("cannot be used"), _("GET /api/v1/openapi.json says what this field takes.")


def _plain() -> dict[str, tuple[str, str]]:
    number = (_("is no whole number"), _("Give a whole number, such as 12."))
    decimal = (_("is no number"), _("Give a number, such as 12.5."))
    truth = (_("is neither true nor false"), _("Give true or false."))
    group = (_("is no object"), _("Give an object in braces, with names in quotes."))
    address = (_("is no web address"), _("Write it in full, as in https://example.org/sale."))
    return {
        "missing": (_("is missing"), _("Give this field.")),
        "extra_forbidden": (_("is not known here"), _("Leave it out, or correct its name.")),
        "int_parsing": number, "int_type": number, "int_from_float": number,
        "int_parsing_size": (_("is too large a number"), _("Give a smaller number.")),
        "float_type": decimal, "float_parsing": decimal, "finite_number": decimal,
        "bool_parsing": truth, "bool_type": truth,
        "string_type": (_("is no text"), _("Give a text in quotes.")),
        "string_unicode": (_("is no text"), _("Give a text in UTF-8.")),
        "list_type": (_("is no list"), _("Give a list in brackets.")),
        "dict_type": group, "model_type": group, "model_attributes_type": group,
        "url_parsing": address, "url_type": address, "url_scheme": address,
        "url_syntax_violation": address,
        "url_too_long": (_("is too long a web address"), _("Shorten it.")),
    }  # fmt: skip


def _limited(limits: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Errors whose words name the limit."""

    def give(text: str, name: str) -> str:
        return text % {"limit": limits.get(name, "?")}

    least, most = _("Give %(limit)s or more."), _("Give %(limit)s or less.")
    longest = give(_("Give %(limit)s characters at most."), "max_length")
    shortest = give(_("Give %(limit)s characters at least."), "min_length")
    choice = give(_("Use one of: %(limit)s."), "expected")
    fewer = give(_("Give %(limit)s at most, and call again for the rest."), "max_length")
    pattern = give(_("It must fit the pattern %(limit)s."), "pattern")
    return {
        "string_too_long": (_("is too long"), longest),
        "string_too_short": (_("is too short"), shortest),
        "string_pattern_mismatch": (_("has the wrong form"), pattern),
        "too_long": (_("holds too many"), fewer),
        "too_short": (_("holds too few"), give(_("Give %(limit)s at least."), "min_length")),
        "greater_than_equal": (_("is too small"), give(least, "ge")),
        "less_than_equal": (_("is too large"), give(most, "le")),
        "greater_than": (_("is too small"), give(_("Give more than %(limit)s."), "gt")),
        "less_than": (_("is too large"), give(_("Give less than %(limit)s."), "lt")),
        "enum": (_("is unknown"), choice),
        "literal_error": (_("is unknown"), choice),
    }


def _of_time() -> dict[str, tuple[str, str]]:
    moment = (_("is no time"), _("Write it like 2026-11-24T09:00:00Z."))
    offset = (_("has no offset from UTC"), _("Add the offset, such as Z or +07:00."))
    kinds = ("datetime_parsing", "datetime_from_date_parsing", "datetime_type",
             "datetime_object_invalid", "timezone_offset")  # fmt: skip
    years = {"first": FIRST_YEAR, "last": LAST_YEAR}
    far = (_("is too far away"), _("Give a time of the years %(first)s to %(last)s.") % years)
    return {
        **dict.fromkeys(kinds, moment), "timezone_aware": offset, "moment_out_of_range": far,
    }  # fmt: skip
