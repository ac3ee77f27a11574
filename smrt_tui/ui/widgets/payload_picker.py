"""The chosen payload's name, and arrows to step to the others. One row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from smrt_tui.core.plain import plain

if TYPE_CHECKING:
    from smrt_tui.core.profile import Payload

_WIDEST = 24


class PayloadPicker(Widget, can_focus=True):
    """`◂ ask 1/5 ▸`"""

    HELP = """The profile's saved payloads. Left and right step through them; what you wrote over one is kept.
 alt+r returns to the saved text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous payload", show=False),
        Binding("right,space,enter", "step(1)", "Next payload", show=False),
    ]
    """
    | Key | What it does |
    |---|---|
    | left | The payload before. |
    | right, space, enter | The next payload. |
    """

    DEFAULT_CSS = """
    PayloadPicker {
        width: auto;
        height: 1;
        color: $foreground;
        &:hover { background: $block-hover-background; }
        &:focus { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
    }
    """

    names: reactive[tuple[str, ...]] = reactive((), layout=True)
    """Every payload of the profile."""

    value: reactive[str] = reactive("", layout=True)
    """The chosen one."""

    @dataclass
    class Chosen(Message):
        """Posted when a person chose a payload."""

        name: str

    def show(self, payloads: Sequence[Payload], chosen: str) -> None:
        """Offer these, one of them chosen."""
        self.names = tuple(payload.name for payload in payloads)
        self.value = chosen
        described = next((payload.description for payload in payloads if payload.name == chosen), "")
        self.tooltip = Content(plain(described)) if described else None

    def render(self) -> Content:
        """Arrows only where there is somewhere to go."""
        if not self.names:
            return Content("no payloads ")
        name = Content(plain(self.value)).truncate(_WIDEST, ellipsis=True)
        if len(self.names) == 1:
            return Content.assemble(name, " ")
        return Content.assemble("◂ ", name, f" {self._place() + 1}/{len(self.names)} ▸ ")

    def get_content_width(self, container: object, viewport: object) -> int:
        """As wide as the words."""
        return self.render().cell_length

    def action_step(self, by: int) -> None:
        """Choose the payload so many places further, round and round."""
        if len(self.names) > 1:
            self.post_message(self.Chosen(self.names[(self._place() + by) % len(self.names)]))

    def on_click(self, event: Click) -> None:
        """The left arrow steps back, anything else forward."""
        event.stop()
        offset = event.get_content_offset(self)
        self.action_step(-1 if offset is not None and offset.x < 2 else 1)

    def _place(self) -> int:
        return self.names.index(self.value) if self.value in self.names else 0
