"""The numbers that do what integrators' tests want, as docs/developer/sandbox.md lists them."""

import asyncio
import re
from pathlib import Path

import msgspec
import phonenumbers
import pytest

from providers.recorder import Recorder, until
from simulator.playing import opened
from textwell.gateways.providers.base import Accepted, Handoff, Rejected, Throttled
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import CALM, TEST_NUMBERS, check_script

PAGE = Path(__file__).parents[2] / "docs/developer/sandbox.md"


def number(last: int) -> str:
    return f"+{TEST_NUMBERS}{last:02d}"


async def text_to(*lasts: int, seconds: float = 5.0, receipts: int = 0, mos: int = 0) -> Recorder:
    """A text to each, from a name, at twenty times the pace of life."""
    recorder = Recorder()
    async with (
        running(Options(CALM, port=0, speed=20)) as simulator,
        opened(simulator, recorder) as link,
    ):
        link.submit([Handoff(n, number(last), "BAKERY", "Hi") for n, last in enumerate(lasts, 1)])
        await until(lambda: len(recorder.answers) == len(lasts), seconds)
        await until(
            lambda: len(recorder.receipts) >= receipts and len(recorder.mos) >= mos, seconds
        )
        await asyncio.sleep(0.2)  # whatever comes too much
    return recorder


@pytest.mark.parametrize(
    ("last", "state", "reason"),
    [
        (0, "delivered", ""),
        (1, "undelivered", "unallocated_number"),
        (2, "undelivered", "handset_off"),
        (4, "expired", "handset_off"),
        (5, "rejected", "spam_filtered"),
        (7, "delivered", ""),
    ],
)
async def test_its_receipt_says_what_the_page_says(last: int, state: str, reason: str) -> None:
    recorder = await text_to(last, receipts=1)

    assert [(one.state, one.reason) for one in recorder.receipts] == [(state, reason)]


async def test_one_is_refused_at_once_and_one_has_no_receipt() -> None:
    recorder = await text_to(3, 6)

    answers = dict(recorder.answers)
    assert answers[1] == Rejected("ESME_RINVDSTADR", "invalid_number")
    assert (isinstance(answers[2], Accepted), recorder.receipts) == (True, [])


async def test_one_takes_one_text_a_second_and_throttles_the_next() -> None:
    recorder = await text_to(8, 8)

    answers = dict(recorder.answers)
    assert (isinstance(answers[1], Accepted), isinstance(answers[2], Throttled)) == (True, True)


@pytest.mark.parametrize(("last", "words"), [(9, {"STOP", "Stop", "stop", "UNSUBSCRIBE", "STOP "})])
async def test_one_answers_stop(last: int, words: set[str]) -> None:
    recorder = await text_to(last, receipts=1, mos=1)

    (mo,) = recorder.mos
    assert (mo.msisdn, mo.recipient, mo.text in words) == (number(last), "BAKERY", True)


async def test_others_ask_and_thank_and_nobody_else_says_a_word() -> None:
    recorder = await text_to(10, 11, 0, 13, receipts=4, mos=2)

    assert sorted(one.msisdn for one in recorder.mos) == [number(10), number(11)]


def test_all_of_them_can_be_texted_and_are_on_the_page() -> None:
    listed = {int(last) for last in re.findall(r"\+1202555 ?01(\d\d)", PAGE.read_text())}

    known = {int(prefix[-2:]) for each in CALM.operators[1:] for prefix in each.prefixes}
    assert CALM.people is not None
    known |= {int(each[-2:]) for each in CALM.people.always}
    assert listed == known | {0}
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number(last))) for last in listed)


def test_a_habit_of_what_is_no_number_is_told() -> None:
    assert CALM.people is not None
    people = msgspec.structs.replace(CALM.people, always={"+1202": "stop"})
    script = msgspec.structs.replace(CALM, people=people)

    with pytest.raises(ValueError, match=r"people\.always: '\+1202' is no number"):
        check_script(script)
