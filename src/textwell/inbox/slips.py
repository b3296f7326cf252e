"""What a text with slips may have meant, the likeliest first. Pure.

Each language mends with its own words, and only its own rules judge what comes of it: so a common
word of another language may be a slip, and yet hardly anything is taken for a refusal that is none.
A slip is one letter missing, too many, wrong, or two changed about; or a space at the wrong place.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from string import ascii_lowercase
from typing import Final

from textwell.inbox.normal import normalise, simplify
from textwell.inbox.spelling import count_slips
from textwell.inbox.vocabulary import SPACED, Vocabulary, load_signs, load_vocabulary, shorten

SHORT: Final = 3  # letters of a word in which a wrong letter must lie beside the right one
MOST_WORDS, MOST_UNKNOWN, MOST_READINGS = 40, 4, 5
MOST_PAIRS: Final = 6  # each costs a tenth of a millisecond
UNLIKELY: Final = 2  # rank from which a common word nearby is likelier
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE: Final = {
    letter: row[max(place - 1, 0) : place + 2] for row in _ROWS for place, letter in enumerate(row)
}
_HAN: Final = "\u3400-\u9fff"
_HAS_HAN: Final = re.compile(f"[{_HAN}]")
_TWICE: Final = re.compile(f"([{_HAN}])\\1")
LONGEST_SIGNS: Final = 40


def read_again(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a language and a reading of the text in which its slips are mended, a few of them."""
    yield from islice(_read_again(text), MOST_PAIRS)


def _read_again(text: str) -> Iterator[tuple[str, str]]:
    if _HAS_HAN.search(text):
        yield from (("zh", reading) for reading in _read_signs(simplify(normalise(text))))
        return
    words = _WORD.findall(text)
    if not words or len(words) > MOST_WORDS or _is_sound(words):
        return
    spelled = [normalise(word) for word in words]
    for language in _explain(spelled) or SPACED:
        yield from ((language, reading) for reading in _readings(text, words, language))


def _is_sound(words: list[str]) -> bool:
    """Every word of the text is one of some one language: there is no slip in it."""
    spelled = [normalise(word) for word in words]
    return any(all(map(load_vocabulary(language).knows, spelled)) for language in SPACED)


def _explain(spelled: list[str]) -> list[str]:
    """The languages in which the fewest words are slips, of those in which all may be words."""
    unknown = {
        code: sum(not load_vocabulary(code).knows(word) for word in spelled)
        for code in SPACED
        if all(_is_near(word, code) for word in spelled)
    }
    return [code for code, count in unknown.items() if count == min(unknown.values())]


def _read_signs(text: str) -> Iterator[str]:
    """Chinese: a sign typed twice, or two changed about that the other way round are a word."""
    if len(text) > LONGEST_SIGNS:
        return
    if (once := _TWICE.sub(r"\1", text)) != text:
        yield once
    for place in range(len(text) - 1):
        changed = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        around = slice(max(place - 1, 0), place + 3)
        if _count_pairs(changed[around]) > _count_pairs(text[around]):
            yield changed


def _count_pairs(signs: str) -> int:
    known = load_signs()
    return sum(one + other in known for one, other in pairwise(signs))


def _readings(text: str, words: list[str], language: str) -> Iterator[str]:
    choices = {
        word: found
        for word in dict.fromkeys(words)
        if (found := _choices(normalise(word), language))
    }
    if not choices or len(choices) > MOST_UNKNOWN:
        return
    best = {word: found[0] for word, found in choices.items()}
    yield _put(text, best)
    others = [
        {**best, word: other} for word, found in choices.items() for other in (*found[1:], word)
    ]
    yield from (_put(text, chosen) for chosen in others[: MOST_READINGS - 1])


def _put(text: str, chosen: dict[str, str]) -> str:
    return _WORD.sub(lambda found: chosen.get(found[0], found[0]), text)


@lru_cache(maxsize=8192)
def _is_near(word: str, language: str) -> bool:
    """Whether a word is one of a language, or one slip away from any."""
    known = load_vocabulary(language)
    if known.knows(word) or _choices(word, language):
        return True
    halves = ((word[:place], word[place:]) for place in range(len(word) + 1))
    slips = (
        slip
        for one, other in halves
        for slip in (
            one + other[1:],
            one + other[1:2] + other[:1] + other[2:],
            *(one + letter + other for letter in ascii_lowercase),
            *(one + letter + other[1:] for letter in _BESIDE.get(other[:1], "")),
        )
    )
    return any(map(known.knows, slips))


@lru_cache(maxsize=8192)
def _choices(word: str, language: str) -> tuple[str, ...]:
    """Words of the rules that a word may stand for; none if it stands for itself."""
    known = load_vocabulary(language)
    if len(word) < 2 or not word.isascii() or not word.isalpha() or known.knows(word):  # noqa: PLR2004 (a letter alone)
        return ()
    near = {target for form in shorten(word) for target in known.forms.get(form, ())}
    ranked = sorted((rank, target) for target in near if (rank := _rank(word, target)) is not None)
    if (not ranked or ranked[0][0] >= UNLIKELY) and any(
        map(known.common.__contains__, _plainly(word))
    ):
        return ()
    return tuple(target for _, target in ranked) or _split(word, known)


def _plainly(word: str) -> Iterator[str]:
    """What a word is without a letter typed twice, or two changed about: the likeliest slips."""
    for place in range(1, len(word)):
        before, one, other, after = (
            word[: place - 1],
            word[place - 1],
            word[place],
            word[place + 1 :],
        )
        yield before + one + after if one == other else before + other + one + after


def _split(word: str, known: Vocabulary) -> tuple[str, ...]:
    """`leaveme` is "leave me"."""
    pairs = ((word[:place], word[place:]) for place in range(2, len(word) - 1))
    return tuple(
        f"{one} {other}" for one, other in pairs if one in known.words and other in known.words
    )


def _rank(word: str, target: str) -> int | None:
    """How likely one slip makes the word of the target, 0 the likeliest; None: it does not."""
    if count_slips(word, target) != 1:
        return None
    if sorted(word) == sorted(target):
        return 0
    if len(word) == len(target) + 1:
        return 0 if _is_doubled(word, target) else 2
    if len(word) < len(target):
        return 1
    if _is_beside(word, target):
        return 1
    return 3 if len(target) > SHORT else None


def _is_doubled(word: str, target: str) -> bool:
    return any(
        word[:place] + word[place + 1 :] == target and word[place] == word[place - 1]
        for place in range(1, len(word))
    )


def _is_beside(word: str, target: str) -> bool:
    typed, meant = next(pair for pair in zip(word, target, strict=True) if pair[0] != pair[1])
    return meant in _BESIDE.get(typed, "")
