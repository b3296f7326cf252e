"""What the simulated carrier is to do: operators, people, faults. Read from JSON, checked by type.

Shares are 0 to 1, times are seconds. The same script and seed give the same fate to the same
number and text, in whatever order messages come.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec

from textwell.gateways.providers.simulator.script_checks import find_mistakes

Habit = Literal["stop", "question", "thanks", "click"]
IdFormat = Literal["hex", "HEX", "decimal", "padded"]
FaultKind = Literal[
    "drop_connections", "refuse_binds", "lose_answers", "half_open", "throttle", "hold_receipts",
    "lose_receipts", "double_receipts", "refuse_account", "no_credit",
]  # fmt: skip
FAULT_KINDS: Final[frozenset[str]] = frozenset(FaultKind.__args__)  # type: ignore[attr-defined]


class ScriptInvalid(ValueError):
    """A script that cannot be played; the message names the field and the mend."""


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Evenly spread from `low` to `high`."""

    low: float = 0.0
    high: float = 0.0


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share of messages that fail: `status` refuses the submit, `stat` and `err` the receipt."""

    share: float
    status: int = 0
    stat: str = "UNDELIV"
    err: str = "000"


class Operator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One network. `prefixes`: digits with country code, the longest match wins, "" is the rest.

    `latency`: until the answer. `receipt_delay`: until the receipt. `late_share` of the receipts
    take `late_delay` instead. `limit`: segments a second, 0 is none.
    """

    name: str
    prefixes: tuple[str, ...] = ("",)
    latency: Range = Range()
    receipt_delay: Range = Range(1.0, 1.0)
    late_share: float = 0.0
    late_delay: Range = Range(20.0, 60.0)
    lost_share: float = 0.0
    doubled_share: float = 0.0
    early_share: float = 0.0  # an ACCEPTD comes before, or (disordered) after, the final one
    failures: tuple[Failure, ...] = ()
    limit: int = 0


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people do with a text that reached them.

    `click_share` is the mean over people without a taste for the text; who likes it clicks twice as
    often. Only links to `link_hosts` are ever opened: nothing leaves for a foreign machine.
    `always`: what these numbers (digits with country code) do with every text, whatever the shares say.
    `reply_to_names`: also to alphanumeric senders, which a phone cannot do but many carriers route.
    """

    click_share: float = 0.0
    preview_share: float = 0.0
    question_share: float = 0.0
    thanks_share: float = 0.0
    stop_share: float = 0.0
    click_delay: Range = Range(2.0, 40.0)
    reply_delay: Range = Range(3.0, 45.0)
    reply_to_names: bool = True
    link_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    always: dict[str, Habit] = {}


class PlannedFault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault at a time after the first bind, or at every so many messages."""

    kind: FaultKind
    seconds: float = 1.0
    at_s: float | None = None
    every_messages: int | None = None


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`accounts`: system_id to password; empty accepts everyone."""

    name: str = "script"
    operators: tuple[Operator, ...] = (Operator("network"),)
    people: People | None = None
    faults: tuple[PlannedFault, ...] = ()
    accounts: dict[str, str] = {}
    submit_id: IdFormat = "hex"
    receipt_id: IdFormat = "hex"
    receipt_tlvs: bool = True
    receipt_window: int = 2000


_UNDELIVERED: Final = (
    Failure(0.008, err="006"),  # absent subscriber
    Failure(0.006, err="027"),  # switched off
    Failure(0.005, err="001"),  # unknown subscriber
    Failure(0.003, err="211"),  # memory full
    Failure(0.003, stat="EXPIRED", err="027"),
    Failure(0.003, stat="REJECTD", err="503"),  # spam filter
    Failure(0.002, err="501"),  # the person blocks it
    Failure(0.001, err="514"),  # roaming
    Failure(0.0005, err="999"),  # says nothing to anybody
    Failure(0.002, status=0x0B),  # invalid destination
    Failure(0.001, status=0x401),
)

DEMO: Final = Script(
    name="demo",
    operators=(
        Operator(
            "Sông Hồng Mobile",
            ("84",),
            Range(0.005, 0.04),
            Range(1.0, 6.0),
            late_share=0.01,
            lost_share=0.01,
            doubled_share=0.01,
            early_share=0.01,
            failures=_UNDELIVERED,
        ),
        Operator(
            "Everyone Else",
            ("",),
            Range(0.005, 0.06),
            Range(1.0, 8.0),
            late_share=0.02,
            lost_share=0.01,
            doubled_share=0.01,
            early_share=0.02,
            failures=_UNDELIVERED,
        ),
    ),
    people=People(
        click_share=0.08,
        preview_share=0.03,
        question_share=0.007,
        thanks_share=0.005,
        stop_share=0.008,
    ),
)
BENCH: Final = Script(name="bench")
_CALM_ANSWER: Final = Range(0.005, 0.05)
_AT_ONCE: Final = Range(0.5, 1.0)


def _test_number(last: int, name: str, **values: object) -> Operator:
    """A network of one number that nobody has: 555-0100 to 0199 are kept for fiction (NANP)."""
    given = {"latency": _CALM_ANSWER, "receipt_delay": _AT_ONCE} | values
    return msgspec.convert(
        {"name": name, "prefixes": (f"{TEST_NUMBERS}{last:02d}",)} | given, Operator
    )


TEST_NUMBERS: Final = "120255501"  # and two digits; docs/developer/sandbox.md says what each does
# For real people's numbers in a new installation: an invented STOP would end a real consent. Nobody has
# the test numbers.
CALM: Final = Script(
    name="calm",
    operators=(
        Operator("network", ("",), _CALM_ANSWER, Range(0.5, 2.0)),
        _test_number(1, "unknown subscriber", failures=(Failure(1.0, err="001"),)),
        _test_number(2, "switched off", failures=(Failure(1.0, err="027"),)),
        _test_number(3, "refused at once", failures=(Failure(1.0, status=0x0B),)),
        _test_number(4, "expired", failures=(Failure(1.0, stat="EXPIRED", err="027"),)),
        _test_number(5, "spam filter", failures=(Failure(1.0, stat="REJECTD", err="503"),)),
        _test_number(6, "no receipt", lost_share=1.0),
        _test_number(7, "late receipt", receipt_delay=Range(60.0, 60.0)),
        _test_number(8, "throttled", limit=1),
    ),
    people=People(
        reply_delay=Range(1.0, 1.0),
        click_delay=Range(1.0, 1.0),
        always={
            f"{TEST_NUMBERS}09": "stop",
            f"{TEST_NUMBERS}10": "question",
            f"{TEST_NUMBERS}11": "thanks",
            f"{TEST_NUMBERS}12": "click",
        },
    ),
)
BUILT_IN: Final[dict[str, Script]] = {"demo": DEMO, "bench": BENCH, "calm": CALM}


def load_script(name: str) -> Script:
    """A built-in script by name, or one from a JSON file. Raises ScriptInvalid."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    try:
        return read_script(Path(name).read_bytes())
    except OSError as error:
        mend = f"use one of {', '.join(BUILT_IN)} or the path of a JSON file"
        raise ScriptInvalid(
            f"script: {name!r} cannot be read ({error.strerror}); {mend}"
        ) from error


def read_script(data: bytes) -> Script:
    """A script from JSON. Raises ScriptInvalid."""
    try:
        script = msgspec.json.decode(data, type=Script)
    except msgspec.MsgspecError as error:
        raise ScriptInvalid(f"script: {error}") from error
    check_script(script)
    return script


def check_script(script: Script) -> None:
    """Raise ScriptInvalid with every mistake that the types do not find, one a line."""
    mistakes = list(find_mistakes(script))
    if mistakes:
        raise ScriptInvalid("\n".join(f"script: {mistake}" for mistake in mistakes))
