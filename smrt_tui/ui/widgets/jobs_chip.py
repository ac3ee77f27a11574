"""How many async jobs are being looked for, at the top of the screen; not there while there is none."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from smrt_tui.ui.actions import ACTION


class JobsChip(Widget):
    """`3 jobs`"""

    DEFAULT_CSS = """
    JobsChip {
        display: none;
        width: auto;
        height: 1;
        padding: 0 1;
        color: $text-warning;
        background: $warning-muted;
        &:hover { text-style: reverse; }
    }
    """

    count: reactive[int] = reactive(0, layout=True)
    """Jobs that were accepted and whose answer is looked for."""

    def render(self) -> Content:
        """The number and the word."""
        return Content(f"{self.count} {'job' if self.count == 1 else 'jobs'}")

    def watch_count(self, count: int) -> None:
        """Be there only when there is something to say."""
        self.display = count > 0

    async def on_click(self, event: Click) -> None:
        """List the jobs."""
        event.stop()
        await self.run_action(ACTION["jobs"].command)
