"""What travels: streams between the roles, and events that webhooks tell."""

import re
from typing import Any

from docs_made.writing import Undescribed, code, described, start_django, table

# msgspec structs by stream; a stream without one here fails the build.
ITEMS = {
    "SUBMIT": "BatchPointer",
    "JOBS": "JobPointer",
    "DLR": "DlrItem",
    "MO": "MoItem",
    "CLICK": "ClickItem",
    "OPTOUT": "OptOutItem",
    "EVENT": "EventItem",
}


def streams() -> str:
    from textwell.core.streams import STREAMS

    rows = [
        (code(each.name), code(each.subject), code(ITEMS[each.name]), _described(each))
        for each in STREAMS
    ]
    parts = [table(["stream", "subject", "items", "what"], rows)]
    parts += [_struct(ITEMS[each.name]) for each in STREAMS]
    return "\n".join(parts)


def _described(spec: Any) -> str:  # Any: a StreamSpec, imported late
    return described(f"the stream {spec.name}", spec.description)


def _struct(name: str) -> str:
    from textwell.core import wire

    struct = getattr(wire, name)
    text = "\n\n".join(
        described(name, part) for part in (struct.__doc__ or "").split("\n\n") or [""]
    )
    rows = [(code(field), code(_type(kind))) for field, kind in struct.__annotations__.items()]
    return f"### `{name}`\n\n{text}\n\n{table(['field', 'type'], rows)}"


def _type(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)


def webhook_events() -> str:
    start_django()
    from textwell.web.words import EVENT_KINDS
    from textwell.webhooks.types import EventKind

    rows = [
        (
            code(kind.value),
            described(f"the webhook event {kind.value}", EVENT_KINDS.get(kind.value)),
            ", ".join(code(name) for name in data_fields(kind.value)),
        )
        for kind in EventKind
    ]
    return table(["event", "told when", "fields of `data`"], rows)


def data_fields(kind: str) -> list[str]:
    """Names in `data`, from the statement that gathers such events."""
    from textwell.webhooks import sql

    statement = {
        "message": sql.OUTCOMES,
        "link": sql.CLICKS,
        "reply": sql.REPLIES,
        "contact": sql.CONSENTS,
        "campaign": sql.CAMPAIGNS,
        "consent": sql.ROOTS,
        "programme": sql.CODES_LOW,
        "test": "jsonb_build_object('note', x, 'asked_by', y)",
    }[kind.partition(".")[0]]
    built = re.search(r"jsonb_build_object\((.*?)\)", statement, re.DOTALL)
    if built is None:
        raise Undescribed(f"the webhook event {kind} builds no data.")
    return re.findall(r"'(\w+)',", built[1])
