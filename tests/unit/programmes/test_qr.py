"""Links that open a text, and QR codes that hold them."""

import pytest

from textwell.programmes.qr import draw_png, draw_svg, sms_link, system_of

SENDERS = ("38000", "+33644640101")
KEYWORDS = {"BREAD": "BREAD", "Bon pain": "Bon%20pain", "Crème": "Cr%C3%A8me", "面包": "%E9%9D%A2%E5%8C%85",
            "A&B?": "A%26B%3F"}  # fmt: skip


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("keyword", KEYWORDS)
def test_a_link_holds_the_keyword_in_the_form_of_each_system_and_nothing_else(
    sender: str, keyword: str
) -> None:
    body = f"body={KEYWORDS[keyword]}"

    assert sms_link(sender, keyword, system="ios") == f"sms:{sender}&{body}"
    assert sms_link(sender, keyword, system="android") == f"sms:{sender}?{body}"
    assert sms_link(sender, keyword) == f"sms:{sender}?&{body}"


def test_the_system_is_read_from_the_browser() -> None:
    agents = ("Mozilla/5.0 (iPhone; CPU)", "Mozilla/5.0 (Linux; Android 16)", "Mozilla/5.0 (X11)")

    assert [system_of(each) for each in agents] == ["ios", "android", ""]


def test_codes_are_drawn_for_print_and_screen() -> None:
    assert draw_svg("sms:38000?&body=BREAD").startswith(b"<?xml")
    assert draw_png("sms:38000?&body=BREAD").startswith(b"\x89PNG")
