"""The table of metrics in docs/operator/running.md, held against the code."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MAKERS = {"counter": "counter", "gauge": "gauge", "histogram": "histogram"}
# Names of people, numbers and workspaces, and ids that grow with use, must never be labels.
LABELS = {
    "gateway", "outcome", "reason", "role", "task", "kind", "stream", "state", "view", "method",
    "status", "why",
}  # fmt: skip


def metrics_in_code() -> dict[str, tuple[str, str]]:
    """Name on the page: (kind, labels), of every metric that any module makes."""
    found = {}
    for path in (ROOT / "src/textwell").rglob("*.py"):
        tree = ast.parse(path.read_text())
        constants = {
            node.target.id: node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            kind = MAKERS.get(node.func.id)
            if kind is None or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = f"textwell_{node.args[0].value}" + ("_total" if kind == "counter" else "")
            found[name] = (kind, ", ".join(_labels(node, constants)))
    return found


def _labels(call: ast.Call, constants: dict[str, ast.expr | None]) -> list[str]:
    given = call.args[2] if len(call.args) > 2 else None
    if isinstance(given, ast.Name):
        given = constants[given.id]
    names: list[str] = []
    for element in given.elts if isinstance(given, ast.List) else []:
        if isinstance(element, ast.Starred):
            assert isinstance(element.value, ast.Name)
            inner = constants[element.value.id]
            assert isinstance(inner, ast.List)
            names += [str(each.value) for each in inner.elts if isinstance(each, ast.Constant)]
        elif isinstance(element, ast.Constant):
            names.append(str(element.value))
    return names


def metrics_in_docs() -> dict[str, tuple[str, str]]:
    text = (ROOT / "docs/operator/running.md").read_text()
    rows = re.findall(r"^\| `(textwell_\w+)` \| (\w+) \| ([^|]*?) ?\|", text, re.MULTILINE)
    return {name: (kind, labels) for name, kind, labels in rows}


def test_every_metric_is_listed_with_its_labels_and_none_more() -> None:
    assert metrics_in_docs() == metrics_in_code()
    assert len(metrics_in_code()) > 30


def test_labels_are_of_a_few_known_kinds() -> None:
    used = {label for _kind, labels in metrics_in_code().values() for label in labels.split(", ")}

    assert used - {""} <= LABELS
