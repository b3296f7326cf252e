"""One connector per gateway: lease a batch, mark a window, gate, render, hand off, record.

ledger    the statements of messaging.sql over psycopg's async connections
content   what a campaign's messages have in common: wording, links, price, terms of the gate
window    a marked window: its rows judged and composed, its outcomes counted
rate      segments per second, exact in every second
settle    answers of the carrier to appended outcomes, in bulk
forward   receipts and replies to the stream; the carrier's ack waits for it
runner    the life of one gateway: its parts put together, started, told, drained
feeder    which window goes next, prepared one ahead
exchange  what the carrier has in hand, and what its answers mean
leases    the batches held: leased, renewed, given back
handoff   to the carrier, as rate and room allow, after a last look
again     marked messages that wait: throttled, or not a byte left
doubts    answers that were lost: the same once more, where the carrier knows our ids again
queries   receipts that never came: asked for once, where the gateway says so
ears      what a carrier says by itself
link      the bind: opened, watched, opened again
"""
