"""What a workspace chooses for itself: name, caps, hours, approvals. Each change leaves an audit entry."""

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import JsonObject, record_audit
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.core.errors import FieldError

MAX_APPROVAL_ABOVE = 1_000_000_000
MAX_CAP_COUNT, MAX_CAP_HOURS = 1_000, 8_760
MAX_CONSENT_MONTHS = 120
MAX_ANSWER_MINUTES = 525_600  # a year
LAW_LAYERS = ("recommended", "legal")
SPEAKER_LENGTHS = {"brand": 20, "legal_name": 60, "postal_address": 200, "public_contact": 120}


def spoken_name(brand: str, name: str) -> str:
    """The name under which a workspace speaks to the public.

    Without a brand it is the name for ourselves, cut at a word to the length of a brand.
    """
    most = SPEAKER_LENGTHS["brand"]
    if brand or len(name) <= most:
        return brand or name
    whole, _space, _cut = name[: most + 1].rpartition(" ")
    return whole.rstrip(" ,;:-–—(") or name[:most]


def rename_workspace(*, workspace: Workspace, actor: str, name: str) -> Workspace:
    """Give the brand another name.

    Raises:
        FieldError: the name is empty.
    """
    if not name.strip():
        raise FieldError("name", _("is empty"), _("Write the name of the brand."))
    return _change_workspace(workspace, actor, "workspace.renamed", {"name": name.strip()})


def become_sandbox(*, workspace: Workspace, actor: str) -> Workspace:
    """Mark it for ever; `gateways.sandbox` asks whether it may become one. Twice is once."""
    if workspace.is_sandbox:
        return workspace
    return _change_workspace(workspace, actor, "workspace.sandboxed", {"is_sandbox": True})


def set_approval(*, workspace: Workspace, actor: str, is_needed: bool, above: int) -> Workspace:
    """Whether campaigns need a second person's word; only for audiences of more than `above`.

    Raises:
        FieldError: the number is below zero or too large.
    """
    if not 0 <= above <= MAX_APPROVAL_ABOVE:
        mend = _("Write a number from 0 to %(most)d.") % {"most": MAX_APPROVAL_ABOVE}
        raise FieldError("approval_above", _("is outside of its limits"), mend)
    values = {"needs_approval": is_needed, "approval_above": above}
    return _change_workspace(workspace, actor, "workspace.approval_changed", values)


def set_workspace_cap(*, workspace: Workspace, actor: str, count: int, hours: int) -> Workspace:
    """At most `count` marketing texts a person in `hours`, over all campaigns and messages; 0: none.

    It holds from the next batch that a connector takes. A campaign may be stricter, never looser.

    Raises:
        FieldError: a number is outside of its limits.
    """
    _check_within("cap_count", count, least=0, most=MAX_CAP_COUNT)
    _check_within("cap_hours", hours, least=1, most=MAX_CAP_HOURS)
    values = {"cap_count": count, "cap_hours": hours}
    return _change_workspace(workspace, actor, "workspace.cap_changed", values)


def set_law_layer(*, workspace: Workspace, actor: str, layer: str) -> Workspace:
    """Which hours hold for marketing: `recommended`, or those of law and carriers alone (`legal`).

    It holds for campaigns that are planned from now on. What law asks nobody can switch off.

    Raises:
        FieldError: there is no such layer.
    """
    if layer not in LAW_LAYERS:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(LAW_LAYERS)}
        raise FieldError("law_layer", _("is unknown."), mend)
    values = {"law_layer": layer}
    return _change_workspace(workspace, actor, "workspace.hours_changed", values)


def set_consent_months(*, workspace: Workspace, actor: str, months: int) -> Workspace:
    """A consent older than so many months counts no more; 0: as long as law has it.

    Where law has a shorter end, that one holds: nobody can make it longer. It holds at once.

    Raises:
        FieldError: the number is outside of its limits.
    """
    _check_within("consent_months", months, least=0, most=MAX_CONSENT_MONTHS)
    values = {"consent_months": months}
    return _change_workspace(workspace, actor, "workspace.consent_months_changed", values)


def set_speaker(
    *,
    workspace: Workspace,
    actor: str,
    brand: str,
    legal_name: str,
    postal_address: str,
    public_contact: str,
) -> Workspace:
    """Who speaks in texts, and whom people find on the page where they stop them; "" is not told.

    Raises:
        FieldError: a value is too long or has more than one line.
    """
    values = {
        "brand": brand.strip(),
        "legal_name": legal_name.strip(),
        "postal_address": postal_address.strip(),
        "public_contact": public_contact.strip(),
    }
    for name, value in values.items():
        most = SPEAKER_LENGTHS[name]
        if len(value) > most:
            problem = _("has more than %(most)d characters") % {"most": most}
            raise FieldError(name, problem, _("Shorten it."))
        if not value.isprintable():
            raise FieldError(name, _("has more than one line"), _("Write it in one line."))
    return _change_workspace(workspace, actor, "workspace.speaker_changed", values)


def set_small_business(
    *, workspace: Workspace, actor: str, is_small: bool, review_url: str
) -> Workspace:
    """Whether the pages are one screen with few places; `review_url` as `inbox.desk` has checked it."""
    values = {"is_small": is_small, "review_url": review_url}
    return _change_workspace(workspace, actor, "workspace.small_business_changed", values)


def set_answer_time(*, workspace: Workspace, actor: str, minutes: int) -> Workspace:
    """Within so many minutes whoever writes is to be answered; 0: no answer time.

    It holds at once, also for those who wait already.

    Raises:
        FieldError: the number is outside of its limits.
    """
    _check_within("answer_minutes", minutes, least=0, most=MAX_ANSWER_MINUTES)
    values = {"answer_minutes": minutes}
    return _change_workspace(workspace, actor, "workspace.answer_time_changed", values)


def hide_guide(*, workspace: Workspace, actor: str) -> Workspace:
    """Put the first steps away, for everybody of the workspace. Twice is once."""
    if workspace.guide_hidden_at is not None:
        return workspace
    return _change_workspace(workspace, actor, "workspace.guide_hidden", {"guide_hidden_at": now()})


def _change_workspace(
    workspace: Workspace, actor: str, action: str, values: JsonObject
) -> Workspace:
    with transaction.atomic():
        locked = Workspace.objects.select_for_update().get(id=workspace.id)
        before = {name: getattr(locked, name) for name in values}
        for name, value in values.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(values))
        record_audit(
            workspace_id=locked.id, actor=actor, action=action, before=before, after=values
        )
    return locked


def _check_within(field: str, value: int, *, least: int, most: int) -> None:
    if not least <= value <= most:
        mend = _("Write a number from %(least)d to %(most)d.") % {"least": least, "most": most}
        raise FieldError(field, _("is outside of its limits"), mend)
