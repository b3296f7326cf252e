"""Nobody can tell whether a text was read: no page, file or answer has a rate of that.

The words are looked for in all five languages and English, in everything that people and programs see.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from textwell.api.app import api
from textwell.reports.told import COLUMNS, FIELDS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "textwell"
RATE = re.compile(
    r"\b(?:open|opening|read|reading|view)[\s_-]*rates?\b"
    r"|\brates?[\s_-]+of[\s_-]+(?:opens?|opening|reads?|reading|views?)\b"
    r"|\bt[ỷỉ][\s_-]+lệ[\s_-]+(?:mở|đọc|xem)\b"
    r"|(?:打开|开启|阅读|已读|打開|開啟|開封|閱讀|已讀)率"
    r"|\b(?:tasas?|índices?|porcentajes?)\s+de\s+(?:aperturas?|lecturas?)\b"
    r"|\btaux\s+d(?:[’'&#x;0-9]+\s*ouvertures?|e\s+lectures?)\b",
    re.IGNORECASE,
)
# Sentences that may have the words: they say that there is none.
DENIALS = re.compile(r"\b(?:no|not|never|nobody|cannot|neither|nor)\b", re.IGNORECASE)


def found(text: str) -> list[str]:
    """The words, each with what stands around it on its line."""
    return [line.strip()[:160] for line in text.splitlines() if RATE.search(line)]


def _sources() -> Iterator[Path]:
    """Templates, scripts and code: names of fields and headings of files are written there."""
    for kind in ("html", "py", "js", "mjs", "txt", "css"):
        yield from PACKAGE.rglob(f"*.{kind}")


def test_no_template_script_or_code_has_the_words() -> None:
    files = list(_sources())

    assert len([file for file in files if file.suffix == ".html"]) > 100
    assert {str(file): found(file.read_text()) for file in files if found(file.read_text())} == {}


@pytest.mark.parametrize("language", ["vi", "zh_Hans", "zh_Hant", "es", "fr"])
def test_no_catalog_has_them(language: str) -> None:
    with (PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    texts = [
        text
        for message in catalog
        for part in (message.id, message.string)
        for text in ([part] if isinstance(part, str) else part)
    ]

    assert len(texts) > 4000
    assert [text for text in texts if RATE.search(text)] == []


def test_neither_the_document_of_the_api_nor_a_file_has_them() -> None:
    document = json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False)

    assert RATE.findall(document) == []
    assert [name for name in (*COLUMNS, *FIELDS, *FIELDS.values()) if RATE.search(name)] == []


def test_the_handbook_only_says_that_there_is_none() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]
    sentences = [
        (page.name, sentence)
        for page in pages
        for sentence in re.split(r"(?<=[.!?])\s", " ".join(page.read_text().split()))
        if RATE.search(sentence)
    ]

    assert [each for each in sentences if not DENIALS.search(each[1])] == []


@pytest.mark.parametrize(
    "words",
    [
        "Open rate", "open_rate", "openRate", "read-rate", "Rate of opens", "tỷ lệ mở", "Tỉ lệ đọc", "打开率",
        "阅读率", "已读率", "開啟率", "閱讀率", "tasa de apertura", "tasas de lectura",
        "taux d’ouverture", "taux d'ouverture", "taux d&#x27;ouverture", "Taux de lecture",
    ],
)  # fmt: skip
def test_the_words_would_be_found(words: str) -> None:
    assert found(f"x {words} y") == [f"x {words} y"]


@pytest.mark.parametrize("words", ["read, rate by rate", "spread rates", "the rate is of clicks"])
def test_other_words_are_left_alone(words: str) -> None:
    assert found(words) == []
