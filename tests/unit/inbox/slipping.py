"""One slip of the hand at a random place of a reply: two letters changed about, one dropped, one typed
twice, or the key beside it."""

from random import Random

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = {
    letter: row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    for row in ROWS
    for place, letter in enumerate(row)
}
FIRST_HAN = "\u3400"
TRIES = 20


def slip(text: str, random: Random) -> str | None:
    """None: no place was found that may slip. Of Chinese no sign is dropped: that is no slip."""
    places = [place for place, letter in enumerate(text) if letter.isalpha()]
    tries = (_slip(text, random.choice(places), random) for _ in range(TRIES if places else 0))
    return next(filter(None, tries), None)


def _slip(text: str, place: int, random: Random) -> str | None:
    before, letter, after = text[:place], text[place], text[place + 1 :]
    kind = random.choice(("swap", "drop", "double", "beside"))
    if kind == "swap" and after[:1].isalpha() and after[0] != letter:
        return before + after[0] + letter + after[1:]
    if kind == "drop" and letter < FIRST_HAN:
        return before + after
    if kind == "double":
        return before + letter + letter + after
    if kind == "beside" and letter.lower() in BESIDE:
        return before + random.choice(BESIDE[letter.lower()]) + after
    return None
