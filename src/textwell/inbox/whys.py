# ruff: noqa: E501 - what one language asks is one thought; broken over lines it is harder to read
"""Texts that ask why they come, or where their number is from: WHY, pourquoi, 为什么发给我. Pure."""

import re
from typing import Final

from textwell.inbox.normal import normalise, simplify

# Whole texts that ask where their number came from, in the form of `normal.normalise`.
_WHY: Final = re.compile(
    r"wh+y+|why (?:me|this|tho|is this|(?:am i|are you|r u|did i|do i|do you) .{0,60})|how did (?:you|u) get my (?:number|info|details|contact)"
    r"|(?:where|how) did (?:you|u) (?:get|find) (?:me|my (?:number|name))|who gave (?:you|u) my (?:number|details|contact)"
    r"|pourquoi(?: moi| ca)?|pourquoi (?:je recois|vous m|ce|cet|ces).{0,60}|comment (?:avez vous|vous avez) eu mon num\w*|d ?ou (?:avez vous|vous avez) mon num\w*|qui vous a donne mon num\w*"
    r"|por ?que|por ?que (?:me|recibo|recebi|recebo|estou recebendo|voces me).{0,60}|de donde (?:sacaron|tienen|obtuvieron) mi num\w*|quien les dio mi num\w*"
    r"|warum|wieso|weshalb|(?:warum|wieso|weshalb) (?:bekomme|erhalte|schreibt|schreiben|kriege|ich).{0,60}|woher (?:habt ihr|haben sie|hast du) meine (?:nummer|handynummer|daten)"
    r"|como (?:conseguiram|voces tem|pegaram|obtiveram) (?:o )?meu num\w*|quem (?:deu|passou) (?:o )?meu num\w*"
    r"|tai sao|vi sao|ly do|(?:tai sao|vi sao|sao) (?:lai |toi |minh |em |shop )*(?:gui|nhan|nhan duoc|co so).{0,60}|sao (?:co|biet|lay) so (?:cua )?(?:toi|minh|em|anh|chi)|ai cho so (?:toi|minh|em)"
    r"|为(?:什么|何|啥)(?:.{0,4}(?:发|收到|我).{0,20})?|凭什么(?:发.{0,20})?|(?:怎么|从哪里?|哪里|哪儿)(?:会|得到|拿到|来的|有|知道)?的?(?:我|本人)?的?(?:手机|电话)?(?:号码?)(?:的)?"
)


# What a longer question must name, so that it is about us and not about a bill or a table.
_TEXTS: Final = re.compile(
    r"\b(?:texts?|texting|texted|messag\w*|msgs?|sms|spam\w*|numbers?|num\w*|contact\w*|getting (?:this|these|those|it)|got this|mensaj\w*|mensag\w*|escrib\w*|escrev\w*|recibo|recebo|recebi|texto\w*|ecri\w+|recois|nachricht\w*|schreib\w*|handynummer|nummer|daten|tin|nhan tin|gui (?:\w+ )?(?:toi|minh|em)|so)\b"
    r"|\b(?:bekomme|erhalte|kriege) ich (?:das|dies|so ?was)$"
    r"|发|收到|短信|信息|号|手机|电话"
)
_BARE_WORDS: Final = 3  # "why", "por que", "why me": nothing that a person would have to look at


def asks_why(text: str) -> bool:
    """Whether a text, as a whole, asks why or from where we have the number."""
    plain = normalise(text[:200])
    if not (is_bare(plain) or _TEXTS.search(simplify(plain))):
        return False
    return _WHY.fullmatch(plain) is not None or _WHY.fullmatch(simplify(plain)) is not None


def is_bare(plain: str) -> bool:
    """Of a normalised text: it is the word alone, so that an answer leaves nothing open."""
    return len(plain.split()) <= _BARE_WORDS
