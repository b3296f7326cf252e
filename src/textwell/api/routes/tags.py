"""Tags of people."""

from ninja import Router

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.contacts import Changed, TagDelete, TagRename, TagsIn, TagsOut
from textwell.api.whom import chosen
from textwell.campaigns.groups import delete_tag, rename_tag
from textwell.contacts.groups.actions import tag_people
from textwell.contacts.groups.changes import Outcome
from textwell.segments.figures import tag_figures

router = Router(tags=["Tags"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)


@router.get("", auth=READ, response=TagsOut)
def list_all(request: KeyRequest) -> dict[str, object]:
    """Tags in use, by name, with their people."""
    figures = tag_figures(request.auth.workspace_id)
    counts = [
        {"tag": tag, "contact_count": people, "textable_count": textable}
        for tag, (people, textable) in sorted(figures.by_key.items())
    ]
    tags = [count["tag"] for count in counts]
    return {"tags": tags, "counts": counts, "counted_at": figures.counted_at}


@router.post("", auth=WRITE, response=Changed)
def change(request: KeyRequest, change: TagsIn) -> Outcome:
    """Add and take away tags; answers how many people changed."""
    return tag_people(
        workspace_id=request.auth.workspace_id,
        whom=chosen(change),
        add=change.add,
        remove=change.remove,
        actor=request.auth.actor,
    )


@router.post("/rename", auth=WRITE, response=Changed)
def rename(request: KeyRequest, given: TagRename) -> Outcome:
    """Rename a tag, or merge it into another. 409 while a scheduled campaign chooses by it."""
    return rename_tag(
        workspace_id=request.auth.workspace_id,
        tag=given.tag,
        to=given.to,
        actor=request.auth.actor,
    )


@router.post("/delete", auth=WRITE, response=Changed)
def delete(request: KeyRequest, given: TagDelete) -> Outcome:
    """Take a tag from everybody. 409 while a scheduled campaign chooses by it."""
    return delete_tag(
        workspace_id=request.auth.workspace_id, tag=given.tag, actor=request.auth.actor
    )
