"""The streams and consumers of Textwell, as data. `docs/contracts.md` has the table for people.

All are work queues: a message leaves when its consumer acknowledged it, that is after PostgreSQL
has committed, and never before. When a disk is full a stream refuses new messages (the sender is
told to come again) and never drops old ones.
"""

from dataclasses import dataclass

DEDUPE_WINDOW_S = 120
SUBMIT_MAX_AGE_S = 7 * 86400  # pointers only: the sweep publishes again what is due


@dataclass(frozen=True, slots=True)
class StreamSpec:
    name: str
    subject: str
    consumer: str  # durable that must always exist; empty: connectors make one a gateway and lane
    description: str
    ack_wait_s: float = 30.0
    max_age_s: float = 0.0  # 0: kept until acknowledged
    max_ack_pending: int = 2_000


STREAMS = (
    StreamSpec(
        "SUBMIT", "submit.>", "", "Batches that are due, by gateway and lane.",
        max_age_s=SUBMIT_MAX_AGE_S,
    ),
    StreamSpec("JOBS", "job.>", "worker", "Jobs that wait.", max_age_s=SUBMIT_MAX_AGE_S),
    StreamSpec("DLR", "dlr.>", "ingest", "Delivery reports from carriers."),
    StreamSpec("MO", "mo.>", "ingest", "Texts from people."),
    StreamSpec("CLICK", "click", "ingest", "Raw requests of short links."),
    StreamSpec("OPTOUT", "optout", "ingest", "Stops that people pressed on the page of their link."),
    StreamSpec("EVENT", "event.>", "ingest", "Events tracked by other systems."),
)  # fmt: skip

LINKS_BUCKET = "links"
GATEWAYS_BUCKET = "gateways"
HOSTS_BUCKET = "hosts"
SPEAKERS_BUCKET = "speakers"
BUCKETS = (LINKS_BUCKET, GATEWAYS_BUCKET, HOSTS_BUCKET, SPEAKERS_BUCKET)


def find_stream(name: str) -> StreamSpec:
    """The stream of that name; KeyError names the known ones."""
    for spec in STREAMS:
        if spec.name == name:
            return spec
    known = ", ".join(spec.name for spec in STREAMS)
    raise KeyError(f"{name} is no stream; there are {known}")
