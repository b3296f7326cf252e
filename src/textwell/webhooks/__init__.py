"""Outgoing webhooks: what happened in a workspace, told to the programs that asked to hear it.

What happened is gathered from the ledgers by cursors, so that nothing is written on the hot path of
a message for it. Each (event, endpoint) is one delivery: signed, tried again with back-off, kept to
be seen and sent again. Delivery is at least once and in no promised order; the event's id is the
receiver's key for doing it once.
"""
