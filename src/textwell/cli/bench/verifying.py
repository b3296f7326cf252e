"""Legs `proof-verify` and `consent-verify`: proofs of texts, and the ledger of consent, checked whole."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import orjson
from django.db import connection

from textwell.accounts.models import Workspace
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.gate import AT, STARTS
from textwell.cli.bench.pairs import run_pairs
from textwell.consent.chain.verifying import verify_ledger
from textwell.core.db import copy_rows, cursor
from textwell.core.signing import list_public_keys
from textwell.messaging.gate import Facts
from textwell.messaging.law import Place
from textwell.messaging.proof.collecting import COLUMNS, Collector, Seen
from textwell.messaging.proof.form import GivenKey, check_line
from textwell.messaging.proof.judged import Terms
from textwell.messaging.proving import proofs_between

PROOFS = 10_000
EVENTS = 300_000
FIRST_ID = 1  # of messages that nobody else has in a workspace of its own
_MINUTE = 60

_ADD_EVENTS = """
INSERT INTO consent_consentevent (workspace_id, contact_id, channel, purpose, kind, given_at,
    recorded_at, source, wording, wording_version, wording_hash, language, evidence, actor)
SELECT %(workspace_id)s, n, 'sms', 'marketing', CASE WHEN n %% 20 = 0 THEN 'opt_out' ELSE 'opt_in' END,
    now() - n * interval '1 second', now(), 'form', 'Yes, text me offers of Lotus. ' || n %% 7, '3',
    sha256(('Yes, text me offers of Lotus. ' || n %% 7)::bytea), 'en',
    jsonb_build_object('page', 'https://lotus.example/join', 'address', '192.0.2.' || n %% 250), 'bench'
FROM generate_series(1::bigint, %(count)s::bigint) AS n
"""
_READ_EVENTS = (
    "COPY (SELECT * FROM consent_consentevent WHERE workspace_id = {} ORDER BY id) TO STDOUT"
)


@contextmanager
def _own_workspace() -> Iterator[Workspace]:
    """One of its own; it stays, as nobody may delete from a ledger."""
    yield Workspace.objects.create(
        name="Bench", country="VN", zone="Asia/Ho_Chi_Minh", currency="EUR"
    )


def note_proofs(workspace_id: int, count: int) -> Collector:
    """As connectors note them: four countries, some with other counts."""
    collector = Collector()
    seen = {
        (country, many): Seen(
            Terms(5, 3, "marketing", "w" * 43, "LOTUS", country, "recommended"),
            Facts(
                at=AT, is_sample=False, is_simulated=False, suppression="", is_sender_allowed=True,
                recent_count=0, cap_count=0, workspace_recent_count=many, workspace_cap_count=4,
                expires_at=None, law_reason="", lawful_at=None,
                is_known=True, needs_consent=True, is_granted=True, has_consent_record=True,
            ),
        )
        for country in STARTS
        for many in range(3)
    }  # fmt: skip
    countries = sorted(STARTS)
    for number in range(count):
        country = countries[number % len(countries)]
        collector.note(
            workspace_id,
            seen[country, number % 3],
            message_id=FIRST_ID + number,
            msisdn=f"{STARTS[country]}{number:05d}",
            text=f"Fresh bread, number {number}",
            consent_event_id=number + 1,
            place=Place(country, ""),
        )
    return collector


def _lines(workspace_id: int, count: int) -> list[bytes]:
    with cursor() as opened:
        rows = (block.row() for block in note_proofs(workspace_id, count).take())
        copy_rows(opened, "messaging_proof", COLUMNS, rows)
    return list(proofs_between(workspace_id, FIRST_ID, FIRST_ID + count - 1))


def run_proof_verify(rounds: int, count: int = PROOFS) -> LegResult:
    """Proofs a second on one core. Void if a genuine one is refused, or judged otherwise."""
    faults: list[str] = []
    with _own_workspace() as workspace:
        lines = _lines(workspace.id, count)
        keys = {each.key_id: GivenKey(each.value) for each in list_public_keys(workspace.id)}

    def verified() -> float:
        started = time.perf_counter()
        checked = [check_line(line, keys) for line in lines]
        passed = time.perf_counter() - started
        fine = sum(each.is_genuine and each.rejudged == "same" for each in checked)
        if fine != count:
            faults.append(f"{count - fine:,} genuine proofs of {count:,} were refused")
        return count / passed

    def read() -> float:
        started = time.perf_counter()
        for line in lines:
            orjson.loads(line)
            sha256(line).digest()
        return count / (time.perf_counter() - started)

    return LegResult(
        leg="proof-verify",
        what="signed proofs of texts: form, path, signature, and judged once more; no database",
        twin="each line read as JSON and hashed once",
        unit="proofs/s",
        pairs=run_pairs(verified, read, rounds),
        entry="lines in memory",
        durability="none: nothing is stored",
        count=count,
        least=1_000,
        aim=1_000,
        void="; ".join(dict.fromkeys(faults)),
    )


def run_consent_verify(rounds: int, count: int = EVENTS) -> LegResult:
    """Events a minute of one session, which keeps one core. Void if the ledger is not whole."""
    faults: list[str] = []
    with _own_workspace() as workspace, connection.cursor() as opened:
        opened.execute(_ADD_EVENTS, {"workspace_id": workspace.id, "count": count})
    verify_ledger(workspace.id)  # seals them
    with connection.cursor() as opened:
        opened.execute("ANALYZE consent_consentevent")

    def verified() -> float:
        started = time.perf_counter()
        verdict = verify_ledger(workspace.id)
        passed = time.perf_counter() - started
        if not verdict.is_whole or verdict.fact_count != count:
            faults.append(f"{verdict.fact_count:,} of {count:,} events whole: {verdict.problem}")
        return count * _MINUTE / passed

    def read() -> float:
        started = time.perf_counter()
        with connection.cursor() as raw, raw.copy(_READ_EVENTS.format(workspace.id)) as copied:
            for _part in copied:
                pass
        return count * _MINUTE / (time.perf_counter() - started)

    return LegResult(
        leg="consent-verify",
        what="the ledger of consent: each event hashed as it stands, every block of the chain",
        twin="the same events read out, by COPY",
        unit="events/min",
        pairs=run_pairs(verified, read, rounds),
        entry="sealed events in PostgreSQL",
        durability="nothing is written",
        count=count,
        least=5_000_000,
        aim=5_000_000,
        void="; ".join(dict.fromkeys(faults)),
    )
