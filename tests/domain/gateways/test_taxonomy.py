from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.gateways.failures import FACTS, FailureClass, Mender
from textwell.gateways.providers.simulator.script import DEMO
from textwell.gateways.taxonomy import classify, describe_failure
from textwell.smpp.commands import Status


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("ESME_RINVDSTADR", "invalid_number"),
        ("ESME_RINVSRCADR", "sender_not_allowed"),
        ("ESME_RTHROTTLED", "throttled"),
        ("ESME_RINVPASWD", "wrong_credentials"),
        ("ESME_RSYSERR", "carrier_fault"),
        ("UNDELIV:001", "unallocated_number"),
        ("UNDELIV:6", "absent_subscriber"),
        ("undeliv:027", "handset_off"),
        ("UNDELIV:211", "memory_full"),
        ("EXPIRED:000", "expired"),
        ("REJECTD:000", "blocked_by_carrier"),
        ("DELETED:000", "canceled_at_carrier"),
        ("UNDELIV:DND", "blocked_by_person"),
        ("UNDELIV:SPAM", "spam_filtered"),
        ("FAILED_NO_CREDIT:000", "no_credit"),
        ("UNDELIV:000", "unknown"),
        ("0x00000777", "unknown"),
    ],
)
def test_codes_of_smpp_have_their_class(code: str, failure: str) -> None:
    assert classify("smpp", code) == failure


def test_a_provider_that_is_gone_leaves_its_codes_unknown() -> None:
    assert classify("pigeon", "UNDELIV:001") is FailureClass.UNKNOWN


def test_every_class_says_cause_mend_and_who() -> None:
    assert set(FACTS) == set(FailureClass)
    for failure, facts in FACTS.items():
        assert facts.failure is failure
        assert str(facts.cause).endswith(".")
        assert str(facts.mend).endswith((".", "again."))
        assert facts.who_mends in set(Mender)


def test_most_statuses_of_a_submit_have_a_class() -> None:
    # Of query, cancel, replace, submit_multi, distribution lists and broadcast: no submit's.
    others = (
        "QUERY CANCEL REPLACE NUMDEST DLNAME DESTFLAG SUBREP CNTSUBDL NUMMSGS BCAST BCST "
        "ROK MSGID UNKNOWNERR"
    )
    told = [s for s in Status if not any(word in s.name for word in others.split())]
    unknown = [s.name for s in told if classify("smpp", s.name) is FailureClass.UNKNOWN]
    assert unknown == []


def test_what_the_simulator_says_is_understood_but_for_one_code() -> None:
    failures = [f for operator in DEMO.operators for f in operator.failures]
    codes = {f"0x{f.status:08X}" if f.status > 255 else f"{f.stat}:{f.err}" for f in failures}
    unknown = {code for code in codes if classify("simulator", code) is FailureClass.UNKNOWN}
    assert unknown <= {"UNDELIV:999", "UNDELIV:000"}


@given(st.text(max_size=50))
def test_no_code_breaks_it(code: str) -> None:
    assert describe_failure(classify("smpp", code)).failure in FailureClass


def test_a_word_that_is_no_class_reads_as_unknown() -> None:
    assert describe_failure("nonsense").failure is FailureClass.UNKNOWN
