"""Names of events as they are kept, whichever door they came in by."""

import re
from typing import Final

LONGEST_NAME: Final = 60  # characters
_NAME: Final = re.compile(rf"[^\W_][\w.]{{0,{LONGEST_NAME - 1}}}")


def is_event_name(name: str) -> bool:
    """Whether an event of this name can come in. The API takes a to z alone, Segment's door any letters."""
    return _NAME.fullmatch(name) is not None and name == name.casefold()
