"""Tells a clock that AWS refuses from any other refused signature, and how far it is off. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from smrt_tui.core.events import ServiceFault
from smrt_tui.core.request import Headers, header

LEAST_SKEW = timedelta(minutes=4)
"""AWS refuses from about five minutes on; less is never the reason."""

_SIGNATURE_CODES = frozenset(
    {
        "RequestTimeTooSkewed",
        "RequestExpired",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "AuthFailure",
        "RequestInTheFuture",
    }
)
"""The codes that the AWS SDKs correct the clock for (their `isClockSkewError` tables)."""


def clock_skew(fault: ServiceFault, headers: Headers, now: datetime) -> timedelta | None:
    """What to add to `now` so that it fits the server's `Date`; None when the clock is not what was refused."""
    told = header(headers, "Date")
    if fault.code not in _SIGNATURE_CODES or told is None:
        return None
    try:
        server = parsedate_to_datetime(told)
    except ValueError:
        return None
    skew = (server if server.tzinfo else server.replace(tzinfo=UTC)) - now
    return skew if abs(skew) >= LEAST_SKEW else None
