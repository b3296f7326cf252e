from pathlib import Path

import pytest

from textwell.core.wire import UNREADABLE_AGENT
from textwell.links.agents import (
    AgentKind,
    Device,
    classify_agent,
    find_device,
    judge_agent,
)

SHORT = {
    "{M}": "Mozilla/5.0",
    "{W}": "AppleWebKit/537.36 (KHTML, like Gecko)",
    "{A}": "AppleWebKit/605.1.15 (KHTML, like Gecko)",
}
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
BROWSED = {"accept": "text/html", "accept-language": "en", "sec-fetch-mode": "navigate"}


def read_table() -> list[tuple[str, str, str, str]]:
    rows = []
    for line in (Path(__file__).parent / "agents.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        facts, _, agent = line.partition(" | ")
        kind, device, system = facts.split(" ", 2)
        for short, long in SHORT.items():
            agent = agent.replace(short, long)
        rows.append((kind, device, system, agent))
    return rows


TABLE = read_table()


@pytest.mark.parametrize(("kind", "device", "system", "agent"), TABLE)
def test_a_known_agent_is_judged_right(kind: str, device: str, system: str, agent: str) -> None:
    verdict = judge_agent(agent)

    assert (verdict.kind, verdict.device) == (kind, device)
    if system != "-":
        assert verdict.os == system


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len({agent for _, _, _, agent in TABLE}) >= 150


def test_a_person_with_a_browser_is_human_without_a_reason() -> None:
    verdict = classify_agent(PHONE, "GET", BROWSED, since_handoff_s=40)

    assert (verdict.kind, verdict.reason) == (AgentKind.HUMAN, "")
    assert (verdict.device, verdict.os, verdict.browser) == (Device.PHONE, "iOS", "Mobile Safari")


@pytest.mark.parametrize(
    ("change", "kind", "reason"),
    [
        ({"method": "HEAD"}, AgentKind.MACHINE, "head_request"),
        ({"since_handoff_s": 0.4}, AgentKind.MACHINE, "too_fast"),
        ({"since_handoff_s": 2.0}, AgentKind.UNSURE, "very_fast"),
        (
            {"headers": BROWSED | {"sec-purpose": "prefetch;prerender"}},
            AgentKind.MACHINE,
            "prefetch",
        ),
        ({"headers": BROWSED | {"purpose": "preview"}}, AgentKind.MACHINE, "prefetch"),
        ({"headers": BROWSED | {"x-moz": "prefetch"}}, AgentKind.MACHINE, "prefetch"),
        ({"headers": {"accept": "*/*"}}, AgentKind.UNSURE, "no_language"),
        ({"headers": {"accept-language": "en"}}, AgentKind.UNSURE, "no_accept"),
        ({"headers": BROWSED | {"sec-fetch-mode": "no-cors"}}, AgentKind.UNSURE, "not_navigated"),
        ({"clicks_from_ip": 20}, AgentKind.UNSURE, "many_from_one_ip"),
        ({"clicks_from_ip": 19}, AgentKind.HUMAN, ""),
        ({"headers": None}, AgentKind.HUMAN, ""),
    ],
)
def test_facts_of_the_request_can_only_lower_the_verdict(
    change: dict[str, object], kind: AgentKind, reason: str
) -> None:
    facts: dict[str, object] = {"method": "GET", "headers": BROWSED, "since_handoff_s": 40.0}
    verdict = classify_agent(PHONE, **(facts | change))  # type: ignore[arg-type]  # table of facts

    assert (verdict.kind, verdict.reason) == (kind, reason)


def test_no_fact_makes_a_machine_human() -> None:
    verdict = classify_agent("curl/8.4.0", "GET", BROWSED, since_handoff_s=600)

    assert (verdict.kind, verdict.reason) == (AgentKind.MACHINE, "known_agent")


@pytest.mark.parametrize(
    "text", ["a" * 5000, "Android 9; " + "75a-" * 1000, "(" * 3000, "\0\n" * 500]
)
def test_a_hostile_agent_costs_little_and_breaks_nothing(text: str) -> None:
    assert judge_agent(text).kind in {AgentKind.MACHINE, AgentKind.UNSURE}


def test_android_without_mobile_is_a_tablet_unless_the_model_is_a_phones() -> None:
    engine = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Safari/537.36"

    assert find_device(f"Mozilla/5.0 (Linux; Android 12; XYZ-10) {engine}".lower()) is Device.TABLET
    assert (
        find_device(f"Mozilla/5.0 (Linux; Android 12; SM-G991B) {engine}".lower()) is Device.PHONE
    )


def test_an_agent_that_the_server_could_not_hand_over_is_neither_person_nor_machine() -> None:
    verdict = judge_agent(UNREADABLE_AGENT)

    assert (verdict.kind, verdict.reason) == (AgentKind.UNSURE, "unreadable_agent")
