"""A small SAML 2.0 identity provider: signs what a test tells it to say."""

import base64
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from xml.etree import ElementTree as ET

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY_ID = "https://idp.example.org/metadata"
SSO_URL = "https://idp.example.org/sso"
AUDIENCE = "http://127.0.0.1:8000/sign-in/saml/sso/metadata"
BACK = "http://127.0.0.1:8000/sign-in/saml/sso/back"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"

RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"\
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0"\
 IssueInstant="{now}" Destination="{destination}"{to}><saml:Issuer>{issuer}</saml:Issuer>\
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>\
</samlp:Status>{assertion}</samlp:Response>"""

ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}"\
 Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject>\
{subject}\
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
<saml:SubjectConfirmationData NotOnOrAfter="{end}" Recipient="{recipient}"{to}/>\
</saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{begin}"\
 NotOnOrAfter="{end}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>\
</saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{now}"\
 SessionIndex="s1"><saml:AuthnContext><saml:AuthnContextClassRef>\
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>\
</saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="email">\
<saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute>{more}\
</saml:AttributeStatement>\
</saml:Assertion>"""

NAME_ID = """<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">\
person-7</saml:NameID>"""

ATTRIBUTE = """<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue>\
</saml:Attribute>"""


def request_id(address: str) -> str:
    """The ID of the request with which a browser was sent to the provider."""
    packed = base64.b64decode(parse_qs(urlsplit(address).query)["SAMLRequest"][0])
    root = ET.fromstring(zlib.decompress(packed, -15))
    assert root.attrib["AssertionConsumerServiceURL"] == BACK
    return root.attrib["ID"]


def _moment(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class SamlProvider:
    """Keeps one key; another provider is a forger."""

    issuer: str = ENTITY_ID
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    @cached_property
    def certificate(self) -> str:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp.example.org")])
        start = datetime.now(UTC) - timedelta(days=1)
        built = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=30))
            .sign(self.key, hashes.SHA256())
        )
        return built.public_bytes(serialization.Encoding.PEM).decode()

    def write_certificate(self, folder: Path) -> Path:
        path = folder / "idp.pem"
        path.write_text(self.certificate)
        return path

    def assertion(
        self,
        email: str,
        *,
        answers: str = "",
        audience: str = AUDIENCE,
        recipient: str = BACK,
        ends_in_min: float = 5,
        is_signed: bool = True,
        subject: str = NAME_ID,
        more: dict[str, str] | None = None,
    ) -> str:
        """`subject`: the element that names the person; `more`: attributes beside the address."""
        text = ASSERTION.format(
            id=f"a{uuid4().hex}",
            issuer=self.issuer,
            subject=subject,
            email=email,
            more="".join(ATTRIBUTE.format(name=k, value=v) for k, v in (more or {}).items()),
            audience=audience,
            recipient=recipient,
            to=f' InResponseTo="{answers}"' if answers else "",
            now=_moment(min(0, ends_in_min - 5)),
            begin=_moment(min(0, ends_in_min - 5)),
            end=_moment(ends_in_min),
        )
        return self._sign(text) if is_signed else text

    def response(
        self,
        assertion: str,
        *,
        answers: str = "",
        destination: str = BACK,
        is_signed: bool = False,
    ) -> str:
        """What the browser posts, in base64."""
        text = RESPONSE.format(
            id=f"r{uuid4().hex}",
            issuer=self.issuer,
            destination=destination,
            to=f' InResponseTo="{answers}"' if answers else "",
            now=_moment(0),
            assertion=assertion,
        )
        whole = self._sign(text) if is_signed else text
        return base64.b64encode(whole.encode()).decode()

    def _sign(self, text: str) -> str:
        pem = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        signed: bytes = OneLogin_Saml2_Utils.add_sign(
            text, pem.decode(), self.certificate, False, RSA_SHA256, SHA256
        )
        return signed.decode()
