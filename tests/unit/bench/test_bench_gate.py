"""The bench's gate: what it measures is whole."""

from textwell.cli.bench.gate import run_gate


def test_every_text_of_the_gates_leg_goes_completed() -> None:
    result = run_gate(1, 40)

    assert (result.count, [*result.more]) == (40, ["µs beyond the twin"])
    assert "left out" not in result.void
