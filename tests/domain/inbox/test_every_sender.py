"""The words that a country's pack names end texts to whoever sends one, at whatever sender it arrives."""

import tomllib
from collections import Counter

import phonenumbers
import pytest

from builders import make_gateway
from textwell.accounts.models import Workspace
from textwell.compliance.library import FOLDER
from textwell.consent.models import Suppression
from textwell.core.wire import MoItem
from textwell.gateways.models import Sender
from textwell.inbox.actions import record_replies
from wide import WIDE

pytestmark = pytest.mark.django_db

RECEIVING = {
    "long_code": "+447700900999", "short_code": "38000", "toll_free": "+18005550100",
    "modem": "+84901111111",
}  # fmt: skip
CARRIED = phonenumbers.PhoneNumberType.MOBILE


def words() -> list[tuple[str, str]]:
    """(country, word) of opt-outs: all that packs name mandatory, and a hundred together; widely all 203."""
    found = []
    for path in sorted(FOLDER.glob("??/*.toml")):
        pack = tomllib.loads(path.read_text())
        for each in pack.get("keywords", []):
            if each["means"] == "opt_out":
                is_custom = each["status"] != "mandatory"
                found += [(is_custom, pack["country"], word) for word in each["words"]]
    chosen = sorted(found, key=lambda one: one[0])[: None if WIDE else 100]
    return [(country, word) for _is_custom, country, word in chosen]


def numbers(countries: list[str]) -> list[str]:
    """A mobile number for each, no two the same."""
    found, counts = [], Counter[str]()
    for country in countries:
        example = phonenumbers.example_number_for_type(country, CARRIED)
        assert example is not None
        e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        found.append(f"{e164[:-2]}{counts[country]:02d}")
        counts[country] += 1
    return found


def test_the_words_of_a_pack_work_on_every_receiving_sender(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, sender=None)
    Sender.objects.bulk_create(
        Sender(workspace_id=workspace.id, gateway=gateway, value=value, kind=kind)
        for kind, value in RECEIVING.items()
    )
    cases = [(country, word, to) for country, word in words() for to in RECEIVING.values()]
    texts = [
        MoItem(gateway.id, number, number, to, word, 1_790_000_000.0)
        for number, (_country, word, to) in zip(
            numbers([country for country, *_said in cases]), cases, strict=True
        )
    ]

    record_replies(texts)

    ended = set(Suppression.objects.filter(reason="opted_out").values_list("msisdn", flat=True))
    missed = {(each.msisdn, each.text) for each in texts if each.msisdn not in ended}
    assert (len(ended), missed) == (len(texts), set())
