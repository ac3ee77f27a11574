"""Jump mode: a letter on every place that can have the focus; pressing it goes there, anything else goes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Click, Key
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.screen import Screen

LETTERS = "asdfghjklqwertyuiopzxcvbnm1234567890"
"""The home row first."""


class Place(NamedTuple):
    """Somewhere to go, and where its letter stands on the screen."""

    letter: str
    widget: Widget
    x: int
    y: int


def places(screen: Screen[Any]) -> list[Place]:
    """Every widget that can have the focus and is seen, top to bottom and left to right."""
    seen = [
        (widget.region.y, widget.region.x, widget)
        for widget in screen.focus_chain
        if widget.region and screen.region.contains(widget.region.x, widget.region.y)
    ]
    seen.sort(key=lambda spot: spot[:2])
    return [Place(letter, widget, x, y) for letter, (y, x, widget) in zip(LETTERS, seen, strict=False)]


class JumpOverlay(ModalScreen["Widget | None"]):
    """The letters over the screen beneath."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+o", "dismiss", "Back", show=False)]

    def __init__(self, offered: Sequence[Place]) -> None:
        super().__init__()
        self._places = {place.letter: place for place in offered}

    def compose(self) -> ComposeResult:
        """A letter a place."""
        for place in self._places.values():
            label = Static(f" {place.letter} ", markup=False, classes="jump-letter")
            label.styles.offset = (place.x, place.y)
            yield label
        yield Static("Press a letter to go there; esc goes back", markup=False, id="jump-hint")

    def on_key(self, event: Key) -> None:
        """Go, or go back."""
        if event.key not in ("escape", "ctrl+o"):
            event.stop()
            place = self._places.get(event.key)
            self.dismiss(place.widget if place else None)

    def on_click(self, event: Click) -> None:
        """A click on a letter goes there, any other goes back."""
        hit = next((p for p in self._places.values() if p.y == event.screen_y and 0 <= event.screen_x - p.x < 3), None)
        self.dismiss(hit.widget if hit else None)
