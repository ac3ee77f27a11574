"""A call of the history as a line: when, what, how it ended; as wide as there is room."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from smrt_tui.core.invocation import HistoryRow
from smrt_tui.ui.history_screen import history_line

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ROW = HistoryRow(1, "local/chat", NOW.isoformat(), "stream", "chat", "complete", 200, 3, 20_480, 0.1, 1.2345)


def test_a_line_tells_when_what_and_how_it_ended() -> None:
    assert history_line(ROW, NOW).split() == [
        NOW.astimezone().strftime("%H:%M:%S"),
        *("local/chat", "stream", "complete", "200", "1,234", "ms", "20,480", "B"),
    ]


def test_another_day_is_told_by_its_date() -> None:
    before = replace(ROW, started_at=datetime(2026, 1, 2, 12, 0, tzinfo=UTC).isoformat())
    assert history_line(before, NOW).startswith("02 Jan ")
    assert history_line(before, NOW, is_narrow=True).startswith("02 Jan   local/chat")


def test_a_long_row_fits_into_eighty_columns() -> None:
    long = replace(ROW, profile_id="a\x1b" * 40, verdict="broke after it began", status=None, total_s=9999.0)
    assert len(history_line(long, NOW, is_narrow=True)) <= 71
    assert "\x1b" not in history_line(long, NOW)


def test_a_moment_that_is_none_is_shown_as_it_is() -> None:
    assert history_line(replace(ROW, started_at="yesterday"), NOW).startswith("yesterda ")
