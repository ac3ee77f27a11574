"""The time that an answer tells: the server's clock, whatever this machine's says."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from smrt_tui.core.request import Headers, header


def server_time(headers: Headers) -> datetime | None:
    """The `Date` of an answer; None when there is none, or it is no date (RFC 9110, section 5.6.7)."""
    try:
        told = parsedate_to_datetime(header(headers, "Date") or "")
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
