"""A small language for phrases, so that a list of them can be read by people. Pure.

A phrase is tokens with spaces between: `<stop> ~3 <texts>` is a word of the group `stop`, up to
three words of any kind, a word of the group `texts`.

- `word` that word; `text*` every word that begins so; `get_off` two words in a row.
- `a|b` one of these; `<group>` one of a group; `token?` may be missing.
- `~3` up to three words (characters, where words are not spaced); `^` and `$` begin and end of text.
- `!a|b` the next word is none of these; `-a|b` the last one is none of these.

A file has a section `[groups]` of lines `name = words`, which go on in indented lines, and other
sections with one phrase a line. `#` begins a comment. Texts come as `normal.normalise` gives them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

_ENDS: Final = {"^": r"\A", "$": r" *\Z"}


@dataclass(frozen=True, slots=True)
class Sections:
    """A file read: groups by name, and the phrases of each other section."""

    groups: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, list[str]] = field(default_factory=dict)


def read_sections(content: str) -> Sections:
    """Raises ValueError at a line of `[groups]` that is neither `name = words` nor indented."""
    found = Sections()
    section = name = ""
    for line in content.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[] ")
        elif section != "groups":
            found.phrases.setdefault(section, []).append(line.strip())
        elif line[0].isspace() and name:
            found.groups[name] += f" {line.strip()}"
        else:
            name, equals, words = line.partition(" = ")
            if not equals:
                raise ValueError(f"groups: {line!r} is no `name = words`")
            found.groups[name] = words.strip()
    return found


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words of one language by group. ``is_spaced`` is false for Chinese."""

    groups: Mapping[str, str]
    is_spaced: bool = True

    def compile(self, phrases: Iterable[str]) -> re.Pattern[str]:
        """One pattern for `frame(text)` that finds any of the phrases.

        Raises KeyError for a group that is not there.
        """
        choices = (self._phrase(phrase) for phrase in phrases)
        return re.compile("|".join(f"(?:{choice})" for choice in choices))

    def _phrase(self, phrase: str) -> str:
        return "".join(self._token(token) for token in phrase.split())

    def _token(self, token: str) -> str:
        if token in _ENDS:
            return _ENDS[token]
        if token.startswith("~"):
            unit = r"(?: \S+)" if self.is_spaced else "."
            return f"{unit}{{0,{int(token[1:])}}}"
        if token.startswith("!"):
            return f"(?!{self._word(token[1:])})"
        if token.startswith("-"):
            return "".join(f"(?<! {word})" for word in token[1:].split("|"))
        word = self._word(token.removesuffix("?"))
        return f"(?:{word})?" if token.endswith("?") else word

    def _word(self, token: str) -> str:
        choices = self._spell_out(token.split("|"))
        joined = "|".join(self._spell(choice) for choice in choices)
        return f"(?: (?:{joined})(?![^ ]))" if self.is_spaced else f"(?:{joined})"

    def _spell_out(self, choices: Iterable[str]) -> Iterable[str]:
        for choice in choices:
            if choice.startswith("<"):
                yield from self._spell_out(self.groups[choice.strip("<>")].split())
            else:
                yield choice

    def _spell(self, choice: str) -> str:
        ending = r"[^ ]*" if self.is_spaced else ""
        return re.escape(choice.replace("_", " ")).replace(r"\*", ending)

    def frame(self, plain: str) -> str:
        """A text in the form that the pattern reads: each word behind a space, or none at all."""
        return f" {plain}" if self.is_spaced else plain.replace(" ", "")
