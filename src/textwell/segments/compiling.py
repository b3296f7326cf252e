"""From conditions to SQL over contacts_contact: every value bound, every name from a closed list."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from textwell.contacts.values import read_value
from textwell.core.errors import FieldError
from textwell.segments.types import Condition

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
}
_COMPARE = {"is": "=", "is_not": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
OPERATORS = {
    "text": ("is", "is_not", "contains", "starts_with", "is_empty", "is_known"),
    "number": ("is", "is_not", "gt", "gte", "lt", "lte", "between", "is_empty", "is_known"),
    "date": ("is", "is_not", "gt", "gte", "lt", "lte", "between", "is_empty", "is_known"),
    "boolean": ("is", "is_not", "is_empty", "is_known"),
    "tags": ("has", "has_not"),
    "list": ("in", "not_in"),
}


class _Params:
    """Bound values under names of their own."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def bind(self, value: object) -> str:
        name = f"a{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


def _refuse(field: str, problem: str, mend: str) -> FieldError:
    return FieldError("audience", f"{field}: {problem}", mend)


def _source(condition: Condition, own_kinds: Mapping[str, str], params: _Params) -> tuple[str, str]:
    """(SQL of the field as text or column, kind); unknown names are refused with what there is."""
    if condition.field in COLUMNS:
        return COLUMNS[condition.field]
    kind = own_kinds.get(condition.field)
    if kind is None:
        known = ", ".join(sorted([*COLUMNS, *own_kinds]))
        mend = _("Use one of: %(known)s.") % {"known": known}
        raise _refuse(condition.field, _("is not a field of your people."), mend)
    return f"(c.fields ->> {params.bind(condition.field)})", kind


def _text(condition: Condition, source: str, params: _Params) -> str:
    value = "" if condition.value is None else str(condition.value)
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    match condition.op:
        case "contains":
            return f"coalesce({source}, '') ILIKE {params.bind(f'%{escaped}%')}"
        case "starts_with":
            return f"coalesce({source}, '') ILIKE {params.bind(f'{escaped}%')}"
        case "is_not":
            return f"lower(coalesce({source}, '')) <> lower({params.bind(value)})"
        case _:
            return f"lower(coalesce({source}, '')) = lower({params.bind(value)})"


def _number(field: str, value: object) -> float:
    try:
        return float(str(value))
    except ValueError as error:
        problem = _("“%(value)s” is no number.") % {"value": value}
        raise _refuse(field, problem, _("Write it in digits, as in 12.5.")) from error


def _date(field: str, value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        problem = _("“%(value)s” is no date.") % {"value": value}
        raise _refuse(field, problem, _("Write it as 2026-11-24.")) from error


def _boolean(field: str, value: object) -> bool:
    try:
        return bool(read_value("boolean", value))
    except ValueError as error:
        mend = _("Use one of: %(known)s.") % {"known": "true, false"}
        raise _refuse(field, str(error), mend) from error


def _ordered(
    condition: Condition, source: str, params: _Params, *, read: Callable[[str, object], Any]
) -> str:
    if condition.op == "between":
        ends = condition.value
        if not isinstance(ends, list) or len(ends) != 2:  # noqa: PLR2004 - a pair
            mend = _("Give the first and the last value.")
            raise _refuse(condition.field, _("between needs two values."), mend)
        low, high = (params.bind(read(condition.field, end)) for end in ends)
        return f"{source} BETWEEN {low} AND {high}"
    return (
        f"{source} {_COMPARE[condition.op]} {params.bind(read(condition.field, condition.value))}"
    )


def _membership(condition: Condition, kind: str, params: _Params) -> str:
    if kind == "tags":
        found = f"c.tags @> ARRAY[{params.bind(str(condition.value))}]::varchar[]"
        return found if condition.op == "has" else f"NOT ({found})"
    list_id = int(_number(condition.field, condition.value))
    found = (
        "EXISTS (SELECT 1 FROM contacts_listmember lm"  # noqa: S608 - every value is bound
        " WHERE lm.contact_id = c.id AND lm.list_id = " + params.bind(list_id) + ")"
    )
    return found if condition.op == "in" else f"NOT {found}"


def _compile_one(condition: Condition, own_kinds: Mapping[str, str], params: _Params) -> str:
    source, kind = _source(condition, own_kinds, params)
    if condition.op not in OPERATORS[kind]:
        problem = _("“%(op)s” does not go with a field of kind %(kind)s.") % {
            "op": condition.op,
            "kind": kind,
        }
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(OPERATORS[kind])}
        raise _refuse(condition.field, problem, mend)
    if kind in {"tags", "list"}:
        return _membership(condition, kind, params)
    if condition.op in {"is_empty", "is_known"}:
        sign = "=" if condition.op == "is_empty" else "<>"
        return f"coalesce({source}::text, '') {sign} ''"
    if kind == "text":
        return _text(condition, source, params)
    if kind == "boolean":
        sign = "=" if condition.op == "is" else "<>"
        truth = "true" if _boolean(condition.field, condition.value) else "false"
        return f"coalesce({source}::text, 'false') {sign} {params.bind(truth)}"
    if kind == "number":
        return _ordered(condition, f"({source})::numeric", params, read=_number)
    return _ordered(condition, f"({source})::date", params, read=_date)


def compile_conditions(
    conditions: tuple[Condition, ...], *, match: str, own_kinds: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """(SQL, params) of all conditions joined.

    Raises:
        FieldError: an unknown field, a comparison that does not fit, a value of the wrong kind.
    """
    params = _Params()
    parts = [f"({_compile_one(condition, own_kinds, params)})" for condition in conditions]
    joiner = " OR " if match == "any" else " AND "
    return joiner.join(parts) or "true", params.values
