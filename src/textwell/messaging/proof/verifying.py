"""Many proofs checked and judged once more, also by packs that were given beside those that ship. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from textwell.messaging.proof.form import Checked, GivenKey, check_line
from textwell.messaging.proof.judged import Judged, Rejudged, missing_packs, rejudge_as_named

_encode = msgspec.json.Encoder().encode
OTHER_VERDICT = "another verdict comes out"


class Verification:
    """Counts of "genuine" and "bad", and of each `Rejudged`.

    `missing`: versions that are named and not here, each with how many proofs name it. `replaced`: proofs
    that name a version which another one here replaces on their day. `unfit`: those whose place falls
    under other packs here than they name.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.missing: Counter[str] = Counter()
        self.replaced = 0
        self.unfit = 0
        # Lines of each record, by the versions that it names: of texts of one minute there are many.
        self._left: dict[tuple[str, ...], dict[bytes, list[int]]] = defaultdict(dict)

    def check(
        self, lines: Iterable[bytes], keys: Mapping[str, GivenKey]
    ) -> Iterator[tuple[int, str]]:
        """The number of each line at fault, and what is."""
        for number, line in enumerate(lines, 1):
            checked = check_line(line.removesuffix(b"\n"), keys)
            self.counts["genuine" if checked.is_genuine else "bad"] += 1
            problem = checked.problem or self._judge(number, checked)
            if problem:
                yield number, problem
        yield from self._judge_left()

    def _judge_left(self) -> Iterator[tuple[int, str]]:
        for versions, records in self._left.items():
            for record, rejudged in rejudge_as_named(versions, records):
                numbers = records[record]
                self.counts[rejudged.value] += len(numbers)
                if rejudged is Rejudged.PACKS_UNKNOWN:
                    self.unfit += len(numbers)
                else:
                    self.replaced += len(numbers)
                if rejudged is Rejudged.OTHER:
                    yield from ((number, OTHER_VERDICT) for number in numbers)

    def _judge(self, number: int, checked: Checked) -> str:
        """What is at fault with the verdict; what other versions judge by their days waits for the end."""
        if checked.rejudged is Rejudged.PACKS_UNKNOWN and checked.judged is not None:
            missing = missing_packs(checked.judged)
            self.missing.update(missing)
            if not missing:
                self._leave(number, checked.judged)
                return ""
        if checked.rejudged is not None:
            self.counts[checked.rejudged.value] += 1
        return OTHER_VERDICT if checked.rejudged is Rejudged.OTHER else ""

    def _leave(self, number: int, judged: Judged) -> None:
        self._left[tuple(judged.packs)].setdefault(_encode(judged), []).append(number)
