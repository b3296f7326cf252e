"""Consents that end: which ones can have ended, or will, by a moment. See `sql.ending_consents`."""

from datetime import datetime, timedelta
from typing import Final

import orjson

from textwell.accounts.models import Workspace
from textwell.compliance.consent_rules import add_months
from textwell.contacts.imports.consents import BASES
from textwell.messaging.consent_law import TOO_WEAK, list_terms

MOST_DAYS: Final = 730  # ahead
_LONGEST_MONTH: Final = timedelta(days=3)  # by how much the day of a shorter month may be sooner


def given_until(workspace_id: int, until: datetime, *, on: datetime) -> str:
    """By kind of consent: what was given later than that ends nowhere by `until`. No entry: never.

    As JSON that statements bind.
    """
    own = Workspace.objects.values_list("consent_months", flat=True).get(id=workspace_id) or None
    shortest = dict.fromkeys(("", *BASES), own) if own else {}
    for kinds in list_terms(on.date()).values():
        for basis, term in kinds.items():
            if term != TOO_WEAK:
                shortest[basis] = min(shortest.get(basis) or int(term), int(term))
    found = {
        basis: add_months(until, -months) + _LONGEST_MONTH
        for basis, months in shortest.items()
        if months
    }
    return orjson.dumps(found).decode()
