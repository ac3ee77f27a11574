from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smrt_tui.client.skew import clock_skew
from smrt_tui.core.events import ServiceFault
from smrt_tui.core.server_date import server_time

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DATE = (("date", "Sun, 01 Mar 2026 12:10:00 GMT"),)


def refused(code: str) -> ServiceFault:
    return ServiceFault(0.0, code, "", "", 403, None, "", "")


def test_a_clock_that_is_behind_is_told_by_how_much() -> None:
    assert clock_skew(refused("InvalidSignatureException"), DATE, NOW) == timedelta(minutes=10)


def test_a_clock_that_is_ahead_is_told_by_how_much() -> None:
    assert clock_skew(refused("RequestTimeTooSkewed"), DATE, NOW + timedelta(hours=1)) == timedelta(minutes=-50)


@pytest.mark.parametrize(
    ("code", "headers", "now"),
    [
        ("AccessDeniedException", DATE, NOW),
        ("InvalidSignatureException", (), NOW),
        ("InvalidSignatureException", (("Date", "yesterday"),), NOW),
        ("InvalidSignatureException", DATE, NOW + timedelta(minutes=9)),
    ],
    ids=["another reason", "no date", "no sound date", "close enough"],
)
def test_anything_else_is_not_the_clock(code: str, headers: tuple[tuple[str, str], ...], now: datetime) -> None:
    assert clock_skew(refused(code), headers, now) is None


def test_a_date_without_zone_is_utc() -> None:
    assert server_time((("Date", "Sun, 01 Mar 2026 12:00:00 -0000"),)) == NOW
