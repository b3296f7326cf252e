"""What is wrong with a marketer's text, in words that say the mend."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from textwell.contacts.values import check_known
from textwell.core.errors import FieldError
from textwell.messaging.errors import RefusalKind, TemplateRefused
from textwell.messaging.render import (
    MAX_TEXT_CHARACTERS,
    CompiledTemplate,
    compile_template,
    is_visible,
    link_number,
    person_values,
    render_text,
)

_STAND_IN = "qz7x"  # begins the name of links that no text has by itself
_CHANGED_LINK = re.compile(_STAND_IN, re.IGNORECASE)
_USUAL_LINK = 29  # characters


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """One fault of a template: where it is, what it is, what mends it."""

    problem: str
    mend: str
    field: str = "body"
    line: int | None = None  # from 1; None: the text has only one, or it lies in no line


def check_template(
    body: str,
    *,
    known_fields: frozenset[str],
    fallbacks: Mapping[str, str],
    link_count: int,
    link_length: int = _USUAL_LINK,
) -> list[TemplateProblem]:
    """Every fault of a text before it may be launched; an empty list means that it is good.

    `link_length`: characters of a short link as it will be sent.
    """
    if not body.strip():
        return [TemplateProblem(_("The text is empty."), _("Write what people shall read."))]
    try:
        template = compile_template(body)
    except TemplateRefused as refused:
        return [refusal_problem(refused)]
    problems = [
        problem
        for name in template.fields
        for problem in _field_problems(
            name,
            known_fields,
            fallbacks,
            needs_fallback=name not in template.asked | template.defaulted,
        )
    ]
    problems += find_unaddressed(template.link_numbers, link_count)
    return problems or _trial_problems(template, fallbacks, _example_address(link_length))


def find_unaddressed(numbers: Iterable[int], link_count: int) -> list[TemplateProblem]:
    """Links that a text uses and that lead nowhere."""
    problem = _("The text uses link %(number)s, which has no address.")
    mend = _("Give its address, or remove it.")
    return [
        TemplateProblem(problem % {"number": number}, mend, field="links")
        for number in numbers
        if number > link_count
    ]


def _field_problems(
    name: str,
    known_fields: frozenset[str],
    fallbacks: Mapping[str, str],
    *,
    needs_fallback: bool,
) -> list[TemplateProblem]:
    if name not in known_fields:
        problem = _("“%(name)s” is not a field of your people.") % {"name": name}
        mend = _("Choose a field from the list, or define it first.")
        return [TemplateProblem(problem, mend)]
    if needs_fallback and not is_visible(fallbacks.get(name, "")):
        problem = _("“%(name)s” has no fallback.") % {"name": name}
        mend = _("Say what stands there for people whose %(name)s is not known.") % {"name": name}
        return [TemplateProblem(problem, mend, field="fallbacks")]
    return []


def _trial_problems(
    template: CompiledTemplate, fallbacks: Mapping[str, str], address: str
) -> list[TemplateProblem]:
    try:
        text = _make_trial(template, fallbacks, address)
    except TemplateRefused as refused:
        return [refusal_problem(refused)]
    if _CHANGED_LINK.search(text.replace(address, "")):
        mend = _("Write it without filters, as in {{ link }}.")
        return [TemplateProblem(_("A filter changes a link: it would lead nowhere."), mend)]
    return []


def _example_address(length: int) -> str:
    """A link of this many characters without its https://, as telephones read it too."""
    path = "/aB3dE6gH"
    return _STAND_IN.ljust(length - len("https://") - len(path), "x") + path


def _make_trial(template: CompiledTemplate, fallbacks: Mapping[str, str], address: str) -> str:
    """The text for a person of whom nothing is known. Raises TemplateRefused."""
    values = person_values({}, template=template, fallbacks=fallbacks)
    values |= {name: f"https://{address}" for name in template.names if link_number(name)}
    return render_text(template, values)


def check_makeable(body: str, fallbacks: Mapping[str, str], *, field: str = "body") -> None:
    """Refuse what no further field and no fallback could mend: a tag left open, an endless loop.

    Raises:
        FieldError: on `field`.
    """
    mendable = {RefusalKind.EMPTY}  # it may be made for those of whom more is known
    try:
        template = compile_template(body)
        if any(not is_visible(fallbacks.get(name, "")) for name in template.fields):
            mendable.add(RefusalKind.FAULT)  # a filter may take what a fallback says
        _make_trial(template, fallbacks, _example_address(_USUAL_LINK))
    except TemplateRefused as refused:
        if refused.kind in mendable:
            return
        found = refusal_problem(refused)
        raise FieldError(field, found.problem, found.mend) from refused


def refusal_problem(refused: TemplateRefused) -> TemplateProblem:
    """A refusal in words that say the line and the mend."""
    problem, mend = _words_of(refused)
    if refused.line is not None:
        problem = _("Line %(line)s: %(problem)s") % {"line": refused.line, "problem": problem}
    return TemplateProblem(problem, mend, line=refused.line)


def _words_of(refused: TemplateRefused) -> tuple[str, str]:
    if refused.kind is RefusalKind.EMPTY:
        return _("The text comes out empty."), _("Check its conditions.")
    if refused.kind is RefusalKind.TOO_LONG:
        problem = _("The text has %(count)s characters; no SMS is longer than %(limit)s.")
        limits = {"count": refused.detail, "limit": MAX_TEXT_CHARACTERS}
        return problem % limits, _("Shorten it.")
    if refused.kind is RefusalKind.SYNTAX:
        problem = _("The text cannot be read: %(error)s")
        mend = _("Close every {{ … }} and {% … %}, and use only fields of your people.")
    else:
        problem = _("The text cannot be made: %(error)s")
        mend = {
            RefusalKind.LIMIT: _("Shorten its loops and what it puts together."),
            RefusalKind.UNKNOWN: _(
                "Use fields of your people by their names alone, as in {{ first_name }}."
            ),
            RefusalKind.FAULT: _(
                "Use filters that Liquid has, with values that fit them for everybody."
            ),
        }[refused.kind]
    return problem % {"error": refused.detail}, mend


def check_versions(versions: Sequence[Mapping[str, Any]]) -> None:
    """Each in a language of its own.

    Raises:
        FieldError: on `versions.<number>.language`.
    """
    seen: set[str] = set()
    for number, version in enumerate(versions):
        field = f"versions.{number}.language"
        language = str(version.get("language", ""))
        if not language:
            raise FieldError(field, _("is missing"), _("Write its code, such as vi or pt-BR."))
        try:
            check_known("language", language)
        except FieldError as error:
            raise FieldError(field, error.problem, error.mend) from error
        if language.lower() in seen:
            raise FieldError(field, _("is there twice"), _("Keep one text a language."))
        seen.add(language.lower())
