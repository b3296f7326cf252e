"""Sources: what became of the people whom a placement brought, and the bad ones that pause."""

from datetime import timedelta

from domain.messaging.ledger import plan_campaign
from domain.programmes import NUMBER, join_by, make_programme, make_sender, placement_of, write
from textwell.accounts.models import Workspace
from textwell.consent.models import Suppression
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging.models import Message
from textwell.programmes.models import Placement, Programme, SignUp
from textwell.programmes.quality import LEAST_GONE, Base, judge_source
from textwell.programmes.sources import list_figures, pause_bad_sources


def plant(programme: Programme, people: list[Contact], *, gone: int) -> Placement:
    """People who joined a day ago; some of them left since."""
    placement, yesterday = placement_of(programme), now() - timedelta(days=1)
    SignUp.objects.bulk_create(
        SignUp(
            workspace_id=programme.workspace_id, programme=programme, placement=placement,
            contact_id=person.id, method="form", state="joined", signed_at=yesterday,
            joined_at=yesterday,
        )
        for person in people
    )  # fmt: skip
    Suppression.objects.bulk_create(
        Suppression(workspace_id=programme.workspace_id, msisdn=person.msisdn, reason="opted_out")
        for person in people[:gone]
    )
    return placement


def test_a_source_whose_people_leave_pauses_itself_and_a_good_one_does_not(
    workspace: Workspace,
) -> None:
    people = plan_campaign(workspace, people=60).people
    Message.objects.update(state="delivered", handed_at=now())
    bad = plant(make_programme(workspace, name="Bad"), people[:30], gone=12)
    good = plant(make_programme(workspace, name="Good"), people[30:], gone=0)

    figures = list_figures(workspace.id)
    paused = pause_bad_sources()

    assert [(figures[each.id].joined, figures[each.id].texts, figures[each.id].gone)
            for each in (bad, good)] == [(30, 30, 12), (30, 30, 0)]  # fmt: skip
    assert (paused, pause_bad_sources()) == (1, 0)
    assert list(Placement.objects.exclude(paused_at=None)) == [bad]


def test_who_left_and_comes_back_by_a_form_still_counts_against_their_source(
    workspace: Workspace,
) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace)
    join_by(programme)
    write(gateway, "STOP", number=NUMBER)

    join_by(programme)

    found = list_figures(workspace.id)[placement_of(programme).id]
    assert (found.joined, found.opted_out) == (1, 1)


def test_who_too_few_left_is_never_bad_so_that_no_text_need_be_counted() -> None:
    worst = [judge_source(texts=n, gone=n, base=Base(10_000, 0)).is_bad for n in range(1, 8)]

    assert (LEAST_GONE, worst) == (7, [False] * 6 + [True])
