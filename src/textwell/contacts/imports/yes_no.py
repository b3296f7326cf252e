"""Yes and no as files of five languages write them. Pure."""

import re
from functools import lru_cache
from typing import Final

from textwell.contacts.imports.plain_words import plain_word

_YES: Final = frozenset(
    (
        "yes", "y", "true", "t", "1", "on", "subscribed", "optin", "optedin", "agree", "agreed",
        "accepted", "granted", "consented", "co", "dung", "dongy", "是", "是的", "有", "对", "對", "真",
        "同意", "已同意", "订阅", "訂閱", "已订阅", "已訂閱", "si", "verdadero", "suscrito", "suscrita",
        "acepto", "oui", "vrai", "abonne", "abonnee", "inscrit", "inscrite", "accepte",
    )
)  # fmt: skip
_NO: Final = frozenset(
    (
        "no", "n", "false", "f", "0", "off", "none", "never", "unsubscribed", "optout", "optedout",
        "refused", "declined", "revoked", "disagree", "khong", "sai", "khongdongy", "tuchoi", "否", "不",
        "不是", "无", "無", "没有", "沒有", "假", "不同意", "未同意", "未订阅", "未訂閱", "退订", "退訂",
        "falso", "rechazo", "baja", "non", "faux", "desabonne", "desabonnee", "desinscrit", "desinscrite",
        "refuse",
    )
)  # fmt: skip
_SPREADSHEET: Final = re.compile(r"[.,]0+$", re.ASCII)
_MARKS: Final = {"✓": True, "✔": True, "☑": True, "✅": True, "✗": False, "✘": False, "❌": False}


@lru_cache(maxsize=4096)
def read_yes_no(text: str) -> bool | None:
    """True, False, or None for what is neither; 1.0 and 0.0 are a spreadsheet's 1 and 0."""
    mark = _MARKS.get(text.strip().rstrip("\ufe0f"))
    if mark is not None:
        return mark
    word = plain_word(_SPREADSHEET.sub("", text.strip()))
    if word in _YES:
        return True
    return False if word in _NO else None
