"""Proofs of what was decided at hand-off: signed, checked with no store, and found if changed."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from django.db import ProgrammingError, connection, transaction

from builders import grant_consent, make_contact, make_workspace
from proofs import NOON, PLACE, facts_of_gate, note_many, store, store_rows, terms_of_gate
from textwell.accounts.models import Workspace
from textwell.accounts.signing import replace_signing_key
from textwell.cli import proof as command_line
from textwell.cli import signing_key
from textwell.core.merkle import climb, digest_text, hash_leaf, make_levels, path_of
from textwell.core.models import SigningKey
from textwell.core.seal import Unsealable
from textwell.core.settings import load_settings
from textwell.core.signatures import encode
from textwell.core.signing import list_public_keys
from textwell.messaging import proving
from textwell.messaging.gate import Facts, decide
from textwell.messaging.law import Place, judge_caps, judge_hours
from textwell.messaging.models import ProofBlock
from textwell.messaging.proof.collecting import COLUMNS, Collector, Seen
from textwell.messaging.proof.form import (
    GivenKey,
    Proof,
    check_line,
    number_hash,
    read_keys,
    write_proof,
)
from textwell.messaging.proof.judged import Rejudged, facts_of, judged_of, rejudge, withdrawn_of
from textwell.messaging.proving import forget_old_proofs, proofs_between, sign_proofs
from wide import WIDE

pytestmark = pytest.mark.django_db

MANY = 10_000 if WIDE else 2_000


def keys_of(workspace: Workspace) -> dict[str, GivenKey]:
    return {key.key_id: GivenKey(key.value) for key in list_public_keys(workspace.id)}


def proofs_of(workspace: Workspace, count: int, **values: int) -> list[bytes]:
    store(note_many(count, workspace_id=workspace.id, **values))
    return list(proofs_between(workspace.id, 1, count))


def test_every_genuine_proof_is_accepted_and_judged_the_same(workspace: Workspace) -> None:
    lines, keys = proofs_of(workspace, MANY), keys_of(workspace)

    checked = [check_line(line, keys) for line in lines]

    assert [each.problem for each in checked if each.problem] == []
    assert [each.message_id for each in checked] == list(range(1, MANY + 1))
    assert {each.rejudged for each in checked} == {Rejudged.SAME}
    assert max(map(len, lines)) < 1_475


def test_every_proof_with_one_changed_octet_is_rejected(workspace: Workspace) -> None:
    lines = proofs_of(workspace, MANY)
    keys = keys_of(workspace)
    chance = random.Random(11)

    accepted = []
    for line in lines:
        place = chance.randrange(len(line))
        other = bytes([chance.choice([octet for octet in range(256) if octet != line[place]])])
        changed = line[:place] + other + line[place + 1 :]
        if check_line(changed, keys).is_genuine:
            accepted.append(changed)

    assert accepted == []


def some_of_each_kind(workspace: Workspace) -> Iterator[bytes]:
    """Of texts that went, waited with what law had counted, and were withdrawn; with and without its key."""
    collector = note_many(1, workspace_id=workspace.id)
    late = facts_of_gate(
        at=NOON + timedelta(hours=11), law_reason=HOLD.reason, lawful_at=HOLD.lawful_at
    )
    collector.note(
        workspace.id, Seen(terms_of_gate(), late), message_id=2, msisdn="+33600000001", text=None,
        consent_event_id=None, place=PLACE, handed=[NOON, NOON - timedelta(hours=3)],
    )  # fmt: skip
    judged = withdrawn_of(terms_of_gate(layer=""), NOON, "skipped", "opted_out", "")
    collector.note_withdrawn(workspace.id, message_id=3, msisdn="+33600000002", judged=judged)
    store(collector)
    yield from proofs_between(workspace.id, 1, 3)
    yield from proofs_between(workspace.id, 1, 1, with_keys=True)


def test_each_octet_of_a_proof_counts(workspace: Workspace) -> None:
    keys = keys_of(workspace)

    for line in some_of_each_kind(workspace):
        assert check_line(line, keys).is_genuine
        for place in range(len(line)):
            before, octet, after = line[:place], line[place], line[place + 1 :]
            for other in (b"", bytes([octet, octet]), bytes([octet ^ 1]), bytes([octet ^ 32])):
                changed = before + other + after
                assert not check_line(changed, keys).is_genuine, changed


@pytest.mark.parametrize("count", [1, 2, 3, 5, 31, 32])
def test_each_leaf_leads_to_the_root_and_no_other_place_does(count: int) -> None:
    leaves = [hash_leaf(str(number).encode()) for number in range(count)]
    levels = make_levels(leaves)

    for index, leaf in enumerate(leaves):
        path = path_of(levels, index)
        assert climb(leaf, path) == levels[-1][0]
        assert climb(hash_leaf(b"other"), path) != levels[-1][0]


def test_a_proof_says_whom_what_by_which_consent_and_under_which_law(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, has_consent=False)
    event = grant_consent(contact=contact)
    (line,) = proofs_of(workspace, 1, event_id=event.id)

    proof = msgspec.json.decode(line, type=Proof)

    block = ProofBlock.objects.get()
    assert proof.leaf.to == number_hash(block.keys, "+33600000000")
    assert proof.leaf.key == digest_text(block.keys.encode())
    assert proof.leaf.text == digest_text(b"Fresh bread, number 0")
    assert (proof.leaf.consent, len(proof.leaf.consent_hash)) == (event.id, 43)
    assert proof.judged.packs == ["FR@2026-11-01"]
    assert proof.judged.local == {"Europe/Paris": "thu 13:00"}
    assert proof.judged.hours == ["FR:hours", "FR:hours_recommended", "FR:holidays"]
    assert proof.judged.facts == {
        "needs_consent": True, "is_granted": True, "has_consent_record": True,
        "workspace_cap_count": 4,
    }  # fmt: skip
    assert (proof.judged.verdict, proof.judged.sender) == ("allow", "BAKERY")


def test_another_consent_text_gives_another_hash(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, has_consent=False)
    leaf = f"1,,,{grant_consent(contact=contact).id},0,,,"
    hashes = proving._consent_hashes([proving._lines(leaf)])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consent_consentevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE consent_consentevent SET wording = 'Other words.'")

    assert proving._consent_hashes([proving._lines(leaf)]) != hashes


def test_another_key_or_none_rejects_and_a_replaced_one_stays_good(workspace: Workspace) -> None:
    (line,) = proofs_of(workspace, 1)
    replace_signing_key(workspace=workspace, actor="system")

    others = keys_of(make_workspace(name="Other"))
    assert check_line(line, keys_of(workspace)).is_genuine
    assert check_line(line, others).problem.startswith("no public key")
    (key_id,) = {key for key in keys_of(workspace) if key.encode() in line}
    forged = {key_id: next(iter(others.values()))}
    assert check_line(line, forged).problem == "the signature is not that of the key"


def test_a_part_of_one_proof_does_not_fit_another(workspace: Workspace) -> None:
    first, *_rest, last = (
        msgspec.json.decode(line, type=Proof) for line in proofs_of(workspace, 64)
    )

    for swapped in (
        Proof(first.head, last.leaf, last.judged, last.path, last.signature),
        Proof(first.head, last.leaf, last.judged, first.path, first.signature),
        Proof(last.head, first.leaf, first.judged, first.path, first.signature),
    ):
        assert not check_line(write_proof(swapped), keys_of(workspace)).is_genuine


HOLD = judge_hours(PLACE, NOON + timedelta(hours=11), "recommended")


@pytest.mark.parametrize(
    "facts",
    [
        facts_of_gate(),
        facts_of_gate(is_granted=False),
        facts_of_gate(suppression="opted_out"),
        facts_of_gate(workspace_recent_count=4),
        facts_of_gate(is_known=None),
        facts_of_gate(expires_at=NOON - timedelta(minutes=1)),
        facts_of_gate(
            at=NOON + timedelta(hours=11), law_reason=HOLD.reason, lawful_at=HOLD.lawful_at
        ),
    ],
)
def test_what_is_kept_gives_the_same_facts_and_verdict(facts: Facts) -> None:
    judged = judged_of(terms_of_gate(), facts, place=PLACE)

    assert facts_of(judged) == facts
    assert (judged.verdict, judged.reason) == (decide(facts).verdict, decide(facts).reason)
    assert rejudge(judged) is Rejudged.SAME


def test_what_a_cap_of_law_counted_is_kept_and_counted_again() -> None:
    place, at = Place("CO", "", ""), datetime(2026, 11, 26, 17, tzinfo=UTC)
    handed = tuple(at - timedelta(hours=hours) for hours in range(1, 6))
    law = judge_caps(place, at, "recommended", handed)
    facts = facts_of_gate(at=at, law_reason=law.reason, lawful_at=law.lawful_at)
    judged = judged_of(terms_of_gate(), facts, place=place, handed=handed)

    assert (judged.reason, len(judged.handed)) == ("legal_cap", 5)
    assert rejudge(judged) is Rejudged.SAME
    assert rejudge(msgspec.structs.replace(judged, handed=[])) is Rejudged.OTHER


def test_a_verdict_that_the_facts_do_not_bear_is_seen() -> None:
    judged = judged_of(terms_of_gate(), facts_of_gate(), place=PLACE)

    changes = [
        {"facts": {**judged.facts, "is_granted": False}},
        {"verdict": "hold"},
        {"at": "2026-11-26T23:30:00Z"},  # no text at that hour
        {"local": {"Europe/Paris": "thu 12:00"}},
        {"facts": {"no_such_fact": True}},
    ]
    for change in changes:
        assert rejudge(msgspec.structs.replace(judged, **change)) is Rejudged.OTHER
    older = msgspec.structs.replace(judged, packs=["FR@2020-01-01"])
    assert rejudge(older) is Rejudged.PACKS_UNKNOWN


def test_what_no_hours_hold_for_is_judged_without_them() -> None:
    judged = judged_of(terms_of_gate(layer=""), facts_of_gate(needs_consent=False))

    assert (judged.packs, judged.local, rejudge(judged)) == ([], {}, Rejudged.SAME)


def test_a_place_without_a_pack_is_proven_as_well() -> None:
    facts = facts_of_gate(law_reason="no_pack")
    judged = judged_of(terms_of_gate(), facts, place=Place("KP", "", ""))

    assert (judged.verdict, judged.reason, judged.packs) == ("skip", "no_pack", [])
    assert rejudge(judged) is Rejudged.SAME


def test_signing_is_done_once_and_the_database_refuses_a_change(workspace: Workspace) -> None:
    store(note_many(40, workspace_id=workspace.id))

    assert (sign_proofs(), sign_proofs()) == (2, 0)

    for change in ({"leaves": ""}, {"key_id": "other"}, {"signature": b""}):
        with pytest.raises(ProgrammingError, match="signed once"), transaction.atomic():
            ProofBlock.objects.update(**change)


def test_a_workspace_gets_its_own_proofs_alone(workspace: Workspace) -> None:
    other = make_workspace(name="Other")
    store(note_many(3, workspace_id=workspace.id))
    store(note_many(2, workspace_id=other.id))

    assert len(list(proofs_between(other.id, 1, 9))) == 2
    assert len(list(proofs_between(workspace.id, 2, 2))) == 1


def test_old_proofs_are_forgotten_unless_all_are_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(note_many(1, workspace_id=workspace.id))
    for days, left in ((0, 1), (36_500, 1), (1, 0)):
        conf = load_settings().model_copy(update={"proof_days": days})
        monkeypatch.setattr(proving, "load_settings", lambda conf=conf: conf)
        forget_old_proofs()
        assert ProofBlock.objects.count() == left


def verify(folder: Path, lines: list[bytes]) -> Result:
    (folder / "keys").write_text(CliRunner().invoke(signing_key.command, ["public"]).output)
    (folder / "proofs.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    arguments = ["verify", str(folder / "proofs.jsonl"), "--key", str(folder / "keys")]
    return CliRunner().invoke(command_line.command, arguments)


def test_what_the_command_exports_it_verifies(workspace: Workspace, tmp_path: Path) -> None:
    store(note_many(3, workspace_id=workspace.id))
    shown = CliRunner().invoke(command_line.command, ["export", "--message", "2"])
    line = shown.stdout_bytes.removesuffix(b"\n")

    good = verify(tmp_path, [line])
    bad = verify(tmp_path, [line, line.replace(b"BAKERY", b"CAKERY")])

    assert good.exit_code == 0
    assert good.stdout == (
        "1 genuine, 0 not. Judged once more: 1 the same, 0 otherwise,"
        " 0 under versions of packs that are not here, 0 withdrawn at the last look.\n"
    )
    assert (bad.exit_code, bad.stderr) == (1, "line 2: what was judged has changed\n")


def test_the_latest_look_is_found_before_it_is_signed(workspace: Workspace) -> None:
    store(note_many(40, workspace_id=workspace.id))

    found = proving.find_latest(workspace.id, 35)

    assert found is not None
    assert found.judged is not None
    assert (found.judged.verdict, found.judged.packs) == ("allow", ["FR@2026-11-01"])
    assert proving.find_latest(workspace.id, 41) is None
    assert proving.find_latest(workspace.id + 1, 35) is None


def test_the_number_of_a_proof_cannot_be_tried_out_without_its_key(workspace: Workspace) -> None:
    (line,) = proofs_of(workspace, 1)
    (full,) = proofs_between(workspace.id, 1, 1, with_keys=True)

    proof = msgspec.json.decode(full, type=Proof)
    known = [msgspec.json.decode(line, type=Proof).head.nonce, "", *line.decode().split('"')]
    assert proof.leaf.to not in {number_hash(word, "+33600000000") for word in known}
    assert number_hash(proof.key, "+33600000000") == proof.leaf.to
    assert proof.key.encode() not in line
    assert check_line(full, keys_of(workspace)).is_genuine
    other = full.replace(proof.key.encode(), b"A" * 24)
    assert check_line(other, keys_of(workspace)).problem == "the key of the number has changed"


def test_a_record_of_another_version_is_handed_out_and_shown_as_such(workspace: Workspace) -> None:
    (block,) = note_many(2, workspace_id=workspace.id).take()
    row = dict(zip(COLUMNS, block.row(), strict=True))
    row["records"] = row["records"].replace('"gateway":3', '"gate":3')
    store_rows([tuple(row.values())])

    found = proving.find_latest(workspace.id, 1)
    (line,) = proofs_between(workspace.id, 1, 1)

    assert found == proving.Latest(None)
    assert b'"gate":3' in line
    assert check_line(line, keys_of(workspace)).problem == "it is no proof"


def test_a_proof_of_an_unknown_version_says_so(workspace: Workspace) -> None:
    (line,) = proofs_of(workspace, 1)

    later = line.replace(b'{"v":1,', b'{"v":9,').replace(b'"judged":{', b'"judged":{"more":1,')
    assert check_line(later, {}).problem == "version 9 is unknown here"


def test_a_key_that_cannot_be_opened_stops_no_other_workspace(workspace: Workspace) -> None:
    broken = make_workspace(name="Broken")
    list_public_keys(broken.id)
    SigningKey.objects.filter(workspace_id=broken.id).update(sealed_key="not sealed by us")
    store(note_many(2, workspace_id=broken.id))
    store(note_many(2, workspace_id=workspace.id))

    assert sign_proofs() == 1

    assert ProofBlock.objects.get(signature=None).workspace_id == broken.id
    with pytest.raises(Unsealable):
        proofs_between(broken.id, 1, 2)


def test_places_of_one_minute_share_what_was_judged() -> None:
    collector, seen = Collector(), Seen(terms_of_gate(), facts_of_gate())
    for number in range(32):
        collector.note(
            1, seen, message_id=number, msisdn=f"+1{number}", text="Hi", consent_event_id=1,
            handed=[NOON - timedelta(minutes=number)],
            place=Place("US", ("+1212", "+1213", "+1312", "+1718")[number % 4], ""),
        )  # fmt: skip

    (block,) = collector.take()

    assert len(block.record_texts) == 1
    assert len(block.grounds) == 3  # of New York twice
    assert sum(map(len, block.row())) < 32 * 260


def test_all_old_proofs_are_forgotten_in_one_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "_FORGOTTEN_AT_ONCE", 2)
    conf = load_settings().model_copy(update={"proof_days": 1})
    monkeypatch.setattr(proving, "load_settings", lambda: conf)
    store(note_many(32 * 5, workspace_id=workspace.id))

    assert forget_old_proofs() == 5


def test_a_list_of_keys_with_another_id_or_another_time_is_refused(workspace: Workspace) -> None:
    (line,) = proofs_of(workspace, 1)
    (key_id, key), *_ = keys_of(workspace).items()
    written = f"{key_id} {encode(key.value)}"

    for times, problem in (
        ("", ""),
        (" 2026-01-01T00:00:00Z -", ""),
        (" 2126-01-01T00:00:00Z -", "the key was not in use when this was signed"),
        (
            " 2025-01-01T00:00:00Z 2026-01-01T00:00:00Z",
            "the key was not in use when this was signed",
        ),
    ):
        assert check_line(line, read_keys(written + times)).problem == problem
    with pytest.raises(ValueError, match="is not the id of its key"):
        read_keys(f"{'0' * 16} {encode(key.value)} 2026-01-01T00:00:00Z -")


def test_what_a_last_look_withdrew_has_that_as_its_latest_proof(workspace: Workspace) -> None:
    collector = note_many(1, workspace_id=workspace.id)
    judged = withdrawn_of(terms_of_gate(layer=""), NOON, "skipped", "opted_out", "")
    for message_id in (1, 2):
        collector.note_withdrawn(
            workspace.id, message_id=message_id, msisdn="+33600000000", judged=judged
        )
    store(collector)

    lines = list(proofs_between(workspace.id, 1, 1))

    checked = [check_line(line, keys_of(workspace)) for line in lines]
    assert [each.rejudged for each in checked] == [Rejudged.SAME, Rejudged.WITHDRAWN]
    assert proving.find_latest(workspace.id, 1) == proving.Latest(judged)
    assert (judged.verdict, judged.reason) == ("skip", "opted_out")
