"""Words in the texts of threads: what people wrote, what was answered, notes.

PostgreSQL's own full text search, without an extension. Words are found by their beginning, in the
form that they are written in; Chinese characters stand for themselves, so that any run of them is
found. The workspace is a word of every text: the index gives its own rows alone.
"""

import re
from typing import Final, LiteralString

from textwell.core.db import cursor

MOST_WORDS: Final = 8
_HAN: Final = re.compile("([\u3400-\u4dbf\u4e00-\u9fff])")
# As the indexes of the migration 0006 have it, letter by letter: else none of them is used.
VECTOR: Final[LiteralString] = (
    "to_tsvector('simple', 'textwell' || workspace_id || ' '"
    r" || regexp_replace(text, '([㐀-䶿一-鿿])', ' \1 ', 'g'))"
)
_PHRASES: Final[LiteralString] = (
    "SELECT phraseto_tsquery('simple', word)::text FROM unnest(%s::text[]) WITH ORDINALITY AS w(word, n)"
    " ORDER BY n"
)


def read_words(workspace_id: int, search: str) -> str:
    """A tsquery for texts that have all the words of a search; "" where it has none to look for."""
    words = [_HAN.sub(r" \1 ", word) for word in search.replace("\0", "").split()[:MOST_WORDS]]
    if len(search.strip()) == 1 and not _HAN.search(search):
        return ""  # the beginning of every other text
    with cursor() as opened:
        opened.execute(_PHRASES, [words])
        phrases = [phrase for (phrase,) in opened.fetchall() if phrase]
    if not phrases:
        return ""
    return " & ".join([f"'textwell{workspace_id}'", *(f"({phrase}:*)" for phrase in phrases)])
