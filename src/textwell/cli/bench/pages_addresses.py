"""Which addresses the leg `pages` opens: every page of a workspace, and those whose size matters twice."""

from typing import Final
from urllib.parse import quote, urlsplit

from django.urls import resolve
from django.utils import timezone

from textwell.cli.bench.pages_fill import Filled

# Names of members' addresses that answer GET and are not opened, with why.
LEFT_OUT: Final = {
    "keys.use": "needs a key, which no bench makes",
    "suppressed.lift": "a question of one row",
    "contacts.opt_in": "a form about one person",
    "campaigns.detail": "the live page under a second address",
    "campaigns.law": "judges tens of thousands of texts anew, on demand",
    "campaigns.export": "a file, written as it is read",
    "opted_out.export": "a file, written as it is read",
    "people.export": "a file, written as it is read",
    "stops.export": "a file, written as it is read",
    "imports.rejected": "a file, written by a job",
    "imports.without_consent": "a file, written by a job",
    "messages.proof": "a file about one message",
    "programmes.detail": "of a programme, and the bench makes none",
    "programmes.edit": "of a programme, and the bench makes none",
    "programmes.words": "of a programme, and the bench makes none",
    "programmes.capture": "of a programme, and the bench makes none",
    "placements.new": "of a programme, and the bench makes none",
    "placements.edit": "of a programme, and the bench makes none",
    "placements.qr": "of a programme, and the bench makes none",
    "registrations.edit": "of a registration, and the bench makes none",
    "registrations.document": "a file of a registration",
    "registrations.template.new": "of a registration, and the bench makes none",
    "registrations.template": "of a registration, and the bench makes none",
    "contacts.proof": "a file about one consent",
    "law.file": "a file of a pack of one's own, and the bench makes none",
    "law.take_back": "of a pack of one's own, and the bench makes none",
}


def addresses(filled: Filled) -> dict[str, str]:
    """The pages by name, in no order."""
    return _people(filled) | _campaigns(filled) | _figures(filled) | _others(filled)


def opened(found: dict[str, str]) -> set[str]:
    """The names that the product has for these addresses."""
    return {resolve(urlsplit(path).path).url_name or "" for path in found.values()}


def _people(filled: Filled) -> dict[str, str]:
    """`number` is searched for as it is dialled abroad and at home."""
    number, home = filled.contact.msisdn[1:], "0" + filled.contact.msisdn[3:]
    return {
        "contacts": "/contacts/",
        "contacts: number": f"/contacts/?q={number[:6]}",
        "contacts: number, two digits": f"/contacts/?q={number[:2]}",
        "contacts: number at home": f"/contacts/?q={home}",
        "contacts: nobody's number": "/contacts/?q=0999999998",
        "contacts: name": "/contacts/?q=Emma",
        "contacts: names": "/contacts/?q=Emma+Martin",
        "contacts: everybody's name": "/contacts/?q=ma",
        "contacts: two letters": "/contacts/?q=em",
        "contacts: rare name": "/contacts/?q=%C3%89lo%C3%AFse",
        "contacts: nobody's name": "/contacts/?q=Zzyzx+100%25",
        "contacts: common tag": "/contacts/?tag=vip",
        "contacts: newcomers' tag": "/contacts/?tag=newcomers",
        "contacts: rare tag": "/contacts/?tag=press",
        "contacts: large list": f"/contacts/?list={filled.large_list}",
        "contacts: small list": f"/contacts/?list={filled.small_list}",
        "contacts: name on a list": f"/contacts/?list={filled.small_list}&q=Emma",
        "contacts: name and tag": "/contacts/?tag=vip&q=Emma",
        "contacts: rare name and list": f"/contacts/?list={filled.large_list}&q=%C3%89lo%C3%AFse",
        "person": f"/contacts/{filled.contact.id}",
        "person: erase": f"/contacts/{filled.contact.id}/erase",
        "person: consent on a day": f"/contacts/{filled.contact.id}/consent",
        "consents that end": "/contacts/ending-consents/",
        "erasures": "/contacts/erasures/",
        "programmes": "/programmes/",
        "programmes: new": "/programmes/new",
        "person: why": f"/contacts/{filled.contact.id}?campaign={filled.campaign.id}",
        "suppressed": "/contacts/suppressed/",
        "suppressed: one reason": "/contacts/suppressed/?reason=manual",
        "suppressed: new": "/contacts/suppressed/new",
        "registers": "/contacts/registers/",
        "lists": "/contacts/lists/",
        "list": f"/contacts/lists/{filled.large_list}/",
        "tags": "/contacts/tags/",
        "tag": "/contacts/tags/one?tag=vip",
        "imports": "/contacts/imports/",
        "imports: new": "/contacts/imports/new",
        "import": f"/contacts/imports/{filled.run_id}",
        "import, moving part": f"/contacts/imports/{filled.run_id}/progress",
        "palette": "/palette?q=Emma",
        "palette: rare name": "/palette?q=%C3%89lo%C3%AFse",
        "palette: nobody's name": "/palette?q=Zzyzx+100%25",
        "palette: two letters": "/palette?q=ma",
        "palette: number at home": f"/palette?q={home}",
    }


def _campaigns(filled: Filled) -> dict[str, str]:
    campaign, draft = f"/campaigns/{filled.campaign.id}", f"/campaigns/{filled.draft.id}"
    return {
        "campaigns": "/campaigns/",
        "campaigns: new": "/campaigns/new",
        "goals": "/campaigns/goals/",
        "goal": "/campaigns/goals/discount",
        "live": f"{campaign}/live",
        "live, moving part": f"{campaign}/live/part",
        "report": f"{campaign}/report",
        "unknown": f"{campaign}/unknown",
        "message": f"/messages/{filled.campaign.first_message_id}",
        "message: last": f"/messages/{(filled.campaign.last_message_id or 0) - 1}",
        "compose": f"{draft}/compose",
        "review": f"{draft}/review",
        "templates": "/templates/",
        "templates: new": "/templates/new",
        "template": f"/templates/{filled.template_id}/",
    }


def _figures(filled: Filled) -> dict[str, str]:
    """Lists of people behind the numbers of a report and of the home page."""
    midnight = quote(timezone.now().replace(hour=0, minute=0, second=0, microsecond=0).isoformat())
    asked = {
        "audience": "",
        "handed off": "term=handed",
        "delivered": "term=delivered",
        "left out": "term=skipped",
        "unknown": "term=unknown",
        "expired": "term=expired",
        "refused": "term=refused",
        "clicked": "reaction=clicked",
        "clicked on a phone": "reaction=clicked&device=phone",
        "only machines": "reaction=machine",
        "requests": "asked=machine&of=requests",
        "replied": "reaction=replied",
        "opted out": "reaction=opted_out",
        "segments": "segments=2",
        "country": "country=VN",
        "country, delivered": "country=VN&term=delivered",
        "city": "place=City+7",
    }
    of_report = {
        f"report: {name}": f"/campaigns/{filled.campaign.id}/people?{query}"
        for name, query in asked.items()
    }
    return of_report | {
        "home: today's hand-offs": f"/people?term=handed&since={midnight}",
        "home: today's deliveries": f"/people?term=delivered&since={midnight}",
        "home: today's failures": f"/people?term=failed&since={midnight}",
        "home: today's clicks": f"/people?reaction=clicked&since={midnight}",
        "home: today's cost": f"/people?term=handed&currency=EUR&of=cost&since={midnight}",
        "home: today's opt-outs": f"/contacts/opted-out/?since={midnight}",
        "home: today's replies": f"/people?reaction=replied&since={midnight}",
        "gateway: handed off": f"/people?term=handed&gateway={filled.draft.gateway_id}",
        "gateway: refused": f"/people?term=refused&gateway={filled.draft.gateway_id}",
    }


def _others(filled: Filled) -> dict[str, str]:
    webhook = f"/settings/webhooks/{filled.endpoint_id}/"
    thread = f"/inbox/{filled.thread_id}/"
    return {
        "home": "/",
        "desk": "/desk/",
        "inbox": "/inbox/",
        "inbox: searched": "/inbox/?q=Emma",
        "inbox: nobody's name": "/inbox/?q=Zzyzx",
        "thread": thread,
        "thread, moving part": f"{thread}news",
        "replies": "/inbox/replies",
        "replies: opt-outs": "/inbox/replies?intent=opt_out",
        "replies: rare intent": "/inbox/replies?intent=opt_in",
        "canned answers": "/inbox/canned/",
        "canned: new": "/inbox/canned/new",
        "canned answer": f"/inbox/canned/{filled.canned_id}/",
        "gateways": "/gateways/",
        "gateways: kinds": "/gateways/new",
        "gateways: new": "/gateways/new/smpp",
        "gateway": f"/gateways/{filled.draft.gateway_id}/",
        "senders": "/gateways/senders/",
        "senders: new": "/gateways/senders/new",
        "stops": "/stops/",
        "settings": "/settings/",
        "security": "/settings/security",
        "sharing": "/settings/suppression-group/",
        "promise": "/settings/promise/",
        "topics": "/settings/topics/",
        "law": "/settings/law/",
        "workspaces": "/settings/workspaces/",
        "workspaces: new": "/settings/workspaces/new",
        "members": "/settings/members/",
        "keys": "/settings/keys/",
        "directory": "/settings/directory/",
        "link domain": "/settings/link-domain/",
        "audit": "/settings/audit/",
        "audit: subject": f"/settings/audit/?subject=contact:{filled.contact.id}",
        "webhooks": "/settings/webhooks/",
        "webhook": webhook,
        "webhook: failed": f"{webhook}?state=failed",
        "style guide": "/styleguide",
    }
