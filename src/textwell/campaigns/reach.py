"""Where the people of a campaign's audience are, counted once for all checks that ask."""

from functools import cached_property

from textwell.campaigns.models import Campaign
from textwell.campaigns.terms import gateway_of, sender_reasons_of
from textwell.core.errors import FieldError
from textwell.messaging.showing import asks_law
from textwell.segments.selectors import count_countries
from textwell.segments.types import parse_audience


class Reach:
    """Of one campaign as it is now; each part is read when it is first asked for."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign

    @cached_property
    def counts(self) -> dict[str, int]:
        """People by country; none where the audience cannot be read, which is told elsewhere."""
        audience = self._campaign.audience
        try:
            return count_countries(self._campaign.workspace_id, parse_audience(audience))
        except FieldError:
            return {}

    @cached_property
    def is_real(self) -> bool:
        """Whether its texts reach phones."""
        gateway = gateway_of(self._campaign)
        return gateway is not None and asks_law(gateway)

    @cached_property
    def sender_reasons(self) -> dict[str, str]:
        """As `sender_reasons_of`."""
        return sender_reasons_of(self._campaign)
