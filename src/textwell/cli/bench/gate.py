"""Leg `gate`: what judging, the words that law asks for and the note of the proof add to a text's making."""

import time
from datetime import UTC, datetime

from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.compliance.wording import Speaker
from textwell.gateways.providers.base import GatewaySpec, SenderSpec
from textwell.links.tokens import TokenMaker
from textwell.messaging.compose import Composer, Wording, person_of
from textwell.messaging.proof.collecting import Collector
from textwell.runtime.connector.content import Content
from textwell.runtime.connector.preparing import prepare
from textwell.runtime.connector.window import LeasedBatch, Prepared, Row, Window

COUNT = 50_000
SLICE = 200  # rows that are prepared together, as a connector does it
MOST_US = 50  # a message, beyond its making
AT = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)  # a Tuesday, open in all of them
STARTS = {"GB": "+4477009", "FR": "+3361234", "DE": "+4915112", "NL": "+3161234"}
BODY = "Lotus: {{ first_name | default: 'dear friend' }}, bread is 20% off until Sunday."
_MICROS = 1e6


def make_rows(count: int) -> list[Row]:
    """As the statement of a marked window answers them; a third with a zone of their own."""
    places = sorted(STARTS.items())
    return [
        (number, number, f"{start}{number % 100_000:05d}", country, "LOTUS", None, AT, True, "", True,
         True, [0, number % 3, 0], ("Ada", "Emma", "")[number % 3], "Berg", "en", {}, "", None, False,
         "Europe/Paris" if number % 3 == 0 else "", None, 70 + number, None, "", None, "", "")
        for number in range(1, count + 1)
        for country, start in [places[number % len(places)]]
    ]  # fmt: skip


def _content() -> Content:
    wording = Wording(BODY, {"first_name": "dear friend"})
    speaker = Speaker("Lotus", "Lotus GmbH", "1 Rue de Rivoli, Paris", "hello@lotus.example")
    return Content(
        "marketing",
        0,
        24,
        3_600,
        Composer(wording),
        token_maker=TokenMaker(bytes(range(16))),
        link_prefix="https://go.example/",
        law_layer="recommended",
        speaker=speaker,
    )


def judge_all(rows: list[Row], content: Content) -> list[str]:
    """Texts, judged, completed and proven; one that is left out is missing."""
    sender = SenderSpec("LOTUS", "alphanumeric", "", None)
    spec = GatewaySpec(1, 1, "Bench", "smpp", "active", {}, senders=(sender,))
    batch = LeasedBatch(1, 1, 5, "bulk", len(rows), 1, content)
    prepared = Prepared(proofs=Collector())
    for start in range(0, len(rows), SLICE):
        window = Window(1, batch, SLICE, 0.0)
        prepare(rows[start : start + SLICE], window=window, spec=spec, at=AT, into=prepared)
    return [each.handoff.text for each in prepared.pending]


def compose_all(rows: list[Row], content: Content) -> list[str]:
    """The twin: the same texts, nothing asked, nothing added, nothing noted."""
    composer = content.composer
    if composer is None:
        return []
    people = (
        person_of(
            first_name=row[12],
            last_name=row[13],
            language=row[14],
            country=row[3],
            email="",
            external_id=None,
            fields={},
        )
        for row in rows
    )
    return [composer.compose(person, {}).text for person in people]


def run_gate(rounds: int, count: int = COUNT) -> LegResult:
    """µs of a text with the gate, and without; void if any is left out, or the gate adds too much."""
    rows, content = make_rows(count), _content()
    faults: list[str] = []

    def judged() -> float:
        started = time.perf_counter()
        texts = judge_all(rows, content)
        passed = time.perf_counter() - started
        if len(texts) != count:
            faults.append(f"{count - len(texts):,} texts were left out")
        return passed * _MICROS / count

    def bare() -> float:
        started = time.perf_counter()
        compose_all(rows, content)
        return (time.perf_counter() - started) * _MICROS / count

    pairs = run_pairs(judged, bare, rounds)
    beyond = tuple(ours - twin for ours, twin in zip(pairs.ours, pairs.twin, strict=True))
    if min(beyond) > MOST_US:
        faults.append(f"the gate took {min(beyond):.0f} µs a message, at most {MOST_US} are asked")
    return LegResult(
        leg="gate",
        what="texts to four countries: judged, completed by the words of law, their proof noted",
        twin="the same texts made, nothing asked, added or noted",
        unit="µs per text",
        pairs=pairs,
        entry="rows of marked windows in memory",
        durability="none: nothing is stored",
        count=count,
        less_is_better=True,
        more={"µs beyond the twin": beyond},
        void="; ".join(dict.fromkeys(faults)),
    )
