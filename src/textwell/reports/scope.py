"""The campaign that a report is about, as parameters of its statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from textwell.campaigns.models import Campaign
from textwell.contacts.models import FieldDefinition
from textwell.reports import sql

# Fields that say where a person is, the finer ones last; the first that a workspace has is used.
PLACE_FIELDS = ("region", "state", "province", "city")
AREA_CODE = "area_code"

Row = tuple[Any, ...]  # Any: columns of the statement


@dataclass(frozen=True, slots=True)
class Scope:
    """`last_id` 0: nothing is planned yet, every figure is nought."""

    workspace_id: int
    campaign_id: int
    first_id: int
    last_id: int
    region_source: str

    def params(self) -> dict[str, Any]:  # Any: parameters of many kinds
        return {
            "workspace_id": self.workspace_id,
            "campaign_id": self.campaign_id,
            "first_id": self.first_id,
            "last_id": self.last_id,
            "region_field": self.region_source.removeprefix("field:"),
        }

    def place(self, statement: str) -> str:
        """The statement with the expression for the region of a person."""
        by_field = self.region_source != AREA_CODE
        expression = sql.REGION_BY_FIELD if by_field else sql.REGION_BY_AREA_CODE
        return statement.replace("__REGION__", expression)

    def rows(self, statement: str, **more: Any) -> Sequence[Row]:  # Any: as `params`
        with connection.cursor() as cursor:
            cursor.execute(self.place(statement), {**self.params(), **more})
            found: Sequence[Row] = cursor.fetchall()
        return found


def scope_of(campaign: Campaign) -> Scope:
    return Scope(
        workspace_id=campaign.workspace_id,
        campaign_id=campaign.id,
        first_id=campaign.first_message_id or 0,
        last_id=campaign.last_message_id or 0,
        region_source=_region_source(campaign.workspace_id),
    )


def _region_source(workspace_id: int) -> str:
    own = FieldDefinition.objects.filter(workspace_id=workspace_id, name__in=PLACE_FIELDS)
    names = set(own.values_list("name", flat=True))
    for name in PLACE_FIELDS:
        if name in names:
            return f"field:{name}"
    return AREA_CODE
