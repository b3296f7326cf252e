"""A slip in the word that denies: "dno't stop", "nevr stop", "do ot remove me". Pure.

Read as it stands, such a text asks for the opposite. Only a word right before one that ends texts is
looked at, and only if it is no word of its own or has the apostrophe of a denial: a missed opt-out is
worse than a false one.
"""

import re
from typing import Final

from textwell.inbox.normal import normalise
from textwell.inbox.spelling import count_slips
from textwell.inbox.vocabulary import load_vocabulary

_DENIALS: Final = {
    "en": ("dont", "cant", "wont", "never", "didnt", "cannot"),
    "es": ("nunca", "jamas"),
    "pt": ("nunca", "nao"),
    "de": ("nicht", "niemals"),
    "vi": ("dung",),
}
_ASKING: Final = ("want", "wanna", "need")  # "i wnt stop" asks for the end
_ENDING: Final = {
    "en": "stop stopping quit unsubscribe cancel remove delete opt",
    "es": "paren pares pare dejen dejes borren quiten cancelen",
    "pt": "parem pare pares parar deixem cancelem removam tirem",
    "de": "aufhören aufhoeren aufhoren abmelden löschen austragen",
    "vi": "ngừng dừng ngung dung",
}
_MARK: Final = "'’‘`´;\""
_LETTERS: Final = r"[^\W\d_]"
_ENDED: Final = {
    code: re.compile(
        rf"(?<!\w)(?P<denial>{_LETTERS}{{2,9}}(?:[{_MARK}] ?{_LETTERS}{{0,2}}| t)?)"
        rf"(?P<rest>\s+(?:(?:ever|please|mehr|de)\s+)?(?:{'|'.join(words.split())})\b)",
        re.IGNORECASE,
    )
    for code, words in _ENDING.items()
}
_NOT: Final = re.compile(
    rf"\b(?P<do>do|can|will)\s+(?P<word>{_LETTERS}{{2,4}})"
    rf"(?P<rest>\s+(?:{_ENDING['en'].replace(' ', '|')})\b)",
    re.IGNORECASE,
)


def mend_denials(text: str) -> str:
    """The text, with the word that denies an ending spelled right."""
    for code, ended in _ENDED.items():
        text = ended.sub(lambda found, code=code: _mended(found, code), text)  # type: ignore[misc]
    return _NOT.sub(_mended_not, text)


def _mended(found: re.Match[str], language: str) -> str:
    typed = found["denial"]
    plain = normalise(typed).replace(" ", "")
    has_mark = any(mark in typed for mark in _MARK)
    if plain in _DENIALS[language] and not has_mark and " " not in typed:
        return found[0]
    if not has_mark and " " not in typed and _is_word(plain, language):
        return found[0]
    meant = next((word for word in _DENIALS[language] if count_slips(plain, word) <= 1), None)
    if meant is None or any(count_slips(plain, word) <= 1 for word in _ASKING):
        return found[0]
    return ("đừng" if language == "vi" else meant) + found["rest"]


def _mended_not(found: re.Match[str]) -> str:
    word = found["word"].casefold()
    if word == "not" or _is_word(word, "en") or count_slips(word, "not") > 1:
        return found[0]
    return f"{found['do']} not{found['rest']}"


def _is_word(plain: str, language: str) -> bool:
    return load_vocabulary(language).knows(plain) or load_vocabulary("en").knows(plain)
