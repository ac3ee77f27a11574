"""The header table, the content-type probe and three ways at once, as a person meets them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.widgets import Button, Input, Static

from smrt_tui.core.events import Ended, Event, HeadArrived, PartArrived, RequestSent, ServiceFault
from smrt_tui.core.header_table import HeaderRow
from smrt_tui.ui.header_screen import HeaderScreen, row_told
from smrt_tui.ui.probe_screen import ProbeScreen
from smrt_tui.ui.table_view import TableView
from smrt_tui.ui.three_ways_screen import ThreeWaysScreen
from smrt_tui.ui.tick_list import TickList
from tests.ui.fakes import FakeCall, FakeWorkbench, a_held_call, an_answer, sse
from tests.ui.sitting import AppSitting, at_the_terminal

SIZES = [(80, 24), (200, 50)]


def sent_call() -> FakeCall:
    events = an_answer(*sse("Hello"))
    sent = RequestSent(0.02, b"", (("Host", "h"), ("X-Amzn-SageMaker-Accept", "text/event-stream")), 2)
    return FakeCall([(*events[:4], sent, *events[4:])])


def rows_of(sitting: AppSitting) -> list[list[str]]:
    table = sitting.one(TableView)
    return [[cell.plain for cell in table.get_row_at(number)] for number in range(table.row_count)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_header_table_shows_each_header_and_tells_the_row_under_the_cursor(size: tuple[int, int]) -> None:
    async with at_the_terminal(FakeWorkbench(make_call=sent_call), size=size) as sitting:
        await sitting.send()
        await sitting.press("alt+shift+h")
        await sitting.until(lambda: isinstance(sitting.app.screen, HeaderScreen) and sitting.one(TableView).row_count)
        names = [row[0] for row in rows_of(sitting)]
        assert "≠ …-Accept" in names and "≠ Host" in names
        await sitting.press(*["down"] * names.index("≠ …-Accept"))
        told = sitting.one(Static, "#row-told Static")
        await sitting.until(lambda: "renamed: the container sees it as Accept" in str(told.content))
        await sitting.press("c")
        await sitting.until(lambda: "| Header | typed |" in sitting.app.clipboard)
        await sitting.press("escape")
        assert not isinstance(sitting.app.screen, HeaderScreen)


async def test_before_anything_was_sent_there_is_no_header_table() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("alt+shift+h")
        assert sitting.toasts() == ["Nothing was sent yet; f5 sends, f3 shows what would be"]


def test_a_row_is_told_as_text_whatever_stands_in_it() -> None:
    told = row_told(HeaderRow("[b]X[/b]", "a\x1b[31m", True, "[red]", None, None, ("why",)), "told by [i]")
    assert "[b]X[/b]" in told.plain and "[red]" in told.plain and "\x1b" not in told.plain


def answered(status: int = 200) -> FakeCall:
    head = HeadArrived(0.03, "1.1", status, "", (("Content-Type", "text/csv"),))
    fault: Sequence[Event] = (
        () if status == 200 else (ServiceFault(0.1, "ModelError", "", "no", 424, 415, "no csv", ""),)
    )
    ended = Ended(0.2, "complete" if status == 200 else "fault")
    return FakeCall([(head, PartArrived(0.1, 0, b"1,2", 0, (), 0, 0), *fault, ended)])


async def open_probe(sitting: AppSitting) -> None:
    await sitting.press("alt+shift+p")
    await sitting.until(lambda: isinstance(sitting.app.screen, ProbeScreen) and sitting.sees("TickList"))


@pytest.mark.parametrize("size", SIZES)
async def test_a_probe_fires_what_is_ticked_and_tabulates_it(size: tuple[int, int]) -> None:
    calls = iter([answered(), answered(424)] * 20)
    workbench = FakeWorkbench(make_call=lambda: next(calls))
    async with at_the_terminal(workbench, size=size) as sitting:
        await open_probe(sitting)
        assert workbench.fire_asked == 0
        await sitting.press("space", "f5")  # application/json is ticked off: text/csv and none are left
        await sitting.until(
            lambda: workbench.fire_asked == 8 and "8/8" in str(sitting.one(Static, "#progress").content)
        )
        rows = rows_of(sitting)
        assert {row[0] for row in rows} == {"text/csv", "(none)"}
        assert sorted(row[2:4] for row in rows) == [["200", "ok"]] * 4 + [["424 (415)", "no csv"]] * 4
        await sitting.press("c")
        assert sitting.app.clipboard.startswith("Endpoint `chat`: 4 of 8 pairs were answered.")
        await sitting.press("escape")
        assert not isinstance(sitting.app.screen, ProbeScreen)


async def test_a_tick_is_told_by_its_shape() -> None:
    async with at_the_terminal() as sitting:
        await open_probe(sitting)
        ticks = sitting.one(TickList, "#content-types")
        shown = {ticks.render_line(row).text[:3] for row in range(ticks.option_count)}
        assert shown == {"[x]", "[ ]"}
        first = ticks.get_option_at_index(0).value
        assert (first in ticks.selected, ticks.render_line(0).text[:3]) == (True, "[x]")
        await sitting.pilot.click("#content-types", offset=(1, 0))
        assert (first in ticks.selected, ticks.render_line(0).text[:3]) == (False, "[ ]")


async def test_a_type_of_one_s_own_joins_the_list() -> None:
    async with at_the_terminal() as sitting:
        await open_probe(sitting)
        field = sitting.one(Input, "#choice Vertical Input")
        field.focus()
        field.value = "application/x-mine"
        await sitting.press("enter")
        await sitting.until(lambda: "16 calls" in str(sitting.one(Static, "#progress").content))
        assert "application/x-mine" in sitting.one(TickList, "#content-types").selected


async def test_a_probe_is_stopped_and_keeps_what_it_found() -> None:
    calls = iter([answered(), a_held_call(b"x"), a_held_call(b"x"), a_held_call(b"x")])
    workbench = FakeWorkbench(make_call=lambda: next(calls))
    async with at_the_terminal(workbench) as sitting:
        await open_probe(sitting)
        await sitting.press("f5")
        await sitting.until(lambda: workbench.fire_asked == 3)
        await sitting.press("escape")
        await sitting.until(lambda: "stopped, 1 ok" in str(sitting.one(Static, "#progress").content))
        assert [call.is_cancelled for call in workbench.calls] == [False, True, True]
        assert isinstance(sitting.app.screen, ProbeScreen)
        await sitting.pilot.click("#leave")
        await sitting.until(lambda: not isinstance(sitting.app.screen, ProbeScreen))


async def test_a_grid_that_is_too_large_is_not_fired() -> None:
    workbench = FakeWorkbench()
    async with at_the_terminal(workbench) as sitting:
        await open_probe(sitting)
        for number in range(8):
            await sitting.press("tab") if number == 0 else None
            sitting.one(Input, "#choice Vertical Input").value = f"a/{number}"
            sitting.one(Input, "#choice Vertical Input").focus()
            await sitting.press("enter")
        await sitting.until(lambda: "44 calls" in str(sitting.one(Static, "#progress").content))
        await sitting.press("f5")
        await sitting.until(lambda: "Tick for 1 to 30 calls; these are 44" in sitting.toasts())
        assert workbench.fire_asked == 0


@pytest.mark.parametrize("size", SIZES)
async def test_three_ways_are_fired_together_and_compared(size: tuple[int, int]) -> None:
    workbench = FakeWorkbench(make_call=lambda: FakeCall([an_answer(*sse("Hello", " sea"))]))
    async with at_the_terminal(workbench, size=size) as sitting:
        await sitting.press("alt+shift+t")
        await sitting.until(lambda: isinstance(sitting.app.screen, ThreeWaysScreen))
        await sitting.until(lambda: "byte for byte" in str(sitting.one(Static, "#likeness").content))
        assert [draft.mode for draft in workbench.fired] == ["sync", "stream", "async"]
        shown = [str(sitting.one(Static, f"#way-{mode} Static").content) for mode in ("sync", "stream", "async")]
        assert all(text == "Hello sea" for text in shown)
        await sitting.press("c")
        assert sitting.app.clipboard.startswith("Endpoint `chat`, three ways at once.")
        await sitting.press("f5")
        await sitting.until(lambda: len(workbench.fired) == 6)
        await sitting.until(lambda: str(sitting.one(Button, "#leave").label) == "Close")
        await sitting.press("escape")
        assert not isinstance(sitting.app.screen, ThreeWaysScreen)


async def test_esc_stops_the_three_before_it_closes() -> None:
    workbench = FakeWorkbench(make_call=lambda: a_held_call(*sse("Hello")))
    async with at_the_terminal(workbench) as sitting:
        await sitting.press("alt+shift+t")
        await sitting.until(lambda: len(workbench.calls) == 3 and isinstance(sitting.app.screen, ThreeWaysScreen))
        await sitting.until(lambda: "Hello" in str(sitting.one(Static, "#way-stream Static").content))
        await sitting.press("escape")
        await sitting.until(lambda: str(sitting.one(Button, "#leave").label) == "Close")
        assert all(call.is_cancelled for call in workbench.calls)
        await sitting.pilot.click("#leave")
        await sitting.until(lambda: not isinstance(sitting.app.screen, ThreeWaysScreen))


async def test_each_of_them_is_a_click_away() -> None:
    async with at_the_terminal(FakeWorkbench(make_call=sent_call)) as sitting:
        await sitting.send()
        for column, screen in ((1, HeaderScreen), (10, ProbeScreen), (17, ThreeWaysScreen)):
            await sitting.pilot.click("ProfileBar", offset=(column, 3))
            await sitting.until(lambda screen=screen: isinstance(sitting.app.screen, screen), "it opens")  # type: ignore[misc]
            await sitting.until(lambda: sitting.sees("Button"), "its buttons are there")
            await sitting.press("escape", "escape")
            await sitting.until(lambda: sitting.app.screen is sitting.app.main, "it closes")
