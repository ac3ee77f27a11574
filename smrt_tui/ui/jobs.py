"""The jobs panel: every async job of this and earlier sittings over the screen, its ages ticking once a second.

Answers with the job to be shown. Copying, forgetting and stopping happen here, by way of the board.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from smrt_tui.core.events import JobState
from smrt_tui.core.job import JobRecord, age_text
from smrt_tui.core.plain import plain

if TYPE_CHECKING:
    from smrt_tui.ui.job_board import JobBoard, JobLine

TICK_S = 1.0
RELOAD_TICKS = 5
"""While jobs are looked for, so many ticks between two readings of the list."""
NOTHING = (
    "No async job has been placed yet. Switch the mode to async and send, or pick up one that something else placed."
)


class JobsScreen(ModalScreen[JobRecord | None]):
    """The list, and what can be done to the job under the cursor."""

    DEFAULT_CSS = """
    JobsScreen {
        .dialog { height: 90%; max-width: 98%; }
        OptionList {
            height: 1fr;
            padding: 0;
            border: none;
            background: transparent;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            &:focus { border: none; }
        }
        .dialog-text { display: none; height: 1fr; }
        .-empty OptionList, .-empty .-of-a-job { display: none; }
        .-empty .dialog-text { display: block; }
        .dialog-buttons Button { width: auto; min-width: 0; padding: 0; margin: 0 0 0 1; }
    }
    """

    HELP = """Async jobs go on by themselves, and are written down as they move: they are still here after smrt-tui was
    closed or killed. Showing one opens its answer, and looks for it again where that is needed. Forgetting one takes it
    off this list and nothing else."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f8", "dismiss", "Close", show=False),
        Binding("enter", "open", "Show the answer, looking again where that is needed", show=False),
        Binding("p", "pick_up", "Pick up a job by its location or its id", show=False),
        Binding("c", "copy", "Copy the location", show=False),
        Binding("s", "stop", "Stop looking; the job goes on", show=False),
        Binding("d,delete", "forget", "Take it off the list; the job goes on", show=False),
    ]
    """
    | Key | What it does |
    |---|---|
    | enter | Show the answer, looking again where that is needed. |
    | p | Pick up a job by its location or its id, also one that something else placed. |
    | c | Copy the location. |
    | s | Stop looking; the job goes on. |
    | d, delete | Take it off the list; the job goes on. |
    """

    def __init__(self, board: JobBoard, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._board = board
        self._now = now
        self._lines: tuple[JobLine, ...] = ()
        self._ticks = 0

    def compose(self) -> ComposeResult:
        """The list over its buttons."""
        with Vertical(classes="dialog -large") as box:
            box.border_title = "Jobs"
            yield OptionList()
            yield Static(NOTHING, markup=False, classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Show", id="open", compact=True, variant="primary", classes="-of-a-job")
                yield Button("Pick up…", id="pick_up", compact=True)
                yield Button("Copy", id="copy", compact=True, classes="-of-a-job")
                yield Button("Stop", id="stop", compact=True, classes="-of-a-job")
                yield Button("Forget", id="forget", compact=True, classes="-of-a-job")
                yield Button("Close", id="dismiss", compact=True)

    async def on_mount(self) -> None:
        """Read the list, then keep it true."""
        await self._reload()
        self.set_interval(TICK_S, self._tick)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click is the same as its key."""
        self.call_later(self.run_action, str(event.button.id))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """So is a click on a job, or enter."""
        event.stop()
        self.action_open()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Offer what can be done to this one."""
        event.stop()
        self._offer()

    def action_open(self) -> None:
        """Answer with the job."""
        line = self._chosen()
        if line is not None:
            self.dismiss(line.record)

    def action_pick_up(self) -> None:
        """Ask for a location or an id, and answer with that job."""
        from smrt_tui.ui.naming import Naming

        asked = Naming(
            title="Pick up a job",
            text="The job's output location, or the beginning of its inference id. A location is looked at with the "
            "settings of the open profile when no job here has it.",
            name="",
            agree="Look",
            placeholder="s3://bucket/key, or an id",
        )
        self.app.push_screen(asked, self._pick_up)

    async def _pick_up(self, wanted: str | None) -> None:
        if wanted is None:
            return
        found = await self._board.named(wanted)
        if len(found) == 1:
            self.dismiss(found[0])
        elif found:
            self.notify(f"{len(found)} jobs begin with {plain(wanted)}", severity="warning", markup=False)
        else:
            self.notify(
                f"There is no job {plain(wanted)}, and it is no s3:// location", severity="warning", markup=False
            )

    def action_copy(self) -> None:
        """Put its location on the clipboard, by way of the terminal."""
        line = self._chosen()
        if line is not None and line.record.location:
            self.app.copy_to_clipboard(line.record.location)
            self.notify(f"Copied {plain(line.record.location)}", markup=False, timeout=2)

    async def action_stop(self) -> None:
        """Look for it no longer."""
        line = self._chosen()
        if line is not None and line.is_followed:
            self._board.stop_looking(line.record)
            await self._reload()

    async def action_forget(self) -> None:
        """Take it off the list."""
        line = self._chosen()
        if line is not None:
            await self._board.forget(line.record)
            await self._reload()

    async def _tick(self) -> None:
        """The ages change every second, what is on disk seldom: after a job began or ended, and with each look."""
        self._ticks += 1
        followed = sum(line.is_followed for line in self._lines)
        is_due = self._board.in_flight != followed or (followed and self._ticks % RELOAD_TICKS == 0)
        if is_due:
            await self._reload()
        else:
            self._show_lines()

    async def _reload(self) -> None:
        chosen = self._chosen()
        self._lines = await self._board.lines()
        if self.is_attached:  # it may have been closed meanwhile
            self._show_lines(chosen)

    def _show_lines(self, chosen: JobLine | None = None) -> None:
        """Bring the list up to date, touching only the lines that changed."""
        jobs = self.query_one(OptionList)
        keys = [line.record.key for line in self._lines]
        texts = [line_of(line, self._now()) for line in self._lines]
        if [option.id for option in jobs.options] == keys:
            for index, text in enumerate(texts):
                if jobs.options[index].prompt != text:
                    jobs.replace_option_prompt_at_index(index, text)
        else:
            jobs.set_options(Option(text, id=key) for key, text in zip(keys, texts, strict=True))
            index = keys.index(chosen.record.key) if chosen and chosen.record.key in keys else 0
            self.call_after_refresh(setattr, jobs, "highlighted", index if keys else None)
        self._show_state()

    def _show_state(self) -> None:
        box = self.query_one(".dialog")
        box.set_class(not self._lines, "-empty")
        followed = sum(line.is_followed for line in self._lines)
        count = len(self._lines)
        looking = f", {followed} being looked for (●)" if followed else ""
        box.border_title = f"{count} {'job' if count == 1 else 'jobs'}{looking}"
        trouble = self._board.trouble
        box.border_subtitle = f"not written down: {plain(trouble)}" if trouble else "enter shows · esc closes"
        self._offer()

    def _offer(self) -> None:
        line = self._chosen()
        self.query_one("#stop", Button).disabled = line is None or not line.is_followed
        self.query_one("#copy", Button).disabled = line is None or not line.record.location
        self.query_one("#open", Button).disabled = line is None or not line.record.location

    def _chosen(self) -> JobLine | None:
        highlighted = self.query_one(OptionList).highlighted
        in_range = highlighted is not None and highlighted < len(self._lines)
        return self._lines[highlighted] if in_range and highlighted is not None else None


def line_of(line: JobLine, now: datetime) -> Content:
    """One job in two lines: how it stands, how old it is, whose it is; then where its answer is."""
    record = line.record
    style, mark = _LOOKS.get(record.state, ("$text-muted", "·"))
    if record.is_out_of_reach:
        style, mark = "$text-muted", "–" if record.is_lost else mark
    age = age_text((now - record.placed_at).total_seconds())
    if line.is_followed:
        mark = "●"
    return Content.assemble(
        (f"{mark} {record.state_text:<12}", style),
        f"{age:>7}  ",
        (plain(record.profile_id or record.endpoint), "bold"),
        f"  {plain(record.name)}",
        "\n",
        (f"  {_one_line(record.location or record.detail)}", "$text-muted"),
    )


_LOOKS: dict[JobState | None, tuple[str, str]] = {
    JobState.COMPLETED: ("$text-success", "✓"),
    JobState.FAILED: ("$text-error", "✗"),
    JobState.ACCEPTED: ("$text-warning", "○"),
    JobState.WAITING: ("$text-warning", "○"),
}
"""Colour and mark of a state; the mark alone tells too."""


def _one_line(text: str) -> str:
    return plain(text).replace("\n", " ")
