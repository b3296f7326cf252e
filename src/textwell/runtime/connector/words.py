"""What law has the texts of a window say: made out once for all people who are alike."""

from collections.abc import Mapping
from datetime import date

from textwell.compliance.completing import lacks
from textwell.compliance.wording import NOTHING, Demands
from textwell.gateways.providers.base import GatewaySpec
from textwell.messaging.adding import Terms
from textwell.messaging.law import NO_LAW, Place
from textwell.runtime.connector.content import Content


def kinds_of(spec: GatewaySpec) -> Mapping[str, str]:
    """The kinds of a gateway's senders: who can be answered, and whose name is shown."""
    return {sender.value: sender.kind for sender in reversed(spec.senders)}


class Words:
    """For one window; `layer` as of its hours, `is_real`: the texts reach phones."""

    def __init__(
        self,
        content: Content,
        *,
        layer: str,
        kinds: Mapping[str, str],
        day: date,
        is_real: bool = True,
    ) -> None:
        self._speaker = content.speaker
        self._layer = NO_LAW if content.speaker is None else layer
        self._kinds = kinds
        self._day = day
        self._known: dict[tuple[str, str, str, str], Demands] = {}
        # Of a campaign that is no marketing; a single text says it since it was recorded.
        is_service = is_real and not content.is_marketing and content.composer is not None
        self._service = content.purpose if is_service else ""
        self._checked: set[int] = set()  # ids; what they are of lives in `_known`

    def demands(self, place: Place | None, language: str, sender: str) -> Demands:
        """What a text to somebody there must say; `place` None: no law is asked."""
        if place is None or self._layer == NO_LAW or self._speaker is None:
            return NOTHING
        key = (place.country, place.number_start, language, sender)
        found = self._known.get(key)
        if found is None:
            kind = self._kinds.get(sender, "")
            terms = Terms(self._speaker, sender, kind, self._layer, self._day)
            found = self._known[key] = terms.demands(place, language)
        return found

    def of_service(self, country: str, language: str, sender: str) -> Demands:
        """What a text that no hours hold for must say there all the same."""
        if not self._service or self._speaker is None:
            return NOTHING
        key = (country, "", language, sender)
        found = self._known.get(key)
        if found is None:
            kind = self._kinds.get(sender, "")
            terms = Terms(self._speaker, sender, kind, NO_LAW, self._day, self._service)
            found = self._known[key] = terms.demands(Place(country, ""), language)
        return found

    def find_lacking(self, text: str, demands: Demands, *, is_final: bool) -> tuple[str, ...]:
        """What a text that is about to leave does not say, though law has it say so.

        Each is looked at where nothing could be added to it (`is_final`, or a registered template). Of
        those that were completed the first of a kind speaks for all: they were made by one rule.
        """
        if demands is NOTHING:
            return ()
        if is_final or demands.asks_alone:
            return lacks(text, demands)
        if id(demands) in self._checked:
            return ()
        self._checked.add(id(demands))
        return lacks(text, demands)
