"""A campaign judged once more at the command line: with progress, and going on where it was stopped."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from textwell.campaigns.models import Campaign
    from textwell.compliance.library import Library
    from textwell.messaging.chosen_then import ChosenAs
    from textwell.reports.rejudging.judging import Judgment
    from textwell.reports.rejudging.keeping import Asked


def judge_kept(
    campaign: Campaign, library: Library, *, named: str | None, chosen: ChosenAs, is_anew: bool
) -> Judgment:
    """Of all texts, those included that were judged before a stop. What was judged is kept meanwhile.

    Raises:
        click.ClickException: it was stopped.
    """
    from textwell.core.clock import now
    from textwell.core.settings import load_settings
    from textwell.reports.rejudging.judging import Judgment, rejudge_on
    from textwell.reports.rejudging.keeping import keep, take_up

    asked = ask(campaign, library, named, chosen)
    path = load_settings().data / "rejudging" / asked.file_name
    taken = None if is_anew else take_up(path, asked)
    found, after_id, begun_at = taken or (Judgment(), 0, now().isoformat(timespec="minutes"))
    if taken:
        click.echo(
            f"Going on after {found.count} texts that were judged since {begun_at}.", err=True
        )
    last_id = campaign.last_message_id or 0
    try:
        for done_id in rejudge_on(campaign, library, found, after_id=after_id, chosen=chosen):
            if done_id < last_id:
                with suppress(OSError):  # then it only cannot be gone on with
                    keep(path, asked, found, after_id=done_id, begun_at=begun_at)
                click.echo(f"{found.count} texts so far, {last_id - done_id} ids to go", err=True)
    except KeyboardInterrupt:
        raise click.ClickException(
            "Stopped. The same command goes on where it stood; --anew begins again."
        ) from None
    path.unlink(missing_ok=True)
    return found


def ask(campaign: Campaign, library: Library, named: str | None, chosen: ChosenAs) -> Asked:
    """The question, by which what was kept of it is found."""
    from textwell.messaging.law_choices import whole_choices
    from textwell.reports.rejudging.keeping import Asked

    packs = library.list_versions()
    if named is not None:
        is_file = Path(named).is_file()
        packs.append(sha256(Path(named).read_bytes()).hexdigest() if is_file else named)
    choices: str = chosen
    if chosen == "now":  # as they are may be others by the time it goes on
        choices = f"now {sha256(whole_choices(campaign.workspace_id).encode()).hexdigest()}"
    last_id = campaign.last_message_id or 0
    return Asked(campaign.workspace_id, campaign.id, last_id, packs, choices)


_NOTES = {
    "not_kept": "not judged: what the register said then is not kept",
    "other_channels": "texts alone; what other channels sent is not known here",
    "as_now": "with the registrations as they are now",
    "one_text": "one text of each place and language stands for all",
}


def tell_judgment(found: Judgment) -> None:
    click.echo(f"{found.count} texts in {found.group_count} groups.")
    for verdict in ("allow", "hold", "skip"):
        click.echo(f"{verdict:<6}{found.by_verdict[verdict]:>10}")
    for name, rule in sorted(found.rules.items(), key=lambda pair: (-pair[1].failed, pair[0])):
        note = f"  ({_NOTES[rule.note]})" if rule.note else ""
        lacking = f", {rule.lacking} without its words" if rule.lacking else ""
        click.echo(f"  {name}: {rule.failed} of {rule.judged} not passed{lacking}{note}")
    if found.consent_unsaid:
        click.echo(
            f"{found.consent_unsaid} consents do not say how they were given: taken as not in writing."
        )
    if found.text_unknown:
        click.echo(f"The words of {found.text_unknown} texts are not kept any more.")
