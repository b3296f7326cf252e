"""Reads of programmes for others; the workspace comes first."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import NotFound
from textwell.programmes import sql
from textwell.programmes.disclosures import find_missing, present_disclosures
from textwell.programmes.models import (
    IncentiveCode,
    Placement,
    Programme,
    ProgrammeState,
    SignUp,
    SignUpState,
)
from textwell.programmes.reaching import find_unasked
from textwell.programmes.speaking import find_unsaid
from textwell.programmes.types import Problem


def list_programmes(workspace_id: int) -> list[Programme]:
    """All of a workspace, the newest first."""
    return list(Programme.objects.filter(workspace_id=workspace_id).order_by("-id"))


def access_programme(workspace_id: int, programme_id: int) -> Programme:
    """The programme, or NotFound (also for another workspace's)."""
    found = Programme.objects.filter(workspace_id=workspace_id, id=programme_id).first()
    if found is None:
        raise NotFound("programme", programme_id)
    return found


def access_placement(workspace_id: int, placement_id: int) -> Placement:
    """The placement with its programme, or NotFound (also for another workspace's)."""
    own = Placement.objects.filter(workspace_id=workspace_id, id=placement_id)
    found = own.select_related("programme").first()
    if found is None:
        raise NotFound("placement", placement_id)
    return found


def list_placements(programme: Programme) -> list[Placement]:
    """All places where it is offered, the oldest first."""
    return list(Placement.objects.filter(programme=programme).order_by("id"))


def find_by_code(code: str) -> Placement | None:
    """The placement of a link; None: there is none."""
    return Placement.objects.filter(code=code).select_related("programme").first()


def is_open(placement: Placement) -> bool:
    """Whether people can join here now."""
    programme, moment = placement.programme, now()
    return (
        programme.state == ProgrammeState.PUBLISHED
        and placement.paused_at is None
        and (programme.starts_at is None or programme.starts_at <= moment)
        and (programme.ends_at is None or moment < programme.ends_at)
    )


def find_problems(programme: Programme) -> list[Problem]:
    """All that keeps a programme from being published; empty: nothing."""
    problems = []
    if not programme.brand.strip():
        problems.append(Problem("brand", _("The brand has no name.")))
    if not programme.countries:
        problems.append(Problem("countries", _("Choose the countries of the people who join.")))
    shown = present_disclosures(programme)
    for country in programme.countries:
        there = [each for each in shown if each.country == country]
        if not there:
            text = _("%(country)s: there is no text that people agree to.") % {"country": country}
            problems.append(Problem("disclosures", text, country))
        for each in there:
            problems += find_missing(programme, country, each.language, each.parts)
        if unasked := find_unasked(programme, country):
            problems.append(unasked)
        if unsaid := find_unsaid(programme, country, now().date()):
            problems.append(unsaid)
    if programme.min_age and Placement.objects.filter(programme=programme).exclude(plain=""):
        text = _("A keyword cannot ask for a date of birth: take away the keywords or the age.")
        problems.append(Problem("min_age", text))
    return problems


def count_codes(programme: Programme) -> tuple[int, int]:
    """Codes of the pool that are left, and all of them."""
    codes = IncentiveCode.objects.filter(programme=programme)
    return codes.filter(contact_id=None).count(), codes.count()


def count_joined(workspace_id: int) -> dict[int, int]:
    """How many people joined each programme."""
    joined = SignUp.objects.filter(workspace_id=workspace_id, state=SignUpState.JOINED)
    return dict(joined.values_list("programme_id").annotate(Count("id")))


@dataclass(frozen=True, slots=True)
class ShortPool:
    """A running programme whose welcome needs codes, and fewer are left than its alarm says."""

    programme_id: int
    name: str
    left: int


def list_short_pools(workspace_id: int) -> list[ShortPool]:
    """Where people will soon join without a welcome, or do already; the fewest codes first."""
    with cursor() as raw:
        raw.execute(sql.SHORT_POOLS, {"workspace_id": workspace_id})
        return [ShortPool(*row) for row in raw.fetchall()]


def access_sign_up(workspace_id: int, sign_up_id: int) -> SignUp:
    """One sign-up, or NotFound (also for another workspace's)."""
    found = SignUp.objects.filter(workspace_id=workspace_id, id=sign_up_id).first()
    if found is None:
        raise NotFound("sign-up", sign_up_id)
    return found
