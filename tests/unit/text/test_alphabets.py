"""The tables of 3GPP TS 23.038, by rows read from the specification."""

import pytest

from textwell.text.alphabets import DEFAULT, ESCAPE, EXTENSION, GAP, IDENTIFIERS, LOCKING, SINGLE

TABLES = [DEFAULT, EXTENSION, *LOCKING.values(), *SINGLE.values()]


def test_every_table_has_128_places_and_none_at_the_escape() -> None:
    assert [len(table) for table in TABLES] == [128] * 27
    assert {table[ESCAPE] for table in TABLES} == {GAP}


def test_identifiers_are_those_of_the_specification() -> None:
    assert IDENTIFIERS["tr"] == 1
    assert IDENTIFIERS["pt"] == 3
    assert IDENTIFIERS["hi"] == 6
    assert IDENTIFIERS["ur"] == 13


def test_locking_tables_have_no_character_twice() -> None:
    for table in [DEFAULT, *LOCKING.values()]:
        characters = table.replace(GAP, "")
        assert len(set(characters)) == len(characters)


def test_every_table_can_write_the_euro_or_leaves_it_to_the_extension() -> None:
    assert {language for language, table in SINGLE.items() if table[0x65] != "€"} == set()


@pytest.mark.parametrize(
    ("language", "first", "row"),
    [
        ("tr", 0x00, "@£$¥€éùıòÇ\nĞğ\rÅå"),
        ("tr", 0x10, f"Δ_ΦΓΛΩΠΨΣΘΞ{GAP}ŞşßÉ"),
        ("pt", 0x00, "@£$¥êéúíóç\nÔô\rÁá"),
        ("pt", 0x10, f"Δ_ªÇÀ∞^\\€Ó|{GAP}ÂâÊÉ"),
        ("pt", 0x7B, "ãõ`üà"),
        ("hi", 0x00, "ँंःअआइईउऊऋ\nऌऍ\rऎए"),
        ("hi", 0x3C, "ऩपफ?बभमयरऱलळऴवशषसह"),
        ("hi", 0x50, "ािीुूृॄॅॆेैॉॊोौ्ॐabc"),
        ("hi", 0x7B, "ॲॻॼॾॿ"),
        ("bn", 0x0A, f"\nঌ{GAP}\r{GAP}এঐ{GAP}{GAP}ওঔক"),
        ("bn", 0x44, f"র{GAP}ল{GAP}{GAP}{GAP}শষসহ়ঽা"),
        ("bn", 0x7B, "\u09d7\u09dc\u09dd\u09f0\u09f1"),
        ("gu", 0x55, f"ૃૄૅ{GAP}ેૈૉ{GAP}ોૌ્ૐ"),
        ("kn", 0x22, "ಟಠಡಢಣತ)(ಥದ,ಧ.ನ0"),
        ("ml", 0x46, f"ലളഴവശഷസഹ{GAP}ഽ"),
        ("or", 0x0A, f"\nଌ{GAP}\r{GAP}ଏଐ"),
        ("pa", 0x46, f"ਲ\u0a33{GAP}ਵ\u0a36{GAP}ਸਹ\u0a3c{GAP}\u0a3e"),
        ("ta", 0x10, f"ஐ{GAP}ஒஓஔக{GAP}{GAP}{GAP}ஙச{GAP}{GAP}ஜ{GAP}ஞ"),
        ("te", 0x4D, f"హ{GAP}ఽాి"),
        ("ur", 0x00, "\u0627\u0622\u0628\u067b\u0680\u067e\u06a6\u062a"),
        ("ur", 0x7B, "\u0655\u0651\u0653\u0656\u0670"),
    ],
)
def test_a_locking_row_reads_as_in_annex_a_3(language: str, first: int, row: str) -> None:
    assert LOCKING[language][first : first + len(row)] == row


@pytest.mark.parametrize(
    ("language", "septet", "characters"),
    [
        ("tr", 0x47, "Ğ"),
        ("tr", 0x69, "ı"),
        ("es", 0x09, "ç"),
        ("es", 0x6F, "ó"),
        ("pt", 0x0E, "Áá"),
        ("pt", 0x12, "ΦΓ^ΩΠΨΣΘ"),
        ("pt", 0x7F, "â"),
        ("hi", 0x00, "@£$¥¿\"¤%&'\f*+"),
        ("hi", 0x10, "<=>¡^¡_#*।॥"),
        ("hi", 0x1C, "०१२३४५६७८९\u0951\u0952{}\u0953\u0954\u0958\u0959\u095a\\\u095b"),
        ("bn", 0x19, f"০১{GAP}২৩৪৫৬৭৮৯\u09dfৠৡ\u09e2{{}}\u09e3৲৳৴৵\\৶৷৸৹৺"),
        ("te", 0x19, f"{GAP}{GAP}{GAP}౦౧"),
        ("ta", 0x24, "௮௯௳௴{}௵௶௷௸௺\\"),
        ("ml", 0x2E, "ൺ\\ൻർൽൾൿ"),
        ("ur", 0x3A, "\u0673\u06cd[~]\u06d4|A"),
    ],
)
def test_a_single_shift_row_reads_as_in_annex_a_2(
    language: str, septet: int, characters: str
) -> None:
    assert SINGLE[language][septet : septet + len(characters)] == characters


def test_spanish_has_no_locking_table() -> None:
    assert "es" not in LOCKING
    assert len(LOCKING) == 12
