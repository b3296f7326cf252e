"""``textwell inspect text``: encoding and segments of a message."""

from __future__ import annotations

from textwell.text import segment_text


def inspect(case: dict[str, object]) -> dict[str, object]:
    """Judge ``{"text", "languages"?}``. Raises ValueError that names the field at fault."""
    text = case.get("text")
    if not isinstance(text, str):
        raise ValueError("text: must be a string")  # noqa: TRY004 (one error for bad cases)
    message = segment_text(text, languages=_read_languages(case.get("languages")))
    return {
        "encoding": message.encoding.value,
        "segments": message.segment_count,
        "units": message.unit_count,
        "units_left": message.units_left,
        "forced_by": list(message.forced_by),
        "parts": [
            {"text": segment.text, "hex": segment.octets.hex()} for segment in message.segments
        ],
    }


def _read_languages(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise ValueError("languages: must be a list of ISO 639-1 codes")
    return [code.strip().lower() for code in value]
