"""Three ways at once over the screen: the payload fired sync, as a stream and async, the answers side by side as they
arrive, their times below, and whether they say the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Verdict
from smrt_tui.core.service import Mode
from smrt_tui.core.three_ways import WAYS, Likened, Way, as_markdown, compare, drafts, timing, way_of
from smrt_tui.ui.flight import Flight, Launch
from smrt_tui.ui.run import Run

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft, ResolvedDraft
    from smrt_tui.core.events import Call
    from smrt_tui.ui.ports import Workbench

TICK_S = 0.1
MOST_SHOWN = 20_000
"""Characters of an answer that are shown; all of it is compared."""

_MARKS = {"same": ("✓", "$text-success"), "different": ("≠", "$text-warning"), "unknown": ("·", "$text-muted")}


class ThreeWaysScreen(ModalScreen[None]):
    """Three columns, live."""

    DEFAULT_CSS = """
    ThreeWaysScreen {
        #ways { height: 1fr; }
        .way {
            width: 1fr;
            height: 1fr;
            border: round $foreground 30%;
            border-title-color: $text-muted;
            border-subtitle-color: $text-muted;
            &:focus { border: round $border; border-title-color: $text-accent; }
            &.-fine { border-title-color: $text-success; }
            &.-failed { border-title-color: $text-error; }
            &.-live { border-title-color: $text-warning; }
        }
        #likeness { height: auto; max-height: 6; }
        .dialog-buttons Button { width: auto; min-width: 0; padding: 0 1; margin: 0 0 0 1; }
        .dialog-buttons #leave { min-width: 9; }
    }
    """

    HELP = """The same payload, fired as InvokeEndpoint, InvokeEndpointWithResponseStream and InvokeEndpointAsync at the
    same moment. Members that a way does not have are left out, and a chat payload's `stream` flag is set as each way
    answers. The stream's text is put together by the same presets as everywhere, and compared with the sync body."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Stop, or close", show=False),
        Binding("f5,ctrl+j", "again", "Fire all three once more", show=False),
        Binding("c", "copy", "Copy the comparison as Markdown", show=False),
    ]

    def __init__(
        self,
        entry: ProfileEntry,
        draft: Draft,
        resolved: ResolvedDraft,
        workbench: Workbench,
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self._entry = entry
        self._draft = draft
        self._sent = drafts(resolved)
        self._workbench = workbench
        self._clock = clock
        self._flights: dict[Mode, Flight] = {}

    def compose(self) -> ComposeResult:
        """A column for each way, the verdict below."""
        with Vertical(classes="dialog -whole") as box:
            box.border_title = f"Three ways at once: {plain(self._entry.id)} (first byte / first text / end)"
            with Horizontal(id="ways"):
                for mode in WAYS:
                    with VerticalScroll(id=f"way-{mode}", classes="way"):
                        yield Static(markup=False)
            yield Static(id="likeness", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Again", id="again", compact=True, variant="primary")
                yield Button("Copy as Markdown", id="copy", compact=True)
                yield Button("Close", id="leave", compact=True)

    async def on_mount(self) -> None:
        """Fire, and let time be seen to pass."""
        self.set_interval(TICK_S, self._refresh_live)
        await self.action_again()
        self.query_one("#way-stream").focus()

    async def on_unmount(self) -> None:
        """Leave no call behind. The async job itself goes on, and is in the list of jobs."""
        await self._stop()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click is the same as its key."""
        self.call_later(self.run_action, str(event.button.id))

    async def action_again(self) -> None:
        """Fire all three, after whatever runs has been stopped."""
        await self._stop()
        for number, sent in enumerate(self._sent, 1):
            run = Run(number, self._entry, replace(self._draft, mode=sent.mode), self._clock)
            self._flights[sent.mode] = Flight(run, self._launch(sent), self)
        self._show()

    async def action_leave(self) -> None:
        """Stop what runs; when nothing does, close."""
        if self._is_live:
            for flight in self._flights.values():
                flight.cancel()
        else:
            self.dismiss()

    def action_copy(self) -> None:
        """The figures and the verdict, for pasting into an issue."""
        ways = self._ways()
        self.app.copy_to_clipboard(as_markdown(ways, compare(ways, self._sent), self._draft.endpoint))
        self.notify("Copied as Markdown", timeout=2)

    # -- what a flight tells (`ui.flight.Watcher`)

    def flight_moved(self, run: Run) -> None:
        """The next tick shows it."""

    def flight_landed(self, run: Run) -> None:
        """Show the end."""
        self.call_later(self._show)

    def flight_diagnosed(self, run: Run) -> None:
        """What went wrong with a way stands in its column."""
        self.call_later(self._show)

    @property
    def _is_live(self) -> bool:
        return any(flight.run.is_live for flight in self._flights.values())

    def _launch(self, sent: ResolvedDraft) -> Launch:
        async def launch(run: Run) -> Call:
            run.resolved = sent
            run.was_fired = True
            return await self._workbench.fire(run.entry, sent)

        return launch

    async def _stop(self) -> None:
        await asyncio.gather(*(flight.close() for flight in self._flights.values()))

    def _ways(self) -> dict[Mode, Way]:
        runs = {mode: flight.run for mode, flight in self._flights.items()}
        return {mode: way_of(mode, run.recorder, run.decoder, run.elapsed_s) for mode, run in runs.items()}

    def _refresh_live(self) -> None:
        if self._is_live:
            self._show()

    def _show(self) -> None:
        if not self.query("#likeness"):
            return  # it is being closed
        ways = self._ways()
        for mode, way in ways.items():
            self._show_way(way, self._flights[mode].run)
        self.query_one("#likeness", Static).update(_verdicts(compare(ways, self._sent), timing(ways)))
        self.query_one("#leave", Button).label = "Stop" if self._is_live else "Close"
        box = self.query_one(".dialog")
        box.border_subtitle = "esc stops" if self._is_live else "f5 fires again · c copies as Markdown · esc closes"

    def _show_way(self, way: Way, run: Run) -> None:
        pane = self.query_one(f"#way-{way.mode}", VerticalScroll)
        pane.set_class(run.is_live, "-live")
        pane.set_class(way.verdict is Verdict.COMPLETE, "-fine")
        pane.set_class(not run.is_live and way.verdict is not Verdict.COMPLETE, "-failed")
        pane.border_title = f"{way.mode}: {way.verdict.value}"
        pane.border_subtitle = figures(way, run.elapsed_s)
        pane.query_one(Static).update(_answer(way, run))


def figures(way: Way, elapsed_s: float) -> str:
    """First byte, first text and end, as far as they are there; a dash for a text that never came."""
    end = way.total_s if way.total_s is not None else elapsed_s
    known = ("–" if at is None else f"{at:.2f}" for at in (way.first_byte_s, way.first_text_s))
    return " / ".join((*known, f"{end:.2f} s"))


def _answer(way: Way, run: Run) -> Content:
    """What arrived, and what went wrong below it; of an error answer only what it says."""
    is_error = run.recorder.verdict is Verdict.ANSWERED_WITH_ERROR
    text = "" if is_error else plain(way.text[:MOST_SHOWN])
    is_cut = bool(text) and len(way.text) > MOST_SHOWN
    parts = [Content(f"{text}\n… {len(way.text):,} characters in all" if is_cut else text)]
    fault = run.recorder.service_fault or run.recorder.transport_fault
    if fault is not None:
        parts.append(Content.styled(plain(f"✗ {fault.code}: {fault.message}"), "$text-error"))
    parts += [Content(plain(f"[{finding.id}] {finding.message}\n→ {finding.hint}")) for finding in run.findings[:1]]
    if run.is_waiting_job:
        parts.append(Content.styled(plain(run.recorder.jobs[-1].detail), "dim"))
    return Content("\n").join(part for part in parts if part.plain)


def _verdicts(likened: tuple[Likened, ...], times: str) -> Content:
    lines = [Content.assemble((f"{_MARKS[o.likeness][0]} ", _MARKS[o.likeness][1]), o.sentence) for o in likened]
    return Content("\n").join([*lines, Content(f"· {times}")] if times else lines)
