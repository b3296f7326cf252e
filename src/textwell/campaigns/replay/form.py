"""The file: a line for the campaign, one for each person, one with the digests. JSON, as it stands here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import Any, Final

import msgspec

from textwell.messaging.proof.judged import Fact

VERSION: Final = 1
SECTIONS: Final = ("audience", "texts", "links", "times")
_encode = msgspec.json.Encoder().encode


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """What comes of a person's inputs. `until`: not before; "": at `at`. `text`: SHA-256, "" of none."""

    verdict: str  # allow | hold | skip
    reason: str = ""
    until: str = ""
    text: str = ""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person of the audience: without number, and with those values alone that the text uses.

    `facts` are the gate's but for the two of law, which come of place, layer, moment and earlier texts.
    `noted`: as a signed proof kept them at the hand-off; else as they were when the file was made.
    """

    id: int  # of the message
    contact: int
    at: str
    place: str  # country|start of the number|zone
    language: str
    layer: str  # which rules about hours hold, with what was chosen besides; "": none
    facts: dict[str, Fact]
    made: Made
    values: dict[str, Any] = {}  # Any: as people's fields are
    handed: list[str] = []
    links: dict[str, str] = {}
    packs: list[str] = []  # versions that hold there then
    noted: bool = False
    stored: Made | None = None  # what the ledger has, where it is another


class Campaign(msgspec.Struct, frozen=True):
    """What is the same for all. `seed`: of the holdout, and `seed` with a contact's id decides."""

    v: int
    textwell: str
    workspace: int
    seed: int
    holdout_percent: int
    body: str
    fallbacks: dict[str, str]
    versions: list[dict[str, Any]]  # Any: as a campaign stores them
    unaccent: bool
    replace_characters: bool
    targets: list[str]
    utm: dict[str, str]
    name: str
    speaker: list[str]
    sender: str
    sender_kind: str
    service: str
    packs: dict[str, str]  # version: SHA-256 of its file
    own_packs: dict[str, str]  # version: the file
    leads_to: list[str]  # where links 1, 2, … lead
    withdrawn: dict[str, date] = {}  # version of its own: the day since when it holds no more


class Foot(msgspec.Struct, frozen=True):
    """`lines`: SHA-256 of all lines before, with their ends. `digests` by `SECTIONS`."""

    people: int
    lines: str
    digests: dict[str, str]


class Damaged(ValueError):
    """The file is not as it was written."""


class Digests:
    """One over all people, in the order of their lines, for each of `SECTIONS`."""

    def __init__(self) -> None:
        self._hashes = {name: sha256() for name in SECTIONS}

    def add_targets(self, leads_to: list[str]) -> None:
        self._hashes["links"].update(_encode(leads_to) + b"\n")

    def add(self, person: Person, made: Made) -> None:
        for name, value in parts_of(person, made).items():
            self._hashes[name].update(_encode([person.id, *value]) + b"\n")

    def write(self) -> dict[str, str]:
        return {name: each.hexdigest() for name, each in self._hashes.items()}


def parts_of(person: Person, made: Made) -> dict[str, list[object]]:
    """Of one person, by section. A link counts where its text goes."""
    return {
        "audience": [person.contact, made.verdict, made.reason],
        "texts": [made.text],
        "links": [person.links if made.text else {}],
        "times": [person.at, made.until],
    }


def write_line(line: Campaign | Person | Foot) -> bytes:
    return _encode(line) + b"\n"


def read_file(lines: Iterable[bytes]) -> Iterator[Campaign | Person | Foot]:
    """Its lines, the last one after it was seen that none before has changed.

    Raises:
        Damaged: a line is none, has changed, or is missing.
    """
    hashed, before, count = sha256(), b"", 0
    for line in lines:
        if before:
            yield _read(before, Campaign if count == 1 else Person)
            hashed.update(before)
        before, count = line, count + 1
    foot = _read(before, Foot)
    if not isinstance(foot, Foot) or foot.lines != hashed.hexdigest() or foot.people != count - 2:
        raise Damaged("it is not as it was written")
    yield foot


def _read(line: bytes, kind: type[Campaign | Person | Foot]) -> Campaign | Person | Foot:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(f"a line cannot be read: {error}") from error
