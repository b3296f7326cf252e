"""`textwell demo`: everything runs, and a campaign is really being sent to invented people."""

import click


@click.command()
@click.option("--people", default=20_000, show_default=True, help="Invented people with consent.")
@click.option("--headless", is_flag=True, help="No page: progress bars, the report, then leave.")
@click.option(
    "--rate", default=1_500.0, show_default=True, help="The carrier's segments per second."
)
@click.option(
    "--script", default="demo", show_default=True, help="What the simulated carrier plays."
)
@click.option("--seed", default=1, show_default=True, help="Same seed: same people, same failures.")
def command(*, people: int, headless: bool, rate: float, script: str, seed: int) -> None:
    """Start the stores, the simulated carrier and every role, and send a campaign.

    Prints where to sign in. With --headless it waits for the campaign, prints its report and the send
    equation, and exits with 1 unless the equation balances with the carrier's own log.
    """
    if people < 1:
        raise click.BadParameter("at least one person is needed", param_hint="--people")
    from textwell.cli.demo.play import Play

    play = Play(people=people, rate=rate, script=script, seed=seed, is_headless=headless)
    raise SystemExit(play.run())
