"""What a slip anywhere in a reply does: a refusal is still heard, and nothing else becomes one."""

from random import Random

import pytest

from textwell.inbox.slips import read_again
from textwell.inbox.vocabulary import SPACED, load_vocabulary
from textwell.inbox.words import understand
from unit.inbox.labelled import Labelled, judge, read
from unit.inbox.slipping import slip
from wide import share

REPLIES = read("data")


def _slipped(replies: list[Labelled]) -> list[str]:
    random = Random(1)
    slips = (slip(reply.text, random) for reply in share(replies, turn=0, of=6))
    return [text for text in slips if text]


def test_a_refusal_with_a_slip_anywhere_is_heard() -> None:
    heard = [each for each in REPLIES if each.intent == each.found.intent == "opt_out"]
    slipped = _slipped(heard)

    missed = [text for text in slipped if judge(text).intent != "opt_out"]

    assert len(missed) <= 0.07 * len(slipped), missed


def test_a_slip_makes_hardly_any_refusal_of_what_is_none() -> None:
    others = [each for each in REPLIES if "opt_out" not in (each.intent, each.found.intent)]
    slipped = _slipped(others)

    wrong = [text for text in slipped if judge(text).intent == "opt_out"]

    assert len(wrong) <= 0.02 * len(slipped), wrong


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("laeve me alone!!", "en"), ("leaveme alone", "en"), ("excluam meu nnúmero", "pt"),
        ("enlevez moon num", "fr"), ("dar de baaja", "es"), ("取请消我的短信订阅", "zh"),
        ("禁发止送", "zh"),
    ],
)  # fmt: skip
def test_a_word_of_the_rules_is_mended_in_its_language(text: str, language: str) -> None:
    found = understand(text)

    assert (found.intent, found.certainty, found.language) == ("opt_out", 0.75, language)


@pytest.mark.parametrize(
    "text",
    ["ya pasé por la tienda", "Ende des Monats passt besser", "dno't stop sending deals", "love the massages",
     "no se mandó el pedido"],
)  # fmt: skip
def test_real_words_of_one_language_are_no_slips_of_another(text: str) -> None:
    assert understand(text).intent != "opt_out"


@pytest.mark.parametrize(
    "text",
    ["Dno't stop!", "dno't stop", "don;t stop", "nevr stop", "cna't stop", "do nto remove me", "nnunca paren",
     "nuncaa parem", "nich aufhören", "đừg ngừng gửi nha"],
)  # fmt: skip
def test_a_slip_in_the_word_that_denies_makes_no_refusal(text: str) -> None:
    assert understand(text).intent != "opt_out"


@pytest.mark.parametrize(
    "text",
    [
        "ok stop",
        "Dan stop",
        "you stop",
        "can you stop",
        "now stop",
        "i wnt stop",
        "wnt stop these texts",
    ],
)
def test_a_word_like_one_that_denies_does_not_hide_a_refusal(text: str) -> None:
    assert understand(text).intent == "opt_out"


def test_a_pause_with_a_slip_is_a_pause() -> None:
    found = understand("pausse for 10 days")

    assert (found.scope, found.days) == ("pause", 10)


@pytest.mark.parametrize(
    "text", ["Hello, quit", "Hola, baja", "unsubscribe\nSent from my iPhone", "您好，退订"]
)
def test_a_greeting_before_and_a_signature_below_do_not_hide_a_keyword(text: str) -> None:
    assert understand(text).intent == "opt_out"


def test_a_pause_is_heard_above_a_signature() -> None:
    assert understand("Pause for 2 weeks\nSent from my iPhone").days == 14
    assert understand("Mute these for 3 weeks").days == 21


def test_a_text_without_slips_is_read_once() -> None:
    assert list(read_again("see you tomorrow")) == []


@pytest.mark.parametrize("language", SPACED)
def test_every_language_has_words_to_mend_and_words_to_leave(language: str) -> None:
    known = load_vocabulary(language)

    assert len(known.words) >= 100
    assert len(known.common) >= 400
