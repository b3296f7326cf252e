"""What became of the people of each placement, and the bad sources that pause themselves."""

from datetime import timedelta
from typing import Any, Final

from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.programmes import sql
from textwell.programmes.models import Placement, Programme, ProgrammeState
from textwell.programmes.placements import pause_placement
from textwell.programmes.quality import LEAST_GONE, Base, Judgement, judge_source
from textwell.programmes.types import SourceFigures

BASE_AGE: Final = timedelta(days=90)
ACTOR: Final = "system"


def list_figures(
    workspace_id: int, *, is_judging: bool = False, placement_ids: list[int] | None = None
) -> dict[int, SourceFigures]:
    """By placement. `is_judging`: without those who joined before somebody resumed the placement.

    `placement_ids`: of these alone.
    """
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "is_judging": is_judging,
        "placement_ids": placement_ids,
    }
    with cursor() as raw:
        raw.execute(sql.FIGURES, params)
        return {row[0]: SourceFigures(*map(int, row)) for row in raw.fetchall()}


def read_base(workspace_id: int) -> Base:
    """What the workspace's campaigns of the last months led to, over all its people."""
    params: dict[str, Any] = {"workspace_id": workspace_id, "since": now() - BASE_AGE}
    with cursor() as raw:
        raw.execute(sql.BASE_TEXTS, params)
        texts = int(raw.fetchone()[0])
        raw.execute(sql.BASE_GONE, params)
        return Base(texts, int(raw.fetchone()[0]))


def judge_sources(
    workspace_id: int, placement_ids: list[int] | None = None
) -> dict[int, Judgement]:
    """Each placement (of these, if any are named) against the workspace without it."""
    base = read_base(workspace_id)
    found = list_figures(workspace_id, is_judging=True, placement_ids=placement_ids)
    return {
        number: judge_source(texts=each.texts, gone=each.gone, base=_without(base, each))
        for number, each in found.items()
    }


def _without(base: Base, own: SourceFigures) -> Base:
    return Base(max(base.texts - own.texts, 0), max(base.gone - own.gone, 0))


def pause_bad_sources() -> int:
    """Pause every placement whose people leave much oftener than others; answers how many. Twice is once."""
    running = Programme.objects.filter(state=ProgrammeState.PUBLISHED)
    count = 0
    for workspace_id in (
        running.order_by("workspace_id").values_list("workspace_id", flat=True).distinct()
    ):
        suspects = _find_suspects(workspace_id)
        for number, judged in judge_sources(workspace_id, suspects).items() if suspects else ():
            if judged.is_bad:
                placement = Placement.objects.get(id=number)
                count += pause_placement(placement=placement, actor=ACTOR, why=_why(judged))
    return count


def _find_suspects(workspace_id: int) -> list[int]:
    with cursor() as raw:
        raw.execute(sql.SUSPECTS, {"workspace_id": workspace_id, "least": LEAST_GONE})
        return [row[0] for row in raw.fetchall()]


def _why(judged: Judgement) -> dict[str, object]:
    return {
        "texts": judged.texts,
        "gone": judged.gone,
        "rate": round(judged.rate, 5),
        "base_rate": round(judged.base_rate, 5),
        "evidence": round(judged.evidence, 1),
    }
