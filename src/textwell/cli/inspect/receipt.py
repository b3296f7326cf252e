"""`textwell inspect receipt`: a delivery receipt's text and TLVs in, its facts out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from textwell.smpp import parse_receipt


def inspect(case: dict[str, object]) -> dict[str, object]:
    """`{"text", "tlvs"?}` to `{"id", "sub", "dlvrd", "submit_date", …, "state"}`; TLVs win.

    `tlvs` may hold receipted_message_id (text) and message_state (number). Raises ValueError naming
    the field that has no such form.
    """
    text = case.get("text")
    if text is None and case.get("tlvs"):
        text = ""  # some carriers say all in TLVs
    if text is None:
        raise ValueError("text: the receipt's text is missing")
    if not isinstance(text, str):
        raise ValueError("text: text expected")  # noqa: TRY004 - named field
    receipt = parse_receipt(text, _tlvs(case))
    return {
        "id": receipt.id,
        "sub": receipt.sub,
        "dlvrd": receipt.dlvrd,
        "submit_date": _iso(receipt.submit_date),
        "done_date": _iso(receipt.done_date),
        "stat": receipt.stat,
        "err": receipt.err,
        "text": receipt.text,
        "state": receipt.state.value,
    }


def _tlvs(case: dict[str, object]) -> dict[str, object]:
    tlvs = case.get("tlvs") or {}
    if not isinstance(tlvs, Mapping):
        raise ValueError("tlvs: an object by TLV name expected")  # noqa: TRY004 - named field
    message_id = tlvs.get("receipted_message_id")
    if message_id is not None and not _is_text_or_integer(message_id):
        raise ValueError("tlvs.receipted_message_id: text expected")
    state = tlvs.get("message_state")
    if state is not None and not _is_text_or_integer(state):
        raise ValueError("tlvs.message_state: number expected")
    told = None if message_id is None else str(message_id)  # an id 0 is one too
    return {"receipted_message_id": told, "message_state": state}


def _is_text_or_integer(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
