"""Four eyes on campaigns: hand in, look, approve or return."""

from ninja import Router

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.approvals import ApprovalOut, DecisionIn
from textwell.campaigns.approval import decide_campaign, find_approval, submit_campaign
from textwell.campaigns.models import Approval
from textwell.campaigns.selectors import access_campaign
from textwell.core.errors import NotFound

router = Router(tags=["Campaigns"])
READ, WRITE = ApiKey(Scope.CAMPAIGNS_READ), ApiKey(Scope.CAMPAIGNS_WRITE)
APPROVE = ApiKey(Scope.CAMPAIGNS_APPROVE)


@router.post("/{int:campaign_id}/submit", auth=WRITE, response=ApprovalOut)
def submit(request: KeyRequest, campaign_id: int) -> Approval:
    """Hand it in for the approval of a second person. Twice is once."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return submit_campaign(campaign=campaign, actor=request.auth.actor)


@router.get("/{int:campaign_id}/approval", auth=READ, response=ApprovalOut)
def approval(request: KeyRequest, campaign_id: int) -> Approval:
    """The latest word on it; 404 before it was handed in."""
    found = find_approval(access_campaign(request.auth.workspace_id, campaign_id))
    if found is None:
        raise NotFound("approval")
    return found


@router.post("/{int:campaign_id}/approve", auth=APPROVE, response=ApprovalOut)
def approve(request: KeyRequest, campaign_id: int, decision: DecisionIn) -> Approval:
    """Approve exactly the content that was handed in, or return it with a reason.

    403 for a key whose maker worked on it, 409 when its content is another one by now.
    """
    return decide_campaign(
        campaign=access_campaign(request.auth.workspace_id, campaign_id),
        actor=request.auth.actor,
        is_approved=decision.is_approved,
        seen_hash=decision.content_hash,
        reason=decision.reason,
    )
