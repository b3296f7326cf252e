"""Slips of the hand in the words that refusals are made of: unsubscirbe, mesages, abmeldne. Pure.

A word is mended where it is one slip (two in long words) away from a word of
`data/spelling/words.txt`, and is no word of its own: those that are real and lie as near
(`data/spelling/real.txt`: "remote", "massages") stay as they are.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "data" / "spelling"
SHORTEST, LONG, LONGEST = 5, 9, 22  # letters of a word that is mended; two slips from LONG on
ROOT: Final = 4  # letters by which forms of one word are told: mensaje, mensajes
MOST_WORDS: Final = 60  # looked at of one text


def mend(plain: str) -> str:
    """A normalised text with its slips mended; the same text where there are none."""
    words = plain.split()
    if len(words) > MOST_WORDS:
        return plain
    mended = [_mend_word(word) for word in words]
    return " ".join(mended) if mended != words else plain


@lru_cache(maxsize=4096)
def _mend_word(word: str) -> str:
    """Short words are those known slips that `words.txt` lists behind an equals sign."""
    targets, slips, real = _read()
    if word in targets or word in real:
        return word
    if word in slips:
        return slips[word]
    if not SHORTEST - 1 <= len(word) <= LONGEST or not word.isalpha() or not word.isascii():
        return word
    near = {target for form in _shortened(word) for target in _index().get(form, ())}
    by_slips: dict[int, list[str]] = {}
    for target in near:
        slip_count = count_slips(word, target)
        if slip_count <= _most_slips(target):
            by_slips.setdefault(slip_count, []).append(target)
    return _choose(by_slips[min(by_slips)], word) if by_slips else word


def _choose(targets: list[str], word: str) -> str:
    """Of equally near words one that is as long; forms of one word stand for each other."""
    as_long = [target for target in targets if len(target) == len(word)]
    best = sorted(as_long or targets)
    return best[0] if len({target[:ROOT] for target in best}) == 1 else word


def _most_slips(target: str) -> int:
    return 2 if len(target) >= LONG else 1


@cache
def _read() -> tuple[frozenset[str], dict[str, str], frozenset[str]]:
    """The words, the slips of short ones (`stop = stpo sotp`), and the real words near them."""
    words: set[str] = set()
    slips: dict[str, str] = {}
    for line in _lines("words.txt"):
        target, equals, listed = line.partition(" = ")
        if equals:
            words.add(target)
            slips.update(dict.fromkeys(listed.split(), target))
        else:
            words.update(line.split())
    return frozenset(words), slips, frozenset(" ".join(_lines("real.txt")).split())


def _lines(name: str) -> Iterable[str]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return (line for line in lines if line.strip() and not line.startswith("#"))


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Each long enough word by every form of it that lacks as many letters as there may be slips."""
    found: dict[str, set[str]] = {}
    for target in _read()[0]:
        if len(target) >= SHORTEST:
            for form in _shortened(target):
                found.setdefault(form, set()).add(target)
    return {form: tuple(sorted(targets)) for form, targets in found.items()}


def _shortened(word: str) -> set[str]:
    forms = {word} | _without_one(word)
    if len(word) >= LONG - 2:
        forms |= {shorter for form in tuple(forms) for shorter in _without_one(form)}
    return forms


def _without_one(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def count_slips(one: str, other: str) -> int:
    """Letters missing, too many, wrong, or two changed about, that lie between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
