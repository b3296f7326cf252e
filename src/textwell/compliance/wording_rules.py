"""What the text must say, and who may say it: label, identity, way to stop, forbidden content, sender."""

from __future__ import annotations

import re
from typing import Final

from textwell.compliance.consent_rules import Answer
from textwell.compliance.schema import (
    ContentRule,
    IdentityRule,
    LabelRule,
    OptOutRule,
    SenderRule,
)
from textwell.compliance.types import PROMOTIONAL, Case, Reason, Sender

_URL: Final = re.compile(
    r"(?:https?://|www\.)\S+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|me|ly|link|shop|app|ae|my|info|biz)\b(?:/\S*)?",
    re.IGNORECASE,
)
# Seven digits and more, as telephone numbers are written; short codes are no telephone numbers.
_PHONE: Final = re.compile(r"(?<![\w.,])\+?\d(?:[\s().-]{0,2}\d){6,14}(?![\w])")
_BRAND: Final = "{brand}"
_MODEMS: Final = frozenset(("modem", "phone", "sim"))


def judge_content(rule: ContentRule, case: Case) -> Answer:
    """Whether the text holds what operators there refuse."""
    text = case.text or ""
    patterns = {"url": _URL, "phone": _PHONE}
    found = [name for name in rule.forbids if patterns[name].search(text)]
    return (Reason.CONTENT_FORBIDDEN if found else None), {"found": found}


def judge_label(rule: LabelRule, case: Case) -> Answer:
    """Whether the mark of advertising stands where it belongs."""
    inputs: dict[str, object] = {"position": rule.position, "texts": list(rule.texts)}
    if rule.position.startswith("sender_id"):
        return _sender_label(rule, case.sender), inputs
    if case.text is None:
        return None, inputs
    is_there = any(_stands(label, rule.position, case.text) for label in rule.texts)
    return (None if is_there else Reason.LABEL_MISSING), inputs


def _stands(label: str, position: str, text: str) -> bool:
    pattern = re.escape(label).replace(re.escape(_BRAND), r"[^\s【】][^【】]{0,30}?")
    body = text.strip()
    is_first = re.match(pattern, body) is not None
    is_last = position == "message_start_or_end" and re.search(f"{pattern}$", body) is not None
    return is_first or is_last


def _sender_label(rule: LabelRule, sender: Sender | None) -> Reason | None:
    if sender is None or sender.kind != "alphanumeric" or not sender.value:
        return None
    value = sender.value.upper()
    if rule.position == "sender_id_prefix":
        is_there = any(value.startswith(label.upper()) for label in rule.texts)
    else:
        is_there = any(value.endswith(label.upper()) for label in rule.texts)
    return None if is_there else Reason.LABEL_MISSING


def judge_identity(rule: IdentityRule, case: Case) -> Answer:
    """Whether the text says who speaks, as far as it was told what it shows."""
    if case.shows is None:
        return None, {"elements": list(rule.elements)}
    missing = [name for name in rule.elements if name not in case.shows]
    return (Reason.IDENTITY_MISSING if missing else None), {"missing": missing}


def judge_opt_out(rule: OptOutRule, case: Case) -> Answer:
    """Whether the text says how to stop, as far as it was told what it shows."""
    is_missing = case.shows is not None and "opt_out" not in case.shows
    return (Reason.OPT_OUT_MISSING if is_missing else None), {"position": rule.position}


def judge_sender(rule: SenderRule, case: Case) -> Answer:
    """Whether this kind of sender may be used there, and is registered where it must be."""
    sender = case.sender
    if sender is None:
        return None, {}
    right = _right(rule, sender.kind, is_promotional=case.message_class in PROMOTIONAL)
    inputs: dict[str, object] = {
        "kind": sender.kind,
        "right": right,
        "registered": sender.is_registered,
    }
    if right == "no":
        return Reason.SENDER_NOT_ALLOWED, inputs
    if right == "preregistered" and sender.is_registered is False:
        return Reason.SENDER_NOT_REGISTERED, inputs
    if rule.needs_template and sender.is_template_registered is False:
        return Reason.TEMPLATE_NOT_REGISTERED, inputs
    return None, inputs


def _right(rule: SenderRule, kind: str, *, is_promotional: bool) -> str | None:
    """The right of a kind of sender; None: nothing is known against it."""
    if kind in _MODEMS:
        # A SIM sends from an ordinary number. Advertising so must be allowed expressly.
        if rule.modem is not None:
            return rule.modem
        return "no" if is_promotional else _right(rule, "long_code", is_promotional=False)
    right = getattr(rule, kind, None)
    if right == "no" and kind in rule.marketing_only and not is_promotional:
        return "yes"
    return right if isinstance(right, str) else None
