"""The five attributes of a figure, as every metric has them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Text = Any  # str, or a lazy translation of Django's, which has no type of its own


class Claim(StrEnum):
    """How a figure and the text hang together."""

    COUNTED = "counted"  # it happened to this text or by its own link: no claim about causes
    ATTRIBUTED = (
        "attributed"  # it came after this text and goes on its account; it might have come anyway
    )
    CAUSAL = "causal"  # against people held out by lot: the text made the difference


class Machines(StrEnum):
    """What programs, not people, have to do with a figure."""

    NONE = "none"  # they cannot cause it
    APART = "apart"  # judged, and counted apart: their share of all requests is told
    ONLY = "only"  # it counts them


@dataclass(frozen=True, slots=True)
class Metric:
    """`of`: the metric that is the whole, "" where the figure is a whole itself.

    `certainty` says how sure it is, where neither counting nor an interval does.
    """

    label: Text
    definition: Text
    of: str = ""
    claim: Claim = Claim.COUNTED
    machines: Machines = Machines.NONE
    certainty: Text = ""
