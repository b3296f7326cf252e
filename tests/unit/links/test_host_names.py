"""Names that a workspace may have for its short links, and what is said of the others."""

import pytest

from textwell.core.errors import FieldError
from textwell.core.settings import load_settings
from textwell.links.host_names import read_host


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("go.shop.vn", "go.shop.vn"),
        (" GO.Shop.VN. ", "go.shop.vn"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("a-1.example.com", "a-1.example.com"),
    ],
)
def test_a_name_is_kept_as_it_stands_in_a_url(given: str, host: str) -> None:
    assert read_host(given) == host


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("https://go.shop.vn", "is an address, no host name"),
        ("go.shop.vn/x", "is an address, no host name"),
        ("ada@shop.vn", "is an address, no host name"),
        ("go.shop.vn:8443", "has a port"),
        ("192.0.2.7", "is an IP address"),
        ("192.0.2.7:80", "is an IP address"),
        ("[2001:db8::1]", "is an IP address"),
        ("2001:db8::1", "is an IP address"),
        ("localhost", "is no whole host name"),
        ("", "is no host name"),
        ("go..vn", "is no host name"),
        ("-go.shop.vn", "is no host name"),
        ("go_1.shop.vn", "is no host name"),
        ("go shop.vn", "is no host name"),
        ("1.2.3", "is no host name"),
        ("go.shop.vn\n.x", "is no host name"),
        ("a" * 64 + ".vn", "is no host name"),
        (".".join(["a" * 60] * 5), "is no host name"),
    ],
)
def test_anything_else_is_refused_in_words(given: str, problem: str) -> None:
    with pytest.raises(FieldError) as refused:
        read_host(given)

    assert (refused.value.field, refused.value.problem) == ("host", problem)
    assert refused.value.mend == "Write the name alone, such as go.example.com."


def test_a_port_is_for_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_settings(), "webhook_private_targets", True)

    assert read_host("localhost:8001") == "localhost:8001"
    with pytest.raises(FieldError, match="has a port"):
        read_host("localhost:0")


@pytest.mark.parametrize(
    ("setting", "value", "problem"),
    [
        ("public_url", "https://texts.shop.vn", "is where the pages of this installation are"),
        ("allowed_hosts", ["Texts.shop.vn"], "is where the pages of this installation are"),
        ("link_url", "https://texts.shop.vn/", "is the link domain of the whole installation"),
    ],
)
def test_the_installations_own_names_are_not_for_workspaces(
    setting: str, value: object, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_settings(), setting, value)

    with pytest.raises(FieldError, match=problem):
        read_host("texts.shop.vn")
