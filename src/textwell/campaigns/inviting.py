"""What a review says of an invitation: where law allows one, which lists it needs, whether one can answer."""

from django.utils.translation import gettext as _

from textwell.campaigns.models import Campaign
from textwell.campaigns.reach import Reach
from textwell.campaigns.terms import is_for_samples, layer_of, send_time
from textwell.campaigns.types import Problem
from textwell.consent.registers import list_registers
from textwell.gateways.models import Sender
from textwell.messaging.invitation_law import OLDEST_LIST_DAYS, list_invitable
from textwell.messaging.law import NO_LAW
from textwell.messaging.purposes import INVITATION
from textwell.messaging.unsaid import country_name


def list_invitation_problems(campaign: Campaign, reach: Reach) -> list[Problem]:
    """Nobody of the audience may be invited anywhere."""
    if campaign.purpose != INVITATION or not reach.counts:
        return []
    allowed = list_invitable(send_time(campaign).date())
    if any(country in allowed for country in reach.counts):
        return []
    names = ", ".join(sorted(country_name(code) for code in allowed)) or "–"
    problem = _("The rules of no country in this audience let you invite who never agreed.")
    mend = _("They do in: %(countries)s. Elsewhere ask by a form, a keyword or in your shop.")
    return [Problem("purpose", problem, mend % {"countries": names})]


def list_invitation_warnings(campaign: Campaign, reach: Reach) -> list[Problem]:
    """What leaves people out, or answers unheard."""
    if campaign.purpose != INVITATION:
        return []
    return [*_list_warnings(campaign, reach), *_answer_warnings(campaign)]


def _list_warnings(campaign: Campaign, reach: Reach) -> list[Problem]:
    if layer_of(campaign, is_simulated=is_for_samples(campaign)) == NO_LAW:
        return []
    at, allowed = send_time(campaign), list_invitable(send_time(campaign).date())
    age = {one.key: (at - one.checked_at).days for one in list_registers(campaign.workspace_id)}
    problem = _(
        "Nobody in %(country)s is invited: no list of its do-not-contact register from the last"
        " %(days)s days is on file."
    )
    mend = _("Import its latest list, as with `textwell registers import`.")
    found = []
    for country in sorted({*allowed} & {*reach.counts}):
        ages = [age[key] for key in allowed[country] if key in age]
        if allowed[country] and (not ages or max(ages) >= OLDEST_LIST_DAYS):
            told = {"country": country_name(country), "days": OLDEST_LIST_DAYS}
            found.append(Problem("audience", problem % told, mend))
    return found


def _answer_warnings(campaign: Campaign) -> list[Problem]:
    kinds = Sender.objects.filter(gateway_id=campaign.gateway_id or 0, value=campaign.sender)
    if set(kinds.values_list("kind", flat=True)) != {"alphanumeric"}:
        return []
    problem = _("Nobody can answer “%(sender)s”: silence means no.") % {"sender": campaign.sender}
    mend = _("Name a number of yours to send YES to, or link to a sign-up page.")
    return [Problem("body", problem, mend)]
