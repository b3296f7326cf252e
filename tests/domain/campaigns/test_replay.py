"""A campaign's inputs as a file: the same audience, texts, links and times come of them anywhere."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from builders import make_campaign, make_contact, make_gateway, make_member
from domain.campaigns.test_planning import launch_campaign, run_job
from domain.messaging.handing import prepare_waiting
from proofs import store
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.models import Campaign
from textwell.campaigns.replay.exporting import Exported
from textwell.campaigns.replay.form import Damaged, Person, read_file
from textwell.campaigns.replay.holdout import hash_extended, is_held_out
from textwell.campaigns.replay.replaying import Replay, replay
from textwell.cli import campaigns as command_line
from textwell.compliance.library import FOLDER, use_own_packs
from textwell.contacts.models import Contact, FieldDefinition
from textwell.messaging.models import OwnPack
from textwell.messaging.proof.collecting import Collector
from wide import WIDE

pytestmark = pytest.mark.django_db

EVENING = datetime(
    2030, 6, 4, 17, 30, tzinfo=UTC
)  # 19:30 in Paris, 00:30 in Hanoi, 13:30 in New York
HELD_OUT_BY_IDS = 9_000_000  # of the campaign and its people: the same are held out each time
SECRET = "Quixotl"
PLACES = (
    ("FR", "+3361234{:04d}", ""),
    ("FR", "+26269212{:04d}", "Indian/Reunion"),  # late there: it waits for the morning
    ("VN", "+8490123{:04d}", ""),  # the sender is not registered there
    ("LU", "+352621{:06d}", ""),  # no rule pack
)


def some_people(workspace: Workspace) -> None:
    """Who gets it now, later, in another language, and who is left out."""
    FieldDefinition.objects.create(workspace_id=workspace.id, name="points", kind="text")
    for nth in range(12):
        country, number, zone = PLACES[nth % 4]
        make_contact(
            workspace=workspace, id=HELD_OUT_BY_IDS + nth, zone=zone,
            country=country, msisdn=number.format(100 + nth),
            first_name=("Hoa", "", SECRET)[nth % 3], language=("en", "vi")[nth // 2 % 2],
            fields={"points": str(nth)}, has_consent=nth != 7,
        )  # fmt: skip


@pytest.fixture
def campaign(workspace: Workspace, time_machine: Any) -> Campaign:
    """Planned in the evening; who may have it then was judged at the hand-off."""
    time_machine.move_to(EVENING, tick=False)
    some_people(workspace)
    made = make_campaign(
        workspace=workspace, gateway=make_gateway(workspace=workspace, provider="smpp"),
        id=HELD_OUT_BY_IDS,
        body="Hi {{ first_name }}, {{ points }} points: {{ link }}", holdout_percent=25,
        fallbacks={"first_name": "friend", "points": "0"}, links=[{"url": "https://lotus.example/"}],
        utm={"utm_source": "sms"}, versions=[{"language": "vi", "body": "Chào {{ first_name }}: {{ link }}"}],
    )  # fmt: skip
    run_job(launch_campaign(campaign=made, actor="user:1"))
    made.refresh_from_db()
    hand_off(workspace)
    return made


def hand_off(workspace: Workspace, at: datetime = EVENING) -> None:
    proofs = Collector()
    prepare_waiting(workspace, at, proofs=proofs)
    store(proofs)


def export(workspace: Workspace, campaign: Campaign, file: Path, **values: str) -> Result:
    owner = make_member(workspace=workspace, role=values.get("role", "owner"))
    return CliRunner().invoke(
        command_line.command,
        [
            "export",
            "--campaign",
            str(campaign.id),
            "--by",
            owner.email,
            "--to",
            str(file),
            "--reason",
            values.get("reason", "Audit of June"),
        ],
    )


def read(file: Path) -> Replay:
    with file.open("rb") as opened:
        return replay(opened)


def test_the_same_comes_of_the_file_with_no_database(
    workspace: Workspace, campaign: Campaign, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    file = tmp_path / "inputs.jsonl"
    written = export(workspace, campaign, file)

    with django_assert_num_queries(0):
        shown = CliRunner().invoke(command_line.command, ["replay", str(file)])

    octets = file.read_bytes()
    assert written.output == f"12 people. SHA-256 {sha256(octets).hexdigest()}\n"
    assert shown.output.splitlines()[0].startswith(f"Campaign {campaign.id} of workspace")
    assert [line[:15] for line in shown.output.splitlines()[1:]] == [
        "same  audience ", "same  texts    ", "same  links    ", "same  times    ",
    ]  # fmt: skip
    assert shown.exit_code == 0
    people = [
        each for each in read_file(octets.splitlines(keepends=True)) if isinstance(each, Person)
    ]
    assert Counter((each.made.verdict, each.made.reason) for each in people) == {
        ("allow", ""): 3,
        ("hold", "quiet_hours"): 2,
        ("skip", "holdout"): 1,
        ("skip", "no_consent"): 1,
        ("skip", "no_pack"): 2,
        ("skip", "sender_unregistered"): 3,
    }
    assert sum(each.noted for each in people) == 5
    assert b"+33" not in octets
    entry = AuditEntry.objects.get(action="campaigns.inputs_exported")
    assert (entry.subject, entry.reason) == (f"campaign:{campaign.id}", "Audit of June")
    assert entry.data == {"after": {"people": 12}}
    all_octets_count(octets)


def test_a_pack_that_was_taken_back_before_holds_for_nobody_in_the_file(
    workspace: Workspace, campaign: Campaign, tmp_path: Path
) -> None:
    text = (FOLDER / "FR" / "2026-11-01.toml").read_text()
    OwnPack.objects.create(
        version="FR@2030-01-01", actor="system", withdrawn_at=EVENING - timedelta(days=3),
        content=text.replace("effective_from = 2026-11-01", "effective_from = 2030-01-01"),
    )  # fmt: skip
    file = tmp_path / "inputs.jsonl"
    export(workspace, campaign, file)

    try:
        found = read(file)
    finally:
        use_own_packs([])

    assert (found.is_same, found.differences) == (True, {})


def test_the_file_is_for_its_owner_alone_and_nothing_half_done_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_args: object) -> Iterator[bytes]:
        yield b"names\n"
        raise KeyboardInterrupt

    file = tmp_path / "inputs.jsonl"
    (tmp_path / "inputs.jsonl.part").touch(mode=0o644)
    monkeypatch.setattr("textwell.campaigns.replay.exporting.export_inputs", stopped)
    with pytest.raises(KeyboardInterrupt):
        command_line._write(Campaign(), file, Exported())
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "inputs.jsonl.part").touch(mode=0o644)
    monkeypatch.setattr(
        "textwell.campaigns.replay.exporting.export_inputs", lambda *_args: iter([b"names\n"])
    )
    command_line._write(Campaign(), file, Exported())
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"names\n", 0o600)
    assert list(tmp_path.iterdir()) == [file]


def all_octets_count(octets: bytes) -> None:
    """Of the last people and the end each one; of what is before, packs for the most part, some."""
    lines = octets.splitlines(keepends=True)
    start = len(octets) - len(b"".join(lines[-3:]))
    *_others, foot = read_file(lines)

    for place in [*range(0, start, 9_973), *range(start, len(octets) - 1)]:
        changed = octets[:place] + bytes([octets[place] ^ 1]) + octets[place + 1 :]
        try:
            *_others, other = read_file(changed.splitlines(keepends=True))
        except Damaged:
            continue
        assert other != foot, changed[place - 20 : place + 20]
    with pytest.raises(Damaged):
        list(read_file(lines[:-1]))


def test_it_is_told_what_changed_since_what_differs_and_who_may_not(
    workspace: Workspace, campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "inputs.jsonl"
    refused = export(workspace, campaign, file, role="reader")
    unsaid = export(workspace, campaign, file, reason=" ")
    assert (refused.exit_code, unsaid.exit_code, file.exists()) == (2, 2, False)
    assert AuditEntry.objects.filter(action="campaigns.inputs_exported").count() == 0

    Contact.objects.update(first_name="Somebody else")
    written = export(workspace, campaign, file)

    found = read(file)
    assert (found.is_same, found.stored_differ) == (True, 3)
    assert "Of 3 the ledger has something else" in written.output
    monkeypatch.setattr("textwell.campaigns.replay.replaying.is_held_out", lambda *_args: False)
    shown = CliRunner().invoke(command_line.command, ["replay", str(file)])
    assert shown.exit_code == 1
    assert shown.output.splitlines()[1].startswith("OTHER audience ")
    assert "first difference of audience: message " in shown.output


BODIES = (
    "Fresh bread today at {{ link }}",
    "Hi {{ first_name }}, {{ points }} points: {{ link }} and {{ link_2 }}",
    "{% if points > '5' %}Gold{% else %}Silver{% endif %} for {{ first_name | upcase }}: {{ link_2 }}",
    "Bánh mì nóng cho {{ first_name }} – “hôm nay”",
)


@pytest.mark.skipif(not WIDE, reason="fifty campaigns take half a minute")
def test_fifty_campaigns_come_out_the_same(
    workspace: Workspace, tmp_path: Path, time_machine: Any
) -> None:
    chance = random.Random(50)
    time_machine.move_to(EVENING, tick=False)
    some_people(workspace)
    gateway = make_gateway(workspace=workspace, provider="smpp")
    for number in range(50):
        at = EVENING + timedelta(hours=number * 7)
        time_machine.move_to(at, tick=False)
        made = make_campaign(
            workspace=workspace, gateway=gateway, body=chance.choice(BODIES),
            holdout_percent=chance.choice((0, 10, 50)), unaccent=chance.random() < 0.5,
            replace_characters=chance.random() < 0.5, utm={"utm_id": f"{number} {{{{ campaign }}}}"},
            fallbacks={"first_name": "friend", "points": "0"},
            links=[{"url": f"https://lotus.example/{number}?a=b"}, {"url": "https://lotus.example/é"}],
        )  # fmt: skip
        run_job(launch_campaign(campaign=made, actor="user:1"))
        if number % 3:
            hand_off(workspace, at)
        file = tmp_path / f"{number}.jsonl"
        made.refresh_from_db()
        told = export(workspace, made, file).output

        found = read(file)

        assert (found.is_same, found.stored_differ, "something else" in told) == (True, 0, False), (
            number
        )


def test_the_same_people_are_held_out_as_postgresql_says() -> None:
    chance = random.Random(7)
    pairs = [(chance.randrange(-(2**63), 2**63), chance.randrange(2**63)) for _ in range(500)]
    pairs += [(number, seed) for number in (0, 1, 7_000_000) for seed in (0, 1, 12)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hashint8extended(v, s), abs(hashint8extended(v, s) %% 100) < 30"
            " FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS t (v, s, n) ORDER BY n",
            [[value for value, _seed in pairs], [seed for _value, seed in pairs]],
        )
        told = cursor.fetchall()

    assert [
        (hash_extended(*pair) - told_hash) % 2**64
        for pair, (told_hash, _) in zip(pairs, told, strict=True)
    ] == [0] * len(pairs)
    assert [is_held_out(*pair, 30) for pair in pairs] == [is_out for _hash, is_out in told]
