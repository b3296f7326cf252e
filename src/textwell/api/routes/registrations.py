"""The registry of senders: where each is registered, for what, in which state, with which papers."""

from django.http import HttpResponse
from ninja import File, Router, Status
from ninja.files import UploadedFile

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.registrations import (
    DocumentOut,
    RegistrationChange,
    RegistrationIn,
    RegistrationOut,
)
from textwell.core.clock import now
from textwell.gateways.models import RegisteredTemplate, Registration, RegistrationDocument
from textwell.gateways.registrations import (
    MAX_DOCUMENT_BYTES,
    access_document,
    add_document,
    change_registration,
    create_registration,
    delete_registration,
    remove_document,
)
from textwell.gateways.rights import access_registration, list_registrations, standing_of

router = Router(tags=["Gateways"])
READ = ApiKey(Scope.GATEWAYS_READ)
MAY = ApiKey(Scope.GATEWAYS_MANAGE)
_OCTETS = {
    "responses": {
        200: {
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            }
        }
    }
}
_SHOWN = (
    "id",
    "value",
    "kind",
    "country",
    "purpose",
    "operator",
    "reference",
    "expires_on",
    "notes",
)


def _show(registration: Registration) -> dict[str, object]:
    return {name: getattr(registration, name) for name in _SHOWN} | {
        "state": standing_of(registration, on=now().date()).value,
        "documents": [_show_document(each) for each in registration.documents.all()],
        "templates": [show_template(each) for each in registration.templates.all()],
    }


def show_template(template: RegisteredTemplate) -> dict[str, object]:
    """A template as it is shown."""
    names = ("id", "name", "text", "longest", "reference", "expires_on")
    state = standing_of(template, on=now().date()).value
    return {name: getattr(template, name) for name in names} | {"state": state}


def _show_document(document: RegistrationDocument) -> dict[str, object]:
    names = ("id", "name", "content_type", "size", "sha256", "added_at")
    return {name: getattr(document, name) for name in names}


def _shown(request: KeyRequest, registration_id: int) -> dict[str, object]:
    return _show(access_registration(request.auth.workspace_id, registration_id))


@router.get("", auth=READ, response=Page[RegistrationOut])
def list_all(request: KeyRequest, paging: PagingQuery) -> dict[str, object]:
    """What is on file of senders, country by country.

    Where a country asks for it, only a sender that is approved there for the class of a text goes out:
    other texts are refused with the reason `sender_unregistered`.
    """
    found = list_registrations(request.auth.workspace_id).filter(id__gt=paging.after_id() or 0)
    rows = found.order_by("id")[: paging.limit + 1]
    return make_page(list(rows), limit=paging.limit, shown=_show, cursor=lambda row: row.id)


@router.post("", auth=MAY, response={201: RegistrationOut})
def create(
    request: KeyRequest, response: HttpResponse, new: RegistrationIn
) -> Status[dict[str, object]]:
    """Put down how a sender is registered. It registers nothing: that is between you and the registry."""
    holder = request.auth
    made = create_registration(
        workspace_id=holder.workspace_id, actor=holder.actor, **new.model_dump()
    )
    response["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    return Status(201, _shown(request, made.id))


@router.get("/{int:registration_id}", auth=READ, response=RegistrationOut)
def get(request: KeyRequest, registration_id: int) -> dict[str, object]:
    """One registration with its papers; their bodies are read one by one."""
    return _shown(request, registration_id)


@router.patch("/{int:registration_id}", auth=MAY, response=RegistrationOut)
def update(
    request: KeyRequest, registration_id: int, change: RegistrationChange
) -> dict[str, object]:
    """Change what is given: what waits is judged by it at once."""
    holder = request.auth
    given = change.model_dump(exclude_unset=True)
    has_no_end = "expires_on" in given and given["expires_on"] is None
    change_registration(
        workspace_id=holder.workspace_id,
        registration_id=registration_id,
        actor=holder.actor,
        has_no_end=has_no_end,
        **given,
    )
    return _shown(request, registration_id)


@router.delete("/{int:registration_id}", auth=MAY, response={204: None})
def remove(request: KeyRequest, registration_id: int) -> Status[None]:
    """Forget it with its papers."""
    holder = request.auth
    delete_registration(
        workspace_id=holder.workspace_id, registration_id=registration_id, actor=holder.actor
    )
    return Status(204, None)


@router.post("/{int:registration_id}/documents", auth=MAY, response={201: DocumentOut})
def upload(
    request: KeyRequest, registration_id: int, file: File[UploadedFile]
) -> Status[dict[str, object]]:
    """Keep a paper with it: a PDF, PNG or JPEG of 5 MB at most. The same one twice is kept once."""
    holder = request.auth
    made = add_document(
        workspace_id=holder.workspace_id,
        registration_id=registration_id,
        actor=holder.actor,
        name=file.name or "",
        body=file.read(MAX_DOCUMENT_BYTES + 1),
    )
    return Status(201, _show_document(made))


@router.get(
    "/{int:registration_id}/documents/{int:document_id}",
    auth=READ,
    openapi_extra=_OCTETS,
)
def download(request: KeyRequest, registration_id: int, document_id: int) -> HttpResponse:
    """A paper, octet by octet as it was given."""
    registration = access_registration(request.auth.workspace_id, registration_id)
    return document_response(access_document(registration, document_id))


def document_response(document: RegistrationDocument) -> HttpResponse:
    """A file to save, whatever its name says."""
    answer = HttpResponse(bytes(document.body), content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f'attachment; filename="document-{document.id}"'
    return answer


@router.delete("/{int:registration_id}/documents/{int:document_id}", auth=MAY, response={204: None})
def discard(request: KeyRequest, registration_id: int, document_id: int) -> Status[None]:
    """Throw a paper away; the audit log keeps its hash."""
    holder = request.auth
    remove_document(
        workspace_id=holder.workspace_id,
        registration_id=registration_id,
        document_id=document_id,
        actor=holder.actor,
    )
    return Status(204, None)
