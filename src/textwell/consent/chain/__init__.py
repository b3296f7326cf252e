"""The consent ledger with witnesses: events sealed in blocks, blocks chained, a signed root each day.

`sealing` makes the chain, `verifying` walks it, `roots` signs and proves, `form` checks with no store.
"""
