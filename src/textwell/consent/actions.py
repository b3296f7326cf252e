"""Every write of the consent ledger. Events are appended, the state follows in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.consent import sql, state_sql
from textwell.consent.events import OptedOut, ScopeEnded
from textwell.consent.foremost import derive_foremost, tell_connectors
from textwell.consent.models import ConsentKind
from textwell.consent.selectors import holds_within
from textwell.consent.sharing import share, unshare, withdraw_elsewhere
from textwell.consent.suppressing import suppress_opted_out
from textwell.consent.topics import check_scopes
from textwell.consent.types import (
    EVERYTHING,
    GENERAL,
    OPTED_OUT,
    SUPPRESSION_RANK,
    ConsentScope,
    GivenConsent,
    RecordedConsent,
)
from textwell.contacts.imports.consents import BASES
from textwell.core.clock import now
from textwell.core.db import copy_rows, cursor
from textwell.core.errors import FieldError
from textwell.core.events import publish_now


def record_opt_in(
    *,
    workspace_id: int,
    contact_id: int,
    source: str,
    wording: str,
    given_at: datetime,
    actor: str,
    channel: str = "sms",
    purpose: str = "marketing",
    evidence: Mapping[str, object] | None = None,
    scope: ConsentScope = GENERAL,
    basis: str = "",
    wording_version: str = "",
    language: str = "",
) -> RecordedConsent:
    """A person said yes, to this scope and no other. Saying the same again records nothing new.

    It lifts a suppression by an earlier opt-out, and no other reason of the number. What that opt-out
    ended stays ended, but for this scope. `basis`: how it was given (`BASES`), "" if not known.

    Raises:
        FieldError: source, wording or time is missing, or lies in the future; the topic or the brand
            is none of the workspace.
    """
    given = GivenConsent(
        contact_id, ConsentKind.OPT_IN, given_at, source, wording, channel, purpose, evidence or {},
        scope, basis, wording_version, language,
    )  # fmt: skip
    with transaction.atomic():
        recorded = record_consents(workspace_id=workspace_id, consents=[given], actor=actor)
        if recorded.event_count:
            _audit(workspace_id, actor, given)
    return recorded


def record_opt_out(
    *,
    workspace_id: int,
    contact_id: int | None,
    msisdn: str,
    source: str,
    wording: str,
    given_at: datetime,
    actor: str,
    channel: str = "sms",
    purpose: str = "marketing",
    evidence: Mapping[str, object] | None = None,
    scope: ConsentScope = EVERYTHING,
) -> RecordedConsent:
    """A person said stop: nothing is handed off to them after this commits, queued work included.

    `scope`: of what (`types.every_of`). Of everything: the number is suppressed, every scope is
    revoked. Of less: that alone ends, other texts go on. `contact_id` None: the number belongs to
    nobody known; it is suppressed all the same. Saying it again is safe.

    Raises:
        FieldError: the topic or the brand is none of the workspace.
    """
    with transaction.atomic():
        if contact_id is None:
            suppress_opted_out(
                workspace_id=workspace_id, msisdn=msisdn, source=source, actor=actor, since=given_at
            )
            return RecordedConsent(0, ())
        given = GivenConsent(
            contact_id,
            ConsentKind.OPT_OUT,
            given_at,
            source,
            wording,
            channel,
            purpose,
            evidence or {},
            scope,
        )
        recorded = record_consents(workspace_id=workspace_id, consents=[given], actor=actor)
        if recorded.event_count:
            _audit(workspace_id, actor, given)
        if channel == "sms" and scope != EVERYTHING and recorded.event_count:
            _end_scope(workspace_id, given)
        is_of_number = channel == "sms" and scope == EVERYTHING
        if is_of_number and msisdn not in _numbers_of(workspace_id, [contact_id]):
            suppress_opted_out(
                workspace_id=workspace_id, msisdn=msisdn, source=source, actor=actor, since=given_at
            )
    return recorded


def _end_scope(workspace_id: int, given: GivenConsent) -> None:
    """What waits of this alone leaves, unless a later yes holds."""
    scope = given.whole_scope
    if not holds_within(workspace_id, given.contact_id, scope, purpose=given.purpose):
        publish_now(ScopeEnded(workspace_id, given.contact_id, given.purpose, scope))


def _check_named(workspace_id: int, consents: Sequence[GivenConsent], actor: str) -> None:
    """What a person or a program writes down is no yes to what is closed.

    A no always holds, and what people said themselves is kept, though its topic was closed meanwhile.
    """
    is_typed = actor.startswith(("user:", "key:"))
    wanted = {
        (each.whole_scope, is_typed and each.kind != ConsentKind.OPT_OUT) for each in consents
    }
    for is_new in (True, False):
        scopes = [scope for scope, each in wanted if each is is_new]
        check_scopes(workspace_id, scopes, may_be_closed=not is_new)


def _audit(workspace_id: int, actor: str, given: GivenConsent) -> None:
    """What a person or a program wrote down; what people text us is an event alone."""
    if actor.startswith(("user:", "key:")):
        scope = given.whole_scope
        named = {"topic": scope.topic, "brand": scope.brand, "sender": scope.sender}
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action=f"consent.{given.kind}",
            subject=f"contact:{given.contact_id}",
            after={
                "channel": given.channel,
                "purpose": given.purpose,
                "source": given.source,
                **({} if scope in {GENERAL, EVERYTHING} else named),
            },
        )


def record_consents(
    *,
    workspace_id: int,
    consents: Sequence[GivenConsent],
    actor: str,
    import_run_id: int | None = None,
) -> RecordedConsent:
    """Many facts at once, set-based; people of other workspaces are passed over.

    Raises:
        FieldError: an opt-in lacks its evidence, or a scope is unknown; nothing is recorded.
    """
    for given in consents:
        _check(given)
    _check_named(workspace_id, consents, actor)
    if not consents:
        return RecordedConsent(0, ())
    with transaction.atomic(), cursor() as raw:
        raw.execute(sql.MAKE_STAGING)
        raw.execute("TRUNCATE consent_staging")
        copy_rows(raw, "consent_staging", sql.STAGING_COLUMNS, map(_staged, consents))
        params: dict[str, Any] = {
            "workspace_id": workspace_id,
            "now": now(),
            "actor": actor,
            "import_run_id": import_run_id,
            "rank": list(SUPPRESSION_RANK),
        }
        raw.execute(sql.INSERT_EVENTS, params)
        recorded = raw.fetchall()
        ids: dict[str, Any] = {
            "workspace_id": workspace_id,
            # All: what was known already may have put an opt-out down again that a later yes lifts.
            "contact_ids": sorted({given.contact_id for given in consents}),
        }
        raw.execute(state_sql.DERIVE_STATES, ids)
        raw.execute(sql.PUT_OPTED_OUT, params)
        raw.execute(sql.PUT_OPTED_OUT_REASONS, params)
        back = _lift_opted_out(raw, ids)
        stops = {(row[1], bool(row[3])) for row in recorded if row[2] == ConsentKind.OPT_OUT}
        outs = sorted(person for person, is_of_all in stops if is_of_all and person not in back)
        narrowed = sorted(person for person, is_of_all in stops if not is_of_all)
        if outs:
            _tell(workspace_id, outs)
        if narrowed:
            tell_connectors("narrowed", workspace_id, narrowed)
        if back:
            tell_connectors("agreed", workspace_id, sorted(back))
    return RecordedConsent(len(recorded), tuple(outs))


def _lift_opted_out(raw: CursorWrapper, ids: dict[str, Any]) -> set[int]:
    """The people of whom an opt-out no longer keeps texts back."""
    raw.execute(sql.LOCK_OPTED_OUT, ids)
    if not raw.fetchall():
        return set()
    raw.execute(sql.KEEP_NUMBER_STOPS, ids | {"now": now()})
    stopped = [row[0] for row in raw.fetchall()]
    if stopped:
        raw.execute(state_sql.DERIVE_STATES, ids | {"contact_ids": stopped})
    raw.execute(sql.LIFT_OPTED_OUT, ids)
    lifted = raw.fetchall()
    msisdns = [row[0] for row in lifted]
    derive_foremost(ids["workspace_id"], msisdns)
    unshare(ids["workspace_id"], msisdns)
    return {row[1] for row in lifted}


def _check(given: GivenConsent) -> None:
    if given.basis and given.basis not in BASES:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(BASES)}
        raise FieldError("basis", _("is unknown."), mend)
    if given.kind == ConsentKind.OPT_OUT:
        return
    if not given.source.strip():
        raise FieldError("source", _("is missing."), _("Say where the consent was given."))
    if not given.wording.strip():
        raise FieldError("wording", _("is missing."), _("Give the text that the person agreed to."))
    if given.given_at > now():
        raise FieldError("given_at", _("lies in the future."), _("Give the time of the consent."))


def _staged(given: GivenConsent) -> tuple[object, ...]:
    evidence = orjson.dumps(dict(given.evidence)).decode()
    scope = given.whole_scope
    return (
        given.contact_id, given.channel, given.purpose, scope.topic, scope.brand, scope.sender,
        str(given.kind), given.basis, given.given_at, given.source[:200], given.wording,
        given.wording_version, given.language, evidence,
    )  # fmt: skip


def _tell(workspace_id: int, contact_ids: Sequence[int]) -> None:
    """Queued work is revoked in this transaction; connectors hear of it after its commit."""
    numbers = _numbers_of(workspace_id, contact_ids)
    publish_now(OptedOut(workspace_id, tuple(contact_ids), numbers))
    tell_connectors("revoked", workspace_id, contact_ids)
    withdraw_elsewhere(share(workspace_id, numbers, OPTED_OUT))


def _numbers_of(workspace_id: int, contact_ids: Sequence[int]) -> tuple[str, ...]:
    with cursor() as raw:
        params: dict[str, Any] = {
            "workspace_id": workspace_id,
            "contact_ids": list(contact_ids),
        }
        raw.execute(sql.NUMBERS_OF, params)
        return tuple(row[0] for row in raw.fetchall())
