"""The campaign that a report is about, as parameters of its statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from textwell.campaigns.models import Campaign
from textwell.contacts.models import FieldDefinition
from textwell.messaging.statistics import refresh_block_statistics
from textwell.reports import sql

# Fields that say where a person is, the finer ones last; the first that a workspace has is used.
PLACE_FIELDS = ("region", "state", "province", "city")

LAST_ID = 2**63 - 1

Row = tuple[Any, ...]  # Any: columns of the statement


@dataclass(frozen=True, slots=True)
class Scope:
    """`last_id` 0: nothing is planned yet, every figure is nought."""

    workspace_id: int
    campaign_id: int
    first_id: int
    last_id: int
    place_field: str  # a field of contacts; "": the workspace has none that says where people are

    def params(self) -> dict[str, Any]:  # Any: parameters of many kinds
        return {
            "workspace_id": self.workspace_id,
            "campaign_id": self.campaign_id,
            "first_id": self.first_id,
            "last_id": self.last_id,
            "place_field": self.place_field,
        }

    def place(self, statement: str) -> str:
        """The statement with the expressions for the person's place and for the campaign's time."""
        expression = sql.PLACE_BY_FIELD if self.place_field else sql.NO_PLACE
        own = statement.replace("__PLACE__", expression)
        return own.replace("__SPAN__", sql.OPT_OUT_SPAN).replace("__LATER__", sql.LATER_TEXTS)

    def rows(self, statement: str, **more: Any) -> Sequence[Row]:  # Any: as `params`
        with connection.cursor() as cursor:
            cursor.execute(self.place(statement), {**self.params(), **more})
            found: Sequence[Row] = cursor.fetchall()
        return found


@dataclass(frozen=True, slots=True)
class WorkspaceScope:
    """All messages of a workspace from `first_id` on, single ones too: for figures of many campaigns.

    `has_singles` known: `first_id` is of campaigns, and single messages are looked for by themselves, among
    all that there ever were. `is_single`: the scope is of one of the two.
    """

    workspace_id: int
    first_id: int
    last_id: int = LAST_ID
    place_field: str = ""
    has_singles: bool | None = None
    is_single: bool | None = None

    def parts(self) -> tuple["WorkspaceScope", ...]:
        """Scopes that have all of its messages together, each once."""
        if self.has_singles is None:
            return (self,)
        campaigns = WorkspaceScope(self.workspace_id, self.first_id, self.last_id, is_single=False)
        singles = WorkspaceScope(self.workspace_id, 0, is_single=True)
        return (campaigns, singles) if self.has_singles else (campaigns,)

    def place(self, statement: str) -> str:
        """The statement without the person's place and without bounds of time: there are many campaigns."""
        own = statement.replace("__PLACE__", sql.NO_PLACE)
        return own.replace("__SPAN__", "").replace("__LATER__", "")

    def rows(self, statement: str, **more: Any) -> Sequence[Row]:  # Any: parameters of many kinds
        params = {
            "workspace_id": self.workspace_id,
            "first_id": self.first_id,
            "last_id": self.last_id,
            **more,
        }
        with connection.cursor() as cursor:
            own = self.place(statement).replace(sql.OF_CAMPAIGN, sql.OF_WORKSPACE)
            cursor.execute(own, params)
            found: Sequence[Row] = cursor.fetchall()
        return found


def scope_of(campaign: Campaign) -> Scope:
    """Sees to it that the planner knows of the campaign's messages before they are read."""
    first_id, last_id = campaign.first_message_id or 0, campaign.last_message_id or 0
    refresh_block_statistics(campaign.id, first_id, last_id)
    return Scope(
        workspace_id=campaign.workspace_id,
        campaign_id=campaign.id,
        first_id=first_id,
        last_id=last_id,
        place_field=_find_place_field(campaign.workspace_id),
    )


def read_one_snapshot() -> None:
    """Let what follows in this transaction agree with each other, whatever others write meanwhile."""
    # Only a transaction that has read nothing yet may change its level: inside another one (a test,
    # an action) the figures are of that transaction.
    if len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _find_place_field(workspace_id: int) -> str:
    own = FieldDefinition.objects.filter(workspace_id=workspace_id, name__in=PLACE_FIELDS)
    names = set(own.values_list("name", flat=True))
    return next((name for name in PLACE_FIELDS if name in names), "")
