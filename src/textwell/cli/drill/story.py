"""A drill's story: the campaign, the faults, people who write STOP, and the last sweep."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from textwell.campaigns.models import Campaign
from textwell.cli.demo.story import Story
from textwell.core.clock import now
from textwell.messaging.late import settle_by_number
from textwell.messaging.types import Equation

_REST = timedelta(minutes=1)  # that receipts lie before they are matched by their number


class DrillStory(Story):
    def __init__(self, *, begin: Callable[[Campaign], threading.Thread], **values: Any) -> None:
        super().__init__(**values)
        self._begin = begin
        self._faults: threading.Thread | None = None

    def on_launched(self, campaign: Campaign) -> None:
        self._faults = self._begin(campaign)

    def _is_over(self, campaign: Campaign, equation: Equation, quiet_s: float) -> bool:
        if self._faults is not None and self._faults.is_alive():
            return False
        if not super()._is_over(campaign, equation, quiet_s):
            return False
        # All is quiet: no id is on its way any more, so receipts need not rest before they are
        # matched by their number. What is settled now is folded before we are asked again.
        return settle_by_number(at=now() + _REST) == 0
