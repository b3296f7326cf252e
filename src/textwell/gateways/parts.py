"""The octets of a text: what a gateway hands over of it, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from textwell.gateways.models import Gateway
from textwell.gateways.providers.base import ShownPart, ShowsParts
from textwell.gateways.registry import find_provider
from textwell.text.segments import segment_text
from textwell.text.user_data import build_header, build_user_data_packed


@dataclass(frozen=True, slots=True)
class Parts:
    """`is_submitted`: the very octets that the gateway submits, septets one an octet.

    Else the carrier makes the parts of the text that it is given, and these are the user data on the
    air (3GPP TS 23.040): septets packed. `is_whole` False: it is too long for any carrier.
    """

    shown: tuple[ShownPart, ...]
    is_submitted: bool
    is_whole: bool = True


def list_parts(gateway: Gateway | None, text: str) -> Parts:
    """The parts of a text through a gateway, with 0 for the reference that is chosen at hand-off."""
    try:
        submitted = None if gateway is None else _submitted(gateway, text)
        if submitted is None:
            return Parts(tuple(_on_the_air(text)), is_submitted=False)
        return Parts(tuple(submitted), is_submitted=True)
    except ValueError:  # more parts than can be numbered
        return Parts((), is_submitted=False, is_whole=False)


def _submitted(gateway: Gateway, text: str) -> list[ShownPart] | None:
    """None: its carrier is given the whole text."""
    provider: object = find_provider(gateway.provider)
    if not isinstance(provider, ShowsParts):
        return None
    return provider.show_parts(gateway.settings, text)


def _on_the_air(text: str) -> list[ShownPart]:
    message = segment_text(text)
    shown = []
    for place, segment in enumerate(message.segments):
        header = build_header(message, place=place, reference=0)
        octets = build_user_data_packed(message, place=place)[len(header) :]
        shown.append(ShownPart(segment.text, header, octets))
    return shown
