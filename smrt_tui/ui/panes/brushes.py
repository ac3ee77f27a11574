"""The styles of a pane, worked out once each: a run's own style with whatever is laid over it."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget


class Brushes:
    """Styles by the names of `palette.STYLES`. To be dropped whenever theme or state changed."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._by_names: dict[tuple[str, ...], Style] = {}

    def drop(self) -> None:
        """Work every style out again when it is next asked for."""
        self._by_names.clear()

    def style(self, *names: str) -> Style:
        """The style of a run with others laid over it; an empty name is the pane's own."""
        found = self._by_names.get(names)
        if found is None:
            own = self._widget
            found = own.get_component_rich_style(f"pane--{names[0]}") if names[0] else own.rich_style
            for name in names[1:]:
                found += self._overlay(name)
            found = self._by_names[names] = self._as_shown(found)
        return found

    def filtered(self, strip: Strip) -> list[Segment]:
        """A strip in colours of its own, as the terminal is to get it."""
        for line_filter in self._widget.get_line_filters():
            strip = strip.apply_filter(line_filter, self._widget.background_colors[1])
        return list(strip)

    def _as_shown(self, style: Style) -> Style:
        """The style after Textual's filters (NO_COLOR, the terminal's own palette), which look at nothing but styles:
        done here once, and not for every piece of every frame."""
        segments = self.filtered(Strip([Segment(" ", style)]))
        return segments[0].style or style

    def _overlay(self, name: str) -> Style:
        """Only what a component class says itself, a translucent background laid over the pane's."""
        styles = self._widget.get_component_styles(f"pane--{name}")
        style = styles.text_style
        if styles.has_rule("color"):
            style += Style(color=styles.color.rich_color)
        if styles.has_rule("background"):
            style += Style(bgcolor=(self._widget.background_colors[1] + styles.background).rich_color)
        return style
