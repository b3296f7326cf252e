"""Text to septets and back under one choice of alphabets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from textwell.text.alphabets import (
    DEFAULT,
    ESCAPE,
    EXTENSION,
    GAP,
    IDENTIFIERS,
    LOCKING,
    SINGLE,
)

_SINGLE_SHIFT_ELEMENT: Final = 0x24
_LOCKING_SHIFT_ELEMENT: Final = 0x25


@dataclass(frozen=True)
class Alphabet:
    """A locking table and a single shift table; None is the default of either.

    Both are ISO 639-1 codes of ``alphabets.IDENTIFIERS``. A table that is not the default is
    announced to the handset by an element of the user data header (TS 23.040, 9.2.3.24.15-16).
    """

    locking: str | None = None
    single: str | None = None

    @cached_property
    def elements(self) -> bytes:
        """The header elements that announce the tables; empty for plain GSM 03.38."""
        octets = b""
        if self.single is not None:
            octets += bytes([_SINGLE_SHIFT_ELEMENT, 1, IDENTIFIERS[self.single]])
        if self.locking is not None:
            octets += bytes([_LOCKING_SHIFT_ELEMENT, 1, IDENTIFIERS[self.locking]])
        return octets

    @cached_property
    def _table(self) -> str:
        return DEFAULT if self.locking is None else LOCKING[self.locking]

    @cached_property
    def _shifted(self) -> str:
        return EXTENSION if self.single is None else SINGLE[self.single]

    @cached_property
    def characters(self) -> frozenset[str]:
        """Every character that this alphabet can carry."""
        return frozenset(self._table + self._shifted) - {GAP}

    @cached_property
    def _encoding(self) -> dict[int, str]:
        # ASCII that the tables lack must not slip through as a septet of its own value.
        table = dict.fromkeys(range(128), GAP)
        for places, escape in ((self._shifted, chr(ESCAPE)), (self._table, "")):
            # Backwards, so that of two places for one character the lower wins.
            for septet in reversed(range(128)):
                if places[septet] != GAP:
                    table[ord(places[septet])] = escape + chr(septet)
        return table

    def encode(self, text: str) -> bytes | None:
        """One septet an octet, 0x1B before each shifted one; None if a character has no form."""
        try:
            return text.translate(self._encoding).encode("ascii")
        except UnicodeEncodeError:
            return None

    def decode(self, septets: bytes) -> str:
        """The text of septets. A septet without a character becomes a space (TS 23.038, 6.2.1)."""
        text: list[str] = []
        table = self._table
        for septet in septets:
            if septet == ESCAPE:
                table = self._shifted
                continue
            text.append(table[septet & 0x7F])
            table = self._table
        return "".join(text).replace(GAP, " ")


@lru_cache(maxsize=256)
def get_alphabet(locking: str | None = None, single: str | None = None) -> Alphabet:
    """The one shared object of a choice, so that its tables are built once."""
    return Alphabet(locking, single)


PLAIN: Final = get_alphabet()


@lru_cache(maxsize=256)
def list_alphabets(languages: tuple[str, ...]) -> tuple[Alphabet, ...]:
    """Plain first, then every pair of tables that the allowed languages give."""
    lockings = [None, *(language for language in languages if language in LOCKING)]
    singles = [None, *languages]
    return tuple(get_alphabet(locking, single) for locking in lockings for single in singles)
