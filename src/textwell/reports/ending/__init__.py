"""Consents that end: whom to ask anew while that is lawful, and whose ended. `people` lists and counts."""
