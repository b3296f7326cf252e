"""Proofs that name rule packs of the sender's own: verified with their files, and told which is missing."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from domain.messaging.test_own_packs import run as run_packs
from domain.messaging.test_own_packs import write_pack
from proofs import PLACE, facts_of_gate, note_many, store, terms_of_gate
from textwell.accounts.models import Workspace
from textwell.cli import proof as command_line
from textwell.cli import signing_key
from textwell.compliance.library import use_own_packs
from textwell.compliance.reading import read_pack
from textwell.messaging.models import OwnPack
from textwell.messaging.proof.judged import judged_of, missing_packs
from textwell.messaging.proof.verifying import Verification
from textwell.messaging.proving import proofs_between

pytestmark = pytest.mark.django_db
OURS = "2026-11-20"  # of the pack by which these texts are judged, on the 26th


@pytest.fixture
def _no_own_packs() -> Iterator[None]:
    yield
    use_own_packs([])


@pytest.fixture
def lines(workspace: Workspace, tmp_path: Path, _no_own_packs: None) -> list[bytes]:
    """Two proofs under a pack that ships, three under one of the sender's own."""
    store(note_many(2, workspace_id=workspace.id))
    use_own_packs([read_pack(write_pack(tmp_path / "ours", day=OURS))])
    store(note_many(3, workspace_id=workspace.id, first_id=3))
    use_own_packs([])
    return list(proofs_between(workspace.id, 1, 5))


def verify(folder: Path, lines: list[bytes], *options: str) -> Result:
    use_own_packs([])
    (folder / "keys").write_text(CliRunner().invoke(signing_key.command, ["public"]).output)
    (folder / "proofs.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    arguments = ["verify", str(folder / "proofs.jsonl"), "--key", str(folder / "keys"), *options]
    return CliRunner().invoke(command_line.command, arguments)


def test_a_pack_that_is_not_given_is_named_and_with_it_all_is_judged(
    lines: list[bytes], tmp_path: Path
) -> None:
    without = verify(tmp_path, lines)
    given = verify(tmp_path, lines, "--packs", str(tmp_path / "ours"))

    assert without.stdout.splitlines() == [
        (
            "5 genuine, 0 not. Judged once more: 2 the same, 0 otherwise,"
            " 3 under versions of packs that are not here, 0 withdrawn at the last look."
        ),
        f"Not here: FR@{OURS}, which 3 name. Give its file with --packs.",
    ]
    assert given.stdout.splitlines() == [
        (
            "5 genuine, 0 not. Judged once more: 5 the same, 0 otherwise,"
            " 0 under versions of packs that are not here, 0 withdrawn at the last look."
        ),
        (
            "2 name a version that another one here replaces on their day:"
            " they were judged by the one that they name."
        ),
    ]
    assert (without.exit_code, given.exit_code) == (0, 0)


def test_a_given_pack_that_says_otherwise_gives_another_verdict(
    lines: list[bytes], tmp_path: Path
) -> None:
    words = {
        '["10:00-13:00", "14:00-20:00"]': '["15:00-20:00"]',
        '["08:00-20:00"]': '["15:00-20:00"]',
    }
    text = write_pack(tmp_path / "others", day=OURS).read_text()
    for old, new in words.items():
        text = text.replace(old, new)
    (tmp_path / "others" / "FR" / f"{OURS}.toml").write_text(text)

    told = verify(tmp_path, lines, "--packs", str(tmp_path / "others"))

    assert told.exit_code == 1
    assert "Judged once more: 2 the same, 3 otherwise" in told.stdout
    assert told.stderr.splitlines() == [
        f"line {number}: another verdict comes out" for number in (3, 4, 5)
    ]


def test_a_folder_without_packs_or_with_a_broken_one_is_refused(
    lines: list[bytes], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    broken = write_pack(tmp_path / "broken", day=OURS)
    broken.write_text(broken.read_text().replace('kind = "hours"', 'kind = "our"', 1))

    empty = verify(tmp_path, lines, "--packs", str(tmp_path / "empty"))
    told = verify(tmp_path, lines, "--packs", str(tmp_path / "broken"))

    assert (empty.exit_code, told.exit_code) == (2, 2)
    assert "there is no pack in" in empty.stderr
    assert f"FR/{OURS}.toml, line" in told.stderr


def test_a_place_that_falls_under_more_packs_than_are_named_is_told(workspace: Workspace) -> None:
    judged = judged_of(terms_of_gate(), facts_of_gate(), place=PLACE)
    assert missing_packs(msgspec.structs.replace(judged, packs=["FR@2020-01-01"])) == [
        "FR@2020-01-01"
    ]
    found = Verification()

    found._leave(1, msgspec.structs.replace(judged, packs=["DE@2026-11-01"]))

    assert (list(found._judge_left()), found.unfit, found.replaced) == ([], 1, 0)


def test_packs_are_exported_as_they_were_put_in_force_and_verify_takes_the_folder(
    workspace: Workspace, lines: list[bytes], tmp_path: Path
) -> None:
    text = (tmp_path / "ours" / "FR" / f"{OURS}.toml").read_text()
    OwnPack.objects.create(version=f"FR@{OURS}", content=text, actor="system")

    shown = run_packs("export", "--to", str(tmp_path / "out"))
    unknown = run_packs("export", "XX@2020-01-01", "--to", str(tmp_path / "out"))

    digest = OwnPack.objects.get().sha256
    assert shown.stdout == f"{digest}  FR/{OURS}.toml\n"
    assert (tmp_path / "out" / "FR" / f"{OURS}.toml").read_text() == text
    assert str(unknown.exception) == "XX@2020-01-01 was not put in force here."
    told = verify(tmp_path, lines, "--packs", str(tmp_path / "out"))
    assert "5 the same" in told.stdout
