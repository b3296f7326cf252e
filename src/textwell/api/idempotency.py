"""The same POST twice is one: `Idempotency-Key`, for every POST of the API.

Effects and answer commit in one transaction, under an advisory lock that belongs to the caller's
key and lasts as long as that transaction. So there is no time at which the effect exists and the
answer does not: a crash leaves either both or neither, and nothing to clean up.

Kept answers are sealed: some hold a secret that is shown once (of a webhook), which must not lie in
the database, or in its backups, in the clear.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from textwell.api.auth import read_holder
from textwell.api.errors import KeyReused, StillRunning
from textwell.api.problems import conflict_problem, invalid, unavailable_problem
from textwell.core.errors import Conflict
from textwell.core.seal import Unsealable, is_sealed, seal, unseal

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
KEPT_DAYS = 7
SWEEP_EVERY_S = 600.0
SWEEP_ROWS = 20_000  # one request pays for it: a few milliseconds

_KEPT_HEADERS = ("Content-Type", "Location")

# Two statements, not one: the second must see what was committed before the lock was free.
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(%s)"
_FIND = (
    "SELECT path, body_hash, status, answer FROM api_idempotentanswer"
    " WHERE api_key_id = %s AND key = %s"
)
_KEEP = (
    "INSERT INTO api_idempotentanswer"
    " (api_key_id, key, path, body_hash, status, answer, created_at)"
    " VALUES (%s, %s, %s, %s, %s, %s::jsonb, now())"
)
FORGET = (
    "DELETE FROM api_idempotentanswer WHERE id IN (SELECT id FROM api_idempotentanswer"
    " WHERE created_at < now() - make_interval(days => %s) ORDER BY created_at LIMIT %s)"
)

Run = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class AskedRequest:
    """A request as it is recognised again."""

    api_key_id: int
    key: str
    path: str
    body_hash: str

    def lock_number(self) -> int:
        digest = hashlib.sha256(f"idempotency:{self.api_key_id}:{self.key}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)


def once_per_key(run: Run) -> Run:
    """Wrap an operation: a POST with an Idempotency-Key runs once, later ones get its answer."""

    @wraps(run)
    def guarded(request: HttpRequest, *args: Any, **kw: Any) -> HttpResponseBase:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST":
            return run(request, *args, **kw)
        if not 0 < len(key) <= LONGEST_KEY:
            mend = _("Use 1 to 255 characters, such as a UUID.")
            return invalid([{"field": HEADER, "problem": _("has no usable length"), "mend": mend}])
        try:
            holder = read_holder(request)
            if holder is None:  # the operation refuses it with 401
                return run(request, *args, **kw)
            path, digest = request.get_full_path()[:200], hash_body(request)
            asked = AskedRequest(holder.api_key_id, key, path, digest)
            return run_once(partial(run, request, *args, **kw), asked)
        except (OperationalError, InterfaceError) as error:
            return unavailable_problem(request, error)
        except Conflict as conflict:
            return conflict_problem(request, conflict)

    return guarded


def hash_body(request: HttpRequest) -> str:
    """What was sent, by its content.

    A client may write the same JSON in another order when it tries again, and a form with files
    another boundary.
    """
    if request.content_type != "multipart/form-data":
        return hash_json(request.body)
    digest = hashlib.sha256(orjson.dumps(sorted(request.POST.lists())))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(orjson.dumps([name, file.name, file.size]))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)  # the operation reads it too
    return digest.hexdigest()


def hash_json(body: bytes) -> str:
    """A body by its content; what is no JSON by its octets."""
    return hashlib.sha256(_canonical(body)).hexdigest()


def _canonical(body: bytes) -> bytes:
    """JSON with its names in order and no white space; what is no JSON, or too deep, as it came."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return body


def run_once(run: Callable[[], HttpResponseBase], asked: AskedRequest) -> HttpResponseBase:
    """The answer of `run`, or the one kept from the first time that this was asked.

    Raises:
        StillRunning: the first request with this key has not been answered yet.
        KeyReused: the key belongs to another request.
    """
    with transaction.atomic():
        stored = _take(asked)
        if stored is not None:
            return stored
        response = _run_inside(run)
        if _is_kept(response):
            _keep(asked, response)
    return response


def _run_inside(run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    # A savepoint of its own: what an operation wrote before it refused goes, its answer stays.
    with transaction.atomic():
        response = run()
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            transaction.set_rollback(True)
    return response


def _take(asked: AskedRequest) -> HttpResponse | None:
    """The stored answer, or None: the lock is ours and the operation may run.

    Raises:
        StillRunning: another request holds the lock.
        KeyReused: the key belongs to another request.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRY_LOCK, [asked.lock_number()])
        if not cursor.fetchone()[0]:
            raise StillRunning(_("The first request with this key is still running. Ask again."))
        cursor.execute(_FIND, [asked.api_key_id, asked.key])
        row = cursor.fetchone()
    if row is None:
        return None
    if (row[0], row[1]) != (asked.path, asked.body_hash):
        raise KeyReused(_("This key was used with another path or body. Take a new key."))
    return _replay(row[2], row[3])


def _replay(status: int, answer: Any) -> HttpResponse:
    kept = json.loads(answer) if isinstance(answer, str) else answer
    response = HttpResponse(_unsealed(kept["text"]), status=status)
    for name, value in kept["headers"].items():
        response[name] = value
    response[REPLAYED] = "true"
    return response


def _unsealed(text: str) -> str:
    """Raises KeyReused if it was sealed with another signing key: nothing must be done twice."""
    if not is_sealed(text):
        return text  # kept by an earlier version
    try:
        return unseal(text)
    except Unsealable:
        raise KeyReused(_("The kept answer can no longer be read. Take a new key.")) from None


def _is_kept(response: HttpResponseBase) -> bool:
    """Passing troubles are not kept: the same request may succeed later."""
    status = response.status_code
    is_passing = (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
    )
    return isinstance(response, HttpResponse) and not is_passing


def _keep(asked: AskedRequest, response: HttpResponseBase) -> None:
    assert isinstance(response, HttpResponse)
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    answer = orjson.dumps(kept_answer(response.content.decode(), headers)).decode()
    values: list[Any] = [
        asked.api_key_id,
        asked.key,
        asked.path,
        asked.body_hash,
        response.status_code,
        answer,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
    if is_sweep_due():
        transaction.on_commit(forget_old_answers, robust=True)


def kept_answer(text: str, headers: Mapping[str, str]) -> dict[str, object]:
    """An answer as it is kept in `answer`: its body is sealed."""
    return {"text": seal(text), "headers": headers}


_swept_at = [time.monotonic()]  # of this process


def is_sweep_due() -> bool:
    """Once every ten minutes of a process: who is told so does `FORGET`."""
    # The scheduler knows nothing of the API, and a process that keeps answers can forget them too.
    if time.monotonic() - _swept_at[0] < SWEEP_EVERY_S:
        return False
    _swept_at[0] = time.monotonic()
    return True


def forget_old_answers() -> int:
    """Drop answers older than a week, the oldest first; answers how many. Twice is safe."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [KEPT_DAYS, SWEEP_ROWS])
        return int(cursor.rowcount)
