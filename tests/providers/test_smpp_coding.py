"""Plain texts leave in the GSM alphabet and are labelled so."""

from __future__ import annotations

import pytest

from textwell.core.errors import FieldError
from textwell.gateways.providers.smpp import PROVIDER
from textwell.gateways.providers.smpp.settings import DEFAULTS, SmppSettings

GIVEN = DEFAULTS | {"host": "smpp.example.com", "system_id": "x"}


@pytest.mark.parametrize("coding", [1, 3, 4, 8, 15, 20, 192, 244, 255])
def test_a_coding_of_another_alphabet_is_refused_and_an_old_one_is_sent_as_0(coding: int) -> None:
    with pytest.raises(FieldError, match="does not mean the GSM alphabet"):
        PROVIDER.check(GIVEN | {"data_coding": coding})
    assert SmppSettings.read(GIVEN | {"data_coding": coding}).data_coding == 0


@pytest.mark.parametrize("coding", [0, 16, 19, 240, 243])
def test_a_coding_of_the_gsm_alphabet_is_kept(coding: int) -> None:
    PROVIDER.check(GIVEN | {"data_coding": coding})
    assert SmppSettings.read(GIVEN | {"data_coding": coding}).data_coding == coding
