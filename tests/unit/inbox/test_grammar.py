"""The notation of phrases, token by token."""

import pytest

from textwell.inbox.grammar import Grammar, read_sections
from textwell.inbox.refusals import LANGUAGES, load_refusals

ENGLISH = Grammar({"stop": "stop quit cut_out", "texts": "text* sms"})
CHINESE = Grammar({"not": "不要 别"}, is_spaced=False)


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("<stop> <texts>", "please stop texting", True),
        ("<stop> <texts>", "please cut out texts now", True),
        ("<stop> <texts>", "stop the texts", False),
        ("<stop> ~1 <texts>", "stop the texts", True),
        ("<stop> ~1 <texts>", "stop all the texts", False),
        ("stop the? sms", "stop sms", True),
        ("stop|end sms", "end sms", True),
        ("stop|<texts> now", "text now", True),
        ("stop", "nonstop", False),
        ("stop", "stopping", False),
        ("^ stop", "please stop", False),
        ("stop $", "please stop", True),
        ("stop $", "stop it", False),
        ("stop !by", "stop by", False),
        ("stop !by", "stop bye", True),
        ("-you|why dont stop", "why dont stop", False),
        ("-you|why dont stop", "please dont stop", True),
    ],
)
def test_a_phrase_is_found_in_words(phrase: str, text: str, is_found: bool) -> None:
    found = ENGLISH.compile([phrase]).search(ENGLISH.frame(text))

    assert (found is not None) == is_found


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("<not> ~2 发", "请不要再发", True),
        ("<not> ~1 发", "别再给发", False),
        ("^ 停 $", "停", True),
        ("^ 停 $", "停车", False),
        ("别 !忘", "别忘", False),
        ("别 !忘", "别 发", True),
    ],
)
def test_a_phrase_is_found_in_signs(phrase: str, text: str, is_found: bool) -> None:
    found = CHINESE.compile([phrase]).search(CHINESE.frame(text))

    assert (found is not None) == is_found


def test_a_file_is_read_in_sections() -> None:
    found = read_sections("# about\n[groups]\na = b c\n    d\n\n[refused]\n<a> ~1 x\nb $\n")

    assert found.groups == {"a": "b c d"}
    assert found.phrases == {"refused": ["<a> ~1 x", "b $"]}


def test_a_group_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="is no `name = words`"):
        read_sections("[groups]\nstop quit\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_grammar_of_a_language_compiles_and_finds_nothing_in_nothing(language: str) -> None:
    refusals = load_refusals(language)

    assert not refusals.find("")
    assert refusals.spare("abc").strip() == "abc"
