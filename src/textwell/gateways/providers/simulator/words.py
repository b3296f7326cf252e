"""What people write back, by language, and the words that meet their tastes."""

from __future__ import annotations

import re
from typing import Final

_LANGUAGES: Final = {
    "84": "vi", "86": "zh", "34": "es", "52": "es", "54": "es", "57": "es", "33": "fr",
    "49": "de", "43": "de", "55": "pt", "351": "pt",
}  # fmt: skip

REPLIES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "stop": {
        "en": ("STOP", "Stop", "stop", "UNSUBSCRIBE", "STOP "),
        "vi": ("STOP", "HUY", "Tu choi", "TC", "Hủy"),
        "zh": ("TD", "退订", "T", "STOP"),
        "es": ("BAJA", "STOP", "Baja", "ALTO"),
        "fr": ("STOP", "Stop", "ARRET"),
        "de": ("STOP", "Stopp", "STOPP"),
        "pt": ("SAIR", "STOP", "PARAR"),
    },
    "question": {
        "en": (
            "Is this still valid on Sunday?",
            "What time do you close?",
            (
                "Hello, I ordered on Monday and my parcel has still not arrived. Can you please tell me "
                "where it is now, and whether I can use this offer together with my voucher?"
            ),
        ),
        "vi": (
            "Shop mở cửa đến mấy giờ vậy?",
            "Còn hàng không ạ?",
            (
                "Chào shop, mình đặt hàng từ thứ hai mà đến giờ vẫn chưa nhận được, shop kiểm tra giúp "
                "mình với nhé?"
            ),
        ),
        "zh": ("几点关门？", "这个优惠周日还能用吗？"),
        "es": ("¿A qué hora cierran?", "¿Sigue valiendo el domingo?"),
        "fr": ("Vous fermez à quelle heure ?", "C'est encore valable dimanche ?"),
        "de": ("Gilt das auch am Sonntag?", "Wann schließen Sie?"),
        "pt": ("Que horas fecham?", "Ainda vale no domingo?"),
    },
    "thanks": {
        "en": ("Thanks!", "Great, thank you 😊", "ok"),
        "vi": ("Cảm ơn shop", "ok ạ", "Cam on"),
        "zh": ("谢谢", "好的"),
        "es": ("Gracias!", "Genial, gracias"),
        "fr": ("Merci !", "Super, merci"),
        "de": ("Danke!", "Super, danke"),
        "pt": ("Obrigado!", "Legal, obrigada"),
    },
}

TASTES: Final = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"%|sale|off\b|discount|giảm|giam gia|rebaja|soldes|rabatt|desconto|折",
        r"new|mới|nuevo|nouveau|neu|novo|新",
        r"gift|free|quà|tặng|qua tang|regalo|cadeau|geschenk|presente|礼",
        r"event|tonight|weekend|sự kiện|cuối tuần|evento|fin de semana|week-end|活动",
    )
)


def language_of(msisdn: str) -> str:
    """The language that most people with this country code text in."""
    return _LANGUAGES.get(msisdn[:3]) or _LANGUAGES.get(msisdn[:2]) or "en"


def pick_reply(intent: str, language: str, lot: int) -> str:
    """One of the texts for an intent; the same lot gives the same."""
    choices = REPLIES[intent][language]
    return choices[lot % len(choices)]
