"""What a campaign is judged and made by: its wording, gateway, caps, consent, hours and senders."""

from datetime import datetime
from functools import partial

from django.db import connection

from textwell.accounts.models import Workspace
from textwell.campaigns import sql as statements
from textwell.campaigns.models import Campaign
from textwell.compliance.types import Layer
from textwell.consent.topics import is_per_sender
from textwell.consent.types import ConsentScope
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import Gateway
from textwell.gateways.selectors import is_simulated
from textwell.messaging.caps import Caps, load_caps
from textwell.messaging.checks import refusal_problem
from textwell.messaging.compose import Composer, Wording, read_versions
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.gate import Reason
from textwell.messaging.plan import scope_params
from textwell.messaging.plan_law import law_layer
from textwell.messaging.promised import list_unpromised
from textwell.messaging.purposes import needs_consent
from textwell.messaging.sender_law import BatchLimits, batch_countries
from textwell.messaging.showing import find_batch_limits, find_refused
from textwell.segments.selectors import compile_audience
from textwell.segments.types import parse_audience


def wording_of(campaign: Campaign) -> Wording:
    return Wording(
        body=campaign.body,
        fallbacks=campaign.fallbacks,
        unaccent=campaign.unaccent,
        replace_characters=campaign.replace_characters,
        link_count=len(campaign.links),
        versions=read_versions(campaign.versions),
    )


def composer_of(campaign: Campaign) -> Composer:
    """What makes its texts. Raises FieldError where the text is no template."""
    try:
        return Composer(wording_of(campaign))
    except TemplateRefused as refused:
        raise refusal_of(refused) from refused


def price_of(gateway: Gateway | None, country: str) -> int:
    """Millionths of the gateway's currency for one segment to a country."""
    if gateway is None:
        return 0
    return int(gateway.prices.get(country, gateway.price_micros))


def gateway_of(campaign: Campaign) -> Gateway | None:
    """The gateway that was chosen; None where none was, or it is gone."""
    return Gateway.objects.filter(
        workspace_id=campaign.workspace_id, id=campaign.gateway_id or 0
    ).first()


def is_for_samples(campaign: Campaign) -> bool:
    """Whether its gateway reaches no phone, so that sample people may be texted."""
    gateway = gateway_of(campaign)
    return gateway is not None and is_simulated(gateway)


def caps_of(campaign: Campaign) -> Caps:
    """The campaign's own cap and its workspace's."""
    return load_caps(
        campaign.workspace_id,
        purpose=campaign.purpose,
        count=campaign.cap_count,
        hours=campaign.cap_hours,
    )


def sender_reasons_of(campaign: Campaign) -> dict[str, str]:
    """Countries whose numbers may not be shown its sender on the day it begins, and the gate's reason."""
    gateway, on = gateway_of(campaign), send_time(campaign).date()
    refused = find_refused(gateway, sender=campaign.sender, purpose=campaign.purpose, on=on)
    if refused.keys() >= set(batch_countries(on)):
        return refused
    limits = _batches_by(gateway, campaign)
    too_small = _small_batches(campaign, {c: limits[c] for c in limits if c not in refused})
    return refused | dict.fromkeys(too_small, Reason.BATCH_TOO_SMALL.value)


def _small_batches(campaign: Campaign, limits: dict[str, BatchLimits]) -> list[str]:
    """Countries that take advertising for more people at once than may get it there."""
    if not limits:
        return []
    try:
        audience = compile_audience(campaign.workspace_id, parse_audience(campaign.audience))
    except FieldError:
        return []  # which is said elsewhere
    statement = statements.HAS_SO_MANY.replace("__AUDIENCE__", audience.where)
    found = []
    for country, limit in limits.items():
        params: dict[str, int | str] = {
            **scope_params(scope_of(campaign)),
            "purpose": campaign.purpose,
            "needs_consent": needs_consent(campaign.purpose),
            "w": campaign.workspace_id,
            "country": country,
            "least": limit.least,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, {**audience.params, **params})
            if cursor.fetchone()[0] < limit.least:
                found.append(country)
    return found


def batches_of(campaign: Campaign) -> dict[str, BatchLimits]:
    """Countries where its texts are taken for so many people at once."""
    return _batches_by(gateway_of(campaign), campaign)


def _batches_by(gateway: Gateway | None, campaign: Campaign) -> dict[str, BatchLimits]:
    asked = partial(
        find_batch_limits,
        gateway,
        sender=campaign.sender,
        purpose=campaign.purpose,
        on=send_time(campaign).date(),
    )
    if not asked(layer=Layer.RECOMMENDED):  # nearly always: no layer is read
        return {}
    return asked(layer=campaign.law_layer or workspace_layer(campaign.workspace_id))


def unpromised_of(campaign: Campaign, caps: Caps) -> dict[str, str]:
    """What the public promise does not name of it, by country: see `promised.list_unpromised`."""
    return list_unpromised(caps.named, campaign.sender, campaign.topic)


def scope_of(campaign: Campaign) -> ConsentScope:
    """The consent that it needs."""
    is_bound = is_per_sender(campaign.workspace_id, campaign.topic)
    return ConsentScope(campaign.topic, campaign.brand, campaign.sender if is_bound else "")


def layer_of(campaign: Campaign, *, is_simulated: bool) -> str:
    """Which rules about hours hold for it, see `messaging.plan_law`."""
    return law_layer(
        purpose=campaign.purpose, is_simulated=is_simulated, layer=_chosen_law(campaign)
    )


def _chosen_law(campaign: Campaign) -> str:
    """Its layer, and what its workspace has chosen besides by now."""
    find = Workspace.objects.values_list("law_layer", "law_choices")
    layer, choices = find.get(id=campaign.workspace_id)
    return f"{campaign.law_layer or layer}{choices}"


def workspace_layer(workspace_id: int) -> str:
    """The hours that a workspace has chosen."""
    return str(Workspace.objects.values_list("law_layer", flat=True).get(id=workspace_id))


def send_time(campaign: Campaign) -> datetime:
    """When it would begin: a time that is past means now."""
    at = now()
    return max(campaign.scheduled_at or at, at)


def refusal_of(refused: TemplateRefused) -> FieldError:
    """A template that cannot be used, as a fault of the body."""
    found = refusal_problem(refused)
    return FieldError("body", found.problem, found.mend)
