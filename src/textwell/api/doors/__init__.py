"""Doors for clients that people already have: other vendors' APIs over the same actions.

Each door reads its vendor's form into what API v1 takes (`api.sending`, the actions of messaging),
and writes answers and refusals as its vendor does. None has rules of its own.
"""
