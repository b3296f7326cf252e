"""What law has texts say that are no marketing: codes, answers, confirmations, word of an order. Pure.

China wants the signature on every text, Malaysia the price that the person pays for it: nothing. Canada wants
the sender named and a way to stop in word of an order too, Australia the sender named.
"""

from dataclasses import replace
from datetime import date

from textwell.compliance.library import kept_with_packs, shipped_library
from textwell.compliance.schema import IdentityRule, LabelRule, OptOutRule
from textwell.compliance.types import PROMOTIONAL, Layer
from textwell.compliance.wording import NOTHING, Demands, Group, demands_of


@kept_with_packs(maxsize=16)
def worded_countries(day: date) -> frozenset[str]:
    """Where texts that are no marketing must say something. Never raises: what is not read asks nothing."""
    return frozenset(
        pack.country
        for pack in shipped_library().packs_on(day)
        for rule in pack.rule
        if isinstance(rule, LabelRule | IdentityRule | OptOutRule)
        and set(rule.classes) - PROMOTIONAL
    )


def service_demands(group: Group) -> Demands:
    """What a text of a class that is no marketing must say: what law asks, nothing that we recommend."""
    if group.country not in worded_countries(group.day):
        return NOTHING
    found = demands_of(replace(group, layer=Layer.LEGAL.value))
    is_asked = found.label or found.identity or found.opt_out or found.page or found.missing
    return found if is_asked else NOTHING
