"""Files that the API streams, and whether the numbers in them are full."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse

from textwell.accounts.disclosure import note_disclosure
from textwell.accounts.types import KeyHolder, Scope

CSV_ANSWER = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}
JSON_LINES_ANSWER = {
    "responses": {200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}}
}


def csv_response(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """A file of rows, streamed."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def json_lines_response(lines: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """A file of JSON, a line each, streamed."""
    response = StreamingHttpResponse(
        (line + b"\n" for line in lines), content_type="application/x-ndjson"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def shows_numbers(holder: KeyHolder, export_reason: str, *, subject: str, what: str) -> bool:
    """Whether an export has full numbers: by the scope and a reason, which the audit log keeps."""
    if not export_reason.strip() or not holder.allows(Scope.CONTACTS_NUMBERS):
        return False
    note_disclosure(
        workspace_id=holder.workspace_id,
        actor=holder.actor,
        action="contacts.exported",
        subject=subject,
        what=what,
        reason=export_reason,
    )
    return True
