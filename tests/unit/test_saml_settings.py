"""Settings of a SAML provider that cannot be used name the setting and the mend."""

import re

import pytest

from saml_provider import ENTITY_ID, SSO_URL
from textwell.core.errors import FieldError
from textwell.core.settings import Settings


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("TEXTWELL_SAML_SSO_URL", {"saml_cert_file": "/dev/null"}),
        ("TEXTWELL_SAML_CERT_FILE", {"saml_sso_url": SSO_URL, "saml_cert_file": "/no/such/file"}),
        ("TEXTWELL_SAML_CERT_FILE", {"saml_sso_url": SSO_URL, "saml_cert_file": "/dev/null"}),
        ("TEXTWELL_SAML_CERT_FILE", {"saml_sso_url": SSO_URL, "saml_cert_file": __file__}),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_the_start(field: str, values: dict[str, str]) -> None:
    with pytest.raises(FieldError) as told:
        Settings(saml_entity_id=ENTITY_ID, **values).saml_providers()

    assert told.value.field == field


def test_saml_without_its_package_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textwell.core.saml.find_spec", lambda _name: None)

    with pytest.raises(FieldError, match=re.escape("pip install 'textwell[saml]'")):
        Settings(saml_entity_id=ENTITY_ID, saml_sso_url=SSO_URL).saml_providers()
