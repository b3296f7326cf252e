"""Writes docs/operator/settings.md from the settings themselves.

python tools/settings_page.py update    write the page
python tools/settings_page.py check     exit 1 where update would change it
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from textwell.core.settings import Settings, variable_name  # noqa: E402 - the path first

PAGE = ROOT / "docs" / "operator" / "settings.md"
HEAD = """# Settings

Every setting is an environment variable; the same lines may stand in `textwell.env` in the data
folder (`NAME=value`), where the environment wins. A value that cannot be used is refused at start,
by name. Lists are written as JSON: `["sms.example.com"]`.

| variable | without it | what it sets |
|---|---|---|
"""
TAIL = """
This page is written from the code by `make fix`; `make check` fails when it is behind.
"""


def default_text(value: object) -> str:
    if value in ("", None):
        return "empty"
    text = json.dumps(value) if isinstance(value, list) else str(value)
    return f"`{text}`"


def page_text() -> str:
    rows = [
        f"| `{variable_name(name)}` | {default_text(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return HEAD + "\n".join(rows) + "\n" + TAIL


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page_text(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page_text():
        return 0
    print("docs/operator/settings.md is behind the settings. Run: make fix", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
