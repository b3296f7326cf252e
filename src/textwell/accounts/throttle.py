"""Slow down guessing of passwords: wrong attempts per address and place, kept in the database.

Counting per pair of address and IP means that a stranger elsewhere cannot lock a person out; a
second count per IP alone slows someone who tries one password on many addresses.
"""

from datetime import timedelta

from django.db import connection

from textwell.accounts.errors import TooManySignIns
from textwell.accounts.models import SignInAttempt
from textwell.core.clock import now

FREE_ATTEMPTS = 5  # wrong passwords for one address from one place
FREE_ATTEMPTS_BY_PLACE = 50  # wrong passwords from one place, whatever the address
FIRST_WAIT_S = 5
LONGEST_WAIT_S = 900
FORGET_AFTER = timedelta(hours=1)

_COUNT = """
INSERT INTO accounts_signinattempt (email, ip, failure_count, last_at)
VALUES (%(email)s, %(ip)s, 1, %(now)s)
ON CONFLICT (email, ip) DO UPDATE SET last_at = excluded.last_at,
    failure_count = CASE WHEN accounts_signinattempt.last_at <= %(forget)s THEN 1
                    ELSE accounts_signinattempt.failure_count + 1 END
"""


def _counted(email: str) -> tuple[tuple[str, int], tuple[str, int]]:
    return (email.strip().lower()[:254], FREE_ATTEMPTS), ("", FREE_ATTEMPTS_BY_PLACE)


def wait_seconds(*, email: str, ip: str) -> int:
    """Seconds until another attempt is looked at; 0: now. The wait doubles with each failure."""
    moment = now()
    longest = 0.0
    for address, free in _counted(email):
        row = SignInAttempt.objects.filter(email=address, ip=ip).first()
        if row is None or row.failure_count < free or moment - row.last_at >= FORGET_AFTER:
            continue
        exponent = min(row.failure_count - free, 10)  # 2**10 is past the longest wait already
        wait_s = min(FIRST_WAIT_S * 2**exponent, LONGEST_WAIT_S)
        longest = max(longest, wait_s - (moment - row.last_at).total_seconds())
    return max(0, -int(-longest // 1))


def check_sign_in(*, email: str, ip: str) -> None:
    """Return if an attempt may be made now; ask before looking at the password.

    Raises:
        TooManySignIns: says how long to wait.
    """
    wait_s = wait_seconds(email=email, ip=ip)
    if wait_s:
        raise TooManySignIns(wait_s)


def note_wrong_password(*, email: str, ip: str) -> None:
    moment = now()
    with connection.cursor() as cursor:
        for address, _free in _counted(email):
            forget = moment - FORGET_AFTER
            cursor.execute(_COUNT, {"email": address, "ip": ip, "now": moment, "forget": forget})


def note_right_password(*, email: str, ip: str) -> None:
    """Forget the failures of this address here; those of the place stay."""
    SignInAttempt.objects.filter(email=email.strip().lower()[:254], ip=ip).delete()


def forget_old_attempts() -> int:
    """Drop what no longer counts; answers how many rows. Calling it twice is safe."""
    return SignInAttempt.objects.filter(last_at__lt=now() - FORGET_AFTER).delete()[0]
