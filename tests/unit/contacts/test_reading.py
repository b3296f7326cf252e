"""A CSV file read in blocks gives what reading it row by row gives."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from textwell.contacts.imports import reading
from textwell.contacts.imports.reading import RowChunk, read_chunks

LINES = [
    "+84912345678,An", '0912345678,"An, Bo"', '0912,"An\nBo"', '0912,"An', '"', ",", "", "a,b,c", "one",
    '0912,a"b"', '"0912"x,B', '0912,"An ""Bo"""', 'x"y,"z',
]  # fmt: skip


def read(path: Path, size: int = 7) -> list[RowChunk]:
    return list(read_chunks(path, encoding="utf-8", delimiter=",", width=2, size=size))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.sampled_from(LINES), max_size=20), end=st.sampled_from(["\n", "\r\n", ""]))
def test_blocks_and_single_rows_give_the_same(tmp_path: Path, lines: list[str], end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["Phone,Name", *lines]) + end, encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_BLOCK_LINES", 3)
        in_blocks = read(path)
        patch.setattr(reading, "_parse_plainly", lambda *_args: None)
        one_by_one = read(path)

    def rows(chunks: list[RowChunk]) -> list[object]:
        good = [pair for chunk in chunks for pair in zip(chunk.lines, chunk.rows, strict=True)]
        return [good, [each for chunk in chunks for each in chunk.broken]]

    assert rows(in_blocks) == rows(one_by_one)
    assert all(len(chunk) <= 7 for chunk in in_blocks)
    assert all(a.last_line < b.last_line for a, b in pairwise(in_blocks))
