"""To be forgotten: everything of a person leaves every table, but for what keeps them from being texted.

What stays says that something was, not of whom: counts, the proof that consent was given, and a keyed
hash of the number, by which it is known again if a file brings it back.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.erasing import blank_entries
from textwell.consent.erased import remember_erased
from textwell.consent.foremost import tell_connectors
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_contact
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import FieldError, NotFound
from textwell.core.jobs import enqueue_job
from textwell.core.models import Job, JobState
from textwell.links.actions import blank_own_links
from textwell.messaging.actions import skip_waiting
from textwell.messaging.gate import Reason
from textwell.messaging.sql import PLAN_LOCK
from textwell.privacy.files import wipe_copies, wipe_texts
from textwell.privacy.models import Erasure, ErasureRequest
from textwell.privacy.registry import TREATMENTS
from textwell.privacy.staging import (
    Trace,
    national_part,
    read_subjects,
    read_traces,
    stage_gone,
    stage_people,
)
from textwell.privacy.traces import keep_traces, open_traces

DAYS_BY_LAW: Final = 30  # GDPR art. 12(3): a month
SWEEP_AFTER: Final = timedelta(
    hours=1
)  # by then no connector or request has anything of them in hand
SWEEP_AT_LAST: Final = timedelta(days=7)  # jobs that began before are waited for, but no longer
AT_ONCE: Final = 100
MOST_PEOPLE: Final = 10_000
ERASE_JOB: Final = "privacy.erase"
LONGEST_REASON: Final = 200


def erase_person(*, workspace_id: int, contact_id: int, reason: str, actor: str) -> ErasureRequest:
    """Forget one person, for good and at once. What waits for them is withdrawn before.

    Raises:
        NotFound: there is no such person here (any more).
        FieldError: `reason`: nobody says why.
    """
    told = read_reason(reason)
    with transaction.atomic():
        access_contact(workspace_id, contact_id)
        request = make_request(workspace_id, [contact_id], reason=told, actor=actor)
        erase_people(request, [contact_id])
    request.refresh_from_db()
    return request


def erase_many(
    *, workspace_id: int, contact_ids: Sequence[int], reason: str, actor: str
) -> ErasureRequest:
    """Forget many people, by a job; the request tells how far it is. Who is none of ours is left out.

    Raises:
        FieldError: `reason`: nobody says why; `contact_ids`: nobody of them is here, or they are too many.
    """
    told = read_reason(reason)
    if len(contact_ids) > MOST_PEOPLE:
        mend = _("Give at most %(count)d at once.") % {"count": MOST_PEOPLE}
        raise FieldError("contact_ids", _("are too many"), mend)
    with transaction.atomic():
        known = Contact.objects.filter(workspace_id=workspace_id, id__in=list(contact_ids))
        ids = list(known.order_by("id").values_list("id", flat=True))
        if not ids:
            mend = _("GET /v1/contacts lists yours.")
            raise FieldError("contact_ids", _("are no people of yours"), mend)
        request = make_request(workspace_id, ids, reason=told, actor=actor)
        job = enqueue_job(
            workspace_id=workspace_id,
            kind=ERASE_JOB,
            payload={"request_id": request.id},
            total_count=request.people_count,
        )
        request.job_id = job.id
        request.save(update_fields=["job_id"])
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="contacts.erasure_requested",
            subject=f"erasure:{request.id}",
            after={"people": request.people_count},
            reason=told,
        )
    return request


def read_reason(reason: str) -> str:
    told = reason.strip()
    if not told or "\x00" in told or len(told) > LONGEST_REASON:
        mend = _("Say in at most %(count)d characters why, without a name or number.")
        raise FieldError("reason", _("is missing or too long."), mend % {"count": LONGEST_REASON})
    return told


def make_request(
    workspace_id: int, contact_ids: Sequence[int], *, reason: str, actor: str
) -> ErasureRequest:
    """Write down who is to be erased, in the caller's transaction.

    Who waits in another request is taken over from it, with the day by which it is due: its job may have
    failed. Who was erased already is left out.
    """
    moment = now()
    request = ErasureRequest.objects.create(
        workspace_id=workspace_id,
        actor=actor,
        reason=reason,
        requested_at=moment,
        due_at=moment + timedelta(days=DAYS_BY_LAW),
        people_count=0,
    )
    Erasure.objects.bulk_create(
        (
            Erasure(contact_id=each, workspace_id=workspace_id, request=request)
            for each in contact_ids
        ),
        ignore_conflicts=True,
    )
    _take_over(request, contact_ids)
    request.people_count = request.people.count()
    if not request.people_count:  # nobody was named who is not erased
        request.finished_at = moment
    request.save(update_fields=["people_count", "finished_at", "due_at"])
    return request


def _take_over(request: ErasureRequest, contact_ids: Sequence[int]) -> None:
    mine = Erasure.objects.filter(workspace_id=request.workspace_id, contact_id__in=contact_ids)
    waiting = mine.filter(erased_at=None).exclude(request=request).order_by("contact_id")
    moved = dict(waiting.select_for_update().values_list("contact_id", "request_id"))
    if not moved:
        return
    Erasure.objects.filter(contact_id__in=moved).update(request=request)
    counts = Counter(moved.values())
    held = ErasureRequest.objects.select_for_update().filter(id__in=counts).order_by("id")
    for other in held:
        request.due_at = min(request.due_at, other.due_at)
        other.people_count -= counts[other.id]
        if other.done_count >= other.people_count:
            other.finished_at = request.requested_at
        other.save(update_fields=["people_count", "finished_at"])


def erase_people(request: ErasureRequest, contact_ids: Sequence[int]) -> None:
    """Erase some people of a request, in one transaction. Twice is once."""
    workspace_id = request.workspace_id
    wipe_copies(workspace_id, contact_ids)
    with transaction.atomic():
        # Whoever plans waits, and finds them gone: else it would write their number once more.
        with cursor() as raw:
            raw.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PLAN_LOCK, workspace_id])
            found, numbers, emails = stage_people(raw, workspace_id, contact_ids)
            keep_traces(read_traces(raw, workspace_id))
        skip_waiting(
            workspace_id=workspace_id, contact_ids=found, reason=Reason.CONTACT_ERASED.value
        )
        tell_connectors("suppressed", workspace_id, found)
        remember_erased(workspace_id, numbers)
        blank_own_links(workspace_id, found)
        subjects, names = read_subjects(workspace_id)
        _run_all(workspace_id)
        nationals = [national_part(number) for number in numbers]
        blank_entries(workspace_id, subjects=subjects, texts=[*nationals, *emails, *names])
        _note_done(request, contact_ids, audited=found)


def _run_all(workspace_id: int) -> Counter[str]:
    """How many rows of which table."""
    counts: Counter[str] = Counter()
    with cursor() as raw:
        for table, treatment in TREATMENTS.items():
            for statement in treatment.statements:
                raw.execute(statement, {"workspace_id": workspace_id})
                counts[table] += raw.rowcount
    return counts


def _note_done(
    request: ErasureRequest, contact_ids: Sequence[int], *, audited: Sequence[int]
) -> None:
    """Who was gone already is done as well; the log tells of the others."""
    moment = now()
    request.people.filter(contact_id__in=contact_ids).update(erased_at=moment)
    done_count = request.people.exclude(erased_at=None).count()
    is_finished = done_count >= request.people_count
    ErasureRequest.objects.filter(id=request.id).update(
        done_count=done_count, finished_at=moment if is_finished else None
    )
    for contact_id in audited:
        record_audit(
            workspace_id=request.workspace_id,
            actor=request.actor,
            action="contacts.erased",
            subject=f"contact:{contact_id}",
            reason=request.reason,
        )


def sweep_erased() -> int:
    """Erase what was written down of erased people after they were; answers how many. Twice is safe.

    Found as at first: by ids, numbers, addresses and names. What a job holds that began before is written
    once the job is over, so that is waited for.
    """
    waiting = Erasure.objects.filter(swept_at=None, erased_at__lt=now() - SWEEP_AFTER)
    rows = list(waiting.order_by("erased_at")[:MOST_PEOPLE])
    ready = [row for row in rows if not _is_worked_on(row)][:AT_ONCE]
    for workspace_id in sorted({row.workspace_id for row in ready}):
        _sweep(workspace_id, [row for row in ready if row.workspace_id == workspace_id])
    return len(ready)


def _is_worked_on(erasure: Erasure) -> bool:
    """Whether a job is not over that may have read of them before they were erased."""
    assert erasure.erased_at is not None
    if erasure.erased_at < now() - SWEEP_AT_LAST:
        return False
    at_work = Job.objects.filter(
        workspace_id=erasure.workspace_id,
        created_at__lte=erasure.erased_at,
        state__in=[JobState.WAITING, JobState.RUNNING, JobState.STOPPING],
    )
    return at_work.exclude(kind=ERASE_JOB).exists()


def _sweep(workspace_id: int, rows: Sequence[Erasure]) -> None:
    traces = open_traces({row.contact_id: row.sealed for row in rows})
    with transaction.atomic():
        with cursor() as raw:
            numbers, emails = stage_gone(raw, workspace_id, traces)
        nationals = [national_part(number) for number in numbers]
        row_count, file_count = wipe_texts(workspace_id, nationals=nationals, emails=emails)
        remember_erased(workspace_id, numbers)
        subjects, _gone = read_subjects(workspace_id)
        counts = _run_all(workspace_id)
        counts["contacts_importrow"] += row_count
        counts["contacts_importrun"] += file_count
        texts = [*nationals, *emails, *_names(traces, numbers)]
        entry_count = blank_entries(workspace_id, subjects=subjects, texts=texts)
        counts["accounts_auditentry"] += entry_count
        _note_swept(rows, counts)


def _names(traces: Sequence[Trace], numbers: Sequence[str]) -> list[str]:
    """But of nobody who has come back since, with the same number."""
    return [trace.name for trace in traces if trace.name and {*trace.msisdns} <= {*numbers}]


def _note_swept(rows: Sequence[Erasure], counts: Counter[str]) -> None:
    """What was found is told of the requests swept together: whose row it was nobody knows any more."""
    moment = now()
    ids = [row.contact_id for row in rows]
    Erasure.objects.filter(contact_id__in=ids).update(swept_at=moment, sealed="")
    requests = ErasureRequest.objects.select_for_update().filter(
        id__in={row.request_id for row in rows}
    )
    for request in requests.order_by("id"):
        request.swept = dict(sorted((+(Counter(request.swept) + counts)).items()))
        if not request.people.filter(swept_at=None).exists():
            request.swept_at = moment
        request.save(update_fields=["swept", "swept_at"])


def access_request(workspace_id: int, request_id: int) -> ErasureRequest:
    """Raises NotFound, also for another workspace's."""
    found = ErasureRequest.objects.filter(workspace_id=workspace_id, id=request_id).first()
    if found is None:
        raise NotFound("erasure", request_id)
    return found


def list_requests(workspace_id: int, *, limit: int = 100) -> list[ErasureRequest]:
    """The newest first."""
    return list(ErasureRequest.objects.filter(workspace_id=workspace_id).order_by("-id")[:limit])
