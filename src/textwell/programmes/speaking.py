"""What law has the welcome say, and the workspace has not told."""

from datetime import date

from textwell.compliance.completing import lacks
from textwell.messaging.adding import read_terms
from textwell.messaging.law import place_of
from textwell.messaging.unsaid import wording_problem
from textwell.programmes.models import Programme
from textwell.programmes.routes import find_route
from textwell.programmes.types import Problem


def find_unsaid(programme: Programme, country: str, day: date) -> Problem | None:
    """Why no welcome can go to a country by the sender that it would go by; None: it can, or none goes."""
    if not programme.welcome:
        return None
    route = find_route(programme.workspace_id, country)
    if route is None or route.is_simulated:
        return None
    single = read_terms(
        workspace_id=programme.workspace_id,
        gateway_id=route.gateway_id,
        sender=route.sender,
        purpose="marketing",
        day=day,
    )
    demands = single.terms.demands(place_of(country, "", ""), "")
    if demands.is_met and not (demands.asks_alone and lacks(programme.welcome, demands)):
        return None
    found = wording_problem(demands, (country,))
    return Problem(found.field, f"{found.problem} {found.mend}", country)
