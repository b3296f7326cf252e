"""How often a link is tried: with back-off, and a carrier that refuses us very seldom."""

import asyncio
from collections.abc import Sequence

import pytest

from textwell.gateways.providers.base import GatewayRefused, GatewayUnreachable, Handoff
from textwell.runtime.connector import link
from textwell.runtime.connector.link import LinkKeeper

Step = Exception | str | None


class Carrier:
    """Answers `open` by a script; where it opens, the link falls at once, or a refusal comes by it."""

    def __init__(self, script: list[Step]) -> None:
        self._script = script
        self.keeper: LinkKeeper | None = None
        self.opened = 0

    async def open(self) -> None:
        self.opened += 1
        step = self._script.pop(0)
        if isinstance(step, Exception):
            raise step
        assert self.keeper is not None
        self.keeper.changed(is_up=True, reason="")
        if step is not None:
            self.keeper.refuse(step, "HTTP 402")
            self.keeper.refuse("said once more", "HTTP 402")
        self.keeper.changed(is_up=False, reason="cut")

    async def close(self) -> None: ...

    def room(self) -> int:
        return 0

    async def wait_for_room(self) -> None: ...

    def submit(self, messages: Sequence[Handoff]) -> None: ...


class Watcher:
    def __init__(self) -> None:
        self.problems: list[str] = []
        self.refusals: list[str] = []

    def set_problem(self, problem: str) -> None:
        self.problems.append(problem)

    def set_refused(self, reason: str) -> None:
        self.refusals.append(reason)


async def waits_of(script: Sequence[Step], watcher: Watcher) -> list[float]:
    """The longest that may be waited between the tries of a script."""
    waits: list[float] = []
    steps = list(script)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if not steps:
            raise asyncio.CancelledError

    carrier = Carrier(steps)
    keeper = LinkKeeper(
        carrier,
        name="one",
        watcher=watcher,
        on_tried=lambda _how: None,
        pick=lambda _low, high: high,
        sleep=sleep,
    )
    carrier.keeper = keeper
    with pytest.raises(asyncio.CancelledError):
        await keeper.run()
    assert carrier.opened == len(script)
    return waits


async def test_an_unreachable_carrier_is_tried_ever_less_often() -> None:
    watcher = Watcher()
    waits = await waits_of([GatewayUnreachable("away")] * 10, watcher)
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0]
    assert set(watcher.problems) == {"away"}
    assert watcher.refusals == []


async def test_a_carrier_that_refuses_us_is_tried_by_the_minute_then_the_quarter() -> None:
    watcher = Watcher()
    waits = await waits_of([GatewayRefused("wrong password")] * 6, watcher)
    assert waits == [60.0, 120.0, 240.0, 480.0, 900.0, 900.0]
    assert watcher.refusals == ["wrong password"] * 6


async def test_an_account_that_is_refused_while_bound_rests_as_long_and_its_reason_stays() -> None:
    watcher = Watcher()
    waits = await waits_of(["no credit"] * 3, watcher)
    assert waits == [60.0, 120.0, 240.0]
    assert watcher.refusals == ["", "no credit"] * 3
    assert watcher.problems == ["", "no credit"] * 3


async def test_a_link_that_we_close_ourselves_is_not_made_again() -> None:
    carrier = Carrier([None, None])
    keeper = LinkKeeper(carrier, name="one", watcher=Watcher(), on_tried=lambda _how: None)
    carrier.keeper = keeper
    keeper.leave()
    await asyncio.wait_for(keeper.run(), 1)
    assert carrier.opened == 0


async def test_a_link_that_falls_at_once_is_no_reason_to_hammer() -> None:
    assert await waits_of([None] * 4, Watcher()) == [0.2, 0.4, 0.8, 1.6]


async def test_a_steady_link_is_made_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "STEADY_S", 0.0)
    script: list[Step] = [GatewayUnreachable("away"), None, GatewayUnreachable("away")]
    assert await waits_of(script, Watcher()) == [0.2, 0.0, 0.2]


async def test_a_dead_gateway_is_one_line_of_the_log_and_not_one_a_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[str] = []

    class Log:
        def warning(self, event: str, **values: object) -> None:
            lines.append(f"{event}: {values['error']}")

        def debug(self, event: str, **values: object) -> None: ...

    monkeypatch.setattr(link, "log", Log())
    errors = [GatewayUnreachable(text) for text in ("refused", "refused", "no route", "no route")]

    await waits_of([*errors], Watcher())

    assert lines == ["gateway unreachable: refused", "gateway unreachable: no route"]
