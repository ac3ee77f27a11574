"""The views of one answer: what each shows of the same call, live and once it is over."""

from __future__ import annotations

import asyncio
import json

import pytest

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.events import FrameArrived, FrameHeader, FrameRejected, PartArrived
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.events_view import EventsView
from smrt_tui.ui.panes.frames_view import FramesView
from smrt_tui.ui.panes.hex_view import HexView
from smrt_tui.ui.panes.json_view import JsonView
from smrt_tui.ui.panes.line_pane import LinePane
from smrt_tui.ui.panes.markdown_view import MarkdownView
from smrt_tui.ui.panes.media_view import MediaView
from smrt_tui.ui.panes.messages import CopyRequested, Located
from smrt_tui.ui.panes.parts_view import PartsView
from smrt_tui.ui.panes.raw_view import RawView
from smrt_tui.ui.panes.split_view import SplitView
from smrt_tui.ui.panes.text_view import TextView
from tests.ui.panes.calls import add, deltas, ended, opening, parts, recorded
from tests.ui.panes.host import Host, shown
from tests.ui.until import eventually

SIZE = (90, 16)
EVERY_VIEW = (TextView, MarkdownView, PartsView, FramesView, EventsView, JsonView, RawView, HexView, MediaView)

HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://x\x07link \x9b1m \x90q\x9c \u202egnp.exe \u2066x\u2069 "
    "[bold]bold[/] [/] [@click=app.bell]x[/] a\u200bb c\u00add e\u0301 日本語 🙂 \r\n\ttab \x00 \x7f"
)


def is_harmless(text: str) -> bool:
    return not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in "\u200b\u202e\u2066\u2069\u00ad" for c in text)


@pytest.mark.parametrize("kind", EVERY_VIEW)
@pytest.mark.parametrize("framed", ["delta", "plain"])
async def test_nothing_that_a_terminal_obeys_gets_through(kind: type[CallView], framed: str) -> None:
    view = kind()
    payloads = deltas([HOSTILE, HOSTILE]) if framed == "delta" else [HOSTILE.replace("\0", "").encode(), b"\x1b[0m"]
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = recorded([*opening(), *parts(payloads), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: not view.is_busy)
        lines = [view.render_line(y).text for y in range(SIZE[1])]
        assert all(is_harmless(line) for line in lines)
        assert all(view.render_line(y).cell_length == SIZE[0] for y in range(SIZE[1]))
        if isinstance(view, TextView | MarkdownView | RawView):
            assert any("[bold]bold[/]" in line for line in lines)


@pytest.mark.parametrize("kind", EVERY_VIEW)
async def test_every_view_takes_every_key_with_nothing_to_show(kind: type[CallView]) -> None:
    view = kind()
    async with Host(view).run_test(size=SIZE) as pilot:
        view.focus()
        view.show(Recorder(), None)
        await eventually(lambda: view.has_focus)
        await pilot.press("j", "k", "G", "g", "space", "y", "n", "enter", "h", "l")
        view.locate(5)
        view.search("x")
        view.finish()
        assert len(view.rows) == 0


@pytest.mark.parametrize("kind", EVERY_VIEW)
async def test_an_empty_view_says_why(kind: type[CallView]) -> None:
    view = kind()
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = recorded([*opening(), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: "no body" in " ".join(shown(view)))


async def test_text_grows_and_is_all_there_at_the_end() -> None:
    view = TextView()
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = Recorder(), Decoder()
        view.show(recorder, decoder)
        for part in parts(deltas([f"word{number} " for number in range(300)])):
            add(recorder, decoder, [part])
            view.refresh_from(decoder)
        add(recorder, decoder, [ended(1.0)])
        view.finish()
        assert view.text.raw.decode() == decoder.text


async def test_reasoning_and_answer_and_tools_are_told_apart() -> None:
    tool = {"index": 0, "id": "t1", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}}
    chunk = {"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"tool_calls": [tool]}}]}
    payloads = [
        *deltas(["I think", " so."], "reasoning_content")[:-1],
        *deltas(["Yes."])[:-1],
        f"data: {json.dumps(chunk)}\n\n".encode(),
    ]
    view = TextView()
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = recorded([*opening(), *parts(payloads), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows))
        assert view.text.raw.decode() == (
            '▾ reasoning\nI think so.\n\n▾ answer\nYes.\n\n▾ tool call get_weather\n{"city": "Oslo"}'
        )
        assert view.text.line(1).runs[0].style == "reasoning"


async def test_another_decoder_after_a_retry_begins_anew() -> None:
    view = TextView()
    async with Host(view).run_test(size=SIZE):
        recorder, first = recorded([*opening(), *parts(deltas(["old"]))])
        view.show(recorder, first)
        await eventually(lambda: view.text.raw == b"old")
        second = Decoder()
        recorder.parts = type(recorder.parts)()
        add(recorder, second, parts(deltas(["new"])))
        view.refresh_from(second)
        await eventually(lambda: view.text.raw == b"new")


async def test_a_click_in_the_text_leads_to_its_bytes_and_back() -> None:
    view = TextView()
    app = Host(view)
    async with app.run_test(size=SIZE) as pilot:
        payloads = deltas(["one ", "two ", "three"])
        recorder, decoder = recorded([*opening(), *parts(payloads), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows))
        await pilot.click(view, offset=(5, 0))
        await eventually(lambda: Located(len(payloads[0])) in app.heard)
        view.locate(len(payloads[0]) + len(payloads[1]) + 10)
        assert view.marks.located == (8, 13)


async def test_a_part_shows_its_time_gap_bytes_text_and_cut() -> None:
    payloads = deltas(["Hel", "lo"])
    torn = [payloads[0], payloads[1][:30], payloads[1][30:]]
    view = PartsView()
    async with Host(view).run_test(size=(120, 16)):
        recorder, decoder = recorded([*opening(), *parts(torn, first_at=0.25, gap=0.03), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows) == 3)
        first, second, third = shown(view)[1:4]
        assert first.split()[:6] == ["0", "0.2500", "+250.0", str(len(payloads[0])), "Hel", "◂"]
        assert second.split()[:5] == ["1", "0.2800", "+30.0", "30", "✂"]
        assert " lo ◂ " in third and "✂" not in third


async def test_a_stall_stands_out_among_the_gaps() -> None:
    made = parts([b"x"] * 20, gap=0.01)
    late = [part if part.number < 10 else part._replace(at=part.at + 3) for part in made]
    view = PartsView()
    async with Host(view).run_test(size=(120, 30)):
        recorder, decoder = recorded([*opening(), *late, ended(9.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows) == 20)
        stalled = [row for row in range(20) if "error" in {run.style for run in view.rows.line(row).runs}]
        assert stalled == [10]


async def test_frames_of_all_kinds_stand_in_their_order_with_their_checksums() -> None:
    made = parts([b"one", b"two"])
    headers = (FrameHeader(":message-type", 7, "exception"), FrameHeader(":exception-type", 7, "ModelStreamError"))
    fault = FrameArrived(2.0, made[1].offset + 200, headers, b'{"Message":"no"}', 1, 2)
    rejected = FrameRejected(2.1, "message-crc", "the CRC differs", made[1].offset + 400, b"\x00\x01")
    view = FramesView()
    async with Host(view).run_test(size=(120, 16)):
        recorder, decoder = recorded([*opening(), *made, fault, rejected, ended(2.2, "fault")])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows) == 4)
        lines = shown(view)[1:5]
        assert f"{made[0].prelude_crc:08x} {made[0].message_crc:08x} PayloadPart one" in lines[0]
        assert "ModelStreamError" in lines[2]
        assert "message-crc: the CRC differs" in lines[3]
        assert "".join(text for text, _ in view.detail(3, 80)).startswith("rejected     message-crc")


async def test_an_answer_without_frames_says_so() -> None:
    view = FramesView()
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = recorded([*opening(is_stream=False), *parts([b"{}"], is_stream=False), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: "no event stream" in " ".join(shown(view)))


async def test_the_detail_below_a_table_is_that_of_its_cursor() -> None:
    view = SplitView(EventsView(), name="events")
    app = Host(view)
    async with app.run_test(size=(90, 30)) as pilot:
        recorder, decoder = recorded([*opening(), *parts(deltas(["one", "two"])), ended(1.0)])
        view.show(recorder, decoder)
        view.finish()
        view.take_focus()
        detail = view.query_one("Detail", LinePane)
        await eventually(lambda: any('"content": "one"' in line for line in shown(detail)))
        await pilot.press("j")
        await eventually(lambda: any('"content": "two"' in line for line in shown(detail)))
        await pilot.press("enter")
        await eventually(lambda: not view.has_class("-detailed"))


DOCUMENT = b'{"b": [1, 2.50, {"c": null}], "a": "x", "n": 12345678901234567890, "a": true}'


async def test_json_is_indented_with_digits_order_and_repeated_keys_kept() -> None:
    view = JsonView()
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = recorded([*opening(is_stream=False), *parts([DOCUMENT], is_stream=False), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows) == 12)
        assert shown(view)[:12] == [
            "{",
            '  "b": [',
            "    1,",
            "    2.50,",
            "    {",
            '      "c": null',
            "    }",
            "  ],",
            '  "a": "x",',
            '  "n": 12345678901234567890,',
            '  "a": true',
            "}",
        ]


async def test_json_folds_and_unfolds_where_the_cursor_is() -> None:
    view = JsonView()
    async with Host(view).run_test(size=SIZE) as pilot:
        recorder, decoder = recorded([*opening(is_stream=False), *parts([DOCUMENT], is_stream=False), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows) == 12)
        view.focus()
        await eventually(lambda: view.has_focus)
        await pilot.press("j", "enter")
        await eventually(lambda: shown(view)[:3] == ["{", '  "b": [ ⋯ 6 lines', '  "a": "x",'])
        await pilot.press("j", "h")
        await eventually(lambda: view.cursor == 0)
        await pilot.press("j", "l")
        await eventually(lambda: len(view.rows) == 12)


async def test_json_waits_for_the_whole_body() -> None:
    view = JsonView()
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = recorded([*opening(is_stream=False), *parts([DOCUMENT[:9]], is_stream=False)])
        view.show(recorder, decoder)
        await eventually(lambda: "9 bytes so far" in shown(view)[0])
        add(recorder, decoder, [*parts([DOCUMENT[:9], DOCUMENT[9:]], is_stream=False)[1:], ended(1.0)])
        view.finish()
        await eventually(lambda: len(view.rows) == 12)


async def test_raw_shows_every_byte_and_finds_its_offset() -> None:
    view = RawView()
    body = b"a\tb\r\n\xff\xfeend\n\xe6\x97"
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = recorded([*opening(), *parts([body]), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows) == 3)
        assert shown(view)[:3] == ["a␉b␍␊", "\\xff\\xfeend␊", "\\xe6\\x97"]
        view.locate(body.index(b"end"))
        assert view.text.text_between(view.marks.located or (0, 0)) == "e"


async def test_raw_keeps_a_character_that_two_parts_share() -> None:
    view = RawView()
    async with Host(view).run_test(size=SIZE):
        raw = "日本".encode()
        recorder, decoder = recorded([*opening(), *parts([raw[:4]])])
        view.show(recorder, decoder)
        await eventually(lambda: shown(view)[0] == "日")
        add(recorder, decoder, [*parts([raw[:4], raw[4:]])[1:], ended(1.0)])
        view.finish()
        await eventually(lambda: shown(view)[0] == "日本")


async def test_hex_shows_offset_digits_and_text_and_finds_bytes() -> None:
    view = HexView()
    app = Host(view)
    async with app.run_test(size=SIZE) as pilot:
        body = bytes(range(256))
        recorder, decoder = recorded([*opening(), *parts([body]), ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows) == 16)
        assert shown(view)[4] == ("00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO")
        assert view.search("0x7f80") == 1
        assert view.cursor == 7
        await pilot.click(view, offset=(10 + 3, 5))
        await eventually(lambda: Located(0x51) in app.heard)


async def test_copying_in_a_table_gives_the_whole_part() -> None:
    view = PartsView()
    app = Host(view)
    async with app.run_test(size=SIZE) as pilot:
        recorder, decoder = recorded([*opening(), *parts([b"one", b"two " * 100]), ended(1.0)])
        view.show(recorder, decoder).finish()
        view.focus()
        await eventually(lambda: view.has_focus and len(view.rows) == 2)
        await pilot.press("j", "y")
        await eventually(lambda: CopyRequested("two " * 100) in app.heard)


async def test_following_a_long_answer_leads_to_its_last_part() -> None:
    view = PartsView()
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = Recorder(), Decoder(None, "text/plain")
        recorder.add(PartArrived(0.3, number, b"", number, (), 0, 0) for number in range(50_001))
        recorder.add([ended(1.0)])
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows) == 50_001)
        view.follow()
        assert shown(view)[-1].split()[0] == "50000"


async def test_a_view_says_that_there_is_nothing_only_once_it_has_looked() -> None:
    view = MarkdownView()
    async with Host(view).run_test(size=SIZE):
        recorder, decoder = recorded([*opening(), *parts([b"word " * 20_000]), ended(1.0)])
        view.show(recorder, decoder)
        said = [shown(view)]
        view.finish()
        while not len(view.rows):
            said.append(shown(view))
            await asyncio.sleep(0)
        assert not any("No text" in line for lines in said for line in lines)


async def test_an_answer_without_text_says_so_in_the_end() -> None:
    view = MarkdownView()
    async with Host(view).run_test(size=SIZE):
        view.show(*recorded([*opening(), *parts([b'{"a": 1}']), ended(1.0)])).finish()
        await eventually(lambda: "No text was found" in shown(view)[0])
