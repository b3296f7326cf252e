"""The wheel: whole, and at work where there is no checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from textwell.core.catalogs import compile_catalogs

ROOT = Path(__file__).parents[2]
BUILT_BY = (
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".gitignore",
)  # what `pip wheel .` reads beside src
LANGUAGES = ("es", "fr", "vi", "zh_Hans", "zh_Hant")
HANDBOOK = "textwell/web/shipped/docs/index.html"
USE = """
import textwell, django
django.setup()
from django.template.loader import get_template
from django.contrib.staticfiles.finders import find
from django.utils.translation import gettext, override
get_template("gateways/form.html")
with override("fr"):
    print(textwell.__file__, bool(find("textwell/textwell.css")), gettext("Gateways"))
"""


@dataclass(frozen=True)
class Installed:
    """A wheel, and a fresh environment that has it beside the packages of this one."""

    wheel: Path
    scripts: Path
    folder: Path  # away from the checkout

    def run(self, *words: str, given: str = "") -> str:
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "TEXTWELL"))
        }
        environment["TEXTWELL_DATA"] = str(self.folder / "data")
        environment["DJANGO_SETTINGS_MODULE"] = "textwell.config.settings"
        ended = _run([str(self.scripts / words[0]), *words[1:]], self.folder, environment, given)
        return ended.stdout


def _run(
    words: Sequence[str], folder: Path, environment: dict[str, str] | None = None, given: str = ""
) -> "subprocess.CompletedProcess[str]":
    ended = subprocess.run(
        words, cwd=folder, env=environment, input=given, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def _build(folder: Path) -> Path:
    """The wheel of a copy with catalogs and a handbook in it, as `make wheel` has them."""
    copy = folder / "copy"
    compile_catalogs()
    shutil.copytree(
        ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "shipped")
    )
    for name in BUILT_BY:
        shutil.copy(ROOT / name, copy)
    page = copy / "src" / HANDBOOK
    page.parent.mkdir(parents=True)
    page.write_text("<h1>Handbook</h1>")
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], copy)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    wheel = _build(folder)
    venv.create(folder / "venv", symlinks=True)
    scripts = folder / "venv" / "bin"
    _run(
        [sys.executable, "-m", "pip", "--quiet", "--python", str(scripts / "python"), "install",
         "--no-deps", "--no-index", "--no-compile", str(wheel)], folder,
    )  # fmt: skip
    site = next((folder / "venv" / "lib").glob("python*/site-packages"))
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(wheel, scripts, folder)


def test_the_wheel_holds_every_file_of_the_package_and_what_is_built_for_it(
    installed: Installed,
) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        held = set(wheel.namelist())
    listed = _run(["git", "ls-files", "-z", "src/textwell"], ROOT).stdout.split("\0")
    tracked = {name.removeprefix("src/") for name in listed if name and (ROOT / name).exists()}
    built = {f"textwell/locale/{each}/LC_MESSAGES/django.mo" for each in LANGUAGES} | {HANDBOOK}

    assert (tracked | built) - held == set()
    extra = {name for name in held - tracked - built if ".dist-info/" not in name}
    assert {name for name in extra if not (ROOT / "src" / name).exists()} == set()


def test_the_installed_program_works_outside_the_checkout(installed: Installed) -> None:
    case = '{"text": "Bánh mì"}\n'

    assert "doctor" in installed.run("textwell", "--help")
    answer = json.loads(installed.run("textwell", "inspect", "text", given=case))
    assert (answer["encoding"], answer["segments"], answer["forced_by"]) == ("ucs2", 1, ["á"])


def test_templates_and_catalogs_come_from_the_installed_package(installed: Installed) -> None:
    place, is_styled, word = installed.run("python", "-c", USE).split()

    assert Path(place).is_relative_to(installed.folder)
    assert (is_styled, word) == ("True", "Passerelles")
