"""What every provider must do, whatever it speaks. A new one joins by an entry in KINDS."""

from __future__ import annotations

import logging

import pytest

from providers.recorder import Recorder, handoffs, spec_for, until
from textwell.core.errors import FieldError
from textwell.gateways.failures import FACTS, FailureClass
from textwell.gateways.providers.base import (
    Accepted,
    Answer,
    FieldKind,
    GatewayRefused,
    GatewayUnreachable,
    NotSent,
    Provider,
    Refused,
    Rejected,
    Throttled,
    Unknown,
    WebhookRequest,
)
from textwell.gateways.providers.simulator.process import Options, Simulator, running
from textwell.gateways.providers.simulator.script import BENCH, Failure, Operator, Script
from textwell.gateways.registry import find_provider, list_providers
from textwell.gateways.settings import check_settings

KINDS = ("simulator", "simulator_http", "smpp")
REFUSING = Script(operators=(Operator("all", failures=(Failure(1.0, status=0x401),)),))
UNHEARD = Script(operators=(Operator("all", failures=(Failure(1.0, status=0x777),)),))


def provider(kind: str) -> Provider:
    found = find_provider(kind)
    assert found is not None
    return found


def options(script: Script = BENCH) -> Options:
    return Options(script, port=0, http_port=0, speed=20)


async def hand_over(simulator: Simulator, kind: str, count: int = 3) -> Recorder:
    recorder = Recorder()
    connection = provider(kind).connect(spec_for(simulator, kind), recorder)
    await connection.open()
    connection.submit(handoffs(count))
    await connection.close()
    return recorder


def test_every_provider_is_held_to_this_contract() -> None:
    assert tuple(one.kind for one in list_providers()) == KINDS


@pytest.mark.parametrize("kind", KINDS)
async def test_each_message_is_accepted_once_under_a_carrier_id_of_its_own(kind: str) -> None:
    async with running(options()) as simulator:
        recorder = await hand_over(simulator, kind, 250)
    assert recorder.of(Accepted) == list(range(1, 251))
    assert (
        len({one.provider_key for _, one in recorder.answers if isinstance(one, Accepted)}) == 250
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refusal_carries_code_and_class(kind: str) -> None:
    async with running(options(REFUSING)) as simulator:
        recorder = await hand_over(simulator, kind, 1)
    expected = "unknown" if kind == "smpp" else "blocked_by_carrier"
    assert recorder.answers == [(1, Rejected("0x00000401", expected))]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_status_that_nobody_knows_is_of_class_unknown(kind: str) -> None:
    async with running(options(UNHEARD)) as simulator:
        recorder = await hand_over(simulator, kind, 1)
    assert recorder.answers == [(1, Rejected("0x00000777", "unknown"))]


@pytest.mark.parametrize(
    ("kind", "fault", "answer"),
    [
        ("simulator", "no_credit", Refused("0x00000400", "no_credit")),
        ("simulator_http", "no_credit", Refused("HTTP 402", "no_credit")),
        ("simulator_http", "refuse_account", Refused("HTTP 403", "wrong_credentials")),
        ("smpp", "no_credit", Rejected("0x00000400", "unknown")),  # a vendor's own, not in the book
    ],
)
async def test_a_refused_account_is_told_apart_from_a_refused_message(
    kind: str, fault: str, answer: Answer
) -> None:
    async with running(options()) as simulator:
        recorder = Recorder()
        connection = provider(kind).connect(spec_for(simulator, kind), recorder)
        await connection.open()
        simulator.control.begin(fault, 60)
        connection.submit(handoffs(1))
        await connection.close()
    assert recorder.answers == [(1, answer)]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_lost_answer_is_unknown_and_the_carrier_has_it_once(kind: str) -> None:
    async with running(options()) as simulator:
        simulator.control.begin("lose_answers", 60)
        recorder = await hand_over(simulator, kind)
        taken = simulator.carrier.counts["submits"]
    assert recorder.of(Unknown) == [1, 2, 3]
    # HTTP says it once more under the same ids, which the carrier knows again; SMPP never.
    assert taken == (6 if kind == "simulator_http" else 3)


@pytest.mark.parametrize("kind", KINDS)
async def test_throttling_says_how_long_to_wait(kind: str) -> None:
    async with running(options()) as simulator:
        simulator.control.begin("throttle", 60)
        recorder = await hand_over(simulator, kind)
    waits = [one.retry_after_s for _, one in recorder.answers if isinstance(one, Throttled)]
    assert len(waits) == 3
    assert min(waits) > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_without_a_link_nothing_is_sent(kind: str) -> None:
    async with running(options()) as simulator:
        recorder = Recorder()
        connection = provider(kind).connect(spec_for(simulator, kind), recorder)
        assert connection.room() == 0
        connection.submit(handoffs(2))
        await connection.close()
        assert simulator.carrier.counts["submits"] == 0
    assert recorder.of(NotSent) == [1, 2]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_carrier_that_is_away_is_unreachable(kind: str) -> None:
    async with running(options()) as simulator:
        spec = spec_for(simulator, kind)
    with pytest.raises(GatewayUnreachable):
        await provider(kind).connect(spec, Recorder()).open()


@pytest.mark.parametrize("kind", KINDS)
async def test_wrong_credentials_are_refused_for_good(kind: str) -> None:
    async with running(options(Script(accounts={"test": "other"}))) as simulator:
        connection = provider(kind).connect(spec_for(simulator, kind), Recorder())
        with pytest.raises(GatewayRefused):
            await connection.open()
        await connection.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_secrets_reach_no_log_and_no_text_of_a_spec(
    kind: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(options(REFUSING)) as simulator:
        await hand_over(simulator, kind)
        simulator.smpp.drop_connections()
        shown = repr(spec_for(simulator, kind))
    written = caplog.text + shown + "".join(capsys.readouterr())
    assert "pw-hush" not in written
    assert "key-of-the-test" not in written


@pytest.mark.parametrize("kind", KINDS)
async def test_closing_twice_is_safe(kind: str) -> None:
    async with running(options()) as simulator:
        connection = provider(kind).connect(spec_for(simulator, kind), Recorder())
        await connection.open()
        await connection.close()
        await connection.close()
        assert connection.room() == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_room_is_the_window_and_comes_back_with_the_answers(kind: str) -> None:
    async with running(options()) as simulator:
        recorder = Recorder()
        connection = provider(kind).connect(spec_for(simulator, kind), recorder)
        await connection.open()
        assert connection.room() == 100
        connection.submit(handoffs(100))
        assert connection.room() == 0
        await connection.wait_for_room()
        await until(lambda: len(recorder.answers) == 100)
        assert connection.room() == 100
        await connection.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_field_is_named(kind: str) -> None:
    required = [field.name for field in provider(kind).fields if field.is_required]
    for name in required:
        given = {other: "something" for other in required if other != name}
        with pytest.raises(FieldError) as caught:
            check_settings(provider(kind), given)
        assert caught.value.field == name


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_pass_the_providers_own_checks(kind: str) -> None:
    required = {field.name: "x" for field in provider(kind).fields if field.is_required}
    values = check_settings(provider(kind), required)
    assert set(values) == {field.name for field in provider(kind).fields}
    assert check_settings(provider(kind), values) == values


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_has_a_label_and_every_secret_is_a_secret(kind: str) -> None:
    for field in provider(kind).fields:
        assert bool(field.choices) == (field.kind is FieldKind.CHOICE)
        if "password" in field.name or "secret" in field.name or "key" in field.name:
            assert field.is_secret


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["", ":", "nonsense", "UNDELIV:", "0xZZ", "\0", "99999999999"])
def test_any_code_has_a_class_with_facts(kind: str, code: str) -> None:
    assert FACTS[provider(kind).classify(code)].failure is FailureClass.UNKNOWN


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_is_not_genuine_brings_nothing(kind: str) -> None:
    body = b'[{"kind": "dlr", "id": "1", "at": 1, "stat": "DELIVRD"}]'
    request = WebhookRequest(
        "POST",
        "",
        {"webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"},
        body,
    )
    result = provider(kind).read_webhook(7, "hook", request, now=1.0)
    assert (result.receipts, result.mos) == ([], [])
    assert result.status in {403, 404}
