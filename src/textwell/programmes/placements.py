"""Where a programme is offered: link, keyword, cost; and what pauses one."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import GatewayState, Sender
from textwell.inbox.words import understand
from textwell.programmes.actions import make_code
from textwell.programmes.keywords import plain_keyword
from textwell.programmes.models import Placement, Programme, ProgrammeState

MOST_PLACEMENTS: Final = 500  # of a programme
LEAST_KEYWORD, LONGEST_KEYWORD = 2, 30
MOST_COST: Final = 10**15  # millionths
# What a word may mean to the inbox and still be a keyword; the others have a meaning everywhere.
_FREE: Final = ("other", "opt_in", "question")
FIELDS: Final = ("name", "keyword", "sender", "keyword_from", "keyword_until", "cost_micros")


def create_placement(*, programme: Programme, actor: str, **values: Any) -> Placement:
    """A new place with a link of its own.

    Raises:
        FieldError: a value cannot be used; on `keyword`: another placement has it at that sender then.
    """
    with transaction.atomic():
        _hold_keywords(programme.workspace_id)
        if Placement.objects.filter(programme=programme).count() >= MOST_PLACEMENTS:
            problem = _("There are %(most)d already.") % {"most": MOST_PLACEMENTS}
            raise FieldError("name", problem, _("Change one that nobody uses."))
        made = Placement(workspace_id=programme.workspace_id, programme=programme, code=make_code())
        _set(made, values)
        told = {"programme_id": programme.id, "name": made.name, "keyword": made.keyword}
        audit_row(made, "placement", actor, "programmes.placement_created", after=told)
    return made


def update_placement(*, placement: Placement, actor: str, **values: Any) -> Placement:
    """Change it; its link stays. Raises as `create_placement`."""
    with transaction.atomic():
        _hold_keywords(placement.workspace_id)
        locked = Placement.objects.select_for_update().get(id=placement.id)
        before = {name: _plain(getattr(locked, name)) for name in values}
        _set(locked, values)
        after = {name: _plain(getattr(locked, name)) for name in values}
        if after != before:
            audit_row(
                locked,
                "placement",
                actor,
                "programmes.placement_changed",
                before=before,
                after=after,
            )
    return locked


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def pause_placement(
    *, placement: Placement, actor: str, why: dict[str, object] | None = None
) -> bool:
    """Nobody joins by it any more. `why`: what a test found; twice is once, and the answer is False."""
    with transaction.atomic():
        found = Placement.objects.filter(id=placement.id, paused_at=None)
        if not found.update(paused_at=now(), paused_why=why or {}):
            return False
        audit_row(placement, "placement", actor, "programmes.placement_paused", after=why or {})
    return True


def resume_placement(*, placement: Placement, actor: str) -> None:
    """People join by it again; whoever joined before counts no more in its test. Twice is once."""
    with transaction.atomic():
        paused = Placement.objects.filter(id=placement.id, paused_at__isnull=False)
        if paused.update(paused_at=None, paused_why={}, judged_from=now()):
            audit_row(placement, "placement", actor, "programmes.placement_resumed")


def list_keyword_senders(workspace_id: int) -> list[str]:
    """Senders that people can text: numbers and short codes of active gateways, each once."""
    senders = Sender.objects.filter(
        workspace_id=workspace_id, is_active=True, gateway__state=GatewayState.ACTIVE
    ).exclude(kind="alphanumeric")
    return sorted(set(senders.values_list("value", flat=True)))


def _hold_keywords(workspace_id: int) -> None:
    """Two who give out the same keyword at once: one after the other."""
    Workspace.objects.select_for_update().get(id=workspace_id)


def _set(placement: Placement, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(placement, name, value)
    placement.name = placement.name.strip()
    if not placement.name:
        raise FieldError("name", _("is missing"), _("Say where it is: shop window, receipt, site."))
    if len(placement.name) > 120:  # noqa: PLR2004 - as it is stored
        mend = _("Shorten it to %(most)d characters.") % {"most": 120}
        raise FieldError("name", _("is too long"), mend)
    if not 0 <= placement.cost_micros <= MOST_COST:
        raise FieldError("cost", _("is outside of its limits"), _("Give what it cost, or 0."))
    _set_keyword(placement)
    try:
        with transaction.atomic():
            placement.save()
    except IntegrityError as error:
        problem = _("is the name of another placement")
        raise FieldError("name", problem, _("Choose another.")) from error


def _set_keyword(placement: Placement) -> None:
    placement.keyword = " ".join(placement.keyword.split())
    placement.plain = plain_keyword(placement.keyword)
    if not placement.keyword:
        return
    _check_word(placement)
    begins, ends = placement.keyword_from, placement.keyword_until
    if begins and ends and ends <= begins:
        raise FieldError("keyword_until", _("is not after the beginning"), _("Choose a later day."))
    senders = list_keyword_senders(placement.workspace_id)
    placement.sender = placement.sender or (senders[0] if len(senders) == 1 else "")
    if placement.sender not in senders:
        mend = _("Choose a number of an active gateway that people can text.")
        raise FieldError("sender", _("cannot be texted"), mend)
    _refuse_taken(placement)


def _check_word(placement: Placement) -> None:
    if not LEAST_KEYWORD <= len(placement.plain) <= LONGEST_KEYWORD:
        limits = {"least": LEAST_KEYWORD, "most": LONGEST_KEYWORD}
        mend = _("Take %(least)d to %(most)d letters and digits.") % limits
        raise FieldError("keyword", _("cannot be a keyword"), mend)
    if placement.programme.min_age and placement.programme.state != ProgrammeState.DRAFT:
        mend = _("Leave it empty, or take the age away from the programme first.")
        raise FieldError("keyword", _("cannot ask for a date of birth"), mend)
    for country in placement.programme.countries or [""]:
        said = understand(placement.keyword, country)
        if said.intent not in _FREE:
            problem = _("means something everywhere: %(word)s") % {"word": said.intent}
            raise FieldError("keyword", problem, _("Choose a word that answers nothing."))


def _refuse_taken(placement: Placement) -> None:
    """Raises FieldError where another placement has the keyword at the same sender and time."""
    others = Placement.objects.filter(
        workspace_id=placement.workspace_id, plain=placement.plain, sender=placement.sender
    ).exclude(id=placement.id)
    if placement.keyword_until:
        others = others.filter(Q(keyword_from=None) | Q(keyword_from__lt=placement.keyword_until))
    if placement.keyword_from:
        others = others.filter(Q(keyword_until=None) | Q(keyword_until__gt=placement.keyword_from))
    taken = others.select_related("programme").first()
    if taken is not None:
        problem = _("belongs to “%(placement)s” of “%(programme)s” at %(sender)s") % {
            "placement": taken.name,
            "programme": taken.programme.name,
            "sender": placement.sender,
        }
        raise FieldError("keyword", problem, _("Choose another word, sender or time."))
