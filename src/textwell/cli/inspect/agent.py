"""`textwell inspect agent`: a user agent's class, device, system and browser."""

from typing import Any

from textwell.links.agents import judge_agent


def inspect(case: dict[str, Any]) -> dict[str, Any]:
    """One JSON line of the form `agent` (docs/developer/inspect.md)."""
    user_agent = case.get("user_agent")
    if user_agent is None:  # a request without the header
        user_agent = ""
    if not isinstance(user_agent, str):
        raise ValueError("user_agent: must be text")  # noqa: TRY004 - bad input of a person, one kind
    # Half of a surrogate pair is valid JSON, but no header could carry it and no parser takes it.
    verdict = judge_agent(user_agent.encode("utf-8", "replace").decode())
    return {
        "class": verdict.kind.value,
        "device": verdict.device.value,
        "os": verdict.os,
        "browser": verdict.browser,
    }
