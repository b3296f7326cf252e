"""Messages whose answer was lost: say what became of them, and send again what never left."""

from ninja import Router

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.base import Count
from textwell.api.schemas.campaigns import SendAgainIn, SettleIn
from textwell.campaigns.selectors import access_campaign
from textwell.campaigns.settling import send_messages_again, settle_messages
from textwell.messaging.settling import Fate

router = Router(tags=["Campaigns"])
WRITE = ApiKey(Scope.CAMPAIGNS_WRITE)


@router.post("/{int:campaign_id}/unknown/settle", auth=WRITE, response=Count)
def settle(request: KeyRequest, campaign_id: int, found: SettleIn) -> dict[str, int]:
    """Say that unknown messages were sent, or were not. Nothing is sent by it; twice is once.

    Who they are: `GET …/people?state=unknown`.
    """
    count = settle_messages(
        campaign=access_campaign(request.auth.workspace_id, campaign_id),
        actor=request.auth.actor,
        fate=Fate(found.fate),
        reason=found.reason,
        message_ids=found.message_ids,
    )
    return {"count": count}


@router.post("/{int:campaign_id}/unknown/send-again", auth=WRITE, response=Count)
def send_again(request: KeyRequest, campaign_id: int, which: SendAgainIn) -> dict[str, int]:
    """Send what was found not sent once more: the gate and the caps judge each. Twice is once.

    Who they are: `GET …/people?state=not_sent`. 409 while the campaign is paused, and for one that
    was canceled or failed.
    """
    count = send_messages_again(
        campaign=access_campaign(request.auth.workspace_id, campaign_id),
        actor=request.auth.actor,
        reason=which.reason,
        message_ids=which.message_ids,
    )
    return {"count": count}
