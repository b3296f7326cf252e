"""Every operation of the API, by its name there. Written by `make fix`: do not edit."""

from __future__ import annotations

from typing import Literal

from textwell.client import schemas
from textwell.client.call import Call, Listing, Upload, part

OPERATIONS = 221


def approvals_approval(campaign_id: int) -> Call[schemas.ApprovalOut]:
    """GET /api/v1/campaigns/{campaign_id}/approval, scope campaigns:read.

    The latest word on it; 404 before it was handed in.
    """
    return Call("GET", f"/api/v1/campaigns/{part(campaign_id)}/approval")


def approvals_approve(campaign_id: int, body: schemas.DecisionIn) -> Call[schemas.ApprovalOut]:
    """POST /api/v1/campaigns/{campaign_id}/approve, scope campaigns:approve.

    Approve exactly the content that was handed in, or return it with a reason. 403 for a key
    whose maker worked on it, 409 when its content is another one by now.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/approve", body=body)


def approvals_submit(campaign_id: int) -> Call[schemas.ApprovalOut]:
    """POST /api/v1/campaigns/{campaign_id}/submit, scope campaigns:write.

    Hand it in for the approval of a second person. Twice is once.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/submit")


def audit_list_all(
    *,
    after: str | None = None,
    limit: int | None = None,
    actor: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Listing[schemas.AuditOut]:
    """GET /api/v1/audit, scope audit:read.

    Who changed what and why, newest first. Numbers are masked, also for contacts:numbers.
    Whether the log is as it was written is told by its page, and by `textwell audit verify`.
    """
    return Listing(
        "GET",
        "/api/v1/audit",
        query={
            "after": after,
            "limit": limit,
            "actor": actor,
            "action": action,
            "subject": subject,
            "since": since,
            "until": until,
        },
    )


def campaigns_cancel(
    campaign_id: int, body: schemas.ReasonIn | None = None
) -> Call[schemas.CampaignOut]:
    """POST /api/v1/campaigns/{campaign_id}/cancel, scope campaigns:write.

    Withdraw everything that was not handed off. It cannot be taken back.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/cancel", body=body)


def campaigns_check(campaign_id: int) -> Call[schemas.CheckOut]:
    """GET /api/v1/campaigns/{campaign_id}/check, scope campaigns:read.

    May it be launched? Every reason against it, with what mends it.
    """
    return Call("GET", f"/api/v1/campaigns/{part(campaign_id)}/check")


def campaigns_count(campaign_id: int) -> Call[schemas.LiveCountOut]:
    """GET /api/v1/campaigns/{campaign_id}/count, scope campaigns:read.

    Segments and cost from a bounded sample of the people who would get it, and what forces
    UCS-2. Much cheaper than the forecast: made to be asked while one writes.
    """
    return Call("GET", f"/api/v1/campaigns/{part(campaign_id)}/count")


def campaigns_create(body: schemas.NewCampaign) -> Call[schemas.CampaignOut]:
    """POST /api/v1/campaigns, scope campaigns:write.

    Make a draft.
    """
    return Call("POST", "/api/v1/campaigns", body=body)


def campaigns_equation(campaign_id: int) -> Call[schemas.EquationOut]:
    """GET /api/v1/campaigns/{campaign_id}/equation, scope campaigns:read.

    The send equation now: every person of the audience stands in exactly one term.
    """
    return Call("GET", f"/api/v1/campaigns/{part(campaign_id)}/equation")


def campaigns_forecast(campaign_id: int) -> Call[schemas.ForecastOut]:
    """GET /api/v1/campaigns/{campaign_id}/forecast, scope campaigns:read.

    What launching would do: people, those left out and why, segments, cost, duration.
    """
    return Call("GET", f"/api/v1/campaigns/{part(campaign_id)}/forecast")


def campaigns_get(campaign_id: int) -> Call[schemas.CampaignOut]:
    """GET /api/v1/campaigns/{campaign_id}, scope campaigns:read.

    One campaign.
    """
    return Call("GET", f"/api/v1/campaigns/{part(campaign_id)}")


def campaigns_launch(
    campaign_id: int, body: schemas.LaunchIn | None = None
) -> Call[schemas.CampaignOut]:
    """POST /api/v1/campaigns/{campaign_id}/launch, scope campaigns:write.

    Launch it, now or at a time. 409 if it is launched already, 422 if it is not ready.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/launch", body=body)


def campaigns_list_all(
    *,
    after: str | None = None,
    limit: int | None = None,
    state: str | None = None,
    search: str | None = None,
    waiting: Literal["approval", "decision", "others", "paused", "unknown"] | None = None,
) -> Listing[schemas.CampaignOut]:
    """GET /api/v1/campaigns, scope campaigns:read.

    Campaigns, newest first. `waiting` is those that wait for a person. `approval`: handed in,
    and nobody has decided yet; of these `decision`: what the key's maker may decide, `others`:
    what they have a hand in. `paused`, and `unknown`: the answer to some of its texts was lost.
    """
    return Listing(
        "GET",
        "/api/v1/campaigns",
        query={
            "after": after,
            "limit": limit,
            "state": state,
            "search": search,
            "waiting": waiting,
        },
    )


def campaigns_pause(campaign_id: int) -> Call[schemas.CampaignOut]:
    """POST /api/v1/campaigns/{campaign_id}/pause, scope campaigns:write.

    Hand nothing more off after the window that is under way. Pausing twice is once.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/pause")


def campaigns_preview(campaign_id: int, body: schemas.PersonIn) -> Call[schemas.PreviewOut]:
    """POST /api/v1/campaigns/{campaign_id}/preview, scope campaigns:read.

    The exact text for one person, its octets and cost, what the gate says and when it may go.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/preview", body=body)


def campaigns_reschedule(campaign_id: int, body: schemas.RescheduleIn) -> Call[schemas.CampaignOut]:
    """POST /api/v1/campaigns/{campaign_id}/reschedule, scope campaigns:write.

    Give a scheduled campaign another time. 409 once it has begun, 422 if it would not be ready.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/reschedule", body=body)


def campaigns_resume(campaign_id: int) -> Call[schemas.CampaignOut]:
    """POST /api/v1/campaigns/{campaign_id}/resume, scope campaigns:write.

    Go on where it was paused.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/resume")


def campaigns_test(campaign_id: int, body: schemas.TestIn) -> Call[schemas.TestSent]:
    """POST /api/v1/campaigns/{campaign_id}/test, scope campaigns:write.

    Send its text now to one contact, or to each person of a test list (25 at most). The gate
    judges each like every message; who may not be texted is named with the reason. 422 if
    nobody gets it, or the list is not marked for tests. No figure of the campaign counts a
    test.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/test", body=body)


def campaigns_unschedule(campaign_id: int) -> Call[schemas.CampaignOut]:
    """POST /api/v1/campaigns/{campaign_id}/unschedule, scope campaigns:write.

    Make a scheduled campaign a draft again. 409 once it has begun.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/unschedule")


def campaigns_update(campaign_id: int, body: schemas.CampaignFields) -> Call[schemas.CampaignOut]:
    """PATCH /api/v1/campaigns/{campaign_id}, scope campaigns:write.

    Change a draft: only the fields given. 409 once it is launched.
    """
    return Call("PATCH", f"/api/v1/campaigns/{part(campaign_id)}", body=body)


def contacts_add_sample_people() -> Call[schemas.Count]:
    """POST /api/v1/contacts/sample, scope contacts:write.

    Add people who do not exist, tagged `sample`, to try things on; the count is of those added.
    The gate lets them through to simulated gateways alone (reason `sample_person`). Twice is
    once.
    """
    return Call("POST", "/api/v1/contacts/sample")


def contacts_get_consent(contact_id: int) -> Call[schemas.ConsentOut]:
    """GET /api/v1/contacts/{contact_id}/consent, scope contacts:read.

    What holds now, and every event that it follows from, latest first.
    """
    return Call("GET", f"/api/v1/contacts/{part(contact_id)}/consent")


def contacts_get_consent_proof(
    contact_id: int,
    *,
    at: str,
    channel: str | None = None,
    purpose: str | None = None,
    topic: str | None = None,
    brand: str | None = None,
    sender: str | None = None,
) -> Call[bytes]:
    """GET /api/v1/contacts/{contact_id}/consent/proof, scope contacts:read.

    Proof of what was on record at a moment for one scope: a signed line, 404 where nothing was.
    It holds no number and no wording, only hashes. `textwell consent check` and the public keys
    of the workspace check it with no database.
    """
    return Call(
        "GET",
        f"/api/v1/contacts/{part(contact_id)}/consent/proof",
        query={
            "at": at,
            "channel": channel,
            "purpose": purpose,
            "topic": topic,
            "brand": brand,
            "sender": sender,
        },
    )


def contacts_get_explanation(contact_id: int, *, campaign_id: int) -> Call[schemas.ExplanationOut]:
    """GET /api/v1/contacts/{contact_id}/explanation, scope reports:read.

    Why this person did or did not get a campaign, in a code and in plain words.
    """
    return Call(
        "GET",
        f"/api/v1/contacts/{part(contact_id)}/explanation",
        query={"campaign_id": campaign_id},
    )


def contacts_get_fields() -> Call[list[schemas.FieldOut]]:
    """GET /api/v1/fields, scope contacts:read.

    The workspace's own fields of people.
    """
    return Call("GET", "/api/v1/fields")


def contacts_get_past_consent(contact_id: int, *, at: str) -> Call[schemas.PastConsentOut]:
    """GET /api/v1/contacts/{contact_id}/consent/at, scope contacts:read.

    What was on record at a moment: for each scope whether it was granted, and the event that
    said so. What was given before but recorded later was not known then, and does not count.
    """
    return Call("GET", f"/api/v1/contacts/{part(contact_id)}/consent/at", query={"at": at})


def contacts_get_person(contact_id: int) -> Call[schemas.ContactDetail]:
    """GET /api/v1/contacts/{contact_id}, scope contacts:read.

    One person, with the time zones that may be theirs.
    """
    return Call("GET", f"/api/v1/contacts/{part(contact_id)}")


def contacts_list_people(
    *,
    after: str | None = None,
    limit: int | None = None,
    search: str | None = None,
    list_id: int | None = None,
    tag: str | None = None,
) -> Listing[schemas.ContactOut]:
    """GET /api/v1/contacts, scope contacts:read.

    People by rising id. `search` is the beginning of a number or of a name.
    """
    return Listing(
        "GET",
        "/api/v1/contacts",
        query={"after": after, "limit": limit, "search": search, "list_id": list_id, "tag": tag},
    )


def contacts_make_field(body: schemas.FieldIn) -> Call[schemas.FieldOut]:
    """POST /api/v1/fields, scope contacts:write.

    Define a field. The same definition twice is once; another kind is a conflict.
    """
    return Call("POST", "/api/v1/fields", body=body)


def contacts_opt_in(contact_id: int, body: schemas.OptIn) -> Call[schemas.ConsentOut]:
    """POST /api/v1/contacts/{contact_id}/opt-in, scope contacts:write.

    Record a person's yes, with evidence. It lifts a suppression that came from an opt-out.
    """
    return Call("POST", f"/api/v1/contacts/{part(contact_id)}/opt-in", body=body)


def contacts_opt_out(contact_id: int, body: schemas.OptOut) -> Call[schemas.ConsentOut]:
    """POST /api/v1/contacts/{contact_id}/opt-out, scope contacts:write.

    Record a person's no. Nothing is handed off to the person any more, queued texts included.
    With a topic or a brand it is a no to that alone.
    """
    return Call("POST", f"/api/v1/contacts/{part(contact_id)}/opt-out", body=body)


def contacts_pause(contact_id: int, body: schemas.PauseIn) -> Call[schemas.ConsentOut]:
    """PUT /api/v1/contacts/{contact_id}/pause, scope contacts:write.

    No marketing goes to the person until then, queued texts included; then it does again by
    itself. What falls within is skipped with the reason `person_paused`. Their consent stays.
    Codes and care go on.
    """
    return Call("PUT", f"/api/v1/contacts/{part(contact_id)}/pause", body=body)


def contacts_put_channels(contact_id: int, body: schemas.ChannelsIn) -> Call[schemas.ConsentOut]:
    """PUT /api/v1/contacts/{contact_id}/channels, scope contacts:write.

    By which way the person wants to hear from you: `sms`, `email`, `either` (by one of them) or
    `both`. It is no consent. Who chose `email` gets no marketing by SMS (`email_only`), queued
    texts included. The latest `given_at` counts, and all are kept.
    """
    return Call("PUT", f"/api/v1/contacts/{part(contact_id)}/channels", body=body)


def contacts_remove_sample_people() -> Call[schemas.Count]:
    """DELETE /api/v1/contacts/sample, scope contacts:write.

    Take all sample people away; their texts and replies stay. Twice is once.
    """
    return Call("DELETE", "/api/v1/contacts/sample")


def contacts_unpause(contact_id: int) -> Call[schemas.ConsentOut]:
    """DELETE /api/v1/contacts/{contact_id}/pause, scope contacts:write.

    End the pause now. Twice is once; what was skipped stays so.
    """
    return Call("DELETE", f"/api/v1/contacts/{part(contact_id)}/pause")


def contacts_upsert_people(body: schemas.BulkIn) -> Call[schemas.BulkOut]:
    """POST /api/v1/contacts/bulk, scope contacts:write.

    Up to 10,000 people at once. Rows that cannot be used are reported, the others are stored.
    """
    return Call("POST", "/api/v1/contacts/bulk", body=body)


def contacts_upsert_person(body: schemas.UpsertIn) -> Call[schemas.ContactOut]:
    """POST /api/v1/contacts, scope contacts:write.

    Make the person with this number, or change what is given. This grants no consent.
    """
    return Call("POST", "/api/v1/contacts", body=body)


def ending_count(
    *,
    state: str | None = None,
    within_days: int | None = None,
    country: str | None = None,
    month: str | None = None,
) -> Call[list[schemas.EndingCountOut]]:
    """GET /api/v1/contacts/ending-consents/counts, scope contacts:read.

    The same people by country, and by the month in which the first consent of theirs ends.
    """
    return Call(
        "GET",
        "/api/v1/contacts/ending-consents/counts",
        query={"state": state, "within_days": within_days, "country": country, "month": month},
    )


def ending_list_all(
    *,
    after: str | None = None,
    limit: int | None = None,
    state: str | None = None,
    within_days: int | None = None,
    country: str | None = None,
    month: str | None = None,
) -> Listing[schemas.EndingOut]:
    """GET /api/v1/contacts/ending-consents, scope contacts:read.

    People whose consent to marketing by SMS ends within so many days, or has ended. A campaign
    reaches the former by the filter `consent_ends_in`, and may ask them for a new yes. To the
    others none may be sent. Not here: whom no text may reach for another reason. A new yes
    takes a person off.
    """
    return Listing(
        "GET",
        "/api/v1/contacts/ending-consents",
        query={
            "after": after,
            "limit": limit,
            "state": state,
            "within_days": within_days,
            "country": country,
            "month": month,
        },
    )


def erasures_erase(contact_id: int, body: schemas.ErasureIn) -> Call[schemas.ErasureOut]:
    """POST /api/v1/contacts/{contact_id}/erasure, scope contacts:erase.

    Forget a person, for good and at once: 404 from then on. Counts of reports stay. A keyed
    hash of the number is kept, so that a file which brings it back does not text them.
    """
    return Call("POST", f"/api/v1/contacts/{part(contact_id)}/erasure", body=body)


def erasures_erase_all(body: schemas.ErasuresIn) -> Call[schemas.ErasureOut]:
    """POST /api/v1/contacts/erasures, scope contacts:erase.

    Forget many people, by a job. The answer's `id` tells how far it is.
    """
    return Call("POST", "/api/v1/contacts/erasures", body=body)


def erasures_get(erasure_id: int) -> Call[schemas.ErasureOut]:
    """GET /api/v1/contacts/erasures/{erasure_id}, scope contacts:erase.

    How far it is, and until when it is due.
    """
    return Call("GET", f"/api/v1/contacts/erasures/{part(erasure_id)}")


def erasures_list_all() -> Call[list[schemas.ErasureOut]]:
    """GET /api/v1/contacts/erasures, scope contacts:erase.

    The newest hundred, the last one first.
    """
    return Call("GET", "/api/v1/contacts/erasures")


def events_take_events(body: schemas.EventBatch) -> Call[schemas.EventsTaken]:
    """POST /api/v1/events, scope events:write.

    Tell what people did: up to 500 events at once. 202 means that all of them are stored on
    disk. After a 503 send the same again: an event is known by its `id` and counts once.
    """
    return Call("POST", "/api/v1/events", body=body)


def filters_delete(filter_id: int) -> Call[None]:
    """DELETE /api/v1/contacts/filters/{filter_id}, scope contacts:write.

    Delete it. The people whom it finds stay.
    """
    return Call("DELETE", f"/api/v1/contacts/filters/{part(filter_id)}")


def filters_list_all() -> Call[list[schemas.SavedFilterOut]]:
    """GET /api/v1/contacts/filters, scope contacts:read.

    All saved filters by name. GET /v1/contacts takes what they hold.
    """
    return Call("GET", "/api/v1/contacts/filters")


def filters_rename(filter_id: int, body: schemas.SavedFilterName) -> Call[schemas.SavedFilterOut]:
    """PATCH /api/v1/contacts/filters/{filter_id}, scope contacts:write.

    Give it another name.
    """
    return Call("PATCH", f"/api/v1/contacts/filters/{part(filter_id)}", body=body)


def filters_save(body: schemas.SavedFilterIn) -> Call[schemas.SavedFilterOut]:
    """POST /api/v1/contacts/filters, scope contacts:write.

    Keep a filter; it takes the place of one of the same name.
    """
    return Call("POST", "/api/v1/contacts/filters", body=body)


def gateways_change_sender(
    gateway_id: int, sender_id: int, body: schemas.SenderChange
) -> Call[schemas.SenderOut]:
    """PATCH /api/v1/gateways/{gateway_id}/senders/{sender_id}, scope gateways:manage.

    Allow or forbid a sender, or give it a rate of its own.
    """
    return Call(
        "PATCH", f"/api/v1/gateways/{part(gateway_id)}/senders/{part(sender_id)}", body=body
    )


def gateways_create(body: schemas.GatewayIn) -> Call[schemas.GatewayWhole]:
    """POST /api/v1/gateways, scope gateways:manage.

    A new gateway, active at once: a connector takes it up within seconds. Then give it a
    sender.
    """
    return Call("POST", "/api/v1/gateways", body=body)


def gateways_get(gateway_id: int) -> Call[schemas.GatewayWhole]:
    """GET /api/v1/gateways/{gateway_id}, scope gateways:read.

    One gateway with its settings; secrets are not shown.
    """
    return Call("GET", f"/api/v1/gateways/{part(gateway_id)}")


def gateways_give_sender(gateway_id: int, body: schemas.SenderIn) -> Call[schemas.SenderOut]:
    """POST /api/v1/gateways/{gateway_id}/senders, scope gateways:manage.

    Allow a sender, for one country or all. 409 if the gateway has it already.
    """
    return Call("POST", f"/api/v1/gateways/{part(gateway_id)}/senders", body=body)


def gateways_list_all(
    *, after: str | None = None, limit: int | None = None, retired: bool | None = None
) -> Listing[schemas.GatewayOut]:
    """GET /api/v1/gateways, scope gateways:read.

    The gateways of the workspace; `retired=true`: those alone that are retired. Settings and
    secrets are not shown.
    """
    return Listing(
        "GET", "/api/v1/gateways", query={"after": after, "limit": limit, "retired": retired}
    )


def gateways_list_kinds() -> Call[list[schemas.GatewayKindOut]]:
    """GET /api/v1/gateways/kinds, scope gateways:read.

    The kinds of gateways and the settings of each: which are required, which are optional. In a
    sandbox only those that reach no real carrier.
    """
    return Call("GET", "/api/v1/gateways/kinds")


def gateways_pause(gateway_id: int) -> Call[schemas.GatewayWhole]:
    """POST /api/v1/gateways/{gateway_id}/pause, scope gateways:manage.

    Finish what is in flight and unbind; messages wait. Twice is once.
    """
    return Call("POST", f"/api/v1/gateways/{part(gateway_id)}/pause")


def gateways_remove(gateway_id: int) -> Call[schemas.RemovedOut]:
    """DELETE /api/v1/gateways/{gateway_id}, scope gateways:manage.

    Take a paused gateway away: deleted if it never carried anything, else retired; the answer
    says which. A retired one stands in no list unless it is asked for and is never bound again;
    reports keep its figures, and late receipts and replies by webhook are taken. 409 while it
    is active, or while campaigns or texts wait for it.
    """
    return Call("DELETE", f"/api/v1/gateways/{part(gateway_id)}")


def gateways_restore(gateway_id: int) -> Call[schemas.GatewayWhole]:
    """POST /api/v1/gateways/{gateway_id}/restore, scope gateways:manage.

    Bring a retired gateway back, paused. Twice is once.
    """
    return Call("POST", f"/api/v1/gateways/{part(gateway_id)}/restore")


def gateways_resume(gateway_id: int) -> Call[schemas.GatewayWhole]:
    """POST /api/v1/gateways/{gateway_id}/resume, scope gateways:manage.

    Active again. Twice is once.
    """
    return Call("POST", f"/api/v1/gateways/{part(gateway_id)}/resume")


def gateways_update(gateway_id: int, body: schemas.GatewayChange) -> Call[schemas.GatewayWhole]:
    """PATCH /api/v1/gateways/{gateway_id}, scope gateways:manage.

    Change what is given. One that its carrier refused becomes active again.
    """
    return Call("PATCH", f"/api/v1/gateways/{part(gateway_id)}", body=body)


def hosts_check() -> Call[schemas.LinkHostOut]:
    """POST /api/v1/workspace/link-domain/check, scope workspace:manage.

    Look now whether its links would arrive here: name, certificate, server. Takes some seconds.
    """
    return Call("POST", "/api/v1/workspace/link-domain/check")


def hosts_delete() -> Call[None]:
    """DELETE /api/v1/workspace/link-domain, scope workspace:manage.

    New links begin with the installation's domain again; links that were sent go on working.
    """
    return Call("DELETE", "/api/v1/workspace/link-domain")


def hosts_get() -> Call[schemas.LinkHostOut]:
    """GET /api/v1/workspace/link-domain, scope campaigns:read.

    The link domain and what its last check found; 404 where links begin with the
    installation's.
    """
    return Call("GET", "/api/v1/workspace/link-domain")


def hosts_put(body: schemas.LinkHostIn) -> Call[schemas.LinkHostOut]:
    """PUT /api/v1/workspace/link-domain, scope workspace:manage.

    Set it. New links begin with it once a check was good; links of the one before go on
    working.
    """
    return Call("PUT", "/api/v1/workspace/link-domain", body=body)


def hosts_update(body: schemas.LinkHostChange) -> Call[schemas.LinkHostOut]:
    """PATCH /api/v1/workspace/link-domain, scope workspace:manage.

    Change the one that there is.
    """
    return Call("PATCH", "/api/v1/workspace/link-domain", body=body)


def imports_apply(import_id: int) -> Call[schemas.ImportOut]:
    """POST /api/v1/imports/{import_id}/apply, scope contacts:write.

    Store the people as the dry run said. 409 before a dry run.
    """
    return Call("POST", f"/api/v1/imports/{part(import_id)}/apply")


def imports_dry_run(import_id: int) -> Call[schemas.ImportOut]:
    """POST /api/v1/imports/{import_id}/dry-run, scope contacts:write.

    Judge every row and count. Nothing is stored of its people.
    """
    return Call("POST", f"/api/v1/imports/{part(import_id)}/dry-run")


def imports_get(import_id: int) -> Call[schemas.ImportOut]:
    """GET /api/v1/imports/{import_id}, scope contacts:read.

    One import with its latest step; ask again until the step is over.
    """
    return Call("GET", f"/api/v1/imports/{part(import_id)}")


def imports_get_rejected(import_id: int, *, export_reason: str | None = None) -> Call[bytes]:
    """GET /api/v1/imports/{import_id}/rejected.csv, scope contacts:read.

    The rows that were left out, with line and reason, to mend and import again. Numbers are
    masked; with the scope contacts:numbers and an `export_reason`, which the audit log keeps,
    they are full.
    """
    return Call(
        "GET",
        f"/api/v1/imports/{part(import_id)}/rejected.csv",
        query={"export_reason": export_reason},
    )


def imports_get_without_consent(import_id: int, *, export_reason: str | None = None) -> Call[bytes]:
    """GET /api/v1/imports/{import_id}/no-consent.csv, scope contacts:read.

    The people who come in without the consent that their row claims, with line and reason.
    Numbers are masked or full as in `rejected.csv`.
    """
    return Call(
        "GET",
        f"/api/v1/imports/{part(import_id)}/no-consent.csv",
        query={"export_reason": export_reason},
    )


def imports_list_all(
    *, after: str | None = None, limit: int | None = None
) -> Listing[schemas.ImportOut]:
    """GET /api/v1/imports, scope contacts:read.

    Imports with their latest steps, newest first.
    """
    return Listing("GET", "/api/v1/imports", query={"after": after, "limit": limit})


def imports_paste(body: schemas.PastedIn) -> Call[schemas.ImportOut]:
    """POST /api/v1/imports/paste, scope contacts:write.

    People as lines of text, with their dry run begun. Nothing is stored of them before `apply`.
    """
    return Call("POST", "/api/v1/imports/paste", body=body)


def imports_resume(import_id: int) -> Call[schemas.ImportOut]:
    """POST /api/v1/imports/{import_id}/resume, scope contacts:write.

    Let a stopped or failed step go on. 409 if there is none.
    """
    return Call("POST", f"/api/v1/imports/{part(import_id)}/resume")


def imports_stop(import_id: int) -> Call[schemas.ImportOut]:
    """POST /api/v1/imports/{import_id}/stop, scope contacts:write.

    Ask the present step to stop at its next chunk. Twice is once.
    """
    return Call("POST", f"/api/v1/imports/{part(import_id)}/stop")


def imports_undo(import_id: int) -> Call[schemas.ImportOut]:
    """POST /api/v1/imports/{import_id}/undo, scope contacts:write.

    Take back what it stored, but for people who changed or were texted since.
    """
    return Call("POST", f"/api/v1/imports/{part(import_id)}/undo")


def imports_update(import_id: int, body: schemas.ImportChange) -> Call[schemas.ImportOut]:
    """PATCH /api/v1/imports/{import_id}, scope contacts:write.

    Correct the mapping, and say what is true of the whole file. 409 once it is applied.
    """
    return Call("PATCH", f"/api/v1/imports/{part(import_id)}", body=body)


def imports_upload(upload: Upload) -> Call[schemas.ImportOut]:
    """POST /api/v1/imports, scope contacts:write.

    Keep a CSV file and guess what its columns mean. Nothing is stored of its people yet.
    """
    return Call("POST", "/api/v1/imports", upload=upload)


def inbox_answer(thread_id: int, body: schemas.AnswerIn) -> Call[schemas.AnswerOut]:
    """POST /api/v1/inbox/threads/{thread_id}/answers, scope inbox:write.

    Send one text to the person, by the sender that they wrote to where it still serves. 409 if
    somebody answered, noted or wrote after `seen`; `detail` says who and what. 422 if the
    person opted out, or nothing can carry the text. Nothing is sent then. The same answer with
    the same `seen` is sent once, also without an Idempotency-Key.
    """
    return Call("POST", f"/api/v1/inbox/threads/{part(thread_id)}/answers", body=body)


def inbox_assign(thread_id: int, body: schemas.AssigneeIn) -> Call[schemas.ThreadOut]:
    """PUT /api/v1/inbox/threads/{thread_id}/assignee, scope inbox:write.

    Give it to a colleague who may answer, or to nobody. Twice is once.
    """
    return Call("PUT", f"/api/v1/inbox/threads/{part(thread_id)}/assignee", body=body)


def inbox_close(thread_id: int, body: schemas.SeenIn) -> Call[schemas.ThreadOut]:
    """POST /api/v1/inbox/threads/{thread_id}/close, scope inbox:write.

    Nothing is left to do. A new text of the person opens it again. Twice is once. 409 if
    somebody answered, noted or wrote after `seen`; `detail` says who and what.
    """
    return Call("POST", f"/api/v1/inbox/threads/{part(thread_id)}/close", body=body)


def inbox_create_answer(body: schemas.NewCanned) -> Call[schemas.CannedOut]:
    """POST /api/v1/inbox/canned-answers, scope inbox:write.

    Keep an answer. Every field that it shows needs a fallback, as in a campaign.
    """
    return Call("POST", "/api/v1/inbox/canned-answers", body=body)


def inbox_delete_answer(canned_id: int) -> Call[None]:
    """DELETE /api/v1/inbox/canned-answers/{canned_id}, scope inbox:write.

    Delete it. What was sent stays.
    """
    return Call("DELETE", f"/api/v1/inbox/canned-answers/{part(canned_id)}")


def inbox_get(thread_id: int, *, before: str | None = None) -> Call[schemas.ThreadDetail]:
    """GET /api/v1/inbox/threads/{thread_id}, scope inbox:read.

    One thread with its latest texts, notes and changes of hands, or those before a time.
    Reading it does not mark it as read.
    """
    return Call("GET", f"/api/v1/inbox/threads/{part(thread_id)}", query={"before": before})


def inbox_get_answer(canned_id: int) -> Call[schemas.CannedOut]:
    """GET /api/v1/inbox/canned-answers/{canned_id}, scope inbox:read.

    One canned answer.
    """
    return Call("GET", f"/api/v1/inbox/canned-answers/{part(canned_id)}")


def inbox_get_canned_text(thread_id: int, canned_id: int) -> Call[schemas.CannedText]:
    """GET /api/v1/inbox/threads/{thread_id}/canned-answers/{canned_id}, scope inbox:read.

    A canned answer as the person of this thread would read it. Nothing is sent.
    """
    return Call("GET", f"/api/v1/inbox/threads/{part(thread_id)}/canned-answers/{part(canned_id)}")


def inbox_list_all(
    *,
    after: str | None = None,
    limit: int | None = None,
    is_open: bool | None = None,
    assignee_id: int | None = None,
    contact_id: int | None = None,
    is_unassigned: bool | None = None,
    is_waiting: bool | None = None,
    is_overdue: bool | None = None,
    search: str | None = None,
) -> Listing[schemas.ThreadOut]:
    """GET /api/v1/inbox/threads, scope inbox:read.

    Threads: who waits longest first, then the latest answered. All that is given must hold.
    """
    return Listing(
        "GET",
        "/api/v1/inbox/threads",
        query={
            "after": after,
            "limit": limit,
            "is_open": is_open,
            "assignee_id": assignee_id,
            "contact_id": contact_id,
            "is_unassigned": is_unassigned,
            "is_waiting": is_waiting,
            "is_overdue": is_overdue,
            "search": search,
        },
    )


def inbox_list_answers() -> Call[list[schemas.CannedOut]]:
    """GET /api/v1/inbox/canned-answers, scope inbox:read.

    All canned answers, by name; 500 at most.
    """
    return Call("GET", "/api/v1/inbox/canned-answers")


def inbox_note(thread_id: int, body: schemas.NoteIn) -> Call[schemas.NoteOut]:
    """POST /api/v1/inbox/threads/{thread_id}/notes, scope inbox:write.

    Write something for colleagues. It is never sent.
    """
    return Call("POST", f"/api/v1/inbox/threads/{part(thread_id)}/notes", body=body)


def inbox_read(thread_id: int, body: schemas.SeenIn) -> Call[schemas.ThreadOut]:
    """POST /api/v1/inbox/threads/{thread_id}/read, scope inbox:write.

    Say that somebody has looked at all up to `seen`. Twice is once. 409 if somebody answered,
    noted or wrote after it; `detail` says who and what.
    """
    return Call("POST", f"/api/v1/inbox/threads/{part(thread_id)}/read", body=body)


def inbox_reopen(thread_id: int) -> Call[schemas.ThreadOut]:
    """POST /api/v1/inbox/threads/{thread_id}/reopen, scope inbox:write.

    Take it up again; nobody waits in it until the person writes. Twice is once.
    """
    return Call("POST", f"/api/v1/inbox/threads/{part(thread_id)}/reopen")


def inbox_take(body: schemas.TakeUpIn) -> Call[schemas.ThreadOut]:
    """POST /api/v1/inbox/threads, scope inbox:write.

    The thread of whoever wrote a text. A stranger becomes a contact, without any consent. It
    needs the scope `contacts:write` too. Twice is once. 409 if all that the person wrote was
    handled by itself, such as STOP.
    """
    return Call("POST", "/api/v1/inbox/threads", body=body)


def inbox_update_answer(canned_id: int, body: schemas.CannedFields) -> Call[schemas.CannedOut]:
    """PATCH /api/v1/inbox/canned-answers/{canned_id}, scope inbox:write.

    Change it: only the fields given. What was sent stays as it was sent.
    """
    return Call("PATCH", f"/api/v1/inbox/canned-answers/{part(canned_id)}", body=body)


def keys_create(body: schemas.KeyIn) -> Call[schemas.KeyMade]:
    """POST /api/v1/keys, scope keys:manage.

    A new key. The answer holds its secret, this once. 403 for a scope that this key lacks.
    """
    return Call("POST", "/api/v1/keys", body=body)


def keys_get(key_id: int) -> Call[schemas.KeyOut]:
    """GET /api/v1/keys/{key_id}, scope keys:manage.

    One key, without its secret.
    """
    return Call("GET", f"/api/v1/keys/{part(key_id)}")


def keys_list_keys(
    *, after: str | None = None, limit: int | None = None
) -> Listing[schemas.KeyOut]:
    """GET /api/v1/keys, scope keys:manage.

    Keys of the workspace, newest first, revoked ones too; never their secrets.
    """
    return Listing("GET", "/api/v1/keys", query={"after": after, "limit": limit})


def keys_revoke(key_id: int) -> Call[schemas.KeyOut]:
    """POST /api/v1/keys/{key_id}/revoke, scope keys:manage.

    Refuse it from the next request on. Twice is once.
    """
    return Call("POST", f"/api/v1/keys/{part(key_id)}/revoke")


def keys_update(key_id: int, body: schemas.KeyChange) -> Call[schemas.KeyOut]:
    """PATCH /api/v1/keys/{key_id}, scope keys:manage.

    Use it otherwise, from its next request on. 403 for a key that may do more than this one.
    """
    return Call("PATCH", f"/api/v1/keys/{part(key_id)}", body=body)


def law_ask_day(body: schemas.ExceptionDayIn) -> Call[schemas.ExceptionDayOut]:
    """POST /api/v1/law/exception-days, scope campaigns:write.

    Ask for a day on which marketing may go outside of the hours that we recommend in a country.
    Somebody else approves it. The hours of law hold on that day too, and nothing goes between
    22:00 and 07:00. 409 where the day is on file there already.
    """
    return Call("POST", "/api/v1/law/exception-days", body=body)


def law_decide_day(exception_id: int, body: schemas.DayDecisionIn) -> Call[schemas.ExceptionDayOut]:
    """POST /api/v1/law/exception-days/{exception_id}/decide, scope campaigns:approve.

    Approve a day that somebody else asked for, or give it back with a note. 403 for a key whose
    maker asked for it, 409 when it does not wait for a decision.
    """
    return Call("POST", f"/api/v1/law/exception-days/{part(exception_id)}/decide", body=body)


def law_get_day(exception_id: int) -> Call[schemas.ExceptionDayOut]:
    """GET /api/v1/law/exception-days/{exception_id}, scope campaigns:read.

    One of these days.
    """
    return Call("GET", f"/api/v1/law/exception-days/{part(exception_id)}")


def law_get_pack(version: str) -> Call[schemas.PackFileOut]:
    """GET /api/v1/law/packs/{version}, scope campaigns:read.

    The file of one of them, for whoever verifies proofs that name its version.
    """
    return Call("GET", f"/api/v1/law/packs/{part(version)}")


def law_list_days() -> Call[list[schemas.ExceptionDayOut]]:
    """GET /api/v1/law/exception-days, scope campaigns:read.

    Named days on which the hours that we recommend do not hold, the latest first: there are
    few.
    """
    return Call("GET", "/api/v1/law/exception-days")


def law_list_packs() -> Call[list[schemas.ActivatedPackOut]]:
    """GET /api/v1/law/packs, scope campaigns:read.

    The rule packs of its own that this installation put in force, by version: there are few.
    """
    return Call("GET", "/api/v1/law/packs")


def law_list_rules() -> Call[list[schemas.DisputedRuleOut]]:
    """GET /api/v1/law/disputed-rules, scope campaigns:read.

    Rules that are read in more than one way, each with its readings and what was chosen here.
    """
    return Call("GET", "/api/v1/law/disputed-rules")


def law_look_at_pack(body: schemas.PackIn) -> Call[schemas.PackImpactOut]:
    """POST /api/v1/law/packs/impact, scope workspace:manage.

    The texts that wait in any workspace and that a rule pack would move or stop. Nothing is
    changed. Every rule is asked as far as facts are kept. The key's maker owns every workspace:
    403 for others, as a pack holds for all. 422 names file, line and rule of a pack that cannot
    be read, 409 a rule that does not do what its vectors say.
    """
    return Call("POST", "/api/v1/law/packs/impact", body=body)


def law_look_at_withdrawal(
    version: str, body: schemas.WithdrawalLookIn
) -> Call[schemas.PackImpactOut]:
    """POST /api/v1/law/packs/{version}/withdrawal-impact, scope workspace:manage.

    The texts that wait and that taking a pack back would move or stop. Nothing is changed. As
    of `/packs/impact`. 409 where it was taken back already.
    """
    return Call("POST", f"/api/v1/law/packs/{part(version)}/withdrawal-impact", body=body)


def law_put_in_force(body: schemas.PackActivationIn) -> Call[schemas.OwnPackOut]:
    """POST /api/v1/law/packs, scope workspace:manage.

    Put a rule pack in force for the whole installation, after its impact was looked at. Every
    process on every machine holds to it within seconds, from its first day on. 409 where other
    texts are moved or stopped by now than `fingerprint` says, or where its version is in force
    with another text.
    """
    return Call("POST", "/api/v1/law/packs", body=body)


def law_read_leniently(body: schemas.LenientIn) -> Call[None]:
    """POST /api/v1/law/disputed-rules/lenient, scope workspace:manage.

    Read a disputed rule the looser way: somebody signs for it by name and says why. It holds
    for what is planned and handed off from now on, and stands in the proofs. Twice is once.
    """
    return Call("POST", "/api/v1/law/disputed-rules/lenient", body=body)


def law_read_strictly(body: schemas.StrictIn) -> Call[None]:
    """POST /api/v1/law/disputed-rules/strict, scope workspace:manage.

    Read a disputed rule the strict way again. Twice is once.
    """
    return Call("POST", "/api/v1/law/disputed-rules/strict", body=body)


def law_take_back(version: str, body: schemas.WithdrawalIn) -> Call[None]:
    """POST /api/v1/law/packs/{version}/withdraw, scope workspace:manage.

    Take a pack of this installation's own back, after the impact was looked at. From today what
    held before it holds again: an earlier one of its own, or the one that ships. Its file
    stays, for proofs that name it. 409 where other texts are moved or stopped by now than
    `fingerprint` says.
    """
    return Call("POST", f"/api/v1/law/packs/{part(version)}/withdraw", body=body)


def law_withdraw_day(exception_id: int) -> Call[schemas.ExceptionDayOut]:
    """POST /api/v1/law/exception-days/{exception_id}/withdraw, scope campaigns:write.

    Have the recommended hours hold on that day again. Texts that wait go by it at once.
    """
    return Call("POST", f"/api/v1/law/exception-days/{part(exception_id)}/withdraw")


def lists_add(list_id: int, body: schemas.MembersIn) -> Call[schemas.Changed]:
    """POST /api/v1/lists/{list_id}/members, scope contacts:write.

    Put people on the list; answers how many were not on it before.
    """
    return Call("POST", f"/api/v1/lists/{part(list_id)}/members", body=body)


def lists_create(body: schemas.ListIn) -> Call[schemas.ListOut]:
    """POST /api/v1/lists, scope contacts:write.

    Make an empty list.
    """
    return Call("POST", "/api/v1/lists", body=body)


def lists_delete(list_id: int) -> Call[schemas.Count]:
    """DELETE /api/v1/lists/{list_id}, scope contacts:write.

    Delete the list; answers how many people were on it. The people stay. 409 while a scheduled
    campaign chooses its people by it.
    """
    return Call("DELETE", f"/api/v1/lists/{part(list_id)}")


def lists_get(list_id: int) -> Call[schemas.ListDetail]:
    """GET /api/v1/lists/{list_id}, scope contacts:read.

    One list with the number of its people.
    """
    return Call("GET", f"/api/v1/lists/{part(list_id)}")


def lists_list_all() -> Call[list[schemas.ListCount]]:
    """GET /api/v1/lists, scope contacts:read.

    All lists by name. GET /v1/contacts?list_id=… has their people.
    """
    return Call("GET", "/api/v1/lists")


def lists_remove(list_id: int, body: schemas.MembersIn) -> Call[schemas.Changed]:
    """POST /api/v1/lists/{list_id}/members/remove, scope contacts:write.

    Take people off the list; answers how many were on it.
    """
    return Call("POST", f"/api/v1/lists/{part(list_id)}/members/remove", body=body)


def lists_rename(list_id: int, body: schemas.ListChange) -> Call[schemas.ListOut]:
    """PATCH /api/v1/lists/{list_id}, scope contacts:write.

    Give the list another name, or say whether its people get test sends of campaigns. What uses
    it goes on using it.
    """
    return Call("PATCH", f"/api/v1/lists/{part(list_id)}", body=body)


def members_change(user_id: int, body: schemas.RoleIn) -> Call[schemas.MemberOut]:
    """PATCH /api/v1/members/{user_id}, scope members:manage.

    Give a member another role. 403 for owners, and for the owner's role.
    """
    return Call("PATCH", f"/api/v1/members/{part(user_id)}", body=body)


def members_invite(body: schemas.InvitationIn) -> Call[schemas.InvitationMade]:
    """POST /api/v1/invitations, scope members:manage.

    Invite a person. The answer holds the link, this once; no mail is sent, that is up to you.
    An older invitation to the same address ends. 409 for a member.
    """
    return Call("POST", "/api/v1/invitations", body=body)


def members_list_members(
    *, after: str | None = None, limit: int | None = None
) -> Listing[schemas.MemberOut]:
    """GET /api/v1/members, scope members:manage.

    The people who may use the workspace, the oldest first.
    """
    return Listing("GET", "/api/v1/members", query={"after": after, "limit": limit})


def members_list_open(
    *, after: str | None = None, limit: int | None = None
) -> Listing[schemas.InvitationOut]:
    """GET /api/v1/invitations, scope members:manage.

    Invitations that still open the door, newest first.
    """
    return Listing("GET", "/api/v1/invitations", query={"after": after, "limit": limit})


def members_remove(user_id: int) -> Call[None]:
    """DELETE /api/v1/members/{user_id}, scope members:manage.

    Take a person out of the workspace, at once; the account stays. 403 for owners. API keys
    that they made here, and keys made by those, are refused from then on; open invitations to
    their address end.
    """
    return Call("DELETE", f"/api/v1/members/{part(user_id)}")


def members_revoke(invitation_id: int) -> Call[None]:
    """DELETE /api/v1/invitations/{invitation_id}, scope members:manage.

    Close the door that it opens. Twice is once.
    """
    return Call("DELETE", f"/api/v1/invitations/{part(invitation_id)}")


def messages_cancel_message(message_id: int) -> Call[schemas.MessageDetail]:
    """POST /api/v1/messages/{message_id}/cancel, scope messages:send.

    Withdraw a message that no connector has begun to hand off; canceled twice is once.
    """
    return Call("POST", f"/api/v1/messages/{part(message_id)}/cancel")


def messages_get_message(message_id: int) -> Call[schemas.MessageDetail]:
    """GET /api/v1/messages/{message_id}, scope messages:read.

    One message with its timeline: planned, handed over, answers, receipts.
    """
    return Call("GET", f"/api/v1/messages/{part(message_id)}")


def messages_get_proof(message_id: int) -> Call[bytes]:
    """GET /api/v1/messages/{message_id}/proof, scope messages:read.

    What the gate decided at hand-off and by which facts, signed: lines of JSON, the latest
    last. A text that was held has several; one whose turn has not come yet, none. `textwell
    proof verify` and the public keys of the workspace check them with no database. The key
    under which the number is hashed is in them with the scope contacts:numbers alone; without
    it all else can be checked as well.
    """
    return Call("GET", f"/api/v1/messages/{part(message_id)}/proof")


def messages_list_all(
    *,
    after: str | None = None,
    limit: int | None = None,
    campaign_id: int | None = None,
    contact_id: int | None = None,
    state: str | None = None,
) -> Listing[schemas.MessageOut]:
    """GET /api/v1/messages, scope messages:read.

    Messages by rising id, of a campaign, a person or in a state.
    """
    return Listing(
        "GET",
        "/api/v1/messages",
        query={
            "after": after,
            "limit": limit,
            "campaign_id": campaign_id,
            "contact_id": contact_id,
            "state": state,
        },
    )


def messages_send_message(body: schemas.NewMessage) -> Call[schemas.Accepted]:
    """POST /api/v1/messages, scope messages:send.

    Send one text to one person, as it is but for its links. The gate judges at once (consent,
    suppression, sender, the workspace's cap, expiry) and again at hand-off; what it refuses is
    answered with 422 and its reason, and nothing is recorded. Use an Idempotency-Key: a
    repeated request then gives the same answer and sends nothing twice.
    """
    return Call("POST", "/api/v1/messages", body=body)


def messages_settle_message(
    message_id: int, body: schemas.SettleMessageIn
) -> Call[schemas.MessageDetail]:
    """POST /api/v1/messages/{message_id}/unknown/settle, scope messages:send.

    Say that a message outside campaigns whose answer was lost was sent, or was not. Nothing is
    sent by it; twice is once. 409 where its fate is known, and for a campaign's message (`POST
    /campaigns/{id}/unknown/settle`).
    """
    return Call("POST", f"/api/v1/messages/{part(message_id)}/unknown/settle", body=body)


def page_links_make(contact_id: int, body: schemas.PageLinkIn) -> Call[schemas.PageLinkOut]:
    """POST /api/v1/contacts/{contact_id}/page-link, scope contacts:erase.

    A link to the person's own page: see, correct, pause, stop, download, erase; no sign-in.
    """
    return Call("POST", f"/api/v1/contacts/{part(contact_id)}/page-link", body=body)


def programmes_add_codes(programme_id: int, body: schemas.CodesIn) -> Call[schemas.CodesOut]:
    """POST /api/v1/programmes/{programme_id}/codes, scope campaigns:write.

    Add codes to the pool. Those that are in it already are counted and left.
    """
    return Call("POST", f"/api/v1/programmes/{part(programme_id)}/codes", body=body)


def programmes_create(body: schemas.NewProgramme) -> Call[schemas.ProgrammeOut]:
    """POST /api/v1/programmes, scope campaigns:write.

    Make a draft with ready-made words in the workspace's language and one placement.
    """
    return Call("POST", "/api/v1/programmes", body=body)


def programmes_create_placement(
    programme_id: int, body: schemas.NewPlacement
) -> Call[schemas.PlacementOut]:
    """POST /api/v1/programmes/{programme_id}/placements, scope campaigns:write.

    A place where the programme is offered, with a link of its own: `/join/` and its code.
    """
    return Call("POST", f"/api/v1/programmes/{part(programme_id)}/placements", body=body)


def programmes_get(programme_id: int) -> Call[schemas.ProgrammeDetail]:
    """GET /api/v1/programmes/{programme_id}, scope campaigns:read.

    One programme: what keeps it from being published, its words, and what each placement
    brought.
    """
    return Call("GET", f"/api/v1/programmes/{part(programme_id)}")


def programmes_list_all() -> Call[schemas.Programmes]:
    """GET /api/v1/programmes, scope campaigns:read.

    All programmes, the newest first; there are 200 at most.
    """
    return Call("GET", "/api/v1/programmes")


def programmes_pause(programme_id: int) -> Call[schemas.ProgrammeOut]:
    """POST /api/v1/programmes/{programme_id}/pause, scope campaigns:write.

    Nobody joins until it is published again. Whoever joined stays.
    """
    return Call("POST", f"/api/v1/programmes/{part(programme_id)}/pause")


def programmes_pause_placement(placement_id: int) -> Call[schemas.PlacementOut]:
    """POST /api/v1/programmes/placements/{placement_id}/pause, scope campaigns:write.

    Nobody joins there any more.
    """
    return Call("POST", f"/api/v1/programmes/placements/{part(placement_id)}/pause")


def programmes_publish(programme_id: int) -> Call[schemas.ProgrammeOut]:
    """POST /api/v1/programmes/{programme_id}/publish, scope campaigns:write.

    Let people join; 409 names each element that a rule pack requires and that is missing.
    """
    return Call("POST", f"/api/v1/programmes/{part(programme_id)}/publish")


def programmes_put_disclosure(
    programme_id: int, country: str, language: str, body: schemas.WordsIn
) -> Call[schemas.DisclosureOut]:
    """PUT /api/v1/programmes/{programme_id}/disclosures/{country}/{language}, scope campaigns:write.

    The sentences that people of a country are shown in a language; without any, none are.
    """
    return Call(
        "PUT",
        f"/api/v1/programmes/{part(programme_id)}/disclosures/{part(country)}/{part(language)}",
        body=body,
    )


def programmes_resume_placement(placement_id: int) -> Call[schemas.PlacementOut]:
    """POST /api/v1/programmes/placements/{placement_id}/resume, scope workspace:manage.

    People join there again, also where the placement had paused itself.
    """
    return Call("POST", f"/api/v1/programmes/placements/{part(placement_id)}/resume")


def programmes_sign_up(programme_id: int, body: schemas.SignUpIn) -> Call[schemas.SignUpOut]:
    """POST /api/v1/programmes/{programme_id}/sign-ups, scope contacts:write.

    Somebody joined at your checkout, on a call, at the counter. The same person again is the
    same.
    """
    return Call("POST", f"/api/v1/programmes/{part(programme_id)}/sign-ups", body=body)


def programmes_update(
    programme_id: int, body: schemas.ProgrammeFields
) -> Call[schemas.ProgrammeOut]:
    """PATCH /api/v1/programmes/{programme_id}, scope campaigns:write.

    Change it: only the fields given. Words that name what changed get a new version.
    """
    return Call("PATCH", f"/api/v1/programmes/{part(programme_id)}", body=body)


def programmes_update_placement(
    placement_id: int, body: schemas.PlacementFields
) -> Call[schemas.PlacementOut]:
    """PATCH /api/v1/programmes/placements/{placement_id}, scope campaigns:write.

    Change it: only the fields given. Its link stays.
    """
    return Call("PATCH", f"/api/v1/programmes/placements/{part(placement_id)}", body=body)


def promises_get() -> Call[schemas.PromiseOut]:
    """GET /api/v1/workspace/promise, scope campaigns:read.

    The present version of the public promise; 404 where there never was one.
    """
    return Call("GET", "/api/v1/workspace/promise")


def promises_put(body: schemas.PromiseIn) -> Call[schemas.PromiseOut]:
    """PUT /api/v1/workspace/promise, scope workspace:manage.

    Sign and publish it, with today's senders and topics. The gate holds it like a cap. A lower
    number holds for everybody from the next text on, a higher one for those alone who agree
    after it. The same again makes no new version.
    """
    return Call("PUT", "/api/v1/workspace/promise", body=body)


def registered_texts_put_down(
    registration_id: int, body: schemas.TemplateIn
) -> Call[schemas.RegisteredTextOut]:
    """POST /api/v1/registrations/{registration_id}/templates, scope gateways:manage.

    Put down a text as it is registered for a sender. Where a country asks for it, a text that
    is none of these sign by sign, its places filled in, is refused with the reason
    `template_unregistered`, and told where it leaves the nearest.
    """
    return Call("POST", f"/api/v1/registrations/{part(registration_id)}/templates", body=body)


def registered_texts_remove(registration_id: int, text_id: int) -> Call[None]:
    """DELETE /api/v1/registrations/{registration_id}/templates/{text_id}, scope gateways:manage.

    Forget it: texts like it are refused from then on.
    """
    return Call(
        "DELETE", f"/api/v1/registrations/{part(registration_id)}/templates/{part(text_id)}"
    )


def registered_texts_update(
    registration_id: int, text_id: int, body: schemas.TemplateChange
) -> Call[schemas.RegisteredTextOut]:
    """PATCH /api/v1/registrations/{registration_id}/templates/{text_id}, scope gateways:manage.

    Change what is given: what waits is judged by it at once. The words of a template never
    change.
    """
    return Call(
        "PATCH",
        f"/api/v1/registrations/{part(registration_id)}/templates/{part(text_id)}",
        body=body,
    )


def registers_bring_in(upload: Upload) -> Call[schemas.ImportedOut]:
    """POST /api/v1/registers, scope contacts:write.

    Put the numbers of a file in the place of those that the register had. The file has a number
    on each line, or is CSV in UTF-8 with a column of them; numbers without a country code are
    read as of the register's country. `name` as the rule pack of the country has it,
    `checked_at`: when the list was taken. From then on marketing to listed numbers is refused
    as `register_listed`.
    """
    return Call("POST", "/api/v1/registers", upload=upload)


def registers_get(register_id: int) -> Call[schemas.RegisterOut]:
    """GET /api/v1/registers/{register_id}, scope contacts:read.

    One register, without its numbers.
    """
    return Call("GET", f"/api/v1/registers/{part(register_id)}")


def registers_list_all() -> Call[list[schemas.RegisterOut]]:
    """GET /api/v1/registers, scope contacts:read.

    The registers on file, by name: there are few.
    """
    return Call("GET", "/api/v1/registers")


def registers_list_needed() -> Call[list[schemas.StandingOut]]:
    """GET /api/v1/registers/standings, scope contacts:read.

    Every register that the rules of some country name, and how our copy of it stands. Whether
    marketing there needs its list, and whether the one on file is fresh, too old or missing.
    """
    return Call("GET", "/api/v1/registers/standings")


def registers_remove(register_id: int) -> Call[None]:
    """DELETE /api/v1/registers/{register_id}, scope contacts:write.

    Forget it with its numbers: nobody is left out by it any more.
    """
    return Call("DELETE", f"/api/v1/registers/{part(register_id)}")


def registrations_create(body: schemas.RegistrationIn) -> Call[schemas.RegistrationOut]:
    """POST /api/v1/registrations, scope gateways:manage.

    Put down how a sender is registered. It registers nothing: that is between you and the
    registry.
    """
    return Call("POST", "/api/v1/registrations", body=body)


def registrations_discard(registration_id: int, document_id: int) -> Call[None]:
    """DELETE /api/v1/registrations/{registration_id}/documents/{document_id}, scope gateways:manage.

    Throw a paper away; the audit log keeps its hash.
    """
    return Call(
        "DELETE", f"/api/v1/registrations/{part(registration_id)}/documents/{part(document_id)}"
    )


def registrations_download(registration_id: int, document_id: int) -> Call[bytes]:
    """GET /api/v1/registrations/{registration_id}/documents/{document_id}, scope gateways:read.

    A paper, octet by octet as it was given.
    """
    return Call(
        "GET", f"/api/v1/registrations/{part(registration_id)}/documents/{part(document_id)}"
    )


def registrations_get(registration_id: int) -> Call[schemas.RegistrationOut]:
    """GET /api/v1/registrations/{registration_id}, scope gateways:read.

    One registration with its papers; their bodies are read one by one.
    """
    return Call("GET", f"/api/v1/registrations/{part(registration_id)}")


def registrations_list_all(
    *, after: str | None = None, limit: int | None = None
) -> Listing[schemas.RegistrationOut]:
    """GET /api/v1/registrations, scope gateways:read.

    What is on file of senders, country by country. Where a country asks for it, only a sender
    that is approved there for the class of a text goes out: other texts are refused with the
    reason `sender_unregistered`.
    """
    return Listing("GET", "/api/v1/registrations", query={"after": after, "limit": limit})


def registrations_remove(registration_id: int) -> Call[None]:
    """DELETE /api/v1/registrations/{registration_id}, scope gateways:manage.

    Forget it with its papers.
    """
    return Call("DELETE", f"/api/v1/registrations/{part(registration_id)}")


def registrations_update(
    registration_id: int, body: schemas.RegistrationChange
) -> Call[schemas.RegistrationOut]:
    """PATCH /api/v1/registrations/{registration_id}, scope gateways:manage.

    Change what is given: what waits is judged by it at once.
    """
    return Call("PATCH", f"/api/v1/registrations/{part(registration_id)}", body=body)


def registrations_upload(registration_id: int, upload: Upload) -> Call[schemas.DocumentOut]:
    """POST /api/v1/registrations/{registration_id}/documents, scope gateways:manage.

    Keep a paper with it: a PDF, PNG or JPEG of 5 MB at most. The same one twice is kept once.
    """
    return Call("POST", f"/api/v1/registrations/{part(registration_id)}/documents", upload=upload)


def reports_export_people(
    campaign_id: int,
    *,
    term: str | None = None,
    state: str | None = None,
    reason: str | None = None,
    code: str | None = None,
    country: str | None = None,
    operator: str | None = None,
    region: str | None = None,
    place: str | None = None,
    segments: int | None = None,
    reaction: Literal["clicked", "unsure", "machine", "replied", "opted_out"] | None = None,
    intent: str | None = None,
    link: int | None = None,
    asked: Literal["human", "unsure", "machine"] | None = None,
    device: str | None = None,
    click_country: str | None = None,
    gateway: int | None = None,
    currency: str | None = None,
    lot: Literal["texted", "held_out"] | None = None,
    event: str | None = None,
    since: str | None = None,
    until: str | None = None,
    export_reason: str | None = None,
) -> Call[bytes]:
    """GET /api/v1/campaigns/{campaign_id}/people.csv, scope reports:read.

    All people of a figure as CSV, streamed. Numbers are masked; with the scope contacts:numbers
    and an `export_reason`, which the audit log keeps, they are full.
    """
    return Call(
        "GET",
        f"/api/v1/campaigns/{part(campaign_id)}/people.csv",
        query={
            "term": term,
            "state": state,
            "reason": reason,
            "code": code,
            "country": country,
            "operator": operator,
            "region": region,
            "place": place,
            "segments": segments,
            "reaction": reaction,
            "intent": intent,
            "link": link,
            "asked": asked,
            "device": device,
            "click_country": click_country,
            "gateway": gateway,
            "currency": currency,
            "lot": lot,
            "event": event,
            "since": since,
            "until": until,
            "export_reason": export_reason,
        },
    )


def reports_get_rejudgment(
    campaign_id: int,
    *,
    pack: str | None = None,
    after: int | None = None,
    choices: Literal["then", "now"] | None = None,
) -> Call[schemas.RejudgmentOut]:
    """GET /api/v1/campaigns/{campaign_id}/rejudgment, scope reports:read.

    What the rule packs say of each text of a campaign, past or planned, or would with another
    version. `pack` names a version that is to hold on every day, as FR@2026-11-01. `choices`
    `then` takes named days and lenient readings as they stood at the minute of each text, `now`
    as they stand today. A large campaign is judged in parts: ask again with `after` until
    `next` is null, and add the counts up. Nothing is changed.
    """
    return Call(
        "GET",
        f"/api/v1/campaigns/{part(campaign_id)}/rejudgment",
        query={"pack": pack, "after": after, "choices": choices},
    )


def reports_get_report(campaign_id: int) -> Call[schemas.ReportOut]:
    """GET /api/v1/campaigns/{campaign_id}/report, scope reports:read.

    The whole report: equation, progress, failures, segments, clicks, replies, places.
    """
    return Call("GET", f"/api/v1/campaigns/{part(campaign_id)}/report")


def reports_get_report_csv(campaign_id: int) -> Call[bytes]:
    """GET /api/v1/campaigns/{campaign_id}/report.csv, scope reports:read.

    The report as CSV: section, name, figure, and what the figure is, as in `metrics` of the
    report.
    """
    return Call("GET", f"/api/v1/campaigns/{part(campaign_id)}/report.csv")


def reports_list_people(
    campaign_id: int,
    *,
    after: str | None = None,
    limit: int | None = None,
    term: str | None = None,
    state: str | None = None,
    reason: str | None = None,
    code: str | None = None,
    country: str | None = None,
    operator: str | None = None,
    region: str | None = None,
    place: str | None = None,
    segments: int | None = None,
    reaction: Literal["clicked", "unsure", "machine", "replied", "opted_out"] | None = None,
    intent: str | None = None,
    link: int | None = None,
    asked: Literal["human", "unsure", "machine"] | None = None,
    device: str | None = None,
    click_country: str | None = None,
    gateway: int | None = None,
    currency: str | None = None,
    lot: Literal["texted", "held_out"] | None = None,
    event: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Listing[schemas.PersonOut]:
    """GET /api/v1/campaigns/{campaign_id}/people, scope reports:read.

    The people of a figure, by message id.
    """
    return Listing(
        "GET",
        f"/api/v1/campaigns/{part(campaign_id)}/people",
        query={
            "after": after,
            "limit": limit,
            "term": term,
            "state": state,
            "reason": reason,
            "code": code,
            "country": country,
            "operator": operator,
            "region": region,
            "place": place,
            "segments": segments,
            "reaction": reaction,
            "intent": intent,
            "link": link,
            "asked": asked,
            "device": device,
            "click_country": click_country,
            "gateway": gateway,
            "currency": currency,
            "lot": lot,
            "event": event,
            "since": since,
            "until": until,
        },
    )


def sharing_get() -> Call[schemas.SharingOut]:
    """GET /api/v1/workspace/suppression-group, scope workspace:manage.

    What the workspace shares, and with whom; 404 where it shares with nobody.
    """
    return Call("GET", "/api/v1/workspace/suppression-group")


def sharing_join(body: schemas.JoinIn) -> Call[schemas.SharingOut]:
    """POST /api/v1/workspace/suppression-group/join, scope workspace:manage.

    Join the group of a code: whom one brand may not text, for a reason that it shares, no brand
    texts. It holds at once, also for what was put down before and for texts that wait. 409 for
    a workspace that is in a group.
    """
    return Call("POST", "/api/v1/workspace/suppression-group/join", body=body)


def sharing_leave() -> Call[None]:
    """DELETE /api/v1/workspace/suppression-group, scope workspace:manage.

    Share nothing from now on, and be told nothing. What was shared stays until it is lifted.
    Twice is once.
    """
    return Call("DELETE", "/api/v1/workspace/suppression-group")


def sharing_make_code(body: schemas.SharingCodeIn) -> Call[schemas.SharingCodeOut]:
    """POST /api/v1/workspace/suppression-group/codes, scope workspace:manage.

    A code by which one other workspace may join; the first one begins the group. Give it to the
    owner of the other workspace: entering it is their consent, making it is yours.
    """
    return Call("POST", "/api/v1/workspace/suppression-group/codes", body=body)


def signing_list_signing_keys() -> Call[schemas.SigningKeysOut]:
    """GET /api/v1/workspace/signing-keys, scope messages:read.

    Public keys of the workspace, replaced ones too: with them anybody checks what it signed.
    """
    return Call("GET", "/api/v1/workspace/signing-keys")


def signing_replace(body: schemas.SigningKeyReplacement) -> Call[schemas.SigningKeyOut]:
    """POST /api/v1/workspace/signing-keys/replace, scope workspace:manage.

    Sign with a new key from now on. What was signed stays valid, under the key of its time.
    """
    return Call("POST", "/api/v1/workspace/signing-keys/replace", body=body)


def suppressions_add(body: schemas.SuppressionIn) -> Call[schemas.SuppressionOut]:
    """POST /api/v1/suppressions, scope contacts:write.

    Never text this number, whoever has it. What waits for it is left out at once. Twice is
    once.
    """
    return Call("POST", "/api/v1/suppressions", body=body)


def suppressions_add_many(body: schemas.SuppressionsIn) -> Call[schemas.SuppressedOut]:
    """POST /api/v1/suppressions/bulk, scope contacts:write.

    Up to 10,000 numbers at once. What is no number is reported, the others are suppressed.
    """
    return Call("POST", "/api/v1/suppressions/bulk", body=body)


def suppressions_get(suppression_id: int) -> Call[schemas.SuppressionOut]:
    """GET /api/v1/suppressions/{suppression_id}, scope contacts:read.

    One reason of one number.
    """
    return Call("GET", f"/api/v1/suppressions/{part(suppression_id)}")


def suppressions_lift(suppression_id: int, body: schemas.LiftIn) -> Call[schemas.LiftedOut]:
    """POST /api/v1/suppressions/{suppression_id}/lift, scope contacts:write.

    Take this reason away; consent stays what it is. 409 for an opt-out: only a new consent of
    the person, with its proof, lifts that.
    """
    return Call("POST", f"/api/v1/suppressions/{part(suppression_id)}/lift", body=body)


def suppressions_list_all(
    *,
    after: str | None = None,
    limit: int | None = None,
    search: str | None = None,
    reason: str | None = None,
) -> Listing[schemas.SuppressionOut]:
    """GET /api/v1/suppressions, scope contacts:read.

    Numbers that are not texted, latest first; one that has two reasons stands here twice.
    `search` is the beginning of a number, or a whole one as written at home.
    """
    return Listing(
        "GET",
        "/api/v1/suppressions",
        query={"after": after, "limit": limit, "search": search, "reason": reason},
    )


def tags_change(body: schemas.TagsIn) -> Call[schemas.Changed]:
    """POST /api/v1/tags, scope contacts:write.

    Add and take away tags; answers how many people changed.
    """
    return Call("POST", "/api/v1/tags", body=body)


def tags_delete(body: schemas.TagDelete) -> Call[schemas.Changed]:
    """POST /api/v1/tags/delete, scope contacts:write.

    Take a tag from everybody. 409 while a scheduled campaign chooses by it.
    """
    return Call("POST", "/api/v1/tags/delete", body=body)


def tags_list_all() -> Call[schemas.TagsOut]:
    """GET /api/v1/tags, scope contacts:read.

    Tags in use, by name, with their people.
    """
    return Call("GET", "/api/v1/tags")


def tags_rename(body: schemas.TagRename) -> Call[schemas.Changed]:
    """POST /api/v1/tags/rename, scope contacts:write.

    Rename a tag, or merge it into another. 409 while a scheduled campaign chooses by it.
    """
    return Call("POST", "/api/v1/tags/rename", body=body)


def templates_create(body: schemas.NewTemplate) -> Call[schemas.TemplateOut]:
    """POST /api/v1/templates, scope campaigns:write.

    Keep a text. A campaign that begins with it copies its values.
    """
    return Call("POST", "/api/v1/templates", body=body)


def templates_delete(template_id: int) -> Call[None]:
    """DELETE /api/v1/templates/{template_id}, scope campaigns:write.

    Delete it. Campaigns that began with it stay.
    """
    return Call("DELETE", f"/api/v1/templates/{part(template_id)}")


def templates_get(template_id: int) -> Call[schemas.TemplateOut]:
    """GET /api/v1/templates/{template_id}, scope campaigns:read.

    One template.
    """
    return Call("GET", f"/api/v1/templates/{part(template_id)}")


def templates_list_all(
    *, after: str | None = None, limit: int | None = None, search: str | None = None
) -> Listing[schemas.TemplateOut]:
    """GET /api/v1/templates, scope campaigns:read.

    Templates, newest first; `search` looks into names and main texts.
    """
    return Listing(
        "GET", "/api/v1/templates", query={"after": after, "limit": limit, "search": search}
    )


def templates_update(template_id: int, body: schemas.TemplateFields) -> Call[schemas.TemplateOut]:
    """PATCH /api/v1/templates/{template_id}, scope campaigns:write.

    Change it: only the fields given. Campaigns keep what they copied.
    """
    return Call("PATCH", f"/api/v1/templates/{part(template_id)}", body=body)


def topics_close_brand(brand_id: int) -> Call[schemas.BrandOut]:
    """POST /api/v1/brands/{brand_id}/close, scope contacts:write.

    Use it no more, for good. What people said of it stays; they can still say no.
    """
    return Call("POST", f"/api/v1/brands/{part(brand_id)}/close")


def topics_close_topic(topic_id: int) -> Call[schemas.TopicOut]:
    """POST /api/v1/topics/{topic_id}/close, scope contacts:write.

    Offer and use it no more, for good. What people said of it stays; they can still say no.
    """
    return Call("POST", f"/api/v1/topics/{part(topic_id)}/close")


def topics_define_brand(body: schemas.BrandIn) -> Call[schemas.BrandOut]:
    """POST /api/v1/brands, scope contacts:write.

    Define a brand. The same definition twice is once; another one with its key is a conflict.
    """
    return Call("POST", "/api/v1/brands", body=body)


def topics_define_topic(body: schemas.TopicIn) -> Call[schemas.TopicOut]:
    """POST /api/v1/topics, scope contacts:write.

    Define a topic. The same definition twice is once; another one with its key is a conflict.
    """
    return Call("POST", "/api/v1/topics", body=body)


def topics_list_brands() -> Call[list[schemas.BrandOut]]:
    """GET /api/v1/brands, scope contacts:read.

    The names under which the workspace writes.
    """
    return Call("GET", "/api/v1/brands")


def topics_list_topics() -> Call[list[schemas.TopicOut]]:
    """GET /api/v1/topics, scope contacts:read.

    What the workspace writes about, by name.
    """
    return Call("GET", "/api/v1/topics")


def topics_rename_brand(brand_id: int, body: schemas.BrandChange) -> Call[schemas.BrandOut]:
    """PATCH /api/v1/brands/{brand_id}, scope contacts:write.

    Call it otherwise. What people agreed to stays.
    """
    return Call("PATCH", f"/api/v1/brands/{part(brand_id)}", body=body)


def topics_rename_topic(topic_id: int, body: schemas.TopicChange) -> Call[schemas.TopicOut]:
    """PATCH /api/v1/topics/{topic_id}, scope contacts:write.

    Call it otherwise. What people agreed to stays.
    """
    return Call("PATCH", f"/api/v1/topics/{part(topic_id)}", body=body)


def unknown_send_again(campaign_id: int, body: schemas.SendAgainIn) -> Call[schemas.Count]:
    """POST /api/v1/campaigns/{campaign_id}/unknown/send-again, scope campaigns:write.

    Send what was found not sent once more: the gate and the caps judge each. Twice is once. Who
    they are: `GET …/people?state=not_sent`. 409 while the campaign is paused, and for one that
    was canceled or failed.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/unknown/send-again", body=body)


def unknown_settle(campaign_id: int, body: schemas.SettleIn) -> Call[schemas.Count]:
    """POST /api/v1/campaigns/{campaign_id}/unknown/settle, scope campaigns:write.

    Say that unknown messages were sent, or were not. Nothing is sent by it; twice is once. Who
    they are: `GET …/people?state=unknown`.
    """
    return Call("POST", f"/api/v1/campaigns/{part(campaign_id)}/unknown/settle", body=body)


def webhooks_create(body: schemas.EndpointIn) -> Call[schemas.EndpointMade]:
    """POST /api/v1/webhooks, scope webhooks:manage.

    Tell this address what happens from now on. The answer holds the signing secret, this once.
    """
    return Call("POST", "/api/v1/webhooks", body=body)


def webhooks_delete(endpoint_id: int) -> Call[None]:
    """DELETE /api/v1/webhooks/{endpoint_id}, scope webhooks:manage.

    Tell it nothing more.
    """
    return Call("DELETE", f"/api/v1/webhooks/{part(endpoint_id)}")


def webhooks_get(endpoint_id: int) -> Call[schemas.EndpointOut]:
    """GET /api/v1/webhooks/{endpoint_id}, scope webhooks:manage.

    One endpoint with its health.
    """
    return Call("GET", f"/api/v1/webhooks/{part(endpoint_id)}")


def webhooks_list_all() -> Call[list[schemas.EndpointOut]]:
    """GET /api/v1/webhooks, scope webhooks:manage.

    The endpoints of the workspace, newest first; at most fifty.
    """
    return Call("GET", "/api/v1/webhooks")


def webhooks_list_tries(
    endpoint_id: int,
    *,
    after: str | None = None,
    limit: int | None = None,
    state: str | None = None,
) -> Listing[schemas.DeliveryOut]:
    """GET /api/v1/webhooks/{endpoint_id}/deliveries, scope webhooks:manage.

    Deliveries, newest first; `state` may be waiting, delivered or failed.
    """
    return Listing(
        "GET",
        f"/api/v1/webhooks/{part(endpoint_id)}/deliveries",
        query={"after": after, "limit": limit, "state": state},
    )


def webhooks_renew_secret(endpoint_id: int) -> Call[schemas.SecretOut]:
    """POST /api/v1/webhooks/{endpoint_id}/secret, scope webhooks:manage.

    A new signing secret; the old one signs beside it for a day.
    """
    return Call("POST", f"/api/v1/webhooks/{part(endpoint_id)}/secret")


def webhooks_replay_span(endpoint_id: int, body: schemas.ReplayIn) -> Call[schemas.Count]:
    """POST /api/v1/webhooks/{endpoint_id}/replay, scope webhooks:manage.

    Tell again what happened in a span of the last thirty days; event ids stay the same.
    """
    return Call("POST", f"/api/v1/webhooks/{part(endpoint_id)}/replay", body=body)


def webhooks_resend(endpoint_id: int, delivery_id: int) -> Call[schemas.DeliveryMade]:
    """POST /api/v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/resend, scope webhooks:manage.

    Try this delivery again now.
    """
    return Call(
        "POST", f"/api/v1/webhooks/{part(endpoint_id)}/deliveries/{part(delivery_id)}/resend"
    )


def webhooks_test(endpoint_id: int) -> Call[schemas.DeliveryMade]:
    """POST /api/v1/webhooks/{endpoint_id}/test, scope webhooks:manage.

    Send an event of type `test`.
    """
    return Call("POST", f"/api/v1/webhooks/{part(endpoint_id)}/test")


def webhooks_update(endpoint_id: int, body: schemas.EndpointChange) -> Call[schemas.EndpointOut]:
    """PATCH /api/v1/webhooks/{endpoint_id}, scope webhooks:manage.

    Change what is given. `is_active` true starts a stopped one again.
    """
    return Call("PATCH", f"/api/v1/webhooks/{part(endpoint_id)}", body=body)


def workspace_begin_sandbox() -> Call[schemas.WorkspaceOut]:
    """POST /api/v1/workspace/sandbox, scope workspace:manage.

    Turn the workspace into a sandbox, for ever: there is no way back. Twice is once. 409 while
    it has gateways to real carriers.
    """
    return Call("POST", "/api/v1/workspace/sandbox")


def workspace_create(body: schemas.WorkspaceIn) -> Call[schemas.WorkspaceMade]:
    """POST /api/v1/workspaces, scope workspace:manage.

    One more workspace; the person behind the key becomes its owner. The answer holds its first
    key. A sandbox has a gateway to the simulated carrier from the start. 409 for a key with no
    person behind it, as one of the command line.
    """
    return Call("POST", "/api/v1/workspaces", body=body)


def workspace_export_reached(stop_id: int) -> Call[bytes]:
    """GET /api/v1/stop-all/{stop_id}/people.csv, scope reports:read.

    Everybody to whom a text was handed off before the stop was lifted, by campaign; masked.
    """
    return Call("GET", f"/api/v1/stop-all/{part(stop_id)}/people.csv")


def workspace_get_workspace() -> Call[schemas.WorkspaceOut]:
    """GET /api/v1/workspace, scope campaigns:read.

    The workspace that the key belongs to.
    """
    return Call("GET", "/api/v1/workspace")


def workspace_lift_everything() -> Call[schemas.WorkspaceOut]:
    """POST /api/v1/stop-all/lift, scope campaigns:write.

    Let sending go on where it stood. Lifting twice is once.
    """
    return Call("POST", "/api/v1/stop-all/lift")


def workspace_list_presses(
    *, after: str | None = None, limit: int | None = None
) -> Listing[schemas.StopOut]:
    """GET /api/v1/stop-all, scope campaigns:read.

    Every press of the red button, newest first: who, why, what it held, who lifted it.
    """
    return Listing("GET", "/api/v1/stop-all", query={"after": after, "limit": limit})


def workspace_put_answer_time(body: schemas.AnswerTimeIn) -> Call[schemas.WorkspaceOut]:
    """PUT /api/v1/workspace/answer-time, scope workspace:manage.

    Within how many minutes whoever writes is to be answered; 0: no answer time. It holds at
    once, also for those who wait already.
    """
    return Call("PUT", "/api/v1/workspace/answer-time", body=body)


def workspace_put_approval(body: schemas.ApprovalIn) -> Call[schemas.WorkspaceOut]:
    """PUT /api/v1/workspace/approval, scope workspace:manage.

    Whether campaigns need a second person's word before they are launched.
    """
    return Call("PUT", "/api/v1/workspace/approval", body=body)


def workspace_put_cap(body: schemas.CapIn) -> Call[schemas.WorkspaceOut]:
    """PUT /api/v1/workspace/cap, scope workspace:manage.

    At most so many marketing texts a person, over all campaigns and messages; 0: no cap. A
    campaign may be stricter, never looser.
    """
    return Call("PUT", "/api/v1/workspace/cap", body=body)


def workspace_put_consent_lifetime(body: schemas.ConsentMonthsIn) -> Call[schemas.WorkspaceOut]:
    """PUT /api/v1/workspace/consent-lifetime, scope workspace:manage.

    For how many months a consent counts here; 0: as long as law has it. Where a country's rules
    have a sooner end, that one holds. It holds at once, for waiting texts too: who agreed
    longer ago is left out as `consent_expired`.
    """
    return Call("PUT", "/api/v1/workspace/consent-lifetime", body=body)


def workspace_put_hours(body: schemas.HoursIn) -> Call[schemas.WorkspaceOut]:
    """PUT /api/v1/workspace/hours, scope workspace:manage.

    Which hours hold for marketing: those that we recommend, or those of law and carriers alone.
    It holds for campaigns that are planned from now on, and for messages that are taken from
    now on. What law asks cannot be switched off: see `textwell packs list`.
    """
    return Call("PUT", "/api/v1/workspace/hours", body=body)


def workspace_put_small_business(body: schemas.SmallBusinessIn) -> Call[schemas.WorkspaceOut]:
    """PUT /api/v1/workspace/small-business, scope workspace:manage.

    Whether the pages are one screen for a small firm, and where it is reviewed. Nothing else
    changes: reminders and requests for reviews are messages, see `POST /messages`.
    """
    return Call("PUT", "/api/v1/workspace/small-business", body=body)


def workspace_put_speaker(body: schemas.SpeakerIn) -> Call[schemas.WorkspaceOut]:
    """PUT /api/v1/workspace/speaker, scope workspace:manage.

    Who speaks in texts, and whom people find on the page where they stop them. What a country
    asks for is added to marketing texts, or shown on that page. What is not given is not told
    any more.
    """
    return Call("PUT", "/api/v1/workspace/speaker", body=body)


def workspace_rename(body: schemas.WorkspaceChange) -> Call[schemas.WorkspaceOut]:
    """PATCH /api/v1/workspace, scope workspace:manage.

    Give the brand another name; nothing given, nothing changed.
    """
    return Call("PATCH", "/api/v1/workspace", body=body)


def workspace_stop_everything(body: schemas.ReasonIn | None = None) -> Call[schemas.WorkspaceOut]:
    """POST /api/v1/stop-all, scope campaigns:write.

    The red button: within two seconds nothing of this workspace is handed off any more.
    Pressing it again while it holds is once: the first reason stays.
    """
    return Call("POST", "/api/v1/stop-all", body=body)
