"""Forms of the suppression list: whose numbers, why, and why one may be texted again."""

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.consent.suppressing import LONGEST_NOTE
from textwell.consent.types import BY_HAND
from textwell.web.forms.workspace import country_choices
from textwell.web.words import SUPPRESSIONS

_BETWEEN: Final = re.compile(r"[\n,;\t]")


class WhyForm(forms.Form):
    """Why a number is not to be texted; of one person whose number need not be shown."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=[(each, SUPPRESSIONS[each]) for each in BY_HAND]
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("What others should know of it."),
    )


class SuppressForm(WhyForm):
    msisdns = forms.CharField(
        label=_("Numbers, one a line"),
        max_length=1_000_000,
        widget=forms.Textarea(
            attrs={"rows": 6, "class": "tall", "placeholder": "090 123 45 67\n+84 91 234 56 78"}
        ),
    )
    region = forms.ChoiceField(label=_("Country of numbers without a country code"))
    field_order = ("msisdns", "region", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = country_choices()

    def numbers(self) -> list[str]:
        """As they were written: each line, and what commas and the like part."""
        parts = (part.strip() for part in _BETWEEN.split(self.cleaned_data["msisdns"]))
        return [part for part in parts if part]


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why may this number be texted again?"),
        max_length=LONGEST_NOTE,
        help_text=_("The audit log keeps who lifted it, when and why."),
    )
