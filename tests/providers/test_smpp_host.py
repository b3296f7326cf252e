"""What may stand as the host of an SMPP gateway."""

import pytest

from textwell.core.errors import FieldError
from textwell.gateways.providers.smpp import PROVIDER
from textwell.gateways.providers.smpp.settings import DEFAULTS


@pytest.mark.parametrize(
    "host", ["smsc.example.com", "10.0.0.7", "::1", "smsc_1", "localhost.", "müller.example"]
)
def test_names_and_addresses_are_hosts(host: str) -> None:
    PROVIDER.check(DEFAULTS | {"host": host})


@pytest.mark.parametrize(
    "host", ["bad host!!", "smsc:2775", "smpp://x", "a..b", "-a.example", "a/b"]
)
def test_what_no_machine_can_be_called_is_refused(host: str) -> None:
    with pytest.raises(FieldError) as caught:
        PROVIDER.check(DEFAULTS | {"host": host})
    assert caught.value.field == "host"
