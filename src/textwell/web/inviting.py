"""What law allows of an invitation, in plain words beside the purpose of a campaign."""

from django.utils.translation import gettext as _

from textwell.core.clock import now
from textwell.messaging.invitation_law import list_invitable
from textwell.web.formats import country_name


def invitation_help() -> str:
    """With the countries whose rules allow one today; "" where none does."""
    names = sorted(country_name(code) for code in list_invitable(now().date()))
    words = _(
        "An invitation asks people who said neither yes nor no, once for ever; silence means no. Law"
        " allows it in: %(countries)s. Its label is added; who stands on a do-not-contact register there"
        " gets none."
    )
    return words % {"countries": ", ".join(names)} if names else ""
