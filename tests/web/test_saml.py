"""Sign-in by SAML 2.0 at a local provider, and what is no sign-in."""

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings as DjangoSettings

from builders import PASSWORD, make_user
from saml_provider import AUDIENCE, BACK, ENTITY_ID, NAME_ID, SSO_URL, SamlProvider, request_id
from textwell.accounts.models import AuditEntry, UsedAssertion, User
from textwell.core.clock import now
from textwell.core.settings import Settings

DOOR = "/sign-in/saml/sso"


@pytest.fixture(autouse=True)
def _no_counters(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def provider() -> SamlProvider:
    return SamlProvider()


@pytest.fixture(autouse=True)
def _in_use(provider: SamlProvider, settings: DjangoSettings, tmp_path: Path) -> None:
    conf = Settings(
        saml_entity_id=ENTITY_ID,
        saml_sso_url=SSO_URL,
        saml_cert_file=str(provider.write_certificate(tmp_path)),
        public_url="http://127.0.0.1:8000",
    )
    settings.SOCIALACCOUNT_PROVIDERS = conf.saml_providers()


def begin(client: Client) -> str:
    """Where a sign-in begins: the ID of the request."""
    there = client.get(f"{DOOR}/?next=/campaigns/")
    assert there.url.startswith(SSO_URL + "?")
    return request_id(there.url)


def come_back(client: Client, response: str) -> Any:  # Any: a response
    # The provider's page posts from elsewhere: the browser sends no cookie of the session along.
    kept = client.cookies.pop("sessionid", None)
    posted = client.post(f"{DOOR}/back", {"SAMLResponse": response}, headers={"origin": "null"})
    if kept is not None:
        client.cookies["sessionid"] = kept.value
    assert (posted.status_code, posted.url) == (302, f"{DOOR}/finish")
    return client.get(posted.url)


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_a_person_signs_in_by_the_address_that_the_provider_signs(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    assert "Company sign-in" in client.get("/sign-in").content.decode()
    asked = begin(client)

    answer = come_back(
        client,
        provider.response(provider.assertion(owner.email.upper(), answers=asked), answers=asked),
    )

    assert answer.url == "/campaigns/"
    assert is_in(client)
    assert SocialAccount.objects.get().uid == "person-7"
    assert AuditEntry.objects.filter(action="account.sign_in_connected").count() == 1


def test_a_signed_whole_response_is_taken_too(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)
    inner = provider.assertion(owner.email, answers=asked)

    come_back(client, provider.response(inner, answers=asked, is_signed=True))

    assert is_in(client)


def test_nobody_gets_an_account_by_saml(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)
    inner = provider.assertion("stranger@example.org", answers=asked)

    answer = come_back(client, provider.response(inner, answers=asked))

    assert b"Accounts come by invitation" in answer.content
    assert User.objects.count() == 1


WRONG: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("for another site", {"audience": "https://other.example/metadata"}, {}),
    ("for another address", {"recipient": "https://other.example/back"}, {}),
    ("sent elsewhere", {}, {"destination": "https://other.example/back"}),
    ("expired", {"ends_in_min": -6}, {}),
    ("not begun", {"ends_in_min": -6 * 60}, {}),
    ("not signed", {"is_signed": False}, {}),
    ("signed outside alone", {"is_signed": False}, {"is_signed": True}),
    ("an answer to another request", {"answers": "ONELOGIN_x"}, {}),
    ("another request's answer", {}, {"answers": "ONELOGIN_x"}),
    ("an answer to nobody", {"answers": ""}, {"answers": ""}),
]


@pytest.mark.parametrize(
    ("inner", "outer"),
    [(inner, outer) for _why, inner, outer in WRONG],
    ids=[why for why, _i, _o in WRONG],
)
def test_what_is_wrong_with_an_answer_signs_nobody_in(
    inner: dict[str, Any],
    outer: dict[str, Any],
    client: Client,
    owner: User,
    provider: SamlProvider,
) -> None:
    asked = begin(client)
    said = provider.assertion(owner.email, **({"answers": asked} | inner))

    answer = come_back(client, provider.response(said, **({"answers": asked} | outer)))

    assert answer.status_code == 401
    assert "That sign-in did not work" in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def _forged(provider: SamlProvider, email: str, asked: str) -> str:
    return SamlProvider().assertion(email, answers=asked)


def _changed(provider: SamlProvider, email: str, asked: str) -> str:
    make_user(email="weak@example.org")
    return provider.assertion("weak@example.org", answers=asked).replace("weak@example.org", email)


def _wrapped(provider: SamlProvider, email: str, asked: str) -> str:
    """A right assertion of somebody else beside a made-up one that stands first."""
    right = provider.assertion("weak@example.org", answers=asked)
    return provider.assertion(email, answers=asked, is_signed=False) + right


def _commented(provider: SamlProvider, email: str, asked: str) -> str:
    """An address that ends at a comment for a careless reader."""
    said = provider.assertion(f"{email}X.evil.example", answers=asked)
    return said.replace(f"{email}X", f"{email}<!---->")


@pytest.mark.parametrize("forge", [_forged, _changed, _wrapped, _commented])
def test_a_forged_assertion_signs_nobody_in(
    forge: Any, client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)

    come_back(client, provider.response(forge(provider, owner.email, asked), answers=asked))

    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_second_certificate_s_issuer_is_not_ours(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    other = SamlProvider(issuer="https://other.example", key=provider.key)
    asked = begin(client)

    come_back(client, other.response(other.assertion(owner.email, answers=asked), answers=asked))

    assert not is_in(client)


def test_an_answer_works_once_in_the_same_browser(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)
    response = provider.response(provider.assertion(owner.email, answers=asked), answers=asked)
    come_back(client, response)
    client.post("/sign-out")

    come_back(client, response)

    assert not is_in(client)


def test_an_assertion_works_once_also_inside_another_answer(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    """One that names no request is bound to none; it is known by its own ID."""
    said = provider.assertion(owner.email)
    first, thief = begin(client), Client()
    come_back(client, provider.response(said, answers=first))
    assert is_in(client)

    second = begin(thief)
    come_back(thief, provider.response(said, answers=second))

    assert not is_in(thief)
    assert UsedAssertion.objects.count() == 1


def test_an_answer_that_was_stolen_on_its_way_opens_no_other_browser(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    thief = Client()
    asked = begin(client)
    begin(thief)

    answer = come_back(
        thief,
        provider.response(provider.assertion(owner.email, answers=asked), answers=asked),
    )

    assert answer.status_code == 401
    assert "or in another browser. Go back and begin again." in answer.content.decode()
    assert not is_in(thief)


def test_a_sign_in_that_took_too_long_is_begun_again(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)

    with time_machine.travel(now() + timedelta(minutes=11)):
        said = provider.assertion(owner.email, answers=asked)
        answer = come_back(client, provider.response(said, answers=asked))

    assert answer.status_code == 401
    assert "begun more than ten minutes ago" in answer.content.decode()
    assert not is_in(client)


ENCRYPTED_ID = """<saml:EncryptedID><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"\
 Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod\
 Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/><xenc:CipherData><xenc:CipherValue>\
c2VjcmV0</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedID>"""
OTHER_SITE = NAME_ID.replace(" Format=", ' SPNameQualifier="https://other.example" Format=')


@pytest.mark.parametrize(
    "subject",
    ["", NAME_ID.replace("person-7", ""), NAME_ID.replace("7", "7" * 200), OTHER_SITE],
    ids=["no name", "an empty name", "a name of 207 characters", "another site's"],
)
def test_a_signed_assertion_that_names_nobody_is_refused_in_words(
    subject: str, client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)
    said = provider.assertion(owner.email, answers=asked, subject=subject)

    answer = come_back(client, provider.response(said, answers=asked))

    assert answer.status_code == 401
    assert "The other site did not say who you are." in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_encrypted_answer_is_refused_with_its_mend(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)
    said = provider.assertion(owner.email, answers=asked, subject=ENCRYPTED_ID)
    response = provider.response(said, answers=asked)

    answer = client.post(f"{DOOR}/back", {"SAMLResponse": response}, headers={"origin": "null"})

    assert answer.status_code == 401
    assert "can switch the encryption off" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "more",
    [
        {"email_verified": "false"},
        {"emailVerified": "False"},
        {"http://schemas.auth0.com/email_verified": "0"},
        {"http://schemas.auth0.com/email_verified": "true", "email_verified": "false"},
        {"email_verified": ""},
    ],
)
def test_an_address_that_the_provider_has_not_checked_connects_nobody(
    more: dict[str, str], client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)
    said = provider.assertion(owner.email, answers=asked, more=more)

    answer = come_back(client, provider.response(said, answers=asked))

    assert "Accounts come by invitation" in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_address_that_the_provider_calls_checked_is_as_good_as_one_without_a_word(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    asked = begin(client)
    said = provider.assertion(owner.email, answers=asked, more={"email_verified": " True "})

    come_back(client, provider.response(said, answers=asked))

    assert is_in(client)


@pytest.mark.parametrize(
    "body",
    [
        {"SAMLResponse": "PGEvPg==", "RelayState": "x" * 256 * 1024},
        {"SAMLResponse": base64.b64encode(b"<a>" + b"x" * 200 * 1024 + b"</a>").decode()},
        {"SAMLResponse": "PGEvPg==", "x" * 256 * 1024: ""},
        {"SAMLResponse": "PGEvPg==", "RelayState": ["x" * 100 * 1024] * 3},
    ],
    ids=["another value", "the answer", "a name", "values of one name"],
)
def test_what_is_too_large_for_an_answer_is_not_kept(body: dict[str, Any], client: Client) -> None:
    answer = client.post(
        f"{DOOR}/back",
        urlencode(body, doseq=True),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 401
    assert "That sign-in did not work" in answer.content.decode()
    assert Session.objects.count() == 0


def test_of_what_the_provider_posts_its_answer_alone_is_kept(client: Client) -> None:
    body = {"SAMLResponse": "PGEvPg==", "RelayState": "x" * 1000}

    client.post(f"{DOOR}/back", body)

    [kept] = Session.objects.all()
    assert "POST" in kept.get_decoded()["request"]
    assert "x" * 1000 not in kept.get_decoded()["request"]
    assert "SAMLResponse=PGEvPg%3D%3D" in kept.get_decoded()["request"]


def test_the_request_s_host_counts_for_nothing(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    evil = "https://evil.example/sign-in/saml/sso"
    asked = begin(client)
    said = provider.assertion(
        owner.email, answers=asked, audience=f"{evil}/metadata", recipient=f"{evil}/back"
    )
    response = provider.response(said, answers=asked, destination=f"{evil}/back")

    client.post(f"{DOOR}/back", {"SAMLResponse": response}, headers={"host": "evil.example"})
    client.get(f"{DOOR}/finish", headers={"host": "evil.example"})

    assert not is_in(client)


ENTITIES = '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'


@pytest.mark.parametrize("given", ["", "no XML", "<a", "<a/>", ENTITIES])
def test_what_is_no_answer_is_refused_in_words(given: str, client: Client, owner: User) -> None:
    begin(client)
    body = {"SAMLResponse": base64.b64encode(given.encode()).decode()}

    answer = client.post(f"{DOOR}/back", body, follow=True)

    assert "That sign-in did not work" in answer.content.decode()
    assert not is_in(client)


def test_the_metadata_say_who_we_are_and_where_to_come_back(client: Client) -> None:
    answer = client.get(f"{DOOR}/metadata", headers={"host": "evil.example"})

    text = answer.content.decode()
    assert f'entityID="{AUDIENCE}"' in text
    assert re.findall(r'Location="([^"]+)"', text) == [BACK]
    assert 'WantAssertionsSigned="true"' in text


def test_there_is_no_door_without_a_provider(client: Client, settings: DjangoSettings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {}

    statuses = [
        client.get(f"{DOOR}/").status_code,
        client.post(f"{DOOR}/back", {"SAMLResponse": "x"}).status_code,
        client.get(f"{DOOR}/finish").status_code,
        client.get(f"{DOOR}/metadata").status_code,
        client.get(f"{DOOR}/out").status_code,
    ]

    assert statuses == [404] * 5
    assert "Company sign-in" not in client.get("/sign-in").content.decode()


def test_the_second_factor_is_asked_for_all_the_same(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    asked = begin(client)

    answer = come_back(
        client, provider.response(provider.assertion(owner.email, answers=asked), answers=asked)
    )

    assert answer.url == "/sign-in/code"
    assert not is_in(client)


def test_a_person_connects_an_account_of_another_address(
    client: Client, owner: User, provider: SamlProvider
) -> None:
    client.post("/sign-in", {"email": owner.email, "password": PASSWORD})
    there = client.get(f"{DOOR}/?process=connect&next=/settings/security")
    asked = request_id(there.url)
    inner = provider.assertion("other@example.org", answers=asked)

    come_back(client, provider.response(inner, answers=asked))

    assert SocialAccount.objects.get().user == owner
    assert "connected" in client.get("/settings/security").content.decode()
