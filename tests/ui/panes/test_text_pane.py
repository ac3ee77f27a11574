"""The pane that every output is drawn in: following, moving, marking, copying, and large texts."""

from __future__ import annotations

import pytest
from textual.message import Message
from textual.pilot import Pilot

from smrt_tui.ui.panes.messages import CopyRequested, FollowChanged, Searched
from smrt_tui.ui.panes.text_pane import TextPane
from tests.ui.panes.host import Host, shown
from tests.ui.until import eventually

SIZE = (40, 10)


def numbered(first: int, last: int) -> str:
    return "".join(f"line {number}\n" for number in range(first, last))


async def focused(pilot: Pilot[None], pane: TextPane) -> None:
    pane.focus()
    await eventually(lambda: pane.has_focus)


async def a_full_pane(pilot: Pilot[None], pane: TextPane, lines: int = 100) -> None:
    pane.is_live = pane.is_following = True
    pane.append(numbered(0, lines))
    await eventually(lambda: len(pane.text) == lines and f"line {lines - 1}" in shown(pane))
    await focused(pilot, pane)


async def test_what_is_appended_shows_and_the_end_is_followed() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane)
        assert shown(pane) == [f"line {number}" for number in range(90, 100)]


async def test_scrolling_up_pauses_and_says_how_much_came_since() -> None:
    pane = TextPane()
    app = Host(pane)
    async with app.run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane)
        await pilot.press("k", "k", "k")
        pane.append(numbered(100, 107))
        await eventually(lambda: len(pane.text) == 107)
        await eventually(lambda: "paused · 7 new lines (G to follow)" in shown(pane)[-1])
        assert shown(pane)[0] == "line 87"
        await pilot.press("G")
        await eventually(lambda: shown(pane)[-1] == "line 106")
        pane.append("more\n")
        await eventually(lambda: shown(pane)[-1] == "more")
        assert [message for message in app.heard if isinstance(message, FollowChanged)] == [
            FollowChanged(False),
            FollowChanged(True),
        ]


async def test_close_to_the_end_it_follows_again_by_itself() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane)
        await pilot.press("k", "k", "k", "j", "j")
        assert pane.is_following


@pytest.mark.parametrize(
    ("keys", "top"),
    [
        (["g"], 0),
        (["home"], 0),
        (["g", "j", "j", "k"], 1),
        (["g", "down"], 1),
        (["g", "ctrl+d"], 5),
        (["g", "ctrl+d", "ctrl+u"], 0),
        (["g", "space"], 9),
        (["g", "pagedown", "pageup"], 0),
        (["g", "G"], 90),
        (["g", "end"], 90),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
async def test_keys_move_as_in_a_pager(keys: list[str], top: int) -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane)
        await pilot.press(*keys)
        await eventually(lambda: pane.view.top == top)


async def test_the_row_at_the_top_stays_there_when_the_width_changes() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=(60, 10)) as pilot:
        pane.append("".join(f"{number} " + "word " * 30 + "\n" for number in range(2000)))
        await eventually(lambda: pane.text.is_settled and len(pane.text) > 5000)
        pane.go_to(pane.text.place(pane.text.raw.find(b"\n1000 ") + 1)[0])
        assert shown(pane)[0].startswith("1000 ")
        await pilot.resize_terminal(33, 10)
        await eventually(lambda: pane.text_width == 32 and shown(pane)[0].startswith("1000 "))
        await eventually(lambda: pane.text.is_settled and not pane.is_busy)
        assert shown(pane)[0].startswith("1000 ")


async def test_a_search_goes_to_the_nearest_match_and_round() -> None:
    pane = TextPane()
    app = Host(pane)
    async with app.run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane)
        await pilot.press("g")
        assert pane.search("LINE 5") == 0
        assert pane.search("line 5") == 11
        await pilot.press("n")
        await eventually(lambda: any(line == "line 50" for line in shown(pane)))
        await pilot.press("N", "N")
        await eventually(lambda: pane.marks.current == 10)
        searched = [message for message in app.heard if isinstance(message, Searched)]
        assert searched[-1] == Searched("line 5", 11, 11, True)


async def test_a_match_stands_out() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane, 5)
        pane.search("3")
        marked = [segment for segment in pane.render_line(3) if segment.text == "3"]
        assert [segment.style for segment in marked] == [pane.style_of("", "match-current")]


async def test_copying_without_a_selection_gives_everything() -> None:
    pane = TextPane()
    app = Host(pane)
    async with app.run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane, 3)
        await pilot.press("y")
        await eventually(lambda: CopyRequested("line 0\nline 1\nline 2") in app.heard)


async def test_dragging_selects_across_rows_and_copies_without_wrapping() -> None:
    pane = TextPane()
    app = Host(pane)
    async with app.run_test(size=(20, 10)) as pilot:
        pane.append("the quick brown fox jumps over the lazy dog\nend\n")
        await eventually(lambda: len(pane.text) == 4)
        await pilot.mouse_down(pane, offset=(4, 0))
        await pilot.hover(pane, offset=(10, 1))
        await pilot.mouse_up(pane, offset=(10, 1))
        await focused(pilot, pane)
        await pilot.press("c")
        await eventually(lambda: any(isinstance(message, CopyRequested) for message in app.heard))
        assert [message.text for message in copied(app.heard)] == ["quick brown fox jumps over"]


def copied(heard: list[Message]) -> list[CopyRequested]:
    return [message for message in heard if isinstance(message, CopyRequested)]


async def test_a_double_click_selects_a_word() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane, 3)
        await pilot.click(pane, offset=(1, 1), times=2)
        await eventually(lambda: pane.marks.selection is not None)
        assert pane.text.text_between(pane.marks.selection or (0, 0)) == "line"


async def test_escape_is_only_taken_while_something_is_marked() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane, 3)
        assert pane.check_action("unmark", ()) is False
        pane.search("line")
        assert pane.check_action("unmark", ()) is True
        await pilot.press("escape")
        await eventually(lambda: pane.marks.is_empty)


async def test_the_scrollbar_can_be_dragged() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane)
        await pilot.mouse_down(pane, offset=(39, 9))
        await pilot.hover(pane, offset=(39, 0))
        await pilot.mouse_up(pane, offset=(39, 0))
        await eventually(lambda: pane.view.top == 0)


async def test_the_wheel_scrolls() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await a_full_pane(pilot, pane)
        pane.go_to(0)
        pane.scroll_rows(3)
        assert shown(pane)[0] == "line 3"


async def test_many_small_pieces_are_one_frame_s_work() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE):
        await eventually(lambda: not pane.is_busy)
        for number in range(10_000):
            pane.append(f"{number} ")
        await eventually(lambda: len(pane.text.raw) == len("".join(f"{number} " for number in range(10_000))))


async def test_a_megabyte_without_a_line_end_is_only_rows() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE):
        pane.append("x" * 1_000_000)
        await eventually(lambda: len(pane.text.raw) == 1_000_000 and pane.text.is_settled)
        assert {len(line) for line in shown(pane)[:-1]} == {39}


async def test_a_large_text_is_searched_to_its_end_in_slices() -> None:
    pane = TextPane()
    app = Host(pane)
    async with app.run_test(size=SIZE):
        pane.append("filler text\n" * 600_000 + "the needle\n")
        await eventually(lambda: pane.text.raw.endswith(b"needle\n"))
        assert pane.search("needle") == 0
        await eventually(lambda: pane.marks.total == 1 and any("needle" in line for line in shown(pane)))


async def test_an_empty_pane_takes_every_key() -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=SIZE) as pilot:
        await focused(pilot, pane)
        await pilot.press("j", "k", "g", "G", "space", "b", "n", "N", "y", "ctrl+d", "ctrl+u", "escape")
        await pilot.click(pane, offset=(3, 3), times=3)
        assert pane.search("x") == 0


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (5, 2), (3, 40)], ids=str)
async def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    pane = TextPane()
    async with Host(pane).run_test(size=size):
        pane.append(numbered(0, 50) + "日本語")
        await eventually(lambda: len(pane.text) > 50)
        assert [strip.cell_length for strip in pane.render_lines(pane.size.region)] == [size[0]] * size[1]
