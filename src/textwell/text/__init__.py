"""SMS text and telephone numbers: pure, no store, no I/O.

Segments: ``segment_text(text, languages=..., reference_bits=8)`` gives encoding, segments,
units and what forces UCS-2; ``count_segments(text)`` only the first two, in a microsecond.
User data for a carrier: ``build_header``, ``build_user_data`` (SMPP, a septet an octet),
``build_user_data_packed`` (on the air).
Savings: ``find_replacements``, ``apply_replacements``, ``compute_saving``, ``explain_forcing``;
``remove_vietnamese_accents`` is the marketer's explicit choice.
Numbers: ``parse_number(value, region)`` for one, ``normalise_bulk(values, region)`` for
millions with the same answers, ``read_columns`` for a file's column with its carriers;
``find_carrier`` and ``list_timezones`` for what the bulk path leaves out.

It refuses to know campaigns, contacts, prices and gateways.
"""

from textwell.text.numbers.bulk import normalise_bulk, read_columns
from textwell.text.numbers.parsing import (
    check_region,
    find_carrier,
    list_possible_numbers,
    list_timezones,
    parse_number,
    split_country_code,
)
from textwell.text.numbers.types import (
    BulkNumber,
    Number,
    NumberColumns,
    NumberError,
    NumberType,
    UnknownRegionError,
)
from textwell.text.replacements import (
    ForcingCharacter,
    Replacement,
    ReplacementKind,
    Saving,
    apply_replacements,
    compute_saving,
    explain_forcing,
    find_replacements,
)
from textwell.text.segments import (
    Encoding,
    SegmentedText,
    TextSegment,
    UnknownLanguageError,
    count_segments,
    segment_text,
)
from textwell.text.user_data import (
    TooManySegmentsError,
    build_header,
    build_user_data,
    build_user_data_packed,
)
from textwell.text.vietnamese import remove_vietnamese_accents

__all__ = [
    "BulkNumber",
    "Encoding",
    "ForcingCharacter",
    "Number",
    "NumberColumns",
    "NumberError",
    "NumberType",
    "Replacement",
    "ReplacementKind",
    "Saving",
    "SegmentedText",
    "TextSegment",
    "TooManySegmentsError",
    "UnknownLanguageError",
    "UnknownRegionError",
    "apply_replacements",
    "build_header",
    "build_user_data",
    "build_user_data_packed",
    "check_region",
    "compute_saving",
    "count_segments",
    "explain_forcing",
    "find_carrier",
    "find_replacements",
    "list_possible_numbers",
    "list_timezones",
    "normalise_bulk",
    "parse_number",
    "read_columns",
    "remove_vietnamese_accents",
    "segment_text",
    "split_country_code",
]
