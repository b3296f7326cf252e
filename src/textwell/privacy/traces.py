"""By what the second sweep finds people who are gone: sealed, kept until then and no longer."""

import json
from collections.abc import Mapping, Sequence

import structlog

from textwell.core.seal import Unsealable, seal, unseal
from textwell.privacy.models import Erasure
from textwell.privacy.staging import Trace

log = structlog.get_logger()


def keep_traces(traces: Sequence[Trace]) -> None:
    """Of people whose erasure is written down, in the caller's transaction."""
    found = Erasure.objects.in_bulk([trace.contact_id for trace in traces])
    for trace in traces:
        found[trace.contact_id].sealed = seal(json.dumps(trace[1:]))
    Erasure.objects.bulk_update(found.values(), ["sealed"])


def open_traces(sealed: Mapping[int, str]) -> list[Trace]:
    """What was sealed, by person. Sealed with another key: the ids alone are known, and a line says so."""
    return [_open(contact_id, text) for contact_id, text in sorted(sealed.items())]


def _open(contact_id: int, text: str) -> Trace:
    if not text:
        return Trace(contact_id)
    try:
        return Trace(contact_id, *json.loads(unseal(text)))
    except Unsealable:
        log.warning("erasure swept by id alone: sealed with another key", contact_id=contact_id)
        return Trace(contact_id)
