"""Texts as they are handed over: marks, replacements, links, segments."""

import pytest

from textwell.messaging.compose import (
    Composer,
    Version,
    Wording,
    final_body,
    language_ranges,
    list_replacements,
)


def test_replacements_touch_the_marketers_words_but_no_name() -> None:
    wording = Wording("It’s {{ first_name }}’s day – come!", {"first_name": "your"})
    composed = Composer(wording).compose({"first_name": "D’Arcy"}, {})

    assert composed.text == "It's D’Arcy's day - come!"


def test_replacements_are_listed_to_the_author() -> None:
    found = list_replacements(Wording("It’s {{ first_name }}", {"first_name": "x"}))

    assert [(r.original, r.replacement) for r in found] == [("’", "'")]


def test_no_replacement_is_made_where_the_author_declined() -> None:
    assert final_body(Wording("It’s on", {}, replace_characters=False)) == "It’s on"


def test_unmarked_vietnamese_also_unmarks_names() -> None:
    wording = Wording("Chào {{ first_name }}", {"first_name": "bạn"}, unaccent=True)
    composed = Composer(wording).compose({"first_name": "Đặng"}, {})

    assert (composed.text, composed.encoding) == ("Chao Dang", "gsm7")


def test_unmarked_vietnamese_leaves_no_mark_of_a_default_in_the_text() -> None:
    wording = Wording("Chào {{ first_name | default: 'bạn' }}", {}, unaccent=True)

    assert Composer(wording).compose({}, {}).text == "Chao ban"


def test_conditions_compare_the_value_with_its_marks() -> None:
    body = "{% if city == 'Hà Nội' %}Ở đây{% else %}Ở xa{% endif %}: {{ city }}"
    composer = Composer(Wording(body, {"city": "đâu"}, unaccent=True))

    assert composer.compose({"city": "Hà Nội"}, {}).text == "O day: Ha Noi"
    assert composer.compose({"city": "Huế"}, {}).text == "O xa: Hue"


def test_segments_are_counted_after_personalisation() -> None:
    wording = Wording("x" * 155 + "{{ first_name }}", {"first_name": "you"})
    composer = Composer(wording)

    assert composer.compose({"first_name": "Maria"}, {}).segment_count == 1
    assert composer.compose({"first_name": "Maria1"}, {}).segment_count == 2
    assert composer.compose({"first_name": "Zoë€"}, {}).encoding == "ucs2"


def test_each_link_name_takes_its_own_link() -> None:
    composer = Composer(Wording("{{ link }} or {{ link_2 }}", {}, link_count=2))
    links = {"link": "https://x.test/aaaaaaaa", "link_2": "https://x.test/bbbbbbbb"}

    assert composer.link_names == ("link", "link_2")
    assert composer.compose({}, links).text == "https://x.test/aaaaaaaa or https://x.test/bbbbbbbb"


@pytest.mark.parametrize(
    "body",
    [
        "Dear O’Neill",
        "From D’Angelo and Jean‑Luc",
        "Write to a’b@x.com",
        "Mail o–k’s.shop@bakery.example today",
        'Hi {{ first_name | default: "l’ami" }}',
        "{% assign greeting = 'it’s' %}{{ greeting }}",
        "{% if city == 'L’Aquila' %}Ciao{% endif %}",
        "See https://x.example/a–b and call 10–20",
    ],
)
def test_names_addresses_links_numbers_and_tags_are_left_alone(body: str) -> None:
    wording = Wording(body, {})

    assert list_replacements(wording) == ()
    assert final_body(wording) == body


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("It’s on", "It's on"),
        ("Aujourd’hui chez O’Neill", "Aujourd'hui chez O’Neill"),
        ("Mon–Fri", "Mon-Fri"),
        ("L’ÉTÉ", "L'ÉTÉ"),
        ("‘Sale’ at a@b.example…", "'Sale' at a@b.example..."),
    ],
)
def test_other_words_become_plain(body: str, plain: str) -> None:
    assert final_body(Wording(body, {})) == plain


VERSIONED = Wording(
    "Hello {{ first_name }}",
    {"first_name": "friend"},
    link_count=1,
    versions=(
        Version("vi", "Chào {{ first_name }}", {"first_name": "bạn"}),
        Version("pt-BR", "Olá {{ first_name }}: {{ link }}", {}),
        Version("zh-Hant", "你好", {}),
    ),
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "Chào bạn"),
        ("vi-VN", "Chào bạn"),
        ("VI", "Chào bạn"),
        ("pt-BR", "Olá friend: https://x.test/aaaaaaaa"),
        ("pt", "Hello friend"),
        ("zh-TW", "你好"),
        ("zh-CN", "Hello friend"),
        ("", "Hello friend"),
    ],
)
def test_a_person_gets_the_text_of_their_language(language: str, text: str) -> None:
    composer = Composer(VERSIONED)

    composed = composer.compose({"language": language}, {"link": "https://x.test/aaaaaaaa"})

    assert composed.text == text
    assert composer.link_names == ("link",)


def test_a_language_falls_back_to_less_exact_ones() -> None:
    assert language_ranges("zh_Hant-TW") == ("zh-hant-tw", "zh-hant", "zh", "zh-hans")
    assert language_ranges("zh-HK") == ("zh-hk", "zh-hant", "zh", "zh-hans")
    assert language_ranges("") == ()
