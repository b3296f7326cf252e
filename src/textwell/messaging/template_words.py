"""Why a text is no approved template where one is asked for, in words that say the difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from textwell.gateways.approved import Approved, find_approved, find_nearest_approved, list_approved
from textwell.gateways.models import Sender
from textwell.gateways.patterns import Difference
from textwell.gateways.providers.base import ApprovedText
from textwell.gateways.values import SENDER_KINDS
from textwell.messaging.sender_law import class_of, needs_template
from textwell.messaging.showing import asks_law


def asked_texts(
    workspace_id: int, gateway_id: int, *, sender: str, country: str, purpose: str, on: date
) -> list[ApprovedText] | None:
    """What alone a sender of a gateway may say there; None: what it likes."""
    asking = {kind for kind in SENDER_KINDS if needs_template(country, kind, purpose, on=on)}
    if not asking:  # nearly everywhere: nothing is read
        return None
    found = Sender.objects.filter(gateway_id=gateway_id, value=sender, is_active=True)
    shown = found.filter(country__in=["", country]).order_by("-country").first()
    if shown is None or shown.kind not in asking or not asks_law(shown.gateway):
        return None
    approved = Approved(list_approved(workspace_id, on=on, value=sender, country=country))
    return approved.find(sender, country, class_of(purpose), on=on)


def missing_template(sender: str, country: str, purpose: str) -> str:
    """Where no text at all is approved."""
    return _("No template of “%(sender)s” is approved in %(country)s for %(class)s.") % {
        "sender": sender,
        "country": country,
        "class": class_of(purpose),
    }


def template_problem(
    text: str, texts: Sequence[ApprovedText], *, sender: str, country: str, purpose: str
) -> str:
    """What is wrong with a text that should be one of these; "": it is one."""
    if find_approved(text, list(texts)) is not None:
        return ""
    nearest = find_nearest_approved(text, texts)
    if nearest is None:
        return missing_template(sender, country, purpose)
    told = _("The text is no approved template of “%(sender)s” in %(country)s.") % {
        "sender": sender,
        "country": country,
    }
    return f"{told} {_difference_words(nearest[0].name, nearest[1])}"


def _difference_words(name: str, difference: Difference) -> str:
    words = {"template": name, "expected": difference.expected, "found": difference.found}
    if not difference.expected:
        return _("“%(template)s” comes nearest: it ends before “%(found)s”.") % words
    if not difference.found:
        return _("“%(template)s” comes nearest: “%(expected)s” is missing at the end.") % words
    form = _("“%(template)s” comes nearest: it has “%(expected)s” where “%(found)s” stands.")
    return form % words
