"""Every field of a pack spoiled, one after the other: the error names the file, the line and the rule."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from textwell.compliance.library import FOLDER
from textwell.compliance.reading import PackError, read_pack
from wide import WIDE, share

_FIELD = re.compile(r"^([a-z_0-9]+) = .*[^\[{,\n]$", re.MULTILINE)  # of one line
_HEAD = re.compile(r"^\[\[?([a-z_.]+)\]?\]", re.MULTILINE)
_SPOILED = "{ spoiled = [1979-05-27] }"
PACKS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir()) if WIDE else ["VN"]


def spoiled(text: str) -> Iterator[tuple[int, str, str]]:
    """Where a field stands, the table it is in, and the file with that field as nothing can be."""
    for found in _FIELD.finditer(text):
        heads = [head[1] for head in _HEAD.finditer(text, 0, found.start())]
        made = f"{text[: found.start()]}{found[1]} = {_SPOILED}{text[found.end() :]}"
        yield text.count("\n", 0, found.start()) + 1, heads[-1] if heads else "", made


@pytest.mark.parametrize("pack_id", PACKS)
def test_each_spoiled_field_is_told_with_file_line_and_rule(pack_id: str, tmp_path: Path) -> None:
    source = max((FOLDER / pack_id).glob("*.toml"))
    path = tmp_path / pack_id / source.name
    path.parent.mkdir()
    text = source.read_text(encoding="utf-8")
    rules = re.compile(r"^\[\[rule\]\]", re.MULTILINE)
    for line, table, made in share([*spoiled(text)], turn=1):
        path.write_text(made, encoding="utf-8")
        with pytest.raises(PackError) as caught:
            read_pack(path)
        told = str(caught.value)
        assert told.startswith(f"{pack_id}/{source.name}, line "), (line, told)
        if not table:
            assert caught.value.line == line, told
        if table.startswith("rule"):
            heads = [text.count("\n", 0, m.start()) + 1 for m in rules.finditer(text)]
            own = max(head for head in heads if head < line)
            assert own <= caught.value.line <= line, (line, told)
            assert ", rule " in told, (line, told)
