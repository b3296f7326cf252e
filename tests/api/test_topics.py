"""Topics and brands by the API, and consent to them."""

import pytest

from api.conftest import Program
from builders import make_contact, make_gateway
from textwell.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db
YES = {"source": "form", "wording": "Yes, text me.", "given_at": "2026-01-15T09:30:00Z"}
SHA_256 = "77e26ce5c94f9230f81b977a040a4bb8576f16d48bf60d54ef47d05c4b1de316"


def test_topics_and_brands_are_defined_listed_and_renamed(program: Program) -> None:
    made = program.post("/topics", {"key": "offers", "name": "Offers"})
    brand = program.post("/brands", {"key": "lotus", "name": "Lotus"})
    renamed = program.send("patch", f"/topics/{made.json()['id']}", {"name": "Sales"})

    assert (made.status_code, brand.status_code, renamed.status_code) == (201, 201, 200)
    assert [(t["key"], t["name"]) for t in program.get("/topics").json()] == [("offers", "Sales")]
    assert [b["key"] for b in program.get("/brands").json()] == ["lotus"]
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"topics.defined", "topics.renamed", "brands.defined"} <= actions
    assert program.post("/topics", {"key": "offers", "name": "Other"}).status_code == 409


def test_a_yes_to_a_topic_is_that_alone_and_keeps_what_was_shown(program: Program) -> None:
    program.post("/topics", {"key": "offers", "name": "Offers"})
    person = make_contact(workspace=program.workspace, has_consent=False)
    yes = {**YES, "topic": "offers", "basis": "express", "wording_version": "3", "language": "en"}

    program.post(f"/contacts/{person.id}/opt-in", yes)
    shown = program.post(f"/contacts/{person.id}/opt-out", {"source": "call", "topic": "offers"})

    nothing = program.post(f"/contacts/{person.id}/opt-out", {"source": "call", "brand": ""})

    assert nothing.status_code == 422
    states = {(s["topic"], s["is_granted"]) for s in shown.json()["states"]}
    no, given = shown.json()["history"]
    assert states == {("offers", False)}
    assert shown.json()["suppression"] is None
    assert (no["topic"], no["brand"], no["wording_sha256"]) == ("offers", "*", "")
    names = ("topic", "brand", "basis", "wording_version", "language", "wording_sha256")
    assert [given[name] for name in names] == ["offers", "", "express", "3", "en", SHA_256]


def test_a_text_on_a_topic_needs_a_yes_to_it(program: Program) -> None:
    make_gateway(workspace=program.workspace)
    program.post("/topics", {"key": "offers", "name": "Offers"})
    person = make_contact(workspace=program.workspace)
    text = {"to": person.msisdn, "body": "20 % off"}

    about_none = program.post("/messages", text)
    refused = program.post("/messages", {**text, "topic": "offers"})
    agreed = program.post("/messages", {**text, "topic": "offers", "consent": YES})

    assert (about_none.status_code, refused.status_code, agreed.status_code) == (202, 422, 202)
    assert refused.json()["reason"] == "no_consent"
