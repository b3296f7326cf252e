"""Leg `import`: a file of people judged and applied, by the import and by the ORM row by row."""

import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import phonenumbers
from django.db import connection, transaction

from textwell.accounts.models import Workspace
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.cli.bench.people_file import HOME, write_people_file
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.contacts.imports.actions import start_import
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.imports.consents import read_time
from textwell.contacts.imports.judging import dry_run
from textwell.contacts.models import Contact, ImportRow, ImportRun
from textwell.core.clock import now

TWIN_SHARE = 10  # the twin takes one row of so many, the first ones: its rate is what counts
TWIN_BATCH = 1_000  # rows a transaction
FLOOR, AIM = 40_000, 100_000  # rows/s, dry run and apply together
Taken = dict[int, str]  # line: the number as stored, "" of a row left out
_TABLES = ("consent_consentstate", "contacts_contact")


@contextmanager
def _passing_workspace() -> Iterator[Workspace]:
    """Its people go again; consent events stay, as everywhere: they are never deleted."""
    workspace = Workspace.objects.create(
        name="Bench", country=HOME, zone="Asia/Ho_Chi_Minh", currency="EUR"
    )
    try:
        yield workspace
    finally:
        runs = list(ImportRun.objects.filter(workspace_id=workspace.id))
        for run in runs:
            ImportRow.objects.filter(import_run_id=run.id).delete()
            Path(run.path).unlink(missing_ok=True)
            run.delete()
        with connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(f"DELETE FROM {table} WHERE workspace_id = %s", [workspace.id])  # noqa: S608 - names of ours
        workspace.delete()


class _Legs:
    """Both ways over one file, and what each took of its first rows."""

    def __init__(self, file: Path, count: int) -> None:
        self._file = file
        self._count = count
        self.dry: list[float] = []
        self.applied: list[float] = []
        self.taken: dict[str, Taken] = {}
        self.consents: dict[str, int] = {}

    @property
    def sample(self) -> int:
        return self._count // TWIN_SHARE

    def measure_import(self) -> float:
        with _passing_workspace() as workspace:
            run = start_import(
                workspace_id=workspace.id, path=self._file, filename="bench.csv", actor="bench",
                region=HOME,
            )  # fmt: skip
            started = time.perf_counter()
            dry_run(run)
            judged = time.perf_counter()
            apply_import(run)
            ended = time.perf_counter()
            self.dry.append(self._count / (judged - started))
            self.applied.append(self._count / (ended - judged))
            self._keep_import(run)
        return self._count / (ended - started)

    def _keep_import(self, run: ImportRun) -> None:
        rows = ImportRow.objects.filter(import_run_id=run.id, line__lte=self.sample + 1)
        found = rows.values_list("line", "verdict", "msisdn")
        self.taken["import"] = {
            line: msisdn if verdict == "new" else "" for line, verdict, msisdn in found
        }
        ids = rows.filter(verdict="new").values("contact_id")
        states = ConsentState.objects.filter(contact_id__in=ids, is_granted=True)
        self.consents["import"] = states.count()

    def measure_twin(self) -> float:
        with _passing_workspace() as workspace, self._file.open(encoding="utf-8") as file:
            rows = enumerate(islice(csv.DictReader(file), self.sample), start=2)
            started = time.perf_counter()
            taken: Taken = {}
            while chunk := list(islice(rows, TWIN_BATCH)):
                with transaction.atomic():
                    for line, row in chunk:
                        taken[line] = _store_plainly(workspace.id, row)
            ended = time.perf_counter()
            self.taken["twin"] = taken
            states = ConsentState.objects.filter(workspace_id=workspace.id, is_granted=True)
            self.consents["twin"] = states.count()
        return self.sample / (ended - started)

    def find_faults(self) -> str:
        """Why the figures are void: the two must have taken the same people by the same consent."""
        ours, twin = self.taken["import"], self.taken["twin"]
        seen: set[str] = set()
        for line, number in sorted(twin.items()):  # the import takes the first of two alike
            twin[line] = "" if number in seen else number
            seen.add(number)
        unlike = sum(ours.get(line) != number for line, number in twin.items())
        faults = [f"{unlike:,} rows are not taken as the twin takes them"] if unlike else []
        if self.consents["import"] != self.consents["twin"]:
            faults.append(f"consents differ: {self.consents['import']} to {self.consents['twin']}")
        return "; ".join(faults)


def _store_plainly(workspace_id: int, row: dict[str, str]) -> str:
    """The twin: the number by libphonenumber, the person and the consent by the ORM."""
    try:
        parsed = phonenumbers.parse(row["Phone"], HOME)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    msisdn = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    person, _is_new = Contact.objects.update_or_create(
        workspace_id=workspace_id,
        msisdn=msisdn,
        defaults={
            "first_name": row["First name"],
            "last_name": row["Last name"],
            "email": row["Email"],
            "language": row["Language"],
            "country": phonenumbers.region_code_for_number(parsed) or "",
            "tags": [tag for tag in row["Tags"].split(",") if tag],
        },
    )
    given_at = read_time(row["Consent at"])
    if row["Consent source"] and row["Consent wording"] and given_at and given_at <= now():
        event = ConsentEvent.objects.create(
            workspace_id=workspace_id, contact_id=person.id, kind="opt_in", given_at=given_at,
            source=row["Consent source"], wording=row["Consent wording"], actor="bench",
        )  # fmt: skip
        ConsentState.objects.update_or_create(
            contact_id=person.id,
            channel="sms",
            purpose="marketing",
            defaults={
                "workspace_id": workspace_id,
                "is_granted": True,
                "event_id": event.id,
                "since": given_at,
            },
        )
    return msisdn


def _peak_mb() -> float:
    """Of this process since its start; Linux counts in kilobytes, macOS in octets."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


def run_import(people: int, rounds: int) -> LegResult:
    """Needs running stores. Takes its people out again, whatever happens."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        write_people_file(file, people)
        legs = _Legs(file, people)
        pairs = run_pairs(legs.measure_import, legs.measure_twin, rounds)
    return LegResult(
        leg="import",
        what="a CSV file read, numbers checked, people and consent stored: dry run and apply",
        twin=f"phonenumbers and update_or_create by row, no dry run; one row of {TWIN_SHARE},"
        f" {TWIN_BATCH:,} a commit",
        unit="rows/s",
        pairs=pairs,
        entry="a file on disk: scattered numbers of five countries, consent columns, 9 % of no use",
        durability="committed, synchronous_commit as the stores are set",
        count=people,
        void=legs.find_faults(),
        least=FLOOR,
        aim=AIM,
        more={
            "dry run alone": tuple(legs.dry),
            "apply alone": tuple(legs.applied),
            "peak memory of this process, MB": (_peak_mb(),),
        },
    )
