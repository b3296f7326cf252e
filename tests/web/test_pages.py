"""Lists and single pages: what stands on them, what does not, and how many queries they cost."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import AuditEntry, User, Workspace
from textwell.campaigns.models import Campaign
from textwell.consent.models import ConsentState, Suppression
from textwell.consent.suppressing import suppress_number
from textwell.gateways.models import Gateway, Sender
from textwell.inbox.models import Reply, Thread

# Queries of a list page with forty rows; the session, the user and the membership are three of them.
QUERIES = {
    "/": 24,
    "/campaigns/": 7,
    "/contacts/": 13,
    "/inbox/": 6,
    "/inbox/replies": 7,
    "/gateways/": 8,
}


@pytest.fixture
def full(workspace: Workspace) -> Workspace:
    """Forty of everything."""
    for n in range(40):
        gateway = make_gateway(workspace=workspace)
        make_campaign(workspace=workspace, gateway=gateway, state="sending" if n % 2 else "draft")
        contact = make_contact(workspace=workspace, first_name=f"Person {n}", tags=["vip"])
        Reply.objects.create(
            workspace_id=workspace.id,
            gateway_id=gateway.id,
            source_key=str(n),
            contact_id=contact.id,
            msisdn=contact.msisdn,
            text="Thanks",
            received_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
            intent="other",
        )
        Thread.objects.create(
            workspace_id=workspace.id, contact_id=contact.id, is_unread=True,
            last_at=datetime(2026, 11, 24, 9, tzinfo=UTC), last_text="Thanks", place=n,
        )  # fmt: skip
    return workspace


@pytest.mark.parametrize("path", QUERIES)
def test_a_list_costs_the_same_queries_for_forty_rows(
    path: str,
    full: Workspace,
    owner_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(QUERIES[path]):
        assert owner_client.get(path).status_code == 200


@pytest.mark.parametrize("path", [*QUERIES, "/settings/", "/gateways/new", "/gateways/new/smpp"])
def test_a_page_is_small_and_has_nothing_inline(
    path: str, full: Workspace, owner_client: Client
) -> None:
    answer = owner_client.get(path)
    page = answer.content.decode()

    assert len(answer.content) < 60_000
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|javascript:", page)
    assert "script-src 'self'" in answer["Content-Security-Policy"].split("; ")
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", QUERIES)
def test_an_empty_workspace_says_what_to_do_first(path: str, owner_client: Client) -> None:
    page = owner_client.get(path).content.decode()

    assert ('class="empty"' in page) is (path != "/")
    assert ('id="guide-title"' in page) is (path == "/")


def test_lists_mask_numbers_and_the_person_page_shows_them_for_a_reason(
    owner_client: Client, reader_client: Client, workspace: Workspace
) -> None:
    contact = make_contact(workspace=workspace, msisdn="+33612345678")
    path = f"/contacts/{contact.id}"

    assert "+33612345678" not in owner_client.get("/contacts/").content.decode()
    assert "+3361•••678" in owner_client.get("/contacts/").content.decode()
    assert "+33612345678" not in owner_client.get(path).content.decode()
    shown = owner_client.post(f"{path}/reveal", {"reason": "She asked us to call."})
    assert "+33612345678" in shown.content.decode()
    assert "+33612345678" not in reader_client.get(path).content.decode()


def test_contacts_are_found_by_number_and_the_part_alone_is_sent_to_htmx(
    owner_client: Client, workspace: Workspace
) -> None:
    make_contact(workspace=workspace, msisdn="+33612345678", first_name="Ada")
    make_contact(workspace=workspace, msisdn="+33698765432", first_name="Bea")
    headers = {"HX-Request": "true", "HX-Target": "rows"}

    page = owner_client.get("/contacts/?q=336123", headers=headers).content.decode()

    assert "Ada" in page
    assert "Bea" not in page
    assert "<html" not in page


def test_campaigns_are_filtered_by_state(owner_client: Client, workspace: Workspace) -> None:
    make_campaign(workspace=workspace, name="Written")
    make_campaign(workspace=workspace, name="Gone out", state="finished")

    page = owner_client.get("/campaigns/?state=ended").content.decode()

    assert "Gone out" in page
    assert "Written" not in page


def test_a_copy_is_a_draft_without_the_times(owner_client: Client, workspace: Workspace) -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    old = make_campaign(workspace=workspace, state="finished", scheduled_at=at, body="Old text")

    owner_client.post(f"/campaigns/{old.id}/copy")

    copy = Campaign.objects.exclude(id=old.id).get()
    assert (copy.state, copy.scheduled_at, copy.body) == ("draft", None, "Old text")


def test_a_copy_goes_without_the_list_and_the_gateway_that_are_gone(
    owner_client: Client, workspace: Workspace
) -> None:
    old = make_campaign(workspace=workspace, state="finished", body="Old text")
    audience, gone = {"list_id": 987_654}, 987_654
    Campaign.objects.filter(id=old.id).update(gateway_id=gone, audience=audience)

    answer = owner_client.post(f"/campaigns/{old.id}/copy", follow=True)

    copy = Campaign.objects.exclude(id=old.id).get()
    assert (copy.gateway_id, copy.audience, copy.body) == (None, {}, "Old text")
    told = answer.content.decode()
    assert "The chosen list is not there any more." in told
    assert "The chosen gateway is not there any more." in told


def test_how_a_person_wants_to_hear_is_recorded_with_their_words(
    owner_client: Client, workspace: Workspace
) -> None:
    contact = make_contact(workspace=workspace)

    owner_client.post(
        f"/contacts/{contact.id}/channels", {"choice": "email", "wording": "Mail me instead"}
    )

    shown = owner_client.get(f"/contacts/{contact.id}").content.decode()
    assert "By e-mail only <span" in shown
    assert "Mail me instead" in shown


def test_an_opt_out_recorded_by_hand_counts_at_once(
    owner_client: Client, workspace: Workspace
) -> None:
    contact = make_contact(workspace=workspace)

    owner_client.post(f"/contacts/{contact.id}/opt-out", {"wording": "Please stop, she said"})

    assert not ConsentState.objects.get(contact_id=contact.id).is_granted
    assert Suppression.objects.get().msisdn == contact.msisdn


def test_a_gateway_is_made_from_the_form_of_its_kind(
    owner_client: Client, workspace: Workspace
) -> None:
    form = owner_client.get("/gateways/new/simulator").content.decode()
    names = dict(re.findall(r'name="(setting_\w+)"[^>]*value="([^"]*)"', form))
    base = {"name": "Sim", "segments_per_second": "50", "window": "10", "currency": "eur"}

    owner_client.post("/gateways/new/simulator", base | names | {"price": "0.045"})

    made = Gateway.objects.get()
    assert (made.name, made.price_micros, made.currency) == ("Sim", 45_000, "EUR")


def test_a_sender_that_cannot_be_shown_is_refused_with_the_mend(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace, sender=None)
    form = {"part": "sender", "value": "AB", "kind": "alphanumeric"}

    page = owner_client.post(f"/gateways/{gateway.id}/", form, follow=True).content.decode()

    assert "Use 3 to 11 letters and digits" in page
    assert not Sender.objects.exists()


def test_the_language_and_zone_of_a_person_go_before_the_browsers(
    owner_client: Client, owner: User
) -> None:
    form = {"part": "own", "name": "Ada", "language": "fr", "zone": "Asia/Tokyo"}

    owner_client.post("/settings/", form)

    owner.refresh_from_db()
    assert (owner.name, owner.language, owner.zone) == ("Ada", "fr", "Asia/Tokyo")
    assert '<html lang="fr">' in owner_client.get("/").content.decode()


def test_own_settings_leave_an_entry_and_the_same_again_leaves_none(
    owner_client: Client, owner: User
) -> None:
    form = {"part": "own", "name": "Ada", "language": "en", "zone": "Asia/Tokyo"}

    for _time in range(2):
        owner_client.post("/settings/", form)

    entry = AuditEntry.objects.get(action="account.changed")
    assert (entry.actor, entry.subject) == (f"user:{owner.id}", f"user:{owner.id}")
    assert entry.data == {"before": {"zone": "UTC"}, "after": {"zone": "Asia/Tokyo"}}


def test_only_those_who_manage_the_workspace_rename_it(
    owner_client: Client, reader_client: Client, workspace: Workspace
) -> None:
    form = {"part": "workspace", "name": "New name"}
    assert reader_client.post("/settings/", form).status_code == 403
    workspace.refresh_from_db()
    assert workspace.name == "Green Bakery"

    owner_client.post("/settings/", form)

    workspace.refresh_from_db()
    assert workspace.name == "New name"


def test_nobody_enters_a_workspace_that_is_not_theirs(owner_client: Client) -> None:
    from builders import make_workspace

    other = make_workspace(name="Other")

    assert owner_client.post("/settings/workspace", {"workspace": other.id}).status_code == 404
    assert "Other" not in owner_client.get("/").content.decode()


def test_a_person_shows_every_reason_why_the_number_is_not_texted(
    owner_client: Client, workspace: Workspace
) -> None:
    contact = make_contact(workspace=workspace)
    for reason, note in (("manual", "Called us"), ("complaint", "")):
        suppress_number(
            workspace_id=workspace.id, msisdn=contact.msisdn, reason=reason, note=note,
            source="page", actor="system",
        )  # fmt: skip

    page = owner_client.get(f"/contacts/{contact.id}").content.decode()

    assert [text in page for text in ("Complained", "Suppressed by hand", "Called us")] == [
        True
    ] * 3
    assert "Record an opt-out" in page
