"""Named statements of the bulk paths: plan, lease, mark, append, fold. All set-based."""

from textwell.messaging.sql.caps import (
    CAP_STATES,
    COUNT_RECENT,
    IS_RECENT,
    MAX_WINDOW,
    RECENT_COUNTS,
)
from textwell.messaging.sql.fold import (
    DLR_COLUMNS,
    FOLD,
    FOLD_PENDING,
    FORGET_PENDING,
    HIGH_WATER,
    OUTCOME_COLUMNS,
)
from textwell.messaging.sql.late import SETTLE_BY_NUMBER
from textwell.messaging.sql.lease import (
    CLAIM_DUE_BATCHES,
    FINISH_BATCHES,
    LEASE_BATCH,
    MARK_WINDOW,
    PARK_UNKNOWN,
    READ_DOUBTS,
    READ_WINDOW,
    RELEASE_BATCH,
    RENEW_LEASES,
    SETTLE_WINDOWS,
)
from textwell.messaging.sql.locks import APPEND_LOCK, CAP_LOCK, FOLD_LOCK, LOG_LOCK, PLAN_LOCK
from textwell.messaging.sql.moves import COUNT_BY_STATE, COUNT_MOVES
from textwell.messaging.sql.plan import (
    ADD_SINGLE,
    MAKE_BATCHES,
    PLAN_CHUNK,
    PLAN_REASON,
)
from textwell.messaging.sql.settle import SEND_AGAIN, SETTLE_UNKNOWN
from textwell.messaging.sql.waiting import (
    CANCEL_BATCHES,
    CANCEL_HELD,
    CANCEL_MESSAGES,
    CANCEL_SINGLE,
    PAUSE_BATCHES,
    REPUBLISH_BATCHES,
    RESUME_BATCHES,
    SKIP_WAITING,
    WAKE_HELD,
)

__all__ = [
    "ADD_SINGLE",
    "APPEND_LOCK",
    "CANCEL_BATCHES",
    "CANCEL_HELD",
    "CANCEL_MESSAGES",
    "CANCEL_SINGLE",
    "CAP_LOCK",
    "CAP_STATES",
    "CLAIM_DUE_BATCHES",
    "COUNT_BY_STATE",
    "COUNT_MOVES",
    "COUNT_RECENT",
    "DLR_COLUMNS",
    "FINISH_BATCHES",
    "FOLD",
    "FOLD_LOCK",
    "FOLD_PENDING",
    "FORGET_PENDING",
    "HIGH_WATER",
    "IS_RECENT",
    "LEASE_BATCH",
    "LOG_LOCK",
    "MAKE_BATCHES",
    "MARK_WINDOW",
    "MAX_WINDOW",
    "OUTCOME_COLUMNS",
    "PARK_UNKNOWN",
    "PAUSE_BATCHES",
    "PLAN_CHUNK",
    "PLAN_LOCK",
    "PLAN_REASON",
    "READ_DOUBTS",
    "READ_WINDOW",
    "RECENT_COUNTS",
    "RELEASE_BATCH",
    "RENEW_LEASES",
    "REPUBLISH_BATCHES",
    "RESUME_BATCHES",
    "SEND_AGAIN",
    "SETTLE_BY_NUMBER",
    "SETTLE_UNKNOWN",
    "SETTLE_WINDOWS",
    "SKIP_WAITING",
    "WAKE_HELD",
]
