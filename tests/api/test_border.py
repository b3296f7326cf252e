"""Nothing that a program may send is a fault of ours, and every refusal names its field and mend."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway, make_member
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import Role
from textwell.api.app import api
from textwell.api.border import query_names
from textwell.campaigns.models import Campaign
from textwell.consent.models import Register
from textwell.consent.suppressing import suppress_number
from textwell.consent.topics import define_brand, define_topic
from textwell.contacts.actions import create_list
from textwell.contacts.models import Contact, ImportRun, SavedFilter
from textwell.core.clock import now
from textwell.gateways.models import RegisteredTemplate, Registration, RegistrationDocument
from textwell.inbox.models import CannedAnswer, Thread
from textwell.messaging.models import ExceptionDay, SavedText
from textwell.privacy.erasing import make_request
from textwell.programmes.actions import create_programme
from wide import share

pytestmark = pytest.mark.django_db

NULL = "a\x00b"
NASTY: list[Any] = [  # values of JSON that some field of some operation is not ready for
    NULL, "\u202e", "x" * 100_000, "\ud83d", "{{ a", "%", "", -1, 0, 2**31, 2**63, 2**80, 1e400,
    True, None, [], {}, [NULL], {NULL: 1}, {"a": {"b": [NULL]}}, [[[[]]]],
]  # fmt: skip
TEXTS = [NULL, "x" * 5_000, "-1", "9" * 40, "\ud800", "1e5", "%", "\\", "'; --", "\u202e", "nan"]


def operations() -> Iterator[tuple[str, str, Any]]:
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    parts = [part for part in f"{bound.prefix}/{path}".split("/") if part]
                    full = "/" + "/".join(parts).replace("{int:", "{")
                    yield (
                        method,
                        full,
                        (operation, document["paths"][f"/api/v1{full}"][method.lower()]),
                    )


OPERATIONS = [*operations()]
IDS = [f"{method} {path}" for method, path, _rest in OPERATIONS]


@pytest.fixture
def ids(program: Program) -> dict[str, int]:
    """Something of each kind, for the places in paths."""
    gateway = make_gateway(workspace=program.workspace)
    campaign = make_campaign(workspace=program.workspace, gateway=gateway)
    contact = make_contact(workspace=program.workspace)
    run = ImportRun.objects.create(workspace_id=program.workspace.id, filename="a", actor="system")
    made = create_list(workspace_id=program.workspace.id, name="One")
    text = SavedText.objects.create(workspace_id=program.workspace.id, name="Spring", body="Bread")
    workspace_id = program.workspace.id
    thread = Thread.objects.create(
        workspace_id=workspace_id, contact_id=contact.id, last_at=now(), place=1
    )
    registration = Registration.objects.create(
        workspace_id=workspace_id, value="BAKERY", kind="alphanumeric", country="VN", purpose="care"
    )
    paper = RegistrationDocument.objects.create(
        registration=registration, name="a", content_type="image/png", size=1, sha256="0", body=b"a"
    )
    programme = create_programme(workspace=program.workspace, actor="system", name="Bread club")
    register = Register.objects.create(
        workspace_id=workspace_id, key="a", name="A", country="VN", checked_at=now(),
        number_count=0, filename="a", actor="system",
    )  # fmt: skip
    canned = CannedAnswer.objects.create(workspace_id=workspace_id, name="Hours", body="From 7.")
    return {
        "campaign": campaign.id,
        "contact": contact.id,
        "gateway": gateway.id,
        "sender": gateway.senders.get().id,
        "registration": paper.registration_id,
        "document": paper.id,
        "text": RegisteredTemplate.objects.create(
            registration=registration, name="a", text="a", longest=30
        ).id,
        "register": register.id,
        "exception": ExceptionDay.objects.create(
            workspace_id=workspace_id,
            country="CN",
            day="2030-11-11",
            name="A",
            reason="A",
            asked_by="system",
        ).id,
        "filter": SavedFilter.objects.create(
            workspace_id=program.workspace.id, name="A", tag="a"
        ).id,
        "import": run.id,
        "key": create_api_key(
            workspace=program.workspace, name="A", scopes=["events:write"], actor="system"
        )[0].id,
        "user": make_member(workspace=program.workspace, role=Role.READER).id,
        "list": made.id,
        "template": text.id,
        "thread": thread.id,
        "programme": programme.id,
        "placement": programme.placements.get().id,
        "canned": canned.id,
        "erasure": make_request(program.workspace.id, [1], reason="a", actor="system").id,
        "suppression": suppress_number(
            workspace_id=program.workspace.id, msisdn="+33610000099", source="", actor="system"
        ).id,
        "topic": define_topic(
            workspace_id=workspace_id, key="offers", name="Offers", actor="system"
        ).id,
        "brand": define_brand(
            workspace_id=workspace_id, key="lotus", name="Lotus", actor="system"
        ).id,
    }


def fill(path: str, ids: dict[str, int], number: int | None = None) -> str:
    for name in (
        "campaign",
        "contact",
        "gateway",
        "sender",
        "registration",
        "register",
        "exception",
        "document",
        "text",
        "filter",
        "import",
        "key",
        "user",
        "invitation",
        "list",
        "message",
        "endpoint",
        "delivery",
        "stop",
        "suppression",
        "erasure",
        "template",
        "topic",
        "brand",
        "thread",
        "canned",
        "programme",
        "placement",
    ):
        chosen = ids.get(name, 1) if number is None else number
        path = path.replace("{" + name + "_id}", str(chosen))
    path = path.replace("{country}", "FR").replace("{language}", "en")
    path = path.replace("{version}", "FR@2031-01-01")
    assert "{" not in path, path
    return path


def bodies(example: Any, *, turn: int = 0) -> Iterator[Any]:
    """The example with each of its values, one after the other, made nasty."""
    yield from share(NASTY, turn=turn)
    if isinstance(example, dict):
        for number, (name, value) in enumerate(example.items(), turn + 1):
            yield from ({**example, name: each} for each in bodies(value, turn=number))
        yield {**example, NULL: 1}
    if isinstance(example, list) and example:
        yield from ([each] for each in bodies(example[0], turn=turn + 1))


def check(answer: Any, what: object) -> None:
    assert answer.status_code < 500, (what, answer.content)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", what
        problem = answer.json()
        assert problem["title"], what
        if answer.status_code == 422 and "reason" not in problem:
            assert problem.get("errors"), (what, problem)
        for error in problem.get("errors", ()):
            assert all(error.get(name) for name in ("field", "problem", "mend")), (what, error)
            assert not error["problem"].startswith(("Input should", "Value error")), what


@pytest.mark.usefixtures("streams")
@pytest.mark.parametrize(("method", "path", "rest"), OPERATIONS, ids=IDS)
def test_no_operation_fails_on_what_it_is_given(
    program: Program, ids: dict[str, int], method: str, path: str, rest: Any
) -> None:
    operation, details = rest
    for number in (0, 2**31, 2**63, 10**30):
        far = fill(path, ids, number)
        check(program.get(far) if method == "GET" else program.send(method.lower(), far, {}), far)
    turn = IDS.index(f"{method} {path}")
    if method == "GET":
        for number, name in enumerate((*query_names(operation), "bogus", NULL), turn):
            for text in share(TEXTS, turn=number):
                query = urlencode({name: text}, errors="surrogatepass")
                answer = program.get(f"{fill(path, ids)}?{query}")
                check(answer, (path, name, text[:20]))
        return
    media = details.get("requestBody", {}).get("content", {}).get("application/json", {})
    for body in bodies(media.get("example"), turn=turn):
        sent = program.send(method.lower(), fill(path, ids), json.dumps(body))
        check(sent, (path, str(body)[:200]))


def test_a_name_that_no_operation_knows_is_refused_with_the_known_ones(program: Program) -> None:
    campaign = make_campaign(workspace=program.workspace)

    answer = program.get(f"/campaigns/{campaign.id}/people", bogus=1)

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "bogus")
    assert error["mend"].startswith("Use one of: after, limit, term, state")


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("post", "/contacts", {"msisdn": "+33612345678", "first_name": NULL}, "first_name"),
        ("post", "/contacts/bulk", {"contacts": [{"msisdn": NULL}]}, "contacts.0.msisdn"),
        ("post", "/contacts", {"msisdn": "+33612345678", NULL: 1}, "a\\u0000b"),
        ("post", "/messages", {"to": "+33612345678", "body": NULL}, "body"),
        ("post", "/stop-all", {"reason": NULL}, "reason"),
        ("post", "/campaigns", {"name": "A", "fallbacks": {"first_name": NULL}},
         "fallbacks.first_name"),
    ],
)  # fmt: skip
def test_a_null_character_is_refused_with_its_field(
    program: Program, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    answer = program.send(method, path, body)

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, field)
    assert error["problem"] == "holds a null character"
    assert not Contact.objects.exists()
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("given_at", "status"),
    [("2026-01-02T03:00:00-17:25", 201), ("2026-01-02T03:00:00+23:59", 201),
     ("0001-01-01T00:00:00+05:00", 422), ("9999-12-31T23:59:00-05:00", 422)],
)  # fmt: skip
def test_a_time_is_taken_at_any_offset_and_refused_beyond_the_calendar(
    program: Program, ids: dict[str, int], given_at: str, status: int
) -> None:
    given = {"source": "a", "wording": "Yes", "given_at": given_at}

    answer = program.post(f"/contacts/{ids['contact']}/opt-in", given)

    assert answer.status_code == status
    check(answer, given_at)


def test_a_text_that_only_speaks_of_a_null_character_is_taken(program: Program) -> None:
    answer = program.post("/lists", {"name": "\\u0000"})

    assert (answer.status_code, answer.json()["name"]) == (201, "\\u0000")


def test_without_a_key_the_answer_is_that_one_is_needed(program: Program) -> None:
    answer = program.client.get("/api/v1/contacts?bogus=1")

    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/contacts/one", "/api/v2/contacts"])
def test_an_unknown_path_is_a_problem(program: Program, method: str, path: str) -> None:
    answer = getattr(program.client, method)(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "urn:textwell:problem:not_found"


def test_another_method_is_a_problem_that_names_those_allowed(program: Program) -> None:
    answer = program.send("delete", "/contacts", None)

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert sorted(answer["Allow"].split(", ")) == ["GET", "POST"]
    assert answer.json()["type"] == "urn:textwell:problem:method_not_allowed"


def test_a_body_that_is_too_large_says_how_much_is_taken(program: Program, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2

    answer = program.post("/contacts/bulk", "[" + " " * 1024**2 + "]", key="a")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (413, "body")
    assert answer.json()["type"] == "urn:textwell:problem:too_large"


@pytest.mark.parametrize(
    ("given", "problem", "mend"),
    [
        ({"cap_count": -1}, "is too small", "Give 0 or more."),
        ({"cap_count": 2_000}, "is too large", "Give 1000 or less."),
        ({"cap_count": "many"}, "is no whole number", "Give a whole number, such as 12."),
        ({"name": ""}, "is too short", "Give 1 characters at least."),
        ({"lane": "fast"}, "is unknown", "Use one of: 'urgent', 'care' or 'bulk'."),
        ({"expires_at": "soon"}, "is no time", "Write it like 2026-11-24T09:00:00Z."),
        ({"expires_at": "2026-11-24T09:00:00"}, "has no offset from UTC",
         "Add the offset, such as Z or +07:00."),
        ({"links": [{"url": "ftp://x"}]}, "is no web address",
         "Write it in full, as in https://example.org/sale."),
        ({"colour": 1}, "is not known here", "Leave it out, or correct its name."),
    ],
)  # fmt: skip
def test_pydantics_refusals_are_in_our_words(
    program: Program, given: dict[str, Any], problem: str, mend: str
) -> None:
    answer = program.post("/campaigns", {"name": "A", **given})

    (error,) = answer.json()["errors"]
    assert (error["problem"], error["mend"]) == (problem, mend)


def test_a_value_that_may_be_of_several_types_is_refused_once(program: Program) -> None:
    answer = program.post("/contacts", {"msisdn": "+33612345678", "fields": {"city": [1]}})

    assert answer.json()["errors"] == [
        {
            "field": "fields.city",
            "problem": "has the wrong type",
            "mend": "Give a text, a number, true, false or null.",
        }
    ]


def test_a_preview_of_an_endless_loop_says_what_to_shorten(program: Program) -> None:
    campaign = make_campaign(
        workspace=program.workspace, body="{% for i in (1..9999999) %}x{% endfor %}"
    )
    contact = make_contact(workspace=program.workspace)

    answer = program.post(f"/campaigns/{campaign.id}/preview", {"contact_id": contact.id})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "body")
    assert error["mend"] == "Shorten its loops and what it puts together."
