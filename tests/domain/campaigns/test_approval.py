"""Four eyes: nobody's own work is launched without another's word on exactly that content."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_campaign, make_contact, make_member, make_workspace
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import AuditEntry, Workspace
from textwell.accounts.workspaces import set_approval
from textwell.campaigns.actions import create_campaign, launch_campaign, update_campaign
from textwell.campaigns.approval import (
    content_hash,
    decide_campaign,
    find_approval,
    may_decide,
    submit_campaign,
)
from textwell.campaigns.errors import NotApproved
from textwell.campaigns.models import Approval, Campaign
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError, Forbidden, TextwellError
from wide import examples

ANNA, BEN, CLEO = "user:1", "user:2", "user:3"
LATER = now() + timedelta(days=30)


@pytest.fixture
def campaign(workspace: Workspace) -> Campaign:
    """Anna's, ready but for the approval that the workspace asks for."""
    set_approval(workspace=workspace, actor="system", is_needed=True, above=0)
    make_contact(workspace=workspace)
    return make_campaign(workspace=workspace, authors=[ANNA])


def approve(campaign: Campaign, actor: str, reason: str = "") -> Approval:
    seen = content_hash(Campaign.objects.get(id=campaign.id))
    return decide_campaign(
        campaign=campaign, actor=actor, is_approved=True, seen_hash=seen, reason=reason
    )


def test_without_approval_it_is_not_launched(campaign: Campaign) -> None:
    with pytest.raises(NotApproved, match="needs the approval of somebody"):
        launch_campaign(campaign=campaign, actor=ANNA)
    submit_campaign(campaign=campaign, actor=ANNA)
    with pytest.raises(NotApproved):
        launch_campaign(campaign=campaign, actor=ANNA)

    assert Campaign.objects.get().state == "draft"


def test_another_person_s_word_lets_it_leave(campaign: Campaign) -> None:
    submit_campaign(campaign=campaign, actor=ANNA)
    approve(campaign, BEN, reason="Read twice.")

    assert launch_campaign(campaign=campaign, actor=ANNA).state == "planning"
    entry = AuditEntry.objects.get(action="campaigns.approved")
    assert (entry.actor, entry.reason) == (BEN, "Read twice.")
    assert entry.data["after"] == {"content_hash": content_hash(campaign)}


def test_nobody_approves_what_they_made_changed_or_submitted(campaign: Campaign) -> None:
    update_campaign(campaign=campaign, actor=BEN, body="Warm bread")
    submit_campaign(campaign=campaign, actor=CLEO)

    for actor in (ANNA, BEN, CLEO):
        with pytest.raises(Forbidden):
            approve(campaign, actor)

    assert find_approval(campaign).state == "submitted"


def test_a_key_is_the_person_who_made_it(workspace: Workspace, campaign: Campaign) -> None:
    dora = make_member(workspace=workspace, role="owner")
    key, _secret = create_api_key(
        workspace=workspace, name="x", scopes=["campaigns:write"], actor=f"user:{dora.id}"
    )
    update_campaign(campaign=campaign, actor=f"key:{key.id}", body="Warm bread")
    campaign.refresh_from_db()

    assert not may_decide(campaign, f"user:{dora.id}")
    assert not may_decide(campaign, f"key:{key.id}")
    assert may_decide(campaign, f"user:{dora.id + 1}")


CHANGES = [
    {"name": "Other"}, {"body": "Stale bread"}, {"sender": "OTHER"}, {"audience": {"tag": "vip"}},
    {"links": [{"url": "https://example.org/"}]}, {"utm": {"utm_source": "x"}}, {"cap_count": 9},
    {"cap_hours": 9}, {"validity_hours": 9}, {"fallbacks": {"first_name": "friend"}},
    {"unaccent": True}, {"replace_characters": False}, {"gateway_id": None},
    {"expires_at": LATER}, {"scheduled_at": LATER},
    {"purpose": "care"}, {"goal": "news"}, {"goal_at": LATER}, {"metric": "clicks"},
    {"metric_event": "x"}, {"holdout_percent": 1},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_every_edit_voids_the_approval(change: dict[str, object], campaign: Campaign) -> None:
    submit_campaign(campaign=campaign, actor=ANNA)
    approve(campaign, BEN)

    update_campaign(campaign=campaign, actor=CLEO, **change)

    assert find_approval(campaign).state == "void"
    with pytest.raises(TextwellError):
        launch_campaign(campaign=campaign, actor=ANNA)
    assert AuditEntry.objects.filter(action="campaigns.approval_voided").count() == 1


def test_another_time_than_the_approved_one_needs_another_word(campaign: Campaign) -> None:
    submit_campaign(campaign=campaign, actor=ANNA)
    approve(campaign, BEN)

    with pytest.raises(NotApproved):
        launch_campaign(campaign=campaign, actor=ANNA, at=now() + timedelta(days=1))


def test_who_saw_another_content_approves_nothing(campaign: Campaign) -> None:
    seen = content_hash(campaign)
    submit_campaign(campaign=campaign, actor=ANNA)
    update_campaign(campaign=campaign, actor=ANNA, body="Stale bread")
    submit_campaign(campaign=campaign, actor=ANNA)

    with pytest.raises(Conflict, match="changed since"):
        decide_campaign(campaign=campaign, actor=BEN, is_approved=True, seen_hash=seen)


def test_to_return_it_needs_a_reason(campaign: Campaign) -> None:
    submit_campaign(campaign=campaign, actor=ANNA)
    seen = content_hash(campaign)
    with pytest.raises(FieldError, match="reason"):
        decide_campaign(campaign=campaign, actor=BEN, is_approved=False, seen_hash=seen)

    decide_campaign(campaign=campaign, actor=BEN, is_approved=False, seen_hash=seen, reason="Typo")

    assert (find_approval(campaign).state, find_approval(campaign).reason) == ("returned", "Typo")
    with pytest.raises(NotApproved):
        launch_campaign(campaign=campaign, actor=ANNA)


def test_small_audiences_may_need_none(workspace: Workspace, campaign: Campaign) -> None:
    set_approval(workspace=workspace, actor="system", is_needed=True, above=1)

    assert launch_campaign(campaign=campaign, actor=ANNA).state == "planning"


ACTORS = st.sampled_from([ANNA, BEN, CLEO])
STEPS = st.tuples(
    st.sampled_from(["edit", "submit", "approve", "return", "launch"]),
    ACTORS,
    st.sampled_from(["Bread", "Cake"]),
)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(maker=ACTORS, steps=st.lists(STEPS, max_size=12))
def test_nothing_leaves_without_another_s_word_on_exactly_that_content(
    maker: str, steps: list[tuple[str, str, str]], workspace: Workspace
) -> None:
    made_in = make_workspace(needs_approval=True)
    make_contact(workspace=made_in)
    ready = make_campaign(workspace=made_in)
    campaign = create_campaign(
        workspace_id=made_in.id, actor=maker, name="A", body="Bread", audience={"all": True},
        gateway_id=ready.gateway_id, sender="BAKERY", purpose="marketing",
    )  # fmt: skip
    body, authors = "Bread", {maker}
    approved: tuple[str, str] | None = None  # by whom, which text: the independent model
    for verb, actor, text in steps:
        try:
            if verb == "edit":
                update_campaign(campaign=campaign, actor=actor, body=text)
                approved = approved if text == body else None
                body = text
                authors.add(actor)
            elif verb == "submit":
                submit_campaign(campaign=campaign, actor=actor)
            elif verb == "launch":
                launch_campaign(campaign=campaign, actor=actor)
                assert approved is not None
                assert approved[1] == body
                break
            else:
                seen = content_hash(Campaign.objects.get(id=campaign.id))
                decide_campaign(
                    campaign=campaign, actor=actor, is_approved=verb == "approve",
                    seen_hash=seen, reason="Because.",
                )  # fmt: skip
                assert actor not in authors
                approved = (actor, body) if verb == "approve" else None
        except TextwellError:
            continue
