"""Which providers there are: every folder under `providers/` with a PROVIDER."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from textwell.gateways import providers
from textwell.gateways.providers.base import Provider


@cache
def _kinds() -> frozenset[str]:
    return frozenset(
        module.name for module in pkgutil.iter_modules(providers.__path__) if module.ispkg
    )


@cache
def find_provider(kind: str) -> Provider | None:
    """The provider of this kind; None if there is no such folder. Loads its code once."""
    if kind not in _kinds():
        return None
    module = importlib.import_module(f"{providers.__name__}.{kind}")
    found: Provider = module.PROVIDER
    return found


def list_providers() -> list[Provider]:
    """All providers, by kind."""
    found = (find_provider(kind) for kind in sorted(_kinds()))
    return [provider for provider in found if provider is not None]
