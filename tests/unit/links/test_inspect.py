import base64

import pytest

from textwell.cli.inspect import agent, link
from textwell.links.errors import BadToken
from textwell.links.tokens import make_token

KEY = bytes(range(16))


@pytest.mark.parametrize(
    "written", [KEY.hex(), base64.b64encode(KEY).decode(), "AAECAwQFBgcICQoLDA0ODw"]
)
def test_link_takes_the_key_as_hex_or_base64(written: str) -> None:
    token = make_token(KEY, 123_456_789, 3)

    assert link.inspect({"token": token}, key=written) == {"message": 123_456_789, "link": 3}


@pytest.mark.parametrize("written", ["", "xyz", "00" * 15, "AAAA"])
def test_link_says_how_to_write_the_key(written: str) -> None:
    with pytest.raises(ValueError, match="32 hex digits or as base64"):
        link.inspect({"token": "abcdefgh"}, key=written)


def test_link_refuses_what_is_no_token() -> None:
    with pytest.raises(BadToken):
        link.inspect({"token": "not a token"}, key=KEY)
    with pytest.raises(ValueError, match="token: must be text"):
        link.inspect({"token": 7}, key=KEY)


def test_agent_answers_by_the_contract() -> None:
    answer = agent.inspect(
        {
            "user_agent": "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1"
        }
    )

    assert answer == {"class": "human", "device": "tablet", "os": "iOS", "browser": "Mobile Safari"}


@pytest.mark.parametrize(
    "case", [{}, {"user_agent": None}, {"user_agent": ""}, {"user_agent": " "}]
)
def test_an_empty_agent_is_a_machine(case: dict[str, object]) -> None:
    assert agent.inspect(case) == {
        "class": "machine",
        "device": "other",
        "os": "Other",
        "browser": "Other",
    }


def test_an_agent_that_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="user_agent: must be text"):
        agent.inspect({"user_agent": 5})


def test_half_of_a_surrogate_pair_in_an_agent_is_judged_all_the_same() -> None:
    assert agent.inspect({"user_agent": "curl/8.1 \ud83d"})["class"] == "machine"
