"""What each page asks for, written down apart from the pages: a right that is lowered shows here."""

from typing import Final

from textwell.accounts.types import Permission

_BY_PERMISSION: Final = {
    Permission.MANAGE_MEMBERS: (
        "members", "members.invite", "members.change", "members.remove", "members.revoke",
    ),
    Permission.MANAGE_API_KEYS: (
        "keys", "keys.use", "keys.revoke",
    ),
    Permission.MANAGE_WORKSPACE: (
        "placements.resume",
        "directory", "directory.revoke", "directory.role", "approval.choose", "link_domain",
        "link_domain.check", "link_domain.remove", "workspaces.new", "sandbox.begin",
        "promise", "sharing", "sharing.code", "sharing.leave", "desk.choose", "styleguide",
        "law.choose", "law.strict", "law.pack", "law.activate", "law.take_back",
    ),
    Permission.EDIT_CAMPAIGNS: (
        "campaigns.submit", "guide.hide", "campaigns.new", "campaigns.goals",
        "campaigns.begin", "campaigns.preview", "campaigns.forecast", "campaigns.count",
        "campaigns.compose", "campaigns.copy", "campaigns.keep", "templates.new",
        "templates.edit", "templates.delete", "programmes.new", "programmes.edit",
        "programmes.words", "programmes.publish", "programmes.pause", "programmes.codes",
        "placements.new", "placements.edit", "placements.pause", "law.ask", "law.withdraw",
        "ending.ask",
    ),
    Permission.APPROVE_CAMPAIGN: (
        "campaigns.decide", "law.decide",
    ),
    Permission.VIEW_AUDIT: (
        "audit",
    ),
    Permission.REVEAL_NUMBERS: (
        "contacts.reveal",
    ),
    Permission.EXPORT_CONTACTS: (
        "campaigns.export_people", "imports.export_rejected",
        "imports.export_without_consent",
    ),
    Permission.VIEW_CONTACTS: (
        "workspaces", "home", "palette", "contacts", "lists", "lists.page", "suppressed", "registers",
        "tags", "tags.page", "contacts.person", "contacts.consent", "settings", "settings.choose",
        "topics", "ending",
    ),
    Permission.VIEW_INBOX: (
        "desk", "inbox", "inbox.replies", "inbox.canned", "inbox.thread", "inbox.news",
    ),
    Permission.SEND_MESSAGES: (
        "desk.remind", "desk.ask", "desk.cancel", "messages.settle",
    ),
    Permission.STOP_ALL: (
        "stop_all", "lift_stop",
    ),
    Permission.VIEW_REPORTS: (
        "opted_out", "stops", "campaigns.unknown", "campaigns.report", "campaigns.people", "people",
        "messages.timeline", "campaigns.law",
    ),
    Permission.EXPORT_REPORTS: (
        "stops.export", "opted_out.export", "campaigns.export", "people.export", "messages.proof",
        "contacts.proof",
    ),
    Permission.VIEW_CAMPAIGNS: (
        "campaigns", "law", "law.file", "campaigns.review", "campaigns.detail", "campaigns.live",
        "campaigns.live_part", "templates", "programmes", "programmes.detail",
        "placements.qr",
    ),
    Permission.SEND_TEST: (
        "campaigns.test",
    ),
    Permission.LAUNCH_CAMPAIGN: (
        "campaigns.launch", "campaigns.reschedule", "campaigns.send_again",
    ),
    Permission.CONTROL_CAMPAIGN: (
        "campaigns.unschedule", "campaigns.pause", "campaigns.resume", "campaigns.cancel",
        "campaigns.settle",
    ),
    Permission.EDIT_CONTACTS: (
        "contacts.change", "filters.save", "filters.rename", "filters.delete", "lists.new",
        "lists.rename", "lists.delete", "lists.mark", "tags.rename", "tags.delete",
        "topics.define", "topics.change", "brands.define", "brands.change",
    ),
    Permission.IMPORT_CONTACTS: (
        "contacts.sample", "contacts.sample.remove", "imports", "imports.upload",
        "imports.paste", "imports.page", "imports.part", "imports.mapping",
        "imports.rejected", "imports.without_consent", "imports.act",
        "registers.upload", "registers.remove",
    ),
    Permission.RECORD_CONSENT: (
        "suppressed.new", "suppressed.lift", "contacts.opt_in", "contacts.opt_out",
        "contacts.suppress", "programmes.capture", "contacts.pause", "contacts.unpause",
        "contacts.channels",
    ),
    Permission.ERASE_CONTACTS: (
        "contacts.erase", "contacts.page_link", "erasures",
    ),
    Permission.ANSWER_INBOX: (
        "inbox.take", "inbox.canned.new", "inbox.canned.edit", "inbox.canned.delete",
        "inbox.count",
    ),
    Permission.VIEW_GATEWAYS: (
        "gateways", "registrations", "registrations.document",
    ),
    Permission.EDIT_GATEWAYS: (
        "gateways.choose", "gateways.create", "gateways.edit", "gateways.pause",
        "gateways.resume", "gateways.remove", "gateways.restore",
        "registrations.new", "registrations.edit", "registrations.upload",
        "registrations.document.remove", "registrations.remove", "registrations.template",
        "registrations.template.new", "registrations.template.remove",
    ),
    Permission.MANAGE_WEBHOOKS: (
        "webhooks", "webhooks.detail", "webhooks.resend", "webhooks.act",
    ),
}  # fmt: skip
PAGES: Final = {name: right for right, names in _BY_PERMISSION.items() for name in names}
# What a page asks for besides, of who sends its form: what that form says.
FORMS: Final = [
    (("inbox.thread", Permission.ANSWER_INBOX), {"part": "note", "note": "Hello"}),
    (("inbox.take", Permission.EDIT_CONTACTS), {}),
    (("settings", Permission.MANAGE_WORKSPACE), {"part": "workspace", "name": "Taken over"}),
    (("settings", Permission.MANAGE_WORKSPACE), {"part": "cap", "cap_count": "1"}),
    (("settings", Permission.MANAGE_WORKSPACE), {"part": "lifetime", "consent_months": "12"}),
    (("settings", Permission.MANAGE_WORKSPACE), {"part": "answer_time", "answer_minutes": "5"}),
]
