"""Keys of the advisory locks around plan, append and fold.

Whoever appends outcomes or receipts holds LOG_LOCK shared until its commit; the fold takes it
exclusively for a moment to learn a high-water id below which every append is committed.
"""

LOG_LOCK = 7239010
FOLD_LOCK = 7239011
CAP_LOCK = 7239014  # second key: workspace; marks that a cap is judged by come one after another
APPEND_LOCK = 7239013  # second key: gateway; its appends of outcomes come one after another
PLAN_LOCK = 7239012  # second key: workspace; caps are counted against what is already planned
