"""Is a source of sign-ups worse than the workspace's others? A sequential test. Pure.

Each text to a person is a trial: they stay, or they are gone (opted out, complained, dead number). A
source is compared with the workspace's own rate by a likelihood ratio (Wald's test) for a rate that is
`WORSE` times as high. It may be looked at after every text: for a source that is as good as the others the
ratio ever passes 1 / `FALSE_ALARM` with a probability of at most `FALSE_ALARM` (Ville's inequality).
"""

import math
from dataclasses import dataclass
from typing import Final

FALSE_ALARM: Final = 0.01
WORSE: Final = 2.0  # the rate that is told from the base
LEAST_BASE: Final = 2_000  # texts; below them the base is mixed with what is usual
USUAL_RATE: Final = 0.01  # of texts after which somebody is gone, of any sender
MARGIN: Final = 1.25  # the base is itself an estimate, and sources differ a little
# Fewer people who are gone never make a source bad, whatever the texts and the base.
LEAST_GONE: Final = math.ceil(math.log(1 / FALSE_ALARM) / math.log(WORSE))


@dataclass(frozen=True, slots=True)
class Base:
    """What the workspace's texts usually lead to."""

    texts: int
    gone: int

    @property
    def rate(self) -> float:
        """People gone a text; few texts are filled up with the usual."""
        filling = max(0, LEAST_BASE - self.texts)
        rate = (self.gone + filling * USUAL_RATE) / max(self.texts + filling, 1)
        return min(max(rate, 0.001), 0.2)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`evidence`: how many times likelier the figures are if the source is worse than if it is not."""

    texts: int
    gone: int
    rate: float
    base_rate: float
    evidence: float
    is_bad: bool


def judge_source(*, texts: int, gone: int, base: Base) -> Judgement:
    """Compare a source with the base. It may be called as often as one likes: see above."""
    good = base.rate * MARGIN
    bad = min(good * WORSE, 0.9)
    kept = max(texts - gone, 0)
    log_ratio = gone * math.log(bad / good) + kept * math.log((1 - bad) / (1 - good))
    return Judgement(
        texts=texts,
        gone=gone,
        rate=gone / texts if texts else 0.0,
        base_rate=base.rate,
        evidence=math.exp(min(log_ratio, 50.0)),
        is_bad=log_ratio >= math.log(1 / FALSE_ALARM),
    )
