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
