"""What people see when a link leads nowhere (any more), in their language. Never why, nor whose."""

import base64
import hashlib
from functools import lru_cache
from html import escape

_WORDS = {
    # language: (title missing, text missing, title expired, text expired)
    "en": (
        "Link not found",
        "This link leads nowhere. Please check that it was copied whole, or ask whoever sent it to you.",
        "Link expired",
        "This link was valid for a limited time and has ended.",
    ),
    "vi": (
        "Không tìm thấy liên kết",
        "Liên kết này không dẫn tới đâu cả. Hãy xem bạn đã sao chép đủ chưa, hoặc hỏi người đã gửi.",
        "Liên kết đã hết hạn",
        "Liên kết này chỉ có hiệu lực trong một thời gian và nay đã kết thúc.",
    ),
    "zh-hans": (
        "找不到链接",
        "此链接没有指向任何页面。请检查是否完整复制，或询问发送者。",
        "链接已过期",
        "此链接仅在限定时间内有效，现已失效。",
    ),
    "zh-hant": (
        "找不到連結",
        "此連結沒有指向任何頁面。請檢查是否完整複製，或詢問傳送者。",
        "連結已過期",
        "此連結僅在限定時間內有效，現已失效。",
    ),
    "es": (
        "Enlace no encontrado",
        "Este enlace no lleva a ninguna parte. Compruebe que está entero o pregunte a quien se lo envió.",
        "Enlace caducado",
        "Este enlace era válido por un tiempo limitado y ya ha terminado.",
    ),
    "fr": (
        "Lien introuvable",
        "Ce lien ne mène nulle part. Vérifiez qu’il est entier ou demandez à qui vous l’a envoyé.",
        "Lien expiré",
        "Ce lien était valable pour une durée limitée, désormais écoulée.",
    ),
}
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")

STYLE = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f6f5f2;color:#23272e;"
    "font:1.125rem/1.6 system-ui,sans-serif}main{max-width:28rem;padding:2rem}h1{font-size:1.5rem;"
    "margin:0 0 .5rem}p{margin:0}@media(prefers-color-scheme:dark){body{background:#16191d;color:#e8e6e1}}"
)


def policy_of(style: str, *, form_action: str = "'none'") -> str:
    """The one style is allowed by its hash; nothing else may load or run."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        f"form-action {form_action}; frame-ancestors 'none'"
    )


POLICY = policy_of(STYLE)


def choose_language(accept_language: str) -> str:
    """The best of our languages for an Accept-Language header; English if none fits."""
    wishes: list[tuple[float, int, str]] = []
    for at, part in enumerate(accept_language[:200].split(",")):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        wishes.append((-quality, at, tag))
    for quality, _, tag in sorted(wishes):
        if quality < 0 and (language := _language_of(tag)):
            return language
    return "en"


def _language_of(tag: str) -> str | None:
    if tag.startswith(_TRADITIONAL):
        return "zh-hant"
    base = tag.split("-", maxsplit=1)[0]
    if base == "zh":
        return "zh-hans"
    return base if base in _WORDS else None


@lru_cache(maxsize=16)
def page(language: str, is_expired: bool) -> bytes:
    """A whole page as UTF-8."""
    words = _WORDS[language]
    title, text = words[2:] if is_expired else words[:2]
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
        f"<main><h1>{escape(title)}</h1><p>{escape(text)}</p></main></html>"
    ).encode()
