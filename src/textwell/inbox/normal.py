"""One plain form of what people type, so that a word is found however it was written. Pure."""

import re
import unicodedata

# Letters that have no decomposition in Unicode but that people type without their stroke.
_STROKES = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d"})
_APOSTROPHES = re.compile("['’‘`´ʼ]")
_HAN_OR_KANA = r"\u3040-\u30ff\u3400-\u9fff"
_GAP_IN_HAN = re.compile(f"(?<=[{_HAN_OR_KANA}]) (?=[{_HAN_OR_KANA}])")
_SPELLED = re.compile(r"(?:\w ){2,}\w")
_DRAWN_OUT = re.compile(r"(\D)\1{2,}")
# The signs of the Chinese phrases that are written otherwise in Taiwan and Hong Kong.
_SIMPLER = str.maketrans(
    "訂閱發傳給請別簡訊騷擾煩廣聯繫絡絕謝從單刪號碼機資電話關閉終結續來過這們對還無沒記錯車貨費錢門開間時"
    "會點嗎幾問題換約預確認買賣樣麼為誰裡幫壞詐騙舉報訴滿氣師復滾銷將該讓願個兩週禮",
    "订阅发传给请别简讯骚扰烦广联系络绝谢从单删号码机资电话关闭终结续来过这们对还无没记错车货费钱门开间时"
    "会点吗几问题换约预确认买卖样么为谁里帮坏诈骗举报诉满气师复滚销将该让愿个两周礼",
)
# Vietnamese syllables that without their marks look like "don't", "stop" or "text", and are not.
_LOOKALIKES = re.compile(
    r"\b(?:dụng|dùng|đúng|dũng|dung|nhân|nhẫn|nhàn|thổi|hụy|tín)\b", re.IGNORECASE
)
_VIETNAMESE_MARKS = re.compile("[\u01a0-\u01b0\u1ea0-\u1ef9đĐ]")


def simplify(plain: str) -> str:
    """A normalised text with the simplified forms of the Chinese signs that phrases are made of."""
    return plain.translate(_SIMPLER)


def hide_lookalikes(text: str) -> str:
    """A Vietnamese text written with its marks, without the words that only lack of them confuses.

    ``đúng`` (right) and ``dùng`` (to use) are not ``đừng`` (don't), ``nhân`` is not ``nhắn``.
    """
    composed = unicodedata.normalize("NFC", text)
    return _LOOKALIKES.sub("zz", composed) if _VIETNAMESE_MARKS.search(composed) else text


def normalise(text: str) -> str:
    """Lower case without accents, marks, punctuation and emoji; single spaces; full width made half.

    "S.T.O.P" is "stop", "STOOOP" is "stop", "don't" is "dont". Every text has a form, even "".
    """
    # Twice: a compatibility form may itself have a case (U+1D400), and a case fold may add marks.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = _APOSTROPHES.sub("", folded)
    bare = "".join(_plain(char) for char in unicodedata.normalize("NFD", folded))
    bare = unicodedata.normalize("NFC", bare).translate(_STROKES)
    joined = _GAP_IN_HAN.sub("", " ".join(bare.split()))
    if _SPELLED.fullmatch(joined):
        joined = joined.replace(" ", "")
    return _DRAWN_OUT.sub(r"\1", joined)


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf"):
        return ""
    return char if category[0] in "LN" or category == "Mc" else " "
