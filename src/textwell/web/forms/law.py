"""Forms of what a workspace chooses of the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.messaging.law_choices import MAX_NAME, MAX_SIGNATURE, MAX_TEXT
from textwell.messaging.own_packs import MAX_LENGTH


class ExceptionDayForm(forms.Form):
    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two letters, as VN."))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(
        label=_("What the day is called"), max_length=MAX_NAME, help_text=_("As Double 11 or Tết.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=MAX_TEXT, help_text=_("The audit log keeps it.")
    )

    def __init__(self, *args: Any) -> None:  # Any: as of every form
        super().__init__(*args)
        self.auto_id = "day-%s"  # two forms on a page ask for a reason


class ReadingForm(forms.Form):
    """`rules`: pairs of names and what they would say, of those that may be chosen."""

    rule = forms.ChoiceField(label=_("Rule"))
    signed_by = forms.CharField(
        label=_("Signed by"),
        max_length=MAX_SIGNATURE,
        help_text=_("The full name of who answers for it."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=MAX_TEXT, help_text=_("The audit log keeps it.")
    )

    def __init__(self, *args: Any, rules: list[tuple[str, str]]) -> None:  # Any: as of every form
        super().__init__(*args)
        self.auto_id = "reading-%s"
        field = self.fields["rule"]
        if isinstance(field, forms.ChoiceField):
            field.choices = rules


class PackForm(forms.Form):
    file = forms.FileField(
        label=_("File of a rule pack"),
        help_text=_("As FR/2031-01-01.toml; the developer pages say how one is written."),
    )


class PackConfirmForm(forms.Form):
    """The pack that was looked at, as its impact was shown."""

    content = forms.CharField(max_length=MAX_LENGTH, strip=False, widget=forms.HiddenInput)
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """A pack that would be taken back, as the impact of that was shown."""

    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
