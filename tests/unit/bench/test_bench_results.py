from pathlib import Path

import orjson
import pytest

from textwell.cli.bench import run
from textwell.cli.bench.figures import LegResult, judge, show_spread
from textwell.cli.bench.pairs import Pairs, Spread


def _run_with(result: LegResult, monkeypatch: pytest.MonkeyPatch, file: Path) -> int:
    monkeypatch.setitem(run._LEGS, "render", lambda *_: result)
    return run.run_legs(("render",), None, 2, file)


def test_a_void_run_fails_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    void = LegResult(
        leg="send", pairs=Pairs((2.0,), (4.0,)), void="3 messages twice in the carrier's log"
    )

    assert _run_with(void, monkeypatch, tmp_path / "lines") == 1
    assert "VOID        3 messages twice in the carrier's log" in capsys.readouterr().out


def test_a_good_run_leaves_a_line_with_ratio_and_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    good = LegResult(leg="plan", unit="rows/s", pairs=Pairs((6.0, 9.0), (2.0, 3.0)))

    assert _run_with(good, monkeypatch, tmp_path / "lines") == 0
    row = orjson.loads((tmp_path / "lines").read_bytes())
    assert row["ratio"] == {"middle": 3.0, "least": 3.0, "most": 3.0}
    assert row["machine"]["cores"] >= 1


def test_a_skipped_leg_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = LegResult(leg="redirect", skipped="wrk is not installed")

    assert _run_with(skipped, monkeypatch, tmp_path / "lines") == 0
    assert "redirect: skipped, wrk is not installed" in capsys.readouterr().out


def test_small_figures_keep_two_digits_and_great_ones_none() -> None:
    assert show_spread(Spread(4.966, 4.9, 5.0)) == "4.97 (4.90–5.00)"
    assert show_spread(Spread(173524.4, 153016.0, 194032.0)) == "173,524 (153,016–194,032)"


@pytest.mark.parametrize(
    ("reached", "less", "verdict"),
    [
        (0.6, False, "reached"),
        (0.59, False, "enough"),
        (0.3, False, "enough"),
        (0.29, False, "MISSED"),
        (0.29, True, "reached"),
        (0.31, True, "enough"),
        (0.61, True, "MISSED"),
    ],
)
def test_a_figure_is_judged_by_floor_and_aim(reached: float, less: bool, verdict: str) -> None:
    low, high = 0.3, 0.6
    least, aim = (high, low) if less else (low, high)

    assert judge(reached, least, aim, less=less) == verdict


def test_figure_and_ratio_have_their_verdicts_in_words_and_in_the_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = LegResult(
        leg="redirect",
        pairs=Pairs((12_000.0,), (60_000.0,)),
        least=10_000,
        aim=10_000,
        least_ratio=0.3,
        aim_ratio=0.6,
    )

    _run_with(slow, monkeypatch, tmp_path / "lines")

    told = capsys.readouterr().out
    assert "asked       at least 10,000, aim 10,000: reached" in told
    assert "asked       ratio at least 0.3, aim 0.6: MISSED" in told
    row = orjson.loads((tmp_path / "lines").read_bytes())
    assert row["verdicts"] == {"figure": "reached", "ratio": "MISSED"}


def test_nothing_asked_is_not_judged() -> None:
    assert LegResult(leg="kannel", pairs=Pairs((1.0,), (2.0,))).verdicts() == {}
