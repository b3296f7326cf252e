"""Links that open a text with the keyword in it, and QR codes of links. Pure.

A plain `sms:` link (RFC 5724) with the keyword alone: no server builds it for a person, and nothing in it
says who uses it. iOS parts the body by "&" from a number, Android by "?"; `?&` is read by both.
"""

import io
from typing import Final
from urllib.parse import quote

import segno

_PARTS: Final = {"ios": "&", "android": "?", "": "?&"}
SCALE: Final = 8  # pixels a module of a PNG


def sms_link(sender: str, keyword: str, *, system: str = "") -> str:
    """Opens a text to the sender with the keyword in it. `system`: ios, android, or "" for both."""
    return f"sms:{sender}{_PARTS[system]}body={quote(keyword)}"


def system_of(agent: str) -> str:
    """The system of a browser, as far as the form of its links goes."""
    if "iPhone" in agent or "iPad" in agent:
        return "ios"
    return "android" if "Android" in agent else ""


def draw_svg(text: str) -> bytes:
    """A QR code to print at any size."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", scale=SCALE, border=4)
    return out.getvalue()


def draw_png(text: str) -> bytes:
    """A QR code for where an SVG cannot go."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=SCALE, border=4)
    return out.getvalue()
