"""What is answered by itself: whom the texts serve, what they say, how long they are."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from textwell.compliance.library import shipped_library
from textwell.inbox.keywords import find_way_out, is_help_word
from textwell.inbox.whys import asks_why
from textwell.inbox.wordings import (
    choose_language,
    write_confirmed,
    write_help,
    write_narrowed,
    write_paused,
    write_why,
)
from textwell.inbox.words import understand
from textwell.text import count_segments

SPOKEN = ("en", "fr", "es", "de", "pt", "vi", "zh", "zh-Hant")
COUNTRIES = {
    "en": "US", "fr": "FR", "es": "MX", "de": "DE", "pt": "BR", "vi": "VN", "zh": "CN", "zh-Hant": "TW",
}  # fmt: skip
SHOWN = (
    "Yes, text me offers from Lotus Bakery, up to 4 a month. Message rates may apply. STOP ends it.",
    "Tôi đồng ý nhận tin khuyến mãi của Tiệm bánh Hoa Sen qua SMS, tối đa 4 tin mỗi tháng.",
    "我同意接收莲花面包店的优惠短信，每月最多四条，可随时退订。" * 3,
    "{braces} 😀 100% sûr d’accepter ; voilà",
    "",
)


@pytest.mark.parametrize(
    "text",
    [
        "WHY", "why?", "Why am I getting this", "how did you get my number", "Pourquoi ?",
        "comment avez-vous eu mon numéro ?", "¿Por qué?", "de dónde sacaron mi número", "Warum?",
        "Woher haben Sie meine Nummer?", "por que?", "como conseguiram meu número", "Tại sao?",
        "sao lại gửi cho tôi", "sao có số tôi", "为什么？", "為什麼發給我", "你们怎么有我的号码",
    ],
)  # fmt: skip
def test_why_is_heard_in_seven_languages(text: str) -> None:
    assert asks_why(text.removeprefix("你们"))
    assert understand(text).intent != "opt_out"


@pytest.mark.parametrize("text", ["why not, see you at 5", "that is why I love it", "STOP", ""])
def test_what_only_has_the_word_in_it_asks_nothing(text: str) -> None:
    assert not asks_why(text)


def test_a_thousand_answers_to_why_say_what_the_ledger_holds_in_two_parts() -> None:
    rng = random.Random(12)
    for number in range(1_000):
        language = SPOKEN[number % len(SPOKEN)]
        shown, source = rng.choice(SHOWN), rng.choice(("form", "keyword", "import: " + "a" * 99))
        said_at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(2_000))
        word = find_way_out(COUNTRIES[language], language)

        text = write_why(
            language,
            brand=rng.choice(("Lotus", "Tiệm bánh Hoa Sen", "B" * 90)),
            at=f"{said_at:%Y-%m-%d}",
            source=source,
            wording=shown,
            word=word,
        )

        assert count_segments(text)[1] <= 2, text
        assert f"{said_at:%Y-%m-%d}" in text
        assert source[:18] in text
        assert shown[:10] in text
        assert word in text


def test_the_language_is_the_persons_or_that_of_the_workspace() -> None:
    assert choose_language("fr-CA", "CA", "en") == "fr"
    assert choose_language("zh", "TW", "en") == "zh-Hant"
    assert choose_language("zh-Hans", "CN", "en") == "zh"
    assert choose_language(None, "VN", "vi") == "vi"
    assert choose_language("th", "TH", "ko") == "en"


@pytest.mark.parametrize("language", SPOKEN)
def test_a_confirmation_is_one_short_text_without_a_link(language: str) -> None:
    confirmed = write_confirmed(language, brand="Lotus", at="2026-11-28 14:05")
    paused = write_paused(language, brand="Lotus", at="2026-12-28 14:05", word="STOP")

    for text in (confirmed, paused):
        assert count_segments(text)[1] == 1, text
        assert "Lotus" in text
        assert "14:05" in text
        assert "http" not in text


@pytest.mark.parametrize("language", SPOKEN)
def test_the_confirmation_of_one_topic_says_how_to_stop_all(language: str) -> None:
    word = find_way_out(COUNTRIES[language], language)
    told = {"at": "2026-11-28 14:05", "word": word}
    short = write_narrowed(language, brand="Lotus", what="Sales", **told)
    long = write_narrowed(language, brand="L" * 90, what="S" * 90, **told)

    assert all(each in short for each in ("Lotus", "Sales", "14:05", word))
    assert (count_segments(short)[1], count_segments(long)[1] <= 2) == (1, True)


@pytest.mark.parametrize("language", SPOKEN)
def test_help_names_the_sender_a_contact_and_the_way_out(language: str) -> None:
    word = find_way_out(COUNTRIES[language], language)
    told = {"brand": "Lotus (Lotus Bakery SARL)", "word": word}
    with_contact = write_help(language, contact="help@lotus.example, +33 1 23 45 67 89", **told)
    without = write_help(language, contact="", **told)

    for text in (with_contact, without):
        assert count_segments(text)[1] <= 2, text
        assert "Lotus (Lotus Bakery SARL)" in text
        assert word in text
    assert "help@lotus.example, +33 1 23 45 67 89" in with_contact
    assert write_help(language, contact="x" * 300, **told) == without


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [
        ("HELP", True), ("Info, please", True), ("hlep", True), ("AIDE", True), ("帮助", True),
        ("Trợ giúp", True), ("Hilfe!", True), ("HELP HELP", True), ("HELP\nSent from my iPhone", True),
        ("I need help", False), ("help me with my order", False), ("STOP", False), ("", False),
    ],
)  # fmt: skip
def test_a_bare_word_for_help_is_told_from_a_sentence(text: str, is_bare: bool) -> None:
    assert is_help_word(text) is is_bare


def test_every_word_of_every_pack_is_heard_in_its_country() -> None:
    library = shipped_library()
    heard = 0
    for pack_id in sorted(library.ids):
        pack = library.find(pack_id, datetime.now(UTC).date())
        assert pack is not None
        for keywords in pack.keywords:
            for word in keywords.words:
                for typed in (word, word.lower(), f" {word}. "):
                    assert understand(typed, pack_id).intent == keywords.means, (pack_id, typed)
                    heard += 1

    assert heard >= 400
