"""Which functions of the product a function may come to, read from its source.

Whatever a function names counts as used by it: calls, functions that are handed on, tables of them.
So it says what may be reached, not what is reached each time.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from inspect import unwrap
from pathlib import Path
from typing import Any

Place = tuple[str, str]  # module, name of the function, class or table in it
ROOT = "textwell"


@cache
def _tree(module: str) -> ast.Module:
    spec = find_spec(module)
    assert spec, module
    assert spec.origin, module
    return ast.parse(Path(spec.origin).read_text())


@cache
def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def _imports(module: str) -> dict[str, Place]:
    """Names that a module has from elsewhere in the product; a module's own name is ""."""
    found: dict[str, Place] = {}
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ROOT):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                place = (inner, "") if _is_module(inner) else (str(node.module), alias.name)
                found[alias.asname or alias.name] = place
    return found


@cache
def _tops(module: str) -> dict[str, ast.AST]:
    """What stands at the top of a module, by name."""
    found: dict[str, ast.AST] = {}
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {each.id: node.value for each in targets if isinstance(each, ast.Name)}
    return found


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Every part of a node; of a function its body, for a decorator is its own affair."""
    parts = node.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else [node]
    for part in parts:
        yield from ast.walk(part)


def _own_names(node: ast.AST) -> set[str]:
    """Names that a function binds itself: they hide those of its module."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return set()
    parts = list(ast.walk(node))
    given = {each.arg for each in parts if isinstance(each, ast.arg)}
    return given | {
        each.id for each in parts if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def _named(module: str, node: ast.AST) -> Iterator[Place]:
    """Places that the source of a node names."""
    imports, tops, own = _imports(module), _tops(module), _own_names(node)
    for each in _inside(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            inner = imports.get(each.value.id)
            if inner and not inner[1]:
                yield inner[0], each.attr
        elif isinstance(each, ast.Name) and each.id not in own:
            if each.id in tops:
                yield module, each.id
            elif each.id in imports and imports[each.id][1]:
                yield imports[each.id]


def reached(
    function: Callable[..., Any],  # Any: a view, an operation, a command
    *,
    but: frozenset[Place] = frozenset(),
) -> set[Place]:
    """Every place of the product that `function` may come to, itself too; not by way of `but`."""
    inner = unwrap(function)
    waiting: list[Place] = [(inner.__module__, inner.__name__)]
    seen: set[Place] = set(but)
    while waiting:
        place = waiting.pop()
        module, name = place
        if place in seen or not module.startswith(ROOT):
            continue
        seen.add(place)
        node = _tops(module).get(name)
        if node is not None:
            waiting += _named(module, node)
        elif name in _imports(module):  # handed on from a package's own front
            waiting.append(_imports(module)[name])
    return seen
