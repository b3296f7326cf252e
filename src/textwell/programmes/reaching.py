"""Whether who joins a programme can be asked for their yes, and hears from us at all."""

from typing import Final

from django.utils.translation import gettext as _

from textwell.messaging.purposes import ANSWER
from textwell.programmes.elements import asks_twice
from textwell.programmes.models import Programme
from textwell.programmes.routes import Route, find_route
from textwell.programmes.types import Problem

# No marketing: it answers somebody who joins, by whatever its sender is registered for. Its hours are those
# of marketing all the same.
ASKING: Final = ANSWER


def find_asker(workspace_id: int, country: str, sender: str = "") -> Route | None:
    """By what people of a country are asked for a yes that they can text back; None: there is nothing."""
    return find_route(workspace_id, country, sender, purpose=ASKING, is_answered=True)


def needs_yes(programme: Programme, country: str) -> bool:
    """Whether whoever fills in a form there joins only by answering a text."""
    return programme.asks_twice or asks_twice(country)


def can_join(programme: Programme, country: str, sender: str = "") -> bool:
    """Whether a form can lead anybody there into the programme: the yes that it needs can be asked for."""
    if not needs_yes(programme, country):
        return True
    return find_asker(programme.workspace_id, country, sender) is not None


def hears_from_us(programme: Programme, country: str, sender: str = "") -> bool:
    """Whether a text follows a form there: the question, or the welcome."""
    if needs_yes(programme, country):
        return can_join(programme, country, sender)
    route = find_route(programme.workspace_id, country, sender) if programme.welcome else None
    return route is not None


def find_unasked(programme: Programme, country: str) -> Problem | None:
    """Why nobody could ever join in a country: no sender asks them; None: one does, or none needs to."""
    if can_join(programme, country):
        return None
    text = _(
        "%(country)s: people there join by answering a text, and no sender of yours reaches them that "
        "they can answer. Connect a number; a name takes no answer."
    )
    return Problem("senders", text % {"country": country}, country)
