"""Words by which a text says how to stop: ours in many languages, and how a pack's own are known again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from textwell.text import Encoding, count_segments

# Where nobody can answer the sender, in the person's language. Without marks where GSM 7-bit lacks them:
# one character more must not cost every person a segment.
LINK_FORMS: Final[dict[str, str]] = {
    "en": "Stop: {link}",
    "vi": "Tu choi: {link}",
    "zh": "退订: {link}",
    "zh-hant": "退訂: {link}",
    "es": "Baja: {link}",
    "fr": "Stop: {link}",
    "de": "Abmelden: {link}",
    "pt": "Sair: {link}",
    "it": "Stop: {link}",
    "nl": "Afmelden: {link}",
    "pl": "Rezygnacja: {link}",
    "sv": "Avsluta: {link}",
    "tr": "Iptal: {link}",
    "id": "Berhenti: {link}",
    "ms": "Berhenti: {link}",
    "ja": "配信停止: {link}",
    "ko": "수신거부: {link}",
    "he": "הסרה: {link}",
    "th": "ยกเลิก: {link}",
}
# Where a pack asks for none and we recommend one. STOP is understood on every sender.
REPLY_FORMS: Final[dict[str, str]] = {
    "en": "Reply STOP to end",
    "es": "Responde STOP para terminar",
    "vi": "Tra loi STOP de dung",
    "fr": "Répondez STOP pour finir",
    "zh": "回复STOP退订",
    "zh-hant": "回覆STOP退訂",
    "de": "STOP antworten zum Abmelden",
    "pt": "Responda STOP para sair",
}
_NUMBER: Final = r"\+?\d[\d \-]{2,18}"
_PLACES: Final = {
    "number": _NUMBER,
    "link": r"(?:https?://)?\S+/[0-9A-Za-z]{8}",
    "brand": r"\S{1,40}",
}
_ASKS: Final = (
    r"reply|repl(?:y|ies) with|text|txt|send|answer|respond[aeo]?|responde|responda|env[ií][ae]\w*|manda"
    r"|r[ée]pond\w*|envoyez|so[aạ]n|tr[aả] l[oờ]i|nh[aắ]n|g[uử]i|antwort\w*|sende\w*|rispond\w*|invia"
    r"|stuur|svar\w*|ketik|yaz\w*|回复|回覆|回|發送|发送|השב|返信"
)
_FOR: Final = (
    r"to (?:end|opt|stop|cancel|unsub\w*|quit|leave|\+?\d{3})|[:=]?\s*(?:au|an|al|à|naar|na|till|pod numer"
    r"|gui|g[uử]i|para|pour|2)\s+(?:\+?\d{3}|no |cancelar|salir|arreter|arrêter|finir)"
)


def text_for(texts: dict[str, str], languages: Iterable[str]) -> str:
    """The text in the first of these languages that there is one for; "" without any."""
    for language in languages:
        for tag in _ranges(language):
            if tag in texts:
                return texts[tag]
    return ""


def _ranges(language: str) -> tuple[str, ...]:
    tag = language.strip().lower().replace("_", "-")
    if tag.startswith(("zh-tw", "zh-hk", "zh-mo", "zh-hant")):
        return ("zh-hant", "zh")
    return tuple(dict.fromkeys((tag, tag.partition("-")[0])))


def pattern_of(form: str) -> str:
    """A form as a pattern: any number, link or brand in its place, spaces as they come."""
    pieces = re.split(r"\{(number|link|brand)\}", form.strip())
    made = [
        _PLACES[piece] if at % 2 else re.sub(r"(?:\\ |\s)+", r"\\s*", re.escape(piece))
        for at, piece in enumerate(pieces)
    ]
    return "".join(made)


def reply_pattern(words: Iterable[str]) -> str:
    """A sentence that asks to answer with one of these words: Reply STOP, STOP au 36180, 回T退订."""
    keys = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    edge = r"(?![A-Za-z0-9])"
    return (
        rf"(?:(?:{_ASKS})[\s:“\"'‘«]{{0,4}}(?-i:{keys}){edge}"
        rf"|(?<![A-Za-z0-9])(?-i:{keys})[”\"'’»]?\s*(?:{_FOR}))"
    )


def is_gsm7(text: str) -> bool:
    """Whether these words leave a text in the small alphabet."""
    return count_segments(text)[0] is Encoding.GSM7
