"""Forms of the suppression group: what is shared, and the code of the other brand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.consent.groups import LONGEST_CODE
from textwell.consent.types import SHAREABLE
from textwell.web.words import SUPPRESSIONS


class ReasonsForm(forms.Form):
    """What this workspace tells the others."""

    reasons = forms.MultipleChoiceField(
        label=_("What this workspace shares"),
        choices=[(each, SUPPRESSIONS[each]) for each in SHAREABLE],
        initial=list(SHAREABLE),
        widget=forms.CheckboxSelectMultiple,
    )


class JoinForm(ReasonsForm):
    code = forms.CharField(
        label=_("Code of the other workspace"),
        max_length=LONGEST_CODE,
        help_text=_("Its owner makes it on this page there. It works once, for a day."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("code", "reasons")
