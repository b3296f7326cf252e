"""What is remembered for a while: bounded in count and age, and what its users do with a miss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.smpp import owed as owed_module
from textwell.smpp import pending as pending_module
from textwell.smpp.codec import encode
from textwell.smpp.commands import Command
from textwell.smpp.events import Outcomes, Stray
from textwell.smpp.owed import Owed
from textwell.smpp.pdu import Pdu
from textwell.smpp.recent import Recent
from unit.smpp.sessions import HELLO, answer, bound


def test_the_younger_half_is_there_and_never_more_than_the_most() -> None:
    recent: Recent[int, int] = Recent(most=10, age_s=60)

    for number in range(17):
        recent.put(number, -number, 0.0)

    assert [n for n in range(17) if n in recent] == list(range(10, 17))
    assert len(recent) == 7
    assert (recent.get(16), recent.get(9), recent.get(9, "gone")) == (-16, None, "gone")


@pytest.mark.parametrize(
    ("what", "looked_at", "is_there"),
    [
        ("within its time", 59.9, True),
        ("as the older generation", 119.9, True),
        ("over its time", 120.0, False),
        ("long over its time, nobody asked meanwhile", 9999.0, False),
    ],
)
def test_entries_go_with_their_time(what: str, looked_at: float, is_there: bool) -> None:
    recent: Recent[str, int] = Recent(most=None, age_s=60)
    recent.put("early", 1, 0.0)

    recent.expire(looked_at)

    assert ("early" in recent) is is_there


def test_an_entry_lives_through_one_turn_whenever_it_was_put() -> None:
    recent: Recent[str, int] = Recent(most=None, age_s=60)
    recent.put("first", 1, 0.0)
    recent.put("last moment", 2, 59.9)

    recent.put("after", 3, 60.0)
    recent.expire(119.8)

    assert recent.pop("last moment") == 2
    assert "last moment" not in recent


def test_what_is_put_again_is_young_again_and_counts_once() -> None:
    recent: Recent[str, int] = Recent(most=4, age_s=60)
    for key in ("a", "b", "c"):
        recent.put(key, 1, 0.0)

    recent.put("a", 2, 0.0)

    assert len(recent) == 3
    recent.put("d", 1, 0.0)
    assert (recent.get("a"), recent.get("b")) == (2, None)
    recent.clear()
    assert (len(recent), recent.pop("a"), recent.pop("a", "none")) == (0, None, "none")


def test_a_bound_below_two_is_refused() -> None:
    with pytest.raises(ValueError, match="most: at least 2"):
        Recent(most=1, age_s=1)


@given(
    st.lists(st.tuples(st.floats(0, 40), st.integers(0, 9), st.booleans()), max_size=60),
    st.integers(2, 8),
)
def test_nothing_young_is_missing_and_nothing_old_is_left(
    steps: list[tuple[float, int, bool]], most: int
) -> None:
    """Against a dict that keeps everything."""
    recent, put_at, order, now = Recent[int, float](most=most, age_s=30), {}, [], 0.0
    for pause, key, is_put in steps:
        now += pause
        recent.expire(now)
        if is_put:
            recent.put(key, now, now)
            put_at[key] = now
            order = [*(other for other in order if other != key), key]
        else:
            assert recent.pop(key) in {None, put_at.pop(key, None)}
            order = [other for other in order if other != key]
        assert len(recent) <= most
        assert all(recent.get(k) in {None, put_at.get(k)} for k in range(10))
        assert all(now - put_at[k] < 60 for k in put_at if k in recent)
        young = [k for k in order if now - put_at[k] < 30]
        assert all(k in recent for k in young[-(most // 2) :])


# -- what a miss means -----------------------------------------------------------------------------


def test_a_request_that_stays_open_too_long_is_never_answered() -> None:
    """Its peer says it again."""
    session = bound()
    session.receive_data(encode(Pdu(Command.deliver_sm, 0, 7)), now=0)

    session.on_time(2 * owed_module._OWED_S)

    assert session.owed_count == 0
    assert session.answer([(7, 0, "")]) == 0
    assert session.answer_with(7) is False


def test_requests_beyond_the_most_push_out_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owed_module, "_MAX_OWED", 4)
    owed, out = Owed(), []
    for sequence in range(1, 6):
        owed.add(int(Command.deliver_sm), sequence, 0.0)

    assert owed.write([(sequence, 0, "") for sequence in range(1, 6)], out) == 3
    assert [int.from_bytes(one[12:16], "big") for one in out] == [3, 4, 5]


@pytest.mark.parametrize(
    ("what", "answered_at", "told"),
    [
        ("late", 3600.0, [Outcomes([("a", 0, "x")], late=True)]),
        ("too late: it belongs to nothing, and the message stays unknown", 7300.0, [Stray]),
    ],
)
def test_an_answer_is_late_for_an_hour_or_two(what: str, answered_at: float, told: list) -> None:
    session = bound(response_timeout_s=10, enquire_link_s=None, inactivity_s=None)
    session.request_batch([("a", HELLO)], now=0)
    session.on_time(10)
    session.on_time(answered_at)

    events = session.receive_data(
        answer(Command.submit_sm_resp, 1, message_id="x"), now=answered_at
    )

    assert [event if told[0] is not Stray else type(event) for event in events] == told


def test_answers_given_up_are_bounded_in_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_module, "_MAX_EXPIRED", 4)
    pending = pending_module.Pending()
    pending.write_batch(4, [(n, b"") for n in range(5)], 10, 5.0, [])

    pending.expire(5.0)

    assert [pending.take_late(sequence) for sequence in range(1, 6)] == [
        None, None, (2,), (3,), (4,)
    ]  # fmt: skip
