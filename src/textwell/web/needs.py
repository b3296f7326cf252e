"""What needs a person: each with how many, one line why, and a page that lists exactly those.

Only what the reader may see to is asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from textwell.accounts.selectors import list_latest_entries
from textwell.accounts.types import Permission
from textwell.campaigns.models import CampaignState
from textwell.campaigns.selectors import list_paused
from textwell.campaigns.waiting import Waiting, split_handed_in
from textwell.contacts.imports.steps import list_stopped as list_stopped_imports
from textwell.gateways.models import Gateway
from textwell.gateways.selectors import is_down
from textwell.inbox.listing import MOST_COUNTED, count_waiting
from textwell.messaging.states import State
from textwell.programmes.selectors import list_short_pools
from textwell.reports.figures import Figure
from textwell.reports.today import GatewayCounts
from textwell.web.access import MemberRequest
from textwell.web.actors import actor_words
from textwell.web.formats import format_ago, format_at_most, format_count
from textwell.web.words import gateway_trouble
from textwell.webhooks.selectors import list_stopped as list_stopped_endpoints

P = Permission
MOST_NAMED = 3  # in the line of a reason: the page behind it lists all
_MOST_READ = 100  # stopped imports and endpoints


@dataclass(frozen=True, slots=True)
class Need:
    """One row: `title` says how many of what, `why` in one line, `address` lists them."""

    kind: str
    icon: str
    tone: str
    title: str
    why: str
    address: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page has read already."""

    gateways: Sequence[Gateway]
    gateway_counts: Mapping[int, GatewayCounts]
    open_campaigns: Mapping[str, int]  # by state


def list_needs(request: MemberRequest, seen: Seen) -> list[Need]:
    """The most pressing first; empty where nothing waits for this reader."""
    found: list[Need] = []
    for may, needs in _SOURCES:
        if request.policy.allows(may):
            found += needs(request, seen)
    return found


def _names(names: Iterable[str], *, count: int | None = None) -> str:
    """A few of them, and that there are more; `count` where not all are given."""
    given = list(names)
    more = (count or len(given)) - min(len(given), MOST_NAMED)
    shown = " · ".join(given[:MOST_NAMED])
    if not more:
        return shown
    text = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more)
    return text % {"names": shown, "n": more}


def _answers(request: MemberRequest, _seen: Seen) -> list[Need]:
    waiting, overdue = count_waiting(request.workspace)
    if not waiting:
        return []
    why = _("They wrote, and nobody has answered yet.")
    if overdue:
        why = ngettext(
            "%(n)s of them waits longer than the answer time.",
            "%(n)s of them wait longer than the answer time.",
            overdue,
        ) % {"n": format_at_most(overdue, MOST_COUNTED - 1)}
    title = ngettext("%(n)s person waits for an answer", "%(n)s people wait for an answer", waiting)
    title %= {"n": format_at_most(waiting, MOST_COUNTED - 1)}
    address = f"{reverse('web:inbox')}?show=waiting"
    return [Need("answers", "inbox", "bad" if overdue else "warn", title, why, address)]


def _of_campaigns(waiting: Waiting) -> str:
    return f"{reverse('web:campaigns')}?waiting={waiting}"


def _approvals(request: MemberRequest, _seen: Seen) -> list[Need]:
    if not request.workspace.needs_approval:
        return []
    to_decide, others = split_handed_in(request.workspace.id, actor=request.actor)
    needs = []
    if to_decide and request.policy.allows(P.APPROVE_CAMPAIGN):
        title = ngettext(
            "%(n)s campaign waits for your approval",
            "%(n)s campaigns wait for your approval",
            len(to_decide),
        ) % {"n": len(to_decide)}
        why = _("Made by others: only after your word may they go.")
        address = _of_campaigns(Waiting.DECISION)
        needs.append(Need("decisions", "user-check", "warn", title, why, address))
    if others:
        title = ngettext(
            "%(n)s campaign of yours waits for approval",
            "%(n)s campaigns of yours wait for approval",
            len(others),
        ) % {"n": len(others)}
        why = _("Nobody approves their own work: somebody else has to look.")
        needs.append(
            Need("approvals", "hourglass", "info", title, why, _of_campaigns(Waiting.OTHERS))
        )
    return needs


def _paused(request: MemberRequest, seen: Seen) -> list[Need]:
    count = seen.open_campaigns.get(CampaignState.PAUSED, 0)
    if not count:
        return []
    campaigns = list_paused(request.workspace.id, limit=MOST_NAMED)
    subjects = {f"campaign:{campaign.id}": campaign for campaign in campaigns}
    entries = list_latest_entries(request.workspace.id, "campaigns.paused", list(subjects))
    names = actor_words({entry.actor for entry in entries.values()})
    told = []
    for subject, campaign in subjects.items():
        entry = entries.get(subject)
        told.append(
            _("%(campaign)s: by %(who)s, %(ago)s")
            % {
                "campaign": campaign.name,
                "who": names[entry.actor],
                "ago": format_ago(entry.at),
            }
            if entry
            else campaign.name
        )
    title = ngettext("%(n)s campaign is paused", "%(n)s campaigns are paused", count)
    return [
        Need(
            "paused", "pause", "warn", title % {"n": count}, _names(told, count=count),
            _of_campaigns(Waiting.PAUSED),
        )
    ]  # fmt: skip


def _unknown(_request: MemberRequest, seen: Seen) -> list[Need]:
    why = _(
        "The carrier's answer was lost. Say what became of them: nothing is sent again on a guess."
    )
    needs = []
    counts = seen.gateway_counts
    if count := sum(each.unknown_count - each.unknown_singles for each in counts.values()):
        title = ngettext(
            "The fate of %(n)s text of a campaign is unknown",
            "The fate of %(n)s texts of campaigns is unknown",
            count,
        ) % {"n": format_count(count)}
        address = _of_campaigns(Waiting.UNKNOWN)
        needs.append(Need("unknown", "circle-question-mark", "warn", title, why, address))
    needs += [
        _unknown_singles(gateway, counts[gateway.id].unknown_count, why)
        for gateway in seen.gateways
        if gateway.id in counts and counts[gateway.id].unknown_singles
    ]
    return needs


def _unknown_singles(gateway: Gateway, count: int, why: str) -> Need:
    """Single texts are in no campaign: the list is of all the gateway's."""
    title = ngettext(
        "The fate of %(n)s text through %(gateway)s is unknown",
        "The fate of %(n)s texts through %(gateway)s is unknown",
        count,
    ) % {"n": format_count(count), "gateway": gateway.name}
    figure = Figure(state=State.UNKNOWN.value, gateway=gateway.id)
    address = f"{reverse('web:people')}?{figure.query()}"
    return Need("singles", "circle-question-mark", "warn", title, why, address)


def _gateways(_request: MemberRequest, seen: Seen) -> list[Need]:
    down = [gateway for gateway in seen.gateways if is_down(gateway)]
    if not down:
        return []
    title = ngettext("%(n)s gateway is down", "%(n)s gateways are down", len(down))
    why = _names(f"{gateway.name}: {gateway_trouble(gateway)}" for gateway in down)
    address = f"{reverse('web:gateways')}?show=down"
    return [Need("gateways", "radio-tower", "bad", title % {"n": len(down)}, why, address)]


def _webhooks(request: MemberRequest, _seen: Seen) -> list[Need]:
    stopped = list(list_stopped_endpoints(request.workspace.id)[:_MOST_READ])
    if not stopped:
        return []
    reasons = {
        "gone": _("it answered 410 Gone"),
        "failing": _("nothing could be delivered for five days"),
    }
    title = ngettext("%(n)s webhook was stopped", "%(n)s webhooks were stopped", len(stopped))
    why = _names(
        f"{each.name or each.url}: {reasons.get(each.stopped_reason, each.stopped_reason)}"
        for each in stopped
    )
    address = f"{reverse('web:webhooks')}?show=stopped"
    return [Need("webhooks", "webhook", "bad", title % {"n": len(stopped)}, why, address)]


def _imports(request: MemberRequest, _seen: Seen) -> list[Need]:
    stopped = list(list_stopped_imports(request.workspace.id)[:_MOST_READ])
    if not stopped:
        return []
    title = ngettext(
        "%(n)s import stopped half-way", "%(n)s imports stopped half-way", len(stopped)
    )
    why = _names(f"{run.filename}: {run.get_state_display()}" for run in stopped)
    address = f"{reverse('web:imports')}?show=stopped"
    return [Need("imports", "upload", "warn", title % {"n": len(stopped)}, why, address)]


def _codes(request: MemberRequest, _seen: Seen) -> list[Need]:
    short = list_short_pools(request.workspace.id)
    if not short:
        return []
    title = ngettext(
        "%(n)s programme runs out of codes", "%(n)s programmes run out of codes", len(short)
    )
    why = _names(
        ngettext("%(programme)s: %(n)s is left", "%(programme)s: %(n)s are left", each.left)
        % {"programme": each.name, "n": format_count(each.left)}
        for each in short
    )
    tone = "bad" if short[0].left == 0 else "warn"
    address = f"{reverse('web:programmes')}?show=short"
    return [Need("codes", "user-plus", tone, title % {"n": len(short)}, why, address)]


_SOURCES: tuple[tuple[Permission, Callable[[MemberRequest, Seen], list[Need]]], ...] = (
    (P.VIEW_GATEWAYS, _gateways),
    (P.ANSWER_INBOX, _answers),
    (P.VIEW_CAMPAIGNS, _approvals),
    (P.VIEW_CAMPAIGNS, _paused),
    (P.VIEW_REPORTS, _unknown),
    (P.EDIT_CAMPAIGNS, _codes),
    (P.IMPORT_CONTACTS, _imports),
    (P.MANAGE_WEBHOOKS, _webhooks),
)
