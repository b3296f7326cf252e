"""`POST /v1/messages` as nearly everybody calls it, at a fifth of the cost of the complete way.

The complete way (Django's middleware, ninja, `sending.take_message`) is the reference: it alone refuses,
replays, adds words, takes links, consent or a later time. Here only a plain 202 is given, and whatever is not
one without a doubt goes there as it came:

1. `door` stands before Django and knows the usual call by its address and headers.
2. `reading` reads it by the reference's own schema and rules, without a store.
3. `room` lets calls that come at once wait for each other: one of their threads decides for all.
4. `ledger` does so in one transaction: keys, locks of the Idempotency-Keys, facts (`sql.MESSAGE_FACTS`,
   which the reference asks too), new people, messages with their batches, kept answers. One commit.
5. Keys are read for every group after its calls came, so a revoked key is refused at the next request.
6. A call that cannot be clearly taken, or stands twice in a group, takes the complete way after the commit.
7. A store that fails sends the whole group there. Only where the commit itself broke and there is no
   Idempotency-Key is the answer 503 at once: it may be recorded.
8. No wait for a lock is longer than `ledger.LOCK_MS`, no statement than `STATEMENT_MS`: one caller must not
   hold up the others. Who waits longer than `door.PATIENCE_S` for another's group is answered 503.
"""

from textwell.api.quick.door import QuickMessages

__all__ = ["QuickMessages"]
