"""``textwell inspect reply``: what a person's answer means."""

from __future__ import annotations

from textwell.inbox.words import understand


def inspect(case: dict[str, object]) -> dict[str, object]:
    """Judge ``{"text", "country"?, "language"?}``. Raises ValueError that names the field at fault."""
    text = case.get("text")
    if not isinstance(text, str):
        raise ValueError("text: must be a string")  # noqa: TRY004 (one error for bad cases)
    found = understand(text, _hint(case, "country"), _hint(case, "language"))
    answer: dict[str, object] = {
        "intent": found.intent,
        "certainty": found.certainty,
        "language": found.language,
    }
    if found.scope is not None:
        answer["scope"] = found.scope
    if found.days is not None:
        answer["days"] = found.days
    return answer


def _hint(case: dict[str, object], name: str) -> str | None:
    value = case.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name}: must be a code")
    return value
