"""`textwell.mjs`: the client's own code, and the operations after it."""

import re
import textwrap
from pathlib import Path

from client_made.operations import Json, Operation, operations_of

_RUNTIME = Path(__file__).with_name("runtime.mjs")


def module_text(document: Json) -> str:
    functions = "\n".join(map(_function, operations_of(document)))
    about = "/** Every operation of the API, by its name there. */\n"
    return f"{_RUNTIME.read_text()}\n{about}export const calls = {{\n{functions}}};\n"


def _function(each: Operation) -> str:
    path = re.sub(r"\{(\w+)\}", lambda found: f"${{part({_camel(found[1])})}}", each.path)
    shown = f"`{path}`" if each.in_path else f'"{path}"'
    takes = [_camel(parameter["name"]) for parameter in each.in_path]
    gives = []
    if each.body is not None:
        takes.append("body" if each.is_body_required else "body = null")
        gives.append("body")
    if each.upload is not None:
        takes.append("upload")
        gives.append("upload")
    if each.in_query:
        takes.append("query = {}")
        gives.append("query")
    given = f", {{ {', '.join(gives)} }}" if gives else ""
    return (
        f"{_comment(each)}  {each.name}: ({', '.join(takes)}) =>\n"
        f'    call("{each.method}", {shown}{given}),\n'
    )


def _comment(each: Operation) -> str:
    names = ", ".join(parameter["name"] for parameter in each.in_query)
    asked = f" Query: {names}." if names else ""
    text = f"{each.method} {each.path}, scope {each.scope}. {each.about}{asked}"
    lines = textwrap.wrap(text.replace("*/", "* /"), 90)
    if len(lines) == 1:
        return f"  /** {lines[0]} */\n"
    return "  /**\n" + "".join(f"   * {line}\n" for line in lines) + "   */\n"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)
