"""The form of a saved text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.messaging.models import SavedText
from textwell.messaging.templates import FIELDS
from textwell.web.forms.kept import KeptText
from textwell.web.forms.texts import MOST_LINKS, TextsForm, link_label
from textwell.web.words import PURPOSES


class TemplateForm(TextsForm):
    name = KeptText(label=_("Name"), max_length=120)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=PURPOSES)

    # What stands in a text for each link; the addresses are the campaign's.
    link_choices = (
        ("link", link_label(1)),
        *((f"link_{number}", link_label(number)) for number in range(2, MOST_LINKS + 1)),
    )

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
