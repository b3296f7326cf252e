"""Lists and tags as campaigns use them: which campaigns choose by one, and what that forbids.

A campaign that is scheduled or being planned still has to read its audience; what it chooses by can
then be neither deleted nor renamed. Drafts are told of, and are judged by their own review.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from django.db import transaction
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from textwell.campaigns.models import Campaign, CampaignState
from textwell.contacts.groups.actions import remove_list, replace_tag
from textwell.contacts.groups.changes import Outcome
from textwell.contacts.selectors import access_list
from textwell.core.db import cursor
from textwell.core.errors import Conflict

_READS_AUDIENCE = (CampaignState.SCHEDULED, CampaignState.PLANNING)
_NAMED = 3  # campaigns that a refusal names


@dataclass(frozen=True, slots=True)
class Uses:
    """Campaigns of each kind that choose by a list or a tag, newest first."""

    blocking: Sequence[Campaign]  # not planned yet: they will read their audience
    drafts: Sequence[Campaign]


_FIND: LiteralString = """
SELECT id FROM campaigns_campaign
WHERE workspace_id = %(w)s AND state IN ('draft', 'scheduled', 'planning') AND __USES__
"""
# A list stands as number or as text, in a filter or alone.
_USES: dict[str, LiteralString] = {
    "list": "(audience->>'list_id' = %(key)s OR jsonb_path_exists(audience,"
    " '$.filters[*] ? (@.field == \"list\" && (@.value == $key || @.value == $number))',"
    " jsonb_build_object('key', %(key)s::text, 'number', %(key)s::bigint)))",
    "tag": "(audience->>'tag' = %(key)s OR jsonb_path_exists(audience,"
    " '$.filters[*] ? (@.field == \"tags\" && @.value == $key)',"
    " jsonb_build_object('key', %(key)s::text)))",
}


def _uses(workspace_id: int, kind: str, key: object) -> Uses:
    with cursor() as sql:
        sql.execute(_FIND.replace("__USES__", _USES[kind]), {"w": workspace_id, "key": str(key)})
        ids = [row[0] for row in sql.fetchall()]
    found = Campaign.objects.filter(workspace_id=workspace_id, id__in=ids).order_by("-id")
    return Uses(
        blocking=[each for each in found if each.state in _READS_AUDIENCE],
        drafts=[each for each in found if each.state == CampaignState.DRAFT],
    )


def uses_of_list(workspace_id: int, list_id: int) -> Uses:
    """Raises NotFound if the list is not of this workspace."""
    access_list(workspace_id, list_id)
    return _uses(workspace_id, "list", list_id)


def uses_of_tag(workspace_id: int, tag: str) -> Uses:
    return _uses(workspace_id, "tag", tag)


def last_campaigns(workspace_id: int, kind: str) -> dict[str, Campaign]:
    """The newest launched campaign whose whole audience was a list or a tag, by its id or name."""
    name = {"list": "list_id", "tag": "tag"}[kind]
    launched = Campaign.objects.filter(
        workspace_id=workspace_id, launched_at__isnull=False, audience__has_key=name
    )
    by_key = launched.annotate(chosen=KeyTextTransform(name, "audience"))
    newest = by_key.order_by("chosen", "-launched_at").distinct("chosen")
    return {each.chosen: each for each in newest}


def delete_list(*, workspace_id: int, list_id: int, actor: str) -> int:
    """Delete a list that no campaign waits for; answers how many people were on it.

    Raises:
        NotFound: there is no such list in the workspace.
        Conflict: a scheduled campaign chooses by it; names the campaign.
    """
    with transaction.atomic():
        _refuse_used(uses_of_list(workspace_id, list_id))
        return remove_list(workspace_id=workspace_id, list_id=list_id, actor=actor)


def rename_tag(*, workspace_id: int, tag: str, to: str, actor: str) -> Outcome:
    """Rename a tag, or merge it into one that is there; drafts keep the old name and are not changed.

    Raises:
        FieldError: the new name cannot be used.
        Conflict: a scheduled campaign chooses by it; names the campaign.
    """
    with transaction.atomic():
        _refuse_used(uses_of_tag(workspace_id, tag))
        return replace_tag(workspace_id=workspace_id, tag=tag, to=to, actor=actor)


def delete_tag(*, workspace_id: int, tag: str, actor: str) -> Outcome:
    """Take a tag from everybody.

    Raises:
        Conflict: a scheduled campaign chooses by it; names the campaign.
    """
    with transaction.atomic():
        _refuse_used(uses_of_tag(workspace_id, tag))
        return replace_tag(workspace_id=workspace_id, tag=tag, to=None, actor=actor)


def _refuse_used(uses: Uses) -> None:
    if not uses.blocking:
        return
    names = ", ".join(f"“{each.name}”" for each in uses.blocking[:_NAMED])
    raise Conflict(
        _("Scheduled campaigns choose their people by it: %(names)s. Cancel or change them first.")
        % {"names": names}
    )
