"""Nothing that a browser may send is a fault of ours, and every refusal has a page that says what."""

import inspect
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern

from addresses import PATTERNS
from builders import PASSWORD, make_campaign, make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.contacts.models import ImportRun
from textwell.web.own_urls import DOOR, OWN
from wide import WIDE, share

NULL = "a\x00b"
NAMES = ("q", "tag", "list", "after", "operator", "region", "place", "term", "state", "reason", "code",
         "country", "segments", "reaction", "intent", "link", "campaign", "next", "page")  # fmt: skip
TEXTS = [NULL, "x" * 5_000, "-1", "9" * 40, "\ud800", "1e5", "%", "\\", "'; --", "\u202e", "²"]
UNREAD = (NULL, "x" * 5_000, "\ud800", "²")  # enough where no view looks at the query
SIGN_OUT = {"sign_out", "account_logout"}


@pytest.fixture
def ids(workspace: Workspace) -> dict[str, Any]:
    gateway = make_gateway(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    contact = make_contact(workspace=workspace)
    run = ImportRun.objects.create(workspace_id=workspace.id, filename="a.csv", actor="system")
    return {"campaign_id": campaign.id, "gateway_id": gateway.id, "contact_id": contact.id,
            "run_id": run.id}  # fmt: skip


@pytest.fixture
def visitor(pattern: URLPattern, client: Client, owner_client: Client) -> Client:
    """Somebody whom that page lets in."""
    if pattern in DOOR:
        return client
    if pattern in OWN:  # who has just said again who they are
        owner_client.post("/settings/confirm", {"password": PASSWORD})
    return owner_client


def fill(pattern: URLPattern, ids: dict[str, Any], text: str, number: int | None = None) -> str:
    path = "/" + str(pattern.pattern).removeprefix("^").removesuffix("$")
    for name, value in ids.items():
        path = path.replace(f"<int:{name}>", str(value if number is None else number))
    path = re.sub("<int:[a-z_]+>", "1" if number is None else str(number), path)
    path = path.replace("(?P<uidb36>[0-9A-Za-z]+)", "1").replace("(?P<key>.+)", text)
    path = re.sub("<(str|slug):[a-z_]+>", lambda _found: text, path)
    assert not re.search("[<>^$]", path.replace(text, "")), path
    return path


def reads_the_query(pattern: URLPattern) -> bool:
    module = inspect.getmodule(inspect.unwrap(pattern.callback))
    return module is not None and "request.GET" in inspect.getsource(module)


def addresses(pattern: URLPattern, ids: dict[str, Any]) -> dict[str, str]:
    """What a browser may ask this page for, each once, with a word about it."""
    found = {}
    for number in (0, 2**31, 2**63, 10**30):
        found[fill(pattern, ids, "simulator", number)] = str(number)
    turn = PATTERNS.index(pattern)
    is_read = reads_the_query(pattern)
    asked = {*(share(TEXTS, turn=turn) if is_read else share(UNREAD, turn=turn, of=2))}
    for text in TEXTS:
        odd = urlencode({"": text}, errors="surrogatepass")[1:]
        found[fill(pattern, ids, odd)] = f"path {text[:9]}"
        if WIDE or text in asked:
            sent = urlencode(dict.fromkeys(NAMES, text), errors="surrogatepass")
            found[f"{fill(pattern, ids, 'x')}?{sent}"] = text[:9]
    for name in share(NAMES, turn=turn) if is_read else ():
        found[f"{fill(pattern, ids, 'simulator')}?{urlencode({name: '²'})}"] = f"{name} ²"
    return found


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_no_page_fails_on_what_it_is_given(
    visitor: Client, ids: dict[str, Any], pattern: URLPattern
) -> None:
    if pattern.name in SIGN_OUT:
        return
    asked = addresses(pattern, ids)

    statuses = {word: visitor.get(address).status_code for address, word in asked.items()}

    assert {word: status for word, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_no_form_fails_on_what_it_is_given(
    visitor: Client, ids: dict[str, Any], pattern: URLPattern
) -> None:
    path = fill(pattern, ids, "simulator")
    shown = visitor.get(path)
    form = shown.context.get("form") if shown.context else None
    names = (
        [*form.fields] if form is not None else ["name", "reason", "msisdn", "part", "workspace"]
    )

    texts = share(["x" * 5_000, "-1", "9" * 40, "²"], turn=PATTERNS.index(pattern), of=2)
    statuses = {
        text[:9]: visitor.post(path, dict.fromkeys(names, text)).status_code for text in texts
    }

    assert {key: status for key, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize(
    "address",
    ["/contacts/?q=%00", "/contacts/?tag=%00", "/campaigns/{campaign_id}/people?operator=%00",
     "/campaigns/{campaign_id}/people?region=%00", "/sign-in?next=%00"],
)  # fmt: skip
def test_a_null_character_in_an_address_has_a_page_that_names_the_field(
    owner_client: Client, ids: dict[str, Any], address: str
) -> None:
    answer = owner_client.get(address.format(**ids))

    name = address.partition("?")[2].partition("=")[0]
    assert answer.status_code == 422
    assert f"“{name}” holds a null character" in answer.content.decode()


def test_a_null_character_in_a_path_is_no_page(owner_client: Client) -> None:
    assert owner_client.get("/gateways/new/%00").status_code == 404


def test_a_null_character_in_a_form_changes_nothing(
    owner_client: Client, workspace: Workspace
) -> None:
    answer = owner_client.post("/settings/", {"part": "workspace", "name": NULL})

    workspace.refresh_from_db()
    assert (answer.status_code, workspace.name) == (422, "Green Bakery")


def test_a_null_character_in_a_cookie_is_a_visit_without_cookies(client: Client, db: None) -> None:
    answer = client.get("/", headers={"cookie": r'sessionid="' + r"\000" * 9 + '"'})

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=/")


@pytest.mark.parametrize(
    "content",
    [bytes(range(256)) * 40, b"Phone\x00,Name\n" + b"+33612345678,Ada\n" * 40, b"\x00" * 500,
     b"\xff\xfe\x00\xd8,a\n1,2\n"],
    ids=["every octet", "null in the header", "nulls", "half a surrogate"],
)  # fmt: skip
def test_a_file_that_is_no_text_is_refused_beside_its_field(
    owner_client: Client, content: bytes
) -> None:
    answer = owner_client.post(
        "/contacts/imports/new", {"file": SimpleUploadedFile("people.csv", content)}
    )

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_a_page_that_is_only_for_forms_says_so(owner_client: Client, ids: dict[str, Any]) -> None:
    answer = owner_client.get(f"/campaigns/{ids['campaign_id']}/launch")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address is not a page to look at" in answer.content.decode()
