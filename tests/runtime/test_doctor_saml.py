"""What `textwell doctor` says of the SAML sign-in, with which no page could start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from saml_provider import ENTITY_ID, SSO_URL, SamlProvider
from textwell.runtime.ports import free_ports

DOCTOR = "import sys; sys.argv[1:] = ['doctor']; from textwell.cli.main import main; main()"
WITHOUT_EXTRA = "import textwell.core.saml as saml; saml.find_spec = lambda _name: None; "
# As a check of rows does it, once PostgreSQL answers.
DJANGO = """
from textwell.core.settings import load_leniently
load_leniently()
import django
django.setup()
print(django.conf.settings.SOCIALACCOUNT_PROVIDERS)
"""


@pytest.fixture
def certificate(tmp_path: Path) -> str:
    return str(SamlProvider().write_certificate(tmp_path))


def run(folder: Path, program: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    named = {"TEXTWELL_SAML_ENTITY_ID": ENTITY_ID, "TEXTWELL_SAML_SSO_URL": SSO_URL}
    own = {"TEXTWELL_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "textwell.config.settings"}
    return subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | free_ports() | own | named | variables,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "TEXTWELL_SAML_CERT_FILE cannot be read"),
        ("<html>", "TEXTWELL_SAML_CERT_FILE holds no certificate, or more than one"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_a_finding_with_the_mend(
    content: str | None, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "other.pem"
    if content is not None:
        path.write_text(content)

    shown = run(tmp_path, DOCTOR, TEXTWELL_SAML_CERT_FILE=str(path))

    mend = "      → Name the file with the provider's signing certificate in PEM form."
    assert f"BAD   settings: {problem}\n{mend}" in shown.stdout
    assert "BAD   postgres: does not run" in shown.stdout
    assert shown.returncode == 1


def test_an_extra_that_is_not_installed_is_a_finding_with_the_mend(
    certificate: str, tmp_path: Path
) -> None:
    shown = run(tmp_path, WITHOUT_EXTRA + DOCTOR, TEXTWELL_SAML_CERT_FILE=certificate)

    told = "BAD   settings: TEXTWELL_SAML_ENTITY_ID needs the package python3-saml\n"
    mend = "      → Install it with its extra: pip install 'textwell[saml]'."
    assert told + mend in shown.stdout


def test_an_address_that_is_none_is_told_once(certificate: str, tmp_path: Path) -> None:
    wrong = {"TEXTWELL_SAML_SSO_URL": "idp.example/sso", "TEXTWELL_SAML_CERT_FILE": certificate}

    shown = run(tmp_path, DOCTOR, **wrong)

    [line] = [each for each in shown.stdout.splitlines() if "SAML" in each]
    assert line.startswith("BAD   settings: TEXTWELL_SAML_SSO_URL must begin with http")


def test_settings_that_can_be_used_are_no_finding(certificate: str, tmp_path: Path) -> None:
    shown = run(tmp_path, DOCTOR, TEXTWELL_SAML_CERT_FILE=certificate)

    assert "settings: the signing key" in shown.stdout
    assert "SAML" not in shown.stdout


def test_the_other_checks_are_made_without_the_provider(tmp_path: Path) -> None:
    shown = run(tmp_path, DJANGO, TEXTWELL_SAML_CERT_FILE=str(tmp_path / "none"))

    assert shown.stdout == "{}\n", shown.stderr
