"""One row with the worst thing found, how many more there are, and what a click or a key does about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from smrt_tui.core.plain import plain
from smrt_tui.ui.actions import ACTION, keys_of, shown_key

if TYPE_CHECKING:
    from smrt_tui.core.finding import Finding

MARKS = ("", "●", "▲", "✗")
"""By severity: a note, a warning, an error."""


class LintStrip(Widget):
    """The worst finding, in a line."""

    COMPONENT_CLASSES = {  # noqa: RUF012  as Textual declares it
        "lint--error",
        "lint--warning",
        "lint--note",
        "lint--fine",
        "lint--more",
    }

    DEFAULT_CSS = """
    LintStrip {
        height: 1;
        padding: 0 1;
        background: $surface;
        link-style: none;
        link-background-hover: $block-hover-background;
        link-style-hover: none;
        .lint--error { color: $text-error; text-style: bold; }
        .lint--warning { color: $text-warning; text-style: bold; }
        .lint--note { color: $text-primary; text-style: bold; }
        .lint--fine { color: $text-success; }
        .lint--more { color: $foreground 70%; }
    }
    """

    findings: reactive[tuple[Finding, ...]] = reactive((), layout=False)
    """Worst first."""

    def __init__(self, keymap: Mapping[str, str], *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self._keymap = keymap

    async def on_click(self, event: Click) -> None:
        """List everything found, unless it was one of the links."""
        event.stop()
        if "@click" not in event.style.meta:
            await self.run_action(ACTION["show-findings"].command)

    def render(self) -> Content:
        """Mark, place, message; at the right what to do, which is never cut."""
        if not self.findings:
            return Content.assemble(("✓ ", self._style("fine")), ("nothing to complain about", self._style("more")))
        worst = self.findings[0]
        tail = self._tail()
        room = max(0, self.content_size.width - tail.cell_length - 2)
        head = Content.assemble(
            (f"{MARKS[worst.severity]} {plain(worst.where)}: ", self._style(worst.severity.name.lower())),
            plain(worst.message).replace("\n", " "),
        )
        return Content.assemble(head.truncate(room, ellipsis=True, pad=True), "  ", tail)

    def _tail(self) -> Content:
        count = len(self.findings)
        words = "more" if count == 1 else f"{count} findings"
        parts: list[tuple[str, Style]] = [(self._offer("show-findings", words), self._link("show-findings"))]
        if any(finding.fix for finding in self.findings):
            parts += [("  ", Style()), (self._offer("apply-fix", "fix"), self._link("apply-fix"))]
        return Content.assemble(*parts)

    def _offer(self, action_id: str, label: str) -> str:
        return f"{shown_key(keys_of(ACTION[action_id], self._keymap)[0])} {label}"

    def _link(self, action_id: str) -> Style:
        return self._style("more") + Style.from_meta({"@click": ACTION[action_id].command})

    def _style(self, name: str) -> Style:
        return self.get_visual_style(f"lint--{name}", partial=True)
