"""Sphinx extension: parts of pages that are made from the code while the handbook is built.

A line `% made: NAME ARGUMENTS` in a page is replaced by the Markdown that the maker of that name
returns. Makers raise `Undescribed` where the code does not say what a reader has to know, so that
nothing gets into the reference, or the product, without a description.
"""

import re
from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from docs_made.api import api, api_index
from docs_made.codes import failures, problems, reasons, states
from docs_made.commands import commands
from docs_made.copies import copy, to_pages
from docs_made.events import streams, webhook_events
from docs_made.metrics import metrics

Maker = Callable[..., str]

_ALL: tuple[Maker, ...] = (
    api, api_index, commands, copy, failures, metrics, problems, reasons, states, streams,
    webhook_events,
)  # fmt: skip
MAKERS = {maker.__name__: maker for maker in _ALL}
LINE = re.compile(r"^% made: (.+)$", re.MULTILINE)


def fill(source: str) -> str:
    """The page with every made part in its place; KeyError for a maker that there is not."""

    def made(match: re.Match[str]) -> str:
        name, *arguments = match[1].split()
        return MAKERS[name](*arguments)

    return LINE.sub(made, source)


def read_source(_app: Sphinx, name: str, content: list[str]) -> None:
    depth = len(Path(name).parts) - 1
    content[0] = to_pages(fill(content[0]), "../" * depth)


def made_pages(_app: Sphinx, env: BuildEnvironment, *_changes: set[str]) -> list[str]:
    """Pages to read again at each build: nobody tells us when the code behind them changes."""
    sources = {name: Path(env.doc2path(name)) for name in env.found_docs}
    return [name for name, path in sources.items() if LINE.search(path.read_text("utf-8"))]


def setup(app: Sphinx) -> dict[str, object]:
    app.connect("source-read", read_source)
    app.connect("env-get-outdated", made_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
