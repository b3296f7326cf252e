"""Who shares suppressions with whom: a workspace makes a code, another one joins by it, either leaves.

Both sides consent: one by making the code and giving it on, one by entering it; each says for itself
which of its reasons it shares.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.accounts.secrets import hash_secret
from textwell.consent import sql
from textwell.consent.models import SharingCode, SharingGroup, SharingMember
from textwell.consent.sharing import Owners, owners_elsewhere, withdraw_elsewhere
from textwell.consent.suppressing import PEOPLE_AT_ONCE
from textwell.consent.types import SHAREABLE
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import Conflict, FieldError

VALID_FOR: Final = timedelta(days=1)
LONGEST_CODE: Final = 100


def make_sharing_code(
    *, workspace: Workspace, reasons: Sequence[str], actor: str
) -> tuple[str, datetime]:
    """A code for one other workspace, never shown again, and when it ends.

    A workspace that shares with nobody yet begins a group and says what it shares; one in a group
    keeps what it said.

    Raises:
        FieldError: `reasons` cannot be shared.
    """
    code, ends_at = secrets.token_urlsafe(32), now() + VALID_FOR
    with transaction.atomic():
        member = find_sharing(workspace)
        if member is None:
            chosen = _check(reasons)
            group = SharingGroup.objects.create()
            member = SharingMember.objects.create(
                workspace_id=workspace.id, group=group, reasons=chosen
            )
        SharingCode.objects.create(
            workspace_id=workspace.id,
            group=member.group,
            code_hash=hash_secret(code),
            expires_at=ends_at,
        )
        _audit(workspace.id, actor, "sharing.code_made", {"reasons": member.reasons})
    return code, ends_at


def join_sharing_group(
    *, workspace: Workspace, code: str, reasons: Sequence[str], actor: str
) -> SharingMember:
    """Share with the group of the code: from now on, and what everybody in it has by now.

    Raises:
        FieldError: the code is unknown, used or too old, or `reasons` cannot be shared.
        Conflict: the workspace is in a group already.
    """
    chosen = _check(reasons)
    with transaction.atomic():
        group = _claim(workspace, code)
        member = SharingMember.objects.create(
            workspace_id=workspace.id, group=group, reasons=chosen
        )
        elsewhere = _share_all(group.id)
        _audit(workspace.id, actor, "sharing.joined", {"reasons": chosen})
        for other_id in group.members.exclude(workspace_id=workspace.id).values_list(
            "workspace_id", flat=True
        ):
            _audit(other_id, "system", "sharing.brand_joined", {"name": workspace.name})
    for other_id, contact_ids in elsewhere.items():
        _withdraw(other_id, contact_ids)
    return member


def leave_sharing_group(*, workspace: Workspace, actor: str) -> None:
    """Share nothing from now on, and be told nothing. What was shared stays, and is lifted by hand.

    Twice is once.
    """
    with transaction.atomic():
        member = find_sharing(workspace)
        if member is None:
            return
        SharingGroup.objects.select_for_update().get(id=member.group_id)
        SharingCode.objects.filter(workspace_id=workspace.id, used_at=None).delete()
        if SharingMember.objects.filter(workspace_id=workspace.id).delete()[0]:
            _audit(workspace.id, actor, "sharing.left", {"reasons": member.reasons})
        if not SharingMember.objects.filter(group_id=member.group_id).exists():
            SharingGroup.objects.filter(id=member.group_id).delete()


def find_sharing(workspace: Workspace) -> SharingMember | None:
    """What the workspace shares; None: it is in no group."""
    return SharingMember.objects.select_related("group").filter(workspace_id=workspace.id).first()


def list_sharing_brands(workspace: Workspace) -> list[str]:
    """Names of the other workspaces of the group."""
    mine = SharingMember.objects.filter(workspace_id=workspace.id).values("group_id")
    others = SharingMember.objects.filter(group_id__in=mine).exclude(workspace_id=workspace.id)
    found = Workspace.objects.filter(id__in=others.values("workspace_id"))
    return list(found.order_by("name", "id").values_list("name", flat=True))


def _check(reasons: Sequence[str]) -> list[str]:
    chosen = [each for each in SHAREABLE if each in reasons]
    if not chosen or set(reasons) - set(SHAREABLE):
        mend = _("Use one or more of: %(known)s.") % {"known": ", ".join(SHAREABLE)}
        raise FieldError("reasons", _("cannot be shared."), mend)
    return chosen


def _claim(workspace: Workspace, code: str) -> SharingGroup:
    """The group behind the code, locked; the code is used up."""
    if SharingMember.objects.filter(workspace_id=workspace.id).exists():
        raise Conflict(_("This workspace is in a group already. Leave that one first."))
    unknown = FieldError(
        "code",
        _("is unknown, used or too old."),
        _("Ask the owner of the other workspace for a new one."),
    )
    if not 0 < len(code) <= LONGEST_CODE or "\x00" in code:
        raise unknown
    found = SharingCode.objects.filter(code_hash=hash_secret(code.strip())).first()
    if found is None or found.workspace_id == workspace.id:
        raise unknown
    group = SharingGroup.objects.select_for_update().filter(id=found.group_id).first()
    is_ours = SharingCode.objects.filter(id=found.id, used_at=None, expires_at__gt=now()).update(
        used_at=now()
    )
    if group is None or not is_ours:
        raise unknown
    return group


def _share_all(group_id: int) -> Owners:
    params: dict[str, Any] = {"group_id": group_id, "now": now()}
    with cursor() as raw:
        raw.execute(sql.SHARE_ALL_NUMBERS, params)
        raw.execute(sql.SHARE_ALL_REASONS, params)
        return owners_elsewhere(raw.fetchall())


def _withdraw(workspace_id: int, contact_ids: Sequence[int]) -> None:
    """After the numbers are down, some people at a time: gateways wait for no more."""
    for first in range(0, len(contact_ids), PEOPLE_AT_ONCE):
        with transaction.atomic():
            withdraw_elsewhere({workspace_id: contact_ids[first : first + PEOPLE_AT_ONCE]})


def _audit(workspace_id: int, actor: str, action: str, after: dict[str, object]) -> None:
    record_audit(
        workspace_id=workspace_id, actor=actor, action=action, subject="sharing", after=after
    )
