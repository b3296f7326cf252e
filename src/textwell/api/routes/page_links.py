"""Links to people's own pages."""

from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.page_links import PageLinkIn, PageLinkOut
from textwell.privacy.page_links import PageLink, make_page_link

router = Router(tags=["Contacts"])
MAKE = ApiKey(Scope.CONTACTS_ERASE)  # whoever has the link may erase


@router.post("/contacts/{int:contact_id}/page-link", auth=MAKE, response={201: PageLinkOut})
def make(request: KeyRequest, contact_id: int, wanted: PageLinkIn) -> Status[PageLink]:
    """A link to the person's own page: see, correct, pause, stop, download, erase; no sign-in."""
    holder = request.auth
    made = make_page_link(
        workspace_id=holder.workspace_id,
        contact_id=contact_id,
        actor=holder.actor,
        days=wanted.days,
    )
    return Status(201, made)
