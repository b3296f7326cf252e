"""Fields that hand back exactly what is stored, as long as what they showed is sent again.

A page rounds: a time to its minute, a text to one line without outer spaces, an address to what
Django takes for one. What the API has stored may be finer, and saving a page must not change it.
"""

from datetime import UTC
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import to_current_timezone
from django.utils.translation import gettext as _

from textwell.core.clock import FIRST_YEAR, LAST_YEAR, is_meant

LOCAL_TIME = "%Y-%m-%dT%H:%M"


def one_line(text: str) -> str:
    """As a browser sends a text that stands in an input of one line, and a form reads it."""
    return text.replace("\r", "").replace("\n", "").strip()


def many_lines(text: str) -> str:
    """As a browser sends a text that stands in a textarea, with the line ends that we store."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Kept(forms.Field):
    """Set `stored` on the instance of a form; None is nothing stored."""

    stored: Any = None  # whatever the field holds

    def shown(self) -> str:
        return one_line(str(self.stored))

    def sent(self, value: object) -> str:
        return one_line(str(value))

    def clean(self, value: Any) -> Any:
        if self.stored is not None and value is not None and self.sent(value) == self.shown():
            return self.stored
        return super().clean(value)


class KeptText(Kept, forms.CharField):
    """A text in one line."""


class KeptLink(Kept, forms.URLField):
    """A web address."""


class KeptLines(Kept, forms.CharField):
    """A text of many lines. New ones are stored with plain line ends, and counted so."""

    def shown(self) -> str:
        return many_lines(str(self.stored))

    def sent(self, value: object) -> str:
        return many_lines(str(value))

    def to_python(self, value: Any) -> str:
        return many_lines(str(super().to_python(value)))


class KeptMoment(Kept, forms.DateTimeField):
    """A time to the minute, in the zone of whoever looks."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_TIME)
        super().__init__(widget=widget, input_formats=[LOCAL_TIME], **kwargs)

    def to_python(self, value: Any) -> Any:
        moment = super().to_python(value)
        if moment is None:
            return None
        if not is_meant(moment):
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            problem = _("Give a time of the years %(first)s to %(last)s.")
            raise ValidationError(problem, code="invalid", params=years)
        return moment.astimezone(UTC)

    def shown(self) -> str:
        return str(to_current_timezone(self.stored).strftime(LOCAL_TIME))
