"""The form by which people join a programme: a number, a tick that nobody sets for them, and questions."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.contacts.models import FieldKind
from textwell.programmes.models import Programme
from textwell.programmes.questions import Question
from textwell.programmes.topics import list_offered

TRAP: Final = "website"  # people do not see it; programs fill it in
_MOST_ANSWER: Final = 200
_DATE: Final = {"type": "date"}


class JoinForm(forms.Form):
    """Made for one programme. Answers are `answers()`, by field."""

    msisdn = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    agree = forms.BooleanField(error_messages={"required": _("Tick the box to agree.")})
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions: list[Question] = programme.questions
        for question in self.questions:
            self.fields[_name(question)] = _field(question)
        if offered := list_offered(programme):
            self.fields["topics"] = forms.MultipleChoiceField(
                label=_("Topics"),
                choices=offered,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if programme.min_age:
            self.fields["born_on"] = forms.DateField(
                label=_("Date of birth"), widget=forms.DateInput(attrs=_DATE)
            )

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get(TRAP))

    @property
    def asked(self) -> list[forms.BoundField]:
        """What is asked beside number and consent, in order."""
        names = [_name(question) for question in self.questions]
        return [self[name] for name in [*names, "born_on"] if name in self.fields]

    def answers(self) -> dict[str, Any]:
        """What was answered, by the field of the person."""
        return {each["field"]: self.cleaned_data.get(_name(each)) for each in self.questions}


def _name(question: Question) -> str:
    return f"q_{question['field']}"


def _field(question: Question) -> forms.Field:
    given: dict[str, Any] = {"label": question["label"], "required": question["is_required"]}
    if question["field"] == "email":
        return forms.EmailField(**given, max_length=254)
    if question["kind"] == FieldKind.NUMBER:
        return forms.DecimalField(**given, max_digits=15)
    if question["kind"] == FieldKind.DATE:
        return forms.DateField(**given, widget=forms.DateInput(attrs=_DATE))
    if question["kind"] == FieldKind.BOOLEAN:
        return forms.BooleanField(**given | {"required": False})
    return forms.CharField(**given, max_length=80 if "name" in question["field"] else _MOST_ANSWER)
