"""Who is to blame for a failed write."""

import errno

import pytest
from django.db import DataError, OperationalError
from psycopg import errors

from textwell.core.blame import is_fault_of_data
from textwell.core.errors import BusUnavailable, FieldError


def wrapped(outer: Exception, cause: Exception) -> Exception:
    outer.__cause__ = cause
    return outer


@pytest.mark.parametrize(
    "error",
    [
        errors.NumericValueOutOfRange(),
        errors.UniqueViolation(),
        errors.CheckViolation(),
        errors.ProgramLimitExceeded(),
        errors.RaiseException(),
        errors.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
        wrapped(DataError(), errors.InvalidTextRepresentation()),
        UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed"),
        OverflowError(),
        OSError(errno.EOVERFLOW, "Value too large"),
        FieldError("msisdn", "is no number"),
    ],
)
def test_data_that_would_fail_again_is_to_blame(error: Exception) -> None:
    assert is_fault_of_data(error)


@pytest.mark.parametrize(
    "error",
    [
        errors.OperationalError("server closed the connection unexpectedly"),
        errors.InterfaceError("the connection is closed"),
        errors.DeadlockDetected(),
        errors.SerializationFailure(),
        errors.DiskFull(),
        errors.OutOfMemory(),
        errors.LockNotAvailable(),
        errors.QueryCanceled(),
        errors.AdminShutdown(),
        errors.ReadOnlySqlTransaction(),
        errors.UndefinedColumn(),
        wrapped(OperationalError(), errors.CannotConnectNow()),
        ConnectionResetError(errno.ECONNRESET, "reset"),
        OSError(errno.ENOSPC, "No space left on device"),
        BusUnavailable("later"),
        TimeoutError(),
        MemoryError(),
    ],
)
def test_the_store_and_the_moment_are_to_blame_for_the_rest(error: Exception) -> None:
    assert not is_fault_of_data(error)
