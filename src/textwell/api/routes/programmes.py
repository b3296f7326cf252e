"""Sign-up programmes: how people come to agree, where, and with what proof."""

from typing import Any

from django.http import HttpResponse
from ninja import Router, Status

from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.programmes import (
    CodesIn,
    CodesOut,
    DisclosureOut,
    NewPlacement,
    NewProgramme,
    PlacementFields,
    PlacementOut,
    ProgrammeDetail,
    ProgrammeFields,
    ProgrammeOut,
    Programmes,
    SignUpIn,
    SignUpOut,
    SourceOut,
    WordsIn,
)
from textwell.core.errors import NotFound
from textwell.programmes import actions, codes, placements
from textwell.programmes.disclosures import present_disclosures, set_disclosure
from textwell.programmes.models import Disclosure, Placement, Programme, SignUp
from textwell.programmes.selectors import (
    access_placement,
    access_programme,
    count_codes,
    find_problems,
    list_placements,
    list_programmes,
)
from textwell.programmes.signing import sign_up as record_sign_up
from textwell.programmes.sources import list_figures
from textwell.programmes.types import NewSignUp, SourceFigures

router = Router(tags=["Programmes"])
READ, WRITE = ApiKey(Scope.CAMPAIGNS_READ), ApiKey(Scope.CAMPAIGNS_WRITE)
PEOPLE, OWNER = ApiKey(Scope.CONTACTS_WRITE), ApiKey(Scope.WORKSPACE_MANAGE)
_NOBODY = SourceFigures(0, 0, 0, 0, 0, 0, 0)


@router.get("", auth=READ, response=Programmes)
def list_all(request: KeyRequest) -> dict[str, object]:
    """All programmes, the newest first; there are 200 at most."""
    return {"items": list_programmes(request.auth.workspace_id)}


@router.post("", auth=WRITE, response={201: ProgrammeOut})
def create(request: KeyRequest, new: NewProgramme, response: HttpResponse) -> Status[Programme]:
    """Make a draft with ready-made words in the workspace's language and one placement."""
    workspace = Workspace.objects.get(id=request.auth.workspace_id)
    made = actions.create_programme(workspace=workspace, actor=request.auth.actor, **new.values())
    response["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    return Status(201, made)


@router.get("/{int:programme_id}", auth=READ, response=ProgrammeDetail)
def get(request: KeyRequest, programme_id: int) -> dict[str, Any]:
    """One programme: what keeps it from being published, its words, and what each placement brought."""
    programme = access_programme(request.auth.workspace_id, programme_id)
    left, total = count_codes(programme)
    placements = list_placements(programme)
    figures = list_figures(programme.workspace_id, placement_ids=[each.id for each in placements])
    return {
        **ProgrammeOut.from_orm(programme).model_dump(),
        "problems": [each.text for each in find_problems(programme)],
        "disclosures": present_disclosures(programme),
        "placements": [_source(each, figures.get(each.id, _NOBODY)) for each in placements],
        "codes_left": left,
        "codes_total": total,
    }


def _source(placement: Placement, found: SourceFigures) -> SourceOut:
    has_price = bool(found.joined and placement.cost_micros)
    return SourceOut(
        **PlacementOut.from_orm(placement).model_dump(),
        joined_count=found.joined,
        pending_count=found.pending,
        text_count=found.texts,
        opted_out_count=found.opted_out,
        complained_count=found.complained,
        dead_count=found.dead,
        cost_each_micros=placement.cost_micros // found.joined if has_price else None,
    )


@router.patch("/{int:programme_id}", auth=WRITE, response=ProgrammeOut)
def update(request: KeyRequest, programme_id: int, change: ProgrammeFields) -> Programme:
    """Change it: only the fields given. Words that name what changed get a new version."""
    programme = access_programme(request.auth.workspace_id, programme_id)
    return actions.update_programme(
        programme=programme, actor=request.auth.actor, **change.values()
    )


@router.post("/{int:programme_id}/publish", auth=WRITE, response=ProgrammeOut)
def publish(request: KeyRequest, programme_id: int) -> Programme:
    """Let people join; 409 names each element that a rule pack requires and that is missing."""
    programme = access_programme(request.auth.workspace_id, programme_id)
    return actions.publish_programme(programme=programme, actor=request.auth.actor)


@router.post("/{int:programme_id}/pause", auth=WRITE, response=ProgrammeOut)
def pause(request: KeyRequest, programme_id: int) -> Programme:
    """Nobody joins until it is published again. Whoever joined stays."""
    programme = access_programme(request.auth.workspace_id, programme_id)
    return actions.pause_programme(programme=programme, actor=request.auth.actor)


@router.put(
    "/{int:programme_id}/disclosures/{country}/{language}",
    auth=WRITE,
    response={200: DisclosureOut, 204: None},
)
def put_disclosure(
    request: KeyRequest, programme_id: int, country: str, language: str, given: WordsIn
) -> Status[Disclosure | None]:
    """The sentences that people of a country are shown in a language; without any, none are."""
    made = set_disclosure(
        programme=access_programme(request.auth.workspace_id, programme_id),
        country=country,
        language=language,
        parts=given.parts,
        actor=request.auth.actor,
    )
    return Status(200, made) if made else Status(204, None)


@router.post("/{int:programme_id}/codes", auth=WRITE, response=CodesOut)
def add_codes(request: KeyRequest, programme_id: int, given: CodesIn) -> dict[str, int]:
    """Add codes to the pool. Those that are in it already are counted and left."""
    added, known = codes.import_codes(
        programme=access_programme(request.auth.workspace_id, programme_id),
        codes=given.codes,
        actor=request.auth.actor,
    )
    return {"added_count": added, "known_count": known}


@router.post("/{int:programme_id}/sign-ups", auth=PEOPLE, response={201: SignUpOut})
def sign_up(request: KeyRequest, programme_id: int, given: SignUpIn) -> Status[SignUp]:
    """Somebody joined at your checkout, on a call, at the counter. The same person again is the same."""
    programme = access_programme(request.auth.workspace_id, programme_id)
    own = Placement.objects.filter(programme=programme).select_related("programme").order_by("id")
    chosen = own.filter(id=given.placement_id) if given.placement_id is not None else own
    placement = chosen.first()
    if placement is None:
        raise NotFound("placement", given.placement_id)
    new = NewSignUp(**given.model_dump(exclude={"placement_id"}))
    return Status(201, record_sign_up(placement=placement, new=new, actor=request.auth.actor))


@router.post("/{int:programme_id}/placements", auth=WRITE, response={201: PlacementOut})
def create_placement(
    request: KeyRequest, programme_id: int, new: NewPlacement
) -> Status[Placement]:
    """A place where the programme is offered, with a link of its own: `/join/` and its code."""
    programme = access_programme(request.auth.workspace_id, programme_id)
    made = placements.create_placement(
        programme=programme, actor=request.auth.actor, **new.values()
    )
    return Status(201, made)


@router.patch("/placements/{int:placement_id}", auth=WRITE, response=PlacementOut)
def update_placement(request: KeyRequest, placement_id: int, change: PlacementFields) -> Placement:
    """Change it: only the fields given. Its link stays."""
    placement = access_placement(request.auth.workspace_id, placement_id)
    return placements.update_placement(
        placement=placement, actor=request.auth.actor, **change.values()
    )


@router.post("/placements/{int:placement_id}/pause", auth=WRITE, response=PlacementOut)
def pause_placement(request: KeyRequest, placement_id: int) -> Placement:
    """Nobody joins there any more."""
    placement = access_placement(request.auth.workspace_id, placement_id)
    placements.pause_placement(placement=placement, actor=request.auth.actor)
    return access_placement(request.auth.workspace_id, placement_id)


@router.post("/placements/{int:placement_id}/resume", auth=OWNER, response=PlacementOut)
def resume_placement(request: KeyRequest, placement_id: int) -> Placement:
    """People join there again, also where the placement had paused itself."""
    placement = access_placement(request.auth.workspace_id, placement_id)
    placements.resume_placement(placement=placement, actor=request.auth.actor)
    return access_placement(request.auth.workspace_id, placement_id)
