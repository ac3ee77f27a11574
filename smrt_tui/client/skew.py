"""Tells a clock that AWS refuses from any other refused signature, and how far it is off. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from smrt_tui.core.events import ServiceFault
from smrt_tui.core.request import Headers
from smrt_tui.core.server_date import server_time

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
    server = server_time(headers)
    if fault.code not in _SIGNATURE_CODES or server is None:
        return None
    skew = server - now
    return skew if abs(skew) >= LEAST_SKEW else None
