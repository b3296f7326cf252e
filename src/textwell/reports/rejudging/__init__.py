"""Campaigns under other rule packs: `judging` counts, `groups` and `words` say of what."""
