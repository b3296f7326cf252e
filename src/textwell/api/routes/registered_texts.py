"""Templates of registered senders: which words a registry has approved."""

from django.http import HttpResponse
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.routes.registrations import show_template
from textwell.api.schemas.registrations import RegisteredTextOut, TemplateChange, TemplateIn
from textwell.core.clock import now
from textwell.gateways.registered_texts import (
    USUAL_PLACE,
    add_template,
    change_template,
    remove_template,
)
from textwell.gateways.rights import access_registration
from textwell.messaging.sender_law import place_length

router = Router(tags=["Gateways"])
MAY = ApiKey(Scope.GATEWAYS_MANAGE)


@router.post("/{int:registration_id}/templates", auth=MAY, response={201: RegisteredTextOut})
def put_down(
    request: KeyRequest, response: HttpResponse, registration_id: int, new: TemplateIn
) -> Status[dict[str, object]]:
    """Put down a text as it is registered for a sender.

    Where a country asks for it, a text that is none of these sign by sign, its places filled in, is
    refused with the reason `template_unregistered`, and told where it leaves the nearest.
    """
    holder = request.auth
    registration = access_registration(holder.workspace_id, registration_id)
    given = new.model_dump()
    usual = place_length(registration.country, on=now().date()) or USUAL_PLACE
    made = add_template(
        workspace_id=holder.workspace_id,
        registration_id=registration_id,
        actor=holder.actor,
        **(given | {"longest": given["longest"] or usual}),
    )
    response["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    return Status(201, show_template(made))


@router.patch(
    "/{int:registration_id}/templates/{int:text_id}", auth=MAY, response=RegisteredTextOut
)
def update(
    request: KeyRequest, registration_id: int, text_id: int, change: TemplateChange
) -> dict[str, object]:
    """Change what is given: what waits is judged by it at once. The words of a template never change."""
    holder = request.auth
    given = change.model_dump(exclude_unset=True)
    changed = change_template(
        workspace_id=holder.workspace_id,
        registration_id=registration_id,
        template_id=text_id,
        actor=holder.actor,
        has_no_end="expires_on" in given and given["expires_on"] is None,
        **given,
    )
    return show_template(changed)


@router.delete("/{int:registration_id}/templates/{int:text_id}", auth=MAY, response={204: None})
def remove(request: KeyRequest, registration_id: int, text_id: int) -> Status[None]:
    """Forget it: texts like it are refused from then on."""
    holder = request.auth
    remove_template(
        workspace_id=holder.workspace_id,
        registration_id=registration_id,
        template_id=text_id,
        actor=holder.actor,
    )
    return Status(204, None)
