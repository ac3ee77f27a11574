"""The ground that panes stand on: containers that draw nothing but their background, at next to no cost a frame.

Textual draws every widget behind what changed, forty times a second while a stream is live, and works out borders,
titles and padding each time.
"""

from __future__ import annotations

from textual.containers import Vertical
from textual.geometry import Region
from textual.strip import Strip


class Ground(Vertical):
    """A plain vertical container. One with a border or a padding is drawn as any other."""

    _blank: Strip | None = None

    def notify_style_update(self) -> None:
        """Another theme or state: work the background out again."""
        super().notify_style_update()
        self._blank = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The same empty line again and again."""
        blank = self._blank
        if blank is None or blank.cell_length != crop.width:
            if any(self.gutter) or self.opacity < 1 or self.styles.tint.a:
                return super().render_lines(crop)
            background = self.background_colors[1]
            blank = Strip.blank(crop.width, self.rich_style)
            for line_filter in self.get_line_filters():
                blank = blank.apply_filter(line_filter, background)
            self._blank = blank
        return [blank] * crop.height
