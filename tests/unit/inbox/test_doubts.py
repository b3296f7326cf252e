"""Why a text waits for a person."""

import pytest

from textwell.inbox.doubts import find_doubt
from textwell.inbox.words import understand


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("I will stop in after lunch", "stop_word"),
        ("when does the cancel fee apply?", "stop_word"),
        ("blue or green", "not_understood"),
        ("what time do you open?", ""),
        ("cancel my appointment", ""),
    ],
)
def test_a_text_left_to_a_person_says_why(text: str, doubt: str) -> None:
    assert find_doubt(text, understand(text).intent) == doubt
