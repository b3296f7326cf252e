"""One connector per gateway: lease a batch, mark a window, gate, render, hand off, record.

ledger    the statements of messaging.sql over psycopg's async connections
content   what a campaign's messages have in common: wording, links, price, terms of the gate
window    a marked window: its rows judged and composed, its outcomes counted
rate      segments per second, exact in every second
settle    answers of the carrier to appended outcomes, in bulk
forward   receipts and replies to the stream; the carrier's ack waits for it
runner    the loop of one gateway
link      the bind: opened, watched, opened again
"""
