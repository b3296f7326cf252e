"""A program: judges every campaign of a data folder against its carriers' logs. Prints JSON lines.

Run in a process of its own: the suite's Django belongs to the suite's database.
"""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from textwell.core.settings import load_settings
from textwell.runtime.boot import start_django

start_django("test")

from textwell.campaigns.models import Campaign  # noqa: E402 - needs Django set up
from textwell.campaigns.selectors import campaign_equation  # noqa: E402
from textwell.cli.demo.judge import judge  # noqa: E402


def main() -> None:
    logs = sorted((load_settings().data_dir / "demo").glob("carrier-*.log"))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "carriers.log"
        whole.write_bytes(b"".join(log.read_bytes() for log in logs))
        for campaign in Campaign.objects.order_by("id"):
            equation = campaign_equation(campaign)
            verdict = asdict(judge(campaign, equation, whole)) | {
                "waiting": equation["waiting"],
                "handed": equation.handed_count,
                "audience": equation.audience,
            }
            sys.stdout.write(json.dumps(verdict) + "\n")


main()
