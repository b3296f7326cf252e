"""The inputs of a campaign that was planned, from the store: of whom a proof was kept, as it was noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.campaigns.forecast import gate_facts
from textwell.campaigns.models import Campaign
from textwell.campaigns.replay.form import (
    VERSION,
    Digests,
    Foot,
    Made,
    Person,
    write_line,
)
from textwell.campaigns.replay.form import Campaign as Head
from textwell.campaigns.replay.replaying import LAW_FACTS, Replayer, pack_digest, packs_at
from textwell.campaigns.terms import is_for_samples, layer_of, wording_of
from textwell.campaigns.words import terms_on
from textwell.compliance.library import shipped_library
from textwell.contacts.models import Contact
from textwell.core.errors import Conflict, FieldError
from textwell.core.merkle import digest_text
from textwell.links.models import LinkRange
from textwell.links.selectors import link_prefix
from textwell.links.tokens import OPT_OUT_NUMBER, TokenMaker
from textwell.messaging.caps import list_recent
from textwell.messaging.compose import OPT_OUT_LINK, Composer, Wording
from textwell.messaging.law import NO_LAW, Place, is_capped, judge_law, place_of
from textwell.messaging.models import Message
from textwell.messaging.own_packs import list_activated
from textwell.messaging.proof.form import Proof
from textwell.messaging.proof.judged import LAST_LOOK, QUIET, Judged, handed_text, place_text
from textwell.messaging.proving import proofs_between
from textwell.messaging.render import link_number
from textwell.messaging.selectors import message_texts
from textwell.messaging.states import WAITING
from textwell.messaging.values import values_of

MOST_PEOPLE: Final = 50_000
_AT_ONCE: Final = 500
_MOST_REASON: Final = 500


@dataclass(slots=True)
class Exported:
    """`differ`: people of whom the ledger has something else: what was known of them changed since.

    `erased`: people who are gone, and whose values nobody has: they are not in the file.
    """

    people: int = 0
    differ: int = 0
    erased: int = 0
    sha256: str = ""


@dataclass(slots=True)
class _Noted:
    """The last look at a message that had facts, and the digest of what was handed over."""

    judged: Judged
    text: str


@transaction.atomic
def begin_export(*, campaign: Campaign, actor: str, reason: str) -> None:
    """Say in the audit log who takes the inputs of a campaign along, and why. Whoever calls has the right.

    Raises:
        FieldError: no reason is given.
        Conflict: it is not planned, or there are too many people in it.
    """
    if not reason.strip():
        raise FieldError("reason", _("is missing"), _("Write it; the audit log keeps it."))
    if campaign.first_message_id is None:
        raise Conflict(_("The campaign is not planned yet: it has no people."))
    if campaign.planned_count > MOST_PEOPLE:
        most = {"most": MOST_PEOPLE}
        raise Conflict(_("The campaign has more than %(most)d people.") % most)
    record_audit(
        workspace_id=campaign.workspace_id,
        actor=actor,
        action="campaigns.inputs_exported",
        subject=f"campaign:{campaign.id}",
        after={"people": campaign.planned_count},
        reason=reason.strip()[:_MOST_REASON],
    )


def export_inputs(campaign: Campaign, told: Exported) -> Iterator[bytes]:
    """The lines of the file. `told` is complete after the last one."""
    whole = sha256()
    for line in _lines(campaign, told):
        whole.update(line)
        yield line
    told.sha256 = whole.hexdigest()


def _lines(campaign: Campaign, told: Exported) -> Iterator[bytes]:
    source = _Source(campaign)
    head = source.head()
    replayer, digests, hashed = Replayer(head), Digests(), sha256()
    digests.add_targets(head.leads_to)
    line = write_line(head)
    hashed.update(line)
    yield line
    for read, stored in source.people(told):
        made = replayer.make(read)
        person = msgspec.structs.replace(read, links=replayer.links_needed(read, made))
        digests.add(person, made)
        is_other = not _agrees(made, stored)
        told.people += 1
        told.differ += is_other
        line = write_line(
            msgspec.structs.replace(person, made=made, stored=stored if is_other else None)
        )
        hashed.update(line)
        yield line
    yield write_line(Foot(told.people, hashed.hexdigest(), digests.write()))


def _agrees(made: Made, stored: Made) -> bool:
    """What the ledger does not say ("" of a hold's reason, of a text that is not made yet) agrees."""
    if (made.verdict, made.until) != (stored.verdict, stored.until):
        return False
    return stored.reason in {"", made.reason} and stored.text in {"", made.text}


class _Source:
    """Reads a campaign's people in the order of their messages."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._first = campaign.first_message_id or 0
        self._last = campaign.last_message_id or 0
        self._layer = layer_of(campaign, is_simulated=is_for_samples(campaign))
        self._noted = self._read_proofs()
        wording = wording_of(campaign)
        self._link_names = Composer(wording).link_names
        self._fields = _fields_of(wording)
        home = Workspace.objects.get(id=campaign.workspace_id)
        self._tokens = TokenMaker(bytes(home.link_key))
        self._prefix = link_prefix(home.id)

    def head(self) -> Head:
        campaign = self._campaign
        found = terms_on(campaign, campaign.created_at.date())
        own = {pack.version: pack for pack in list_activated()}
        shipped = (v for v in shipped_library().list_versions() if v not in own)
        packs = {v: pack_digest(v) for v in shipped} | {v: p.sha256 for v, p in own.items()}
        speaker = found.terms.speaker
        links = LinkRange.objects.filter(campaign_id=campaign.id).order_by("id").last()
        return Head(
            v=VERSION,
            textwell=version("textwell"),
            workspace=campaign.workspace_id,
            seed=campaign.id,
            holdout_percent=campaign.holdout_percent,
            body=campaign.body,
            fallbacks=campaign.fallbacks,
            versions=campaign.versions,
            unaccent=campaign.unaccent,
            replace_characters=campaign.replace_characters,
            targets=[link["url"] for link in campaign.links],
            utm=campaign.utm,
            name=campaign.name,
            speaker=[speaker.brand, speaker.legal_name, speaker.address, speaker.contact],
            sender=campaign.sender,
            sender_kind=found.terms.sender_kind,
            service=found.terms.service,
            packs=packs,
            own_packs={v: pack.content for v, pack in own.items()},
            leads_to=links.targets if links else [],
            withdrawn={
                v: pack.withdrawn_at.astimezone(UTC).date()
                for v, pack in own.items()
                if pack.withdrawn_at is not None
            },
        )

    def _read_proofs(self) -> dict[int, _Noted]:
        noted = {}
        for line in proofs_between(self._campaign.workspace_id, self._first, self._last):
            proof = msgspec.json.decode(line, type=Proof)
            if proof.judged.rules != LAST_LOOK:
                noted[proof.leaf.message] = _Noted(proof.judged, proof.leaf.text)
        return noted

    def people(self, told: Exported) -> Iterator[tuple[Person, Made]]:
        """Each with what the ledger has of them; `made` is not made yet."""
        after = self._first - 1
        mine = Message.objects.filter(campaign_id=self._campaign.id, id__lte=self._last)
        while rows := list(mine.filter(id__gt=after).order_by("id")[:_AT_ONCE]):
            after = rows[-1].id
            contacts = self._contacts(rows)
            texts = message_texts([row.id for row in rows])
            links = self._links([row.id for row in rows])
            for row, own in zip(rows, links, strict=True):
                contact = contacts.get(row.contact_id)
                if contact is None:
                    told.erased += 1
                    continue
                person = self._person(row, contact, own)
                yield person, self._stored(row, person, texts.get(row.id, ""))

    def _contacts(self, rows: Sequence[Message]) -> dict[int, Contact]:
        ids = [row.contact_id for row in rows]
        found = Contact.objects.filter(workspace_id=self._campaign.workspace_id, id__in=ids)
        return {contact.id: contact for contact in found}

    def _links(self, message_ids: list[int]) -> list[dict[str, str]]:
        links: list[dict[str, str]] = [{} for _id in message_ids]
        numbers = {name: link_number(name) or 1 for name in self._link_names}
        for name, number in {**numbers, OPT_OUT_LINK: OPT_OUT_NUMBER}.items():
            tokens = self._tokens.make_many(message_ids, number)
            for mine, token in zip(links, tokens, strict=True):
                mine[name] = self._prefix + token
        return links

    def _person(self, row: Message, contact: Contact, links: dict[str, str]) -> Person:
        noted = self._noted.get(row.id)
        if noted is not None:
            judged = noted.judged
            at, facts, layer = judged.at, dict(judged.facts), judged.layer
            place, handed = judged.place or f"{row.country}||", list(judged.handed)
        else:
            at, facts, layer, place, handed = self._facts_now(row, contact)
        values = values_of(contact)
        person = Person(
            id=row.id,
            contact=contact.id,
            at=at,
            place=place,
            language=contact.language,
            layer=layer,
            facts={
                name: value for name, value in facts.items() if name not in LAW_FACTS or not layer
            },
            made=Made(""),
            values={name: values[name] for name in self._fields if name in values},
            handed=handed,
            links=links,
            noted=noted is not None,
        )
        return msgspec.structs.replace(person, packs=packs_at(person))

    def _facts_now(
        self, row: Message, contact: Contact
    ) -> tuple[str, dict[str, Any], str, str, list[str]]:
        """As things are: of who was left out by the plan, or whose turn did not come."""
        campaign, layer = self._campaign, self._layer
        at = _planned_for(campaign, row)
        seen = msgspec.to_builtins(gate_facts(campaign, contact, at=at, message_id=row.id))
        moment = str(seen.pop("at"))
        facts = {
            name: value for name, value in seen.items() if name not in QUIET or QUIET[name] != value
        }
        if layer == NO_LAW:
            return moment, facts, layer, f"{row.country}||", []
        place = place_of(contact.country, contact.msisdn, contact.zone)
        return moment, facts, layer, place_text(place), self._handed(row, place, at)

    def _handed(self, row: Message, place: Place, at: datetime) -> list[str]:
        if not is_capped(place, at.date()):
            return []
        opened = judge_law(place, at, self._layer).lawful_at or at
        return [handed_text(each) for each in list_recent(row.contact_id, at=opened, but_id=row.id)]

    def _stored(self, row: Message, person: Person, text: str) -> Made:
        """What the ledger has: "" where it does not say."""
        noted = self._noted.get(row.id)
        if noted is not None and noted.judged.verdict == "allow" and not noted.text:
            return Made("skip", row.reason)  # the gate let it go, and no text came out
        if noted is not None:
            judged = noted.judged
            return Made(judged.verdict, judged.reason, judged.until, noted.text)
        if row.state == "skipped":
            return Made("skip", row.reason)
        is_later = row.state in WAITING and row.due_at and row.due_at > _moment(person.at)
        until = msgspec.to_builtins(row.due_at) if is_later else ""
        digest = digest_text(text.encode()) if text else ""
        return Made("hold" if is_later else "allow", "", until, digest)


def _planned_for(campaign: Campaign, row: Message) -> datetime:
    """The moment for which the plan judged: when it begins, or when it was planned if that is later."""
    begins = campaign.scheduled_at or campaign.launched_at or row.planned_at
    return max(begins, row.planned_at)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _fields_of(wording: Wording) -> frozenset[str]:
    """The fields that any version of the text uses, and the language, which chooses among them."""
    languages = ["", *(each.language for each in wording.versions)]
    parts = (Composer(wording.of_version(language)).template for language in languages)
    return frozenset({"language", *(name for part in parts for name in part.fields)})
