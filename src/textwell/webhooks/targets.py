"""Where a webhook may go: public addresses only, unless the operator allows private ones.

The check at save time is for a clear word to the person; the one that counts is at connect time,
where `core.outside.GuardedResolver` judges the resolved address itself.
"""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError
from textwell.core.outside import is_public
from textwell.core.settings import load_settings

LONGEST_URL = 500


def check_target(url: str, *, field: str = "url") -> str:
    """The URL, if a webhook may go there.

    Raises:
        FieldError: it is no http(s) address, carries a password, or its host is a private address.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = None, ""
    if parts is None or parts.scheme not in {"http", "https"} or not host or len(url) > LONGEST_URL:
        mend = _("Write a whole address such as https://example.com/hooks.")
        raise FieldError(field, _("is no web address"), mend)
    if parts.username or parts.password:
        raise FieldError(
            field, _("carries a password"), _("Leave it out: deliveries are signed instead.")
        )
    if not load_settings().webhook_private_targets and _is_plainly_private(host):
        mend = _("Use a public address, or have the operator set TEXTWELL_WEBHOOK_PRIVATE_TARGETS.")
        raise FieldError(field, _("leads to a private address"), mend)
    return url


def _is_plainly_private(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))
