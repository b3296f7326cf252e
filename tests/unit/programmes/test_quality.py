"""A bad source is found before its second campaign, a good one seldom blamed."""

from random import Random

from textwell.programmes.quality import Base, judge_source

PEOPLE = 2_000
USUAL = 0.012  # people who leave after a text


def left(chance: Random, people: int, rate: float) -> int:
    """How many of so many leave, each by lot."""
    return sum(chance.random() < rate for _ in range(people))


def is_paused(chance: Random, rate: float, *, campaigns: int) -> bool:
    """Looked at after every hundred texts of each campaign, against a base that is counted too."""
    base = Base(20_000, left(chance, 20_000, USUAL))
    texts = gone = 0
    for _campaign in range(campaigns):
        for _look in range(PEOPLE // 100):
            texts, gone = texts + 100, gone + left(chance, 100, rate)
            if judge_source(texts=texts, gone=gone, base=base).is_bad:
                return True
    return False


def test_a_planted_bad_source_is_paused_before_its_second_campaign() -> None:
    chance = Random(1)

    assert sum(is_paused(chance, 3 * USUAL, campaigns=1) for _ in range(100)) >= 95


def test_good_sources_are_paused_at_most_twice_in_a_hundred() -> None:
    chance = Random(2)

    assert sum(is_paused(chance, USUAL, campaigns=3) for _ in range(100)) <= 2


def test_few_texts_convict_nobody_and_the_usual_fills_a_thin_base() -> None:
    assert not judge_source(texts=1, gone=1, base=Base(0, 0)).is_bad
    assert Base(0, 0).rate == 0.01
    assert judge_source(texts=100, gone=12, base=Base(50_000, 500)).is_bad
