"""The response pane: which view is in front, what its frame tells, and that a fault hides nothing."""

from __future__ import annotations

import pytest

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.events import Event, FrameRejected, JobMoved, JobState, ServiceFault, TransportFault
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.fault_panel import FaultPanel
from smrt_tui.ui.panes.response import ResponsePane
from smrt_tui.ui.panes.state import default_tab, state_subtitle, state_title
from smrt_tui.ui.panes.text_view import TextView
from tests.ui.panes.calls import add, deltas, ended, opening, parts, recorded
from tests.ui.panes.host import Host
from tests.ui.panes.pictures import png
from tests.ui.until import eventually

SIZE = (90, 20)

MODEL_ERROR = ServiceFault(
    1.0, "ModelError", "", "Received server error (500)", 424, 500, "CUDA [b]oom\x1b[0m", "arn:log"
)
STREAM_ERROR = ServiceFault(1.0, "ModelStreamError", "StreamBroken", "it broke", None, None, "", "")
REFUSED = TransportFault(1.0, "connect-refused", "nothing listens on 127.0.0.1:1", "start it")


def broken(*events: Event) -> tuple[Recorder, Decoder]:
    return recorded([*opening(), *parts(deltas(["kept"])), *events, ended(1.0, "fault")])


@pytest.mark.parametrize(
    ("events", "title"),
    [
        ([], "Response · sending…"),
        (opening()[:6], "Response · connect…"),
        (opening(), "Response · 200 OK · streaming…"),
        ([*opening(is_stream=False)], "Response · 200 OK · receiving…"),
        ([*opening(), ended(1.0)], "Response · 200 OK"),
        ([*opening(status=424, reason="Failed"), MODEL_ERROR, ended(1.0, "fault")], "Response · 424 ModelError"),
        (
            [*opening(), *parts([b"a", b"b"]), STREAM_ERROR, ended(1.0, "fault")],
            "Response · 200 OK · ModelStreamError after 2 parts",
        ),
        ([*opening()[:6], REFUSED, ended(1.0, "fault")], "Response · no answer · connect-refused"),
        ([*opening(), *parts([b"a"]), ended(1.0, "cancelled")], "Response · cancelled · 1 part kept"),
        ([JobMoved(1.0, JobState.WAITING, "i", "s3://o", "", "waiting")], "Response · async · waiting"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_title_tells_how_it_stands(events: list[Event], title: str) -> None:
    recorder = Recorder()
    recorder.add(events)
    assert state_title(recorder) == title


def test_the_title_tells_of_an_error_inside_a_200() -> None:
    said = [
        b'data: {"choices": [{"index": 0, "delta": {"content": "a"}}]}\n\n',
        b'data: {"error": {"message": "no"}}\n\n',
    ]
    recorder, decoder = recorded([*opening(), *parts(said), ended(1.0)])
    assert state_title(recorder, decoder) == "Response · 200 OK · error inside"


def test_the_subtitle_tells_how_much_and_how_it_was_read() -> None:
    recorder, decoder = recorded([*opening(), *parts(deltas(["hi"])), ended(1.5)])
    size = len(recorder.parts.body)
    assert state_subtitle(recorder, decoder) == f"2 parts · {size} bytes · 1.500 s · auto: sse · openai-chat"


@pytest.mark.parametrize(
    ("payloads", "content_type", "is_stream", "tab"),
    [
        (deltas(["hi"]), "", True, "text"),
        ([b'{"a": 1}'], "application/json", False, "json"),
        ([b"1,2\n3,4\n"], "text/csv", False, "text"),
        ([b'{"score": 1}\n'] * 9, "", True, "events"),
        ([png(2, 2)], "image/png", False, "media"),
        ([b"\x00\x01\x02\xff" * 50], "application/octet-stream", False, "hex"),
        ([], "", True, "text"),
    ],
    ids=["stream of text", "json", "csv", "stream without text", "picture", "bytes", "nothing yet"],
)
def test_the_view_in_front_suits_the_content(
    payloads: list[bytes], content_type: str, is_stream: bool, tab: str
) -> None:
    head = opening(is_stream=is_stream, content_type="" if is_stream else content_type)
    recorder, decoder = recorded([*head, *parts(payloads, is_stream=is_stream), ended(1.0)], content_type)
    assert default_tab(recorder, decoder) == tab


async def test_nothing_sent_yet_says_what_to_press() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE):
        await eventually(lambda: pane.query("EmptyView"))
        empty = pane.query("EmptyView").first()
        await eventually(lambda: "Press f5" in empty.render_line(0).text)


async def test_keys_turn_to_views_and_a_choice_is_kept() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        recorder, decoder = recorded([*opening(), *parts(deltas(["hi"]))])
        pane.show(recorder, decoder)
        await eventually(lambda: pane.front is not None and pane.tab == "text")
        assert pane.front is not None
        pane.front.take_focus()
        await eventually(lambda: pane.has_focus_within)
        await pilot.press("3")
        await eventually(lambda: pane.tab == "parts" and pane.front is not None and pane.front.has_focus)
        pane.refresh_from(decoder)
        pane.finish()
        assert pane.tab == "parts"
        await pilot.press("right_square_bracket")
        await eventually(lambda: pane.tab == "frames" and pane.front is not None)
        await pilot.press("left_square_bracket", "left_square_bracket")
        await eventually(lambda: pane.tab == "markdown")


async def test_a_tab_can_be_clicked() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        recorder, decoder = recorded([*opening(), *parts(deltas(["hi"])), ended(1.0)])
        pane.show(recorder, decoder)
        await eventually(lambda: pane.front is not None)
        strip = pane.query_one("TabStrip")
        at = strip.render_line(0).text.index("Hex")
        await pilot.click(strip, offset=(at, 0))
        await eventually(lambda: pane.tab == "hex" and pane.front is not None)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            MODEL_ERROR,
            ["ModelError", "HTTP 424", "answered 500", "server error", "CUDA [b]oom␛[0m", "arn:log"],
        ),
        (STREAM_ERROR, ["ModelStreamError (StreamBroken) inside the stream", "it broke"]),
        (REFUSED, ["connect-refused", "nothing listens", "→ start it"]),
        (FrameRejected(1.0, "message-crc", "the CRC is wrong", 9, b"x"), ["message-crc", "the CRC is wrong"]),
    ],
    ids=["model", "stream", "transport", "frame"],
)
async def test_a_fault_is_told_in_full_and_hides_no_part(fault: Event, words: list[str]) -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE):
        recorder, decoder = broken(fault)
        pane.show(recorder, decoder)
        pane.finish()
        panel = pane.query_one(FaultPanel)
        await eventually(lambda: panel.size.height > 1)
        told = " ".join(panel.render_line(y).text for y in range(panel.size.height))
        assert [word for word in words if word not in told] == []
        assert "The 2 parts" in told
        front = pane.front
        assert front is not None
        await eventually(lambda: "kept" in pane.query_one("TextView").render_line(0).text)


async def test_a_new_call_leaves_nothing_of_the_old_one() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE):
        pane.show(*broken(STREAM_ERROR))
        pane.finish()
        await eventually(lambda: pane.front is not None and pane.query_one(FaultPanel).said)
        recorder = Recorder()
        pane.show(recorder, None)
        assert pane.query_one(FaultPanel).said == ()
        await eventually(lambda: "kept" not in pane.query_one("TextView").render_line(0).text)
        decoder = Decoder()
        add(recorder, decoder, [*opening(), *parts(deltas(["fresh"]))])
        pane.refresh_from(decoder)
        await eventually(lambda: "fresh" in pane.query_one("TextView").render_line(0).text)


async def test_a_view_that_was_hidden_when_another_call_began_can_be_painted_at_once() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE):
        pane.show(*recorded([*opening(), *parts(deltas(["one"])), ended(1.0)]))
        pane.finish()
        await eventually(lambda: pane.front is not None and "one" in pane.front.render_line(0).text)
        text = pane.front
        assert isinstance(text, TextView)
        pane.action_show_tab(3)
        await eventually(lambda: not text.size)
        pane.show(Recorder(), None)
        assert text.render_line(0).text.strip() == ""


async def test_an_emoji_that_terminals_count_differently_is_drawn_as_what_all_count_alike() -> None:
    recorder, decoder = recorded([*opening(), *parts(deltas(["a ⚠\ufe0f b 👍🏽 c"]))])
    async with Host(ResponsePane()).run_test(size=(40, 12)) as pilot:
        pane = pilot.app.query_one(ResponsePane)
        pane.show(recorder, decoder)
        await eventually(lambda: pane.front is not None)
        await eventually(lambda: pane.query_one("TextView").render_line(0).text.rstrip() == "a ⚠  b 👍 c")
        assert decoder.text == "a ⚠\ufe0f b 👍🏽 c"


async def test_a_view_that_was_hidden_while_parts_came_catches_up() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        recorder, decoder = Recorder(), Decoder()
        add(recorder, decoder, [*opening(), *parts(deltas(["a"]))])
        pane.show(recorder, decoder)
        await eventually(lambda: pane.front is not None)
        pane.action_show_tab(7)
        await eventually(lambda: pane.tab == "raw" and pane.front is not None)
        add(recorder, decoder, [*parts([b"", b"", b"", b"data: late\n\n"])[3:], ended(1.0)])
        pane.finish()
        pane.action_show_tab(3)
        await eventually(lambda: pane.front is not None and pane.front.name == "parts")
        await pilot.pause()
        parts_view = pane.query_one("PartsView")
        await eventually(lambda: any("late" in parts_view.render_line(y).text for y in range(parts_view.size.height)))


async def test_a_cursor_in_one_view_leads_in_the_others() -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        recorder, decoder = recorded([*opening(), *parts(deltas(["one ", "two "])), ended(1.0)])
        pane.show(recorder, decoder)
        for number in (8, 3):
            pane.action_show_tab(number)
            await eventually(lambda: pane.front is not None)
            await pilot.pause()
        pane.query_one("PartsView").focus()
        await eventually(lambda: pane.query_one("PartsView").has_focus)
        await pilot.press("j")
        start = recorder.parts.start(1)
        hex_view = pane.query_one("HexView")
        await eventually(lambda: getattr(hex_view, "cursor", 0) == start // 16)


@pytest.mark.parametrize("width", [20, 34, 50, 80, 120])
async def test_the_tabs_fit_any_width(width: int) -> None:
    pane = ResponsePane()
    async with Host(pane).run_test(size=(width, 10)):
        recorder, decoder = recorded([*opening(), *parts(deltas(["hi"])), ended(1.0)])
        pane.show(recorder, decoder)
        await eventually(lambda: pane.front is not None)
        strip = pane.query_one("TabStrip")
        await eventually(lambda: "Text" in strip.render_line(0).text)
        assert len(strip.render_line(0).text) == width
