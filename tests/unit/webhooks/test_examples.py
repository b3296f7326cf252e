"""The receivers that the handbook shows take what we sign, and nothing else."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from textwell.webhooks.signing import make_secret, sign_standard

PAGE = Path(__file__).parents[3] / "docs/howto/webhooks.md"
BODY = '{"type": "message.delivered", "data": {"message_id": 4711}}'


def example(number: int, **replaced: str) -> dict[str, Any]:  # Any: what the code defines
    blocks = re.findall(r"^ *```python\n(.*?)^ *```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    code = re.sub("^   ", "", blocks[number], flags=re.MULTILINE)
    for old, new in replaced.items():
        assert old in code
        code = code.replace(old, new)
    names: dict[str, Any] = {}
    exec(compile(code, PAGE.name, "exec"), names)
    return names


def signed(*secrets: str) -> dict[str, str]:
    return sign_standard(secrets, event_id="evt_1_2", at=datetime.now(UTC), body=BODY)


def test_the_librarys_receiver_takes_a_call_once(capsys: pytest.CaptureFixture[str]) -> None:
    secret = make_secret()
    receive = example(0, whsec_SECRET=secret)["receive"]
    headers = signed(secret)

    assert [receive(headers, BODY), receive(headers, BODY)] == [204, 204]
    assert capsys.readouterr().out == "message.delivered {'message_id': 4711}\n"
    assert receive(headers, BODY.replace("4711", "4712")) == 401


def test_the_receiver_without_a_library_takes_both_secrets_of_a_change() -> None:
    old, new = make_secret(), make_secret()
    is_ours = example(1)["is_ours"]

    assert is_ours(old, signed(new, old), BODY)
    assert is_ours(new, signed(new, old), BODY)


def test_the_receiver_without_a_library_refuses_what_is_changed_foreign_or_old() -> None:
    secret = make_secret()
    is_ours = example(1)["is_ours"]
    headers = signed(secret)

    assert not is_ours(secret, headers, BODY + " ")
    assert not is_ours(make_secret(), headers, BODY)
    assert not is_ours(secret, headers | {"webhook-timestamp": "1790000000"}, BODY)
