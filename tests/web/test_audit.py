from django.test import Client

from builders import make_workspace
from textwell.accounts.actions import record_audit
from textwell.accounts.models import User, Workspace


def test_the_log_says_who_what_and_why(
    owner: User, owner_client: Client, workspace: Workspace
) -> None:
    record_audit(
        workspace_id=workspace.id, actor=f"user:{owner.id}", action="campaigns.updated",
        subject="campaign:7", before={"name": "Old"}, after={"name": "New"}, reason="Typo.",
    )  # fmt: skip
    other = make_workspace(name="Other")
    record_audit(workspace_id=other.id, actor="user:1", action="secret.thing")

    page = owner_client.get("/settings/audit/").content.decode()

    for text in ("Ada", "campaigns.updated", "campaign:7", '<del class="faint">Old</del>', "New"):
        assert text in page
    assert "“Typo.”" in page
    assert "secret.thing" not in page


def test_filters_narrow_the_log(owner: User, owner_client: Client, workspace: Workspace) -> None:
    for actor, action, subject in (
        (f"user:{owner.id}", "campaigns.updated", "campaign:7"),
        ("system", "gateways.paused", "gateway:3"),
    ):
        record_audit(workspace_id=workspace.id, actor=actor, action=action, subject=subject)

    def seen(query: str) -> tuple[bool, bool]:
        page = owner_client.get(f"/settings/audit/?{query}").content.decode()
        return "campaigns.updated" in page, "gateways.paused" in page

    assert seen(f"actor=user:{owner.id}") == (True, False)
    assert seen("action=gateways") == (False, True)
    assert seen("subject=campaign:7") == (True, False)
    assert seen("to=2020-01-01") == (False, False)
    assert seen("from=2020-01-01") == (True, True)
    assert seen("from=2020-13-45&to=x") == (True, True)


def test_the_page_checks_the_chain(owner_client: Client, workspace: Workspace) -> None:
    record_audit(workspace_id=workspace.id, actor="system", action="x.done")

    page = owner_client.get("/settings/audit/?check=1").content.decode()

    assert "1 entry, as it was written." in page


def test_numbers_in_the_log_are_masked(owner_client: Client, workspace: Workspace) -> None:
    after = {"msisdn": "+33612345678"}
    record_audit(workspace_id=workspace.id, actor="system", action="x.done", after=after)

    assert "+33612345678" not in owner_client.get("/settings/audit/").content.decode()
