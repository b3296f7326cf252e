"""Every write of links: where they lead, clicks as they come, forgetting of addresses."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.core.bus import kv_put_after_commit
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.core.settings import load_settings
from textwell.core.streams import LINKS_BUCKET
from textwell.core.wire import ClickItem, LinkRangeItem, Part, encode
from textwell.links import sql
from textwell.links.clicks import JudgedClick, judge_clicks
from textwell.links.models import LinkRange
from textwell.links.targets import judge_targets
from textwell.links.tokens import MAX_LINK_NUMBER, MAX_MESSAGE_ID

_FORGET_CHUNK = 20_000


@transaction.atomic
def define_links(
    *,
    workspace_id: int,
    campaign_id: int | None,
    first_message_id: int,
    last_message_id: int,
    targets: Sequence[str],
    expires_at: datetime | None = None,
    utm: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> LinkRange:
    """Say where link 1, 2, … of these messages lead; the edge knows after commit.

    `utm` is added to each target (see `targets.add_utm`; `{{ link_number }}` is always known).
    Without `expires_at` the links end after the days of the setting `link_days`.
    The same range again replaces its targets. Raises FieldError, or Conflict if another range
    holds some of these messages.
    """
    ready = _prepare(targets, utm or {}, values or {})
    return _define(
        workspace_id, campaign_id, (first_message_id, last_message_id), ready, expires_at
    )


@transaction.atomic
def define_opt_out_links(
    *, workspace_id: int, campaign_id: int | None, first_message_id: int, last_message_id: int
) -> LinkRange:
    """Of messages without other links: the edge answers where their people stop these texts.

    Where `define_links` was called this is said already. Raises Conflict as it does.
    """
    return _define(workspace_id, campaign_id, (first_message_id, last_message_id), [], None)


def _define(
    workspace_id: int,
    campaign_id: int | None,
    message_ids: tuple[int, int],
    ready: list[str],
    expires_at: datetime | None,
) -> LinkRange:
    first_message_id, last_message_id = message_ids
    _check_range(first_message_id, last_message_id)
    _refuse_overlap(first_message_id, last_message_id)
    days = load_settings().link_days
    if expires_at is None and days:
        expires_at = now() + timedelta(days=days)
    link_range, _made = LinkRange.objects.update_or_create(
        workspace_id=workspace_id,
        first_message_id=first_message_id,
        last_message_id=last_message_id,
        defaults={"campaign_id": campaign_id, "targets": ready, "expires_at": expires_at},
    )
    _publish(link_range, _key_of(workspace_id))
    return link_range


def blank_own_links(workspace_id: int, contact_ids: Sequence[int]) -> None:
    """Links of texts that these people alone got lead nowhere any more; those of campaigns stay.

    Their addresses were made for one person. In the caller's transaction.
    """
    with cursor() as opened:
        opened.execute(sql.OWN_RANGES, {"w": workspace_id, "contact_ids": list(contact_ids)})
        ids = [row[0] for row in opened.fetchall()]
    if not ids:
        return
    LinkRange.objects.filter(id__in=ids).update(targets=[])
    key = _key_of(workspace_id)
    for link_range in LinkRange.objects.filter(id__in=ids):
        _publish(link_range, key)


def publish_all_ranges(*, since: datetime | None = None) -> int:
    """Write ranges (made since then, or all) to the bucket again; answers how many.

    For a broker that was lost or away when a range was made. Twice is the same as once.
    """
    ranges = LinkRange.objects.order_by("id")
    if since is not None:
        ranges = ranges.filter(created_at__gte=since)
    keys: dict[int, str] = {}
    count = 0
    for link_range in ranges.iterator():
        workspace_id = link_range.workspace_id
        if workspace_id not in keys:
            keys[workspace_id] = _key_of(workspace_id)
        _publish(link_range, keys[workspace_id])
        count += 1
    return count


def record_clicks(
    items: Sequence[ClickItem],
    stream_key: str,
    *,
    handed_at: Mapping[int, float] | None = None,
) -> int:
    """Judge and write the clicks of one stream message; answers how many were new.

    `stream_key` names the stream message (its sequence); the same again writes nothing.
    `handed_at`: seconds since the epoch of the hand-off by message id, where known.
    """
    return record_click_parts([Part(stream_key, items)], handed_at=handed_at)


@transaction.atomic
def record_click_parts(
    parts: Sequence[Part[ClickItem]],
    *,
    handed_at: Mapping[int, float] | None = None,
    countries: Mapping[int, str] | None = None,
) -> int:
    """`record_clicks` for several stream messages in one statement.

    `countries`: of the numbers, by message id, where known; for the setting `raw_ip_never_in`.
    """
    settings = load_settings()
    silent = frozenset(settings.raw_ip_never_in)

    def keeps_ip(message_id: int, country: str) -> bool:
        of_number = (countries or {}).get(message_id, "")
        return settings.raw_ip_days > 0 and silent.isdisjoint((country, of_number))

    judged = judge_clicks(parts, handed_at or {}, keeps_ip=keeps_ip, geo_file=settings.geo_file)
    if not judged:
        return 0
    columns = [list(column) for column in zip(*map(JudgedClick.as_row, judged), strict=True)]
    with cursor() as opened:
        opened.execute(sql.INSERT_CLICKS, columns)
        return int(opened.rowcount)


def forget_raw_ips(*, older_than: datetime) -> int:
    """Delete the addresses of clicks made before then; answers how many rows had one.

    In chunks of their own transactions: call it outside of one. Twice is safe.
    """
    count = 0
    while True:
        with transaction.atomic(), cursor() as opened:
            opened.execute(sql.FORGET_RAW_IPS, [older_than, _FORGET_CHUNK])
            changed = int(opened.rowcount)
        count += changed
        if changed < _FORGET_CHUNK:
            return count


def _check_range(first: int, last: int) -> None:
    if not 1 <= first <= last <= MAX_MESSAGE_ID:
        raise FieldError(
            "first_message_id",
            f"{first} to {last} is no range of message ids.",
            f"Ids are 1 to {MAX_MESSAGE_ID}, the first not above the last.",
        )


def _prepare(
    targets: Sequence[str], utm: Mapping[str, str], values: Mapping[str, str]
) -> list[str]:
    if not 1 <= len(targets) <= MAX_LINK_NUMBER:
        problem = _("A message has 1 to %(most)s links, not %(count)s.") % {
            "most": MAX_LINK_NUMBER,
            "count": len(targets),
        }
        raise FieldError("targets", problem, _("Leave out the rest."))
    ready, errors = judge_targets(targets, utm=utm, values=values)
    if errors:
        raise errors[0]
    return ready


def _refuse_overlap(first: int, last: int) -> None:
    # Ranges never overlap, so only the highest one that begins before our end can.
    below = LinkRange.objects.filter(first_message_id__lte=last).order_by("-first_message_id")
    other = below.first()
    if other is None or other.last_message_id < first:
        return
    if (other.first_message_id, other.last_message_id) != (first, last):
        raise Conflict(f"Link range {other.id} holds some of the messages {first} to {last}.")


def _key_of(workspace_id: int) -> str:
    key = Workspace.objects.filter(id=workspace_id).values_list("link_key", flat=True).first()
    if key is None:
        raise NotFound("workspace", workspace_id)
    return base64.b64encode(bytes(key)).decode()


def _publish(link_range: LinkRange, key: str) -> None:
    expires_at = link_range.expires_at
    item = LinkRangeItem(
        id=link_range.id,
        workspace_id=link_range.workspace_id,
        campaign_id=link_range.campaign_id,
        first_message_id=link_range.first_message_id,
        last_message_id=link_range.last_message_id,
        targets=link_range.targets,
        expires_at=expires_at.timestamp() if expires_at else None,
        key=key,
    )
    kv_put_after_commit(LINKS_BUCKET, str(link_range.id), encode(item))
