"""Catalogs of translations, without GNU gettext: extract, merge, compare, compile.

    python tools/catalogs.py update     bring every .po up to the strings of the code
    python tools/catalogs.py check      exit 1 where update would change something
    python tools/catalogs.py compile    write the .mo files

Templates are turned by Django's own `templatize` into something that a lenient lexer can read.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from textwell.core.catalogs import LOCALE_DIR, compile_catalogs  # noqa: E402 - the path first

PACKAGE = ROOT / "src" / "textwell"
LANGUAGES = ("vi", "zh_Hans", "zh_Hant", "es", "fr")  # English is in the code
# A date in the header would change every file at every run.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def python_messages(path: Path) -> Iterator[tuple[object, object]]:
    """(message, context) of every marked string of a module."""
    found = extract_from_file("python", path, keywords=KEYWORDS, comment_tags=("Translators:",))
    for _line, message, _comments, context in found:
        yield message, context


def template_messages(path: Path) -> Iterator[tuple[object, object]]:
    """The same of a template."""
    from babel.messages.extract import extract

    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    found = extract("javascript", io.BytesIO(code.encode()), keywords=KEYWORDS)
    for _line, message, _comments, context in found:
        yield message, context


def extract_catalog() -> Catalog:
    """Every message of the package, with the files it comes from (no lines: they change daily)."""
    catalog = Catalog(project="textwell", charset="utf-8")
    sources = [(path, python_messages) for path in sorted(PACKAGE.rglob("*.py"))]
    sources += [(path, template_messages) for path in sorted(PACKAGE.rglob("templates/**/*.html"))]
    sources += [(path, template_messages) for path in sorted(PACKAGE.rglob("templates/**/*.txt"))]
    for path, read in sources:
        if "/migrations/" in path.as_posix():
            continue
        place = path.relative_to(ROOT).as_posix()
        for message, context in read(path):
            catalog.add(message, locations=[(place, None)], context=context)
    return catalog


def present_catalog(language: str) -> Catalog:
    path = LOCALE_DIR / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language, project="textwell", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged_text(language: str, template: Catalog) -> bytes:
    """The .po that `update` writes: present translations, new strings, nothing guessed."""
    present = present_catalog(language)
    present.update(template, no_fuzzy_matching=True, update_creation_date=False)
    present.obsolete.clear()
    present.fuzzy = False
    present.header_comment = (
        f"# Textwell in {present.locale.english_name if present.locale else language}."
    )
    present.last_translator = present.language_team = present.msgid_bugs_address = "Textwell"
    present.version = "1"
    present.creation_date = present.revision_date = NO_DATE
    out = io.BytesIO()
    write_po(out, present, width=96, sort_output=True, include_lineno=False, omit_header=False)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    if arguments not in (["update"], ["check"], ["compile"]):
        sys.stderr.write(__doc__ or "")
        return 2
    settings.configure(USE_I18N=True)
    if arguments == ["compile"]:
        print(f"{compile_catalogs()} catalogs compiled")
        return 0
    template = extract_catalog()
    stale = []
    for language in LANGUAGES:
        path = LOCALE_DIR / language / "LC_MESSAGES" / "django.po"
        text = merged_text(language, template)
        if path.exists() and path.read_bytes() == text:
            continue
        stale.append(language)
        if arguments == ["update"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
    if arguments == ["check"] and stale:
        print(f"Catalogs behind the code: {', '.join(stale)}. Run: make fix", file=sys.stderr)
        return 1
    print(f"{len(template)} strings, {len(LANGUAGES)} catalogs, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
