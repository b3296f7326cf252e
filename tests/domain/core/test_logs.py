import json
import logging
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response

from textwell.core.logs import configure_logs


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
    assert (line["msisdn"], line["to"]) == ("+8490•••567", "8490•••567")


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


NUMBER = "84901234567"


@pytest.mark.parametrize(
    "values",
    [
        {"error": f"no route for {NUMBER}"},
        {"phone": NUMBER},
        {"sender": NUMBER},
        {"msisdn": int(NUMBER)},
        {"error": "no route for +84 901 234 567"},
        {"msisdns": [int(NUMBER), f"+{NUMBER}"]},
        {"pdu": NUMBER.encode()},
        {"person": SimpleNamespace(msisdn=f"+{NUMBER}")},
        {"path": f"/api/v1/messages?to={NUMBER}"},
        {"path": f"/api/v1/messages?to=%2B{NUMBER}"},
        {"by_number": {f"+{NUMBER}": 1, int(NUMBER): 2}},
        {"cost": float(NUMBER)},
        {"error": ValueError(f"bad number {NUMBER}")},
        {"deep": [[[[[[[[[[f"+{NUMBER}"]]]]]]]]]]},
    ],
)
@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_value_of_a_line_shows_a_number(
    lines: pytest.CaptureFixture[str], values: dict[str, object], log_format: str
) -> None:
    configure_logs("test", log_format=log_format, level="INFO")
    structlog.get_logger("d").info(f"to {NUMBER}", **values)

    shown = lines.readouterr().err
    assert "•••567" in shown
    assert NUMBER not in re.sub(r"[^\d+]", "", shown)


def test_django_s_own_lines_are_masked_and_leave_the_request_out(
    lines: pytest.CaptureFixture[str],
) -> None:
    request = RequestFactory().get(f"/api/v1/contacts/+{NUMBER}")
    log_response(
        "%s: %s", "Not Found", request.path, response=HttpResponse(status=404), request=request
    )

    line = read_line(lines)
    assert line["event"] == "Not Found: /api/v1/contacts/+8490•••567"
    assert "request" not in line
    assert line["status_code"] == 404


def test_an_error_of_a_full_disk_says_what_mends_it(lines: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger("a")

    log.warning("not stored yet", error="could not extend file: No space left on device")
    assert str(read_line(lines)["mend"]).startswith("Free space ")

    log.warning("not stored yet", error="Connection refused")
    assert "mend" not in read_line(lines)


def test_ids_and_times_stay_readable(lines: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("e").info("marked", message_id=123456789012, batch=9876543210, rows=4000)

    line = read_line(lines)
    assert (line["message_id"], line["batch"], line["rows"]) == (123456789012, 9876543210, 4000)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", str(line["timestamp"]))
