"""What was judged so far, in a file: a judgment that was stopped goes on from there."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from textwell.reports.rejudging.judging import Judgment, RuleCount


class Asked(msgspec.Struct, frozen=True):
    """The question, as far as another one has another answer."""

    workspace: int
    campaign: int
    last_message: int
    packs: list[str]  # versions and, of a file, its SHA-256
    choices: str  # "then", or "now" and the SHA-256 of what is chosen now

    @property
    def file_name(self) -> str:
        return f"{self.campaign}-{sha256(msgspec.json.encode(self)).hexdigest()[:16]}.json"


class _Kept(msgspec.Struct):
    asked: Asked
    after_id: int
    begun_at: str
    found: dict[str, Any]  # the fields of a Judgment


def keep(path: Path, asked: Asked, found: Judgment, *, after_id: int, begun_at: str) -> None:
    """Write it whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    values = {each.name: getattr(found, each.name) for each in fields(found)}
    values["by_verdict"] = dict(found.by_verdict)
    values["rules"] = {name: asdict(rule) for name, rule in found.rules.items()}
    beside.write_bytes(msgspec.json.encode(_Kept(asked, after_id, begun_at, values)))
    beside.replace(path)


def take_up(path: Path, asked: Asked) -> tuple[Judgment, int, str] | None:
    """What there is of this question: the counts, the id from which to go on, and since when.

    None: nothing, or of another question, or of a version that counted otherwise.
    """
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
        if kept.asked != asked:
            return None
        values = kept.found
        rules = {name: RuleCount(**rule) for name, rule in values.pop("rules").items()}
        by_verdict = Counter(values.pop("by_verdict"))
        return Judgment(by_verdict=by_verdict, rules=rules, **values), kept.after_id, kept.begun_at
    except (OSError, msgspec.MsgspecError, TypeError, KeyError):
        return None
