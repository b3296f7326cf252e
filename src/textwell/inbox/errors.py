"""What the inbox refuses by itself."""

from textwell.core.errors import Conflict


class ThreadMoved(Conflict):
    """Something happened in the thread that the writer had not seen: nothing was sent.

    Its text says who did what, for the writer to read.
    """
