import asyncio
import base64
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from nats.js.errors import KeyNotFoundError

from builders import make_workspace
from textwell.accounts.models import Workspace
from textwell.core.bus import Bus
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.core.settings import Settings
from textwell.core.wire import LinkRangeItem, decode
from textwell.links import actions
from textwell.links.actions import define_links, publish_all_ranges
from textwell.links.models import LinkRange

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def define(workspace: Workspace, first: int = 1, last: int = 100, **values: object) -> LinkRange:
    fields: dict[str, object] = {"campaign_id": 7, "targets": ["https://shop.example/"]}
    return define_links(
        workspace_id=workspace.id,
        first_message_id=first,
        last_message_id=last,
        **(fields | values),  # type: ignore[arg-type]  # a table of fields
    )


async def read_entry(bus: Bus, range_id: int) -> LinkRangeItem:
    """The bucket's entry, once the background connection has written it."""
    bucket = await bus.kv("links")
    for _ in range(100):
        try:
            entry = await bucket.get(str(range_id))
        except KeyNotFoundError:
            await asyncio.sleep(0.05)
        else:
            return decode(entry.value or b"", LinkRangeItem)
    raise AssertionError("the range never reached the bucket")


@pytest.mark.django_db(transaction=True)
async def test_a_range_reaches_the_bucket_with_the_workspaces_key(bus: Bus) -> None:
    workspace = await sync_to_async(make_workspace)()
    made = await sync_to_async(define)(workspace, utm={"utm_source": "sms"})

    item = await read_entry(bus, made.id)
    assert (item.workspace_id, item.campaign_id) == (workspace.id, 7)
    assert (item.first_message_id, item.last_message_id) == (1, 100)
    assert item.targets == ["https://shop.example/?utm_source=sms"]
    assert base64.b64decode(item.key) == bytes(workspace.link_key)


@pytest.mark.django_db(transaction=True)
async def test_a_lost_bucket_is_filled_again(bus: Bus) -> None:
    workspace = await sync_to_async(make_workspace)()
    made = await sync_to_async(define)(workspace)
    await read_entry(bus, made.id)
    await (await bus.kv("links")).purge(str(made.id))

    assert await sync_to_async(publish_all_ranges)() == 1
    assert (await read_entry(bus, made.id)).id == made.id


def test_the_same_range_again_replaces_its_targets(workspace: Workspace) -> None:
    first = define(workspace)
    again = define(workspace, targets=["https://shop.example/new"])

    assert again.id == first.id
    assert LinkRange.objects.get().targets == ["https://shop.example/new"]


@pytest.mark.parametrize(("first", "last"), [(50, 60), (90, 200), (1, 99), (1, 1000)])
def test_messages_of_another_range_are_refused(workspace: Workspace, first: int, last: int) -> None:
    define(workspace)

    with pytest.raises(Conflict), transaction.atomic():
        define(workspace, first, last)
    assert LinkRange.objects.count() == 1


def test_ranges_side_by_side_are_fine(workspace: Workspace) -> None:
    define(workspace, 101, 200)
    define(workspace, 1, 100)
    define(workspace, 201, 300)

    assert LinkRange.objects.count() == 3


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"targets": []}, "targets"),
        ({"targets": ["https://a.example/"] * 16}, "targets"),
        ({"targets": ["https://a.example/", "nonsense"]}, "targets.2"),
        ({"first": 0}, "first_message_id"),
        ({"first": 101}, "first_message_id"),
        ({"last": 1 << 43}, "first_message_id"),
    ],
)
def test_a_bad_definition_names_its_field(
    workspace: Workspace, values: dict[str, object], field: str
) -> None:
    with pytest.raises(FieldError) as caught, transaction.atomic():
        define(workspace, **values)  # type: ignore[arg-type]  # a table of fields

    assert caught.value.field == field
    assert not LinkRange.objects.exists()


@pytest.mark.django_db
def test_a_workspace_that_is_not_there_has_no_links() -> None:
    with pytest.raises(NotFound), transaction.atomic():
        define(Workspace(id=999_999))


def test_a_link_ends_after_the_days_of_the_setting_unless_it_is_told_when(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "load_settings", lambda: Settings(link_days=30))
    monkeypatch.setattr(actions, "now", lambda: AT)
    own = datetime(2026, 6, 1, tzinfo=UTC)

    assert define(workspace).expires_at == AT + timedelta(days=30)
    assert define(workspace, 101, 200, expires_at=own).expires_at == own


def test_links_never_end_where_the_operator_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "load_settings", lambda: Settings(link_days=0))

    assert define(workspace).expires_at is None
