"""What actions refuse, in words that a person can act on.

`web` shows them beside the field, `api` turns them into problem+json, `cli` prints them.
"""


class TextwellError(Exception):
    """Something that the caller can mend; its text may be shown to a person."""


_ENDS = tuple(".!?…:;。！？")


def join_sentences(problem: str, mend: str) -> str:
    """The problem, then what mends it, as two sentences; problems come with or without a full stop."""
    if mend and problem and not problem.endswith(_ENDS):
        problem += "."
    return f"{problem} {mend}".strip()


class FieldError(TextwellError):
    """A value given cannot be used: which field, what is wrong with it, what to do about it."""

    def __init__(self, field: str, problem: str, mend: str = "") -> None:
        super().__init__(f"{field}: {join_sentences(problem, mend)}")
        self.field = field
        self.problem = problem
        self.mend = mend

    @property
    def sentences(self) -> str:
        """What is wrong and what mends it, where the field is seen beside it."""
        return join_sentences(self.problem, self.mend)


class Conflict(TextwellError):
    """The present state does not allow it (launched already, same key with another body)."""


class NotFound(TextwellError):
    """There is no such thing, or it belongs to another workspace: both look the same."""

    def __init__(self, kind: str, key: object = "") -> None:
        super().__init__(f"There is no {kind} {key}".strip() + ".")
        self.kind = kind
        self.key = key


class Forbidden(TextwellError):
    """The actor may see the thing but not do this to it."""


class BusUnavailable(TextwellError):
    """JetStream did not confirm that it stored a message in time. Repeating is safe with a msg_id."""


class StoreUnavailable(TextwellError):
    """PostgreSQL cannot be reached now: try again after a while."""
