"""From conditions to SQL over contacts_contact: every value bound, every name from a closed list."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from textwell.contacts.values import read_value
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging.consent_law import consent_terms
from textwell.messaging.ending import MOST_DAYS, given_until
from textwell.messaging.sql import ending_consents
from textwell.segments.types import Condition, is_storable, read_list_id, refuse

_LONGEST_SHOWN = 60  # characters of a given value in a message

# Built-in fields: name in a filter, (column, kind).
COLUMNS = {
    "msisdn": ("c.msisdn", "text"),
    "first_name": ("c.first_name", "text"),
    "last_name": ("c.last_name", "text"),
    "email": ("c.email", "text"),
    "external_id": ("coalesce(c.external_id, '')", "text"),
    "language": ("c.language", "text"),
    "country": ("c.country", "text"),
    "operator": ("c.operator", "text"),
    "zone": ("c.zone", "text"),
    "created_at": ("c.created_at::date", "date"),
    "tags": ("c.tags", "tags"),
    "list": ("c.id", "list"),
    "consent_ends_in": ("c.id", "days"),
}
_COMPARE = {"is": "=", "is_not": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
OPERATORS = {
    "text": ("is", "is_not", "contains", "starts_with", "is_empty", "is_known"),
    "number": ("is", "is_not", "gt", "gte", "lt", "lte", "between", "is_empty", "is_known"),
    "date": ("is", "is_not", "gt", "gte", "lt", "lte", "between", "is_empty", "is_known"),
    "boolean": ("is", "is_not", "is_empty", "is_known"),
    "tags": ("has", "has_not"),
    "list": ("in", "not_in"),
    "days": ("lte",),
}


class _Params:
    """Bound values under names of their own."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def bind(self, value: object) -> str:
        name = f"a{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


class _WrongPart(Exception):
    """A part of one condition cannot be used; which condition, only its reader knows."""

    def __init__(self, part: str, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.part, self.problem, self.mend = part, problem, mend

    def as_field_error(self, place: int, condition: Condition) -> FieldError:
        told = {"number": place + 1, "field": _shown(condition.field), "problem": self.problem}
        problem = _("Filter %(number)s, %(field)s: %(problem)s") % told
        return refuse(f"filters.{place}.{self.part}", problem, self.mend)


def _shown(value: object) -> str:
    """A given value in a message: not endless, and nothing in it that no answer can carry."""
    text = str(value) if isinstance(value, str | float | None) else repr(value)
    return text[:_LONGEST_SHOWN].encode(errors="replace").decode().replace("\x00", "�")


def _source(condition: Condition, own_kinds: Mapping[str, str], params: _Params) -> tuple[str, str]:
    """(SQL of the field as text or column, kind); unknown names are refused with what there is."""
    if condition.field in COLUMNS:
        return COLUMNS[condition.field]
    kind = own_kinds.get(condition.field)
    if kind is None:
        known = ", ".join(sorted([*COLUMNS, *own_kinds]))
        mend = _("Use one of: %(known)s.") % {"known": known}
        raise _WrongPart("field", _("is not a field of your people."), mend)
    return f"(c.fields ->> {params.bind(condition.field)})", kind


def _read_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and is_storable(value):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    problem = _("“%(value)s” is no text.") % {"value": _shown(value)}
    raise _WrongPart("value", problem, _("Give one text, without control characters."))


def _text(condition: Condition, source: str, params: _Params) -> str:
    value = _read_text(condition.value)
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    match condition.op:
        case "contains" | "starts_with" if not value:
            problem = _("the value is empty, and everybody has that.")
            raise _WrongPart("value", problem, _("Write a text, or use is_known."))
        case "contains":
            return f"coalesce({source}, '') ILIKE {params.bind(f'%{escaped}%')}"
        case "starts_with":
            return f"coalesce({source}, '') ILIKE {params.bind(f'{escaped}%')}"
        case "is_not":
            return f"lower(coalesce({source}, '')) <> lower({params.bind(value)})"
        case _:
            return f"lower(coalesce({source}, '')) = lower({params.bind(value)})"


def _number(value: object) -> Decimal:
    """Exact, as people's numbers are compared; NaN and infinity are none."""
    try:
        read = read_value("number", value)
    except ValueError:
        problem = _("“%(value)s” is no number.") % {"value": _shown(value)}
        raise _WrongPart("value", problem, _("Write it in digits, as in 12.5.")) from None
    return Decimal(read) if isinstance(read, int) else Decimal(str(read))


def _date(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        problem = _("“%(value)s” is no date.") % {"value": _shown(value)}
        raise _WrongPart("value", problem, _("Write it as 2026-11-24.")) from None


def _boolean(value: object) -> bool:
    try:
        return bool(read_value("boolean", value))
    except ValueError as error:
        mend = _("Use one of: %(known)s.") % {"known": "true, false"}
        raise _WrongPart("value", str(error), mend) from error


def _ordered(
    condition: Condition, source: str, params: _Params, *, read: Callable[[object], Any]
) -> str:
    if condition.op == "between":
        ends = condition.value
        if not isinstance(ends, list) or len(ends) != 2:  # noqa: PLR2004 - a pair
            mend = _("Give the first and the last value.")
            raise _WrongPart("value", _("between needs two values."), mend)
        low, high = (params.bind(read(end)) for end in ends)
        return f"{source} BETWEEN {low} AND {high}"
    return f"{source} {_COMPARE[condition.op]} {params.bind(read(condition.value))}"


def _has_tag(condition: Condition, params: _Params) -> str:
    tag = condition.value
    if not isinstance(tag, str) or not tag or not is_storable(tag):
        raise _WrongPart("value", _("names no tag."), _("Write one of your tags."))
    found = f"c.tags @> ARRAY[{params.bind(tag)}]::varchar[]"
    return found if condition.op == "has" else f"NOT ({found})"


def _is_on_list(condition: Condition, list_ids: Collection[int], params: _Params) -> str:
    list_id = read_list_id(condition.value)
    if list_id is None or list_id not in list_ids:
        problem = _("“%(value)s” is none of your lists.") % {"value": _shown(condition.value)}
        raise _WrongPart("value", problem, _("Choose one of your lists."))
    found = (
        "EXISTS (SELECT 1 FROM contacts_listmember lm"  # noqa: S608 - every value is bound
        " WHERE lm.contact_id = c.id AND lm.list_id = " + params.bind(list_id) + ")"
    )
    return found if condition.op == "in" else f"NOT {found}"


def _has_ending(condition: Condition, workspace_id: int, params: _Params) -> str:
    """Whose consent counts now and ends within so many days: whose has ended may be asked nothing."""
    days = condition.value
    if isinstance(days, str) and days.isascii() and days.isdigit() and len(days) <= len("730"):
        days = int(days)
    if type(days) is not int or not 1 <= days <= MOST_DAYS:
        problem = _("“%(value)s” is no number of days.") % {"value": _shown(condition.value)}
        mend = _("Give 1 to %(most)s.") % {"most": MOST_DAYS}
        raise _WrongPart("value", problem, mend)
    at = now()
    until = at + timedelta(days=days)
    found = ending_consents(
        workspace=params.bind(workspace_id),
        terms=params.bind(consent_terms(at.date())),
        given_until=params.bind(given_until(workspace_id, until, on=at)),
    )
    ends = f"e.ends_at > {params.bind(at)} AND e.ends_at <= {params.bind(until)}"
    return f"EXISTS (SELECT 1 FROM {found} AND {ends})"  # noqa: S608 - every value is bound


def _compile_one(
    condition: Condition,
    own_kinds: Mapping[str, str],
    list_ids: Collection[int],
    params: _Params,
    workspace_id: int,
) -> str:
    source, kind = _source(condition, own_kinds, params)
    if condition.op not in OPERATORS[kind]:
        problem = _("“%(op)s” does not go with a field of kind %(kind)s.") % {
            "op": _shown(condition.op),
            "kind": kind,
        }
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(OPERATORS[kind])}
        raise _WrongPart("op", problem, mend)
    if kind == "tags":
        return _has_tag(condition, params)
    if kind == "list":
        return _is_on_list(condition, list_ids, params)
    if kind == "days":
        return _has_ending(condition, workspace_id, params)
    if condition.op in {"is_empty", "is_known"}:
        sign = "=" if condition.op == "is_empty" else "<>"
        return f"coalesce({source}::text, '') {sign} ''"
    if kind == "text":
        return _text(condition, source, params)
    if kind == "boolean":
        sign = "=" if condition.op == "is" else "<>"
        truth = "true" if _boolean(condition.value) else "false"
        return f"coalesce({source}::text, 'false') {sign} {params.bind(truth)}"
    if kind == "number":
        return _ordered(condition, f"({source})::numeric", params, read=_number)
    return _ordered(condition, f"({source})::date", params, read=_date)


def compile_conditions(
    conditions: tuple[Condition, ...],
    *,
    match: str,
    own_kinds: Mapping[str, str],
    list_ids: Collection[int],
    workspace_id: int,
) -> tuple[str, dict[str, Any]]:
    """(SQL, params) of all conditions joined. `list_ids`: the lists of the workspace.

    Raises:
        FieldError: an unknown field or list, a comparison that does not fit, a value of the wrong
            kind; its field is `audience.filters.N` with the part, N from 0 as in the API.
    """
    params = _Params()
    parts = []
    for place, condition in enumerate(conditions):
        try:
            parts.append(f"({_compile_one(condition, own_kinds, list_ids, params, workspace_id)})")
        except _WrongPart as wrong:
            raise wrong.as_field_error(place, condition) from wrong
    joiner = " OR " if match == "any" else " AND "
    return joiner.join(parts) or "true", params.values
