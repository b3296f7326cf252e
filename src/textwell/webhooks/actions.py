"""Every write of webhooks by a person or a program: endpoints, tests, sending again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError
from textwell.core.seal import seal
from textwell.webhooks import sql
from textwell.webhooks.models import Delivery, DeliveryState, Endpoint, MessageCallback
from textwell.webhooks.signing import make_secret
from textwell.webhooks.targets import check_target
from textwell.webhooks.types import EventKind, Form

MOST_ENDPOINTS = 50
OLD_SECRET_SIGNS = timedelta(hours=24)
ASKABLE = tuple(kind.value for kind in EventKind if kind is not EventKind.TEST)


def create_endpoint(
    *, workspace_id: int, url: str, kinds: Sequence[str], actor: str, name: str = ""
) -> tuple[Endpoint, str]:
    """A receiver and its signing secret, which is shown this once.

    Raises:
        FieldError: the address or a kind cannot be used.
        Conflict: the workspace has fifty already.
    """
    url, asked = check_target(url), _check_kinds(kinds)
    secret = make_secret()
    with transaction.atomic():
        if _present(workspace_id).filter(form=Form.STANDARD).count() >= MOST_ENDPOINTS:
            raise Conflict(_("Fifty endpoints are the most. Delete one that is not used."))
        endpoint = Endpoint.objects.create(
            workspace_id=workspace_id, name=name[:120], url=url, kinds=asked, secret=seal(secret)
        )
        audit_row(
            endpoint, "webhook", actor, "webhooks.created", after={"url": url, "kinds": asked}
        )
    return endpoint, secret


def update_endpoint(
    *,
    endpoint: Endpoint,
    actor: str,
    url: str | None = None,
    kinds: Sequence[str] | None = None,
    name: str | None = None,
    is_active: bool | None = None,
) -> Endpoint:
    """Change what is given. Switching it on again forgets that it failed; what waits goes on."""
    given: dict[str, Any] = {"url": url, "kinds": kinds, "name": name, "is_active": is_active}
    values = {field: value for field, value in given.items() if value is not None}
    if url is not None:
        values["url"] = check_target(url)
    if kinds is not None:
        values["kinds"] = _check_kinds(kinds)
    if is_active:
        values |= {"failing_since": None, "stopped_reason": ""}
    before = {field: getattr(endpoint, field) for field in values}
    with transaction.atomic():
        for field, value in values.items():
            setattr(endpoint, field, value)
        endpoint.save(update_fields=list(values) or None)
        audit_row(endpoint, "webhook", actor, "webhooks.updated", before=before, after=values)
    return endpoint


def delete_endpoint(*, endpoint: Endpoint, actor: str) -> None:
    """Tell it nothing more; what waits is dropped. Deleting twice is safe."""
    with transaction.atomic():
        endpoint.is_active, endpoint.deleted_at = False, now()
        endpoint.save(update_fields=["is_active", "deleted_at"])
        Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING).delete()
        audit_row(endpoint, "webhook", actor, "webhooks.deleted", before={"url": endpoint.url})


def rotate_secret(*, endpoint: Endpoint, actor: str) -> str:
    """A new secret, shown this once; the old one signs beside it for a day."""
    secret = make_secret()
    with transaction.atomic():
        endpoint.old_secret, endpoint.secret = endpoint.secret, seal(secret)
        endpoint.old_secret_until = now() + OLD_SECRET_SIGNS
        endpoint.save(update_fields=["old_secret", "secret", "old_secret_until"])
        audit_row(endpoint, "webhook", actor, "webhooks.secret_rotated")
    return secret


def send_test_event(*, endpoint: Endpoint, actor: str) -> int:
    """Tell the endpoint something that did not happen; answers the delivery's id."""
    data = orjson.dumps({"note": "This is a test.", "asked_by": actor}).decode()
    params: dict[str, Any] = {
        "workspace_id": endpoint.workspace_id,
        "endpoint_id": endpoint.id,
        "token": uuid4().hex,
        "data": data,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.TEST, params)
        delivery_id = int(cursor.fetchone()[0])
        audit_row(endpoint, "webhook", actor, "webhooks.tested", after={"delivery": delivery_id})
    return delivery_id


def resend_delivery(*, delivery: Delivery, actor: str) -> None:
    """Try at once, with all tries anew. Twice before the first was made is once."""
    with transaction.atomic():
        Delivery.objects.filter(id=delivery.id).update(
            state=DeliveryState.WAITING, attempt_count=0, next_at=now(), lease_until=None
        )
        audit_row(
            delivery.endpoint, "webhook", actor, "webhooks.resent", after={"delivery": delivery.id}
        )


def replay(
    *,
    endpoint: Endpoint,
    since: datetime,
    until: datetime | None = None,
    only_failed: bool = True,
    actor: str,
) -> int:
    """Tell again what happened in a span, at most the thirty days that are kept; answers how many.

    `only_failed` leaves out what was delivered. The event ids stay the same.

    Raises:
        FieldError: the span ends before it begins.
    """
    end = until or now()
    if end <= since:
        raise FieldError("since", _("is not before the end"), _("Give an earlier time."))
    params: dict[str, Any] = {
        "endpoint_id": endpoint.id,
        "workspace_id": endpoint.workspace_id,
        "since": since,
        "until": end,
        "only_failed": only_failed,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.REPLAY, params)
        count = int(cursor.rowcount)
        after = {"since": since, "until": end, "deliveries": count}
        audit_row(endpoint, "webhook", actor, "webhooks.replayed", after=after)
    return count


def ask_for_message(
    *,
    workspace_id: int,
    message_id: int,
    form: Form,
    url: str,
    api_key_id: int,
    secret: str,
    wants: int = 0,
) -> None:
    """Have the fate of one message told in another vendor's form, in the caller's transaction.

    Raises:
        FieldError: the address cannot be used; its field is `url`.
    """
    url = check_target(url)
    kinds = [kind for kind in ASKABLE if kind.startswith("message.")]
    endpoint, is_new = Endpoint.objects.get_or_create(
        workspace_id=workspace_id,
        form=form.value,
        api_key_id=api_key_id,
        defaults={"secret": seal(secret), "kinds": kinds, "name": form.value},
    )
    if not is_new and not endpoint.is_active:  # each message has its own address: no lasting stop
        Endpoint.objects.filter(id=endpoint.id).update(is_active=True, stopped_reason="")
    MessageCallback.objects.create(message_id=message_id, endpoint=endpoint, url=url, wants=wants)


def _check_kinds(kinds: Iterable[str]) -> list[str]:
    asked = sorted(set(kinds))
    known = ", ".join(ASKABLE)
    if not asked:
        raise FieldError("kinds", _("is empty"), _("Choose at least one."))
    for kind in asked:
        if kind not in ASKABLE:
            problem = _("does not know %(kind)s") % {"kind": kind}
            raise FieldError("kinds", problem, _("Use some of: %(known)s") % {"known": known})
    return asked


def _present(workspace_id: int) -> Any:  # Any: a queryset
    return Endpoint.objects.filter(workspace_id=workspace_id, deleted_at=None)
