"""Values that cross the border of accounts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Permission(StrEnum):
    """What a person may do in a workspace. Views ask for these, never for a role."""

    VIEW_CONTACTS = "view_contacts"
    EDIT_CONTACTS = "edit_contacts"
    IMPORT_CONTACTS = "import_contacts"
    REVEAL_NUMBERS = "reveal_numbers"  # one person's full number, with a reason
    EXPORT_CONTACTS = "export_contacts"
    RECORD_CONSENT = "record_consent"
    ERASE_CONTACTS = "erase_contacts"  # forget people, for good
    VIEW_CAMPAIGNS = "view_campaigns"
    EDIT_CAMPAIGNS = "edit_campaigns"
    SEND_TEST = "send_test"
    LAUNCH_CAMPAIGN = "launch_campaign"
    TEXT_WITHOUT_CONSENT = "text_without_consent"  # launch what needs no consent, to many people
    APPROVE_CAMPAIGN = "approve_campaign"  # others' campaigns, never one's own
    CONTROL_CAMPAIGN = "control_campaign"  # pause, resume, cancel
    STOP_ALL = "stop_all"
    SEND_MESSAGES = "send_messages"  # single messages outside campaigns
    VIEW_REPORTS = "view_reports"
    EXPORT_REPORTS = "export_reports"
    VIEW_INBOX = "view_inbox"
    ANSWER_INBOX = "answer_inbox"
    VIEW_GATEWAYS = "view_gateways"
    EDIT_GATEWAYS = "edit_gateways"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_API_KEYS = "manage_api_keys"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_WORKSPACE = "manage_workspace"
    VIEW_AUDIT = "view_audit"


class Scope(StrEnum):
    """What an API key may do. A write scope does not include the read scope."""

    CONTACTS_READ = "contacts:read"
    CONTACTS_NUMBERS = "contacts:numbers"  # full numbers in answers; without it they are masked
    CONTACTS_WRITE = "contacts:write"
    CONTACTS_ERASE = "contacts:erase"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    CAMPAIGNS_WITHOUT_CONSENT = "campaigns:without_consent"  # besides campaigns:write
    CAMPAIGNS_APPROVE = "campaigns:approve"
    MESSAGES_READ = "messages:read"
    MESSAGES_SEND = "messages:send"
    INBOX_READ = "inbox:read"
    INBOX_WRITE = "inbox:write"  # answers send texts
    EVENTS_WRITE = "events:write"
    REPORTS_READ = "reports:read"
    GATEWAYS_READ = "gateways:read"
    GATEWAYS_MANAGE = "gateways:manage"
    WEBHOOKS_MANAGE = "webhooks:manage"
    WORKSPACE_MANAGE = "workspace:manage"
    MEMBERS_MANAGE = "members:manage"  # as an administrator: every role but the owner's
    KEYS_MANAGE = "keys:manage"  # gives nothing that the key itself may not
    AUDIT_READ = "audit:read"


class DoorPurpose(StrEnum):
    """What a text is for that comes by another vendor's API, which has no word for it."""

    MARKETING = "marketing"
    TRANSACTIONAL = "transactional"
    CARE = "care"
    OTP = "otp"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A program that showed a valid API key: who it is and what it may do."""

    api_key_id: int
    workspace_id: int
    scopes: frozenset[str]
    door_purpose: str = DoorPurpose.MARKETING.value
    rate_per_s: int | None = None  # requests; None or 0: no limit
    is_sandbox: bool = False  # its workspace is one

    @property
    def actor(self) -> str:
        return f"key:{self.api_key_id}"

    def allows(self, scope: Scope) -> bool:
        return scope.value in self.scopes


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of the audit log are meant; empty: all. `action` is the beginning of one."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
