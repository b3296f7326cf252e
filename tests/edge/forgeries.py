"""Calls of a carrier that are not its own, not of now, or said before: made by dice."""

import json
import string
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from textwell.gateways.providers.simulator.signature import ID, SIGNATURE, TIMESTAMP, sign


@dataclass(frozen=True)
class Call:
    label: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    path: str = "/dlr/41"


def body_of(name: str) -> bytes:
    event = {"kind": "dlr", "id": name, "at": 1_790_000_000.5, "stat": "DELIVRD", "err": "0"}
    return json.dumps([event]).encode()


def genuine_calls(secret: str, at: int, *, count: int) -> list[Call]:
    return [
        Call(
            "genuine",
            body := body_of(f"genuine{n}"),
            sign(secret, call_id=f"g{n}", at=at, body=body),
        )
        for n in range(count)
    ]


def make_repeats(taken: list[Call], secret: str, at: int, dice: Random) -> list[Call]:
    """Each call again: as it was, at the other door, or signed anew under its id."""

    def again(call: Call) -> Call:
        fresh = sign(secret, call_id=call.headers[ID], at=at + dice.randint(0, 9), body=call.body)
        return dice.choice(
            [
                replace(call, label="as it was"),
                replace(call, label="at the other door", path="/mo/41"),
                replace(call, label="signed anew", headers=fresh),
            ]
        )

    return [again(call) for call in taken]


def make_forgeries(
    secret: str, other_secret: str, at: int, dice: Random, *, count: int
) -> list[Call]:
    """As many of each kind as of any other."""
    kinds = _kinds(other_secret, at, dice)
    made = []
    for number in range(count):
        body = body_of(f"forged{number}")
        call = Call("", body, sign(secret, call_id=f"f{number}", at=at, body=body))
        label, forge = kinds[number % len(kinds)]
        made.append(replace(forge(call), label=label))
    return made


_Forge = Callable[[Call], Call]


def _kinds(other_secret: str, at: int, dice: Random) -> list[tuple[str, _Forge]]:
    def signed(call: Call, secret: str, second: int) -> Call:
        headers = sign(secret, call_id=call.headers[ID], at=second, body=call.body)
        return replace(call, headers=headers)

    def one_octet(call: Call) -> Call:
        place, octets = dice.randrange(len(call.body)), bytearray(call.body)
        octets[place] ^= 1 << dice.randrange(7)
        return replace(call, body=bytes(octets))

    def own(call: Call, second: int) -> Call:
        return signed(call, "s3cret", second)

    def guess(_call: Call) -> str:
        return "".join(dice.choices(string.ascii_letters, k=12))

    return [
        ("another octet in the body", one_octet),
        ("a truncated body", lambda c: replace(c, body=c.body[: dice.randrange(len(c.body))])),
        ("a longer body", lambda c: replace(c, body=c.body + b" ")),
        ("another key", lambda c: signed(c, guess(c), at)),
        ("an empty key", lambda c: signed(c, "", at)),
        ("another gateway's key", lambda c: signed(c, other_secret, at)),
        ("our call to another gateway", lambda c: replace(c, path="/dlr/44")),
        ("stale", lambda c: own(c, at - dice.randint(360, 10**6))),
        ("of the future", lambda c: own(c, at + dice.randint(360, 10**6))),
        ("another id", lambda c: with_header(c, ID, guess(c))),
        ("a dot moved into the id", _move_dot),
        ("a later time", lambda c: with_header(c, TIMESTAMP, str(at + dice.randint(1, 200)))),
        ("no time", lambda c: with_header(c, TIMESTAMP, dice.choice(["", "now", "-1", "1e9", "9" * 40]))),
        ("another signature", lambda c: with_header(c, SIGNATURE, _variant(c, dice))),
        ("a header left out", lambda c: _without(c, dice.choice([ID, TIMESTAMP, SIGNATURE]))),
    ]  # fmt: skip


def with_header(call: Call, name: str, value: str) -> Call:
    return replace(call, headers=call.headers | {name: value})


def _without(call: Call, left_out: str) -> Call:
    headers = {name: value for name, value in call.headers.items() if name != left_out}
    return replace(call, headers=headers)


def _move_dot(call: Call) -> Call:
    """The same octets are signed, split at another place."""
    moved = f"{call.headers[ID]}.{call.headers[TIMESTAMP]}"
    return replace(call, headers=call.headers | {ID: moved, TIMESTAMP: ""})


def _variant(call: Call, dice: Random) -> str:
    value = call.headers[SIGNATURE]
    bare = value.removeprefix("v1,")
    return dice.choice(
        [
            bare, "v2," + bare, "v1a," + bare, "V1," + bare, value[:-1], value[:-4], value.swapcase(),
            "v1," + bare[::-1], "v1,", ",", "", "v1", "v1,é", "v1 " + bare, value + ",", "0" * 64,
        ]
    )  # fmt: skip
