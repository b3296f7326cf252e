"""Which placement a text means: keywords as people type them. Pure but for one read."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from textwell.inbox.keywords import once
from textwell.inbox.normal import normalise
from textwell.programmes.models import Placement

# Beside a keyword these change nothing: JOIN BREAD, bread please.
_BESIDE: Final = frozenset(
    ("join", "start", "please", "pls", "thanks", "thx", "code", "keyword", "hi", "hello", "merci",
     "svp", "gracias", "xin")
)  # fmt: skip


def plain_keyword(keyword: str) -> str:
    """A keyword as it is compared: small, without accents, marks, emoji and spaces."""
    return once(normalise(keyword)).replace(" ", "")


def readings(text: str) -> list[str]:
    """What a text may be as a keyword, the likeliest first: the whole, its first line, without politeness."""
    found = dict.fromkeys(_readings(text.strip()))
    return [each for each in found if each]


def _readings(text: str) -> Iterator[str]:
    first = text.partition("\n")[0]
    for part in (text, first):
        yield plain_keyword(part)
        words = normalise(part).split()
        while len(words) > 1 and words[0] in _BESIDE:
            words = words[1:]
        while len(words) > 1 and words[-1] in _BESIDE:
            words = words[:-1]
        yield "".join(once(" ".join(words)).split())


def find_placements(
    workspace_ids: Collection[int], words: Collection[str]
) -> dict[tuple[int, str], list[Placement]]:
    """Placements with these keywords, by workspace and word, with their programmes."""
    found: dict[tuple[int, str], list[Placement]] = {}
    rows = Placement.objects.filter(workspace_id__in=set(workspace_ids), plain__in=set(words))
    for row in rows.exclude(plain="").select_related("programme").order_by("id"):
        found.setdefault((row.workspace_id, row.plain), []).append(row)
    return found


def choose(placements: list[Placement], recipient: str, at: datetime) -> Placement | None:
    """The one whose keyword holds at that sender and moment. A gateway may not say which sender it was."""
    holding = [each for each in placements if _holds(each, at)]
    asked = recipient.lstrip("+")
    theirs = [each for each in holding if not asked or each.sender.lstrip("+") == asked]
    return theirs[0] if len(theirs) == 1 else None


def _holds(placement: Placement, at: datetime) -> bool:
    begins, ends = placement.keyword_from, placement.keyword_until
    return (begins is None or begins <= at) and (ends is None or at < ends)
