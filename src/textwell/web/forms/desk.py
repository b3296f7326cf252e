"""The forms of a small firm's desk: a reminder, a request for a review, and whether there is a desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PersonForm(forms.Form):
    """To whom: somebody who was picked, or a number."""

    contact_id = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput()
    )
    number = forms.CharField(
        label=_("Telephone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = not self["contact_id"].value()


class RequestForm(PersonForm):
    text = forms.CharField(
        label=_("Text"),
        max_length=1_600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The review link follows it."),
    )


class ReminderForm(PersonForm):
    name = forms.CharField(label=_("First name"), max_length=80, required=False)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    text = forms.CharField(
        label=_("Text"),
        max_length=1_600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("{day} and {time} become those of the booking."),
    )


class SmallBusinessForm(forms.Form):
    is_small = forms.BooleanField(
        label=_("One screen for a small business"),
        help_text=_("All other pages stay: “Find or do” (Ctrl K) finds them."),
        required=False,
    )
    review_url = forms.CharField(
        label=_("Review link"),
        help_text=_("Where people can say how it was, such as your page in a map service."),
        max_length=300,
        required=False,
        widget=forms.URLInput(),
    )
