"""Small things that several views need of a request."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from textwell.core.errors import FieldError, TextwellError
from textwell.messaging.settling import Fate


def whole_number(text: str | None) -> int | None:
    """A positive whole number of a query string; None for anything else."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - a bigint
        return None
    return int(text)


def midnight() -> datetime:
    """Since when today is, in the reader's zone."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def read_fate(text: str) -> Fate:
    """What a form says became of messages whose answer was lost; FieldError if it says nothing."""
    try:
        return Fate(text)
    except ValueError as error:
        mend = _("Say that they were sent, or that they were not.")
        raise FieldError("fate", _("is missing."), mend) from error


def tell(request: HttpRequest, error: TextwellError) -> None:
    """Show what an action refused, with the mend."""
    text = error.sentences if isinstance(error, FieldError) else str(error)
    messages.error(request, text.strip())


def put_error(form: Any, error: TextwellError) -> None:  # Any: every form
    """Show a refusal beside its field, or above the form if it has none that the form shows."""
    if not isinstance(error, FieldError):
        form.add_error(None, str(error))
        return
    name = error.field if error.field in form.fields else None
    form.add_error(name, error.sentences)


def carry_out(form: Any, action: Callable[..., object]) -> bool:  # Any: every form
    """Call an action with what a form says; whether it was done. A refusal is shown in the form."""
    if not form.is_valid():
        return False
    try:
        action(**form.cleaned_data)
    except TextwellError as error:
        put_error(form, error)
        return False
    return True
