"""Which rows of a long document show: arithmetic of scrolling, following and the scrollbar. No widget."""

from __future__ import annotations

from msgspec import Struct

NEAR_BOTTOM_ROWS = 2
"""A pane follows what arrives only from this close to the end."""

_EIGHTHS = " ▁▂▃▄▅▆▇█"


class Viewport(Struct):
    """A window of `height` rows onto `count` rows, `top` being the first that shows."""

    top: int = 0
    height: int = 0
    count: int = 0

    @property
    def last_top(self) -> int:
        """The `top` that shows the end."""
        return max(0, self.count - self.height)

    @property
    def is_near_end(self) -> bool:
        """Whether at most two rows are below what shows."""
        return self.top >= self.last_top - NEAR_BOTTOM_ROWS

    def go(self, top: int) -> None:
        """Show from that row on, as far as there is one."""
        self.top = max(0, min(top, self.last_top))

    def reveal(self, row: int, margin: int = 0) -> None:
        """Scroll as little as shows a row, with `margin` rows around it."""
        margin = min(margin, max(0, (self.height - 1) // 2))
        if row < self.top + margin:
            self.go(row - margin)
        elif row > self.top + self.height - 1 - margin:
            self.go(row - self.height + 1 + margin)


class Thumb(Struct, frozen=True):
    """Where a scrollbar's thumb is, in eighths of a cell from the top of the track."""

    start: int
    end: int

    def glyph(self, y: int) -> tuple[str, bool]:
        """The character of one cell of the track, and whether its colours are swapped."""
        top, bottom = y * 8, y * 8 + 8
        covered_from, covered_to = max(self.start, top), min(self.end, bottom)
        if covered_from >= covered_to:
            return " ", False
        if covered_to == bottom:
            return _EIGHTHS[bottom - covered_from], False
        if covered_from == top:
            return _EIGHTHS[bottom - covered_to], True
        return "█", False


def thumb_of(viewport: Viewport) -> Thumb | None:
    """The thumb for what shows, at least one cell long; None when everything shows."""
    if viewport.count <= viewport.height or viewport.height < 1:
        return None
    track = viewport.height * 8
    length = max(8, track * viewport.height // viewport.count)
    start = (track - length) * viewport.top // max(1, viewport.last_top)
    return Thumb(start, start + length)


def top_for_drag(viewport: Viewport, y: int, grabbed_at: int) -> int:
    """The `top` that puts the grabbed eighth of the thumb under cell `y`."""
    thumb = thumb_of(viewport)
    if thumb is None:
        return 0
    room = viewport.height * 8 - (thumb.end - thumb.start)
    return round(viewport.last_top * min(max(y * 8 + 4 - grabbed_at, 0), room) / max(1, room))
