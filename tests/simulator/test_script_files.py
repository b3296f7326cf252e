"""Scripts: what is refused and where, and the page that describes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from textwell.gateways.providers.simulator import control, log
from textwell.gateways.providers.simulator.script import (
    BUILT_IN,
    FAULT_KINDS,
    Failure,
    Operator,
    People,
    PlannedFault,
    Script,
    ScriptInvalid,
    load_script,
    read_script,
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "truncated"),
        (b'{"operatrs": []}', "operatrs"),
        (b'{"operators": [{"name": "a", "latency": {"low": "x"}}]}', "$.operators[0].latency.low"),
        (b'{"operators": [{"name": "a", "prefixes": ["84"]}]}', 'needs the prefix ""'),
        (
            b'{"operators": [{"name": "a", "lost_share": 0.7, "failures": [{"share": 0.4}]}]}',
            "within 1",
        ),
        (b'{"faults": [{"kind": "flood"}]}', "$.faults[0].kind"),
        (b'{"faults": [{"kind": "throttle"}]}', "faults[0]: would never begin; give at_s or"),
        (b'{"faults": [{"kind": "throttle", "at_s": 1, "every_messages": 2}]}', "two faults"),
        (b'{"faults": [{"kind": "throttle", "every_messages": 0}]}', "faults[0].every_messages: 0"),
        (b'{"faults": [{"kind": "throttle", "at_s": -1}]}', "faults[0].at_s: -1"),
        (b'{"faults": [{"kind": "throttle", "at_s": 1, "seconds": 4000}]}', "faults[0].seconds"),
        (b'{"operators": [{"name": "a", "lost_share": -3}]}', "operators[0].lost_share: -3 is no"),
        (b'{"operators": [{"name": "a", "late_share": 7}]}', "operators[0].late_share: 7 is no"),
        (
            b'{"operators": [{"name": "a", "latency": {"low": 3, "high": 1}}]}',
            "operators[0].latency: 3 to 1 is no span; give seconds from 0",
        ),
        (b'{"operators": [{"name": "a", "limit": -1}]}', "operators[0].limit: -1 is below 0"),
        (b'{"operators": [{"name": "a", "prefixes": ["+84", ""]}]}', "without +"),
        (
            b'{"operators": [{"name": "a"}, {"name": "b", "prefixes": [""]}]}',
            "operators[1].prefixes: '' belongs to a already",
        ),
        (
            b'{"operators": [{"name": "a", "failures": [{"share": 0.1, "stat": "LOST"}]}]}',
            "operators[0].failures[0].stat: 'LOST' is none of",
        ),
        (
            b'{"operators": [{"name": "a", "failures": [{"share": 0.1, "status": 88}]}]}',
            "operators[0].failures[0].status: 88 cannot be used",
        ),
        (b'{"people": {"stop_share": 0.6, "thanks_share": 0.6}}', "people: question_share,"),
        (b'{"people": {"click_delay": {"low": -1}}}', "people.click_delay: -1 to 0"),
        (b'{"receipt_window": 0}', "receipt_window: 0 is outside"),
    ],
)
def test_a_bad_script_says_where(data: bytes, words: str) -> None:
    with pytest.raises(ScriptInvalid) as caught:
        read_script(data)
    assert words in str(caught.value)


def test_a_script_that_is_not_there_names_the_choices() -> None:
    with pytest.raises(ScriptInvalid, match="demo, bench"):
        load_script("/nowhere/script.json")


def test_the_page_has_a_script_that_can_be_played_and_every_field_and_fault() -> None:
    page = (Path(__file__).parents[2] / "docs/developer/simulator.md").read_text(encoding="utf-8")
    script = read_script(page.split("```json\n")[1].split("```")[0].encode())

    assert [one.name for one in script.operators] == ["Slow", "All others"]
    names = [*Script.__struct_fields__, *Operator.__struct_fields__, *People.__struct_fields__]
    names += [*PlannedFault.__struct_fields__, *Failure.__struct_fields__, *FAULT_KINDS]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_the_page_has_every_line_of_the_log_and_every_order() -> None:
    page = (Path(__file__).parents[2] / "docs/developer/simulator.md").read_text(encoding="utf-8")
    kinds = re.findall(r"^    ([A-Z]) ms", log.__doc__ or "", re.MULTILINE)
    orders = re.findall(r"^(GET|POST) +(/\w+)", control.__doc__ or "", re.MULTILINE)

    assert (len(kinds), len(orders)) == (11, 4)
    assert [kind for kind in kinds if f"| `{kind}` |" not in page] == []
    assert [path for how, path in orders if f"`{how} {path}`" not in page] == []
    assert [name for name in BUILT_IN if f"`{name}`" not in page] == []
