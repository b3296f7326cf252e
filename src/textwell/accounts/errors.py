"""What accounts refuse."""

from textwell.core.errors import TextwellError


class TooManySignIns(TextwellError):
    """Too many wrong passwords for this address from this place: wait `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"Too many attempts. Try again in {retry_after_s} seconds.")
        self.retry_after_s = retry_after_s
