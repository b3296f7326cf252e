"""An endpoint that is told what happens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.web.words import EVENT_KINDS


class EndpointForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where the events are posted, such as https://example.com/hooks."),
        widget=forms.URLInput,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Events"), widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(kind, label) for kind, label in EVENT_KINDS.items() if kind != "test"]
