"""Numbers that are not texted whatever consent says: why, since when, and what ends it.

A number may have several reasons. An opt-out is the person's own word: the ledger puts it down and
lifts it (`consent.actions`); every other reason is given and lifted here, by people and programs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.consent import sql
from textwell.consent.events import NumbersSuppressed
from textwell.consent.foremost import derive_foremost, owners_of, tell_connectors
from textwell.consent.models import SuppressionReason
from textwell.consent.selectors import access_suppression, list_suppression_reasons
from textwell.consent.sharing import share, unshare, withdraw_elsewhere
from textwell.consent.types import BY_HAND, OPTED_OUT, SUPPRESSION_RANK, SuppressedNumbers
from textwell.contacts.bulk.actions import RejectedRow
from textwell.contacts.values import no_number, read_region
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import Conflict, FieldError
from textwell.core.events import publish_now
from textwell.core.masks import mask_msisdn
from textwell.text import normalise_bulk

MAX_NUMBERS: Final = 10_000
LONGEST_NOTE: Final = 500
PEOPLE_AT_ONCE: Final = (
    500  # whose texts are withdrawn in one transaction: gateways wait for no more
)


def suppress_numbers(
    *,
    workspace_id: int,
    numbers: Sequence[str],
    actor: str,
    source: str,
    reason: str = "manual",
    region: str | None = None,
    note: str = "",
) -> SuppressedNumbers:
    """Never text these numbers again, whoever has them: what waits for them is left out at once.

    `numbers` as people write them; those without a country code are read as of `region`. What is no
    number is reported by its place and left out, the others count. Twice is once: a number that has
    the reason keeps its note and time; one that has another gets this one besides. What waits is
    withdrawn after the numbers are put down, some people at a time: if that is broken off nobody is
    texted all the same, and a second call withdraws the rest.

    Raises:
        FieldError: `reason`, `region`, `note` or the count of `numbers` cannot be; nothing is done.
    """
    note = _check(numbers, reason, note)
    msisdns, rejected = _read(numbers, read_region(region))
    if not msisdns:
        return SuppressedNumbers(0, 0, rejected)
    added_count = _suppress(workspace_id, msisdns, reason, note=note, source=source, actor=actor)
    return SuppressedNumbers(added_count, len(msisdns) - added_count, rejected)


def _suppress(
    workspace_id: int, msisdns: Sequence[str], reason: str, *, note: str, source: str, actor: str
) -> int:
    """How many had not had this reason. The numbers are down before anything is withdrawn."""
    with transaction.atomic():
        added_count = _put(workspace_id, msisdns, reason, note=note, source=source, actor=actor)
        contact_ids = owners_of(workspace_id, msisdns)
        elsewhere = share(workspace_id, msisdns, reason)
        if added_count:
            record_audit(
                workspace_id=workspace_id,
                actor=actor,
                action="suppressions.added",
                subject=_subject(workspace_id, msisdns, reason),
                after={"reason": reason, "count": added_count, "note": note},
            )
        if contact_ids:
            tell_connectors("suppressed", workspace_id, contact_ids)
    _withdraw_waiting(workspace_id, contact_ids)
    for other_id, others in elsewhere.items():
        _withdraw_waiting(other_id, others)
    return added_count


def suppress_number(
    *,
    workspace_id: int,
    msisdn: str,
    actor: str,
    source: str,
    reason: str = "manual",
    region: str | None = None,
    note: str = "",
) -> SuppressionReason:
    """Never text this number again; see `suppress_numbers`. Twice is once, and answers the first.

    Raises:
        FieldError: also on `msisdn`: it is no number.
    """
    note = _check([msisdn], reason, note)
    numbers, rejected = _read([msisdn], read_region(region))
    if rejected:
        raise rejected[0].error
    _suppress(workspace_id, numbers, reason, note=note, source=source, actor=actor)
    return SuppressionReason.objects.get(
        workspace_id=workspace_id, msisdn=numbers[0], reason=reason
    )


def lift_suppression(
    *, workspace_id: int, suppression_id: int, why: str, actor: str
) -> list[SuppressionReason]:
    """Take one reason away; answers those that the number still has. None: consent decides again.

    Raises:
        NotFound: there is no such reason here (any more).
        Conflict: the person said stop; only a new yes of their own ends that.
        FieldError: `reason`: nobody says why.
    """
    why = why.strip()
    if not why:
        mend = _("Say why this number may be texted again.")
        raise FieldError("reason", _("is missing."), mend)
    _check_length("reason", why)
    with transaction.atomic():
        found = access_suppression(workspace_id, suppression_id)
        if found.reason == OPTED_OUT:
            raise Conflict(
                _(
                    "The person said stop, and only they can take that back. Record their new consent,"
                    " with where, when and to which words: it lifts this."
                )
            )
        with cursor() as raw:
            raw.execute(sql.LOCK_NUMBER, {"workspace_id": workspace_id, "msisdn": found.msisdn})
        found = access_suppression(workspace_id, suppression_id)  # nobody lifted it meanwhile
        found.delete()
        derive_foremost(workspace_id, [found.msisdn])
        unshare(workspace_id, [found.msisdn])
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="suppressions.lifted",
            subject=f"suppression:{suppression_id}",
            before={
                "msisdn": mask_msisdn(found.msisdn),
                "reason": found.reason,
                "note": found.note,
                "source": found.source,
                "actor": found.actor,
                "since": found.since,
            },
            reason=why,
        )
        remaining = list_suppression_reasons(workspace_id, found.msisdn)
        if not remaining:
            tell_connectors("lifted", workspace_id, owners_of(workspace_id, [found.msisdn]))
    return remaining


def suppress_opted_out(
    *, workspace_id: int, msisdn: str, source: str, actor: str, since: datetime
) -> None:
    """The number's person said stop, in the caller's transaction. The last time that they did counts."""
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "msisdn": msisdn,
        "msisdns": [msisdn],
        "reason": OPTED_OUT,
        "source": source[:200],
        "actor": actor,
        "since": since,
        "rank": list(SUPPRESSION_RANK),
    }
    with cursor() as raw:
        raw.execute(sql.PUT_NUMBERS, params)
        raw.execute(sql.PUT_OPTED_OUT_NUMBER, params)
    withdraw_elsewhere(share(workspace_id, [msisdn], OPTED_OUT))


def _check(numbers: Sequence[str], reason: str, note: str) -> str:
    if reason == OPTED_OUT:
        mend = _("Record an opt-out of the person instead: it is their word, with its proof.")
        raise FieldError("reason", _("is not given by hand."), mend)
    if reason not in BY_HAND:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(BY_HAND)}
        raise FieldError("reason", _("is unknown."), mend)
    if len(numbers) > MAX_NUMBERS:
        mend = _("Give at most %(count)d at once.") % {"count": MAX_NUMBERS}
        raise FieldError("msisdns", _("are too many"), mend)
    note = note.strip()
    _check_length("note", note)
    return note


def _check_length(field: str, text: str) -> None:
    if len(text) > LONGEST_NOTE or "\x00" in text:
        mend = _("At most %(count)d characters.") % {"count": LONGEST_NOTE}
        raise FieldError(field, _("The value is too long or holds a null character."), mend)


def _read(numbers: Sequence[str], region: str | None) -> tuple[list[str], tuple[RejectedRow, ...]]:
    """In E.164, sorted and each once; and what is no number, by its place."""
    found: set[str] = set()
    rejected = []
    for place, (given, number) in enumerate(
        zip(numbers, normalise_bulk(list(numbers), region), strict=True)
    ):
        if number.e164 is None:
            rejected.append(RejectedRow(place, no_number(given)))
        else:
            found.add(number.e164)
    return sorted(found), tuple(rejected)


def _put(
    workspace_id: int, msisdns: Sequence[str], reason: str, *, note: str, source: str, actor: str
) -> int:
    """How many had not had this reason."""
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "msisdns": msisdns,
        "reason": reason,
        "note": note,
        "source": source,
        "actor": actor,
        "since": now(),
        "rank": list(SUPPRESSION_RANK),
    }
    with cursor() as raw:
        raw.execute(sql.PUT_NUMBERS, params)
        raw.execute(sql.PUT_REASONS, params)
        return int(raw.rowcount)


def _withdraw_waiting(workspace_id: int, contact_ids: Sequence[int]) -> None:
    """In slices with a commit each: gateways mark nothing of a batch that a slice looks at."""
    for first in range(0, len(contact_ids), PEOPLE_AT_ONCE):
        with transaction.atomic():
            some = tuple(contact_ids[first : first + PEOPLE_AT_ONCE])
            publish_now(NumbersSuppressed(workspace_id, some))


def _subject(workspace_id: int, msisdns: Sequence[str], reason: str) -> str:
    """Of one number the row; many are told by their count."""
    if len(msisdns) > 1:
        return ""
    row = SuppressionReason.objects.get(workspace_id=workspace_id, msisdn=msisdns[0], reason=reason)
    return f"suppression:{row.id}"
