"""The open profile's name and where it goes, at the top. A click shows the other profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from smrt_tui.core.plain import plain
from smrt_tui.ui.actions import ACTION

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry


class ProfileTitle(Widget):
    """`local/chat  Chat (OpenAI style, streamed)  → chat, this machine`"""

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
        more = f"  {plain(entry.title)}" if entry.title != entry.id else ""
        return Content.assemble(
            (plain(entry.id), self._style("id")), (f"{more}{_where(entry)}", self._style("more"))
        ).truncate(self.content_size.width, ellipsis=True)

    async def on_click(self, event: Click) -> None:
        """Show the other profiles."""
        event.stop()
        await self.run_action(ACTION["toggle-sidebar"].command)

    def _style(self, name: str) -> str:
        return str(self.get_visual_style(f"title--{name}", partial=True))


def _where(entry: ProfileEntry) -> str:
    profile = entry.profile
    if profile is None:
        return ""
    if entry.is_local:
        return f"  → {plain(profile.endpoint)}, this machine"
    place = profile.endpoint_url or profile.region or "region of your AWS profile"
    return f"  → {plain(profile.endpoint)}, {plain(place)}"
