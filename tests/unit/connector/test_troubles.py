import socket

import pytest

from textwell.gateways.providers.smpp.troubles import describe_failure
from textwell.smpp.errors import ConnectionFailed


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "No machine of the name smsc.example"),
        (ConnectionRefusedError(111, "refused"), "Nobody listens at smsc.example, port 2775."),
        (TimeoutError(), "smsc.example, port 2775, does not answer."),
        (OSError(101, "Network is unreachable"), "No connection to smsc.example, port 2775:"),
        (None, "The address takes the connection, but does not answer"),
    ],
)
def test_a_failure_is_told_in_words_for_people(cause: Exception | None, words: str) -> None:
    error = ConnectionFailed("smsc.example:2775")
    error.__cause__ = cause

    assert describe_failure(error, host="smsc.example", port=2775).startswith(words)
