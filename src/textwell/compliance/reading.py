"""From the file of a rule pack to values. A pack that is not whole does not load.

Every rule needs a source and at least one vector in which it passes and one in which it does not;
a disputed rule needs two readings, each with who reads it so, and a vector for one that may be chosen.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from textwell.compliance.calendars import CalendarError, find_calendar
from textwell.compliance.disputes import iter_problems, reread
from textwell.compliance.hours import DAYS, WindowError, pinned_zones, read_windows
from textwell.compliance.schema import CapRule, HolidaysRule, HoursRule, Pack, Rule

_RULE_HEAD = re.compile(r"^\s*\[\[rule\]\]", re.MULTILINE)
_RULE_PATH = re.compile(r"\$\.rule\[(\d+)\]")
_PLACE = re.compile(r"at `\$\.([a-z_]+)(?:\[(\d+)\])?")
_UNKNOWN = re.compile(r"unknown field `(\w+)`")
_AT_LINE = re.compile(r"\(at line (\d+)")
_NAMING = ("id", "effective_from")
FEWEST_READINGS = 2
# What msgspec has to know of a type it learns when it is first used: two threads that use one for the
# first time at once read what the other has not finished, and the process ends by a segfault.
msgspec.json.Decoder(Pack)


class PackError(ValueError):
    """A pack cannot be used: which file, line and rule, and what mends it."""

    def __init__(self, path: Path, problem: str, *, line: int = 0, rule: str = "") -> None:
        place = f"{path.parent.name}/{path.name}" + (f", line {line}" if line else "")
        super().__init__(f"{place}{f', rule {rule}' if rule else ''}: {problem}")
        self.path = path
        self.line = line
        self.rule = rule
        self.problem = problem


def read_pack(path: Path) -> Pack:
    """One pack from its file.

    Raises:
        PackError: it is no TOML, lacks something, or says what cannot be.
    """
    return read_pack_text(path.read_text(encoding="utf-8"), path)


def read_pack_text(text: str, path: Path | None = None) -> Pack:
    """One pack from its text. `path` stands in what is told of it; None: as its file would be called.

    Raises:
        PackError: as `read_pack`.
    """
    path = path or _path_of(text)
    try:
        pack = msgspec.convert(tomllib.loads(text), Pack)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        raise PackError(path, str(error), line=int(found[1]) if found else 0) from error
    except msgspec.ValidationError as error:
        raise _shape_error(path, text, str(error)) from error
    for problem in _pack_problems(path, pack):
        raise PackError(path, problem, line=_key_line(text, problem.partition(":")[0]))
    for number, rule in enumerate(pack.rule):
        for problem in _rule_problems(pack, rule):
            raise PackError(path, problem, line=_rule_line(text, number), rule=rule.id)
    return pack


def _path_of(text: str) -> Path:
    found = [re.search(rf'^{key}\s*=\s*"?([\w-]+)', text, re.MULTILINE) for key in _NAMING]
    pack_id, day = (one[1] if one else "unnamed" for one in found)
    return Path(pack_id) / f"{day}.toml"


def _shape_error(path: Path, text: str, problem: str) -> PackError:
    found = _RULE_PATH.search(problem)
    if found is None:
        return PackError(path, problem, line=_place_line(text, problem))
    number = int(found[1])
    rules = tomllib.loads(text).get("rule", [])
    return PackError(
        path, problem, line=_rule_line(text, number), rule=str(rules[number].get("id", number + 1))
    )


def _rule_line(text: str, number: int) -> int:
    """The line of the head of the nth rule, the first being 1."""
    for index, head in enumerate(_RULE_HEAD.finditer(text)):
        if index == number:
            return text.count("\n", 0, head.end()) + 1
    return 0


def _place_line(text: str, problem: str) -> int:
    """The line of what is no part of a rule: its table's head, its key, or the first of the file."""
    place, unknown = _PLACE.search(problem), _UNKNOWN.search(problem)
    name = place[1] if place else unknown[1] if unknown else ""
    number = int(place[2] or 0) if place else 0
    heads = list(re.finditer(rf"^\s*\[\[?{re.escape(name)}\]", text, re.MULTILINE))
    if number < len(heads):
        return text.count("\n", 0, heads[number].end()) + 1
    return _key_line(text, name) or 1


def _key_line(text: str, key: str) -> int:
    """The line on which a key of the pack itself stands; 0: it does not."""
    found = re.search(rf"^\s*(?:{re.escape(key)}\s*=|\[\[{re.escape(key)}\]\])", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 0


def _rule_problems(pack: Pack, rule: Rule) -> Iterator[str]:
    known = {source.id for source in pack.source}
    if not rule.sources:
        yield "name at least one source"
    for source in rule.sources:
        if source not in known:
            yield f"there is no [[source]] with the id {source}"
    results = {vector.passes for vector in rule.vector}
    for is_missing, word in ((True not in results, "passes"), (False not in results, "fails")):
        if is_missing:
            yield f"add a [[rule.vector]] in which it {word}"
    if rule.disputed:
        yield from _reading_problems(rule)
    if isinstance(rule, HoursRule):
        yield from _hours_problems(rule)
    if isinstance(rule, HolidaysRule):
        yield from _calendar_problems(rule)
    if isinstance(rule, CapRule):
        for name in ("max", "period_hours"):
            if getattr(rule, name) < 1:
                yield f"{name}: must be 1 or more"


def _reading_problems(rule: Rule) -> Iterator[str]:
    if len({reading.by for reading in rule.reading}) < FEWEST_READINGS:
        yield "a disputed rule needs two [[rule.reading]], each with who reads it so"
    if sum(reading.is_used for reading in rule.reading) != 1:
        yield "exactly one [[rule.reading]] of a disputed rule is used"
    yield from iter_problems(rule)
    other = reread(rule)
    if isinstance(other, HoursRule):
        yield from (f"instead: {problem}" for problem in _hours_problems(other))


def _hours_problems(rule: HoursRule) -> Iterator[str]:
    for day in DAYS:
        try:
            read_windows(getattr(rule, day))
        except WindowError as error:
            yield f"{day}: {error}"


def _calendar_problems(rule: HolidaysRule) -> Iterator[str]:
    for name in (rule.calendar, *rule.subdivisions.values()):
        try:
            find_calendar(name)
        except CalendarError as error:
            yield str(error)


def _pack_problems(path: Path, pack: Pack) -> Iterator[str]:
    if path.parent.name != pack.id:
        yield f"id: it lies in the folder {path.parent.name}, not {pack.id}"
    if path.stem != pack.effective_from.isoformat():
        yield f"effective_from: the file must be named {pack.effective_from.isoformat()}.toml"
    yield from _head_problems(pack)
    names = [rule.id for rule in pack.rule]
    if len(set(names)) != len(names):
        yield "rule: two rules have the same id"
    if not pack.zones:
        yield "zones: name at least one"
    known = pinned_zones()
    told = [*pack.subdivisions.values(), *pack.number_zones.values()]
    for zone in [*pack.zones, *(zone for zones in told for zone in zones)]:
        if zone not in known:
            yield f"zones: there is no zone {zone}"


def _head_problems(pack: Pack) -> Iterator[str]:
    """Who looked at it and when, from when to when it holds, where it was read."""
    if pack.id.partition("-")[0] != pack.country:
        yield f"country: {pack.id} is no part of {pack.country}"
    if not pack.checked_on.strip():
        yield "checked_on: say when it was last looked at"
    if not pack.reviewer.strip():
        yield "reviewer: say who looked at it"
    if pack.effective_to is not None and pack.effective_to < pack.effective_from:
        yield "effective_to: it lies before effective_from"
    known: set[str] = set()
    for source in pack.source:
        if source.id in known:
            yield f"source: two sources have the id {source.id}"
        known.add(source.id)
        if not (source.name.strip() and source.kind.strip()):
            yield f"source: {source.id} needs a name and a kind"
