"""The jobs of segments."""

from textwell.core.jobs import JobContext, job_handler
from textwell.segments.figures import COUNT_JOB, keep_figures


@job_handler(COUNT_JOB)
def count_groups(context: JobContext) -> None:
    """Counts every list and tag of the workspace again."""
    assert context.workspace_id is not None
    count = keep_figures(context.workspace_id)
    context.save(done_count=count, total_count=count)
