"""What is asked about a registration of a sender."""

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.gateways.models import RegistrationState
from textwell.gateways.patterns import LONGEST_PLACE
from textwell.gateways.registered_texts import LONGEST_TEXT
from textwell.gateways.registrations import MAX_NOTES
from textwell.gateways.values import SENDER_KINDS
from textwell.web.forms.gateways import SENDER_LABELS
from textwell.web.words import REGISTERED_CLASSES


class StandingForm(forms.Form):
    """What changes in the life of what a registry keeps: a sender, a template."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=RegistrationState.choices,
        help_text=_("Only what is approved lets texts go."),
    )
    reference = forms.CharField(label=_("Number at the registry"), max_length=120, required=False)
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: it has no end."),
    )


class SenderStandingForm(StandingForm):
    """That of a sender, with what we note of it."""

    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=MAX_NOTES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TemplateForm(StandingForm):
    """All of a new one, in the order of the page."""

    field_order = ("name", "text", "longest", "state", "reference", "expires_on")
    name = forms.CharField(label=_("Name"), max_length=120)
    text = forms.CharField(
        label=_("The text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "As it is registered, whole: with signature, label and way out. Places are written {#var#},"
            " ${name} or {1}; {#numeric#} takes digits alone, {#var:60#} up to 60 characters."
        ),
    )
    longest = forms.IntegerField(
        label=_("Most characters in a place"), min_value=1, max_value=LONGEST_PLACE
    )


class RegistrationForm(SenderStandingForm):
    """All of a new one, in the order of the page."""

    field_order = (
        "value", "kind", "country", "purpose", "operator", "state", "reference", "expires_on", "notes",
    )  # fmt: skip
    value = forms.CharField(label=_("Sender"), max_length=21)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind, SENDER_LABELS[kind]) for kind in SENDER_KINDS]
    )
    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two letters, as VN."))
    purpose = forms.ChoiceField(label=_("For"), choices=list(REGISTERED_CLASSES.items()))
    operator = forms.CharField(
        label=_("Operator"),
        max_length=60,
        required=False,
        help_text=_("Empty: all operators of the country."),
    )

    def clean_country(self) -> str:
        """As it is stored."""
        return str(self.cleaned_data["country"]).strip().upper()
