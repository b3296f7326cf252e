"""What a person decides about a campaign's messages whose answer was lost.

What became of them, and whether those that never left are sent again: nothing of it by itself.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.campaigns.actions import keep_gateway
from textwell.campaigns.errors import WrongState
from textwell.campaigns.models import Campaign, CampaignState
from textwell.core.errors import Conflict, FieldError
from textwell.gateways.errors import GatewayRetired
from textwell.gateways.models import GatewayState
from textwell.messaging.purposes import INVITATION
from textwell.messaging.settling import Chosen, Fate, send_again, settle_unknown


def settle_messages(
    *,
    campaign: Campaign,
    actor: str,
    fate: Fate,
    reason: str,
    message_ids: Sequence[int] | None = None,
) -> int:
    """Say that unknown messages were sent, or were not: those named, or all; answers how many.

    Messages that are not unknown are left alone, so calling twice is safe. What was not sent is
    never sent again by this.

    Raises:
        FieldError: there is no reason, or nobody is named.
    """
    chosen = _choose(campaign, actor, reason, message_ids)
    with transaction.atomic():
        count = settle_unknown(chosen, fate=fate)
        if count:
            _audit(chosen, "messages.settled", {"fate": fate.value, "messages": count})
    return count


def send_messages_again(
    *, campaign: Campaign, actor: str, reason: str, message_ids: Sequence[int] | None = None
) -> int:
    """Send what was found not sent once more: those named, or all; answers how many wait now.

    Each meets the gate and the caps at its hand-off, as at first. A campaign that was finished is
    sending again until they are through. Calling twice sends once.

    Raises:
        WrongState: the campaign is paused, or it was canceled or failed.
        GatewayRetired: its gateway was taken away.
        FieldError: there is no reason, or nobody is named.
        Conflict: they are invitations: if the first one did leave, a second one breaks the law.
    """
    chosen = _choose(campaign, actor, reason, message_ids)
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(id=campaign.id)
        if locked.purpose == INVITATION:
            raise Conflict(_("A person may get one invitation, once: it is never sent again."))
        if locked.state not in {CampaignState.SENDING, CampaignState.FINISHED}:
            raise WrongState(state=locked.state, action="sent again")
        if keep_gateway(locked) in {"", GatewayState.RETIRED}:
            raise GatewayRetired
        count = send_again(chosen)
        if not count:
            return 0
        locked.state, locked.finished_at = CampaignState.SENDING, None
        locked.save(update_fields=["state", "finished_at"])
        _audit(chosen, "messages.sent_again", {"messages": count})
    return count


def _choose(
    campaign: Campaign, actor: str, reason: str, message_ids: Sequence[int] | None
) -> Chosen:
    if not reason.strip():
        raise FieldError("reason", _("is missing"), _("Say how you know; the audit log keeps it."))
    if message_ids is not None and not message_ids:
        mend = _("Name at least one message, or say that you mean all.")
        raise FieldError("message_ids", _("is empty"), mend)
    return Chosen(
        workspace_id=campaign.workspace_id,
        campaign_id=campaign.id,
        first_id=campaign.first_message_id or 0,
        last_id=campaign.last_message_id or 0,
        message_ids=message_ids,
        actor=actor,
        reason=reason.strip(),
    )


def _audit(chosen: Chosen, action: str, after: dict[str, Any]) -> None:
    named = "all" if chosen.message_ids is None else list(chosen.message_ids)
    record_audit(
        workspace_id=chosen.workspace_id,
        actor=chosen.actor,
        action=action,
        subject=f"campaign:{chosen.campaign_id}",
        after={**after, "message_ids": named},
        reason=chosen.reason,
    )
