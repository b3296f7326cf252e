"""Every write of workspaces' link domains. The edge learns of each after commit."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.core.bus import kv_delete_after_commit, kv_put_after_commit
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.core.streams import HOSTS_BUCKET
from textwell.core.wire import LinkHostItem, encode
from textwell.links.host_check import check_host
from textwell.links.host_names import read_host
from textwell.links.models import LinkHost
from textwell.links.selectors import access_link_host, find_link_host

GOOD_FOR: Final = timedelta(days=1)
FAILING_FOR: Final = timedelta(hours=1)  # what was only away for a moment is soon in use again
SYSTEM: Final = "system"
_AT_ONCE: Final = 20


def set_link_host(*, workspace: Workspace, host: str, actor: str) -> LinkHost:
    """Make it the workspace's link domain, to be checked. The one before goes on answering.

    The present one again changes nothing.

    Raises:
        FieldError: it is no name for this (see `read_host`), or another workspace has it.
    """
    host = read_host(host)
    try:
        with transaction.atomic():
            Workspace.objects.select_for_update().get(id=workspace.id)
            before = find_link_host(workspace.id)
            if before is not None and before.host == host:
                return before
            if before is not None:
                _retire(before)
            made = _take(workspace.id, host)
            _audit(workspace, actor, "workspace.link_host_set", before, made)
            publish_host(made)
    except IntegrityError:  # another workspace was first, a moment ago
        raise _taken() from None
    return made


def remove_link_host(*, workspace: Workspace, actor: str) -> None:
    """New links begin with the installation's domain again; those sent go on working.

    Raises:
        NotFound: there is none.
    """
    with transaction.atomic():
        Workspace.objects.select_for_update().get(id=workspace.id)
        before = access_link_host(workspace.id)
        _retire(before)
        _audit(workspace, actor, "workspace.link_host_removed", before, None)


def check_link_host(*, workspace: Workspace, actor: str) -> LinkHost:
    """Look whether its links would arrive here, and keep what was found. Takes seconds.

    Raises:
        NotFound: there is none.
        Conflict: it was replaced in the meantime.
    """
    host = access_link_host(workspace.id)
    publish_host(host)
    found = check_host(host.host, host.proof)
    state = "good" if found.is_good else "failing"
    with transaction.atomic():
        locked = LinkHost.objects.select_for_update().filter(id=host.id, retired_at=None).first()
        if locked is None:
            raise Conflict(_("The link domain was changed during the check. Check it again."))
        before = (locked.state, locked.problem)
        locked.state, locked.problem, locked.facts = state, found.problem, found.facts
        locked.scheme, locked.checked_at = found.scheme, now()
        locked.good_at = locked.good_at or (locked.checked_at if found.is_good else None)
        locked.save()
        # What a sweep finds as it was is no news.
        if actor != SYSTEM or (state, found.problem) != before:
            record_audit(
                workspace_id=workspace.id,
                actor=actor,
                action="workspace.link_host_checked",
                before={"state": before[0]},
                after={"host": locked.host, "state": state, "problem": found.problem},
            )
    return locked


def check_due_hosts() -> int:
    """Check again what was good a day ago or failed an hour ago; how many. Takes seconds for each.

    One that nobody checked within a day of its making is checked too.
    """
    moment = now()
    is_due = Q(since__lt=moment - GOOD_FOR) | Q(
        state="failing", checked_at__lt=moment - FAILING_FOR
    )
    hosts = LinkHost.objects.annotate(since=Coalesce("checked_at", "created_at"))
    due = list(hosts.filter(is_due, retired_at=None).order_by("since")[:_AT_ONCE])
    for host in due:
        workspace = Workspace.objects.get(id=host.workspace_id)
        with suppress(NotFound, Conflict):  # changed or removed a moment ago
            check_link_host(workspace=workspace, actor=SYSTEM)
    return len(due)


def publish_host(host: LinkHost) -> None:
    """Tell the edge once the present transaction has committed."""
    item = LinkHostItem(host.id, host.workspace_id, host.host, host.proof)
    kv_put_after_commit(HOSTS_BUCKET, str(host.id), encode(item))


def publish_all_hosts() -> int:
    """Write the whole bucket anew, as after a loss of the broker; how many. Twice is safe."""
    hosts = list(LinkHost.objects.order_by("id"))
    for host in hosts:
        publish_host(host)
    return len(hosts)


def _take(workspace_id: int, host: str) -> LinkHost:
    """A row of its own, or the one from when the workspace had the name before."""
    known = LinkHost.objects.filter(host=host).first()
    if known is None:
        return LinkHost.objects.create(workspace_id=workspace_id, host=host)
    if known.workspace_id != workspace_id:
        raise _taken()
    known.retired_at, known.state, known.problem, known.checked_at = None, "unchecked", "", None
    known.save(update_fields=["retired_at", "state", "problem", "checked_at"])
    return known


def _retire(host: LinkHost) -> None:
    if host.good_at is None:  # no link ever began with it: the name is free again
        kv_delete_after_commit(HOSTS_BUCKET, str(host.id))
        LinkHost.objects.filter(id=host.id).delete()
        return
    LinkHost.objects.filter(id=host.id).update(retired_at=now())


def _audit(
    workspace: Workspace, actor: str, action: str, before: LinkHost | None, after: LinkHost | None
) -> None:
    record_audit(
        workspace_id=workspace.id,
        actor=actor,
        action=action,
        before={"host": before.host if before else ""},
        after={"host": after.host if after else ""},
    )


def _taken() -> FieldError:
    mend = _("Take another name, or have it removed there.")
    return FieldError("host", _("is the link domain of another workspace"), mend)
