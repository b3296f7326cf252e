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

_URL: Final = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
# A bare host name, each part bounded so that a long text costs no more than its length. A capital at the
# last part is the beginning of a sentence whose space is missing, unless a path follows.
_HOST: Final = re.compile(r"(?<![\w.@-])(?:[A-Za-z0-9-]{1,63}\.){1,4}([A-Za-z]{2,24})(/|(?![\w-]))")
_DATE: Final = re.compile(r"(?<!\d)\d{1,4}([./-])\d{1,2}\1\d{1,4}(?!\d)")
# As telephone numbers are written, from abroad or at home: an order or a price does not begin so. Short
# codes are no telephone numbers.
_PHONE: Final = re.compile(
    r"(?<!\d)(?:\+|00)\d(?:[\s().-]{0,2}\d){6,13}(?!\d)|(?<![\d.])0\d(?:[\s-]?\d){6,9}(?!\d)"
)
_BRAND: Final = "{brand}"
_MODEMS: Final = frozenset(("modem", "phone", "sim"))


def judge_content(rule: ContentRule, case: Case) -> Answer:
    """Whether the text holds what operators there refuse."""
    text = case.text or ""
    holds = {"url": _has_address, "phone": _has_phone}
    found = [name for name in rule.forbids if holds[name](text)]
    return (Reason.CONTENT_FORBIDDEN if found else None), {"found": found}


def _has_address(text: str) -> bool:
    return _URL.search(text) is not None or any(
        path == "/" or not last[0].isupper() for last, path in _HOST.findall(text)
    )


def _has_phone(text: str) -> bool:
    return _PHONE.search(_DATE.sub(" ", text)) is not None


def judge_label(rule: LabelRule, case: Case) -> Answer:
    """Whether the mark of advertising stands where it belongs."""
    inputs: dict[str, object] = {"position": rule.position, "texts": list(rule.texts)}
    if rule.position.startswith("sender_id"):
        return sender_label(rule, case.sender), inputs
    if case.text is None:
        return None, inputs
    is_there = any(_stands(label, rule.position, case.text) for label in rule.texts)
    return (None if is_there else Reason.LABEL_MISSING), inputs


def _stands(label: str, position: str, text: str) -> bool:
    pattern = re.escape(label).replace(re.escape(_BRAND), r"[^\s【】][^【】]{0,30}?")
    if label[-1:].isalnum():
        pattern += r"(?!\w)"  # RM0, and not RM099
    body = text.strip()
    is_first = re.match(pattern, body) is not None
    is_last = position == "message_start_or_end" and re.search(f"{pattern}$", body) is not None
    return is_first or is_last


def sender_label(rule: LabelRule, sender: Sender | None) -> Reason | None:
    """Whether the sender itself carries the mark; None: it does, or it is no name."""
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
    if right == "preregistered":
        return _judge_registered(rule, sender, case, inputs)
    return None, inputs


def _judge_registered(
    rule: SenderRule, sender: Sender, case: Case, inputs: dict[str, object]
) -> Answer:
    """What is asked besides of a sender that had to be registered: its template, how many at once."""
    if rule.needs_template and sender.is_template_registered is False:
        return Reason.TEMPLATE_NOT_REGISTERED, inputs
    count = case.batch_count
    if count is None or case.message_class not in PROMOTIONAL:
        return None, inputs
    is_too_many = rule.batch_most > 0 and count > rule.batch_most
    is_wrong = count < rule.batch_least or is_too_many
    return (Reason.BATCH_SIZE if is_wrong else None), inputs | {"batch": count}


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
