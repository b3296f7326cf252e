# ruff: noqa: E501 - a list of words is one thought; broken over more lines it is harder to read
"""What a refusal is about: everything, advertising, this brand alone, one kind of text. Pure."""

import re
from typing import Final

SHORTEST_NAME: Final = 2
_BRANDS: Final = re.compile(
    r"\b(?:this|your|that|only this|just this) (?:brand|label)\b|\b(?:only|just|solely) (?:from )?(?:this|your) (?:store|shop|company|business|brand|sender)\b"
    r"|\bfrom (?:this|your) (?:store|shop|company|business|brand) (?:only|alone)\b"
    r"|\b(?:esta|su|tu|essa|dessa|desta|sua) marca\b|\b(?:solo|solamente|so|somente|apenas) (?:de |da |d)?(?:esta|su|essa|dessa|desta) (?:tienda|empresa|loja|marca)\b"
    r"|\b(?:cette|votre) marque\b|\b(?:seulement|uniquement|juste) (?:de |pour )?(?:cette|votre) (?:boutique|enseigne|marque|societe)\b"
    r"|\b(?:diese|dieser|eure|eurer|ihrer) marke\b|\b(?:nur) (?:von )?(?:diesem|diesen|dieser|eurem) (?:shop|laden|geschaft|firma|marke)\b"
    r"|\b(?:thuong hieu|nhan hang|hang) nay\b|\bchi (?:shop|cua hang|thuong hieu) nay\b|(?:这个|此|該|这家)(?:品牌|牌子)|(?:只|仅)退?订?(?:这家|这个)(?:店|公司|品牌)"
)
_KEEPS: Final = re.compile(
    r"\b(?:only|just) (?:(?:text|message|contact|notify|send|want|need) )?(?:me )?(?:about |for |with |regarding |the |my |order |delivery |shipping )*(?:orders?|deliver\w+|shipping|appointments?|account)\b"
    r"|\b(?:but|please|still|just) (?:i )?(?:keep|want|need) (?:the|my|sending|getting|order)\b|\b(?:orders?|deliver\w+|shipping|appointments?|reminders?|updates?|codes?|receipts?|alerts?|ones)(?: \w+){0,3} (?:are|is) (?:fine|ok|okay|good|welcome)\b|\b(?:except|other than|apart from|besides)\b"
    r"|\b(?:solo|solamente|unicamente|so|somente|apenas) (?:quiero |quero |los |las |os |as )?(?:avisos?|info\w*|mensajes|mensagens|notificac\w+|alertas?|atualizacoes)\b|\b(?:excepto|salvo|menos los|exceto|menos os)\b"
    r"|\b(?:seulement|uniquement|juste|sauf|excepte) (?:les |pour |mes |la |le )*(?:infos?|commandes?|livraisons?|rdv|messages?|alertes?)\b|\b(?:nur noch|nur|ausser) (?:\w+ ){0,3}(?:infos?|bestell\w*|termin\w*|liefer\w*)\b"
    r"|\bchi (?:gui|nhan|can|bao) (?:\w+ ){0,2}(?:don|giao|lich)\b|\btru (?:tin )?(?:don|giao)\b|(?:只|仅)(?:发|要|收|保留|需要).{0,4}(?:订单|訂單|物流|预约|通知)|除了"
)
_KINDS: Final = re.compile(
    r"\b(?:menu|sale|sales|flash sale|weekly|daily|birthday|event|events|product|restock|survey|surveys|recipe|recipes|cart|loyalty|points|holiday|contest|lottery|raffle)(?: \w+)? (?:texts?|alerts?|messages?|notifications?|updates?|reminders?|sms|offers|ads|news)\b"
    r"|\b(?:texts?|messages?|alerts?|updates?) about (?:the |your )?(?:sales?|events?|menu|contests?|products?|shoes|points)\b"
)
_ALL: Final = re.compile(
    r"\bstop ?all\b|\ball (?:\w+ ){0,2}(?:texts?|texting|messag\w+|sms|communications?|contact|alerts|brands?|lists?)\b"
    r"|\b(?:everything|todos los|tout|tous|toutes|alles|alle|tudo|todas as|todos os|tat ca|fully|completely)\b|全部|所有"
)
# Strictly: a word for "this one", where what is refused stands. "I hate your brand, stop" refuses all.
_THIS_BRAND: Final = re.compile(
    r"\b(?:stop|from|only|just|for|end|unsubscribe) this (?:brand|label)\b"
    r"|\b(?:(?:de|stop|solo|solamente|so|apenas) (?:esta|essa)|desta|dessa) marca\b|\b(?:de|pour|stop|seulement) cette marque\b"
    r"|\b(?:von|nur|stop) (?:dieser|diese) marke\b|\b(?:thuong hieu|nhan hang) nay\b|(?:这个|此|該|该|這個)(?:品牌|牌子)"
)
_THIS_TOPIC: Final = re.compile(
    r"\b(?:stop|from|about|on|for|only|just|end|unsubscribe) this (?:topic|subject)\b|\b(?:this|these) (?:kind|kinds|type|types|sort) of (?:texts?|messages?|sms)\b"
    r"|\b(?:(?:sobre|de|a|stop) (?:este|esse)|deste|desse) (?:tema|assunto)\b|\b(?:sur|de|a|stop) ce (?:sujet|theme)\b"
    r"|\bzu (?:diesem|dem) thema\b|\bchu de nay\b|(?:这个|此|該|该|這個)(?:主题|主題|话题|話題)"
)
_WIDE: Final = re.compile(
    r"\b(?:all|any|anything|ever|every|everything|everyone|both|todos?|todas?|tudo|nada|tout|tous|toutes?|rien|alle|alles|nichts|tat ca|completely|fully|entirely)\b|全部|所有|任何|一切"
)
# A name of such words alone names no kind of text.
_GENERIC: Final = re.compile(
    r"(?:texts?|sms|messages?|messaging|marketing|mensajes?|mensagens|nachrichten|tin|tin nhan|me|you|us|now|please|stop|list|notifications?|updates?|ads?|general|all|the|this|短信|簡訊|简讯|信息|消息|广告|廣告)"
)
_BEFORE: Final = (
    r"(?:\b(?:stop|end|cancel|unsubscribe|no more|arret(?:ez|er)?|plus de|baja|huy|huy nhan|ngung|dung gui|pare|sair|abmelden|keine|about|regarding|sobre|sur|uber|ve)"
    r"(?: (?:me|from|for|with|the|your|these|those|getting|sending|texts?|messages?|sms|about|on|of|de|des|du|les|los|las|le|la|aux?|da|do|das|dos|os|as|den|die|der|mehr|tin|nhan|gui)){0,4} |退订|退訂|取消|停止|不要)"
)
_AFTER: Final = r"(?: (?:texts?|alerts?|messages?|sms|notifications?|updates?|offers|nachrichten|stuff)\b|的?(?:短信|簡訊|简讯|信息|消息|通知))"
_ADS: Final = re.compile(
    r"\b(?:ads?|adverts?|promo\w*|offers?|marketing|quang cao|qc|publicid\w*|pub|pubs|werbung\w*|propaganda\w*)\b|广告|廣告"
)


def find_scope(plain: str) -> str | None:
    """Of a normalised text that refuses messages; None: it does not say.

    Who keeps something, or names one kind, refuses a topic; "all" is said outright. The order is
    from the narrow to the wide: a narrow refusal that is taken for a wide one is a text too few.
    """
    if _KEEPS.search(plain) or (_KINDS.search(plain) and not _ALL.search(plain)):
        return "topic"
    if _ALL.search(plain):
        return "all"
    if _BRANDS.search(plain):
        return "brand"
    if _THIS_TOPIC.search(plain):
        return "topic"
    return "marketing" if _ADS.search(plain) else None


def may_be_narrow(plain: str) -> bool:
    """Whether a refusal could be of one brand or topic alone.

    Who says what they keep refuses the rest of it, whatever its name; who says all means all.
    """
    if " " not in plain and plain.isascii():
        return False
    return not (_WIDE.search(plain) or _ALL.search(plain) or _KEEPS.search(plain))


def points_at(plain: str) -> str | None:
    """Whether a refusal is of the "brand" or "topic" of the text that it answers."""
    if _THIS_TOPIC.search(plain):
        return "topic"
    return "brand" if _THIS_BRAND.search(plain) else None


def names(plain: str, name: str) -> bool:
    """Whether what a refusal is about is called by this normalised name, and not only mentioned."""
    words = name.split()
    if not words or all(_GENERIC.fullmatch(word) for word in words) or len(name) < SHORTEST_NAME:
        return False
    called = re.escape(name.removesuffix("s")) + "s?"
    if name.isascii():
        called = rf"\b{called}\b"
    return re.search(f"{_BEFORE}{called}|{called}{_AFTER}", plain) is not None
