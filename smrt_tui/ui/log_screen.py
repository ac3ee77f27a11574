"""The container's log around one call, over the screen. It asks when it opens and when a person asks again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from smrt_tui.core.account_text import one_line
from smrt_tui.core.container_log import ContainerLog, log_text
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.log_of_call import WIDENINGS, CallMoment, is_trouble, likely_cause
from smrt_tui.core.plain import plain

if TYPE_CHECKING:
    from smrt_tui.core.container_log import LogLine, LogQuery


class LogScreen(ModalScreen[None]):
    """Lines with their time seen from the call; the likely cause is shown first."""

    HELP = """What the container wrote around the call: time from its beginning, variant and instance, words. Lines
that look like a failure are marked, and the one that most likely tells the cause is where you begin. **w** widens
the window, **i** leaves only lines with the call's inference id, **y** copies, **f5** asks again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", show=False),
        Binding("w,plus", "widen", "Widen the window", show=False),
        Binding("i", "toggle_id", "Only lines with the inference id", show=False),
        Binding("y,c", "copy", "Copy", show=False),
        Binding("f5,ctrl+j,r", "ask", "Ask again", show=False, priority=True),
    ]

    AUTO_FOCUS = "OptionList"

    DEFAULT_CSS = """
    LogScreen {
        OptionList, OptionList:focus { height: 1fr; border: none; padding: 0; background: transparent; }
        #log-told { height: auto; max-height: 8; padding: 0 1; color: $text-muted; }
        #log-told.-trouble { color: $text-error; }
        #log-line { height: auto; max-height: 6; padding: 0 1; border-top: solid $foreground 20%; }
        .dialog-buttons Button { width: auto; min-width: 0; padding: 0 1; margin: 0 0 0 1; }
    }
    """

    def __init__(self, moment: CallMoment, read: Callable[[LogQuery], Awaitable[ContainerLog]]) -> None:
        super().__init__()
        self._moment = moment
        self._read = read
        self._step = 0
        self._only_id = False
        self._log: ContainerLog | None = None

    def compose(self) -> ComposeResult:
        """What is looked at, the lines, the highlighted one in full, buttons."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = "The container's log"
            box.border_subtitle = "w widens · y copies · f5 asks again · esc closes"
            yield Static(id="log-told", markup=False)
            yield OptionList()
            yield Static(id="log-line", markup=False)
            with Horizontal(classes="dialog-buttons"):
                if self._moment.inference_id:
                    yield Button("Only its id", id="id", compact=True)
                yield Button("Copy", id="copy", compact=True)
                yield Button("Widen", id="widen", compact=True)
                yield Button("Ask again", id="ask", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Ask: opening it is asking."""
        self.action_ask()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do it."""
        match event.button.id:
            case "id":
                self.action_toggle_id()
            case "copy":
                self.action_copy()
            case "widen":
                self.action_widen()
            case _:
                self.action_ask()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the whole of a line that may be cut above."""
        if self._log is not None and event.option_index < len(self._log.lines):
            self.query_one("#log-line", Static).update(Content(plain(self._log.lines[event.option_index].text)))

    def action_widen(self) -> None:
        """The next wider window."""
        if self._step + 1 == len(WIDENINGS):
            self.notify("This is the widest window", timeout=3)
            return
        self._step += 1
        self.action_ask()

    def action_toggle_id(self) -> None:
        """All lines, or those with the inference id."""
        if not self._moment.inference_id:
            self.notify("The call had no inference id; set the member InferenceId", timeout=4)
            return
        self._only_id = not self._only_id
        self.action_ask()

    def action_copy(self) -> None:
        """All lines that are shown."""
        if self._log is None or not self._log.lines:
            self.notify("There is nothing to copy", severity="warning", timeout=3)
            return
        self.app.copy_to_clipboard(log_text(self._log))
        self.notify(f"Copied {len(self._log.lines):,} lines", timeout=2)

    @work(exclusive=True, group="log")
    async def action_ask(self) -> None:
        """Read the window; what is shown stays until the answer is there."""
        query = self._moment.query(WIDENINGS[self._step], only_id=self._only_id)
        self._tell(f"Reading {query.group} …")
        try:
            self._show(await self._read(query))
        except SmrtError as error:
            self._tell(
                f"{error.message}\n→ {error.hint}\nf5 asks again." if error.hint else error.message, trouble=True
            )

    def _show(self, log: ContainerLog) -> None:
        self._log = log
        lines = self.query_one(OptionList)
        lines.clear_options()
        lines.add_options([Option(self._line(line)) for line in log.lines])
        cause = likely_cause(log.lines)
        lines.highlighted = cause if cause is not None else (0 if log.lines else None)
        if cause is not None:
            lines.scroll_to(y=max(0, cause - 1), animate=False)
        if not log.lines:
            self.query_one("#log-line", Static).update("")
        self._tell(self._summary(log, cause))
        lines.focus()

    def _summary(self, log: ContainerLog, cause: int | None) -> str:
        margin = WIDENINGS[self._step].total_seconds()
        reach = f"{margin:g} s" if margin < 60 else f"{margin / 60:g} min"
        window = f"{log.query.begin:%H:%M:%S} to {log.query.end:%H:%M:%S} UTC, {reach} to either side of the call"
        which = " with its inference id" if self._only_id else ""
        count = f"{len(log.lines):,} line{'' if len(log.lines) == 1 else 's'}{which}"
        parts = [f"{log.query.group} · {window}", count if log.is_whole else f"the first {count}"]
        if not log.lines:
            parts[1] = f"No line{which}. Logs arrive some seconds late: f5 asks again, w widens the window."
        elif cause is not None:
            parts[1] += ". The marked line most likely tells the cause."
        return "\n".join(map(one_line, parts))

    def _line(self, line: LogLine) -> Content:
        mark = "✗ " if is_trouble(line.text) else "  "
        style = "$text-error" if mark.strip() else ""
        when = Content.styled(f"{self._moment.relative(line):>10} ", "$text-muted")
        stream = "" if self.app.size.width < 110 else f"{one_line(line.stream)[:28]:<28} "
        return (
            when + Content.styled(stream, "$text-muted") + Content.styled(f"{mark}{one_line(line.text)[:500]}", style)
        )

    def _tell(self, text: str, *, trouble: bool = False) -> None:
        told = self.query_one("#log-told", Static)
        told.set_class(trouble, "-trouble")
        told.update(Content(plain(text)))
