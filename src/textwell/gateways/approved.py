"""Texts that are approved for registered senders: reads for whoever asks before a text leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from textwell.gateways.models import RegisteredTemplate, RegistrationState
from textwell.gateways.patterns import Difference, find_nearest, read_pattern
from textwell.gateways.providers.base import ApprovedText


class Approved:
    """What is approved of a workspace, to be asked many times."""

    def __init__(self, texts: Iterable[ApprovedText]) -> None:
        self._texts: dict[tuple[str, str, str], list[ApprovedText]] = {}
        for each in texts:
            self._texts.setdefault((each.value, each.country, each.purpose), []).append(each)

    def find(self, value: str, country: str, purpose: str, *, on: date) -> list[ApprovedText]:
        """All that the sender may say there in a class of texts; `purpose` of `rights.CLASSES`."""
        found = self._texts.get((value, country, purpose), [])
        return [each for each in found if each.until is None or each.until >= on]


def find_approved(text: str, texts: list[ApprovedText]) -> ApprovedText | None:
    """The template that a text is, if it is one; it goes to the head: the next text is likely the same."""
    for place, each in enumerate(texts):
        if read_pattern(each.text, each.longest).matches(text):
            if place:
                texts.insert(0, texts.pop(place))
            return each
    return None


def find_nearest_approved(
    text: str, texts: Collection[ApprovedText]
) -> tuple[ApprovedText, Difference] | None:
    """Of a text that is none of these: which it is nearest to, and where it leaves that."""
    found = find_nearest(text, [read_pattern(each.text, each.longest) for each in texts])
    return (list(texts)[found[0]], found[1]) if found else None


def list_approved(
    workspace_id: int, *, on: date, value: str = "", country: str = ""
) -> tuple[ApprovedText, ...]:
    """Everything that is approved on a day, of one sender or country where they are given.

    A template holds while its sender's registration does.
    """
    state = RegistrationState.APPROVED
    open_end = Q(expires_on=None) | Q(expires_on__gte=on)
    of_sender = Q(registration__expires_on=None) | Q(registration__expires_on__gte=on)
    rows = RegisteredTemplate.objects.filter(
        open_end, of_sender, registration__workspace_id=workspace_id, state=state,
        registration__state=state,
    )  # fmt: skip
    if value:
        rows = rows.filter(registration__value=value)
    if country:
        rows = rows.filter(registration__country=country)
    return tuple(_approved(row) for row in rows.select_related("registration").order_by("id"))


def _approved(row: RegisteredTemplate) -> ApprovedText:
    of, ends = row.registration, [row.expires_on, row.registration.expires_on]
    return ApprovedText(
        of.value,
        of.country,
        of.purpose,
        row.name,
        row.text,
        row.longest,
        row.reference,
        min((end for end in ends if end), default=None),
    )
