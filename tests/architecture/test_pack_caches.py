"""What is remembered of rule packs is forgotten when they change."""

import re
from pathlib import Path

import textwell

SOURCE = Path(textwell.__file__).parent
# Remembered, and resting on no pack: the values of a pack's rule are among their arguments, if anything.
FREE = {"compliance/library.py", "messaging/compose.py", "messaging/render.py"}


def test_who_asks_the_packs_remembers_nothing_in_a_way_of_its_own() -> None:
    asks = re.compile(r"shipped_library|messaging\.(law|sender_law|register_law|disputed) import")
    kept = re.compile(r"@(lru_cache|cache)\b")

    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if asks.search(text := path.read_text()) and kept.search(text)
    }

    assert found - FREE == set()
