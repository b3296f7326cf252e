"""Why somebody does something, in their own words, as the audit log keeps it."""

from typing import Final

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

LONGEST_REASON: Final = 500  # characters


def read_reason(text: str, *, field: str = "reason") -> str:
    """`text` without space around it. A longer one is refused: the log would show less than was said.

    Raises:
        FieldError: on `field`, for more than 500 characters.
    """
    told = text.strip()
    if len(told) > LONGEST_REASON:
        mend = _("Say it in at most %(most)s characters.") % {"most": LONGEST_REASON}
        raise FieldError(field, _("is too long."), mend)
    return told
