"""Leg `render`: the texts of invented people with their links and segments."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from liquid import Environment

from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.cli.demo.people import HEADER, make_people
from textwell.links.tokens import TokenMaker
from textwell.messaging.compose import Composer, Wording, person_of
from textwell.text.segments import segment_text

COUNT = 50_000
WINDOW = 200  # texts whose tokens are made together, as a connector's window
LINK_URL = "https://go.example/"
KEY = bytes(range(16))
BODY = (
    "Lotus: {{ first_name | default: 'dear friend' }}, your {{ points | default: 'many' }} points "
    "are worth 20% off until Sunday. Choose yours: {{ link }} Reply STOP to opt out."
)
Text = tuple[str, str, int]  # text, encoding, segments
_MICROS = 1e6


def invented_people(count: int) -> list[dict[str, object]]:
    """Values by template name; about one in fourteen has no first name."""
    people = (dict(zip(HEADER, row, strict=True)) for row in make_people(count))
    return [
        person_of(
            first_name=person["first_name"],
            last_name=person["last_name"],
            language=person["language"],
            country=person["country"],
            email="",
            external_id=None,
            fields={"city": person["city"], "points": person["points"]},
        )
        for person in people
    ]


def compose_all(people: Sequence[dict[str, Any]]) -> list[Text]:
    """As a connector does it: tokens by the window, then the text and its segments."""
    maker = TokenMaker(KEY)
    wording = Wording(BODY, {"first_name": "dear friend", "points": "many"}, link_count=1)
    composer = Composer(wording)
    texts: list[Text] = []
    for start in range(0, len(people), WINDOW):
        part = people[start : start + WINDOW]
        tokens = maker.make_many(range(start + 1, start + 1 + len(part)), 1)
        for person, token in zip(part, tokens, strict=True):
            composed = composer.compose(person, {"link": LINK_URL + token})
            texts.append((composed.text, composed.encoding, composed.segment_count))
    return texts


def render_plainly(people: Sequence[dict[str, Any]]) -> list[Text]:
    """The twin: the library's template parsed once, a token at a time, the text cut into segments."""
    maker = TokenMaker(KEY)
    template = Environment().from_string(BODY)
    texts: list[Text] = []
    for number, person in enumerate(people, start=1):
        text = template.render(**person, link=LINK_URL + maker.make(number, 1))
        parts = segment_text(text).segments
        texts.append((text, parts[0].encoding.value, len(parts)))
    return texts


def _timer(
    make: Callable[[Sequence[dict[str, Any]]], list[Text]],
    people: Sequence[dict[str, Any]],
    kept: dict[str, list[Text]],
) -> Callable[[], float]:
    def measure() -> float:
        started = time.perf_counter()
        texts = make(people)
        passed = time.perf_counter() - started
        kept[make.__name__] = texts
        return passed * _MICROS / len(people)

    return measure


def run_render(rounds: int, count: int = COUNT) -> LegResult:
    """µs per text, so the smaller the ratio the better. Void if the two differ in any text."""
    people = invented_people(count)
    kept: dict[str, list[Text]] = {}
    pairs = run_pairs(
        _timer(compose_all, people, kept), _timer(render_plainly, people, kept), rounds
    )
    unlike = sum(a != b for a, b in zip(*kept.values(), strict=True))
    return LegResult(
        leg="render",
        what="texts of invented people: values, one personal link, encoding and segments",
        twin="python-liquid, parsed once; a token at a time; the text walked into segments",
        unit="µs per text",
        pairs=pairs,
        entry="a person's values in memory",
        durability="none: nothing is stored",
        count=count,
        least=10,
        aim=4,
        less_is_better=True,
        void=f"{unlike} texts differ from the twin's" if unlike else "",
    )
