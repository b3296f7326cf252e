"""Builds the handbook: docs/ and the reference of the code, to HTML that ships with the package.

    python tools/docs_build.py [--out FOLDER] [--fresh]

Warnings are errors. Without --fresh only what changed is read again.
"""

import argparse
import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import main as sphinx_build

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs"
SHIPPED = ROOT / "src" / "textwell" / "web" / "shipped" / "docs"
READ = ROOT / ".venv" / "docs"  # what Sphinx remembers of the sources
NOT_SERVED = (".buildinfo", "objects.inv")


def build(out: Path, *, read: Path = READ, is_fresh: bool = False) -> int:
    """Sphinx's exit code. Twice is safe; a build that fails leaves what it has written so far."""
    if is_fresh:
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(read, ignore_errors=True)
    code = sphinx_build(
        ["-b", "html", "-W", "--keep-going", "-n", "-q", "-d", str(read), str(SOURCE), str(out)]
    )
    for name in NOT_SERVED:
        (out / name).unlink(missing_ok=True)
    return code


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args(arguments)
    read = READ if given.out == SHIPPED else given.out.parent / f"{given.out.name}-read"
    return build(given.out, read=read, is_fresh=given.fresh)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
