import pytest
from django.test import Client
from prometheus_client import REGISTRY, generate_latest

pytestmark = pytest.mark.django_db


def requests(view: str, status: str, method: str = "GET") -> float:
    labels = {"view": view, "method": method, "status": status}
    return REGISTRY.get_sample_value("textwell_requests_total", labels) or 0.0


def test_a_request_is_counted_and_timed_under_the_pattern_of_its_path(owner_client: Client) -> None:
    view = "/contacts/<int:contact_id>"
    before = requests(view, "404")

    owner_client.get("/contacts/987654321987")

    assert requests(view, "404") == before + 1
    count = REGISTRY.get_sample_value("textwell_request_seconds_count", {"view": view})
    assert count is not None
    assert count >= 1
    assert b"987654321987" not in generate_latest(REGISTRY)


def test_requests_of_the_api_are_counted_too(client: Client) -> None:
    before = requests("/api/v1/contacts", "401")

    client.get("/api/v1/contacts")

    assert requests("/api/v1/contacts", "401") == before + 1


def test_paths_and_methods_that_nobody_knows_make_no_labels_of_their_own(client: Client) -> None:
    before = requests("none", "404"), requests("none", "404", "other")

    client.get("/+84901234567")
    client.generic("BREW", "/tea")

    assert requests("none", "404") == before[0] + 1
    assert requests("none", "404", "other") == before[1] + 1
    assert b"BREW" not in generate_latest(REGISTRY)
