"""What can be wrong with a short link."""


class BadToken(ValueError):
    """The token is none of ours: wrong length, wrong characters, out of range or wrong key."""
