"""Second factors, recovery, passkeys' pages, single sign-on, sessions: by the pages themselves."""

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from builders import PASSWORD, make_user
from oidc_provider import CLIENT_ID, SECRET, Provider, running_provider
from textwell.accounts.models import AuditEntry, User, Workspace

NEW_PASSWORD = "a completely different phrase"


@pytest.fixture(autouse=True)
def _no_counters(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(client: Client, user: User, password: str = PASSWORD) -> str:
    """Where the password leads."""
    return client.post("/sign-in", {"email": user.email, "password": password}).url


def code_of(secret: str, *, after_s: float = 0) -> str:
    """What the app shows then; one code is shown for 30 seconds."""
    return format_hotp_value(hotp_value(secret, int(time.time() + after_s) // 30))


def switch_on_codes(client: Client) -> str:
    """The secret of the app; the client has said again who it is."""
    client.post("/settings/confirm?next=/settings/codes/on", {"password": PASSWORD})
    page = client.get("/settings/codes/on").content.decode()
    secret = re.search(r'class="key">(\w+)<', page)[1]
    answer = client.post("/settings/codes/on", {"code": code_of(secret)})
    assert (answer.status_code, answer.url) == (302, "/settings/recovery-codes")
    return secret


@pytest.fixture
def coded(client: Client, owner: User) -> str:
    """The secret of an owner who is asked for codes; `client` is signed out again."""
    sign_in(client, owner)
    secret = switch_on_codes(client)
    client.post("/sign-out")
    cache.clear()  # the code that switched it on counts as used
    return secret


def test_the_password_alone_does_not_sign_in_where_codes_are_asked_for(
    client: Client, owner: User, coded: str
) -> None:
    assert sign_in(client, owner) == "/sign-in/code"
    assert client.get("/").url == "/sign-in?next=/"

    answer = client.post("/sign-in/code", {"code": code_of(coded)})

    assert answer.url == "/"
    assert client.get("/").status_code == 200


def test_a_code_works_once(client: Client, owner: User, coded: str) -> None:
    code = code_of(coded)
    sign_in(client, owner)
    client.post("/sign-in/code", {"code": code})
    client.post("/sign-out")
    sign_in(client, owner)

    client.post("/sign-in/code", {"code": code})

    assert client.get("/").status_code == 302


@pytest.mark.parametrize("after_s", [-30, 30])
def test_a_code_of_the_period_before_or_after_is_right(
    client: Client, owner: User, coded: str, after_s: int
) -> None:
    """It was typed in its last second, or the phone's clock is not ours."""
    sign_in(client, owner)

    client.post("/sign-in/code", {"code": code_of(coded, after_s=after_s)})

    assert client.get("/").status_code == 200


def test_an_older_code_is_wrong(client: Client, owner: User, coded: str) -> None:
    sign_in(client, owner)

    client.post("/sign-in/code", {"code": code_of(coded, after_s=-90)})

    assert client.get("/").status_code == 302


@pytest.mark.parametrize("later_s", [35, 59])
def test_a_used_code_stays_used_while_it_would_be_right(
    client: Client, owner: User, coded: str, later_s: int
) -> None:
    start = int(time.time()) // 30 * 30
    with time_machine.travel(start, tick=False):
        code = code_of(coded, after_s=30)
        sign_in(client, owner)
        client.post("/sign-in/code", {"code": code})
        assert client.get("/").status_code == 200
        client.post("/sign-out")
    with time_machine.travel(start + later_s, tick=False):
        sign_in(client, owner)

        client.post("/sign-in/code", {"code": f"{code[:3]} {code[3:]}"})

        assert client.get("/").status_code == 302


def test_guessing_codes_is_slowed_down(client: Client, owner: User, coded: str) -> None:
    sign_in(client, owner)
    for _each in range(5):
        client.post("/sign-in/code", {"code": "000000"})

    client.post("/sign-in/code", {"code": code_of(coded)})

    assert client.get("/").status_code == 302


def test_a_recovery_code_opens_once(client: Client, owner: User, coded: str) -> None:
    row = Authenticator.objects.get(user=owner, type="recovery_codes")
    code = row.wrap().get_unused_codes()[0]
    sign_in(client, owner)

    client.post("/sign-in/code", {"code": code})

    assert client.get("/").status_code == 200
    row.refresh_from_db()
    assert len(row.wrap().get_unused_codes()) == 9


def test_the_secret_of_the_codes_is_sealed_in_the_database(owner: User, coded: str) -> None:
    row = Authenticator.objects.get(user=owner, type="totp")

    assert row.data["secret"].startswith("sealed:1:")
    assert coded not in str(row.data)


def test_a_new_factor_is_in_the_log_of_the_workspace(
    workspace: Workspace, owner: User, coded: str
) -> None:
    entry = AuditEntry.objects.filter(action="account.factor_added").first()

    assert (entry.workspace_id, entry.actor) == (workspace.id, f"user:{owner.id}")


def test_how_one_gets_in_is_changed_only_by_who_gives_the_password_again(
    client: Client, owner: User
) -> None:
    sign_in(client, owner)

    first = client.get("/settings/codes/on")

    assert first.url == "/settings/confirm?next=%2Fsettings%2Fcodes%2Fon"
    assert client.get("/settings/passkeys/new").url.startswith("/settings/confirm?")


def test_a_forgotten_password_is_renewed_by_mail_at_the_operator_s_address(
    client: Client, owner: User
) -> None:
    client.post("/password/forgotten", {"email": owner.email}, headers={"host": "evil.example"})
    link = re.search(r"http://\S+", mail.outbox[0].body)[0]
    assert link.startswith("http://127.0.0.1:8000/password/new/")

    form = client.get(urlsplit(link).path)
    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(form.url, new)

    assert sign_in(client, owner, NEW_PASSWORD) == "/"
    assert AuditEntry.objects.filter(action="account.password_reset").count() == 1


def test_a_reset_says_nothing_about_who_has_an_account(client: Client, owner: User) -> None:
    known = client.post("/password/forgotten", {"email": owner.email})
    unknown = client.post("/password/forgotten", {"email": "nobody@example.org"})

    assert known.url == unknown.url == "/password/mailed"
    assert [message.to for message in mail.outbox] == [[owner.email]]


def test_changing_the_password_signs_other_devices_out(client: Client, owner: User) -> None:
    other = Client()
    sign_in(client, owner)
    sign_in(other, owner)
    new = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    client.post("/settings/password", new)

    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_one_device_signs_another_out(client: Client, owner: User) -> None:
    other = Client(
        headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
    )
    sign_in(client, owner)
    sign_in(other, owner)
    there = UserSession.objects.get(session_key=other.session.session_key)
    assert "Firefox" in client.get("/settings/security").content.decode()

    client.post(f"/settings/sessions/{there.id}/end")

    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_a_session_tells_when_it_was_last_used(
    client: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, owner)
    session = UserSession.objects.get()
    later = time.time() + 301
    monkeypatch.setattr("textwell.web.middleware.time.time", lambda: later)

    client.get("/")

    assert UserSession.objects.get().last_seen_at > session.last_seen_at


def test_nobody_signs_out_somebody_else_s_device(client: Client, owner: User) -> None:
    stranger = make_user()
    other = Client()
    sign_in(client, owner)
    sign_in(other, stranger)
    theirs = UserSession.objects.get(user=stranger)

    assert client.post(f"/settings/sessions/{theirs.id}/end").status_code == 404
    assert UserSession.objects.filter(id=theirs.id).exists()


def test_all_other_devices_are_signed_out_at_once(client: Client, owner: User) -> None:
    others = [Client(), Client()]
    for each in [client, *others]:
        sign_in(each, owner)

    client.post("/settings/sessions/end")

    assert [each.get("/").status_code for each in [client, *others]] == [200, 302, 302]


@pytest.mark.parametrize("path", ["/sign-up", "/accounts/signup/", "/accounts/email/"])
def test_nobody_signs_up(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


def use_provider(settings: Settings, provider: Provider) -> None:
    app = {
        "provider_id": "sso",
        "name": "Company sign-in",
        "client_id": CLIENT_ID,
        "secret": SECRET,
        "settings": {"server_url": provider.issuer},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    }


def by_provider(client: Client) -> object:
    """The answer to somebody who comes back from the provider."""
    there = client.get("/sign-in/oidc/sso/").url
    state = parse_qs(urlsplit(there).query)["state"][0]
    return client.get("/sign-in/oidc/sso/back", {"code": "c", "state": state})


def test_single_sign_on_knows_a_person_by_the_verified_address(
    client: Client, owner: User, settings: Settings
) -> None:
    with running_provider(sub="7", email=owner.email.upper(), email_verified=True) as provider:
        use_provider(settings, provider)
        assert "Company sign-in" in client.get("/sign-in").content.decode()
        answer = by_provider(client)

    assert answer.url == "/"
    assert client.get("/").status_code == 200
    assert b"code_verifier=" in provider.token_requests[0]
    owner.refresh_from_db()
    assert owner.has_usable_password()


def test_single_sign_on_asks_for_the_second_factor_too(
    client: Client, owner: User, coded: str, settings: Settings
) -> None:
    with running_provider(sub="7", email=owner.email, email_verified=True) as provider:
        use_provider(settings, provider)
        answer = by_provider(client)

    assert answer.url == "/sign-in/code"


@pytest.mark.parametrize(
    ("why", "claims"),
    [
        ("not verified", {"email": "OWNER", "email_verified": False}),
        ("nobody here", {"email": "stranger@example.org", "email_verified": True}),
    ],
)
def test_single_sign_on_makes_no_account(
    why: str, claims: dict[str, object], client: Client, owner: User, settings: Settings
) -> None:
    claims = claims | ({"email": owner.email} if claims["email"] == "OWNER" else {})
    with running_provider(sub="8", **claims) as provider:
        use_provider(settings, provider)
        answer = by_provider(client)

    assert b"Accounts come by invitation" in answer.content
    assert User.objects.count() == 1
    assert client.get("/").status_code == 302


def test_an_answer_that_nobody_asked_for_signs_nobody_in(
    client: Client, owner: User, settings: Settings
) -> None:
    with running_provider(sub="7", email=owner.email, email_verified=True) as provider:
        use_provider(settings, provider)
        answer = client.get("/sign-in/oidc/sso/back", {"code": "c", "state": "made up"})

    assert b"That sign-in did not work" in answer.content
    assert client.get("/").status_code == 302


OWN_PAGES = [
    "/settings/security", "/settings/password", "/settings/codes/on", "/settings/passkeys/new",
    "/settings/recovery-codes", "/settings/recovery-codes/new", "/settings/codes/off",
    "/settings/confirm", "/password/forgotten", "/password/mailed", "/password/new/1-no/",
    "/password/new/done", "/sign-in/off", "/sign-in/canceled", "/sign-in/failed", "/sign-in",
]  # fmt: skip


@pytest.mark.parametrize("path", OWN_PAGES)
def test_every_page_of_the_account_is_ours_and_holds_no_inline_code(
    path: str, client: Client, owner: User
) -> None:
    sign_in(client, owner)
    switch_on_codes(client)
    if path.startswith(("/password", "/sign-in")):
        client.post("/sign-out")

    answer = client.get(path, follow=True)

    page = answer.content.decode()
    assert "textwell/textwell.css" in page
    assert not re.search(r" on\w+=| style=|<style", page)
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
    assert inline == []
