"""Which senders are registered where: reads for whoever asks before a text is made.

A registration for one operator alone covers a country only together with all others that are on file:
a number does not tell its operator once it can be taken along to another. One that nobody has decided on
yet takes no right away that is in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Prefetch, QuerySet

from textwell.core.errors import NotFound
from textwell.gateways.models import (
    RegisteredTemplate,
    Registration,
    RegistrationDocument,
    RegistrationState,
)
from textwell.gateways.providers.base import Right

CLASSES: Final = ("marketing", "transactional", "otp", "care")

# One row for each (sender, country, class) that is covered: until which day, null for no end.
# The workspace is bound as %(workspace_id)s, the day as %(today)s.
COVERED: Final = """
SELECT r.value, r.country, r.purpose,
    CASE WHEN bool_or(r.is_good AND r.operator = '')
        THEN nullif(max(r.until) FILTER (WHERE r.is_good AND r.operator = ''), 'infinity')
        ELSE nullif(min(r.until), 'infinity') END AS until
FROM (
    SELECT value, country, purpose, operator, coalesce(expires_on, 'infinity'::date) AS until,
        state = 'approved' AND (expires_on IS NULL OR expires_on >= %(today)s) AS is_good
    FROM gateways_registration WHERE workspace_id = %(workspace_id)s AND state NOT IN ('draft', 'submitted')
) r
GROUP BY r.value, r.country, r.purpose
HAVING bool_or(r.is_good AND r.operator = '') OR bool_and(r.is_good)
"""


class Rights:
    """What is registered of a workspace, to be asked many times."""

    def __init__(self, rights: Iterable[Right]) -> None:
        self._ends = {(each.value, each.country, each.purpose): each.until for each in rights}

    def covers(self, value: str, country: str, purpose: str, *, on: date) -> bool:
        """Whether the sender may be shown there as far as registration goes; `purpose` of CLASSES."""
        key = (value, country, purpose)
        if key not in self._ends:
            return False
        until = self._ends[key]
        return until is None or until >= on


def list_rights(workspace_id: int, *, on: date) -> tuple[Right, ...]:
    """Everything that is covered on a day."""
    with connection.cursor() as cursor:
        cursor.execute(COVERED, {"workspace_id": workspace_id, "today": on})
        return tuple(Right(*row) for row in cursor.fetchall())


def load_rights(workspace_id: int, *, on: date) -> Rights:
    """What is registered, to be asked."""
    return Rights(list_rights(workspace_id, on=on))


def list_registrations(workspace_id: int, *, with_templates: bool = True) -> QuerySet[Registration]:
    """All of a workspace, by sender and country; the bodies of documents are left out."""
    found = (
        Registration.objects.filter(workspace_id=workspace_id)
        .order_by("value", "country", "purpose", "operator")
        .prefetch_related(Prefetch("documents", RegistrationDocument.objects.defer("body")))
    )
    if not with_templates:
        return found
    templates = RegisteredTemplate.objects.order_by("name")
    return found.prefetch_related(Prefetch("templates", templates))


def access_registration(workspace_id: int, registration_id: int) -> Registration:
    """One of the workspace. Raises NotFound, also for another workspace's."""
    found = list_registrations(workspace_id).filter(id=registration_id).first()
    if found is None:
        raise NotFound("registration", registration_id)
    return found


def standing_of(registration: Registration | RegisteredTemplate, *, on: date) -> RegistrationState:
    """Its state on a day: an approval ends with its last day, whether somebody says so or not."""
    state = RegistrationState(registration.state)
    end = registration.expires_on
    is_over = end is not None and end < on
    return RegistrationState.EXPIRED if is_over and state is RegistrationState.APPROVED else state
