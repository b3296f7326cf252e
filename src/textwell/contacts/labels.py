"""What a tag and a list may be called. Pure."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

MAX_TAG = 60


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Trimmed, each once, in the order given. Raises FieldError("tags")."""
    cleaned = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    for tag in cleaned:
        if len(tag) > MAX_TAG:
            raise FieldError(
                "tags",
                _("%(tag)s… is too long.") % {"tag": tag[:20]},
                _("At most %(count)d characters.") % {"count": MAX_TAG},
            )
    return cleaned


def clean_list_name(name: str) -> str:
    """Trimmed. Raises FieldError("name")."""
    cleaned = name.strip()
    if not cleaned or len(cleaned) > 120:  # noqa: PLR2004 - the column's length
        raise FieldError("name", _("The name is empty or too long."), _("1 to 120 characters."))
    return cleaned
