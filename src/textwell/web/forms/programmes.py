"""Forms of programmes, of their words, and of the places where they are offered."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from textwell.compliance.library import shipped_library
from textwell.programmes.capturing import OLDEST, Entry
from textwell.programmes.elements import ELEMENTS, LONGEST_PART, NAMES
from textwell.programmes.models import Placement, Programme
from textwell.programmes.questions import Question
from textwell.programmes.types import BY_STAFF
from textwell.web.forms.kept import KeptLines, KeptLink, KeptMoment, KeptText
from textwell.web.forms.workspace import country_choices

MICROS: Final = 1_000_000
_BETWEEN = re.compile(r"[\n,;]")
PROMISED: Final = ("name", "offer", "terms_url", "privacy_url")


class NewProgrammeForm(forms.Form):
    """What nothing can be guessed from; the rest has a value already."""

    name = KeptText(label=pgettext_lazy("of a programme", "Name"), max_length=120)
    offer = KeptText(
        label=_("What do they get?"),
        max_length=200,
        required=False,
        help_text=_("The heading of the form: 10% off your first order."),
    )
    terms_url = KeptLink(
        label=_("Address of the terms"), max_length=300, required=False, assume_scheme="https"
    )
    privacy_url = KeptLink(
        label=_("Address of the privacy policy"),
        max_length=300,
        required=False,
        assume_scheme="https",
    )


class ProgrammeForm(NewProgrammeForm):
    brand = KeptText(label=_("Brand, as people know it"), max_length=80)
    contact = KeptText(
        label=_("Postal address or contact of the brand"), max_length=200, required=False
    )
    countries = forms.MultipleChoiceField(label=_("Countries of the numbers"))
    monthly_count = forms.IntegerField(label=_("At most so many texts a month"))
    welcome = KeptLines(
        label=_("Welcome text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Once a person. {code} stands for their code from the pool."),
    )
    asks_twice = forms.BooleanField(
        label=_("Ask everybody for a second yes by text"), required=False
    )
    min_age = forms.IntegerField(
        label=_("Least age"), help_text=_("0: nobody is asked for a date of birth.")
    )
    questions = KeptLines(
        label=_("Questions of the form"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "first_name: Your first name *"}),
        help_text=_("One a line: the field, a colon, what people read. A star: must be answered."),
    )
    tags = KeptText(label=_("Tags that they get"), required=False)
    topics = KeptText(
        label=_("Topics that people may tick"),
        required=False,
        help_text=_(
            "Their keys, between commas. Each is a consent of its own; none is ticked before."
        ),
    )
    frame_hosts = KeptLines(
        label=_("Sites that may show the form in a frame"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "shop.example.com"}),
    )
    low_codes = forms.IntegerField(label=_("Warn when fewer codes are left"))
    starts_at = KeptMoment(label=_("Begins"), required=False)
    ends_at = KeptMoment(label=_("Ends"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = self.fields["countries"]
        assert isinstance(countries, forms.MultipleChoiceField)
        packs = shipped_library().ids
        countries.choices = [(code, name) for code, name in country_choices() if code in packs]
        countries.widget.attrs["size"] = 6

    def values(self) -> dict[str, Any]:
        """What `update_programme` takes."""
        return {
            **self.cleaned_data,
            "questions": _read_questions(self.cleaned_data["questions"]),
            "tags": _parts(self.cleaned_data["tags"]),
            "topics": _parts(self.cleaned_data["topics"]),
            "frame_hosts": _parts(self.cleaned_data["frame_hosts"]),
        }


def initial_of(programme: Programme) -> dict[str, Any]:
    """A programme as its form shows it."""
    shown = {name: getattr(programme, name) for name in ProgrammeForm.base_fields}
    return {
        **shown,
        "questions": "\n".join(_line(question) for question in programme.questions),
        "tags": ", ".join(programme.tags),
        "topics": ", ".join(programme.topics),
        "frame_hosts": "\n".join(programme.frame_hosts),
    }


def _line(question: Question) -> str:
    star = " *" if question["is_required"] else ""
    return f"{question['field']}: {question['label']}{star}"


def _read_questions(text: str) -> list[Question]:
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        field, _colon, label = line.partition(":")
        found.append(
            {
                "field": field.strip(" *"),
                "label": label.strip(" *"),
                "is_required": line.endswith("*"),
            }
        )
    return found


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


class WordsForm(forms.Form):
    """One sentence an element."""

    def __init__(self, *args: Any, wanted: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ELEMENTS:
            self.fields[name] = forms.CharField(
                label=NAMES[name],
                required=False,
                max_length=LONGEST_PART,
                help_text=_("The rule pack requires it.") if name in wanted else "",
            )
        self.wanted = wanted

    def parts(self) -> dict[str, str]:
        """Each element's sentence."""
        return {name: self.cleaned_data.get(name, "") for name in ELEMENTS}


class PlacementForm(forms.Form):
    name = KeptText(
        label=pgettext_lazy("of a placement", "Name"),
        max_length=120,
        help_text=_("Where people find it: shop window, receipt, site."),
    )
    keyword = KeptText(
        label=_("Keyword"),
        max_length=30,
        required=False,
        help_text=_("People text it to the number and join."),
    )
    sender = forms.ChoiceField(label=_("Number that they text"), required=False)
    keyword_from = KeptMoment(label=_("Keyword holds from"), required=False)
    keyword_until = KeptMoment(label=_("Keyword holds until"), required=False)
    cost = forms.DecimalField(
        label=_("Cost, once"), min_value=0, max_value=10**9, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, senders: list[str], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sender = self.fields["sender"]
        assert isinstance(sender, forms.ChoiceField)
        sender.choices = [("", "–"), *((each, each) for each in senders)]
        self.fields["cost"].help_text = currency

    def values(self) -> dict[str, Any]:
        """What `create_placement` and `update_placement` take."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "cost"}
        cost = self.cleaned_data["cost"] or Decimal(0)
        return {**given, "cost_micros": int(cost * MICROS)}


def initial_placement(placement: Placement) -> dict[str, Any]:
    """A placement as its form shows it."""
    names = ("name", "keyword", "sender", "keyword_from", "keyword_until")
    shown = {name: getattr(placement, name) for name in names}
    return {**shown, "cost": Decimal(placement.cost_micros) / MICROS}


class CodesForm(forms.Form):
    codes = forms.CharField(
        label=_("Codes, one a line"),
        max_length=20_000_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeviceForm(forms.Form):
    """What a device says of an entry that it may have kept until it had a connection."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)  # drawn for this entry alone
    age_s = forms.FloatField(required=False, widget=forms.HiddenInput)  # since it was taken

    def entry(self) -> Entry:
        """The key and the age. Without script the page's own key, just now."""
        age = min(max(self.cleaned_data["age_s"] or 0.0, 0.0), OLDEST.total_seconds() + 1)
        return Entry(self.cleaned_data["key"] or uuid4(), timedelta(seconds=age))


class CaptureForm(DeviceForm):
    """A member writes down what a person said or signed."""

    by = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    msisdn = forms.CharField(label=_("Number"), max_length=40)
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    method = forms.ChoiceField(
        label=_("How they agreed"),
        choices=[
            (each, {"oral": _("They said so"), "paper": _("They signed on paper")}[each])
            for each in BY_STAFF
        ],
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        help_text=_("Where it was, or where the paper is kept."),
    )
    placement = forms.ChoiceField(label=_("Where they found it"))
    born_on = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, placements: list[Placement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        placement = self.fields["placement"]
        assert isinstance(placement, forms.ChoiceField)
        placement.choices = [(each.id, each.name) for each in placements]
        if placements and not placements[0].programme.min_age:
            del self.fields["born_on"]
