"""The GSM 7-bit alphabets: 3GPP TS 23.038 section 6.2.1 and Annex A.

A table is a string of 128 characters; the place of a character is its septet. ``GAP`` stands
where the specification has nothing (or a control code that is no character).
Two misprints of the Annex are read as the Unicode block plainly means them, as handsets do:
Kannada locking 0x24 is U+0CA1, Tamil single 0x24 is U+0BEE and Telugu single 0x22-0x23 are
U+0C6C-U+0C6D.
"""

from __future__ import annotations

from typing import Final

ESCAPE: Final = 0x1B
# A noncharacter of Unicode: no text holds it on purpose, and it has no septet.
GAP: Final = "\uffff"

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = "abcdefghijklmnopqrstuvwxyz"

DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    f"Δ_ΦΓΛΩΠΨΣΘΞ{GAP}ÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    f"¡{_CAPITALS}ÄÖÑÜ§"
    f"¿{_SMALL}äöñüà"
)


def _table(septets: dict[int, str]) -> str:
    return "".join(septets.get(place, GAP) for place in range(128))


_EXTENSION_SEPTETS: dict[int, str] = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
EXTENSION: Final = _table(_EXTENSION_SEPTETS)


# Latin languages: what differs from the default tables, by septet.

_TURKISH_LOCKING = {0x04: "€", 0x07: "ı", 0x0B: "Ğ", 0x0C: "ğ", 0x1C: "Ş", 0x1D: "ş"} | {
    0x40: "İ",
    0x60: "ç",
}
_TURKISH_SINGLE = {0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"}
_SPANISH_SINGLE = {0x09: "ç", 0x41: "Á", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú"} | {
    0x61: "á",
    0x69: "í",
    0x6F: "ó",
    0x75: "ú",
}
_PORTUGUESE_LOCKING = (
    dict(zip(range(0x04, 0x0A), "êéúíóç", strict=True))
    | {0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á"}
    | dict(zip(range(0x12, 0x1B), "ªÇÀ∞^\\€Ó|", strict=True))
    | {0x1C: "Â", 0x1D: "â", 0x1E: "Ê", 0x24: "º", 0x40: "Í", 0x5B: "Ã", 0x5C: "Õ", 0x5D: "Ú"}
    | {0x60: "~", 0x7B: "ã", 0x7C: "õ", 0x7D: "`"}
)
_PORTUGUESE_SINGLE = (
    {0x05: "ê", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á", 0x12: "Φ", 0x13: "Γ"}
    | {0x15: "Ω", 0x16: "Π", 0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1F: "Ê"}
    | {0x41: "À", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x5B: "Ã", 0x5C: "Õ"}
    | {0x61: "Â", 0x69: "í", 0x6F: "ó", 0x75: "ú", 0x7B: "ã", 0x7C: "õ", 0x7F: "â"}
)


def _over_default(changes: dict[int, str]) -> str:
    return _table(dict(enumerate(DEFAULT)) | changes)


def _over_extension(changes: dict[int, str]) -> str:
    return _table(_EXTENSION_SEPTETS | changes)


# Indic scripts and Urdu: the Annex lays the letters of each into the same free places, in
# order. A letter is given by its offset in the Unicode block of its script.

_LOCKING_FIXED = (
    {0x0A: "\n", 0x0D: "\r", 0x28: ")", 0x29: "(", 0x2C: ",", 0x2E: ".", 0x3F: "?"}
    | dict(zip(range(0x20, 0x22), " !", strict=True))
    | dict(zip(range(0x30, 0x3C), "0123456789:;", strict=True))
    | dict(zip(range(0x61, 0x7B), _SMALL, strict=True))
)
_LOCKING_FREE = [place for place in range(0x60) if place not in _LOCKING_FIXED and place != ESCAPE]
_LOCKING_LAST = (0x60, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F)

_SINGLE_FIXED = (
    _EXTENSION_SEPTETS
    | dict(zip(range(0x0A), "@£$¥¿\"¤%&'", strict=True))
    | {0x0B: "*", 0x0C: "+", 0x0E: "-", 0x0F: "/"}
    | dict(zip(range(0x10, 0x19), "<=>¡^¡_#*", strict=True))
    | dict(zip(range(0x41, 0x5B), _CAPITALS, strict=True))
)
_SINGLE_FREE = [
    place
    for place in range(0x19, 0x40)
    if place not in _SINGLE_FIXED and place not in (ESCAPE, 0x3F)
]

# The letters common to the blocks of all nine scripts, in the order of the free places.
_BRAHMIC = [*range(0x01, 0x04), *range(0x05, 0x3A), *range(0x3C, 0x4E)]


def _indic_locking(block: int, missing: str, last: str) -> str:
    """The locking table of an Indic script.

    Args:
        block: where its Unicode block begins.
        missing: hex offsets of the letters that it does not have.
        last: hex offsets of the signs at 0x60 and 0x7B-0x7F.
    """
    gaps = {int(offset, 16) for offset in missing.split()}
    signs = [GAP if offset in gaps else chr(block + offset) for offset in _BRAHMIC]
    ends = [chr(block + int(offset, 16)) for offset in last.split()]
    return _table(
        _LOCKING_FIXED
        | dict(zip(_LOCKING_FREE, signs, strict=True))
        | dict(zip(_LOCKING_LAST, ends, strict=True))
    )


def _filled_single(signs: str) -> str:
    return _table(_SINGLE_FIXED | dict(zip(_SINGLE_FREE, signs, strict=False)))


def _indic_single(block: int, signs: str, first: str = "\u0964\u0965") -> str:
    """The single shift table: two dandas (mostly), the ten digits, then the rare letters."""
    return _filled_single(first + "".join(chr(block + int(sign, 16)) for sign in signs.split()))


_DIGITS = "66 67 68 69 6A 6B 6C 6D 6E 6F "

_URDU_LOCKING = _table(
    _LOCKING_FIXED
    | dict(
        zip(
            _LOCKING_FREE,
            "\u0627\u0622\u0628\u067b\u0680\u067e\u06a6\u062a\u06c2\u067f"
            "\u0679\u067d\u067a\u067c\u062b\u062c\u0681\u0684\u0683\u0685"
            "\u0686\u0687\u062d\u062e\u062f\u068c\u0688\u0689\u068a\u068f"
            "\u068d\u0630\u0631\u0691\u0693\u0699\u0632\u0696\u0698\u069a"
            "\u0633\u0634\u0635\u0636\u0637\u0638\u0639\u0641\u0642\u06a9"
            "\u06aa\u06ab\u06af\u06b3\u06b1\u0644\u0645\u0646\u06ba\u06bb"
            "\u06bc\u0648\u06c4\u06d5\u06c1\u06be\u0621\u06cc\u06d0\u06d2"
            "\u064d\u0650\u064f\u0657",
            strict=True,
        )
    )
    | dict(zip(_LOCKING_LAST, "\u0654\u0655\u0651\u0653\u0656\u0670", strict=True))
)
_URDU_SINGLE = _filled_single(
    "\u0600\u0601\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9\u060c\u060d"
    "\u060e\u060f\u0610\u0611\u0612\u0613\u0614\u061b\u061f\u0640\u0652\u0658\u066b\u066c"
    "\u0672\u0673\u06cd"
)

# National language identifiers (TS 23.038, 6.2.1.2.4), as carried in UDH elements 0x24, 0x25.
IDENTIFIERS: Final[dict[str, int]] = {
    language: number
    for number, language in enumerate(
        ("tr", "es", "pt", "bn", "gu", "hi", "kn", "ml", "or", "pa", "ta", "te", "ur"), start=1
    )
}

# Spanish has no locking shift table (A.3.2 is void).
LOCKING: Final[dict[str, str]] = {
    "tr": _over_default(_TURKISH_LOCKING),
    "pt": _over_default(_PORTUGUESE_LOCKING),
    "bn": _indic_locking(0x980, "0D 0E 11 12 29 31 33 34 35 45 46 49 4A", "4E 57 5C 5D 70 71"),
    "gu": _indic_locking(0xA80, "0E 12 29 31 34 46 4A", "50 60 61 62 63 71"),
    "hi": _indic_locking(0x900, "", "50 72 7B 7C 7E 7F"),
    "kn": _indic_locking(0xC80, "01 0D 11 29 34 45 49", "55 56 60 61 62 63"),
    "ml": _indic_locking(0xD00, "01 0D 11 29 3C 45 49", "57 60 61 62 63 79"),
    "or": _indic_locking(0xB00, "0D 0E 11 12 29 31 34 45 46 49 4A", "56 57 60 61 62 63"),
    "pa": _indic_locking(
        0xA00, "0B 0C 0D 0E 11 12 29 31 34 37 3D 43 44 45 46 49 4A", "51 70 71 72 73 74"
    ),
    "ta": _indic_locking(
        0xB80,
        "01 0B 0C 0D 11 16 17 18 1B 1D 20 21 22 25 26 27 2B 2C 2D 3C 3D 43 44 45 49",
        "50 57 70 71 72 79",
    ),
    "te": _indic_locking(0xC00, "0D 11 29 34 3C 45 49", "55 56 60 61 62 63"),
    "ur": _URDU_LOCKING,
}

SINGLE: Final[dict[str, str]] = {
    "tr": _over_extension(_TURKISH_SINGLE),
    "es": _over_extension(_SPANISH_SINGLE),
    "pt": _over_extension(_PORTUGUESE_SINGLE),
    "bn": _indic_single(0x980, _DIGITS + "5F 60 61 62 63 72 73 74 75 76 77 78 79 7A", first=""),
    "gu": _indic_single(0xA80, _DIGITS),
    "hi": _indic_single(0x900, _DIGITS + "51 52 53 54 58 59 5A 5B 5C 5D 5E 5F 60 61 62 63 70 71"),
    "kn": _indic_single(0xC80, _DIGITS + "5E 71 72"),
    "ml": _indic_single(0xD00, _DIGITS + "70 71 72 73 74 75 7A 7B 7C 7D 7E 7F"),
    "or": _indic_single(0xB00, _DIGITS + "5C 5D 5F 70 71"),
    "pa": _indic_single(0xA00, _DIGITS + "59 5A 5B 5C 5E 75"),
    "ta": _indic_single(0xB80, _DIGITS + "73 74 75 76 77 78 7A"),
    "te": _indic_single(0xC00, _DIGITS + "58 59 78 79 7A 7B 7C 7D 7E 7F", first=GAP + GAP),
    "ur": _table({p: c for p, c in enumerate(_URDU_SINGLE) if c != GAP} | {0x3F: "\u06d4"}),
}
