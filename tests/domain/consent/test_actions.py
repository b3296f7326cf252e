"""The consent ledger: evidence or nothing, events for ever, the state a function of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import InternalError, transaction
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import GIVEN_AT, make_contact, make_workspace
from domain.messaging.ledger import plan_campaign, states
from textwell.accounts.models import AuditEntry, Workspace
from textwell.consent.actions import (
    record_consents,
    record_opt_in,
    record_opt_out,
)
from textwell.consent.models import ConsentEvent, Suppression, SuppressionReason
from textwell.consent.past import states_at
from textwell.consent.selectors import (
    consent_history,
    consent_state,
    is_textable,
    list_suppression_reasons,
)
from textwell.consent.types import GivenConsent
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from wide import examples

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 5, 1, tzinfo=UTC)


def opt_in(contact: Contact, at: datetime = DAY, **changes: object) -> None:
    values = {"source": "Form", "wording": "Yes, text me", "actor": "system"} | changes
    record_opt_in(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        given_at=at,
        **values,  # type: ignore[arg-type]
    )


def opt_out(contact: Contact, at: datetime = DAY + timedelta(days=1)) -> None:
    record_opt_out(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        msisdn=contact.msisdn,
        source="SMS",
        wording="STOP",
        given_at=at,
        actor="mo",
    )


def textable(contact: Contact) -> bool:
    return is_textable(contact.workspace_id, contact_id=contact.id, msisdn=contact.msisdn)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": " "}, "source"),
        ({"wording": ""}, "wording"),
        ({"at": datetime(2999, 1, 1, tzinfo=UTC)}, "given_at"),
    ],
)
def test_an_opt_in_without_evidence_is_refused_by_field(
    workspace: Workspace, change: dict[str, object], field: str
) -> None:
    person = make_contact(workspace=workspace, has_consent=False)

    with pytest.raises(FieldError) as refused:
        opt_in(person, **change)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert consent_history(workspace.id, person.id) == []


def test_an_opt_out_beats_the_earlier_opt_in_and_suppresses(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace, has_consent=False)
    opt_in(person)
    opt_out(person)

    assert not textable(person)
    assert Suppression.objects.get(msisdn=person.msisdn).reason == "opted_out"


def test_a_later_opt_in_lifts_the_opt_out(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace, has_consent=False)
    opt_out(person)

    opt_in(person, DAY + timedelta(days=2))

    assert textable(person)
    assert not SuppressionReason.objects.exists()


def test_an_opt_in_given_before_the_opt_out_but_recorded_after_changes_nothing(
    workspace: Workspace,
) -> None:
    person = make_contact(workspace=workspace, has_consent=False)
    opt_out(person)
    opt_in(person)

    assert not textable(person)


def test_saying_the_same_again_records_nothing_new(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace, has_consent=False)
    opt_in(person)
    opt_in(person)

    assert len(consent_history(workspace.id, person.id)) == 1


@pytest.mark.parametrize("change", [{"source": "Elsewhere"}, None])
def test_an_event_can_be_neither_changed_nor_deleted(
    workspace: Workspace, change: dict[str, str] | None
) -> None:
    person = make_contact(workspace=workspace)
    found = ConsentEvent.objects.filter(contact_id=person.id)

    with (
        pytest.raises((InternalError, ProgrammingError, Exception), match="append-only"),
        transaction.atomic(),
    ):
        found.update(**change) if change else found.delete()
    assert found.get().source == "Form at the counter"


def test_an_opt_out_skips_what_waits_in_the_same_transaction(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=2)
    opt_out(planned.people[0])

    assert sorted(states(planned).values()) == ["planned", "skipped"]


def test_an_unknown_number_is_suppressed(workspace: Workspace) -> None:
    record_opt_out(
        workspace_id=workspace.id, contact_id=None, msisdn="+33699999999", source="SMS",
        wording="STOP", given_at=DAY, actor="mo",
    )  # fmt: skip

    assert Suppression.objects.filter(msisdn="+33699999999").count() == 1
    (why,) = list_suppression_reasons(workspace.id, "+33699999999")
    assert (why.reason, why.source, why.actor, why.since) == ("opted_out", "SMS", "mo", DAY)


def test_another_workspaces_people_are_passed_over(workspace: Workspace) -> None:
    stranger = make_contact(workspace=make_workspace(name="Other"), has_consent=False)
    given = GivenConsent(stranger.id, "opt_in", DAY, "Form", "Yes")

    assert record_consents(workspace_id=workspace.id, consents=[given], actor="x").event_count == 0


facts = st.lists(
    st.tuples(
        st.sampled_from(["opt_in", "opt_out"]),
        st.integers(0, 3),
        st.sampled_from(["", "implied", "express_written"]),
    ),
    min_size=1,
    max_size=5,
)


@given(facts, st.randoms(use_true_random=False))
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_order_of_recording_ends_in_the_same_state(
    db: None, events: list[tuple[str, int, str]], random: object
) -> None:
    workspace = make_workspace()
    one, other = (make_contact(workspace=workspace, has_consent=False) for _ in range(2))
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for person, order in ((one, events), (other, shuffled)):
        for kind, day, basis in order:
            given_consent = GivenConsent(
                person.id, kind, DAY + timedelta(days=day), "S", "W", basis=basis
            )
            record_consents(workspace_id=workspace.id, consents=[given_consent], actor="x")

    first, second = (consent_state(workspace.id, person.id) for person in (one, other))
    assert first is not None
    assert second is not None
    stopped = max((day for kind, day, _basis in events if kind == "opt_out"), default=-1)
    yeses = [
        (["implied", "", "express_written"].index(basis), day, basis)
        for kind, day, basis in events
        if kind == "opt_in" and day > stopped
    ]
    for state in (first, second):
        assert state.is_granted is bool(yeses)
        day = max(yeses)[1] if yeses else stopped
        assert state.since == DAY + timedelta(days=day)
        assert not yeses or state.basis == max(yeses)[2]
        (past,) = states_at(workspace.id, state.contact_id, now())
        assert past.event.id == state.event_id


def test_what_a_person_or_a_program_records_leaves_an_entry(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, has_consent=False)
    for actor, source in (("key:4", "Shop"), ("key:4", "Shop"), ("system", "A reply")):
        record_opt_in(
            workspace_id=workspace.id, contact_id=contact.id, source=source, wording="Yes",
            given_at=GIVEN_AT, actor=actor,
        )  # fmt: skip
    record_opt_out(
        workspace_id=workspace.id, contact_id=contact.id, msisdn=contact.msisdn, source="page",
        wording="No", given_at=now(), actor="user:7",
    )  # fmt: skip

    found = AuditEntry.objects.filter(action__startswith="consent.").order_by("id")
    assert list(found.values_list("action", "actor", "subject")) == [
        ("consent.opt_in", "key:4", f"contact:{contact.id}"),
        ("consent.opt_out", "user:7", f"contact:{contact.id}"),
    ]
    assert found[0].data["after"] == {"channel": "sms", "purpose": "marketing", "source": "Shop"}
