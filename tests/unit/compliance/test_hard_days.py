"""The calendar of hard days: holidays, clocks put forward, two countries at once, law that changes.

Each line is a message at a moment; the answer was worked out by hand.
"""

import json
from datetime import datetime
from pathlib import Path

import pytest

from textwell.compliance.cases import read_case
from textwell.compliance.engine import decide
from textwell.compliance.library import FOLDER, Library

PARIS = {"country": "FR", "zones": ["Europe/Paris"]}
ALSACE = {"country": "FR", "subdivision": "FR-6AE"}
FLORIDA = {"country": "US", "subdivision": "US-FL", "zones": ["America/New_York"]}
TEXAS = {"country": "US", "subdivision": "US-TX", "zones": ["America/Chicago"]}
NEW_YORK = {"country": "US", "subdivision": "US-NY"}
WRITTEN = {"kind": "express_written"}
THREE_SALES = [
    {"at": f"2026-11-04T{hour}:00:00-05:00", "class": "marketing", "subject": "sale"}
    for hour in ("08", "09", "10")
]

# What happens, the moment, whom, more of the case, the answer, until when.
DAYS = [
    ("FR: national holiday", "2026-07-14T12:00+02:00", PARIS, {}, "hold", "2026-07-15T06:00Z"),
    ("FR: holiday on a Sunday", "2026-11-01T12:00+01:00", PARIS, {}, "hold", "2026-11-02T07:00Z"),
    ("FR: Saturday at ten", "2026-11-07T22:00+01:00", PARIS, {}, "hold", "2026-11-09T07:00Z"),
    ("FR: a minute before ten", "2026-11-07T21:59:59+01:00", PARIS, {}, "allow", ""),
    ("FR: May Day on a Friday", "2026-05-01T10:00+02:00", PARIS, {}, "hold", "2026-05-02T06:00Z"),
    ("FR: Assumption on a Saturday", "2026-08-15T10:00+02:00", PARIS, {}, "hold", "2026-08-17T06:00Z"),
    ("FR: the Easter weekend", "2026-04-04T22:00+02:00", PARIS, {}, "hold", "2026-04-07T06:00Z"),
    ("FR: Good Friday", "2026-04-03T12:00+02:00", PARIS, {}, "allow", ""),
    ("Alsace: Good Friday", "2026-04-02T22:30+02:00", ALSACE, {}, "hold", "2026-04-04T06:00Z"),
    ("Alsace: second Christmas day", "2026-12-24T22:00+01:00", ALSACE, {}, "hold", "2026-12-28T07:00Z"),
    ("FR: the same Christmas", "2026-12-24T22:00+01:00", PARIS, {}, "hold", "2026-12-26T07:00Z"),
    ("FR: clocks go forward", "2026-03-29T00:00+01:00", PARIS, {}, "hold", "2026-03-30T06:00Z"),
    ("FR: clocks go back", "2026-10-25T00:00+02:00", PARIS, {}, "hold", "2026-10-26T07:00Z"),
    ("Guadeloupe: a code of its own", "2026-11-04T07:00-04:00", {"country": "GP"}, {}, "hold",
     "2026-11-04T12:00Z"),
    ("US: clocks go forward", "2026-03-08T01:30-05:00", NEW_YORK, {}, "hold", "2026-03-08T12:00Z"),
    ("US: clocks go back", "2026-11-01T01:30-04:00", NEW_YORK, {}, "hold", "2026-11-01T13:00Z"),
    ("US: no zone known, noon in New York", "2026-11-04T12:00-05:00", {"country": "US"}, {}, "hold",
     "2026-11-04T18:00Z"),
    ("US: the area code tells of Florida", "2026-11-04T20:30-05:00",
     {"country": "US", "number": "+13052001234", "zones": ["America/New_York"]}, {}, "hold",
     "2026-11-05T13:00Z"),
    ("Texas: Sunday morning", "2026-11-08T10:00-06:00", TEXAS, {}, "hold", "2026-11-08T18:00Z"),
    ("Texas: two zones", "2026-11-08T12:30-06:00", {"country": "US", "subdivision": "US-TX"}, {},
     "hold", "2026-11-08T19:00Z"),
    ("Rhode Island: Saturday at five", "2026-11-07T17:00-05:00",
     {"country": "US", "subdivision": "US-RI"}, {}, "hold", "2026-11-09T14:00Z"),
    ("Utah: Sunday, with express consent", "2026-11-08T12:00-07:00",
     {"country": "US", "subdivision": "US-UT"}, {}, "allow", ""),
    ("Pennsylvania: 3 July for the 4th, then the 4th", "2026-07-03T12:00-04:00",
     {"country": "US", "subdivision": "US-PA"}, {}, "hold", "2026-07-05T12:00Z"),
    ("Florida: a fourth sale in a day", "2026-11-04T12:00-05:00", FLORIDA,
     {"subject": "sale", "recent": THREE_SALES}, "hold", "2026-11-05T13:00Z"),
    ("Florida: another subject", "2026-11-04T12:00-05:00", FLORIDA,
     {"subject": "news", "recent": THREE_SALES}, "allow", ""),
    ("Florida: the subject is not told", "2026-11-04T12:00-05:00", FLORIDA,
     {"recent": THREE_SALES}, "hold", "2026-11-05T13:00Z"),
    ("CO: a second text in a day", "2026-11-04T12:00-05:00", {"country": "CO"},
     {"recent": ["2026-11-04T09:00-05:00"]}, "hold", "2026-11-05T12:00Z"),
    ("CO: All Saints moves to Monday", "2026-10-31T15:00-05:00", {"country": "CO"}, {}, "hold",
     "2026-11-03T12:00Z"),
    ("CO: the person asked for Sundays", "2026-11-08T12:00-05:00", {"country": "CO"},
     {"consent": {"kind": "express", "extras": {"hours": "sun 10:00-14:00"}}}, "allow", ""),
    ("ZA: Saturday at one", "2026-11-07T13:00+02:00", {"country": "ZA"}, {}, "hold",
     "2026-11-09T06:00Z"),
    ("ZA: Day of Reconciliation", "2026-12-16T12:00+02:00", {"country": "ZA"}, {}, "hold",
     "2026-12-17T06:00Z"),
    ("ZA: a Sunday holiday moves to Monday", "2027-03-21T12:00+02:00", {"country": "ZA"}, {}, "hold",
     "2027-03-23T06:00Z"),
    ("ZA: a Sunday agreed in writing", "2026-11-08T12:00+02:00", {"country": "ZA"},
     {"consent": {"kind": "express", "extras": {"hours": "sun 09:00-18:00"}}}, "allow", ""),
    ("EG: Friday", "2026-11-06T12:00+02:00", {"country": "EG"}, {}, "hold", "2026-11-08T07:00Z"),
    ("KR: nine in the evening", "2026-11-27T21:00+09:00", {"country": "KR"}, {}, "hold",
     "2026-11-27T23:00Z"),
    ("KR: the night, agreed to", "2026-11-27T23:00+09:00", {"country": "KR"},
     {"consent": {"kind": "express", "extras": {"night": True}}}, "allow", ""),
    ("KR: consent of a leap day, two years later", "2026-02-28T12:00+09:00", {"country": "KR"},
     {"consent": {"kind": "express", "given_at": "2024-02-29T12:00+09:00"}}, "skip", ""),
    ("KR: a minute before that", "2026-02-28T11:59+09:00", {"country": "KR"},
     {"consent": {"kind": "express", "given_at": "2024-02-29T12:00+09:00"}}, "allow", ""),
    ("TW: the midday pause", "2026-11-27T12:45+08:00", {"country": "TW"}, {}, "hold",
     "2026-11-27T05:30Z"),
    ("IN: nine in the evening", "2026-11-27T21:00+05:30", {"country": "IN"}, {}, "hold",
     "2026-11-28T04:30Z"),
    ("CN: Double 11, 20:45", "2026-11-11T20:45+08:00", {"country": "CN"}, {}, "allow", ""),
    ("CN: Double 11, 20:45, with care", "2026-11-11T20:45+08:00", {"country": "CN"},
     {"layer": "recommended"}, "hold", "2026-11-12T01:00Z"),
    ("CN: Double 11, 21:00", "2026-11-11T21:00+08:00", {"country": "CN"}, {}, "hold",
     "2026-11-12T00:00Z"),
    ("VN: Tet", "2027-02-06T12:00+07:00", {"country": "VN"}, {}, "allow", ""),
    ("VN: the leap day ends", "2028-02-29T23:00+07:00", {"country": "VN"}, {}, "hold",
     "2028-03-01T00:00Z"),
    ("VN: an invitation to whom is not listed", "2026-11-27T12:00+07:00", {"country": "VN"},
     {"class": "consent_request", "consent": {"kind": "none"}}, "allow", ""),
    ("VN: a second invitation", "2026-11-27T12:00+07:00", {"country": "VN"},
     {"class": "consent_request", "consent": {"kind": "none"},
      "recent": [{"at": "2025-01-01T12:00+07:00", "class": "consent_request"}]}, "skip", ""),
    ("VN: an advert from an ordinary number", "2026-11-27T12:00+07:00", {"country": "VN"},
     {"sender": {"kind": "modem", "value": "+84901234567"}}, "skip", ""),
    ("VN: a service text from an ordinary number", "2026-11-27T23:30+07:00", {"country": "VN"},
     {"class": "care", "consent": {"kind": "none"},
      "sender": {"kind": "modem", "value": "+84901234567"}}, "allow", ""),
    ("IT: New Year's Eve", "2026-12-31T22:00+01:00", {"country": "IT"}, {}, "hold",
     "2027-01-01T07:00Z"),
    ("NZ: clocks go forward, two zones", "2026-09-27T00:00+12:00", {"country": "NZ"},
     {"layer": "recommended"}, "hold", "2026-09-26T20:00Z"),
    ("FR address, GB number, 14 July", "2026-07-14T12:00+02:00",
     {"country": "FR", "number": "+447400123456"}, {}, "hold", "2026-07-15T07:00Z"),
    ("Rhode Island or Shanghai: no hour fits both", "2026-11-04T12:00-05:00",
     {"country": "US", "subdivision": "US-RI", "zones": ["America/New_York", "Asia/Shanghai"]}, {},
     "skip", ""),
    ("a sign-in code on a Sunday night", "2026-11-01T03:00+01:00", PARIS,
     {"class": "otp", "consent": {"kind": "none"}}, "allow", ""),
    ("a delivery notice on a Sunday night", "2026-11-01T03:00+01:00", PARIS,
     {"class": "transactional", "consent": {"kind": "none"}}, "allow", ""),
    ("opted out at this very second", "2026-11-04T12:00+01:00", PARIS,
     {"consent": {"kind": "express", "revoked_at": "2026-11-04T12:00+01:00"}}, "skip", ""),
    ("opted out a second later", "2026-11-04T12:00+01:00", PARIS,
     {"consent": {"kind": "express", "revoked_at": "2026-11-04T12:00:01+01:00"}}, "allow", ""),
    ("consent that is given tomorrow", "2026-11-04T12:00+01:00", PARIS,
     {"consent": {"kind": "express", "given_at": "2026-11-05T12:00+01:00"}}, "skip", ""),
    ("one confirmation of the opt-out", "2026-11-04T23:00+01:00", PARIS,
     {"class": "opt_out_confirmation", "consent": {"kind": "revoked"}}, "allow", ""),
    ("and no second", "2026-11-04T23:00+01:00", PARIS,
     {"class": "opt_out_confirmation", "consent": {"kind": "revoked"},
      "recent": [{"at": "2026-11-04T22:00+01:00", "class": "opt_out_confirmation"}]}, "skip", ""),
    ("a country without a pack", "2026-11-04T12:00+01:00", {"country": "LU"}, {}, "skip", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "recipient", "more", "verdict", "until"),
    [pytest.param(*day[1:], id=day[0]) for day in DAYS],
)
def test_a_hard_day(
    at: str, recipient: dict[str, object], more: dict[str, object], verdict: str, until: str
) -> None:
    case = {"at": at, "recipient": recipient, "class": "marketing", "consent": WRITTEN}

    decision = decide(read_case({**case, "layer": "legal", **more}))

    assert decision.verdict == verdict, decision
    assert decision.until == (datetime.fromisoformat(until) if until else None)


def test_the_law_changes_while_a_campaign_is_under_way(tmp_path: Path) -> None:
    """The version of the day of the hand-off holds: at 20:30 on 31 December, and a day later."""
    library = _with_shorter_evenings(tmp_path)
    case = {
        "recipient": PARIS, "class": "marketing", "consent": {"kind": "express"}, "layer": "legal",
    }  # fmt: skip

    before = decide(read_case({**case, "at": "2026-12-31T20:30+01:00"}), library)
    after = decide(read_case({**case, "at": "2027-01-02T20:30+01:00"}), library)

    assert before.verdict == "allow"
    assert (after.verdict, after.until) == ("hold", datetime.fromisoformat("2027-01-04T07:00Z"))


def _with_shorter_evenings(folder: Path) -> Library:
    """France as it is, and from 2027 on until 20:00 alone."""
    (folder / "FR").mkdir()
    text = (FOLDER / "FR" / "2026-11-01.toml").read_text(encoding="utf-8")
    (folder / "FR" / "2026-11-01.toml").write_text(text, encoding="utf-8")
    later = text.replace('"08:00-22:00"', '"08:00-20:00"').replace(
        "effective_from = 2026-11-01", "effective_from = 2027-01-01"
    )
    (folder / "FR" / "2027-01-01.toml").write_text(later, encoding="utf-8")
    return Library(folder)


def test_there_are_forty_and_more() -> None:
    assert len({json.dumps(day, default=str) for day in DAYS}) >= 40
