"""What a review says of do-not-contact registers in the countries of an audience."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from textwell.campaigns.models import Campaign
from textwell.campaigns.reach import Reach
from textwell.campaigns.terms import is_for_samples, layer_of, send_time
from textwell.campaigns.types import Problem
from textwell.consent.registers import list_registers
from textwell.messaging.law import NO_LAW
from textwell.messaging.purposes import INVITATION
from textwell.messaging.register_law import Term, list_terms


def list_register_problems(campaign: Campaign, reach: Reach) -> list[Problem]:
    """Lists that are not on file, whom nobody can leave out by, and lists that are too old by then.

    They keep nobody from launching: an old list leaves its people out by itself, and law asks for a
    register, not for our copy of it.
    """
    is_invitation = campaign.purpose == INVITATION  # which needs a list: see `inviting`
    if is_invitation or layer_of(campaign, is_simulated=is_for_samples(campaign)) == NO_LAW:
        return []
    at = send_time(campaign)
    terms = {
        (one.country, one.key): one for one in list_terms(at.date()) if one.country in reach.counts
    }
    if not terms:
        return []
    checked = {one.key: one.checked_at for one in list_registers(campaign.workspace_id)}
    found = []
    for term in terms.values():
        checked_at = checked.get(term.key)
        if checked_at is None:
            found.append(_missing(term))
        elif term.is_stale(checked_at, at):
            found.append(_stale(term))
    return found


def _missing(term: Term) -> Problem:
    problem = _("No list of the register “%(name)s” of %(country)s is on file.")
    return Problem("audience", problem % _names(term), _mend())


def _stale(term: Term) -> Problem:
    problem = ngettext(
        "The list of the register “%(name)s” of %(country)s would be older than %(days)s day, which is"
        " what law allows: people there are left out.",
        "The list of the register “%(name)s” of %(country)s would be older than %(days)s days, which is"
        " what law allows: people there are left out.",
        term.max_age_days or 0,
    )
    return Problem("audience", problem % (_names(term) | {"days": term.max_age_days}), _mend())


def _names(term: Term) -> dict[str, object]:
    return {"name": term.name, "country": term.country}


def _mend() -> str:
    return _("Import its latest list, as with `textwell registers import`.")
