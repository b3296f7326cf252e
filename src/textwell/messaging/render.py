"""From a marketer's template and one person's values to the text. Pure.

Templates are Liquid (python-liquid: no attribute access, limits on loops and output). A template of
plain fields and `default` filters, the usual case, is compiled once to a function that joins its
parts; its output equals the library's (kept so by tests). Every field must have a fallback, or a
`default` in the text itself, so that no text ever reads "Dear ,".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from functools import lru_cache, wraps
from typing import Any

from liquid import Environment, StrictUndefined
from liquid.builtin.expressions import primitive
from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError

from textwell.messaging.errors import RefusalKind, TemplateRefused

MAX_TEXT_CHARACTERS = 1600  # ten UCS-2 segments and a little: longer is a mistake, not a text
_MOST_NUMBERS = 10_000  # of a range: reversed, joined or searched it is gone through whole
# Whole numbers from here on come as floats from one JSON reader, whole from another.
_BEYOND_JSON = 2**63
_LINK_NAME = re.compile(r"link(_([2-9]|1[0-5]))?\Z")
_PLAIN = re.compile(
    r"\{\{-?\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*"
    r"(?:\|\s*default\s*:\s*(?P<quote>['\"])(?P<default>[^'\"{}]*)(?P=quote)\s*)?-?\}\}",
)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_CONDITION = re.compile(r"\{%-?\s*(?:if|elsif|unless|case|when)\b")
# A value, filters that leave '' as it is, and a text for people of whom it is not known.
_KEEPING = r"(?:default\s*:\s*\w+|upcase|downcase|capitalize|[lr]?strip|strip_newlines)"
_DEFAULTED = re.compile(
    r"(?:\{\{-?|\{%-?\s*(?:echo|assign\s+\w+\s*=))\s*\w+\s*"
    rf"(?:\|\s*{_KEEPING}\s*)*"
    r"\|\s*default\s*:\s*(?:'\s*[^'\s][^']*'|\"\s*[^\"\s][^\"]*\")"
)
_find_visible = re.compile(r"[^\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]").search
_ANY_TAG = re.compile(r"\{\{|\{%")


class _LimitedEnvironment(Environment):
    """Limits that no honest text reaches and no endless loop passes."""

    loop_iteration_limit = 1_000
    output_stream_limit = 8 * MAX_TEXT_CHARACTERS
    local_namespace_limit = 20_000
    context_depth_limit = 10


class _BoundedRange(primitive.RangeLiteral):
    """`(1..n)`. The library limits how often a loop runs, and not what is made before it does."""

    __slots__ = ()

    def _make_range(self, start: Any, stop: Any) -> range:  # Any: whatever stands there
        numbers = super()._make_range(start, stop)
        if numbers.stop - numbers.start > _MOST_NUMBERS:
            raise ResourceLimitError("range limit reached", token=self.token)
        return numbers


primitive.RangeLiteral = _BoundedRange  # type: ignore[misc]  # the library has no other way in


def _bounded(apply: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that makes no longer text than a whole template may: `replace` in `replace` multiplies."""

    @wraps(apply)
    def bounded(*args: Any, **kw: Any) -> Any:
        made = apply(*args, **kw)
        if isinstance(made, str) and len(made) > _LimitedEnvironment.output_stream_limit:
            raise ResourceLimitError("filter output limit reached", token=None)
        return made

    return bounded


def _environment() -> Environment:
    environment = _LimitedEnvironment(undefined=StrictUndefined, extra=False)
    for tag in ("include", "render", "increment", "decrement"):
        environment.tags.pop(tag, None)
    environment.filters = {name: _bounded(each) for name, each in environment.filters.items()}
    return environment


_ENVIRONMENT = _environment()


def is_visible(text: str) -> bool:
    """Whether a person would see anything of it."""
    return _find_visible(text) is not None


def link_number(name: str) -> int | None:
    """1 for `link`, 2 for `link_2` …, None for a name that is no link."""
    match = _LINK_NAME.match(name)
    if match is None:
        return None
    return int(match.group(2)) if match.group(2) else 1


def as_text(value: object) -> str:
    """A value as Liquid prints it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template ready for many people: `render(values)` takes a value for every name in `names`."""

    names: tuple[str, ...]  # fields and links that the text uses
    is_plain: bool
    render: Callable[[Mapping[str, object]], str]
    asked: frozenset[str] = frozenset()  # names that stand in conditions alone, nowhere in the text
    defaulted: frozenset[str] = frozenset()  # names with a `default` wherever they stand
    fields: tuple[str, ...] = field(init=False)  # the names that are no links

    def __post_init__(self) -> None:
        fields = tuple(name for name in self.names if link_number(name) is None)
        object.__setattr__(self, "fields", fields)  # asked of every person

    @property
    def shown_fields(self) -> tuple[str, ...]:
        """Fields whose value may stand in the text: each needs a fallback, or is in `defaulted`."""
        return tuple(name for name in self.fields if name not in self.asked)

    @property
    def link_numbers(self) -> tuple[int, ...]:
        return tuple(n for n in map(link_number, self.names) if n is not None)


def _plain_parts(body: str) -> list[tuple[str, str, str]] | None:
    """(literal before, name, default) triples and a last ("literal", "", "") or None if not plain."""
    parts: list[tuple[str, str, str]] = []
    position = 0
    for match in _PLAIN.finditer(body):
        literal = body[position : match.start()]
        if _ANY_TAG.search(literal) or "-" in match.group(0)[2:3] or match.group(0)[-3] == "-":
            return None
        parts.append((literal, match["name"], match["default"] or ""))
        position = match.end()
    tail = body[position:]
    if _ANY_TAG.search(tail):
        return None
    return [*parts, (tail, "", "")]


def _joiner(parts: list[tuple[str, str, str]]) -> Callable[[Mapping[str, object]], str]:
    """Names in order and a %-format of the whole text: one C-level format call a message."""
    names = [(name, default) for _literal, name, default in parts if name]
    form = "".join(
        literal.replace("%", "%%") + ("%s" if name else "") for literal, name, _d in parts
    )

    def render(values: Mapping[str, object]) -> str:
        return form % tuple([_plain_value(values[name], default) for name, default in names])

    return render


def _plain_value(value: object, default: str) -> str:
    if type(value) is str:
        return value or default
    if value is None or value is False:
        return default or as_text(value)
    return as_text(value)


def _liquid_names(body: str) -> tuple[tuple[str, ...], Callable[[Mapping[str, object]], str]]:
    template = _ENVIRONMENT.from_string(body)
    names = tuple(
        sorted({str(name).split(".")[0].split("[")[0] for name in template.global_variables()})
    )

    def render(values: Mapping[str, object]) -> str:
        try:
            return template.render(values)  # by name a field `self` would be one too many
        except LiquidError:
            raise
        except Exception as error:
            # Filters raise whatever Python does: `NaN | round`, `1e999 | floor`.
            detail = "" if isinstance(error, DecimalException) else _first_line(error)
            raise TemplateRefused(RefusalKind.FAULT, detail or type(error).__name__) from error

    return names, render


def _roles(body: str, names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """(asked, defaulted): see CompiledTemplate. In doubt a name is neither."""
    showing = [tag for tag in _TAG.findall(body) if not _CONDITION.match(tag)]
    asked = _names_outside(names, showing)
    bare = [_DEFAULTED.sub(" ", tag, count=1) for tag in showing]
    return asked, _names_outside(names, bare) - asked


def _names_outside(names: tuple[str, ...], tags: list[str]) -> frozenset[str]:
    words = frozenset(re.findall(r"\w+", " ".join(tags)))
    return frozenset(name for name in names if name not in words)


def _kind_of(error: LiquidError) -> RefusalKind:
    """Of a text that could be read."""
    if isinstance(error, ResourceLimitError):
        return RefusalKind.LIMIT
    return RefusalKind.UNKNOWN if isinstance(error, UndefinedError) else RefusalKind.FAULT


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def _line_of(error: LiquidError) -> int | None:
    """Where it is, in a text of several lines."""
    token = getattr(error, "token", None)
    start, source = getattr(token, "start_index", -1), getattr(token, "source", "")
    if not isinstance(start, int) or start < 0 or "\n" not in source:
        return None
    return int(source.count("\n", 0, start)) + 1


@lru_cache(maxsize=512)
def compile_template(body: str) -> CompiledTemplate:
    """Compile a text once.

    Raises:
        TemplateRefused: the text is no valid Liquid.
    """
    parts = _plain_parts(body)
    if parts is not None:
        names = tuple(dict.fromkeys(name for _literal, name, _default in parts if name))
        render, is_plain = _joiner(parts), True
    else:
        names, render, is_plain = *_read_liquid(body), False
    asked, defaulted = _roles(body, names)
    return CompiledTemplate(names, is_plain, render, asked, defaulted)


def _read_liquid(body: str) -> tuple[tuple[str, ...], Callable[[Mapping[str, object]], str]]:
    try:
        return _liquid_names(body)
    except LiquidError as error:
        raise TemplateRefused(
            RefusalKind.SYNTAX, _first_line(error), line=_line_of(error)
        ) from error


def person_values(
    person: Mapping[str, object],
    *,
    template: CompiledTemplate,
    fallbacks: Mapping[str, str],
) -> dict[str, object]:
    """The person's values for the template's fields; blank and missing ones take the fallback.

    Blank is also one of which nothing is seen (zero-width characters out of a spreadsheet). One that
    stands in conditions alone may have no fallback: it is '' then, so that a text can ask for people
    of whom it is not known.
    """
    values: dict[str, object] = {}
    for name in template.fields:
        value = person.get(name)
        if isinstance(value, str):
            value = value.strip()
            if not value.isascii() and not is_visible(value):
                value = ""
        elif isinstance(value, float) and abs(value) >= _BEYOND_JSON:
            value = int(Decimal(repr(value)))
        values[name] = fallbacks.get(name, "") if value is None or value == "" else value
    return values


def render_text(template: CompiledTemplate, values: Mapping[str, object]) -> str:
    """The text for one person.

    Raises:
        TemplateRefused: a loop without end, an unknown name, a filter whose values do not fit, a
            text longer than any SMS, or one in which there is nothing to see.
    """
    try:
        text = template.render(values)
    except LiquidError as error:
        raise TemplateRefused(_kind_of(error), _first_line(error), line=_line_of(error)) from error
    if len(text) > MAX_TEXT_CHARACTERS:
        raise TemplateRefused(RefusalKind.TOO_LONG, str(len(text)))
    if not is_visible(text):
        raise TemplateRefused(RefusalKind.EMPTY, "")
    return text
