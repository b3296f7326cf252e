"""What can be wrong with a short link."""


class BadToken(ValueError):  # noqa: N818 - errors say the fact
    """The token is none of ours: wrong length, wrong characters, out of range or wrong key."""
