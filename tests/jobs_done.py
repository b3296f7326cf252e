"""Does at once what the worker does with the pointer to a job."""

from textwell.core.jobs import claim_job, find_handler, finish_job
from textwell.core.models import JobState


def do_job(job_id: int | None) -> None:
    assert job_id is not None
    claimed = claim_job(job_id, leased_by="test")
    assert claimed is not None
    handler = find_handler(claimed.kind)
    assert handler is not None
    handler(claimed)
    finish_job(claimed, state=JobState.DONE)
