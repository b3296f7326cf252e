"""The judge of demo and drill: what the carrier's log proves, and what it leaves open."""

from pathlib import Path

import pytest

from textwell.cli.demo.evidence import Evidence
from textwell.cli.demo.judge import Judgement, Recorded, compare
from textwell.gateways.providers.simulator.log import hash_text

ANNA = "+84901111111"
TEXT = "Hello"
HASH = hash_text(TEXT)
START = "S\t1000000"


def handed(at: int, answer: str = "sent", *, status: int = 0, msisdn: str = ANNA) -> str:
    return f"H\t{at}\t{msisdn}\tLOTUS\tid{at}\t{HASH}\t5\t1\t{status}\t{answer}"


def receipt(handed_at: int, stat: str = "DELIVRD") -> str:
    return f"R\t{handed_at + 500}\t{ANNA}\tid{handed_at}\t{stat}\t000"


def judged(tmp_path: Path, lines: list[str], *, state: str | None) -> Judgement:
    log = tmp_path / "log"
    log.write_text("".join(f"{line}\n" for line in [START, *lines]))
    recorded = Recorded()
    if state is not None:
        recorded.add(1, ANNA, "" if state == "unknown" else TEXT, state)
    return compare(Evidence.read(log), recorded, is_balanced=True)


GOOD = [
    ("delivered", "delivered", [handed(2000000), receipt(2000000), "A\t2000600\tid2000000"]),
    ("never arrived", "unknown", []),
    ("answer withheld, no receipt", "unknown", [handed(2000000, "lost")]),
    ("the session ended", "unknown", [handed(2000000), "E\t2001000\tx"]),
    ("the carrier died", "unknown", [handed(2000000), "S\t2001000"]),
    (
        "receipt sent, not acknowledged",
        "unknown",
        [handed(2000000, "lost"), receipt(2000000)],
    ),
    (
        "receipt stored, its acknowledgement lost",
        "delivered",
        [handed(2000000, "lost"), receipt(2000000)],
    ),
    ("only an intermediate receipt", "unknown", [handed(2000000, "lost"), receipt(2000000, "ACCEPTD")]),
    (
        "two messages to the number: the receipt may mean either",
        "unknown",
        [
            handed(2000000, "lost"),
            handed(2000100, "lost").replace(HASH, hash_text("Other")),
            receipt(2000000),
            "A\t2000600\tid2000000",
        ],
    ),
    (
        "STOP after the text",
        "submitted",
        [handed(2000000), f"M\t2000100\t{ANNA}\tL\tstop\tx", f"A\t2000200\t{ANNA}"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "state", "lines"), GOOD, ids=[case for case, *_ in GOOD])
def test_what_the_log_leaves_open_is_no_fault(
    tmp_path: Path, case: str, state: str, lines: list[str]
) -> None:
    if "two messages" in case:
        verdict = judged(tmp_path, lines, state=state)
        assert (verdict.decided_count, verdict.guessed_count) == (0, 0)
        return
    assert judged(tmp_path, lines, state=state).is_good


BAD = [
    (
        "receipt acknowledged",
        "unknown",
        [handed(2000000, "lost"), receipt(2000000), "A\t2000600\tid2000000"],
        "decided_count",
    ),
    ("answered on a session that lived on", "unknown", [handed(2000000)], "decided_count"),
    ("settled though nobody told us", "submitted", [handed(2000000, "lost")], "guessed_count"),
    ("accepted, but never arrived", "submitted", [], "lost_count"),
    ("arrived, but not recorded", None, [handed(2000000)], "unrecorded_count"),
    ("handed over twice", "submitted", [handed(2000000), handed(2000900)], "doubled_count"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "state", "lines", "count"), BAD, ids=[case for case, *_ in BAD])
def test_what_the_log_proves_wrong_is_counted(
    tmp_path: Path, case: str, state: str | None, lines: list[str], count: str
) -> None:
    del case
    verdict = judged(tmp_path, lines, state=state)
    assert getattr(verdict, count) == 1
    assert not verdict.is_good


def test_a_text_after_an_acknowledged_stop_is_a_fault(tmp_path: Path) -> None:
    lines = [f"M\t2000000\t{ANNA}\tL\tstop\tx", f"A\t2000500\t{ANNA}", handed(2001500)]
    verdict = judged(tmp_path, lines, state="submitted")
    assert verdict.after_stop == (1.0,)
    assert not verdict.is_good


def test_a_text_before_its_stop_was_acknowledged_is_none(tmp_path: Path) -> None:
    lines = [f"M\t2000000\t{ANNA}\tL\tstop\tx", handed(2000200), f"A\t2000500\t{ANNA}"]
    assert judged(tmp_path, lines, state="submitted").after_stop == ()


def test_an_answer_to_a_stop_is_no_text_of_the_campaign(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"{START}\n{handed(2000000)}\n")
    recorded = Recorded(answers={(ANNA, HASH)})

    found = compare(Evidence.read(log), recorded, is_balanced=True)

    assert (found.unrecorded_count, found.lost_count) == (0, 0)


def test_an_answer_tells_nothing_of_an_unknown_text_to_the_same_number(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"{START}\n{handed(2000000)}\n")
    recorded = Recorded(answers={(ANNA, HASH)}, unknown={ANNA})

    found = compare(Evidence.read(log), recorded, is_balanced=True)

    assert (found.decided_count, found.unknown_arrived_count) == (0, 0)
    assert found.is_good
