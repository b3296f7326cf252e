"""What people pressed on the page of a text's opt-out link, and what that page says of who speaks."""

from collections.abc import Iterable
from datetime import UTC, datetime

import structlog
from django.db import transaction

from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import set_speaker
from textwell.consent.actions import record_opt_out
from textwell.core.bus import kv_put_after_commit
from textwell.core.streams import SPEAKERS_BUCKET
from textwell.core.wire import OptOutItem, SpeakerItem, encode
from textwell.messaging.adding import speaker_of
from textwell.messaging.models import Message

log = structlog.get_logger()

SOURCE = "link"


def record_way_outs(items: Iterable[OptOutItem]) -> int:
    """Take each person's consent back, as if they had said STOP; answers how many were known.

    Who was erased gets no more anyway, and their number is known to nobody: nothing is written of them.
    Queued texts to them are skipped before this returns. Twice is once.
    """
    count = 0
    with transaction.atomic():
        once = {(item.workspace_id, item.message_id): item for item in items}
        for (workspace_id, message_id), item in sorted(once.items()):
            message = Message.objects.filter(workspace_id=workspace_id, id=message_id).first()
            if message is None:
                log.warning("opt_out_of_unknown_message", message=message_id)
                continue
            if not message.msisdn:
                log.info("opt_out_of_erased_person", message=message_id)
                continue
            record_opt_out(
                workspace_id=workspace_id,
                contact_id=message.contact_id,
                msisdn=message.msisdn,
                source=SOURCE,
                wording=item.wording,
                given_at=datetime.fromtimestamp(item.at, UTC),
                actor=SOURCE,
                evidence={
                    "message_id": message_id,
                    "campaign_id": item.campaign_id,
                    "language": item.language,
                },
            )
            count += 1
    return count


def tell_speaker(*, workspace: Workspace, actor: str, **values: str) -> Workspace:
    """Who speaks in texts, and on the page where they are stopped; as `accounts.workspaces.set_speaker`.

    Raises:
        FieldError: a value cannot be used.
    """
    with transaction.atomic():
        changed = set_speaker(workspace=workspace, actor=actor, **values)
        publish_speaker(changed)
    return changed


def publish_speaker(workspace: Workspace) -> None:
    """Tell the edge who speaks once the present transaction has committed."""
    who = speaker_of(workspace)
    item = SpeakerItem(workspace.id, who.brand, who.legal_name, who.address, who.contact)
    kv_put_after_commit(SPEAKERS_BUCKET, str(workspace.id), encode(item))


def publish_all_speakers() -> int:
    """Write the whole bucket anew; how many. Twice is safe."""
    workspaces = list(Workspace.objects.order_by("id"))
    for workspace in workspaces:
        publish_speaker(workspace)
    return len(workspaces)
