"""Rows of a filter: a condition as inputs hold it, and back, without changing what is not touched.

Each stored condition travels with its row. A row whose inputs say what they said at first is stored as
it was; a condition that no inputs can hold is shown as a sentence, kept as it is, and can be removed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from textwell.contacts.values import read_value
from textwell.web.forms.kept import one_line

LEAST_ROWS = 3
MOST_ROWS_WITH_INPUTS = 40  # Django reads no more than a thousand inputs
MOST_CHARACTERS = 200
INPUTS = ("field", "op", "value", "until", "list", "truth")
OPERATOR_LABELS = (
    ("is", _("is")),
    ("is_not", _("is not")),
    ("contains", _("contains")),
    ("starts_with", _("begins with")),
    ("gt", _("is more than")),
    ("gte", _("is at least")),
    ("lt", _("is less than")),
    ("lte", _("is at most")),
    ("between", _("is between")),
    ("is_known", _("is known")),
    ("is_empty", _("is not known")),
    ("has", _("has the tag")),
    ("has_not", _("has not the tag")),
    ("in", _("is in")),
    ("not_in", _("is not in")),
)
TRUTHS = (
    ("", "–"),
    ("true", pgettext_lazy("value of a field", "Yes")),
    ("false", pgettext_lazy("value of a field", "No")),
)
_TRUTHS = {"true": True, "false": False}
_OPERATORS = frozenset(name for name, _label in OPERATOR_LABELS)
_ROW = re.compile(r"(?:field|kept)_([1-9][0-9]{0,3})")
_PAIR = 2

Stored = Mapping[str, Any]  # a condition as it is stored; Any: JSON


@dataclass(frozen=True, slots=True)
class Known:
    """What the selects of a row offer."""

    fields: frozenset[str]
    lists: frozenset[str]
    truths: frozenset[str] = frozenset()  # fields whose value is chosen from yes and no


def _typed(value: object) -> str | None:
    """What stands in an input for a value; None where none can hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        return None
    text = str(value)
    fits = text == one_line(text) and len(text) <= MOST_CHARACTERS
    return text if fits else None


def show_row(condition: Stored, known: Known) -> dict[str, str] | None:
    """What the inputs of a row hold for a condition; None where they cannot hold it."""
    field, op, value = condition.get("field"), condition.get("op"), condition.get("value")
    if field not in known.fields or op not in _OPERATORS:
        return None
    shown = {**dict.fromkeys(INPUTS, ""), "field": str(field), "op": str(op)}
    if field == "list":
        text = _typed(value)
        return shown | {"list": text} if text is not None and text in known.lists else None
    if field in known.truths and op != "between":
        return _show_truth(shown, value)
    if op == "between":
        ends = [_typed(end) for end in value] if isinstance(value, list) else []
        if len(ends) != _PAIR or None in ends:
            return None
        return shown | {"value": ends[0] or "", "until": ends[1] or ""}
    text = _typed(value)
    return None if text is None else shown | {"value": text}


def _show_truth(shown: dict[str, str], value: object) -> dict[str, str] | None:
    """Any word that a yes/no field knows shows as its choice; what says neither has none."""
    if value in (None, ""):
        return shown
    try:
        return shown | {"truth": "true" if read_value("boolean", value) else "false"}
    except ValueError:
        return None


def read_row(given: Mapping[str, str], stored: Stored | None, known: Known) -> Stored | None:
    """The condition that the inputs of a row say; the stored one if they say nothing else.

    None for a row without a field.
    """
    if stored is not None and show_row(stored, known) == dict(given):
        return stored
    if not given["field"]:
        return None
    value: Any = given["value"]
    if given["field"] in known.truths and given["op"] != "between":
        value = _TRUTHS.get(given["truth"], "")
    elif given["field"] == "list":
        value = int(given["list"]) if given["list"] else ""
    elif given["op"] == "between":
        value = [given["value"], given["until"]]
    return {"field": given["field"], "op": given["op"], "value": value}


def describe(condition: Stored, field_labels: Mapping[str, Any]) -> str:
    """A condition as a sentence; Any: lazy translations."""
    field, op = str(condition.get("field", "")), str(condition.get("op", ""))
    value = condition.get("value")
    words = [field_labels.get(field, field), dict(OPERATOR_LABELS).get(op, op)]
    if value is not None:
        words.append(", ".join(map(str, value)) if isinstance(value, list) else value)
    return " ".join(map(str, words))


def count_rows(names: Iterable[str]) -> int:
    """How many rows were sent."""
    found = [int(match[1]) for name in names if (match := _ROW.fullmatch(name))]
    return max([LEAST_ROWS, *found])
