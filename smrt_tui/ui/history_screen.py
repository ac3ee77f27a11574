"""The history as a list to filter by typing, with a preview of the request. It returns what was chosen."""

from __future__ import annotations

import codecs
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.plain import plain

if TYPE_CHECKING:
    from smrt_tui.core.invocation import HistoryRow, Invocation

SHOWN = 300
"""Rows offered; the newest."""
_PREVIEW_BYTES = 4000


class Chosen(Struct, frozen=True):
    """What to do with which call."""

    invocation: Invocation
    is_sent: bool
    """Whether it is sent at once, or only put into the composer."""


class HistoryScreen(ModalScreen["Chosen | None"]):
    """Finished calls, the newest first."""

    HELP = """Every finished call of this and earlier sittings. Type to filter by profile, mode, verdict or status.
Enter puts the request back into the composer; f5 sends it again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", show=False),
        Binding("f5,ctrl+j", "choose(True)", "Send again", show=False, priority=True),
        Binding("down", "move(1)", "Next", show=False),
        Binding("up", "move(-1)", "Previous", show=False),
    ]

    AUTO_FOCUS = "Input"

    DEFAULT_CSS = """
    HistoryScreen {
        Input { background: $panel; }
        OptionList, OptionList:focus { height: 2fr; border: none; padding: 0; background: transparent; }
        #history-preview { height: 1fr; border-top: solid $foreground 20%; padding: 0 1; }
    }
    """

    def __init__(
        self, rows: Sequence[HistoryRow], get: Callable[[int], Awaitable[Invocation | None]], now: datetime
    ) -> None:
        super().__init__()
        self._rows = tuple(rows)
        self._get = get
        self._now = now
        self._seen: Invocation | None = None
        """The highlighted call, once it is read."""

    def compose(self) -> ComposeResult:
        """Filter, list, preview, buttons."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = "History"
            box.border_subtitle = "enter puts it back · f5 sends again · esc closes"
            yield Input(placeholder="type to filter", compact=True)
            yield OptionList()
            with VerticalScroll(id="history-preview"):
                yield Static(id="history-request", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Put back", id="replay", compact=True)
                yield Button("Send again", id="again", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Show them all."""
        self._show("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits."""
        self._show(event.value)

    def on_input_submitted(self) -> None:
        """Take the highlighted one."""
        self.action_choose(False)

    def on_option_list_option_selected(self) -> None:
        """Take it."""
        self.action_choose(False)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Read it for the preview."""
        self._preview(int(event.option_id or 0))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it."""
        self.action_choose(event.button.id == "again")

    def action_move(self, by: int) -> None:
        """Move the highlight while the filter has the focus."""
        if by > 0:
            self.query_one(OptionList).action_cursor_down()
        else:
            self.query_one(OptionList).action_cursor_up()

    @work(exclusive=True, group="choose")
    async def action_choose(self, is_sent: bool) -> None:
        """Hand the highlighted call back."""
        option = self.query_one(OptionList).highlighted_option
        invocation = await self._read(int(option.id or 0)) if option is not None else None
        if invocation is not None:
            self.dismiss(Chosen(invocation, is_sent))

    def _show(self, typed: str) -> None:
        words = typed.lower().split()
        is_narrow = self.app.size.width < 110
        lines = [(row, history_line(row, self._now, is_narrow=is_narrow)) for row in self._rows]
        options = [
            Option(Content(line), id=str(row.id)) for row, line in lines if all(word in line.lower() for word in words)
        ]
        offered = self.query_one(OptionList)
        offered.clear_options()
        offered.add_options(options)
        if options:
            offered.highlighted = 0
        else:
            empty = "Nothing was sent yet." if not self._rows else "Nothing in the history fits."
            self.query_one("#history-request", Static).update(empty)

    @work(exclusive=True, group="preview")
    async def _preview(self, row_id: int) -> None:
        invocation = await self._read(row_id)
        text = request_text(invocation) if invocation is not None else "This call is not in the history any more."
        self.query_one("#history-request", Static).update(Content(text))
        self.query_one("#history-preview").scroll_home(animate=False)

    async def _read(self, row_id: int) -> Invocation | None:
        try:
            return await self._get(row_id)
        except SmrtError as error:
            self.notify(error.message, severity="error", markup=False)
            return None


def history_line(row: HistoryRow, now: datetime, *, is_narrow: bool = False) -> str:
    """`14:03:22  local/chat  stream  complete  200  1,234 ms  20,480 B`; another day by its date, in 71 cells or 99."""
    moment, profile, verdict = (8, 16, 12) if is_narrow else (15, 26, 24)
    took = f"{row.total_s * 1000:,.0f} ms" if row.total_s < 100 else f"{row.total_s:,.0f} s"
    status = "-" if row.status is None else str(row.status)
    cells = (
        f"{_moment(row.started_at, now, is_narrow=is_narrow):<{moment}}",
        f"{_cut(plain(row.profile_id), profile):<{profile}}",
        f"{row.mode:<6}",
        f"{_cut(row.verdict, verdict):<{verdict}}",
        f"{status:>3}",
        f"{took:>10}",
        f"{row.response_bytes:>8,} B",
    )
    return " ".join(cells)


def _moment(started_at: str, now: datetime, *, is_narrow: bool) -> str:
    try:
        moment = datetime.fromisoformat(started_at).astimezone()
    except ValueError:
        return plain(started_at)[:8]
    is_today = moment.date() == now.astimezone().date()
    return moment.strftime("%H:%M:%S" if is_today else "%d %b" if is_narrow else "%d %b %H:%M:%S")


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def request_text(invocation: Invocation) -> str:
    """What was asked and what came of it, as plain text."""
    pairs = (*invocation.members, *invocation.typed_headers)
    came = invocation.error or f"{invocation.response_bytes:,} bytes in {invocation.parts:,} parts"
    lines = [
        f"{invocation.mode} {invocation.endpoint} · {came}",
        *(f"{name}: {value}" for name, value in pairs),
        "",
        _body_text(invocation),
    ]
    return plain("\n".join(lines))


def _body_text(invocation: Invocation) -> str:
    draft = invocation.draft
    if draft is not None and draft.body_file is not None:
        return f"(the file {draft.body_file}, {invocation.request_bytes:,} bytes)"
    decoder = codecs.getincrementaldecoder("utf-8")()  # the cut may go through a character
    try:
        text = decoder.decode(invocation.request_body[:_PREVIEW_BYTES])
    except UnicodeDecodeError:
        return f"({invocation.request_bytes:,} bytes that are no text)"
    return text + (
        f"\n… {invocation.request_bytes:,} bytes in all" if invocation.request_bytes > _PREVIEW_BYTES else ""
    )
