"""Four eyes by the pages and by the API."""

import re
from collections.abc import Callable

from django.test import Client

from builders import make_campaign, make_contact, make_member
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import AuditEntry, User, Workspace
from textwell.campaigns.models import Approval, Campaign

SignIn = Callable[[User], Client]


def test_one_makes_another_approves_and_then_it_leaves(
    workspace: Workspace, owner: User, owner_client: Client, client_of: SignIn
) -> None:
    owner_client.post("/settings/approval", {"needs_approval": "on", "approval_above": "0"})
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, authors=[f"user:{owner.id}"])
    at = f"/campaigns/{campaign.id}"
    approver = client_of(make_member(workspace=workspace, role="approver"))

    refused = owner_client.post(f"{at}/launch", follow=True).content
    owner_client.post(f"{at}/submit")
    assert b'value="approve"' not in owner_client.get(f"{at}/review").content
    page = approver.get(f"{at}/review").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    approver.post(f"{at}/decide", {"decision": "approve", "seen": seen, "reason": "Fine."})
    owner_client.post(f"{at}/launch")

    assert b"It needs the approval of somebody who did not work on it." in refused
    assert Campaign.objects.get().state == "planning"
    assert AuditEntry.objects.get(action="campaigns.approved").reason == "Fine."


def test_the_owner_cannot_approve_their_own(
    workspace: Workspace, owner: User, owner_client: Client
) -> None:
    owner_client.post("/settings/approval", {"needs_approval": "on"})
    campaign = make_campaign(workspace=workspace, authors=[f"user:{owner.id}"])
    owner_client.post(f"/campaigns/{campaign.id}/submit")
    seen = Approval.objects.get().content_hash

    owner_client.post(
        f"/campaigns/{campaign.id}/decide", {"decision": "approve", "seen": seen}, follow=True
    )

    assert Approval.objects.get().state == "submitted"


def test_the_api_keeps_the_four_eyes(workspace: Workspace, owner: User, client: Client) -> None:
    Workspace.objects.filter(id=workspace.id).update(needs_approval=True)
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, authors=[f"user:{owner.id}"])
    scopes = ["campaigns:read", "campaigns:write", "campaigns:approve"]
    headers = {}
    for name, maker in (("own", owner), ("other", make_member(workspace=workspace, role="admin"))):
        _key, secret = create_api_key(
            workspace=workspace, name=name, scopes=scopes, actor=f"user:{maker.id}"
        )
        headers[name] = {"authorization": f"Bearer {secret}"}
    at = f"/api/v1/campaigns/{campaign.id}"

    def post(who: str, verb: str, body: dict[str, object] | None = None) -> int:
        return client.post(
            f"{at}/{verb}", body, content_type="application/json", headers=headers[who]
        ).status_code

    assert post("own", "launch") == 409
    assert post("own", "submit") == 200
    digest = client.get(f"{at}/approval", headers=headers["own"]).json()["content_hash"]
    decision = {"is_approved": True, "content_hash": digest}
    assert post("own", "approve", decision) == 403
    assert post("other", "approve", decision) == 200
    assert post("own", "launch") == 200
