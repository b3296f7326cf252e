import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from textwell.core.logs import configure_logs, mask_msisdn, mask_text


@pytest.mark.parametrize(
    ("what", "text", "expected"),
    [
        ("alone", "+84901234567", "+8490•••567"),
        ("in a sentence", "sent to +84901234567.", "sent to +8490•••567."),
        ("two of them", "+33612345678 +33612345679", "+3361•••678 +3361•••679"),
        ("no number of a person", "id 123456789012 done", "id 123456789012 done"),
        ("too short", "+1234567", "+1234567"),
    ],
)
def test_numbers_in_texts_are_masked(what: str, text: str, expected: str) -> None:
    assert mask_text(text) == expected, what


def test_a_short_number_is_hidden_whole() -> None:
    assert mask_msisdn("12345") == "•••"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logs("test", log_format="json", level="INFO")
    yield capsys
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def read_line(lines: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(lines.readouterr().err.splitlines()[-1])
    return found


def test_a_line_has_its_role_and_masked_values(lines: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("a").info("handed", msisdn="+84901234567", to="84901234567", count=3)

    line = read_line(lines)
    assert (line["event"], line["role"], line["count"]) == ("handed", "test", 3)
    assert (line["msisdn"], line["to"]) == ("+8490•••567", "84901•••567")


def test_nested_values_and_secrets_are_masked(lines: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("b").info("x", data={"password": "pw", "list": ["+84901234567"]})

    assert read_line(lines)["data"] == {"password": "•••", "list": ["+8490•••567"]}


def test_lines_of_libraries_are_masked_too(lines: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("library").warning("no route to %s", "+84901234567")

    line = read_line(lines)
    assert (line["event"], line["level"]) == ("no route to +8490•••567", "warning")


def test_tracebacks_are_masked_too(lines: pytest.CaptureFixture[str]) -> None:
    try:
        int("bad number +84901234567")
    except ValueError:
        structlog.get_logger("c").exception("failed")

    text = str(read_line(lines)["exception"])
    assert "bad number +8490•••567" in text
    assert "84901234567" not in text
