"""Each SAML assertion signs somebody in once, however often it is shown."""

import hashlib
from datetime import UTC, datetime, timedelta

from textwell.accounts.models import UsedAssertion
from textwell.core.clock import now

# python3-saml lets clocks differ by five minutes; so long an assertion may still be taken after its end.
DRIFT = timedelta(minutes=10)


def claim_assertion(*, issuer: str, assertion_id: str | None, ends_at_s: float | None) -> bool:
    """True for the first who shows it. One without an id or an end is nobody's.

    `ends_at_s`: its NotOnOrAfter, seconds since the epoch. Of two at the same time one is first.
    """
    if not assertion_id or ends_at_s is None:
        return False
    moment = now()
    UsedAssertion.objects.filter(expires_at__lt=moment).delete()
    digest = hashlib.sha256(f"{issuer}\n{assertion_id}".encode()).hexdigest()
    ends_at = datetime.fromtimestamp(ends_at_s, UTC) + DRIFT
    _row, is_first = UsedAssertion.objects.get_or_create(
        digest=digest, defaults={"expires_at": ends_at}
    )
    return is_first
