import json
import os
import subprocess
import sys
import time

import pytest

from textwell.cli.inspect import answer_lines, form_names


def run(form: str, text: bytes, *options: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "textwell.cli.main", "inspect", form, *options]
    return subprocess.run(command, input=text, capture_output=True, check=False, timeout=30)


def answers(text: str) -> list[dict[str, object]]:
    def inspect(case: dict[str, object]) -> dict[str, object]:
        return {"loaves": 6 // int(str(case["bakers"]))}

    return [json.loads(line) for line in answer_lines(inspect, text.encode().splitlines())]


def test_each_line_has_its_answer_in_order() -> None:
    assert answers('{"bakers": 2}\n{"bakers": 3}') == [{"loaves": 3}, {"loaves": 2}]


@pytest.mark.parametrize(
    "line", ["", "{", "[1]", "7", "null", '"text"', '{"bakers": 0}', "{}", "[" * 100_000]
)
def test_a_bad_line_is_an_error_and_the_next_one_is_answered(line: str) -> None:
    first, second = answers(f'{line}\n{{"bakers": 1}}')

    assert list(first) == ["error"]
    assert second == {"loaves": 6}


def test_letters_of_all_scripts_come_out_as_they_are() -> None:
    done = run("text", '{"text": "Chào 你好 👋"}\n'.encode())

    assert "Chào 你好 👋" in done.stdout.decode()


def test_a_lone_surrogate_does_not_break_the_pipe() -> None:
    done = run("text", b'{"text": "\\ud83d"}\n{"text": "a"}\n')

    assert [json.loads(line)["segments"] for line in done.stdout.splitlines()] == [1, 1]


def test_an_answer_stays_one_line_by_every_rule_of_lines() -> None:
    text = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"

    done = run("text", json.dumps({"text": text}).encode() + b"\n")

    (line,) = done.stdout.decode().splitlines()
    assert "".join(part["text"] for part in json.loads(line)["parts"]) == text


def test_octets_that_are_no_text_are_an_error_of_that_line() -> None:
    done = run("text", b'{"text": "\xff\xfe"}\n{"text": "a"}\n')

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (list(first), second["segments"]) == (["error"], 1)


def test_a_byte_order_mark_and_carriage_returns_are_no_part_of_a_line() -> None:
    done = run("text", b'\xef\xbb\xbf{"text": "a"}\r\n{"text": "b"}')

    assert [json.loads(line)["units"] for line in done.stdout.splitlines()] == [1, 1]


def test_the_last_of_equal_keys_counts_and_unknown_ones_do_not() -> None:
    case = f'{{"text": "a", "more": {{"NaN": NaN, "huge": {"9" * 5000}}}, "text": "bb"}}\n'

    assert json.loads(run("text", case.encode()).stdout)["units"] == 2


def test_an_answer_comes_before_the_next_line_is_asked() -> None:
    command = [sys.executable, "-m", "textwell.cli.main", "inspect", "text"]
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=plain) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("ạ", "你好"):
            process.stdin.write(json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["parts"][0]["text"] == text
        _, errors = process.communicate()
    assert (process.returncode, errors) == (0, b"")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = [sys.executable, "-m", "textwell.cli.main", "inspect", "text"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(b'{"text": "a"}\n')
        process.stdin.close()
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait(30)) == (b"", 0)


def test_link_needs_its_key() -> None:
    done = run("link", b"")

    assert (done.returncode, b"needs --key" in done.stderr) == (2, True)


def test_other_forms_take_no_key() -> None:
    assert run("text", b"", "--key", "00" * 16).returncode == 2


def test_an_unknown_form_names_the_known_ones() -> None:
    done = run("bread", b"")

    assert (done.returncode, b"number" in done.stderr) == (2, True)


@pytest.mark.parametrize("form", form_names())
def test_a_form_starts_quickly_and_without_django(form: str) -> None:
    program = (
        "import sys; from textwell.cli.inspect import find_form; "
        f"find_form({form!r}, key={'00' * 16!r} if {form!r} == 'link' else None); "
        "print('django' in sys.modules)"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.strip() == b"False"
    assert time.monotonic() - began < 5
