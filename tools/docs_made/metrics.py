"""Metrics, read from the modules that make them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs_made.writing import ROOT, code, described, table

PACKAGE = ROOT / "src" / "textwell"
MAKERS = ("counter", "gauge", "histogram")
# Where a module runs; the first beginning that fits.
ROLES = (
    ("edge/", "edge"),
    ("runtime/connector/", "connector"),
    ("runtime/ingest/", "ingest"),
    ("runtime/scheduler/", "scheduler"),
    ("runtime/supervisor", "supervisor"),
    ("core/requests", "web"),
    ("webhooks/", "worker"),
    ("core/", "every"),
)


@dataclass(frozen=True, slots=True)
class Metric:
    name: str  # as it stands on the page of metrics
    kind: str
    labels: tuple[str, ...]
    role: str
    sentence: str


def all_metrics() -> list[Metric]:
    found = [each for path in sorted(PACKAGE.rglob("*.py")) for each in _of_module(path)]
    return sorted(found, key=lambda metric: (metric.role, metric.name))


def _of_module(path: Path) -> Iterator[Metric]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        kind = call.func.id
        if kind in MAKERS and call.args and isinstance(call.args[0], ast.Constant):
            name = f"textwell_{call.args[0].value}" + ("_total" if kind == "counter" else "")
            sentence = call.args[1] if len(call.args) > 1 else None
            text = sentence.value if isinstance(sentence, ast.Constant) else ""
            labels = _labels(call, _lists(tree))
            yield Metric(name, kind, labels, _role(path), described(name, text))


def _lists(tree: ast.Module) -> dict[str, ast.expr | None]:
    """Names of the module that a list of labels may go by."""
    return {
        node.target.id: node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def _labels(call: ast.Call, lists: dict[str, ast.expr | None]) -> tuple[str, ...]:
    given = call.args[2] if len(call.args) > 2 else None  # noqa: PLR2004 - name, sentence, labels
    return tuple(_names(given, lists))


def _names(given: ast.expr | None, lists: dict[str, ast.expr | None]) -> Iterator[str]:
    if isinstance(given, ast.Name):
        given = lists[given.id]
    for element in given.elts if isinstance(given, ast.List) else []:
        if isinstance(element, ast.Starred):
            yield from _names(element.value, lists)
        elif isinstance(element, ast.Constant):
            yield str(element.value)


def _role(path: Path) -> str:
    place = path.relative_to(PACKAGE).as_posix()
    if place.startswith("runtime/roles/"):
        return path.stem
    return next((role for begin, role in ROLES if place.startswith(begin)), "every")


def metrics() -> str:
    rows = (
        (code(each.name), each.kind, ", ".join(each.labels), each.role, each.sentence)
        for each in all_metrics()
    )
    return table(["metric", "kind", "labels", "role", "what"], rows)
