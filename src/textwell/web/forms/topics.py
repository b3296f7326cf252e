"""Forms of topics and brands."""

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.consent.topics import LONGEST_DESCRIPTION, LONGEST_NAME


class BrandForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    key = forms.CharField(
        label=_("Key"),
        max_length=40,
        help_text=_("How programs name it, such as: offers. It never changes."),
    )


class TopicForm(BrandForm):
    description = forms.CharField(
        label=_("What people are told about it"), max_length=LONGEST_DESCRIPTION, required=False
    )
    is_per_sender = forms.BooleanField(
        label=_("People agree to it from one sender at a time"), required=False
    )
