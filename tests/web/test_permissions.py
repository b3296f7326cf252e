"""Every page, every role that may not have it, and every workspace that it does not belong to."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern

from addresses import PATTERNS, address_of
from builders import (
    make_campaign,
    make_contact,
    make_gateway,
    make_member,
    make_owner,
    make_workspace,
)
from textwell.accounts.directory.tokens import create_directory_token
from textwell.accounts.invitations import invite_member
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import (
    ApiKey,
    DirectoryGroup,
    DirectoryToken,
    Invitation,
    Role,
    User,
    Workspace,
)
from textwell.accounts.policy import ROLE_PERMISSIONS
from textwell.accounts.types import Permission
from textwell.campaigns.models import Campaign
from textwell.contacts.actions import create_list
from textwell.contacts.models import Contact, ContactList, ImportRun, SavedFilter
from textwell.core.clock import now
from textwell.inbox.models import CannedAnswer, Reply, Thread
from textwell.messaging.models import SavedText
from textwell.web.own_urls import DOOR, OWN
from textwell.webhooks.models import Endpoint

SignIn = Callable[[User], Client]
PUBLIC = {"sign_in", "sign_out", "invitation"}
PUBLIC |= {p.name for p in DOOR}
# Pages about the account of whoever is signed in: no permission of a workspace is asked.
ABOUT_ONESELF = {
    "settings.security",
    "settings.sessions.end",
    "settings.sessions.end_others",
} | {p.name for p in OWN}


def test_every_page_but_the_door_asks_for_a_permission() -> None:
    open_pages = {p.name for p in PATTERNS if not hasattr(p.callback, "permission")}
    own_pages = {p.name for p in PATTERNS if hasattr(p.callback, "is_own")}

    assert open_pages - own_pages == PUBLIC
    assert own_pages == ABOUT_ONESELF


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_a_stranger_never_sees_a_page(pattern: URLPattern, client: Client, db: None) -> None:
    if pattern.name in PUBLIC:
        return
    path = address_of(pattern)

    answers = [client.get(path), client.post(path)]

    seen = {(a.status_code, a.headers.get("Location", "").split("?")[0]) for a in answers}
    assert seen - {(405, "")} == {(302, "/sign-in")}


POSTS = [
    ("campaigns/{campaign}/launch", Permission.LAUNCH_CAMPAIGN),
    ("campaigns/{campaign}/pause", Permission.CONTROL_CAMPAIGN),
    ("campaigns/{campaign}/cancel", Permission.CONTROL_CAMPAIGN),
    ("campaigns/{campaign}/unschedule", Permission.CONTROL_CAMPAIGN),
    ("campaigns/{campaign}/reschedule", Permission.LAUNCH_CAMPAIGN),
    ("campaigns/{campaign}/copy", Permission.EDIT_CAMPAIGNS),
    ("campaigns/{campaign}/compose", Permission.EDIT_CAMPAIGNS),
    ("campaigns/{campaign}/test", Permission.SEND_TEST),
    ("campaigns/preview", Permission.EDIT_CAMPAIGNS),
    ("campaigns/count", Permission.EDIT_CAMPAIGNS),
    ("campaigns/{campaign}/keep", Permission.EDIT_CAMPAIGNS),
    ("templates/new", Permission.EDIT_CAMPAIGNS),
    ("templates/1/", Permission.EDIT_CAMPAIGNS),
    ("templates/1/delete", Permission.EDIT_CAMPAIGNS),
    ("gateways/{gateway}/pause", Permission.EDIT_GATEWAYS),
    ("gateways/{gateway}/remove", Permission.EDIT_GATEWAYS),
    ("gateways/{gateway}/restore", Permission.EDIT_GATEWAYS),
    ("gateways/{gateway}/", Permission.EDIT_GATEWAYS),
    ("contacts/{contact}/opt-out", Permission.RECORD_CONSENT),
    ("contacts/{contact}/suppress", Permission.RECORD_CONSENT),
    ("contacts/suppressed/new", Permission.RECORD_CONSENT),
    ("contacts/suppressed/1/lift", Permission.RECORD_CONSENT),
    ("inbox/{thread}/", Permission.ANSWER_INBOX),
    ("inbox/{thread}/count", Permission.ANSWER_INBOX),
    ("inbox/replies/1/thread", Permission.ANSWER_INBOX),
    ("inbox/canned/new", Permission.ANSWER_INBOX),
    ("inbox/canned/{canned}/", Permission.ANSWER_INBOX),
    ("inbox/canned/{canned}/delete", Permission.ANSWER_INBOX),
    ("contacts/change", Permission.EDIT_CONTACTS),
    ("contacts/lists/new", Permission.EDIT_CONTACTS),
    ("contacts/filters", Permission.EDIT_CONTACTS),
    ("contacts/filters/1/rename", Permission.EDIT_CONTACTS),
    ("contacts/filters/1/delete", Permission.EDIT_CONTACTS),
    ("contacts/sample", Permission.IMPORT_CONTACTS),
    ("contacts/sample/remove", Permission.IMPORT_CONTACTS),
    ("contacts/lists/1/rename", Permission.EDIT_CONTACTS),
    ("contacts/lists/1/tests", Permission.EDIT_CONTACTS),
    ("contacts/lists/1/delete", Permission.EDIT_CONTACTS),
    ("contacts/tags/rename", Permission.EDIT_CONTACTS),
    ("contacts/tags/delete", Permission.EDIT_CONTACTS),
    ("contacts/imports/new", Permission.IMPORT_CONTACTS),
    ("contacts/imports/paste", Permission.IMPORT_CONTACTS),
    ("first-steps/hide", Permission.EDIT_CAMPAIGNS),
    ("contacts/imports/1/apply", Permission.IMPORT_CONTACTS),
    ("settings/webhooks/", Permission.MANAGE_WEBHOOKS),
    ("settings/webhooks/1/delete", Permission.MANAGE_WEBHOOKS),
    ("contacts/{contact}/reveal", Permission.REVEAL_NUMBERS),
    ("campaigns/{campaign}/people.csv", Permission.EXPORT_CONTACTS),
    ("settings/approval", Permission.MANAGE_WORKSPACE),
    ("campaigns/{campaign}/submit", Permission.EDIT_CAMPAIGNS),
    ("campaigns/{campaign}/decide", Permission.APPROVE_CAMPAIGN),
    ("settings/members/invite", Permission.MANAGE_MEMBERS),
    ("settings/members/1/role", Permission.MANAGE_MEMBERS),
    ("settings/members/1/remove", Permission.MANAGE_MEMBERS),
    ("settings/invitations/1/revoke", Permission.MANAGE_MEMBERS),
    ("settings/keys/", Permission.MANAGE_API_KEYS),
    ("settings/keys/1/", Permission.MANAGE_API_KEYS),
    ("settings/keys/1/revoke", Permission.MANAGE_API_KEYS),
    ("settings/directory/", Permission.MANAGE_WORKSPACE),
    ("settings/directory/1/revoke", Permission.MANAGE_WORKSPACE),
    ("settings/directory/groups/1/role", Permission.MANAGE_WORKSPACE),
    ("settings/workspaces/new", Permission.MANAGE_WORKSPACE),
    ("settings/sandbox", Permission.MANAGE_WORKSPACE),
    ("settings/small-business", Permission.MANAGE_WORKSPACE),
    ("desk/remind", Permission.SEND_MESSAGES),
    ("desk/ask", Permission.SEND_MESSAGES),
    ("desk/1/cancel", Permission.SEND_MESSAGES),
    ("contacts/{contact}/opt-in", Permission.RECORD_CONSENT),
    ("stop", Permission.STOP_ALL),
    ("stop/lift", Permission.STOP_ALL),
]


@pytest.mark.parametrize(("path", "permission"), POSTS)
def test_a_role_without_the_permission_changes_nothing(
    path: str, permission: Permission, workspace: Workspace, client_of: SignIn
) -> None:
    campaign = make_campaign(workspace=workspace)
    contact = make_contact(workspace=workspace)
    ids = {"campaign": campaign.id, "gateway": campaign.gateway_id, "contact": contact.id}
    ids |= _make_inbox(contact)
    before = Campaign.objects.filter(id=campaign.id).values().get()
    denied = [role for role in Role if permission not in ROLE_PERMISSIONS[role]]

    statuses = {
        client_of(make_member(workspace=workspace, role=role))
        .post("/" + path.format(**ids), {"name": "taken over"})
        .status_code
        for role in denied
    }

    workspace.refresh_from_db()
    assert denied
    assert statuses == {403}
    assert Campaign.objects.values().get() == before
    assert not workspace.is_stopped


def _make_inbox(contact: Contact) -> dict[str, int | None]:
    """A thread of the person and a canned answer, by their places in addresses."""
    workspace_id = contact.workspace_id
    thread = Thread.objects.create(
        workspace_id=workspace_id, contact_id=contact.id, last_at=now(), place=1
    )
    canned = CannedAnswer.objects.create(workspace_id=workspace_id, name="Hours", body="From 7.")
    reply = Reply.objects.create(
        workspace_id=workspace_id, gateway_id=1, source_key="a", msisdn="+33612345699",
        text="Hello", received_at=now(), intent="other",
    )  # fmt: skip
    return {"thread": thread.id, "canned": canned.id, "reply": reply.id}


FOREIGN = [
    ("campaigns/{campaign}/", "get"),
    ("campaigns/{campaign}/live", "get"),
    ("campaigns/{campaign}/live/part", "get"),
    ("campaigns/{campaign}/compose", "get"),
    ("campaigns/{campaign}/compose", "post"),
    ("campaigns/{campaign}/review", "get"),
    ("campaigns/{campaign}/report", "get"),
    ("campaigns/{campaign}/people", "get"),
    ("campaigns/{campaign}/report.csv", "get"),
    ("campaigns/{campaign}/launch", "post"),
    ("campaigns/{campaign}/test", "post"),
    ("campaigns/{campaign}/pause", "post"),
    ("campaigns/{campaign}/copy", "post"),
    ("campaigns/{campaign}/keep", "post"),
    ("templates/{template}/", "get"),
    ("templates/{template}/", "post"),
    ("templates/{template}/delete", "post"),
    ("campaigns/{campaign}/unschedule", "post"),
    ("campaigns/{campaign}/reschedule", "post"),
    ("inbox/{thread}/", "get"),
    ("inbox/{thread}/", "post"),
    ("inbox/{thread}/count", "post"),
    ("inbox/{thread}/news", "get"),
    ("inbox/replies/{reply}/thread", "post"),
    ("inbox/canned/{canned}/", "get"),
    ("inbox/canned/{canned}/", "post"),
    ("inbox/canned/{canned}/delete", "post"),
    ("contacts/{contact}", "get"),
    ("contacts/lists/{list}/", "get"),
    ("contacts/lists/{list}/rename", "post"),
    ("contacts/lists/{list}/tests", "post"),
    ("contacts/lists/{list}/delete", "post"),
    ("contacts/filters/{filter}/rename", "post"),
    ("contacts/filters/{filter}/delete", "post"),
    ("contacts/{contact}/opt-out", "post"),
    ("contacts/imports/{run}", "get"),
    ("contacts/imports/{run}/progress", "get"),
    ("contacts/imports/{run}/rejected.csv", "get"),
    ("contacts/imports/{run}/no-consent.csv", "get"),
    ("contacts/imports/{run}/rejected/numbers", "post"),
    ("contacts/imports/{run}/no-consent/numbers", "post"),
    ("contacts/imports/{run}/mapping", "post"),
    ("contacts/imports/{run}/apply", "post"),
    ("gateways/{gateway}/", "get"),
    ("gateways/{gateway}/", "post"),
    ("gateways/{gateway}/pause", "post"),
    ("messages/1", "get"),
    ("messages/1/settle", "post"),
    ("contacts/{contact}/reveal", "post"),
    ("campaigns/{campaign}/people.csv", "post"),
    ("campaigns/{campaign}/submit", "post"),
    ("campaigns/{campaign}/decide", "post"),
    ("settings/members/1/role", "post"),
    ("settings/members/1/remove", "post"),
    ("settings/invitations/{invitation}/revoke", "post"),
    ("settings/keys/{key}/", "get"),
    ("settings/keys/{key}/", "post"),
    ("settings/keys/{key}/revoke", "post"),
    ("settings/directory/{token}/revoke", "post"),
    ("settings/directory/groups/{group}/role", "post"),
    ("settings/webhooks/{webhook}/", "get"),
    ("settings/webhooks/{webhook}/", "post"),
    ("settings/webhooks/{webhook}/delete", "post"),
    ("settings/webhooks/{webhook}/deliveries/1", "post"),
]


@pytest.mark.parametrize(("path", "method"), FOREIGN)
def test_what_belongs_to_another_workspace_is_not_there(
    path: str, method: str, workspace: Workspace, client_of: SignIn
) -> None:
    other = client_of(make_owner(workspace=make_workspace(name="Other")))
    gateway = make_gateway(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    contact = make_contact(workspace=workspace)
    run = ImportRun.objects.create(workspace_id=workspace.id, filename="people.csv", actor="system")
    webhook = Endpoint.objects.create(workspace_id=workspace.id, url="https://example.com/")
    ids = {
        "filter": SavedFilter.objects.create(workspace_id=workspace.id, name="A", tag="a").id,
        "campaign": campaign.id, "gateway": gateway.id, "contact": contact.id, "run": run.id,
        "webhook": webhook.id,
    }  # fmt: skip
    invitation, _token = invite_member(
        workspace=workspace, email="a@example.org", role=Role.READER, actor="system"
    )
    key, _secret = create_api_key(
        workspace=workspace, name="Shop", scopes=["contacts:read"], actor="system"
    )
    made = create_list(workspace_id=workspace.id, name="Spring")
    ids |= {"invitation": invitation.id, "key": key.id, "list": made.id}
    token, _shown = create_directory_token(workspace=workspace, name="Okta", actor="system")
    group = DirectoryGroup.objects.create(workspace=workspace, display_name="Sales")
    ids |= {"token": token.id, "group": group.id}
    template = SavedText.objects.create(workspace_id=workspace.id, name="Spring", body="Bread")
    ids["template"] = template.id
    ids |= _make_inbox(contact)

    answer = getattr(other, method)("/" + path.format(**ids))

    assert answer.status_code == 404
    assert Campaign.objects.get().state == "draft"
    assert ContactList.objects.get().name == "Spring"
    assert Invitation.objects.get().revoked_at is None
    assert SavedText.objects.get().body == "Bread"
    assert CannedAnswer.objects.get().body == "From 7."
    assert Thread.objects.get().last_entry == 0
    assert ApiKey.objects.get().revoked_at is None
    assert DirectoryToken.objects.get().revoked_at is None
    assert DirectoryGroup.objects.get().role == ""


VERBS = (
    "pause", "resume", "cancel", "launch", "copy", "test", "opt_out", "stop", "choose", "end",
    "paste", "hide", "change", "rename", "delete", "save", "sample", "remove",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_no_change_comes_by_get(pattern: URLPattern, owner_client: Client) -> None:
    if not pattern.name.endswith(VERBS) or pattern.name == "gateways.choose":
        return
    assert owner_client.get(address_of(pattern)).status_code == 405
