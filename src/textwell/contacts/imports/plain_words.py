"""Words without what their writers write differently. Pure."""

import re
import unicodedata


def plain_word(text: str) -> str:
    """Without case, marks, spaces and punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", bare.casefold().replace("đ", "d"))
