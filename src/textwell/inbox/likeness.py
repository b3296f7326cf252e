"""How like a refusal a text is, where no rule has understood it. Pure.

Words, parts of words and pairs of words of labelled replies each have a weight
(`data/likeness.txt`, written by `tools/weigh_replies.py`). They hear what no grammar foresees: another
verb, a new order of words. The rules go first, since they can be read and mended.
"""

import math
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from textwell.inbox.normal import normalise, simplify

FILE: Final = Path(__file__).parent / "data" / "likeness.txt"
LONGEST: Final = 400  # characters that are weighed
SCALE: Final = 10  # weights are written as whole tenths
PARTS: Final = (4, 5)  # letters of the parts of words
FEWEST_GAPS: Final = 2  # between words; of less too little is known: "hello again"
FEWEST_SIGNS: Final = 4
RUNS: Final = (1, 2, 3, 4)  # signs of the runs of Chinese


def weigh(text: str) -> float:
    """From 0 (nothing like it, or too short to tell) to 1."""
    plain = read_plain(text)
    is_short = len(plain) < FEWEST_SIGNS if _has_signs(plain) else plain.count(" ") < FEWEST_GAPS
    if is_short:
        return 0.0
    weights, bias = _read()
    features = list(list_features(plain))
    total = sum(weights.get(feature, 0) for feature in features) / math.sqrt(len(features))
    return 1 / (1 + math.exp(-(bias + total) / SCALE))


def list_features(plain: str) -> Iterator[str]:
    """Of a normalised and simplified text: each once, in the order in which they stand in it."""
    return iter(dict.fromkeys(_of_signs(plain) if _has_signs(plain) else _of_words(plain)))


def read_plain(text: str) -> str:
    """A text as it is weighed."""
    return simplify(normalise(text[:LONGEST]))


def _has_signs(plain: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in plain)


def _of_signs(plain: str) -> Iterator[str]:
    signs = f"^{plain.replace(' ', '')}$"
    for length in RUNS:
        yield from (signs[at : at + length] for at in range(len(signs) - length + 1))


def _of_words(plain: str) -> Iterator[str]:
    words = plain.split()
    for word in words:
        yield f"={word}"
        framed = f"<{word}>"
        for length in PARTS:
            yield from (framed[at : at + length] for at in range(len(framed) - length + 1))
    framed_words = ["^", *words, "$"]
    yield from (f"{one} {other}" for one, other in pairwise(framed_words))
    yield from (
        f"{one}  {other}" for one, other in zip(framed_words[:-2], framed_words[2:], strict=True)
    )


@cache
def _read() -> tuple[dict[str, int], int]:
    """The weight of each feature, and what a text weighs that has none."""
    bias, *lines = FILE.read_text("utf-8").splitlines()
    weights = {
        feature: int(weight)
        for weight, *features in (line.split("\t") for line in lines)
        for feature in features
    }
    return weights, int(bias)
