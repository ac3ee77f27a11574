"""A run keeps and decodes so much of an answer, and of what follows it counts and times every part."""

from __future__ import annotations

import pytest

from smrt_tui.core.draft import ResolvedDraft, draft_of
from smrt_tui.core.timeline import figures, marks_of
from smrt_tui.ui import run as module
from smrt_tui.ui.flight import diagnosis
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.fault_panel import fault_texts
from smrt_tui.ui.panes.frames_view import FrameRows
from smrt_tui.ui.panes.parts_view import PartRows
from smrt_tui.ui.panes.state import state_subtitle
from smrt_tui.ui.panes.wire_text import wire_text
from smrt_tui.ui.run import Run
from tests.ui.fakes import a_profile, an_entry
from tests.ui.panes.calls import deltas, ended, opening, parts
from tests.ui.panes.host import Host, shown
from tests.ui.panes.test_views import EVERY_VIEW
from tests.ui.until import eventually

EVENTS = deltas(["one ", "two ", "three ", "four"])  # and a fifth one that ends it
MOST = len(EVENTS[0]) + len(EVENTS[1]) + 5
TOTAL = sum(map(len, EVENTS))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run whose answer was larger than what is kept of one."""
    monkeypatch.setattr(module, "MOST_KEPT", MOST)
    entry = an_entry()
    run = Run(1, entry, draft_of(a_profile()), clock=lambda: 0.0)
    run.resolved = ResolvedDraft("stream", "chat", (), (), b"{}")
    run.take_in([*opening(), *parts(EVENTS), ended(2.0)])
    return run


def test_what_is_kept_is_decoded_and_nothing_behind_it(large: Run) -> None:
    columns = large.recorder.parts
    assert (len(columns), columns.total, len(columns.body), columns.kept) == (5, TOTAL, MOST, 2)
    assert large.decoder is not None
    assert large.decoder.text == "one two "


def test_the_border_says_how_much_was_kept(large: Run) -> None:
    said = state_subtitle(large.recorder, large.decoder)
    assert said.startswith(f"5 parts · {TOTAL} bytes · the first {MOST} bytes kept · 2.000 s")


def test_the_wire_view_says_what_became_of_the_rest(large: Run) -> None:
    text = "".join(piece for piece, _ in wire_text(large.recorder))
    assert f"5 payload parts, {TOTAL} bytes of payload" in text
    assert f"the first {MOST} bytes; what came after was counted and timed, not kept or decoded" in text


def test_figures_of_bytes_and_gaps_are_of_the_whole_answer_and_none_is_of_its_beginning(large: Run) -> None:
    told = {figure.key: figure.value for figure in figures(marks_of(large.recorder, large.decoder, 2.0))}
    assert (told["parts"], told["bytes"]) == (5, TOTAL)
    assert not told.keys() & {"tokens", "output_events", "decode_per_s", "last_output_s"}


def test_rows_of_parts_that_were_not_kept_say_so(large: Run) -> None:
    rows = PartRows(large.recorder.parts, large.decoder, 120)
    assert [("not kept" in rows.line(row).text) for row in range(5)] == [False, False, True, True, True]
    frames = FrameRows(large.recorder, 120)
    assert [("not kept" in frames.line(row).text) for row in range(5)] == [False, False, True, True, True]


def test_a_cut_of_ours_is_no_finding_and_no_fault(large: Run) -> None:
    assert large.decoder is not None
    assert large.decoder.is_unterminated  # which would be a finding
    assert diagnosis(large) == ()
    assert fault_texts(large.recorder) == ()


@pytest.mark.parametrize("kind", EVERY_VIEW)
async def test_every_view_shows_what_was_kept_and_is_led_to_what_was_not(large: Run, kind: type[CallView]) -> None:
    view = kind()
    async with Host(view).run_test(size=(100, 20)):
        view.show(large.recorder, large.decoder).finish()
        await eventually(lambda: not view.is_busy)
        for place in (0, MOST - 1, MOST, TOTAL - 1):
            view.locate(place)
            await eventually(lambda: not view.is_busy)
        assert len(shown(view)) == view.size.height
