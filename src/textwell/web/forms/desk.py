"""The forms of a small firm's desk: a reminder, a request for a review, and whether there is a desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RequestForm(forms.Form):
    number = forms.CharField(
        label=_("Telephone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=1_600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The review link follows it."),
    )


class ReminderForm(forms.Form):
    number = forms.CharField(
        label=_("Telephone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
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
        help_text=_("All other pages stay: Ctrl K finds them."),
        required=False,
    )
    review_url = forms.CharField(
        label=_("Review link"),
        help_text=_("Where people can say how it was, such as your page in a map service."),
        max_length=300,
        required=False,
        widget=forms.URLInput(),
    )
