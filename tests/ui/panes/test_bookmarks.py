"""Bookmarks: bytes of the body that stay marked in every view, while more arrives and after."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.events import AttemptEnded
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.bookmarks import Bookmarks
from smrt_tui.ui.bookmarks_screen import BookmarkList, bookmark_line
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.messages import Remarked
from smrt_tui.ui.panes.response import ResponsePane
from smrt_tui.ui.panes.tab_strip import TabStrip
from tests.ui.panes.calls import add, deltas, ended, opening, parts, recorded
from tests.ui.panes.host import Host
from tests.ui.until import eventually

SIZE = (90, 24)
WORDS = [f"word{number} " for number in range(30)]


def marked_rows(pane: ResponsePane) -> list[str]:
    """The rows of the view in front that have a sign at their edge."""
    view = pane.front
    assert view is not None
    lines = [view.source.render_line(y).text for y in range(view.source.size.height)]
    return [line[:-1].strip() for line in lines if line.endswith("◆")]


async def turned_to(pane: ResponsePane, name: str) -> CallView:
    """The view of that name, in front and with the focus."""
    pane.tab = name
    await eventually(lambda: pane.front is not None and pane.front.name == name and len(pane.front.source.rows) > 0)
    assert pane.front is not None
    view = pane.front.source
    view.focus()
    await eventually(lambda: view.has_focus and view.view.height > 4)
    return view


@given(st.lists(st.integers(0, 50)), st.integers(0, 50))
def test_stepping_goes_round(offsets: list[int], here: int) -> None:
    marks = Bookmarks()
    for offset in offsets:
        if not marks.is_any_in(offset, offset + 1):
            marks.toggle(offset, offset + 1)
    ordered = sorted(set(offsets))
    assert list(marks) == ordered
    assert marks.after(here) == next((one for one in ordered if one > here), ordered[0] if ordered else None)
    assert marks.before(here) == next(
        (one for one in reversed(ordered) if one < here), ordered[-1] if ordered else None
    )


def test_a_second_press_drops_what_is_in_the_row() -> None:
    marks = Bookmarks()
    assert (marks.toggle(10, 20), marks.toggle(8, 12), list(marks)) == (True, False, [])


async def test_a_mark_set_while_it_streams_stays_in_every_view() -> None:
    pane = ResponsePane()
    app = Host(pane)
    async with app.run_test(size=SIZE) as pilot:
        recorder, decoder = Recorder(), Decoder(None, "text/event-stream")
        events = parts(deltas(WORDS))
        add(recorder, decoder, [*opening(), *events[:5]])
        marks = Bookmarks()
        pane.show(recorder, decoder, marks)
        pane.refresh_from(decoder)
        await turned_to(pane, "text")
        await pilot.press("m")
        await eventually(lambda: list(marks) == [recorder.parts.start(4)])
        add(recorder, decoder, [*events[5:], ended(2.0)])
        pane.refresh_from(decoder)
        pane.finish()
        assert pane.query_one(TabStrip).aside == "◆ 1"
        for name, words in (
            ("text", "word0"),
            ("parts", "word4"),
            ("events", "4    0.3700"),
            ("frames", "4"),
            ("raw", ""),
        ):
            await turned_to(pane, name)
            await eventually(lambda: len(marked_rows(pane)) == 1, name)
            assert words in marked_rows(pane)[0]


def finished() -> tuple[Recorder, Decoder]:
    return recorded([*opening(), *parts(deltas(WORDS)), ended(2.0)])


async def test_keys_go_from_mark_to_mark() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        recorder, decoder = finished()
        pane.show(recorder, decoder)
        view = await turned_to(pane, "parts")
        await pilot.press("g", "j", "j", "m", "j", "j", "j", "m", "apostrophe")
        await eventually(lambda: view.cursor == 2)
        await pilot.press("quotation_mark")
        await eventually(lambda: view.cursor == 5)
        await pilot.press("m", "m", "m", "apostrophe")
        await eventually(lambda: view.cursor == 2)
        assert list(pane.bookmarks) == [recorder.parts.start(2)]


async def test_the_right_button_marks_a_row() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        recorder, decoder = finished()
        pane.show(recorder, decoder)
        view = await turned_to(pane, "parts")
        await pilot.pause()
        await pilot.click(view, offset=(5, 4), button=3)
        await eventually(lambda: list(pane.bookmarks) == [recorder.parts.start(3)])


async def test_a_retry_has_no_bookmarks_of_the_answer_before() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE):
        recorder, decoder = Recorder(), Decoder(None, "text/event-stream")
        add(recorder, decoder, [*opening(), *parts(deltas(WORDS))])
        pane.show(recorder, decoder)
        pane.bookmarks.toggle(0, 1)
        recorder.add([AttemptEnded(0.5, 1, "503", 0.2)])
        pane.refresh_from(Decoder(None, ""))
        assert list(pane.bookmarks) == []


async def test_a_view_without_places_says_so() -> None:
    pane = ResponsePane()
    app = Host(pane)
    async with app.run_test(size=SIZE) as pilot:
        pane.show(*recorded([*opening(is_stream=False), *parts([b'{"a": 1}'], is_stream=False), ended(2.0)]))
        await turned_to(pane, "json")
        await pilot.press("m")
        await eventually(lambda: any(isinstance(message, Remarked) for message in app.heard))
        assert list(pane.bookmarks) == []


async def test_a_token_is_walked_to_by_keys_and_a_view_made_later_is_there_too() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        pane.show(*finished())
        await turned_to(pane, "text")
        await pilot.press("l", "l", "l", "l", "h", "5")
        events = await turned_to(pane, "events")
        await eventually(lambda: events.cursor == 2)
        await pilot.press("3")
        parts_view = await turned_to(pane, "parts")
        await eventually(lambda: parts_view.cursor == 2)


def test_the_list_tells_the_text_from_a_mark_on_or_its_bytes() -> None:
    recorder, decoder = finished()
    place = decoder.answer.places[4]
    assert bookmark_line(recorder.parts, decoder.answer, place.start).splitlines() == [
        f"◆ part 4 · 0.370 s · byte {place.start:,}",
        "  word4 word5 word6 word7 word8 word9 word10 word11 word12 wor",
    ]
    assert "data: {" in bookmark_line(recorder.parts, None, place.start)


async def test_the_list_goes_to_a_mark_and_drops_marks() -> None:
    recorder, decoder = finished()
    chosen: list[int | None] = []
    dropped: list[int] = []
    app = Host(ResponsePane())
    async with app.run_test(size=SIZE) as pilot:
        offsets = [recorder.parts.start(number) for number in (1, 2, 3)]
        app.push_screen(BookmarkList(recorder.parts, decoder.answer, offsets, dropped.append), chosen.append)
        await eventually(lambda: isinstance(app.screen, BookmarkList) and app.screen.query("OptionList"))
        await pilot.press("down", "d", "enter")
        await eventually(lambda: chosen)
        assert (dropped, chosen) == ([offsets[1]], [offsets[2]])
