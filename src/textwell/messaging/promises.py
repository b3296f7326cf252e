"""What a workspace promises in public: its senders, its topics, and how many texts at most.

The gate holds it like a cap, see `promised`. Versions are appended and signed; none is ever changed.
"""

import secrets
from datetime import UTC
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import spoken_name
from textwell.consent.topics import list_open_topics
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import FieldError
from textwell.core.settings import load_settings
from textwell.core.signatures import encode
from textwell.core.signed_form import write_body
from textwell.core.signing import Signer
from textwell.gateways.models import GatewayState, Sender
from textwell.messaging import sql
from textwell.messaging.models import Promise
from textwell.messaging.promise_form import (
    FORM,
    SUBJECT,
    Promised,
    PromisedSender,
    PromisedTopic,
    SignedPromise,
    read_promise,
    write_promise,
)
from textwell.messaging.promised import PROMISED_DAYS

PLACE: Final = "promise/"  # in front of the code
MOST_PROMISED: Final = 200  # texts in 31 days


def publish_promise(*, workspace: Workspace, most: int, actor: str) -> Promise:
    """Promise at most `most` marketing texts a person in 31 days, with today's senders and topics.

    Lower than before, it holds for everybody from the next text on. Higher, for those alone who agree
    from now on. 0 takes it back, in the same way. The same again is the version that there is.

    Raises:
        FieldError: on `most`: outside of its limits, or nothing was promised that could be taken back.
        Unsealable: the signing key was sealed with another secret key of the installation.
    """
    if not 0 <= most <= MOST_PROMISED:
        mend = _("Write a number from 0 to %(most)d.") % {"most": MOST_PROMISED}
        raise FieldError("most", _("is outside of its limits"), mend)
    with transaction.atomic():
        held = Workspace.objects.select_for_update(no_key=True).get(id=workspace.id)
        last = find_promise(held.id)
        if last is None and not most:
            problem, mend = _("Nothing is promised."), _("Promise something first.")
            raise FieldError("most", problem, mend)
        made = _build(held, last, most, actor)
        if last is not None and _says(last) == _says(made):
            return last
        made.save()
        with cursor() as raw:  # whoever has some of its texts takes them anew, on these terms
            raw.execute(sql.RELEASE_WORKSPACE, {"workspace_id": held.id})
        before = {"most": last.most} if last else None
        told = {"version": made.version, "most": most}
        audit_row(made, "promise", actor, "promise.published", before=before, after=told)
    return made


def _build(workspace: Workspace, last: Promise | None, most: int, actor: str) -> Promise:
    moment, signer = now(), Signer(workspace.id)
    version = last.version + 1 if last else 1
    promised = Promised(
        v=FORM,
        workspace=workspace.id,
        speaker=spoken_name(workspace.brand, workspace.name),
        version=version,
        published_at=f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        most=most,
        days=PROMISED_DAYS,
        senders=list_senders(workspace.id),
        topics=[PromisedTopic(each.key, each.name) for each in list_open_topics(workspace.id)],
        key=signer.key_id,
    )
    signature = signer.sign(SUBJECT, write_body(promised))
    return Promise(
        workspace_id=workspace.id,
        version=version,
        code=last.code if last else _make_code(),
        most=most,
        document=write_promise(SignedPromise(promised, encode(signature.value))),
        published_at=moment,
        actor=actor,
    )


def _make_code() -> str:
    return secrets.token_urlsafe(8).replace("-", "x").replace("_", "y")


def list_senders(workspace_id: int) -> list[PromisedSender]:
    """What phones may show of this workspace today, each once."""
    active = Sender.objects.filter(
        workspace_id=workspace_id, is_active=True, gateway__state=GatewayState.ACTIVE
    )
    pairs = sorted(set(active.values_list("value", "country")))
    return [PromisedSender(value, country) for value, country in pairs]


def _says(promise: Promise) -> tuple[object, ...]:
    told = read_promise(promise.document).promise
    return (told.speaker, told.most, told.senders, told.topics, told.key)


def find_promise(workspace_id: int) -> Promise | None:
    """The present version, also where it took the promise back; None: there never was one."""
    return Promise.objects.filter(workspace_id=workspace_id).order_by("-version").first()


def list_versions(code: str) -> list[Promise]:
    """All versions under the address of a page, the present one first; empty: there is no such page."""
    return list(Promise.objects.filter(code=code).order_by("-version"))


def is_outdated(promise: Promise) -> bool:
    """Whether a sender or a topic has come or gone since."""
    told = read_promise(promise.document).promise
    topics = [PromisedTopic(each.key, each.name) for each in list_open_topics(promise.workspace_id)]
    return bool(told.most) and (told.senders, told.topics) != (
        list_senders(promise.workspace_id),
        topics,
    )


def promise_url(promise: Promise) -> str:
    """Where anybody reads it."""
    return f"{load_settings().public_url.rstrip('/')}/{PLACE}{promise.code}"
