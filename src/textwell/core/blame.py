"""Whose fault a failed write is: the data's own, or the store's and the moment's.

What is the data's fault fails again however often it is tried; all else (a lost connection, a full
disk, a deadlock, a table that a migration has yet to make) goes away while one waits.
"""

import errno

import psycopg

from textwell.core.errors import BusUnavailable, StoreUnavailable, TextwellError

# Classes of SQLSTATE: several rows for one, values that have no place in their column, constraints,
# check options, limits of a row or an index, triggers that refuse.
_DATA_CLASSES = frozenset({"21", "22", "23", "44", "54", "P0"})
_REFUSALS = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)


def is_fault_of_data(error: BaseException) -> bool:
    """Whether the same data would fail again on a store in the best of health."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, psycopg.Error):
            return _is_refused_by_sql(cause)
        cause = cause.__cause__
    if isinstance(error, OSError):
        return error.errno == errno.EOVERFLOW  # of a time that no calendar has
    if isinstance(error, TextwellError):
        return not isinstance(error, BusUnavailable | StoreUnavailable)
    return isinstance(error, _REFUSALS)


def _is_refused_by_sql(error: psycopg.Error) -> bool:
    if error.sqlstate is None:  # the driver itself would not write it, or the connection is gone
        return isinstance(error, psycopg.DataError)
    return error.sqlstate[:2] in _DATA_CLASSES
