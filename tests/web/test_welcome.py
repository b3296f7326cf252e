from django.test import Client

from builders import PASSWORD
from textwell.accounts.models import AuditEntry, Membership, User, Workspace
from textwell.accounts.setup import setup_code
from textwell.gateways.models import Gateway

FORM = {
    "name": "Ada",
    "email": "ada@example.org",
    "password": PASSWORD,
    "brand": "Green Bakery",
    "country": "VN",
    "currency": "VND",
    "zone": "Asia/Ho_Chi_Minh",
    "language": "vi",
}
HERE = {"host": "localhost"}


def test_the_first_visitor_is_led_to_the_welcome_page(client: Client, db: None) -> None:
    answer = client.get("/", follow=True, headers=HERE)

    assert answer.request["PATH_INFO"] == "/welcome"
    assert b"Welcome to Textwell" in answer.content


def test_whoever_fills_it_in_is_the_owner_and_is_signed_in(client: Client, db: None) -> None:
    answer = client.post("/welcome", FORM, headers=HERE)

    assert answer.url == "/"
    workspace = Workspace.objects.get()
    assert (workspace.name, workspace.country, workspace.currency, workspace.zone) == (
        "Green Bakery", "VN", "VND", "Asia/Ho_Chi_Minh",
    )  # fmt: skip
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("ada@example.org", "Ada", "vi")
    assert Membership.objects.get(user=user, workspace=workspace).role == "owner"
    assert client.get("/", headers=HERE).status_code == 200
    gateway = Gateway.objects.get(workspace_id=workspace.id)
    assert (gateway.name, gateway.provider, gateway.currency) == (
        "Simulated carrier", "simulator", "VND",
    )  # fmt: skip
    assert [sender.value for sender in gateway.senders.all()] == ["GreenBakery"]
    actions = AuditEntry.objects.filter(workspace_id=workspace.id).values_list("action", flat=True)
    assert sorted(actions) == [
        "gateway.created", "members.added", "sender.added", "workspace.created",
    ]  # fmt: skip


def test_afterwards_the_page_is_gone(client: Client, owner: User) -> None:
    assert client.get("/welcome", headers=HERE).status_code == 404
    assert client.post("/welcome", FORM, headers=HERE).status_code == 404
    assert User.objects.count() == 1


def test_from_elsewhere_it_needs_the_code_that_was_printed(client: Client, db: None) -> None:
    there = {"REMOTE_ADDR": "203.0.113.7"}
    without = client.post("/welcome", FORM, **there)
    wrong = client.post("/welcome", {**FORM, "code": "AAAA-BBBB-CCCC"}, **there)
    assert (without.status_code, wrong.status_code, User.objects.count()) == (422, 422, 0)

    code = setup_code().lower().replace("-", " ")
    right = client.post("/welcome", {**FORM, "code": code}, **there)

    assert right.url == "/"


def test_a_proxy_on_the_machine_does_not_make_strangers_local(client: Client, db: None) -> None:
    forwarded = client.post("/welcome", FORM, headers={**HERE, "x-forwarded-for": "203.0.113.7"})
    renamed = client.post("/welcome", FORM, headers={"host": "texts.example.org"})

    assert (forwarded.status_code, renamed.status_code) == (422, 422)
    assert User.objects.count() == 0


def test_guessing_the_code_is_slowed_down(client: Client, db: None) -> None:
    there = {"REMOTE_ADDR": "203.0.113.7"}
    for _each in range(5):
        client.post("/welcome", {**FORM, "code": "AAAA-BBBB-CCCC"}, **there)

    answer = client.post("/welcome", {**FORM, "code": setup_code()}, **there)

    assert b"Too many attempts" in answer.content
    assert User.objects.count() == 0


def test_a_weak_password_is_named_and_nothing_is_made(client: Client, db: None) -> None:
    answer = client.post("/welcome", {**FORM, "password": "12345678"}, headers=HERE)

    assert answer.status_code == 422
    assert b"too common" in answer.content
    assert (User.objects.count(), Workspace.objects.count()) == (0, 0)


def test_the_country_comes_from_the_browser(client: Client, db: None) -> None:
    page = client.get("/welcome", headers={**HERE, "accept-language": "fr-CH,fr;q=0.9"})

    assert '<option value="CH" selected>' in page.content.decode()
    assert '<option value="CHF" selected>' in page.content.decode()
