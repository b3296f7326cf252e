"""Group commit and the spool, without a server."""

import asyncio
import fcntl
import os
from pathlib import Path

import msgspec
import pytest

from textwell.edge.outbox import MAX_ITEMS, Outbox
from textwell.edge.spool import Spool, SpooledBatch


async def test_what_comes_while_an_append_runs_shares_the_next_one() -> None:
    appends: list[list[int]] = []

    async def publish(items: list[int]) -> None:
        appends.append(list(items))
        await asyncio.sleep(0.02)

    outbox = Outbox(publish)
    first = asyncio.ensure_future(outbox.put([0]))
    await asyncio.sleep(0.005)
    await asyncio.gather(first, *(outbox.put([number]) for number in range(1, 50)))

    assert appends == [[0], list(range(1, 50))]


async def test_calls_that_were_answered_share_an_append_with_those_that_waited() -> None:
    sizes: list[int] = []
    is_open = asyncio.Event()

    async def publish(items: list[int]) -> None:
        sizes.append(len(items))
        await is_open.wait()

    outbox = Outbox(publish)

    async def client() -> None:
        await outbox.put([1])
        await outbox.put([2])

    first = [asyncio.ensure_future(client()) for _ in range(8)]
    await asyncio.sleep(0)  # the clients have put
    await asyncio.sleep(0)  # the append has begun
    waiting = [outbox.put([3]) for _ in range(4)]
    is_open.set()
    await asyncio.gather(*first, *waiting)

    assert sizes == [8, 12]


async def test_a_full_batch_waits_for_nobody() -> None:
    sizes: list[int] = []

    async def publish(items: list[int]) -> None:
        sizes.append(len(items))
        await asyncio.sleep(0)

    outbox = Outbox(publish)
    await asyncio.gather(*(outbox.put([0] * 100) for _ in range(23)))

    assert sizes == [500, 500, 500, 500, 300]


async def test_no_request_waits_for_ever_between_two_appends() -> None:
    async def publish(items: list[int]) -> None:
        await asyncio.sleep(0)

    outbox = Outbox(publish)

    async def client() -> None:
        for _ in range(200):
            await outbox.put([1])

    await asyncio.wait_for(asyncio.gather(*(client() for _ in range(7))), 10)


async def test_an_append_that_fails_is_told_to_its_own_requests_only() -> None:
    async def publish(items: list[str]) -> None:
        await asyncio.sleep(0.01)
        if "bad" in items:
            raise OSError("away")

    outbox = Outbox(publish)
    bad = asyncio.ensure_future(outbox.put(["bad"]))
    await asyncio.sleep(0.001)
    good = asyncio.ensure_future(outbox.put(["good"]))

    with pytest.raises(OSError, match="away"):
        await bad
    await good


async def test_a_request_that_gives_up_does_not_take_the_others_along() -> None:
    async def publish(items: list[int]) -> None:
        await asyncio.sleep(0.02)

    outbox = Outbox(publish)
    gone = asyncio.ensure_future(outbox.put([1]))
    stays = asyncio.ensure_future(outbox.put([2]))
    await asyncio.sleep(0.005)
    gone.cancel()

    await stays
    assert gone.cancelled()


async def test_batches_are_bounded_and_drain_waits_for_all() -> None:
    sizes: list[int] = []

    async def publish(items: list[int]) -> None:
        await asyncio.sleep(0.001)
        sizes.append(len(items))

    outbox = Outbox(publish)
    tasks = [asyncio.ensure_future(outbox.put([number])) for number in range(1200)]
    await asyncio.sleep(0)
    await outbox.drain()

    assert sum(sizes) == 1200
    assert max(sizes) == MAX_ITEMS
    await asyncio.gather(*tasks)


def batch(number: int) -> SpooledBatch:
    return SpooledBatch("click", f"id-{number}", msgspec.Raw(b'[{"n":%d}]' % number))


def test_a_spool_gives_back_what_it_took_and_is_empty_after(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append(batch(1))
    spool.append(batch(2))

    with spool.taken() as batches:
        assert [(b.message_id, bytes(b.payload)) for b in batches] == [
            ("id-1", b'[{"n":1}]'),
            ("id-2", b'[{"n":2}]'),
        ]
    assert spool.is_empty()


def test_a_replay_that_fails_keeps_the_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append(batch(1))

    with pytest.raises(OSError, match="away"), spool.taken():
        raise OSError("away")
    with spool.taken() as batches:
        assert len(batches) == 1


def test_a_file_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    ours, theirs = Spool(tmp_path), Spool(tmp_path)
    theirs.append(batch(1))

    with ours.taken() as batches:
        assert batches == []
    assert not ours.is_empty()


def test_a_line_cut_off_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    dead = Spool(tmp_path)
    dead.append(batch(1))
    dead.close()
    (path,) = tmp_path.glob("*.jsonl")
    path.write_bytes(path.read_bytes() + b'{"subject":"cli')

    with Spool(tmp_path).taken() as batches:
        assert [b.message_id for b in batches] == ["id-1"]


def test_a_full_disk_costs_the_batch_it_refused_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    spool.append(batch(1))
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, line: write(file, line[:9]))
    with pytest.raises(OSError, match="No space left"):
        spool.append(batch(2))
    monkeypatch.undo()
    spool.append(batch(3))

    kept = []
    for _ in range(2):
        with spool.taken() as batches:
            kept += [b.message_id for b in batches]
    assert kept == ["id-1", "id-3"]


def test_a_file_that_was_replayed_before_it_was_locked_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may see a new file a moment before its lock, and take it for a dead one's."""
    lock, is_met = fcntl.flock, []

    def meet(file: int, how: int) -> None:
        if not is_met:
            is_met.append(True)
            next(tmp_path.glob("*.jsonl")).unlink()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", meet)
    spool = Spool(tmp_path)
    spool.append(batch(1))

    with spool.taken() as batches:
        assert [each.message_id for each in batches] == ["id-1"]
