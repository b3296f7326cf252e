"""The shared inbox in the browser: found, read, answered, noted, handed on."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from builders import make_contact, make_gateway, make_member, make_workspace
from textwell.accounts.models import User, Workspace
from textwell.contacts.models import Contact
from textwell.core.masks import mask_msisdn
from textwell.core.wire import MoItem
from textwell.inbox.actions import record_replies
from textwell.inbox.answering import answer_thread
from textwell.inbox.canned import create_canned
from textwell.inbox.failing import let_failed_wait
from textwell.inbox.models import CannedAnswer, Reply, Thread
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
AT = datetime(2026, 11, 24, 9, tzinfo=UTC).timestamp()


def make_thread(workspace: Workspace, *, name: str = "Linh", text: str = "Are you open?") -> Thread:
    gateway = make_gateway(workspace=workspace, price_micros=50_000)
    contact = make_contact(workspace=workspace, first_name=name)
    record_replies([MoItem(gateway.id, name, contact.msisdn, "BAKERY", text, AT)])
    return Thread.objects.get(contact_id=contact.id)


def press(client: Client, thread: Thread, then: str, **values: object) -> tuple[int, str]:
    """Press a button of the page's form; status and page."""
    data = {"seen": thread.last_entry, "then": then, **values}
    answer = client.post(f"/inbox/{thread.id}/", data)
    return answer.status_code, answer.content.decode()


def test_who_waits_stands_in_the_list_with_a_masked_number(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)
    contact = Contact.objects.get()

    page = agent_client.get("/inbox/").content.decode()

    assert "Linh" in page
    assert "Are you open?" in page
    assert "unread-count" in page
    assert f"/inbox/{thread.id}/" in page
    assert mask_msisdn(contact.msisdn) in page
    assert contact.msisdn not in page


def test_filters_stand_in_the_address(workspace: Workspace, client_of: SignIn) -> None:
    agent = make_member(workspace=workspace, role="agent")
    client = client_of(agent)
    mine = make_thread(workspace, name="Mine")
    done = make_thread(workspace, name="Done")
    make_thread(workspace, name="Free")
    press(client, mine, "take")
    press(client, done, "close")
    Workspace.objects.filter(id=workspace.id).update(answer_minutes=5)

    found = {
        show: sorted(
            name
            for name in ("Mine", "Done", "Free")
            if f'/">{name}</a>' in client.get(f"/inbox/?show={show}").content.decode()
        )
        for show in ("open", "mine", "unassigned", "overdue", "closed", "bogus")
    }

    assert found == {
        "open": ["Free", "Mine"],
        "mine": ["Mine"],
        "unassigned": ["Free"],
        "overdue": ["Free", "Mine"],
        "closed": ["Done"],
        "bogus": ["Free", "Mine"],
    }
    assert '/">Free</a>' not in client.get("/inbox/?q=Mi").content.decode()


def test_the_list_asks_for_news_but_not_while_one_searches(
    workspace: Workspace, agent_client: Client
) -> None:
    make_thread(workspace)

    pages = [agent_client.get(f"/inbox/{query}").content.decode() for query in ("", "?q=Li")]

    assert ["every 15s" in page for page in pages] == [True, False]


def test_an_answer_is_sent_and_stands_in_the_thread(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)

    status, _page = press(agent_client, thread, "answer", text="At seven.\r\nWelcome")

    assert status == 302
    assert Batch.objects.get().body == "At seven.\nWelcome"
    page = agent_client.get(f"/inbox/{thread.id}/").content.decode()
    assert "At seven.\nWelcome" in page
    assert "Answered" in page


def test_pressing_send_twice_sends_once(workspace: Workspace, agent_client: Client) -> None:
    thread = make_thread(workspace)

    found = [press(agent_client, thread, "answer", text="Yes")[0] for _ in range(2)]

    assert found == [302, 302]
    assert Message.objects.count() == 1


def test_the_second_of_two_is_told_and_keeps_the_words(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)
    other = make_member(workspace=workspace, role="agent", name="Minh")
    answer_thread(thread=thread, text="At seven.", seen=1, actor=f"user:{other.id}")

    status, page = press(agent_client, thread, "answer", text="At eight, I think")

    assert status == 409
    assert "Minh has answered meanwhile: “At seven.”" in page
    assert ">At eight, I think</textarea>" in page
    assert 'name="seen" value="2"' in page
    assert Message.objects.count() == 1


def test_closing_over_a_text_that_was_not_seen_shows_it_and_keeps_the_words(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)
    number = Contact.objects.get().msisdn
    gateway = make_gateway(workspace=workspace)
    record_replies([MoItem(gateway.id, "2", number, "BAKERY", "I am allergic!", AT + 60)])

    status, page = press(agent_client, thread, "close", text="At eig", note="Ask Minh")

    assert status == 409
    assert "The person wrote meanwhile: “I am allergic!”" in page
    assert "aria-invalid" not in page
    assert ">At eig</textarea>" in page
    assert ">Ask Minh</textarea>" in page
    thread.refresh_from_db()
    assert (thread.is_open, thread.waiting_since is None) == (True, False)
    assert press(agent_client, thread, "close")[0] == 302


def test_what_is_typed_outlives_other_buttons(workspace: Workspace, agent_client: Client) -> None:
    thread = make_thread(workspace)

    status, page = press(agent_client, thread, "take", text="At eig", note="Ask Minh")

    assert status == 200
    assert ">At eig</textarea>" in page
    assert ">Ask Minh</textarea>" in page
    assert "It is yours." in page
    assert press(agent_client, thread, "note", note="Ask Minh")[0] == 302
    assert thread.entries.filter(kind="note").get().text == "Ask Minh"


def test_a_refused_answer_says_why_and_keeps_the_words(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)
    Workspace.objects.filter(id=workspace.id).update(is_stopped=True)

    status, page = press(agent_client, thread, "answer", text="At eight")

    assert status == 422
    assert "The workspace is stopped" in page
    assert ">At eight</textarea>" in page
    assert not Message.objects.exists()


def test_a_canned_answer_is_put_in_as_the_person_will_read_it(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)
    canned = create_canned(
        workspace_id=workspace.id, actor="user:1", name="Hours",
        body="Hi {{ first_name }}, from 7 to 18.", fallbacks={"first_name": "friend"},
    )  # fmt: skip

    _status, page = press(agent_client, thread, "canned", canned=canned.id, text="Good morning!")

    assert ">Good morning!\nHi Linh, from 7 to 18.</textarea>" in page
    assert press(agent_client, thread, "canned")[0] == 422


def test_canned_answers_are_made_changed_and_deleted(
    workspace: Workspace, agent_client: Client
) -> None:
    made = agent_client.post("/inbox/canned/new", {"name": "Hours", "body": "From 7 to 18."})
    canned = CannedAnswer.objects.get()
    address = f"/inbox/canned/{canned.id}/"
    changed = agent_client.post(address, {"name": "Hours", "body": "From 8 to 18."})
    refused = agent_client.post(address, {"name": "Hours", "body": "Hi {{ first_name }}"})
    taken = agent_client.post("/inbox/canned/new", {"name": "Hours", "body": "Else"})

    statuses = [answer.status_code for answer in (made, changed, refused, taken)]
    assert statuses == [302, 302, 422, 422]
    assert "has no fallback" in refused.content.decode()
    canned.refresh_from_db()
    assert canned.body == "From 8 to 18."
    assert "From 8 to 18." in agent_client.get("/inbox/canned/").content.decode()
    assert agent_client.post(f"{address}delete").status_code == 302
    assert not CannedAnswer.objects.exists()


def test_segments_and_cost_are_counted_while_one_writes(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)

    answer = agent_client.post(f"/inbox/{thread.id}/count", {"text": "x" * 161})

    page = answer.content.decode()
    assert "2 segments" in page
    assert "0.10" in page
    assert "from BAKERY" in page


def test_readers_read_and_change_nothing(workspace: Workspace, reader_client: Client) -> None:
    thread = make_thread(workspace)

    page = reader_client.get(f"/inbox/{thread.id}/").content.decode()

    assert "Are you open?" in page
    assert "<textarea" not in page
    assert press(reader_client, thread, "answer", text="Yes")[0] == 403
    thread.refresh_from_db()
    assert (thread.last_entry, thread.is_unread) == (1, True)


def test_a_look_of_an_agent_makes_it_read(workspace: Workspace, agent_client: Client) -> None:
    thread = make_thread(workspace)

    agent_client.get(f"/inbox/{thread.id}/")

    thread.refresh_from_db()
    assert not thread.is_unread


def test_news_tell_that_the_thread_went_on(workspace: Workspace, agent_client: Client) -> None:
    thread = make_thread(workspace)
    address = f"/inbox/{thread.id}/news"

    pages = [agent_client.get(f"{address}?seen={n}").content.decode() for n in (0, 1)]

    assert ["Something new" in page for page in pages] == [True, False]


def test_a_thread_of_another_workspace_is_not_found(agent_client: Client) -> None:
    thread = make_thread(make_workspace(name="Rival"))

    paths = [f"/inbox/{thread.id}/", f"/inbox/{thread.id}/news"]
    found = {agent_client.get(path).status_code for path in paths}
    found |= {press(agent_client, thread, "answer", text="Yes")[0]}

    assert found == {404}
    assert not Message.objects.exists()


def test_addresses_out_of_thin_air_do_no_harm(workspace: Workspace, agent_client: Client) -> None:
    thread = make_thread(workspace)
    odd = ["9" * 30, "1.", ".1", "x", f"{2**62 - 1}.7"]

    found = {agent_client.get("/inbox/", {"after": value}).status_code for value in odd}
    found |= {
        agent_client.get(f"/inbox/{thread.id}/", {"before": value}).status_code
        for value in (
            "x",
            "2026-11-24",
            "2026-13-45T00:00:00Z",
            "2026-11-24T09:00:00+00:00",
            "2026-01-01T00:00:00+23:59",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00",
        )
    }

    assert found == {200}


def test_a_stranger_is_answered_from_the_list_of_replies(
    workspace: Workspace, agent_client: Client
) -> None:
    gateway = make_gateway(workspace=workspace)
    record_replies([MoItem(gateway.id, "a", "+33612345699", "BAKERY", "Are you open?", AT)])
    reply = Reply.objects.get()
    page = agent_client.get("/inbox/replies?who=strangers").content.decode()
    assert f"/inbox/replies/{reply.id}/thread" in page

    taken = agent_client.post(f"/inbox/replies/{reply.id}/thread")

    thread = Thread.objects.get()
    assert (taken.status_code, taken["Location"]) == (302, f"/inbox/{thread.id}/")
    page = agent_client.get("/inbox/replies?who=strangers").content.decode()
    assert "Are you open?" not in page
    assert (
        f"/inbox/{thread.id}/"
        in agent_client.get(f"/contacts/{thread.contact_id}").content.decode()
    )


def test_an_answer_that_did_not_arrive_stands_in_the_list(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)
    press(agent_client, thread, "answer", text="Yes")
    Message.objects.update(state="undelivered")

    def look() -> list[tuple[bool, bool]]:
        addresses = ("/inbox/", f"/inbox/{thread.id}/")
        pages = [agent_client.get(path).content.decode() for path in addresses]
        return [("Undelivered" in page, ">Waiting<" in page) for page in pages]

    before = look()
    let_failed_wait()
    after = look()

    # The list has a column of that name as well.
    assert (before, after) == ([(True, True), (True, False)], [(True, True), (True, True)])


def test_what_was_earlier_is_read_and_not_answered(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)

    answer = agent_client.get(f"/inbox/{thread.id}/", {"before": "2030-01-01T00:00:00Z"})

    page = answer.content.decode()
    assert "Are you open?" in page
    assert "<textarea" not in page
    assert "To the latest" in page
    thread.refresh_from_db()
    assert thread.is_unread


def test_a_person_who_is_gone_leaves_a_thread_to_close(
    workspace: Workspace, agent_client: Client
) -> None:
    thread = make_thread(workspace)
    Contact.objects.all().delete()

    page = agent_client.get(f"/inbox/{thread.id}/").content.decode()

    assert "The person was erased. Close the thread." in page
    assert "Not a contact any more" in agent_client.get("/inbox/").content.decode()
    assert press(agent_client, thread, "answer", text="Yes")[0] == 422
    assert press(agent_client, thread, "close")[0] == 302
    assert not Message.objects.exists()
