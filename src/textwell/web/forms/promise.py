"""The form of what a workspace promises in public."""

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.messaging.promises import MOST_PROMISED


class PromiseForm(forms.Form):
    most = forms.IntegerField(
        label=_("Marketing texts a person at most, in any 31 days"),
        min_value=0,
        max_value=MOST_PROMISED,
        help_text=_("0 takes the promise back for those who agree from then on."),
    )
