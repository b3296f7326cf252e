"""`textwell inspect FORM`: the pure parts of the product on a pipe, JSON lines in and out.

A form is a file in this folder with `inspect(case) -> dict`, and `inspect(case, *, key)` where it
needs `--key`. A form imports no Django and no store, so that the command starts quickly.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import click

Case = dict[str, Any]  # Any: JSON values
Inspect = Callable[[Case], Case]

FOLDER = Path(__file__).parent


def form_names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))


def find_form(name: str, *, key: str | None) -> Inspect:
    """The function of a form, with its key filled in.

    Raises:
        click.UsageError: the form needs --key, or knows none.
    """
    function = importlib.import_module(f"textwell.cli.inspect.{name}").inspect
    takes_key = "key" in signature(function).parameters
    if not takes_key:
        if key is not None:
            raise click.UsageError(f"{name} takes no --key.")
        plain: Inspect = function
        return plain
    if key is None:
        raise click.UsageError(f"{name} needs --key, the workspace's link key.")
    return lambda case: function(case, key=key)


# Plain letters to JSON, ends of a line to whoever splits by Unicode's rules.
_LINE_ENDS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}
LONGEST_INTEGER = 4300  # digits; Python refuses to read longer ones, as that takes quadratic time


def _read_integer(digits: str) -> float:
    """A number of any length: an unknown key may hold one, and unknown keys are ignored."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)


def answer_line(inspect: Inspect, line: bytes) -> Case:
    """The answer to one line of UTF-8; a line that cannot be judged answers with an error."""
    try:
        case = json.loads(line.decode("utf-8-sig"), parse_int=_read_integer)
    except (ValueError, RecursionError) as error:
        return {"error": f"no JSON: {error}"}
    if not isinstance(case, dict):
        return {"error": "a line must be a JSON object"}
    try:
        return inspect(case)
    except Exception as error:  # noqa: BLE001 - one bad line must not end the pipe
        return {"error": str(error) or type(error).__name__}


def answer_lines(inspect: Inspect, lines: Iterable[bytes]) -> Iterator[bytes]:
    """One line out for each line in, in order; blank lines count."""
    for line in lines:
        text = json.dumps(answer_line(inspect, line), ensure_ascii=False).translate(_LINE_ENDS)
        # A lone surrogate is valid in JSON but not in UTF-8: back to its escape.
        yield text.encode("utf-8", "backslashreplace") + b"\n"


@click.command()
@click.argument("form", type=click.Choice(form_names()))
@click.option("--key", help="link: the workspace's link key, 32 hex digits or base64.")
def command(form: str, key: str | None) -> None:
    """Judge JSON lines from standard input, one JSON line out for each.

    The forms are described in docs/developer/inspect.md and do not change without a line in the
    changelog.
    """
    inspect = find_form(form, key=key)
    try:
        for answer in answer_lines(inspect, sys.stdin.buffer):
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has seen enough
        sys.stderr.close()
