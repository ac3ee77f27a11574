"""The open profile's name and where it goes, at the top. A click shows the other profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from smrt_tui.core.plain import plain
from smrt_tui.ui.actions import ACTION

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry


_LEAST_TITLE = 8
"""Cells below which a title says nothing."""


class ProfileTitle(Widget):
    """`local/chat  Chat (OpenAI style, streamed)  → chat, this machine`: where it goes has room before the title."""

    COMPONENT_CLASSES = {"title--id", "title--more"}  # noqa: RUF012  as Textual declares it

    DEFAULT_CSS = """
    ProfileTitle {
        width: 1fr;
        height: 1;
        padding: 0 1;
        &:hover { background: $block-hover-background; }
        .title--id { text-style: bold; color: $text-accent; }
        .title--more { color: $foreground 70%; }
    }
    """

    entry: reactive[ProfileEntry | None] = reactive(None, layout=False)
    """The open profile."""

    def render(self) -> Content:
        """The id, the title, the endpoint and whose it is."""
        entry = self.entry
        if entry is None:
            return Content.assemble(("smrt-tui", self._style("id")))
        name, where = plain(entry.id), _where(entry)
        room = self.content_size.width - cell_len(name) - cell_len(where) - 2
        title = plain(entry.title) if entry.title != entry.id else ""
        more = f"  {_shortened(title, room)}" if title and room >= _LEAST_TITLE else ""
        return Content.assemble((name, self._style("id")), (f"{more}{where}", self._style("more"))).truncate(
            self.content_size.width, ellipsis=True
        )

    async def on_click(self, event: Click) -> None:
        """Show the other profiles."""
        event.stop()
        await self.run_action(ACTION["toggle-sidebar"].command)

    def _style(self, name: str) -> str:
        return str(self.get_visual_style(f"title--{name}", partial=True))


def _shortened(title: str, cells: int) -> str:
    return Content(title).truncate(cells, ellipsis=True).plain


def _where(entry: ProfileEntry) -> str:
    profile = entry.profile
    if profile is None:
        return ""
    if entry.is_local:
        return f"  → {plain(profile.endpoint)}, this machine"
    place = profile.endpoint_url or profile.region or "region of your AWS profile"
    return f"  → {plain(profile.endpoint)}, {plain(place)}"
