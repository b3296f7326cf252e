"""What is wrong and what mends it read as two sentences."""

import pytest

from textwell.core.errors import FieldError


@pytest.mark.parametrize(
    ("problem", "mend", "sentences"),
    [
        ("is empty", "Write it.", "is empty. Write it."),
        ("is empty.", "Write it.", "is empty. Write it."),
        ("is it there?", "Look.", "is it there? Look."),
        ("is empty", "", "is empty"),
        ("", "Write it.", "Write it."),
    ],
)
def test_a_problem_ends_before_its_mend_begins(problem: str, mend: str, sentences: str) -> None:
    error = FieldError("body", problem, mend)

    assert error.sentences == sentences
    assert str(error) == f"body: {sentences}"
