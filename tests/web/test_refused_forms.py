"""A form that is refused says which field and why, and has what was typed in it.

Every form that an owner finds on a page is sent empty, with odd values or with long ones; widely
with each of these.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import strip_tags

from builders import make_contact, make_gateway
from page_forms import PageForm, forms_of, forms_on
from textwell.accounts.models import User, Workspace
from textwell.contacts.models import ContactList
from textwell.gateways.models import Sender
from wide import share
from world import World, make_world

SignIn = Callable[[User], Client]
ODD = {"number": "many²", "datetime-local": "soon²", "date": "soon²", "time": "soon²"}
KINDS: dict[str, Callable[[str], str]] = {
    "empty": lambda _kind: "",
    "odd": lambda kind: ODD.get(kind, "Odd ² <b>&"),
    "long": lambda _kind: "Long² " + "x" * 3_000,
}
# Refused by a word on the next page: with why nothing that was typed is lost.
TOLD = {
    "topics.change": "a name in a row of many: the message says which is at fault",
    "law.decide": "nobody decides about their own wish: the note is not at fault",
    "contacts.change": "nobody was ticked: the tag that was typed is not at fault",
    "programmes.codes": "a file of codes is pasted again, from where it came",
}
# Not shown again: with why.
HIDDEN = {
    "setting_tls_client_key": "a secret",
    "preview_search": "a search beside the form, not of it",
}


@pytest.fixture
def world(workspace: Workspace) -> World:
    return make_world(workspace=workspace, mark="quixotl", number="+33612345678")


def faults(page: str, form: PageForm, sent: dict[str, str]) -> Iterator[str]:
    """What a refusal lacks: a fault tied to its field, or above the form; what was typed."""
    tied = [found[0] for found in re.finditer(r"<[^>]*\baria-invalid=\"true\"[^>]*>", page)]
    if not tied and 'role="alert"' not in page:
        yield "says no fault"
    sets = re.findall(r"<fieldset[^>]*\baria-describedby=\"([^\"]+)\"", page)
    for tag in tied:
        words = re.search(r'aria-describedby="([^"]+)"', tag)
        names = words[1].split() if words else []
        if 'type="checkbox"' in tag:  # one of several: their set is described
            names = sets
        if not any(_text_of(page, name) for name in names):
            yield f"says no fault beside {tag[:80]}"
    has = [{name: value.split() for name, value in each.fields.items()} for each in forms_on(page)]
    for name in form.texts.keys() - HIDDEN.keys():
        if all(fields.get(name) != sent[name].split() for fields in has):
            yield f"lost {name}"


def _text_of(page: str, name: str) -> str:
    found = re.search(rf'<(\w+)[^>]*\bid="{re.escape(name)}"[^>]*>(.*?)</\1>', page, re.DOTALL)
    return strip_tags(found[2]).strip() if found else ""


def refusal(client: Client, answer: Any) -> str:  # Any: Django's test response
    """The page that refuses; empty if it was taken. A word on the next page counts as its fault."""
    if answer.status_code not in {301, 302, 303}:
        return answer.content.decode() if answer.status_code >= 400 else ""
    after = client.get(answer["Location"]).content.decode()
    return "told" if 'class="toast error"' in after else ""


def typed(forms: dict[str, list[PageForm]]) -> Iterator[tuple[str, PageForm, dict[str, str]]]:
    """(name of its page, form, what is sent) of each form in which something can be typed."""
    found = [(name, form) for name, some in forms.items() for form in some if form.texts]
    for turn, (name, form) in enumerate(found):
        for value in share([*KINDS.values()], turn=turn):
            sent = {field: value(kind) for field, kind in form.texts.items()}
            yield name, form, form.fields | sent


def test_a_refused_form_says_the_field_and_keeps_what_was_typed(
    world: World, client_of: SignIn
) -> None:
    client = client_of(world.owner)
    session = client.cookies.output()
    forms = forms_of(client, world.ids)
    forms |= forms_of(client, world.ids | {"campaign_id": world.ids["draft_id"]}, "campaigns.")
    del forms["styleguide"]  # specimens, which go nowhere
    found, refused = {}, set()

    for name, form, sent in typed(forms):
        with transaction.atomic():
            if client.cookies.output() != session:
                client.force_login(world.owner)
            page = refusal(client, client.post(form.action, sent))
            transaction.set_rollback(True)
        if page:
            refused.add(name)
        if page == "told" and name not in TOLD:
            found[name] = ["told on the next page"]
        elif page not in {"", "told"} and (wrong := [*faults(page, form, sent)]):
            found[name] = wrong

    assert found == {}
    assert {"campaigns.begin", "desk.remind", "gateways.create", "imports.paste"} <= refused


@pytest.mark.parametrize(
    ("path", "typed", "name"),
    [
        ("contacts/filters", {"name": "x" * 90, "q": "Ada", "tag": "vip"}, "name"),
        ("contacts/filters/{filter_id}/rename", {"name": " "}, "name"),
        ("contacts/tags/rename", {"tag": "quixotltag", "to": "x" * 90}, "to"),
        ("contacts/lists/new", {"name": ""}, "name"),
        ("contacts/change", {"whom": "all", "verb": "tag", "new_tag": "x" * 90}, "new_tag"),
        ("contacts/{contact_id}/suppress", {"reason": "manual", "note": "x" * 900}, "note"),
        ("campaigns/{campaign_id}/reschedule", {"at": "soon"}, "at"),
        ("campaigns/{campaign_id}/unknown/settle", {"fate": "sent", "reason": ""}, "reason"),
        ("campaigns/{campaign_id}/unknown/settle", {"fate": "sent", "reason": "x" * 501}, "reason"),
        ("campaigns/{draft_id}/launch", {"reason": "x" * 501}, "reason"),
        ("contacts/{contact_id}/reveal", {"reason": "x" * 501}, "reason"),
        ("settings/approval", {"needs_approval": "on", "approval_above": "many"}, "approval_above"),
        ("gateways/{gateway_id}/", {"part": "sender", "kind": "alphanumeric", "value": "AB"},
         "value"),
    ],
)  # fmt: skip
def test_a_dialog_that_is_refused_can_be_mended_where_it_says_so(
    path: str, typed: dict[str, str], name: str, world: World, client_of: SignIn
) -> None:
    answer = client_of(world.owner).post("/" + path.format(**world.ids), typed)

    page = answer.content.decode()
    (form,) = [each for each in forms_on(page) if each.action == "/" + path.format(**world.ids)]
    assert answer.status_code == 422
    assert form.fields == {name: ""} | typed
    assert re.search(rf'id="again_{name}"[^>]* aria-describedby="again_{name}_error"', page)


def test_what_is_mended_is_taken(world: World, client_of: SignIn) -> None:
    client = client_of(world.owner)
    page = client.post("/contacts/lists/new", {"name": "x" * 200}).content.decode()
    (form,) = [each for each in forms_on(page) if each.texts.get("name")]

    client.post(form.action, form.fields | {"name": "Spring"})

    assert ContactList.objects.filter(workspace_id=world.workspace.id, name="Spring").exists()


def test_the_kind_of_a_sender_can_be_chosen_again(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace, sender=None)
    typed = {"part": "sender", "kind": "alphanumeric", "value": "12345", "country": "FR"}
    page = owner_client.post(f"/gateways/{gateway.id}/", typed).content.decode()
    (form,) = [each for each in forms_on(page) if "value" in each.fields]

    owner_client.post(form.action, form.fields | {"kind": "short_code"})

    assert Sender.objects.get().kind == "short_code"


def test_a_number_is_shown_once_its_reason_is_given(
    owner_client: Client, workspace: Workspace
) -> None:
    contact = make_contact(workspace=workspace, msisdn="+33612345678")

    page = owner_client.post(f"/contacts/{contact.id}/reveal", {"reason": " "}).content.decode()

    (form,) = [each for each in forms_on(page) if each.action.endswith("/reveal")]
    shown = owner_client.post(form.action, {"reason": "She asked us to call."})
    assert "+33612345678" in shown.content.decode()
