"""Against pumping: how many texts a place, a number, or a stretch of numbers may ask for by a form.

Whoever earns from texts to numbers of theirs signs up many of them; such numbers lie side by side.
"""

from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.programmes import sql
from textwell.programmes.errors import TooManyAttempts
from textwell.programmes.models import Attempt

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
PREFIX_LENGTH: Final = 8  # of E.164 with its plus sign: +8490123, +3361234
MOST_BY_ADDRESS: Final = 20  # in an hour; a shop's guests share one
MOST_BY_PREFIX: Final = 30  # in an hour
MOST_BY_NUMBER: Final = 3  # in a day


def check_attempt(*, workspace_id: int, msisdn: str, address: str) -> bool:
    """Count an attempt; False: the number has had enough today, and nothing more is to be done.

    That is no error, since it would tell a stranger about the number.

    Raises:
        TooManyAttempts: too many from this address or to numbers like this one.
    """
    # The address first, and no further: one who tries for ever must not use up what others may.
    own = _hide(_network(address))
    _refuse_above(MOST_BY_ADDRESS, _count(f"address:{workspace_id}:{own}", HOUR))
    prefix = msisdn[:PREFIX_LENGTH]
    _refuse_above(MOST_BY_PREFIX, _count(f"prefix:{workspace_id}:{prefix}", HOUR))
    return _count(f"number:{workspace_id}:{_hide(msisdn)}", DAY) <= MOST_BY_NUMBER


def _refuse_above(most: int, count: int) -> None:
    if count > most:
        raise TooManyAttempts(
            _("Too many people sign up from here just now. Try again in an hour.")
        )


def _network(address: str) -> str:
    """What one line has: of IPv6 a whole /64, in which each attempt could have an address of its own."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if isinstance(read, IPv4Address):
        return str(read)
    return str(read.ipv4_mapped or ip_network((read, 64), strict=False))


def _hide(value: str) -> str:
    """Addresses and numbers are compared, not kept."""
    return salted_hmac("textwell.programmes", value, algorithm="sha256").hexdigest()[:32]


def _count(key: str, length: timedelta) -> int:
    """In a transaction of its own: it counts whatever becomes of the sign-up, and holds up nobody."""
    with transaction.atomic(durable=True), cursor() as raw:
        raw.execute(sql.COUNT_ATTEMPT, {"key": key, "window": _window(now(), length)})
        return int(raw.fetchone()[0])


def _window(moment: datetime, length: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // length * length


def forget_attempts() -> int:
    """Drop what no longer counts; answers how many rows. Calling it twice is safe."""
    return Attempt.objects.filter(window__lt=now() - 2 * DAY).delete()[0]
