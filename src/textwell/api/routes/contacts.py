"""People, their consent, tags, lists and fields."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from textwell.accounts.actions import record_audit
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.files import JSON_LINES_ANSWER, json_lines_response
from textwell.api.openapi import NAMES_A_LIST
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Count, Moment, Page
from textwell.api.schemas.contacts import (
    BulkIn,
    BulkOut,
    ChannelsIn,
    ConsentOut,
    ContactDetail,
    ContactOut,
    FieldIn,
    FieldOut,
    OptIn,
    OptOut,
    PauseIn,
    UpsertIn,
)
from textwell.api.schemas.past import PastConsentOut, ScopeOfProof
from textwell.api.schemas.reports import ExplanationOut
from textwell.campaigns.selectors import access_campaign
from textwell.consent.actions import record_consents, record_opt_in, record_opt_out
from textwell.consent.chain.form import write_line
from textwell.consent.chain.roots import prove_state
from textwell.consent.models import ConsentKind
from textwell.consent.past import states_at
from textwell.consent.pausing import end_pause, find_pause, pause_person
from textwell.consent.preferring import choose_channels, list_preference_events
from textwell.consent.sample import add_sample, remove_sample
from textwell.consent.selectors import consent_history, find_suppression, list_consent_states
from textwell.consent.types import ConsentScope, GivenConsent, every_of
from textwell.contacts.actions import define_field, upsert_contact
from textwell.contacts.bulk.actions import GivenContact, upsert_contacts
from textwell.contacts.choosing import Chosen
from textwell.contacts.groups.actions import put_on_list
from textwell.contacts.models import Contact, FieldDefinition
from textwell.contacts.selectors import (
    access_contact,
    access_list,
    list_contacts,
    list_fields,
)
from textwell.core.clock import now
from textwell.core.errors import FieldError, NotFound
from textwell.reports.explanations import Explanation, explain

router = Router(tags=["Contacts"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)


@router.get("/contacts", auth=READ, response=Page[ContactOut], openapi_extra=NAMES_A_LIST)
def list_people(
    request: KeyRequest,
    paging: PagingQuery,
    search: str = "",
    list_id: int | None = None,
    tag: str | None = None,
) -> dict[str, object]:
    """People by rising id. `search` is the beginning of a number or of a name."""
    workspace_id = request.auth.workspace_id
    if list_id is not None:
        access_list(workspace_id, list_id)
    rows = list_contacts(
        workspace_id,
        search=search,
        list_id=list_id,
        tag=tag,
        after_id=paging.after_id(),
        limit=paging.limit + 1,
    )
    return make_page(rows, limit=paging.limit, shown=lambda row: row, cursor=lambda row: row.id)


@router.post("/contacts", auth=WRITE, response=ContactOut, openapi_extra=NAMES_A_LIST)
def upsert_person(request: KeyRequest, person: UpsertIn) -> Contact:
    """Make the person with this number, or change what is given. This grants no consent."""
    given = person.model_dump(exclude={"msisdn", "region", "list_ids"})
    return upsert_contact(
        workspace_id=request.auth.workspace_id,
        msisdn=person.msisdn,
        region=person.region,
        lists=person.list_ids,
        actor=request.auth.actor,
        **given,
    )


@router.post("/contacts/bulk", auth=WRITE, response=BulkOut, openapi_extra=NAMES_A_LIST)
def upsert_people(request: KeyRequest, batch: BulkIn) -> dict[str, object]:
    """Up to 10,000 people at once. Rows that cannot be used are reported, the others are stored."""
    holder = request.auth
    for list_id in batch.list_ids:
        access_list(holder.workspace_id, list_id)
    rows = [GivenContact(**person.model_dump(exclude={"consent"})) for person in batch.contacts]
    with transaction.atomic():
        result = upsert_contacts(workspace_id=holder.workspace_id, rows=rows, region=batch.region)
        stored = Chosen(ids=[*result.contact_ids.values()])
        for list_id in batch.list_ids:
            put_on_list(
                workspace_id=holder.workspace_id,
                list_id=list_id,
                whom=stored,
                actor=holder.actor,
            )
        record_consents(
            workspace_id=holder.workspace_id,
            consents=_given_consents(batch, result.contact_ids),
            actor=holder.actor,
        )
        counts = {"created": result.created_count, "updated": result.updated_count}
        record_audit(
            workspace_id=holder.workspace_id,
            actor=holder.actor,
            action="contacts.bulk_upserted",
            after=counts,
        )
    return {
        "created_count": result.created_count,
        "updated_count": result.updated_count,
        "unchanged_count": result.unchanged_count,
        "rejected": result.rejected,
    }


def _given_consents(batch: BulkIn, contact_ids: Mapping[int, int]) -> list[GivenConsent]:
    given = ((contact_ids.get(place), each.consent) for place, each in enumerate(batch.contacts))
    return [
        GivenConsent(
            contact_id=contact_id,
            kind=ConsentKind.OPT_IN,
            given_at=consent.given_at,
            source=consent.source,
            wording=consent.wording,
            purpose=consent.purpose,
            evidence=dict(consent.evidence),
            scope=_scope(consent),
            basis=_basis(consent),
            wording_version=consent.wording_version,
            language=consent.language,
        )
        for contact_id, consent in given
        if contact_id is not None and consent is not None
    ]


def _scope(given: OptIn) -> ConsentScope:
    return ConsentScope(given.topic, given.brand, given.sender)


def _basis(given: OptIn) -> str:
    return given.basis.value if given.basis else ""


@router.post("/contacts/sample", auth=WRITE, response={201: Count})
def add_sample_people(request: KeyRequest) -> Status[dict[str, int]]:
    """Add people who do not exist, tagged `sample`, to try things on; the count is of those added.

    The gate lets them through to simulated gateways alone (reason `sample_person`). Twice is once.
    """
    holder = request.auth
    count = add_sample(workspace_id=holder.workspace_id, actor=holder.actor)
    return Status(201, {"count": count})


@router.delete("/contacts/sample", auth=WRITE, response=Count)
def remove_sample_people(request: KeyRequest) -> dict[str, int]:
    """Take all sample people away; their texts and replies stay. Twice is once."""
    holder = request.auth
    return {"count": remove_sample(workspace_id=holder.workspace_id, actor=holder.actor)}


@router.get("/contacts/{int:contact_id}", auth=READ, response=ContactDetail)
def get_person(request: KeyRequest, contact_id: int) -> Contact:
    """One person, with the time zones that may be theirs."""
    return access_contact(request.auth.workspace_id, contact_id)


@router.get("/contacts/{int:contact_id}/consent", auth=READ, response=ConsentOut)
def get_consent(request: KeyRequest, contact_id: int) -> dict[str, object]:
    """What holds now, and every event that it follows from, latest first."""
    workspace_id = request.auth.workspace_id
    contact = access_contact(workspace_id, contact_id)
    suppression = find_suppression(workspace_id, contact.msisdn)
    choices = list_preference_events(workspace_id, contact_id)
    return {
        "states": list_consent_states(workspace_id, contact_id),
        "suppression": suppression.reason if suppression else None,
        "pause": find_pause(workspace_id, contact_id),
        "channels": choices[0] if choices else None,
        "channels_history": choices,
        "history": consent_history(workspace_id, contact_id),
    }


@router.get("/contacts/{int:contact_id}/consent/at", auth=READ, response=PastConsentOut)
def get_past_consent(request: KeyRequest, contact_id: int, at: Moment) -> dict[str, object]:
    """What was on record at a moment: for each scope whether it was granted, and the event that said so.

    What was given before but recorded later was not known then, and does not count.
    """
    workspace_id = request.auth.workspace_id
    access_contact(workspace_id, contact_id)
    moment = min(at, now())
    return {"at": moment, "states": states_at(workspace_id, contact_id, moment)}


@router.get("/contacts/{int:contact_id}/consent/proof", auth=READ, openapi_extra=JSON_LINES_ANSWER)
def get_consent_proof(
    request: KeyRequest, contact_id: int, at: Moment, scope: Query[ScopeOfProof]
) -> StreamingHttpResponse:
    """Proof of what was on record at a moment for one scope: a signed line, 404 where nothing was.

    It holds no number and no wording, only hashes. `textwell consent check` and the public keys of the
    workspace check it with no database.
    """
    workspace_id = request.auth.workspace_id
    access_contact(workspace_id, contact_id)
    made = prove_state(
        workspace_id,
        contact_id,
        min(at, now()),
        channel=scope.channel,
        purpose=scope.purpose,
        scope=ConsentScope(scope.topic, scope.brand, scope.sender),
        is_awaited=True,
    )
    if made is None:
        raise NotFound("consent on record", contact_id)
    return json_lines_response(iter([write_line(made)]), f"consent-{contact_id}.jsonl")


@router.get(
    "/contacts/{int:contact_id}/explanation",
    auth=ApiKey(Scope.REPORTS_READ),
    response=ExplanationOut,
)
def get_explanation(request: KeyRequest, contact_id: int, campaign_id: int) -> Explanation:
    """Why this person did or did not get a campaign, in a code and in plain words."""
    workspace_id = request.auth.workspace_id
    contact = access_contact(workspace_id, contact_id)
    return explain(access_campaign(workspace_id, campaign_id), contact)


@router.post("/contacts/{int:contact_id}/opt-in", auth=WRITE, response={201: ConsentOut})
def opt_in(request: KeyRequest, contact_id: int, given: OptIn) -> Status[dict[str, object]]:
    """Record a person's yes, with evidence. It lifts a suppression that came from an opt-out."""
    holder = request.auth
    access_contact(holder.workspace_id, contact_id)
    record_opt_in(
        workspace_id=holder.workspace_id,
        contact_id=contact_id,
        source=given.source,
        wording=given.wording,
        given_at=given.given_at,
        purpose=given.purpose,
        evidence=dict(given.evidence),
        actor=holder.actor,
        scope=_scope(given),
        basis=_basis(given),
        wording_version=given.wording_version,
        language=given.language,
    )
    return Status(201, get_consent(request, contact_id))


@router.post("/contacts/{int:contact_id}/opt-out", auth=WRITE, response={201: ConsentOut})
def opt_out(request: KeyRequest, contact_id: int, given: OptOut) -> Status[dict[str, object]]:
    """Record a person's no. Nothing is handed off to the person any more, queued texts included.

    With a topic or a brand it is a no to that alone.
    """
    holder = request.auth
    contact = access_contact(holder.workspace_id, contact_id)
    record_opt_out(
        workspace_id=holder.workspace_id,
        contact_id=contact_id,
        msisdn=contact.msisdn,
        source=given.source,
        wording=given.wording,
        given_at=given.given_at or now(),
        purpose=given.purpose,
        actor=holder.actor,
        scope=every_of(topic=given.topic, brand=given.brand),
    )
    return Status(201, get_consent(request, contact_id))


@router.put("/contacts/{int:contact_id}/pause", auth=WRITE, response=ConsentOut)
def pause(request: KeyRequest, contact_id: int, given: PauseIn) -> dict[str, object]:
    """No marketing goes to the person until then, queued texts included; then it does again by itself.

    What falls within is skipped with the reason `person_paused`. Their consent stays. Codes and care go on.
    """
    access_contact(request.auth.workspace_id, contact_id)
    if (given.days is None) == (given.until is None):
        raise FieldError("until", _("is needed, or days"), _("Give one of the two."))
    until = given.until or now() + timedelta(days=given.days or 0)
    pause_person(
        workspace_id=request.auth.workspace_id,
        contact_id=contact_id,
        until=until,
        source=given.source,
        actor=request.auth.actor,
    )
    return get_consent(request, contact_id)


@router.delete("/contacts/{int:contact_id}/pause", auth=WRITE, response=ConsentOut)
def unpause(request: KeyRequest, contact_id: int) -> dict[str, object]:
    """End the pause now. Twice is once; what was skipped stays so."""
    holder = request.auth
    end_pause(workspace_id=holder.workspace_id, contact_id=contact_id, actor=holder.actor)
    return get_consent(request, contact_id)


@router.put("/contacts/{int:contact_id}/channels", auth=WRITE, response=ConsentOut)
def put_channels(request: KeyRequest, contact_id: int, given: ChannelsIn) -> dict[str, object]:
    """By which way the person wants to hear from you: `sms`, `email`, `either` (by one of them) or `both`.

    It is no consent. Who chose `email` gets no marketing by SMS (`email_only`), queued texts included. The
    latest `given_at` counts, and all are kept.
    """
    choose_channels(
        workspace_id=request.auth.workspace_id,
        contact_id=contact_id,
        choice=given.choice.value,
        source=given.source,
        wording=given.wording,
        given_at=given.given_at or now(),
        evidence=given.evidence,
        actor=request.auth.actor,
    )
    return get_consent(request, contact_id)


@router.get("/fields", auth=READ, response=list[FieldOut])
def get_fields(request: KeyRequest) -> list[FieldDefinition]:
    """The workspace's own fields of people."""
    return list_fields(request.auth.workspace_id)


@router.post("/fields", auth=WRITE, response={201: FieldOut})
def make_field(request: KeyRequest, new: FieldIn) -> Status[FieldDefinition]:
    """Define a field. The same definition twice is once; another kind is a conflict."""
    made = define_field(
        workspace_id=request.auth.workspace_id,
        name=new.name,
        label=new.label,
        kind=new.kind,
        actor=request.auth.actor,
    )
    return Status(201, made)
