import gettext
import os
import shutil
from pathlib import Path

import pytest

from textwell.core import catalogs
from textwell.core.catalogs import LOCALE_DIR, compile_catalogs, stale_catalogs

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Sign in"
msgstr "Se connecter"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO)
    return path


def test_a_compiled_catalog_is_read_by_gettext(tmp_path: Path, source: Path) -> None:
    assert compile_catalogs(tmp_path) == 1

    with source.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Sign in") == "Se connecter"
    assert compile_catalogs(tmp_path) == 0


def test_a_changed_text_is_compiled_again_whatever_the_times_say(
    tmp_path: Path, source: Path
) -> None:
    compile_catalogs(tmp_path)
    source.write_text(PO.replace("Se connecter", "Entrer"))
    os.utime(source, (1, 1))

    assert stale_catalogs(tmp_path) == [source]


def test_an_install_that_nobody_may_write_is_left_alone_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = tmp_path / "locale"
    shutil.copytree(LOCALE_DIR, installed)
    compile_catalogs(installed)
    for path in installed.rglob("*.mo"):
        os.utime(path, (1, 1))  # as an installer may leave them: older than their sources
    for path in installed.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def refuse(source: Path) -> None:  # root may write anywhere: the refusal is ours
        raise PermissionError(source)

    monkeypatch.setattr(catalogs, "compile_catalog", refuse)
    count = compile_catalogs(installed)
    for path in installed.rglob("*"):
        path.chmod(0o755)

    assert count == 0
    assert "not compiled" not in "".join(capsys.readouterr())
    assert len(list(installed.rglob("*.mo"))) == 5


@pytest.mark.parametrize(
    ("language", "context", "word"),
    [
        ("fr", "invitation", "Take back"),  # without the context: to undo an import
        ("vi", "kind of field", "Number"),  # without: a telephone number
        ("zh_Hans", "one-time code", "Code"),  # without: a code of failure
        ("zh_Hans", "last day", "To"),
    ],
)
def test_a_short_word_of_two_meanings_has_two_translations(
    language: str, context: str, word: str
) -> None:
    compile_catalogs()
    told = gettext.translation("django", LOCALE_DIR, [language])

    assert told.pgettext(context, word) not in {word, told.gettext(word)}
