from django.test import Client

from builders import PASSWORD
from textwell.accounts.models import User


def _attempt(client: Client, email: str, password: str, next_url: str = "/") -> object:
    return client.post("/sign-in", {"email": email, "password": password, "next": next_url})


def test_a_page_sends_a_stranger_to_the_sign_in_page_and_back(client: Client, owner: User) -> None:
    first = client.get("/campaigns/")
    assert (first.status_code, first.url) == (302, "/sign-in?next=/campaigns/")

    answer = client.post(
        first.url, {"email": owner.email, "password": PASSWORD, "next": "/campaigns/"}
    )

    assert (answer.status_code, answer.url) == (302, "/campaigns/")
    assert client.get("/campaigns/").status_code == 200


def test_the_address_is_read_in_any_case(client: Client, owner: User) -> None:
    assert _attempt(client, owner.email.upper(), PASSWORD).status_code == 302


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(
    client: Client, owner: User
) -> None:
    wrong = _attempt(client, owner.email, "something else").content
    unknown = _attempt(client, "nobody@example.org", "something else").content

    assert b"The e-mail address or the password is wrong." in wrong
    assert b"The e-mail address or the password is wrong." in unknown
    assert "_auth_user_id" not in client.session


def test_the_sixth_wrong_password_has_to_wait_even_with_the_right_one(
    client: Client, owner: User
) -> None:
    for _each in range(5):
        _attempt(client, owner.email, "wrong")

    answer = _attempt(client, owner.email, PASSWORD)

    assert answer.status_code == 429
    assert b"Too many attempts" in answer.content
    assert "_auth_user_id" not in client.session


def test_sign_in_never_leads_to_another_site(client: Client, owner: User) -> None:
    assert _attempt(client, owner.email, PASSWORD, "https://evil.example/").url == "/"


def test_signing_out_needs_a_post(owner_client: Client) -> None:
    assert owner_client.get("/sign-out").status_code == 405
    assert owner_client.get("/").status_code == 200

    owner_client.post("/sign-out")

    assert owner_client.get("/").status_code == 302


def test_a_part_asked_for_after_the_session_ended_sends_the_whole_page_to_the_door(
    client: Client, db: None
) -> None:
    answer = client.get("/campaigns/1/live/part", headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == "/sign-in"
    assert answer.content == b""
