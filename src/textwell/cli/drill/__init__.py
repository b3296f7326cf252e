"""`textwell drill`: a campaign under seeded faults, judged by the carrier's own log."""

import click


@click.command()
@click.option("--people", default=50_000, show_default=True, help="Invented people with consent.")
@click.option("--faults", default=20, show_default=True, help="How many faults, of all kinds.")
@click.option(
    "--seed", default=1, show_default=True, help="Same seed: same faults in the same order."
)
@click.option(
    "--rate", default=1_500.0, show_default=True, help="The carrier's segments per second."
)
@click.option("--every", default=2.0, show_default=True, help="Seconds between faults.")
@click.option(
    "--patience", default=90.0, show_default=True, help="Seconds to wait for late receipts."
)
def command(
    *, people: int, faults: int, seed: int, rate: float, every: float, patience: float
) -> None:
    """Kill roles, stores and the carrier while a campaign is sent; then count what is lost or doubled.

    People write STOP while their text waits. Ends with: lost 0, doubled 0, equation balanced,
    unknown those alone of whom the carrier told us nothing, no text after STOP; and exits with 1
    on any other.
    """
    from textwell.cli.drill.play import DrillPlay

    play = DrillPlay(
        people=people,
        rate=rate,
        seed=seed,
        fault_count=faults,
        every_s=every,
        patience_s=patience,
    )
    raise SystemExit(play.run())
