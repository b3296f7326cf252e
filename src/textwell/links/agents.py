"""Who asked for a short link: a person, or a program that only looks where it leads?

A verdict is human, machine or unsure, with a reason code. `unsure` is counted apart and never as
a person. First the user agent is judged (cached: a campaign sees few different ones), then the
facts of the request. Nothing here ever changes consent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from textwell.core.wire import UNREADABLE_AGENT
from textwell.links import agent_rules as rules

if TYPE_CHECKING:
    from ua_parser import Resolver

_CACHED_AGENTS = 8192
_LONGEST_AGENT = 1024  # real ones stay below 600; more is cut, so that no pattern runs long
_MACHINE_SPEED_S = 1.0  # nobody has read the text and tapped before this
_FAST_S = 3.0
_MANY_CLICKS_ONE_IP = 20  # of different messages in one batch of clicks; a carrier's NAT may do so


class AgentKind(StrEnum):
    HUMAN = "human"
    MACHINE = "machine"
    UNSURE = "unsure"


class Device(StrEnum):
    PHONE = "phone"
    TABLET = "tablet"
    DESKTOP = "desktop"
    TV = "tv"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AgentVerdict:
    """`reason` is a code of the closed list in docs/developer/clicks.md; "" for a plain human.

    `os` and `browser` are families without version as in uap-core ("Other" where none is known).
    """

    kind: AgentKind
    reason: str
    device: Device
    os: str
    browser: str


def classify_agent(
    user_agent: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    since_handoff_s: float | None = None,
    clicks_from_ip: int = 1,
) -> AgentVerdict:
    """Judge one request. `headers` has lower-case names; None: not known, so not judged.

    `since_handoff_s` is the time from the hand-off of the message to the click, in seconds;
    `clicks_from_ip` counts clicks of different messages from the same address nearby in time.
    """
    verdict = judge_agent(user_agent)
    if verdict.kind is AgentKind.MACHINE:
        return verdict
    kind, reason = _judge_request(method, headers, since_handoff_s, clicks_from_ip)
    if kind is AgentKind.MACHINE or (kind is AgentKind.UNSURE and verdict.kind is AgentKind.HUMAN):
        return replace(verdict, kind=kind, reason=reason)
    return verdict


@lru_cache(maxsize=_CACHED_AGENTS)
def judge_agent(user_agent: str) -> AgentVerdict:
    """What the user agent alone says."""
    agent = user_agent[:_LONGEST_AGENT].strip()
    if not agent:
        return AgentVerdict(AgentKind.MACHINE, "no_agent", Device.OTHER, "Other", "Other")
    lower = agent.lower()
    kind, reason = _judge_text(lower)
    device = Device.OTHER if kind is AgentKind.MACHINE else find_device(lower)
    parser = _parser()
    from ua_parser import Domain

    known = parser(agent, Domain.OS | Domain.USER_AGENT)
    return AgentVerdict(
        kind,
        reason,
        device,
        known.os.family if known.os else "Other",
        known.user_agent.family if known.user_agent else "Other",
    )


def find_device(agent: str) -> Device:
    """The kind of device that a person's user agent, in lower case, names."""
    if rules.CONSOLE_OR_THING.search(agent):
        return Device.OTHER
    if rules.TV.search(agent):
        return Device.TV
    if rules.TABLET.search(agent):
        return Device.TABLET
    if "android" in agent or "; adr " in agent:
        if rules.NOTEBOOK.search(agent):
            return Device.DESKTOP
        # Google's rule: a browser on Android without "Mobile" is a tablet's. Apps do not keep it.
        is_phone = rules.PHONE.search(agent) or rules.PHONE_MODEL.search(agent)
        return Device.PHONE if is_phone or "webkit" not in agent else Device.TABLET
    if rules.PHONE.search(agent):
        return Device.PHONE
    return Device.DESKTOP if rules.DESKTOP.search(agent) else Device.OTHER


def _judge_text(agent: str) -> tuple[AgentKind, str]:
    if agent == UNREADABLE_AGENT:
        return AgentKind.UNSURE, "unreadable_agent"
    named = rules.NOT_A_MACHINE.sub("", agent)
    if rules.MACHINE.search(named):
        return AgentKind.MACHINE, "known_agent"
    if _is_crawler(named):
        return AgentKind.MACHINE, "known_crawler"
    if rules.BARE.search(agent):
        return AgentKind.MACHINE, "bare_agent"
    if not rules.BROWSER.search(agent):
        is_app = bool(rules.APP.search(agent))
        return (AgentKind.UNSURE, "app") if is_app else (AgentKind.MACHINE, "no_browser")
    if rules.OUTDATED.search(agent):
        return AgentKind.UNSURE, "outdated_browser"
    return AgentKind.HUMAN, ""


def _judge_request(
    method: str,
    headers: Mapping[str, str] | None,
    since_handoff_s: float | None,
    clicks_from_ip: int,
) -> tuple[AgentKind, str]:
    if method != "GET":
        return AgentKind.MACHINE, "head_request"
    if since_handoff_s is not None and since_handoff_s < _MACHINE_SPEED_S:
        return AgentKind.MACHINE, "too_fast"
    if headers is not None:
        purpose = " ".join(
            headers.get(h, "") for h in ("purpose", "sec-purpose", "x-purpose", "x-moz")
        )
        if re.search(r"prefetch|prerender|preview", purpose, re.IGNORECASE):
            return AgentKind.MACHINE, "prefetch"
        if "accept" not in headers:
            return AgentKind.UNSURE, "no_accept"
        if "accept-language" not in headers:
            return AgentKind.UNSURE, "no_language"
        if headers.get("sec-fetch-mode", "navigate") != "navigate":
            return AgentKind.UNSURE, "not_navigated"
    if clicks_from_ip >= _MANY_CLICKS_ONE_IP:
        return AgentKind.UNSURE, "many_from_one_ip"
    if since_handoff_s is not None and since_handoff_s < _FAST_S:
        return AgentKind.UNSURE, "very_fast"
    return AgentKind.HUMAN, ""


@cache
def _parser() -> "Resolver":
    """uap-core's rules in the fastest engine installed; loaded at the first click, not before."""
    from ua_parser import load_lazy_builtins
    from ua_parser.regex import Resolver as RegexResolver

    return RegexResolver(load_lazy_builtins())


@cache
def _crawler_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    from crawlerdetect.crawlerdetect import (
        get_compiled_crawler_regex,
        get_compiled_exclusions_regex,
    )

    return (
        _in_lower_case(get_compiled_exclusions_regex()),
        _in_lower_case(get_compiled_crawler_regex()),
    )


def _in_lower_case(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The same for text in lower case, without IGNORECASE; its escapes stay."""
    return re.compile(
        re.sub(r"\\.|[A-Z]+", lambda m: m[0] if m[0][0] == "\\" else m[0].lower(), pattern.pattern)
    )


def _is_crawler(agent: str) -> bool:
    exclusions, crawlers = _crawler_patterns()
    rest = exclusions.sub("", agent)
    return bool(rest and crawlers.search(rest))
