import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.contacts.imports.pasting import read_lines


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("0901234567", [("0901234567", "")]),
        ("+84 90-123.45 67", [("+84 90-123.45 67", "")]),
        ("Linh Nguyễn 090 123 45 67", [("090 123 45 67", "Linh Nguyễn")]),
        ("Linh Nguyễn: 090 123 45 67", [("090 123 45 67", "Linh Nguyễn")]),
        ("090 123 45 67, Linh Nguyễn", [("090 123 45 67", "Linh Nguyễn")]),
        ("Linh\t+84901234567", [("+84901234567", "Linh")]),
        ("Ada <+33 6 12 34 56 78>", [("+33 6 12 34 56 78", "Ada")]),
        ("王小明，+886 912 345 678", [("+886 912 345 678", "王小明")]),
        ("0901234567, 0912345678;0931234567", [
            ("0901234567", ""), ("0912345678", ""), ("0931234567", ""),
        ]),
        ("(0)90 123 4567", [("(0)90 123 4567", "")]),
        ("Linh Nguyễn", [("Linh Nguyễn", "")]),
        ("Ada 0612345678 Bea 0712345678", [("Ada 0612345678 Bea 0712345678", "")]),
        ("12", [("12", "")]),
    ],
)  # fmt: skip
def test_a_line_is_a_number_and_perhaps_a_name(line: str, people: list[tuple[str, str]]) -> None:
    assert list(read_lines(line)) == people


@given(st.text())
def test_no_line_that_holds_something_is_lost(text: str) -> None:
    filled = [line for line in text.splitlines() if line.strip()]

    assert len(list(read_lines(text))) >= len(filled)


@given(st.text())
def test_empty_lines_are_nobody(text: str) -> None:
    assert list(read_lines(text + "\n\n \n")) == list(read_lines(text))
