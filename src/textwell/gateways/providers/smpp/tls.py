"""TLS towards a carrier: certificates checked before they are saved, and why a handshake failed.

All is PEM text (RFC 7468). With a CA of the gateway's own, that CA alone is trusted.
"""

from __future__ import annotations

import secrets
import ssl
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.utils.translation import gettext as _

from textwell.core.errors import FieldError
from textwell.gateways.failures import gettext_noop

CA: Final = "tls_ca"
CLIENT_CERTIFICATE: Final = "tls_client_certificate"
CLIENT_KEY: Final = "tls_client_key"
SERVER_NAME: Final = "tls_server_name"
_ALL: Final = (CA, CLIENT_CERTIFICATE, CLIENT_KEY, SERVER_NAME)

# X509_V_ERR_*, openssl/x509_vfy.h
_NOT_YET_OR_OVER: Final = frozenset({9, 10})
_WRONG_NAME: Final = frozenset({62, 64})

_UNTRUSTED: Final = gettext_noop(
    "The carrier's certificate is not signed by an authority that we trust. Give the carrier's CA"
    " certificate in the settings."
)
_OTHER_NAME: Final = gettext_noop(
    "The carrier's certificate is for another name. Correct the host or the server name in the"
    " settings."
)
_OUT_OF_DATE: Final = gettext_noop(
    "The carrier's certificate has ended or is not valid yet. The carrier must renew it; check this"
    " machine's clock too."
)
_NO_TLS: Final = gettext_noop(
    "The carrier does not speak TLS at this port. Correct the port, or switch TLS off."
)
_CLIENT_WANTED: Final = gettext_noop(
    "The carrier asks for a client certificate. Give the client certificate and its key in the"
    " settings."
)
_CLIENT_REFUSED: Final = gettext_noop(
    "The carrier refuses our client certificate. Give the one that it knows, and its key."
)
_CLOSED: Final = gettext_noop(
    "The carrier closed the TLS connection without an answer. Does it ask for a client certificate?"
)

# TLS alerts by a part of OpenSSL's name for them; RFC 8446 section 6.2.
_ALERTS: Final = ("UNKNOWN_CA", "CERTIFICATE", "ACCESS_DENIED", "HANDSHAKE_FAILURE")
_PLAIN_ANSWERS: Final = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"})


def check_tls(settings: Mapping[str, Any], *, now: datetime | None = None) -> None:
    """Raise FieldError for what could not work: PEM that is none, a key of another certificate."""
    if not settings["tls"]:
        _check_unused(settings)
        return
    if settings[CA]:
        _read_certificates(CA, settings[CA])
    if settings[CLIENT_KEY] and not settings[CLIENT_CERTIFICATE]:
        raise FieldError(
            CLIENT_CERTIFICATE,
            _("is missing, though there is a key."),
            _("Give the certificate that belongs to the key."),
        )
    if settings[CLIENT_CERTIFICATE]:
        _check_client(settings, now or datetime.now(UTC))
    build_context(settings)


def _check_unused(settings: Mapping[str, Any]) -> None:
    if any(settings[name] for name in _ALL):
        raise FieldError(
            "tls",
            _("is off, though settings for TLS are given."),
            _("Switch TLS on, or remove certificates and server name."),
        )


def _read_certificates(field: str, pem: str) -> list[x509.Certificate]:
    if "PRIVATE KEY" in pem:
        raise FieldError(
            field,
            _("holds a private key, and would show it."),
            _("Put the certificate alone here, and the key into its own field."),
        )
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise FieldError(
            field,
            _("is no certificate in PEM form."),
            _("Paste the whole text from BEGIN CERTIFICATE to END CERTIFICATE."),
        ) from None


def _check_client(settings: Mapping[str, Any], now: datetime) -> None:
    own = _read_certificates(CLIENT_CERTIFICATE, settings[CLIENT_CERTIFICATE])[0]
    if own.not_valid_after_utc < now:
        day = own.not_valid_after_utc.date().isoformat()
        raise FieldError(
            CLIENT_CERTIFICATE,
            _("has ended on %(day)s.") % {"day": day},
            _("Ask the carrier for a new one."),
        )
    if not settings[CLIENT_KEY]:
        mend = _("Give the private key that belongs to the client certificate.")
        raise FieldError(CLIENT_KEY, _("is missing."), mend)
    key = _read_key(settings[CLIENT_KEY])
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != own.public_key().public_bytes(*form):
        raise FieldError(
            CLIENT_KEY,
            _("does not belong to the client certificate."),
            _("Give both from the same pair; the client's own certificate stands first."),
        )


def _read_key(pem: str) -> Any:  # Any: cryptography's union of the kinds of keys
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise FieldError(
            CLIENT_KEY,
            _("is locked with a passphrase."),
            _("Give it without one; `openssl pkey` writes it. It is kept sealed here."),
        ) from None
    except ValueError:
        raise FieldError(
            CLIENT_KEY,
            _("is no private key in PEM form."),
            _("Paste the whole text from BEGIN PRIVATE KEY to END PRIVATE KEY."),
        ) from None


def build_context(settings: Mapping[str, Any]) -> ssl.SSLContext:
    """The context for one connection. Raises FieldError for what OpenSSL will not take."""
    context = ssl.create_default_context()
    if settings[CA]:
        context = ssl.create_default_context(cadata=settings[CA])
        # Carriers' own CAs are seldom made by RFC 5280 in all, and some hand out a middle one.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not settings["tls_verify"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings[CLIENT_CERTIFICATE]:
        _load_client(context, settings[CLIENT_CERTIFICATE], settings[CLIENT_KEY])
    return context


def _load_client(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """OpenSSL reads files alone: the key stands in one for a moment, locked with a passphrase."""
    passphrase = secrets.token_bytes(32).hex().encode()
    locked = _read_key(key).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)
    )
    with tempfile.TemporaryDirectory(prefix="textwell-tls-") as folder:
        path = Path(folder) / "client.pem"
        path.write_bytes(certificate.encode() + b"\n" + locked)
        try:
            context.load_cert_chain(path, password=passphrase)
        except ssl.SSLError as error:
            raise FieldError(
                CLIENT_CERTIFICATE,
                _("cannot be used (%(reason)s).") % {"reason": error.reason or error},
                _("Ask the carrier for one with a key that is long enough."),
            ) from None


def describe_handshake(error: Exception | None) -> str:
    """Why TLS was not agreed upon; None: the carrier closed it without a word."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _WRONG_NAME:
            return _OTHER_NAME
        return _OUT_OF_DATE if error.verify_code in _NOT_YET_OR_OVER else _UNTRUSTED
    reason = (error.reason or "") if isinstance(error, ssl.SSLError) else ""
    if reason in _PLAIN_ANSWERS:
        return _NO_TLS
    if "CERTIFICATE_REQUIRED" in reason:
        return _CLIENT_WANTED
    if "ALERT" in reason and any(alert in reason for alert in _ALERTS):
        return _CLIENT_REFUSED
    if reason:
        return f"No TLS connection to the carrier: {reason}"
    return _CLOSED
