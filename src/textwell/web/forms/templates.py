"""The form of a saved text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.messaging.models import SavedText
from textwell.messaging.templates import FIELDS
from textwell.web.forms.kept import KeptText
from textwell.web.forms.texts import TextsForm
from textwell.web.words import PURPOSES


class TemplateForm(TextsForm):
    name = KeptText(label=_("Name"), max_length=120)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=PURPOSES)

    def values(self) -> dict[str, Any]:
        """What `create_template` and `update_template` take."""
        return {
            "name": self.cleaned_data["name"],
            "purpose": self.cleaned_data["purpose"],
            "body": self.cleaned_data["body"],
            "fallbacks": self.fallbacks(),
            "versions": self.versions(),
        }


def initial_of(template: SavedText) -> dict[str, Any]:
    """A template as the form shows it."""
    return {name: getattr(template, name) for name in FIELDS}
