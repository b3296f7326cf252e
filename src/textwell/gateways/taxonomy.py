"""Why messages fail, in one set of words over all providers' codes."""

from __future__ import annotations

from textwell.gateways.failures import FACTS, FailureClass, FailureFacts, Mender
from textwell.gateways.registry import find_provider

__all__ = ["FACTS", "FailureClass", "FailureFacts", "Mender", "classify", "describe_failure"]


def classify(provider: str, code: str) -> FailureClass:
    """The class of a provider's code as stored with a message; UNKNOWN for what nobody knows."""
    found = find_provider(provider)
    return found.classify(code) if found else FailureClass.UNKNOWN


def describe_failure(reason: str) -> FailureFacts:
    """Facts of a stored reason; those of UNKNOWN for a word that is no class."""
    try:
        return FACTS[FailureClass(reason)]
    except ValueError:
        return FACTS[FailureClass.UNKNOWN]
