"""Sample people: made up, with numbers that nobody has, to try everything on before one's own come.

The gate lets none of them through to a gateway that reaches telephones, whatever is recorded of them.
"""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_consents
from textwell.consent.events import SampleRemoved
from textwell.consent.models import ConsentKind, ConsentState
from textwell.consent.types import GivenConsent
from textwell.contacts.models import Contact, ListMember
from textwell.core.clock import now
from textwell.core.events import publish_now

TAG: Final = "sample"
SOURCE: Final = "sample"


@dataclass(frozen=True, slots=True)
class _Range:
    """Numbers that a regulator keeps for films and books: nobody ever gets one."""

    stem: str
    first: int
    country: str

    def number(self, place: int) -> str:
        return f"{self.stem}{self.first + place:02d}"


# Of the North American plan 555-0100 to 0199 in every area; of the Swedish one 070-174 06 05 to 06 99.
_RANGES: Final = (
    _Range("+121255501", 10, "US"),
    _Range("+131255501", 10, "US"),
    _Range("+141555501", 10, "US"),
    _Range("+160455501", 10, "CA"),
    _Range("+467017406", 10, "SE"),
)
# First and last names by language: nobody is called as another one is.
_NAMES: Final = {
    "en": (("Ada", "Grace", "Noah"), ("Okafor", "Hughes", "Clarke")),
    "vi": (("Linh", "Minh", "Hương"), ("Nguyễn", "Trần", "Lê")),
    "es": (("Sofía", "Mateo", "Lucía"), ("García", "Ruiz", "Moreno")),
    "fr": (("Chloé", "Hugo", "Zoé"), ("Martin", "Bernard", "Petit")),
    "zh": (("伟", "芳", "敏"), ("王", "李", "陈")),
    "sv": (("Elsa", "Axel", "Maja"), ("Lindqvist", "Nyström", "Berg")),
}
_EACH: Final = 10
COUNT: Final = len(_RANGES) * _EACH
_NEVER_ASKED: Final = (
    17  # every so many-th has no consent, so that a review has somebody to leave out
)


def add_sample(*, workspace_id: int, actor: str) -> int:
    """Add the people that are not there yet; answers how many. Twice is once.

    Whoever has one of the numbers already stays as they are.
    """
    with transaction.atomic():
        Workspace.objects.select_for_update().get(id=workspace_id)  # two presses are one
        made = _make_people(workspace_id)
        _give_consent(workspace_id, made, actor)
        if made:
            record_audit(
                workspace_id=workspace_id,
                actor=actor,
                action="contacts.sample_added",
                after={"people": len(made)},
            )
    return len(made)


def _make_people(workspace_id: int) -> list[Contact]:
    everybody = _build_people(workspace_id)
    numbers = [person.msisdn for person in everybody]
    present = Contact.objects.filter(workspace_id=workspace_id, msisdn__in=numbers)
    known = set(present.values_list("msisdn", flat=True))
    missing = [person for person in everybody if person.msisdn not in known]
    return Contact.objects.bulk_create(missing)


def _build_people(workspace_id: int) -> list[Contact]:
    people = []
    for place in range(COUNT):
        span = _RANGES[place % len(_RANGES)]
        language, first_name, last_name = _name(place)
        people.append(
            Contact(
                workspace_id=workspace_id,
                msisdn=span.number(place // len(_RANGES)),
                country=span.country,
                first_name=first_name,
                last_name=last_name,
                language=language,
                tags=[TAG],
                is_sample=True,
            )
        )
    return people


def _name(place: int) -> tuple[str, str, str]:
    """Language, first and last name."""
    turn, which = divmod(place, len(_NAMES))
    language = [*_NAMES][which]
    first_names, last_names = _NAMES[language]
    last, first = divmod(turn, len(first_names))
    return language, first_names[first], last_names[last]


def _give_consent(workspace_id: int, people: list[Contact], actor: str) -> None:
    at = now()
    wording = _("Sample person: nobody was asked.")
    consents = [
        GivenConsent(
            contact_id=person.id,
            kind=ConsentKind.OPT_IN,
            given_at=at,
            source=SOURCE,
            wording=wording,
            evidence={"sample": True},
        )
        for place, person in enumerate(people, start=1)
        if place % _NEVER_ASKED
    ]
    record_consents(workspace_id=workspace_id, consents=consents, actor=actor)


def remove_sample(*, workspace_id: int, actor: str) -> int:
    """Take all sample people away again; answers how many. Twice is once.

    Their texts, replies and consent events stay, as of everybody who was erased; texts that still wait
    are left out when their turn comes.
    """
    with transaction.atomic():
        people = Contact.objects.filter(workspace_id=workspace_id, is_sample=True)
        ids = list(people.select_for_update().order_by("id").values_list("id", flat=True))
        ListMember.objects.filter(contact_id__in=ids).delete()
        ConsentState.objects.filter(workspace_id=workspace_id, contact_id__in=ids).delete()
        people.filter(id__in=ids).delete()
        if ids:
            publish_now(SampleRemoved(workspace_id, tuple(ids)))
            record_audit(
                workspace_id=workspace_id,
                actor=actor,
                action="contacts.sample_removed",
                before={"people": len(ids)},
            )
    return len(ids)


def find_sample_person(workspace_id: int) -> Contact | None:
    """One who may be texted, to try a text on; None where there are no sample people."""
    agreed = ConsentState.objects.filter(
        workspace_id=workspace_id, channel="sms", purpose="marketing", is_granted=True
    )
    people = Contact.objects.filter(workspace_id=workspace_id, is_sample=True)
    return people.filter(id__in=agreed.values("contact_id")).order_by("id").first()


def count_sample(workspace_id: int) -> int:
    """How many sample people there are."""
    return Contact.objects.filter(workspace_id=workspace_id, is_sample=True).count()
