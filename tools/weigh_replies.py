"""The weights of `textwell.inbox.likeness`, learned from the replies that were labelled by hand.

    python tools/weigh_replies.py             write src/textwell/inbox/data/likeness.txt
    python tools/weigh_replies.py NAME…       learn without these sets and say how they are understood

Each reply is learned as it stands and with one slip of the hand. Logistic regression by stochastic
gradient, each weight with its own pace (Adagrad). The same replies give the same file.
"""

import math
import sys
from collections import defaultdict
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from textwell.inbox import likeness  # noqa: E402 - the path first
from unit.inbox.labelled import Labelled, read, read_file, score  # noqa: E402
from unit.inbox.slipping import slip  # noqa: E402

ROUNDS, PACE, DECAY = 12, 0.15, 1e-5
BIAS_PACE = 0.1  # of what a weight moves
LEAST = 2  # replies that a feature stands in

Example = tuple[list[str], bool]


def main(names: list[str]) -> None:
    """Learn from all sets but these, then write the file or measure them."""
    learned = read("data") if not names else _read_others(names)
    weights, bias = learn([*learned, *_slipped(learned)])
    if not names:
        likeness.FILE.write_text(write(weights, bias), "utf-8")
        return
    with TemporaryDirectory() as folder:
        likeness.FILE = Path(folder) / "likeness.txt"  # type: ignore[misc]
        likeness.FILE.write_text(write(weights, bias), "utf-8")
        _measure(names)


def _measure(names: list[str]) -> None:
    for name in names:
        found = score(read_file("data", name))
        print(f"{name}: recall {found.recall:.1%}, precision {found.precision:.1%}")


def _read_others(names: list[str]) -> list[Labelled]:
    files = sorted(Path(ROOT / "tests/unit/inbox/data").glob("*.txt"))
    return [
        each for file in files if file.stem not in names for each in read_file("data", file.stem)
    ]


def _slipped(replies: list[Labelled]) -> list[Labelled]:
    random = Random(3)  # noqa: S311 - the same slips at every run
    slips = ((reply, slip(reply.text, random)) for reply in replies)
    return [reply._replace(text=text) for reply, text in slips if text]


def learn(replies: list[Labelled]) -> tuple[dict[str, float], float]:
    """A weight for each feature, and the bias."""
    examples = [
        (list(likeness.list_features(likeness.read_plain(each.text))), each.intent == "opt_out")
        for each in replies
    ]
    counts: dict[str, int] = defaultdict(int)
    for features, _ in examples:
        for feature in features:
            counts[feature] += 1
    kept = [
        ([one for one in features if counts[one] >= LEAST], said) for features, said in examples
    ]
    return _descend([example for example in kept if example[0]])


def _descend(examples: list[Example]) -> tuple[dict[str, float], float]:
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(float)
    bias, random = 0.0, Random(1)  # noqa: S311 - the same order at every run
    for _ in range(ROUNDS):
        random.shuffle(examples)
        for features, is_refusal in examples:
            share = 1 / math.sqrt(len(features))
            total = bias + share * sum(weights[feature] for feature in features)
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - is_refusal
            bias -= PACE * BIAS_PACE * error
            for feature in features:
                slope = error * share + DECAY * weights[feature]
                squares[feature] += slope * slope
                weights[feature] -= PACE * slope / math.sqrt(squares[feature] + 1e-6)
    return weights, bias


def write(weights: dict[str, float], bias: float) -> str:
    """The file: the bias, then each weight with its features; none for what weighs nothing."""
    by_weight: dict[int, list[str]] = defaultdict(list)
    for feature, weight in weights.items():
        by_weight[round(weight * likeness.SCALE)].append(feature)
    by_weight.pop(0, None)
    lines = ["\t".join([str(weight), *sorted(by_weight[weight])]) for weight in sorted(by_weight)]
    return "\n".join([str(round(bias * likeness.SCALE)), *lines]) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
