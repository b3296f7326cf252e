"""A drill's story: the campaign, the faults, and the lines by which it is judged."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from textwell.campaigns.models import Campaign
from textwell.cli.demo.story import Story
from textwell.messaging.types import Equation

# Handed off after the person's opt-out was recorded: must be nobody.
_AFTER_OPT_OUT = """
SELECT count(*) FROM messaging_message m
JOIN consent_consentevent e ON e.contact_id = m.contact_id AND e.kind = 'opt_out'
WHERE m.campaign_id = %(campaign_id)s AND m.handed_at > e.recorded_at
"""


class DrillStory(Story):
    def __init__(self, *, begin: Callable[[], threading.Thread], **values: Any) -> None:
        super().__init__(**values)
        self._begin = begin
        self._faults: threading.Thread | None = None

    def on_launched(self) -> None:
        self._faults = self._begin()

    def _is_over(self, campaign: Campaign, equation: Equation, quiet_s: float) -> bool:
        if self._faults is not None and self._faults.is_alive():
            return False
        return super()._is_over(campaign, equation, quiet_s)

    def extra_lines(self, campaign: Campaign) -> tuple[list[str], bool]:
        with connection.cursor() as cursor:
            cursor.execute(_AFTER_OPT_OUT, {"campaign_id": campaign.id})
            count = int(cursor.fetchone()[0])
        return [f"texts after STOP     {count}"], count == 0
