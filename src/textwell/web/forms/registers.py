"""Form of a do-not-contact register's list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RegisterForm(forms.Form):
    """`names`: registers as rule packs call them, with how they are shown."""

    name = forms.ChoiceField(label=_("Register"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("A number on each line, or CSV in UTF-8 with a column of them."),
    )
    checked_at = forms.DateTimeField(
        label=_("When the list was taken"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("In your time zone. It grows old from then on."),
    )

    def __init__(self, *args: Any, names: list[tuple[str, str]]) -> None:  # Any: as of every form
        super().__init__(*args)
        field = self.fields["name"]
        if isinstance(field, forms.ChoiceField):
            field.choices = names
