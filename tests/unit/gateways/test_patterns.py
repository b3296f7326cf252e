"""Templates as registries write them: which texts they are, and where another leaves them."""

import random
import re

import pytest

from textwell.gateways.approved import find_approved
from textwell.gateways.patterns import Difference, Place, find_nearest, read_pattern
from textwell.gateways.providers.base import ApprovedText

OTP = "【Lotus】您的验证码是${code}，{1}分钟内有效。"


@pytest.mark.parametrize(
    ("pattern", "text", "is_it"),
    [
        ("Hi {#var#}, 20% off today", "Hi An, 20% off today", True),
        ("Hi {#var#}, 20% off today", "Hi , 20% off today", False),  # a place says something
        ("Hi {#var#}, 20% off today", "Hi An, 30% off today", False),
        ("Hi {#var#}, 20% off today", "Hi An, 20% off today!", False),
        ("Hi {#var#}, 20% off today", "hi An, 20% off today", False),
        ("Hi {#var#}", "Hi " + "x" * 30, True),
        ("Hi {#var#}", "Hi " + "x" * 31, False),
        ("Hi {#var:5#}", "Hi Hoang", True),
        ("Hi {#var:5#}", "Hi Hoangs", False),
        ("Code {#numeric#}.", "Code 1234.", True),
        ("Code {#numeric#}.", "Code 12a4.", False),
        ("{#var#}{#var#} ends", "x" * 60 + " ends", True),
        (OTP, "【Lotus】您的验证码是123456，5分钟内有效。", True),
        (OTP, "【Rose】您的验证码是123456，5分钟内有效。", False),
        ("a {1} b {2} b", "a b b b b", True),
        ("no place", "no place", True),
        ("two\nlines", "two lines", False),
    ],
)
def test_a_text_is_a_template_sign_by_sign(pattern: str, text: str, is_it: bool) -> None:
    assert read_pattern(pattern, 30).matches(text) is is_it


def test_patterns_agree_with_a_plain_search_on_many_texts() -> None:
    draw = random.Random(7)
    judged = agreed = 0
    for _turn in range(2_000):
        parts = [draw.choice(["a", "ab", "b ", "{#var:2#}", "{#numeric:2#}"]) for _ in range(4)]
        text = "".join(draw.choice("ab 1") for _ in range(draw.randrange(1, 9)))
        plain = "".join(
            {"{#var:2#}": "(?s:.{1,2})", "{#numeric:2#}": "[0-9]{1,2}"}.get(p, re.escape(p))
            for p in parts
        )
        wanted = re.fullmatch(plain, text) is not None
        agreed += read_pattern("".join(parts), 30).matches(text) is wanted
        judged += 1

    assert (judged, agreed) == (2_000, 2_000)


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        ("Hi An, 30% off", Difference(7, "30% off", "20% off")),
        ("Hi An, 20% off!", Difference(14, "!", "")),
        ("Hi An, 20%", Difference(10, "", " off")),
        ("Xin chao An", Difference(0, "Xin chao An", "Hi ")),
    ],
)
def test_it_says_where_a_text_leaves_it(text: str, difference: Difference) -> None:
    found = read_pattern("Hi {#var#}, 20% off", 30).find_difference(text)
    assert found == difference


def test_the_nearest_is_the_one_that_is_followed_furthest() -> None:
    patterns = [read_pattern(each, 30) for each in ("Xin chao", "Hi {#var#}, sale", "Hi {#var#}")]
    found = find_nearest("Hi An, sell", patterns[:2])
    assert found == (1, Difference(8, "ell", "ale"))
    assert find_nearest("x", []) is None


def test_a_pattern_made_to_take_long_does_not() -> None:
    hard = read_pattern("{1:500} " * 200 + "x", 500)
    assert hard.matches(" " * 1_000) is False
    assert sum(isinstance(part, Place) for part in hard.parts) == 200


def test_the_template_of_the_text_before_is_asked_first() -> None:
    texts = [
        ApprovedText("LOTUS", "VN", "marketing", name, name + " {1}", 30, "", None)
        for name in "abc"
    ]
    found = find_approved("c 1", texts)
    assert (found and found.name, [each.name for each in texts]) == ("c", ["c", "a", "b"])
