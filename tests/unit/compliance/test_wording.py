"""What packs make marketing texts say: added once, at its place, in the person's language."""

import random
from datetime import date

import pytest

from textwell.compliance.completing import complete, lacks
from textwell.compliance.types import Layer
from textwell.compliance.wording import Demands, Group, Speaker, demands_of
from textwell.text import count_segments
from wide import WIDE

SPEAKER = Speaker("Lotus", "Lotus Flowers Ltd", "1 Main Street, Dublin", "care@lotus.example")
LINK = "https://go.lotus.example/aB3dE6gH"
BODY = "Sale today, 20% off everything"
BOTH = "STOP to opt out / ARRET pour arreter"
DAY = date(2026, 11, 27)


def demanded(
    country: str,
    sender: str = "LOTUS",
    kind: str = "alphanumeric",
    language: str = "",
    *,
    number_start: str = "",
    speaker: Speaker = SPEAKER,
    layer: Layer = Layer.RECOMMENDED,
) -> Demands:
    return demands_of(Group(country, number_start, language, sender, kind, speaker, layer, DAY))


@pytest.mark.parametrize(
    ("country", "sender", "kind", "language", "text"),
    [
        ("VN", "LOTUS", "alphanumeric", "vi", f"[QC] {BODY}\nTu choi: {LINK}"),
        ("VN", "LOTUS", "alphanumeric", "en", f"[QC] {BODY}\nStop: {LINK}"),
        ("VN", "8077", "short_code", "vi", f"[QC] Lotus: {BODY}\nTu choi: soan TC gui 8077"),
        ("CN", "10690001", "short_code", "zh", f"【Lotus】{BODY}\n拒收请回复R"),
        ("FR", "LOTUS", "alphanumeric", "fr", f"{BODY}\nStop: {LINK}"),
        ("FR", "36180", "short_code", "fr", f"Lotus: {BODY}\nSTOP au 36180"),
        ("SG", "SHOP", "alphanumeric", "en", f"<ADV> Lotus: {BODY}\nStop: {LINK}"),
        ("AE", "AD-LOTUS", "alphanumeric", "ar", f"{BODY}\nTo block SMS B AD-LOTUS to 7726"),
        ("ZA", "LOTUS", "alphanumeric", "en", f"Lotus: {BODY}\nStop: {LINK}"),
        ("CA", "+15550100", "long_code", "en", f"Lotus: {BODY}\n{BOTH}\n{LINK}"),
        ("AU", "+61400000001", "long_code", "en", f"Lotus Flowers Ltd: {BODY}\nReply STOP to unsub"),
        ("US", "+15550100", "toll_free", "es", f"Lotus: {BODY}\nResponde STOP para terminar"),
        ("MY", "LOTUS", "alphanumeric", "ms", f"RM0 Lotus: {BODY}\nReply STOP"),
    ],
)  # fmt: skip
def test_what_a_country_asks_for_is_added_at_its_place(
    country: str, sender: str, kind: str, language: str, text: str
) -> None:
    assert complete(BODY, demanded(country, sender, kind, language), LINK).text == text


@pytest.mark.parametrize(
    ("country", "sender", "kind", "text"),
    [
        ("FR", "36180", "short_code", "Lotus : soldes. STOP au 36180"),
        ("FR", "36180", "short_code", "Lotus : soldes. Répondez STOP pour finir"),
        ("VN", "8077", "short_code", "[AD] Lotus: giam gia. Tu choi: soan TC gui 8077"),
        ("CN", "10690001", "short_code", "大减价，拒收请回复R【莲花】"),
        ("US", "+15550100", "long_code", "Lotus: sale! Text STOP to quit"),
        ("AE", "AD-LOTUS", "alphanumeric", "Sale! to block SMS B AD-LOTUS to 7726"),
    ],
)
def test_what_a_text_says_by_itself_is_not_doubled(
    country: str, sender: str, kind: str, text: str
) -> None:
    demands = demanded(country, sender, kind)

    assert complete(text, demands, LINK).text == text
    assert lacks(text, demands) == ()


@pytest.mark.parametrize(
    ("country", "sender", "kind", "text", "kinds"),
    [
        ("FR", "LOTUS", "alphanumeric", "Soldes. STOP au 36180", ["opt_out"]),  # it cannot hear
        ("FR", "36180", "short_code", "Lotus: don't STOP shopping", ["opt_out"]),
        ("FR", "36180", "short_code", "Great sale of this year at Lotus. STOP au 36180",
         ["identity"]),  # not at the start
        ("US", "+15550100", "long_code", "Lotuseaters: sale. Reply STOP to end", ["identity"]),
        ("VN", "LOTUS", "alphanumeric", "Sale [QC]", ["label", "opt_out"]),  # at the wrong end
    ],
)  # fmt: skip
def test_what_only_looks_like_it_does_not_count(
    country: str, sender: str, kind: str, text: str, kinds: list[str]
) -> None:
    completed = complete(text, demanded(country, sender, kind), LINK)

    assert [each.kind for each in completed.adds] == kinds


def test_the_name_stands_after_a_label_that_the_text_has() -> None:
    completed = complete("[QC] Sale", demanded("VN", "8077", "short_code"), LINK)

    assert completed.text.startswith("[QC] Lotus: Sale\n")


def test_a_text_in_gsm7_is_not_made_ucs2_for_an_instruction() -> None:
    demands = demanded("US", "+15550100", "long_code", "zh")

    assert complete(BODY, demands, LINK).text.endswith("\nReply STOP to end")
    assert complete("大减价", demands, LINK).text.endswith("\n回复STOP退订")


def test_a_text_in_gsm7_is_not_made_ucs2_for_a_name() -> None:
    demands = demanded("US", "+15550100", "long_code", "en", speaker=Speaker("Phở Hà Nội"))

    bare = complete(BODY, demands, LINK)
    assert bare.text.startswith(f"Pho Ha Noi: {BODY}")
    assert bare.adds[0].text == "Pho Ha Noi:"
    assert lacks(bare.text, demands) == ()
    assert complete("Giảm giá", demands, LINK).text.startswith("Phở Hà Nội: Giảm giá")


def test_where_nobody_can_answer_and_no_link_may_stand_no_text_says_how_to_stop() -> None:
    assert demanded("MY", "LOTUS", "unknown").reason == "opt_out_missing"
    assert demanded("MY", "LOTUS").reason == ""  # operators show a number in its place
    assert demanded("MY", "66300", "short_code").reason == ""


def test_the_legal_layer_goes_without_what_we_recommend() -> None:
    recommended = demanded("US", "+15550100", "long_code", "en")
    legal = demanded("US", "+15550100", "long_code", "en", layer=Layer.LEGAL)

    adds = complete(BODY, recommended, LINK).adds
    assert [(each.kind, each.is_legal) for each in adds] == [("identity", True), ("opt_out", False)]
    assert [each.kind for each in complete(BODY, legal, LINK).adds] == ["identity"]


def test_what_law_asks_stays_in_the_legal_layer_with_its_source() -> None:
    (element,) = complete(BODY, demanded("FR", layer=Layer.LEGAL), LINK).adds

    assert (element.kind, element.packs) == ("opt_out", ("FR@2026-11-01",))
    assert element.sources[0] == "CPCE art. L34-5, R10-1"


@pytest.mark.parametrize(
    ("country", "sender", "kind", "missing"),
    [
        ("FR", "LOTUS", "alphanumeric", ("contact",)),
        ("FR", "36180", "short_code", ()),  # the number is a way to reach them
        ("HK", "LOTUS", "alphanumeric", ("address", "contact")),
        ("JP", "LOTUS", "alphanumeric", ("legal_name", "contact")),
        ("CN", "10690001", "short_code", ()),
    ],
)
def test_a_country_names_what_the_workspace_has_not_told(
    country: str, sender: str, kind: str, missing: tuple[str, ...]
) -> None:
    demands = demanded(country, sender, kind, speaker=Speaker("Lotus"))

    assert demands.missing == missing
    assert demands.is_met is not bool(missing)


def test_a_mark_that_belongs_into_the_sender_cannot_be_added() -> None:
    assert demanded("AE", "LOTUS").reason == "label_missing"
    assert demanded("AE", "AD-LOTUS").reason == ""


def test_nothing_is_added_to_a_registered_template() -> None:
    demands = demanded("IN", "VM-LOTUS")

    assert demands.asks_alone
    assert complete(BODY, demands, LINK).text == BODY
    assert lacks(BODY, demands) == ("opt_out",)


# Country, sender, its kind, and what a lawful text has one of.
PEOPLE = [
    ("VN", "LOTUS", "alphanumeric", (LINK,)),
    ("VN", "8077", "short_code", ("TC", "STOP")),
    ("CN", "10690001", "short_code", ("拒收请回复R", "reply R", "reply STOP")),
    ("FR", "36180", "short_code", ("STOP",)),
    ("FR", "LOTUS", "alphanumeric", (LINK,)),
    ("DE", "LOTUS", "alphanumeric", (LINK,)),
    ("GB", "+447400000001", "long_code", ("STOP",)),
    ("US", "+15550100", "toll_free", ("STOP",)),
    ("AU", "+61400000001", "long_code", ("STOP",)),
    ("ZA", "LOTUS", "alphanumeric", (LINK,)),
    ("CO", "85001", "short_code", ("SALIR", "STOP")),
    ("AE", "AD-LOTUS", "alphanumeric", ("7726", LINK)),
    ("SG", "SHOP", "alphanumeric", (LINK,)),
    ("HK", "LOTUS", "alphanumeric", (LINK,)),
]
WORDS = (
    "sale",
    "Lotus",
    "STOP",
    "today",
    "Đặng",
    "[QC]",
    "20%",
    "reply",
    "花",
    "\n",
    "€",
    "au",
    "R",
)


def test_no_text_lacks_what_its_country_asks_for() -> None:
    """Of texts with words that resemble it: each says how to stop and who speaks, and stays so."""
    chance = random.Random(8)
    for number in range(50_000 if WIDE else 2_000):
        country, sender, kind, ways = PEOPLE[number % len(PEOPLE)]
        demands = demanded(country, sender, kind, "vi" if country == "VN" else "")
        body = " ".join(chance.choices(WORDS, k=chance.randrange(1, 18))).strip() or "sale"

        text = complete(body, demands, LINK).text

        assert demands.is_met
        assert lacks(text, demands) == ()
        assert complete(text, demands, LINK).text == text
        assert any(way in " ".join(text.split()) for way in ways), (country, text)
        is_shown = kind == "alphanumeric" and demands.identity is None
        assert is_shown or "lotus" in text[:20].casefold()


def test_segments_are_counted_with_what_is_added() -> None:
    body = "a" * 150
    text = complete(body, demanded("FR", "36180", "short_code"), LINK).text

    assert (count_segments(body)[1], count_segments(text)[1]) == (1, 2)
