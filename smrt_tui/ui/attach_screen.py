"""A dialog that asks which file is the payload, and says what it is. It returns the file and sends nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Button, Input, Static

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.plain import plain
from smrt_tui.ui.payload_check import byte_size
from smrt_tui.ui.widgets.plain_input import PlainInput

if TYPE_CHECKING:
    from smrt_tui.core.attached import Attached


class Chosen(Struct, frozen=True):
    """What to send: a file, or the text again."""

    file: Attached | None


class _Paths(Suggester):
    """Offers the file or folder that what is typed begins."""

    def __init__(self, complete: Callable[[str], Awaitable[str | None]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        """The rest of the path; a name that could be read as something else is not offered."""
        found = await self._complete(value)
        return found if found is not None and plain(found) == found else None


class AttachScreen(ModalScreen["Chosen | None"]):
    """A path, what stands there, and two buttons."""

    HELP = """The path of a file that is sent byte for byte as the payload: a picture, a NumPy array, Parquet, anything.
It is relative to the profile's folder; right takes what is offered. An empty line goes back to the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Cancel", show=False),
        Binding("tab", "complete", "Take what is offered", show=False, priority=True),
    ]

    AUTO_FOCUS = "Input"

    DEFAULT_CSS = """
    AttachScreen {
        Input { margin: 1 0 0 0; background: $panel; }
        #attach-facts { width: 100%; height: 2; color: $text-muted; }
        #attach-facts.-wrong { color: $text-error; }
    }
    """

    def __init__(
        self,
        *,
        folder: str,
        path: str,
        complete: Callable[[str], Awaitable[str | None]],
        look: Callable[[str], Awaitable[Attached]],
    ) -> None:
        """`look` raises `SmrtError`."""
        super().__init__()
        self._folder = folder
        self._path = path
        self._paths = _Paths(complete)
        self._look = look

    def compose(self) -> ComposeResult:
        """Where paths begin, the path, what it is, two buttons."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Send a file"
            box.border_subtitle = "→ or tab completes · enter takes it · esc leaves"
            text = f"Sent byte for byte, read when you send. Relative to {self._folder}"
            yield Static(plain(text), markup=False, classes="dialog-text")
            yield PlainInput(self._path, compact=True, placeholder="picture.png", suggester=self._paths)
            yield Static(id="attach-facts", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button("Send this file", id="yes", variant="primary", compact=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what stands there."""
        event.stop()
        self.run_worker(self._tell(event.value), exclusive=True, group="look")

    def on_input_submitted(self) -> None:
        """Take it."""
        self._take()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it, or leave."""
        if event.button.id == "yes":
            self._take()
        else:
            self.dismiss(None)

    def action_complete(self) -> None:
        """Take what is offered; where nothing is, go on to the buttons."""
        field = self.query_one(Input)
        before = field.value
        if field.has_focus:
            field.action_end()
            field.action_cursor_right()
        if field.value == before:
            self.focus_next()

    def _take(self) -> None:
        self.run_worker(self._taken(), exclusive=True, group="take")

    async def _taken(self) -> None:
        path = self.query_one(Input).value.strip()
        if not path:
            self.dismiss(Chosen(None))
            return
        found = await self._tell(path)
        if found is not None:
            self.dismiss(Chosen(found))

    async def _tell(self, path: str) -> Attached | None:
        facts = self.query_one("#attach-facts", Static)
        try:
            found = await self._look(path.strip()) if path.strip() else None
        except SmrtError as error:
            facts.set_class(True, "-wrong")
            facts.update(plain(error.message))
            return None
        facts.set_class(False, "-wrong")
        facts.update("" if found is None else plain(facts_line(found)))
        return found


def facts_line(file: Attached) -> str:
    """A file in a line: kind, size, and what its header says."""
    return " · ".join((file.media_type or "unknown kind", byte_size(file.size), *file.facts))
