"""Closed lists that programs meet: states, reasons, classes of failure, kinds of problems."""

import ast
from collections.abc import Iterator

from docs_made.writing import ROOT, code, described, start_django, table


def states() -> str:
    start_django()
    from textwell.messaging.states import FINAL, State, equation_term
    from textwell.web.words import STATE_LABELS, TERM_HELP

    rows = []
    for state in State:
        term = equation_term(state)
        help_text = TERM_HELP.get(state.value) or TERM_HELP.get(term)
        label = described(f"the state {state.value}", STATE_LABELS.get(state.value))
        is_final = "yes" if state in FINAL else ""
        text = described(f"the state {state.value}", help_text)
        rows.append((code(state.value), label, code(term), is_final, text))
    return table(["state", "on the pages", "term of the equation", "final", "what"], rows)


def reasons() -> str:
    start_django()
    from textwell.messaging.gate import Reason
    from textwell.web.words import GATE_REASONS

    known = {reason.value: GATE_REASONS.get(reason.value) for reason in Reason}
    words = GATE_REASONS | known
    rows = [(code(name), described(f"the reason {name}", text)) for name, text in words.items()]
    return table(["reason", "what"], rows)


def failures() -> str:
    start_django()
    from textwell.gateways.taxonomy import FACTS, FailureClass
    from textwell.web.words import MENDERS

    rows = []
    for failure in FailureClass:
        facts = FACTS[failure]
        name = f"the failure {failure.value}"
        cause, mend = described(name, facts.cause), described(name, facts.mend)
        again = "no" if facts.is_permanent else "yes"
        rows.append((code(failure.value), cause, mend, MENDERS[facts.who_mends.value], again))
    return table(["class", "cause", "what mends it", "who", "may help to try again"], rows)


def problems() -> str:
    """Kinds of the API's problem documents, from the calls that make them."""
    rows = sorted(set(_problem_rows()), key=lambda row: (row[1], row[0]))
    return table(["kind", "status", "title"], rows)


def _problem_rows() -> Iterator[tuple[str, str, str]]:
    tree = ast.parse((ROOT / "src/textwell/api/problems.py").read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "make_problem":
                yield from _rows_of(function, {each.arg: each.value for each in call.keywords})


def _rows_of(
    function: ast.FunctionDef, given: dict[str | None, ast.expr]
) -> Iterator[tuple[str, str, str]]:
    status = given["status"]
    if not isinstance(status, ast.Constant):
        return  # the web framework's own refusals keep their status
    title = " ".join(_texts(given["title"], function))
    kinds = list(_texts(given["kind"], function))
    for kind in kinds:
        yield code(kind), str(status.value), described(f"the problem {kind}", title)


def _texts(value: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Strings that the expression may be: a constant, a translation, a local name of such."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.Call) and value.args:
        yield from _texts(value.args[0], function)
    elif isinstance(value, ast.Name):
        for target, given in _assigned(function):
            if target == value.id:
                yield from _texts(given, function)


def _assigned(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from ((each.id, given) for each, given in pairs if isinstance(each, ast.Name))
