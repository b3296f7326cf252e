"""People who write STOP while their text waits: nothing may be handed off to them afterwards."""

import urllib.request
from contextlib import suppress

import orjson
from django.db import DatabaseError, connection

from textwell.campaigns.models import Campaign
from textwell.cli.demo import scene

# Half of them among the next in line, where STOP and hand-off meet.
_WAITING = """
WITH waiting AS MATERIALIZED (
    SELECT m.id, m.msisdn FROM messaging_message m
    JOIN campaigns_campaign c ON c.id = m.campaign_id
      AND m.id BETWEEN c.first_message_id AND c.last_message_id
    WHERE c.id = %(campaign_id)s AND m.state IN ('planned', 'queued')
),
next AS (SELECT msisdn FROM waiting ORDER BY id LIMIT 3000)
(SELECT msisdn FROM next ORDER BY random() LIMIT %(half)s)
UNION
(SELECT msisdn FROM waiting ORDER BY random() LIMIT %(half)s)
"""


class Stops:
    """Each call lets some people of the campaign say STOP."""

    def __init__(self, campaign: Campaign, *, http_port: int) -> None:
        self._campaign_id = campaign.id
        self._http_port = http_port

    def say(self, count: int) -> None:
        """Fewer say it while the database or the carrier is away, or nobody waits."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(_WAITING, {"campaign_id": self._campaign_id, "half": count // 2})
                found = cursor.fetchall()
        except DatabaseError:
            connection.close()
            return
        for (msisdn,) in found:
            self._say(msisdn)

    def _say(self, msisdn: str) -> None:
        words = {"msisdn": msisdn, "recipient": scene.SENDER, "text": "STOP", "intent": "stop"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._http_port}/say", data=orjson.dumps(words), method="POST"
        )
        with suppress(OSError):  # the carrier may just have been killed by a fault
            urllib.request.urlopen(request, timeout=3).close()  # noqa: S310 - see above
