"""From the streams to rows: receipts, replies, clicks, events, in batches, each stored once.

A message leaves its stream only after PostgreSQL has committed what was in it, so a stopped database
loses nothing; what comes twice is recognised (receipts by the fold, replies and clicks by a key).
"""
