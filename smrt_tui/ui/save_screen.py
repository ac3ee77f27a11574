"""What of an answer is to be saved: its body, its text or its parts. It writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from smrt_tui.core.keeping import WHATS, kept_suffix

if TYPE_CHECKING:
    from smrt_tui.core.keeping import What
    from smrt_tui.core.recorder import Recorder

_WORDS: dict[What, str] = {
    "body": "The body, as it came",
    "text": "The text that was read out of it",
    "parts": "The parts, a JSON line each",
}


class SaveScreen(ModalScreen["What | None"]):
    """Gives back what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", show=False),
        *(Binding(what[0], f"dismiss('{what}')", _WORDS[what], show=False) for what in WHATS),
    ]
    """
    | Key(s) | What it does |
    |---|---|
    | b / t / p | Save the body / the text / the parts. |
    | escape, q | Close. |
    """

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def compose(self) -> ComposeResult:
        """Three rows, each with its key and the suffix of the file."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Save the answer"
            box.border_subtitle = "enter, b, t or p saves · esc closes"
            yield OptionList(*(Option(self._row(what)) for what in WHATS))

    def _row(self, what: What) -> Content:
        return Content(f"{what[0]}  {_WORDS[what]}  ({kept_suffix(what, self._recorder)})")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hand it back."""
        self.dismiss(WHATS[event.option_index])
