"""The SAML 2.0 identity provider of the settings, as allauth wants it."""

import base64
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from textwell.core.errors import FieldError

# Names under which providers send the address: AD FS and Entra, the standard's OID, Okta, Keycloak;
# and under which some say whether they have checked it: Auth0, Keycloak.
ATTRIBUTES = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id"],
    "email": [
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "urn:oid:0.9.2342.19200300.100.1.3",
        "email",
        "mail",
    ],
    "email_verified": [
        "http://schemas.auth0.com/email_verified",
        "email_verified",
        "emailVerified",
    ],
}
MEND_CERTIFICATE = "Name the file with the provider's signing certificate in PEM form."


def build_provider(
    *, entity_id: str, sso_url: str, cert_file: str, name: str, public_url: str
) -> dict[str, Any]:
    """What goes into SOCIALACCOUNT_PROVIDERS.

    Raises:
        FieldError: what it needs is missing or cannot be used.
    """
    if find_spec("onelogin") is None:
        mend = "Install it with its extra: pip install 'textwell[saml]'."
        raise FieldError("TEXTWELL_SAML_ENTITY_ID", "needs the package python3-saml", mend)
    if not sso_url:
        raise FieldError("TEXTWELL_SAML_SSO_URL", "is empty", "Set it, or no entity ID.")
    idp = {"entity_id": entity_id, "sso_url": sso_url, "x509cert": _read_certificate(cert_file)}
    app = {
        "provider_id": entity_id,
        "client_id": "sso",  # in our own addresses
        "name": name,
        "settings": {
            "idp": idp,
            # Not from the request, which may claim any host: an assertion for another site
            # would be one for us.
            "sp": {"entity_id": f"{public_url.rstrip('/')}/sign-in/saml/sso/metadata"},
            "attribute_mapping": ATTRIBUTES,
            "advanced": {
                "strict": True,
                "want_assertion_signed": True,
                "want_attribute_statement": False,
                "reject_deprecated_algorithm": True,
                "reject_idp_initiated_sso": True,
                "allow_single_label_domains": True,
            },
        },
    }
    return {"saml": {"APPS": [app]}}


def _read_certificate(path: str) -> str:
    """Raises FieldError: the file cannot be read, or holds no certificate that python3-saml takes."""
    from cryptography.x509 import load_der_x509_certificate

    try:
        text = Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise FieldError("TEXTWELL_SAML_CERT_FILE", "cannot be read", MEND_CERTIFICATE) from error
    lines = (line.strip() for line in text.splitlines() if not line.startswith("-----"))
    try:
        load_der_x509_certificate(base64.b64decode("".join(lines), validate=True))
    except ValueError as error:
        told = "holds no certificate, or more than one"
        raise FieldError("TEXTWELL_SAML_CERT_FILE", told, MEND_CERTIFICATE) from error
    return text
