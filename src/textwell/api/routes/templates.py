"""Templates: texts that a workspace keeps."""

from django.http import HttpResponse
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.templates import NewTemplate, TemplateFields, TemplateOut
from textwell.messaging.models import SavedText
from textwell.messaging.templates import (
    access_template,
    create_template,
    delete_template,
    list_templates,
    update_template,
)

router = Router(tags=["Templates"])
READ, WRITE = ApiKey(Scope.CAMPAIGNS_READ), ApiKey(Scope.CAMPAIGNS_WRITE)


@router.get("", auth=READ, response=Page[TemplateOut])
def list_all(request: KeyRequest, paging: PagingQuery, search: str = "") -> dict[str, object]:
    """Templates, newest first; `search` looks into names and main texts."""
    rows = list_templates(
        request.auth.workspace_id,
        search=search,
        before_id=paging.after_id(),
        limit=paging.limit + 1,
    )
    return make_page(rows, limit=paging.limit, shown=lambda row: row, cursor=lambda row: row.id)


@router.post("", auth=WRITE, response={201: TemplateOut})
def create(request: KeyRequest, new: NewTemplate, response: HttpResponse) -> Status[SavedText]:
    """Keep a text. A campaign that begins with it copies its values."""
    holder = request.auth
    made = create_template(workspace_id=holder.workspace_id, actor=holder.actor, **new.values())
    response["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    return Status(201, made)


@router.get("/{int:template_id}", auth=READ, response=TemplateOut)
def get(request: KeyRequest, template_id: int) -> SavedText:
    """One template."""
    return access_template(request.auth.workspace_id, template_id)


@router.patch("/{int:template_id}", auth=WRITE, response=TemplateOut)
def update(request: KeyRequest, template_id: int, change: TemplateFields) -> SavedText:
    """Change it: only the fields given. Campaigns keep what they copied."""
    template = access_template(request.auth.workspace_id, template_id)
    return update_template(template=template, actor=request.auth.actor, **change.values())


@router.delete("/{int:template_id}", auth=WRITE, response={204: None})
def delete(request: KeyRequest, template_id: int) -> Status[None]:
    """Delete it. Campaigns that began with it stay."""
    template = access_template(request.auth.workspace_id, template_id)
    delete_template(template=template, actor=request.auth.actor)
    return Status(204, None)
