"""What programmes refuse."""

from collections.abc import Sequence

from textwell.core.errors import Conflict, TextwellError
from textwell.programmes.types import Problem


class NotComplete(Conflict):
    """A programme cannot be published yet; `problems` say what lacks, one by one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.text for problem in problems))
        self.problems = tuple(problems)


class Closed(Conflict):
    """Nobody can join here now: not published, over, not begun, or the source is paused."""


class TooManyAttempts(TextwellError):
    """Too many sign-ups from one place or to one stretch of numbers: nothing was recorded."""
