"""Addresses of the workspace's settings and of the way in by invitation."""

from django.urls import URLPattern, path

from textwell.web.views import (
    approvals,
    audit,
    contacts,
    directory,
    hosts,
    invitations,
    keys,
    members,
    promise,
    reports,
    sharing,
    workspaces,
)

PATTERNS: list[URLPattern] = [
    path("invitation/<str:token>", invitations.accept, name="invitation"),
    path("settings/members/", members.page, name="members"),
    path("settings/members/invite", members.invite, name="members.invite"),
    path("settings/members/<int:user_id>/role", members.change, name="members.change"),
    path("settings/members/<int:user_id>/remove", members.remove, name="members.remove"),
    path("settings/invitations/<int:invitation_id>/revoke", members.revoke, name="members.revoke"),
    path("settings/keys/", keys.page, name="keys"),
    path("settings/keys/<int:key_id>/", keys.use, name="keys.use"),
    path("settings/keys/<int:key_id>/revoke", keys.revoke, name="keys.revoke"),
    path("settings/directory/", directory.page, name="directory"),
    path("settings/directory/<int:token_id>/revoke", directory.revoke, name="directory.revoke"),
    path(
        "settings/directory/groups/<int:group_id>/role",
        directory.choose_role,
        name="directory.role",
    ),
    path("settings/approval", approvals.choose, name="approval.choose"),
    path("campaigns/<int:campaign_id>/submit", approvals.submit, name="campaigns.submit"),
    path("campaigns/<int:campaign_id>/decide", approvals.decide, name="campaigns.decide"),
    path("settings/link-domain/", hosts.page, name="link_domain"),
    path("settings/link-domain/check", hosts.check, name="link_domain.check"),
    path("settings/link-domain/remove", hosts.remove, name="link_domain.remove"),
    path("settings/promise/", promise.page, name="promise"),
    path("settings/suppression-group/", sharing.page, name="sharing"),
    path("settings/suppression-group/code", sharing.make_code, name="sharing.code"),
    path("settings/suppression-group/leave", sharing.leave, name="sharing.leave"),
    path("settings/audit/", audit.page, name="audit"),
    path("contacts/<int:contact_id>/reveal", contacts.reveal, name="contacts.reveal"),
    path(
        "campaigns/<int:campaign_id>/people.csv",
        reports.export_people,
        name="campaigns.export_people",
    ),
    path("settings/workspaces/", workspaces.page, name="workspaces"),
    path("settings/workspaces/new", workspaces.new, name="workspaces.new"),
    path("settings/sandbox", workspaces.begin_sandbox, name="sandbox.begin"),
]
