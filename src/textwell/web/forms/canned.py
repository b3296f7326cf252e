"""The form of a canned answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from textwell.inbox.canned import FIELDS
from textwell.inbox.models import CannedAnswer
from textwell.web.forms.kept import KeptText
from textwell.web.forms.texts import TextsForm


class CannedForm(TextsForm):
    name = KeptText(label=_("Name"), max_length=120)

    def values(self) -> dict[str, Any]:
        """What `create_canned` and `update_canned` take."""
        return {
            "name": self.cleaned_data["name"],
            "body": self.cleaned_data["body"],
            "fallbacks": self.fallbacks(),
        }


def initial_of(canned: CannedAnswer) -> dict[str, Any]:
    """A canned answer as the form shows it."""
    return {name: getattr(canned, name) for name in FIELDS}
