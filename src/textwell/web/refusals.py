"""Forms of a few fields that stand in a dialog, refused: a page with the fault, and what was typed.

A dialog closes when it is sent, and its page knows nothing of what was typed in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.forms import ChoiceField, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from textwell.core.errors import FieldError, TextwellError

Choices = Sequence[tuple[str, str]]
_LONG: Final = 80  # characters: more than a line shows
_TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


@dataclass(frozen=True)
class AskedField:
    """A field that can be mended: its words, what was typed, and the fault if it is in this one."""

    name: str
    label: str
    value: str
    problem: str
    choices: Choices

    @property
    def is_long(self) -> bool:
        return len(self.value) > _LONG or "\n" in self.value


def ask_again(
    request: HttpRequest,
    error: TextwellError,
    *,
    back: str,
    labels: Mapping[str, str],
    choices: Mapping[str, Choices] | None = None,
    place: str = "",
) -> HttpResponse:
    """422 with the form as it was sent. `labels` are of the fields that can be mended; the rest goes along.

    `choices` are of those among them that are chosen, not typed. `back` leads to where the form stood.
    `place` is the field at fault where the form calls it otherwise than the error does.
    """
    text = (error.sentences if isinstance(error, FieldError) else str(error)).strip()
    if not place and isinstance(error, FieldError) and error.field in labels:
        place = error.field
    fields = [
        AskedField(
            name=name,
            label=label,
            value=request.POST.get(name, ""),
            problem=text if name == place else "",
            choices=(choices or {}).get(name, ()),
        )
        for name, label in labels.items()
    ]
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in labels and name != _TOKEN
        for value in values
    ]
    context = {"told": "" if place else text, "fields": fields, "kept": kept, "back": back}
    return render(request, "refused.html", context, status=422)


def ask_form_again(
    request: HttpRequest, form: Form, error: TextwellError, *, back: str, names: Sequence[str]
) -> HttpResponse:
    """`ask_again` for these fields of a form, in the form's own words."""
    labels = {name: str(form[name].label) for name in names}
    choices = {
        name: [(str(each.data["value"]), str(each.data["label"])) for each in form[name].subwidgets]
        for name in names
        if isinstance(form.fields[name], ChoiceField)
    }
    return ask_again(request, error, back=back, labels=labels, choices=choices)
