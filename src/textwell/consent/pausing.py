"""A rest from marketing that a person asked for: it begins at once, and ends at its moment by itself."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.consent.foremost import tell_connectors
from textwell.consent.models import Pause
from textwell.contacts.selectors import access_contact
from textwell.core.clock import now
from textwell.core.errors import FieldError

SMS: Final = "sms"
LONGEST: Final = timedelta(days=366)  # who wants longer says stop
USUAL_DAYS: Final = (7, 30, 90)


def pause_person(
    *,
    workspace_id: int,
    contact_id: int,
    until: datetime,
    source: str,
    actor: str,
    channel: str = SMS,
) -> Pause:
    """No marketing of any topic goes to the person until that moment; then it does without a new yes.

    What is planned for a moment within is skipped, whether it waits already or is yet to come. A
    second call moves the end. Other texts (codes, care) go on.

    Raises:
        NotFound: there is no such person here.
        FieldError: `until` is past, or too far ahead.
    """
    access_contact(workspace_id, contact_id)
    moment = now()
    _check(until, moment)
    with transaction.atomic():
        pause, _is_new = Pause.objects.update_or_create(
            contact_id=contact_id,
            channel=channel,
            defaults={
                "workspace_id": workspace_id,
                "until": until,
                "since": moment,
                "source": source[:200],
                "actor": actor,
            },
        )
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="contacts.paused",
            subject=f"contact:{contact_id}",
            after={"channel": channel, "until": until, "source": source},
        )
        tell_connectors("paused", workspace_id, [contact_id])
    return pause


def end_pause(*, workspace_id: int, contact_id: int, actor: str, channel: str = SMS) -> bool:
    """Marketing may go to the person again from now on; False: there was no pause any more.

    What was skipped stays so.

    Raises:
        NotFound: there is no such person here.
    """
    access_contact(workspace_id, contact_id)
    with transaction.atomic():
        found = Pause.objects.filter(
            workspace_id=workspace_id, contact_id=contact_id, channel=channel, until__gt=now()
        )
        was = found.values("until").first()
        if was is None or not found.delete()[0]:
            return False
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="contacts.pause_ended",
            subject=f"contact:{contact_id}",
            before={"channel": channel, "until": was["until"]},
        )
    return True


def find_pause(workspace_id: int, contact_id: int, *, channel: str = SMS) -> Pause | None:
    """The pause that holds now; None: there is none."""
    return Pause.objects.filter(
        workspace_id=workspace_id, contact_id=contact_id, channel=channel, until__gt=now()
    ).first()


def _check(until: datetime, moment: datetime) -> None:
    if until <= moment:
        raise FieldError("until", _("is past."), _("Give a moment in the future."))
    if until > moment + LONGEST:
        mend = _("Pause for at most %(days)d days, or record an opt-out.")
        raise FieldError("until", _("is too far ahead."), mend % {"days": LONGEST.days})
