"""The job of privacy: many people to be forgotten, some at a time."""

from textwell.core.jobs import JobContext, job_handler
from textwell.privacy.erasing import AT_ONCE, ERASE_JOB, access_request, erase_people


@job_handler(ERASE_JOB)
def erase_many(context: JobContext) -> None:
    """Killed or stopped it goes on with those who are left."""
    assert context.workspace_id is not None
    request = access_request(context.workspace_id, int(context.payload["request_id"]))
    waiting = request.people.filter(erased_at=None).order_by("contact_id")
    while ids := list(waiting.values_list("contact_id", flat=True)[:AT_ONCE]):
        erase_people(request, ids)
        request.refresh_from_db()
        context.save(done_count=request.done_count, total_count=request.people_count)
