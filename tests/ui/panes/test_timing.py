"""The timing pane: bars, figures by their honest names, definitions, at any width."""

from __future__ import annotations

import pytest

from smrt_tui.core.events import AttemptEnded, Phase, PhaseMarked
from smrt_tui.core.figure import figure
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.timeline import marks_of, phase_spans
from smrt_tui.ui.panes.pace import Pace
from smrt_tui.ui.panes.timing import TimingPane
from smrt_tui.ui.panes.timing_lines import value_text
from smrt_tui.ui.panes.units import duration, milliseconds, size
from smrt_tui.ui.panes.waterfall import bar, sparkline
from tests.ui.panes.calls import PHASES, deltas, ended, opening, parts, recorded
from tests.ui.panes.host import Host, shown
from tests.ui.until import eventually


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.000_42, "0.42 ms"),
        (0.0123, "12.3 ms"),
        (0.482, "482 ms"),
        (1.25, "1.250 s"),
        (125, "2 m 05 s"),
        (0, "0.00 ms"),
    ],
)
def test_a_duration_is_as_exact_as_a_person_needs(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_columns_have_exact_milliseconds() -> None:
    assert [milliseconds(value) for value in (0.0008, 0.0153, 12.345)] == ["0.800", "15.3", "12,345"]


def test_sizes_are_in_powers_of_a_thousand() -> None:
    assert [size(value) for value in (0, 1, 999, 1000, 123_456, 5_000_000, 2_500_000_000)] == [
        "0 bytes",
        "1 byte",
        "999 bytes",
        "1.0 KB",
        "123 KB",
        "5.0 MB",
        "2.50 GB",
    ]


def test_a_bar_stands_where_its_phase_was() -> None:
    assert bar(0.5, 1.0, 1.0, 8) == ("    ", "████")
    assert bar(0.0, 0.000_01, 1.0, 8) == ("", "▏")
    assert bar(1.0, 1.0, 1.0, 8) == ("       ", "▏")
    assert bar(0, 1, 1, 0) == ("", "")


def test_a_sparkline_keeps_the_greatest_of_neighbours() -> None:
    assert sparkline([0, 0, 8, 0, 4, 0], 3) == "▁█▄"
    assert sparkline([], 5) == sparkline([1], 0) == ""
    assert sparkline([0, 0], 5) == "▁▁"


def test_a_figure_that_is_not_exact_says_so() -> None:
    assert value_text(figure("decode_per_s", 19.13, "≈ events")) == "≈ 19.1 ev/s"
    assert value_text(figure("decode_per_s", 19.0, "server count")) == "19 tok/s"
    assert value_text(figure("ttft_s", 0.231)) == "231 ms"
    assert value_text(figure("bytes_per_s", 12_345)) == "12.3 KB/s"


def test_bytes_are_counted_in_tenths_of_a_second() -> None:
    recorder = Recorder()
    recorder.add(parts([b"abc", b"d", b"ef"], first_at=1.0, gap=0.15))
    pace = Pace(recorder.parts)
    assert pace.count_on() is False
    assert list(pace.buckets) == [3, 1, 0, 2]


@pytest.mark.parametrize("width", [1, 12, 24, 30, 40, 60, 84, 130])
async def test_every_width_shows_names_and_numbers(width: int) -> None:
    pane = TimingPane()
    async with Host(pane).run_test(size=(width, 50)):
        pane.show(*recorded([*opening(), *parts(deltas(["a", "b", "c"])), ended(1.0)]))
        pane.finish()
        await eventually(lambda: len(pane.rows))
        assert [strip.cell_length for strip in pane.render_lines(pane.size.region)] == [width] * 50
        if width >= 24:
            text = "\n".join(shown(pane))
            assert "183.1 ms" in text
            assert "TTFB (headers)" in text


async def test_the_phase_that_runs_grows_with_time() -> None:
    pane = TimingPane()
    async with Host(pane).run_test(size=(60, 30)):
        pane.show(*recorded(opening()[:5]))
        pane.refresh_from(0.5)
        await eventually(lambda: any("496.9 ms" in line or "498.9 ms" in line for line in shown(pane)))


async def test_the_definition_of_the_figure_under_the_cursor_shows() -> None:
    pane = TimingPane()
    async with Host(pane).run_test(size=(60, 40)) as pilot:
        pane.show(*recorded([*opening(), *parts(deltas(["a", "b"])), ended(1.0)]))
        pane.finish()
        pane.focus()
        await eventually(lambda: pane.has_focus and len(pane.rows) > 12)
        row = next(y for y, line in enumerate(shown(pane)) if line.startswith("TTFB"))
        await pilot.press(*["j"] * row)
        assert pane.definition.startswith("TTFB (headers): first request byte written → response head read")
        await eventually(lambda: any("TTFB (headers): first request byte" in line for line in shown(pane)[-3:]))


async def test_the_pace_is_drawn_above_the_figures() -> None:
    pane = TimingPane()
    async with Host(pane).run_test(size=(60, 30)):
        pane.show(*recorded([*opening(), *parts(deltas("words"), gap=0.1)]))
        await eventually(lambda: any(line.startswith("bytes/s") for line in shown(pane)))
        lines = shown(pane)
        gaps = next(y for y, line in enumerate(lines) if line.startswith("last gaps"))
        assert lines[gaps].split()[2:] == ["█████", "≤", "100", "ms"]
        assert lines[gaps + 1].startswith("bytes/s     █")
        assert any(line.startswith("TTFB") for line in lines[gaps:])


async def test_hovering_explains_too() -> None:
    pane = TimingPane()
    async with Host(pane).run_test(size=(60, 40)) as pilot:
        pane.show(*recorded([*opening(), *parts(deltas(["a", "b"])), ended(1.0)]))
        pane.finish()
        await eventually(lambda: len(pane.rows) > 12)
        row = next(y for y, line in enumerate(shown(pane)) if line.startswith("E2E"))
        await pilot.hover(pane, offset=(5, row))
        await eventually(lambda: pane.definition.startswith("E2E:"))


async def test_nothing_sent_yet_says_what_will_be_here() -> None:
    pane = TimingPane()
    async with Host(pane).run_test(size=(60, 10)):
        pane.clear()
        await eventually(lambda: "Once a request is sent" in shown(pane)[0])


async def test_every_attempt_has_a_timeline_of_its_own() -> None:
    recorder = Recorder()
    failed = [*opening(status=503), AttemptEnded(0.25, 1, "503 (503)", 0.1)]
    second = [PhaseMarked(0.35, Phase.SIGN), PhaseMarked(0.36, Phase.SEND_HEAD), PhaseMarked(0.37, Phase.WAIT)]
    recorder.add([*failed, *second, ended(0.5)])
    first = phase_spans(marks_of(recorder, None, 0.5))[0]
    assert (first.phase, first.begin, round(first.end, 6)) == (Phase.SIGN, 0.0, 0.01)
    pane = TimingPane()
    async with Host(pane).run_test(size=(100, 40)):
        pane.show(recorder, None)
        pane.finish()
        await eventually(lambda: any("tried again" in line for line in shown(pane)))
        lines = shown(pane)
        headings = [line.strip() for line in lines if line.strip().startswith("attempt")]
        assert headings == ["attempt 2", "attempt 1 · 503 (503) · tried again after 100 ms"]
        below = lines[next(number for number, line in enumerate(lines) if "tried again" in line) :]
        assert [line.split()[0] for line in below[1 : 1 + len(PHASES)]] == [phase.value for _, phase in PHASES]
