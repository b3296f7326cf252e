"""The first steps of a workspace: what a newcomer does until a campaign is under way.

Each step is ticked by a fact of the database, never by a click, so it is true however it came about:
by a page, by the API or by the command line.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from textwell.accounts.models import Workspace
from textwell.accounts.policy import Policy
from textwell.accounts.types import Permission
from textwell.campaigns.trial import TESTED


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `address` is where; empty for those who may not."""

    name: str
    label: Any  # a lazy translation
    text: Any  # a lazy translation: why, or what happens there
    is_done: bool
    address: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """The steps in order; `next` is the first that is left."""

    steps: tuple[Step, ...]

    @property
    def done_count(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.is_done), None)


WORDS: dict[str, tuple[Any, Any]] = {  # Any: lazy translations
    "owner": (_("Name your brand and its country"), _("Done when you first came in.")),
    "gateway": (_("Set up a gateway"), _("The carrier's account that your texts leave through.")),
    "people": (
        _("Bring people"),
        _("Paste numbers, choose a CSV file, or try it with people who do not exist."),
    ),
    "consent": (
        _("Say how they agreed"),
        _("Where, when and to which words: marketing goes to nobody without it."),
    ),
    "text": (_("Write a text"), _("See on a phone what each person gets, and what it costs.")),
    "test": (
        _("Send a test to yourself"),
        _("Your own number must be among your people, with consent."),
    ),
    "launch": (_("Launch a campaign"), _("You can pause it at any moment.")),
}
PLACES: dict[str, tuple[str, Permission]] = {
    "owner": ("web:settings", Permission.VIEW_CONTACTS),
    "gateway": ("web:gateways.choose", Permission.EDIT_GATEWAYS),
    "people": ("web:imports.upload", Permission.IMPORT_CONTACTS),
    "consent": ("web:imports.upload", Permission.IMPORT_CONTACTS),
    "text": ("web:campaigns.goals", Permission.EDIT_CAMPAIGNS),
}


def find_guide(workspace: Workspace, rights: Policy) -> Guide | None:
    """The steps for somebody who may take them; None when put away, or when all are done."""
    if workspace.guide_hidden_at is not None or not rights.allows(Permission.EDIT_CAMPAIGNS):
        return None
    facts, draft = _read_facts(workspace.id)
    steps = tuple(
        Step(name, *WORDS[name], is_done, _address(name, rights, draft))
        for name, is_done in facts.items()
    )
    return None if all(facts.values()) else Guide(steps)


_FACTS = """
SELECT
    EXISTS (SELECT 1 FROM gateways_gateway g JOIN gateways_sender s ON s.gateway_id = g.id
        WHERE g.workspace_id = %(w)s AND g.state = 'active' AND s.is_active),
    -- By their index: a look for anybody at all begins where the table was emptied by an update of all.
    (SELECT id FROM contacts_contact WHERE workspace_id = %(w)s ORDER BY id LIMIT 1) IS NOT NULL,
    EXISTS (SELECT 1 FROM (
            SELECT id FROM contacts_contact WHERE workspace_id = %(w)s ORDER BY id DESC LIMIT 5000
        ) c JOIN consent_consentstate s ON s.contact_id = c.id
        WHERE s.channel = 'sms' AND s.purpose = 'marketing' AND s.is_granted),
    EXISTS (SELECT 1 FROM campaigns_campaign WHERE workspace_id = %(w)s AND body <> ''),
    EXISTS (SELECT 1 FROM accounts_auditentry WHERE workspace_id = %(w)s AND action = %(tested)s),
    EXISTS (SELECT 1 FROM campaigns_campaign WHERE workspace_id = %(w)s
        AND launched_at IS NOT NULL),
    (SELECT max(id) FROM campaigns_campaign WHERE workspace_id = %(w)s AND state = 'draft'
        AND body <> '')
"""
_NAMES = ("gateway", "people", "consent", "text", "test", "launch")


def _read_facts(workspace_id: int) -> tuple[dict[str, bool], int | None]:
    """The facts, and the newest draft; one query.

    Consent is looked for among the newest 5,000 people: nothing indexes a workspace's yes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"w": workspace_id, "tested": TESTED})
        *found, draft = cursor.fetchone()
    return {"owner": True, **dict(zip(_NAMES, found, strict=True))}, draft


def _address(name: str, rights: Policy, draft: int | None) -> str:
    """Test and launch are done on the review of the newest draft; without one, where it is written."""
    if name in {"test", "launch"}:
        return (
            reverse("web:campaigns.review", args=[draft])
            if draft
            else _address("text", rights, None)
        )
    view, permission = PLACES[name]
    return reverse(view) if rights.allows(permission) else ""
