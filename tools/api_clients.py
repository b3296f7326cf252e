"""Writes the parts of the API's clients that follow from the OpenAPI document.

python tools/api_clients.py update    write them
python tools/api_clients.py check     exit 1 where update would change one
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

import orjson  # noqa: E402 - the path first
from client_made.javascript import module_text  # noqa: E402
from client_made.python import calls_text, schemas_text  # noqa: E402

CLIENT = ROOT / "src" / "textwell" / "client"


def read_document() -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textwell.config.settings")
    import django

    django.setup()
    from textwell.api.app import api

    document = api.get_openapi_schema(path_prefix="/api/v1/")
    options = orjson.OPT_NON_STR_KEYS
    found: dict[str, Any] = orjson.loads(orjson.dumps(document, option=options, default=str))
    return found


def made() -> dict[Path, str]:
    """What the files are to hold."""
    document = read_document()
    return {
        CLIENT / "schemas.py": formatted(schemas_text(document)),
        CLIENT / "calls.py": formatted(calls_text(document)),
        CLIENT / "textwell.mjs": module_text(document),
    }


def formatted(text: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "format", "--stdin-filename", "src/textwell/client/made.py", "-"]
    done = subprocess.run(
        command, input=text, cwd=ROOT, text=True, check=True, stdout=subprocess.PIPE
    )
    return done.stdout


def main(arguments: list[str]) -> int:
    behind = [
        path
        for path, text in made().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if arguments == ["update"]:
        for path in behind:
            path.write_text(made()[path], encoding="utf-8")
        return 0
    for path in behind:
        print(f"{path.relative_to(ROOT)} is behind the API. Run: make fix", file=sys.stderr)
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
