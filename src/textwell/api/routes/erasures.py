"""People who are forgotten."""

from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.erasures import ErasureIn, ErasureOut, ErasuresIn
from textwell.privacy.erasing import access_request, erase_many, erase_person, list_requests
from textwell.privacy.models import ErasureRequest

router = Router(tags=["Contacts"])
ERASE = ApiKey(Scope.CONTACTS_ERASE)


@router.post("/contacts/{int:contact_id}/erasure", auth=ERASE, response={201: ErasureOut})
def erase(request: KeyRequest, contact_id: int, why: ErasureIn) -> Status[ErasureRequest]:
    """Forget a person, for good and at once: 404 from then on. Counts of reports stay.

    A keyed hash of the number is kept, so that a file which brings it back does not text them.
    """
    holder = request.auth
    done = erase_person(
        workspace_id=holder.workspace_id,
        contact_id=contact_id,
        reason=why.reason,
        actor=holder.actor,
    )
    return Status(201, done)


@router.post("/contacts/erasures", auth=ERASE, response={202: ErasureOut})
def erase_all(request: KeyRequest, whom: ErasuresIn) -> Status[ErasureRequest]:
    """Forget many people, by a job. The answer's `id` tells how far it is."""
    holder = request.auth
    begun = erase_many(
        workspace_id=holder.workspace_id,
        contact_ids=whom.contact_ids,
        reason=whom.reason,
        actor=holder.actor,
    )
    return Status(202, begun)


@router.get("/contacts/erasures", auth=ERASE, response=list[ErasureOut])
def list_all(request: KeyRequest) -> list[ErasureRequest]:
    """The newest hundred, the last one first."""
    return list_requests(request.auth.workspace_id)


@router.get("/contacts/erasures/{int:erasure_id}", auth=ERASE, response=ErasureOut)
def get(request: KeyRequest, erasure_id: int) -> ErasureRequest:
    """How far it is, and until when it is due."""
    return access_request(request.auth.workspace_id, erasure_id)
