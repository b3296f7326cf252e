"""The page of a text's opt-out link: one tap opens it, a second one stops the texts.

Asking for it (GET, HEAD) changes nothing: programs look at links before people do. Pressing its button
(POST) is brought to the stream before anybody is told that it is done. No script, no sign-in, no question.
"""

import time
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final

from textwell.core.metrics import counter
from textwell.core.wire import OptOutItem, SpeakerItem
from textwell.edge.directory import Hit
from textwell.edge.pages import STYLE, choose_language, policy_of
from textwell.edge.replies import reply_page
from textwell.edge.service import EdgeService, StreamAway

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

_PAGES = counter("edge_opt_out_pages", "Pages of opt-out links, by outcome.", ["outcome"])
_SHOWN, _STOPPED, _AWAY = (_PAGES.labels(what) for what in ("shown", "stopped", "away"))


@dataclass(frozen=True, slots=True)
class _Words:
    title: str  # %s is the name of who speaks
    nameless: str
    button: str
    done: str
    done_text: str
    erased: str  # of who is known no longer nothing can be written: the edge knows nobody
    away: str
    from_whom: str


_WORDS: Final = {
    "en": _Words(
        "Stop texts from %s?",
        "Stop these texts?",
        "Stop the texts",
        "Done",
        "You will get no more advertising by text. It can take a minute.",
        "If your data was erased after this text, "
        "this link no longer finds your number: should a text still come, answer it with STOP.",
        "It could not be stored just now. Please press again in a minute.",
        "Who sends them",
    ),
    "vi": _Words(
        "Ngừng nhận tin nhắn từ %s?",
        "Ngừng nhận các tin nhắn này?",
        "Ngừng nhận tin",
        "Đã xong",
        "Bạn sẽ không nhận tin nhắn quảng cáo nữa. Có thể mất một phút.",
        "Nếu dữ liệu của bạn đã bị xóa sau tin nhắn này, "
        "liên kết không còn tìm được số của bạn: nếu vẫn có tin đến, hãy trả lời STOP.",
        "Hiện chưa lưu được. Vui lòng bấm lại sau một phút.",
        "Bên gửi",
    ),
    "zh-hans": _Words(
        "不再接收来自%s的短信？",
        "不再接收这些短信？",
        "停止接收",
        "已完成",
        "您将不再收到广告短信。最多需要一分钟生效。",
        "如果您的数据在此短信之后已被删除，此链接将无法再找到您的号码：若仍收到短信，请回复 STOP。",
        "暂时无法保存。请一分钟后再按一次。",
        "发送方",
    ),
    "zh-hant": _Words(
        "不再接收來自%s的簡訊？",
        "不再接收這些簡訊？",
        "停止接收",
        "已完成",
        "您將不再收到廣告簡訊。最多需要一分鐘生效。",
        "如果您的資料在此簡訊之後已被刪除，此連結將無法再找到您的號碼：若仍收到簡訊，請回覆 STOP。",
        "暫時無法儲存。請一分鐘後再按一次。",
        "傳送者",
    ),
    "es": _Words(
        "¿Dejar de recibir los SMS de %s?",
        "¿Dejar de recibir estos SMS?",
        "No recibir más",
        "Hecho",
        "No recibirá más publicidad por SMS. Puede tardar un minuto.",
        "Si sus datos se borraron después de este SMS, "
        "este enlace ya no encuentra su número: si aún recibe alguno, respóndalo con STOP.",
        "Ahora no se ha podido guardar. Pulse otra vez dentro de un minuto.",
        "Quién los envía",
    ),
    "fr": _Words(
        "Ne plus recevoir les SMS de %s ?",
        "Ne plus recevoir ces SMS ?",
        "Ne plus recevoir de SMS",
        "C’est fait",
        "Vous ne recevrez plus de publicité par SMS. Cela peut prendre une minute.",
        "Si vos données ont été effacées après ce SMS, "
        "ce lien ne retrouve plus votre numéro : si un SMS arrive encore, répondez STOP.",
        "L’enregistrement n’a pas abouti. Appuyez encore dans une minute.",
        "Qui les envoie",
    ),
}  # fmt: skip
_EXTRA: Final = (
    "button{font:inherit;font-weight:600;width:100%;padding:.75rem 1rem;margin:1.5rem 0;border:0;"
    "border-radius:.5rem;background:#1d4f91;color:#fff;cursor:pointer}"
    "button:focus-visible{outline:3px solid #e0a100;outline-offset:2px}"
    "h2{font-size:.875rem;margin:1.5rem 0 0}.who{font-size:.9375rem;overflow-wrap:anywhere}"
)
_STYLE: Final = STYLE + _EXTRA
POLICY: Final = policy_of(_STYLE, form_action="'self'")


def show_way_out(service: EdgeService, scope: "Scope", door: "HTTPProtocol", hit: Hit) -> None:
    """Answer a GET or HEAD. Nothing is kept of it."""
    _SHOWN.inc()
    language, words, speaker = _about(service, scope, hit)
    body = page(language, _title(words, speaker), _form(words), speaker)
    reply_page(door, 200, body, language=language, policy=POLICY)


async def take_way_out(
    service: EdgeService, scope: "Scope", door: "HTTPProtocol", hit: Hit
) -> None:
    """Answer a POST: the stop is on the stream before the person is told so. Twice is once."""
    language, words, speaker = _about(service, scope, hit)
    found = hit.range
    item = OptOutItem(
        found.workspace_id, hit.message_id, found.campaign_id, time.time(), language, words.button
    )
    try:
        await service.store_inbound("optout", [item])
    except StreamAway:
        _AWAY.inc()
        told = f"<p>{escape(words.away)}</p>{_form(words)}"
        body = page(language, _title(words, speaker), told, speaker)
        later = [("retry-after", "60")]
        reply_page(door, 503, body, later, language=language, policy=POLICY)
        return
    _STOPPED.inc()
    text = f"<p>{escape(words.done_text)}</p><p>{escape(words.erased)}</p>"
    body = page(language, words.done, text, speaker)
    reply_page(door, 200, body, language=language, policy=POLICY)


def _about(service: EdgeService, scope: "Scope", hit: Hit) -> tuple[str, _Words, SpeakerItem]:
    language = choose_language(scope.headers.get("accept-language") or "")
    return language, _WORDS[language], service.speakers.find(hit.range.workspace_id)


def _form(words: _Words) -> str:
    return f'<form method="post"><button>{escape(words.button)}</button></form>'


def _title(words: _Words, speaker: SpeakerItem) -> str:
    return words.title % speaker.brand if speaker.brand else words.nameless


def page(language: str, title: str, content: str, speaker: SpeakerItem) -> bytes:
    """A whole page as UTF-8; `content` is markup."""
    lines = [speaker.legal_name or speaker.brand, speaker.address, speaker.contact]
    who = "<br>".join(escape(line) for line in lines if line)
    told = f'<h2>{escape(_WORDS[language].from_whom)}</h2><p class="who">{who}</p>' if who else ""
    return (
        f"{_head(language)}<title>{escape(title)}</title><style>{_STYLE}</style>"
        f"<main><h1>{escape(title)}</h1>{content}{told}</main></html>"
    ).encode()


@lru_cache(maxsize=8)
def _head(language: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
    )
