"""The clients know every operation of the API, as it is now."""

import inspect
import json
import subprocess
import sys
from typing import Any

import api_clients as tool
import jsonschema_rs
import pytest
from client_made.operations import Operation, operations_of

from architecture.test_api_document import DOCUMENT
from node import run_module
from textwell.client import Call, Listing, Upload, calls

OPERATIONS = list(operations_of(DOCUMENT))
UPLOAD = Upload(b"phone\n", "people.csv", {"region": "VN"})


def test_the_clients_are_as_the_document_makes_them() -> None:
    behind = [path.name for path, text in tool.made().items() if path.read_text() != text]
    assert behind == [], "The clients are behind the API. Run: make fix"


def test_there_is_one_call_for_each_operation() -> None:
    functions = {
        name
        for name, each in inspect.getmembers(calls, inspect.isfunction)
        if each.__module__ == calls.__name__
    }
    assert functions == {each.name for each in OPERATIONS}
    assert len(OPERATIONS) == calls.OPERATIONS


def _example(parameter: dict[str, Any]) -> Any:  # Any: JSON values
    return parameter.get("example") or 1


def _values(each: Operation) -> dict[str, Any]:
    """What the document shows for an operation, by parameter of its call."""
    details = DOCUMENT["paths"][each.path][each.method.lower()]
    values = {given["name"]: _example(given) for given in (*each.in_path, *each.in_query)}
    if each.body is not None:
        values["body"] = details["requestBody"]["content"]["application/json"]["example"]
    if each.upload is not None:
        values["upload"] = UPLOAD
    return values


def _made(each: Operation) -> Call[Any]:
    made: Call[Any] = getattr(calls, each.name)(**_values(each))
    return made


@pytest.mark.parametrize("each", OPERATIONS, ids=lambda each: each.name)
def test_a_call_is_what_the_document_says(each: Operation) -> None:
    values, made = _values(each), _made(each)

    assert made.method == each.method
    assert made.path == each.path.format(**values)
    assert dict(made.query) == {given["name"]: values[given["name"]] for given in each.in_query}
    assert made.body == values.get("body")
    assert isinstance(made, Listing) == (each.item is not None)
    assert bool(made.key) == (each.method == "POST")
    if each.body is not None:
        schema = {**each.body, "components": DOCUMENT["components"]}
        jsonschema_rs.validate(schema, made.body)


SCRIPT = """
import { readFileSync } from "node:fs";
import { calls, targetOf } from "./textwell.mjs";

const asked = JSON.parse(readFileSync(process.argv[2]));
const made = asked.map(([name, given]) => {
  const { method, body, key, ...rest } = calls[name](...given);
  return [method, targetOf(rest), body, key !== ""];
});
console.log(JSON.stringify({ made, names: Object.keys(calls) }));
"""


def test_javascript_asks_the_same_as_python(tmp_path: Any) -> None:
    asked = []
    for each in OPERATIONS:
        values = _values(each)
        given = [values[parameter["name"]] for parameter in each.in_path]
        given += [values["body"]] if each.body is not None else []
        given += [None] if each.upload is not None else []
        if each.in_query:
            given.append(
                {parameter["name"]: values[parameter["name"]] for parameter in each.in_query}
            )
        asked.append((each.name, given))
    file = tmp_path / "asked.json"
    file.write_bytes(json.dumps(asked).encode())

    found = json.loads(run_module(SCRIPT, str(file)))

    assert found["names"] == [each.name for each in OPERATIONS]
    for each, (method, target, body, has_key) in zip(OPERATIONS, found["made"], strict=True):
        made = _made(each)
        assert (method, body, has_key) == (made.method, made.body, bool(made.key)), each.name
        assert target == made.request().target, each.name


def test_the_client_needs_nothing_but_python() -> None:
    """Whoever calls the API need not have what the server is made of."""
    program = (
        "import sys, textwell.client\n"
        "known = sys.stdlib_module_names | {'textwell'}\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} - known))"
    )
    command = [sys.executable, "-S", "-c", program]
    done = subprocess.run(
        command,
        env={"PYTHONPATH": str(tool.ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['__main__']"
