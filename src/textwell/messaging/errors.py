"""What can go wrong when a text is made or handed over."""

from enum import StrEnum


class RefusalKind(StrEnum):
    SYNTAX = "syntax"  # no valid Liquid
    LIMIT = "limit"  # an endless loop, too much output
    UNKNOWN = "unknown"  # a name, or a part of one, that is not there
    FAULT = "fault"  # a filter that is not there, or whose values do not fit it
    EMPTY = "empty"  # nothing that a person would see
    TOO_LONG = "too_long"  # detail: number of characters


class TemplateRefused(ValueError):
    """The template cannot be used or did not come out for this person."""

    def __init__(self, kind: RefusalKind, detail: str, *, line: int | None = None) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self.line = line  # from 1; None: the text has only one, or it lies in no line
