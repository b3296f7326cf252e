"""The zones on a person's page: given, or from the number."""

import pytest
from django.test import Client

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.contacts.zones import load_zones

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("msisdn", "zone", "shown", "is_derived"),
    [("+12125550123", "", "America/New_York", True),
     ("+12125550123", "Europe/Paris", "Europe/Paris", False),
     ("+61412345678", "", "one of 8, from the number", True)],
)  # fmt: skip
def test_the_page_tells_a_derived_zone_from_a_given_one(
    owner_client: Client,
    workspace: Workspace,
    msisdn: str,
    zone: str,
    shown: str,
    *,
    is_derived: bool,
) -> None:
    load_zones()
    person = make_contact(workspace=workspace, msisdn=msisdn, zone=zone)

    page = owner_client.get(f"/contacts/{person.id}").content.decode()

    assert shown in page
    assert ("from the number" in page) is is_derived
