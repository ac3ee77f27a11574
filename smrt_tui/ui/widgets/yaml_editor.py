"""A profile's text: keys, comments and placeholders coloured line by line, without a grammar library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.events import Paste
from textual.widgets import TextArea

from smrt_tui.ui.one_cell import one_cell
from smrt_tui.ui.payload_check import EDITABLE_CHARACTERS

if TYPE_CHECKING:
    from rich.style import Style

_KEY = re.compile(r"^\s*(?:- )*([A-Za-z_][\w-]*):(?=\s|$)")
_COMMENT = re.compile(r"(?:^|\s)(#.*)$")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_LONG_LINE = 4000
"""A longer line is left plain: colouring it would cost more than it shows."""


class YamlEditor(TextArea):
    """A text area for YAML. Tab writes two spaces, since YAML has no tabs."""

    HELP = """The profile's file, as it is on disk: comments and order stay yours. Problems are listed below with
line and column; enter on one goes there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"yaml--key", "yaml--comment", "yaml--placeholder"}

    DEFAULT_CSS = """
    YamlEditor {
        border: none;
        padding: 0;
        background: transparent;
        scrollbar-size: 1 1;
        scrollbar-corner-color: $surface;
        &:focus { border: none; }
        .yaml--key { color: $text-primary; }
        .yaml--comment { color: $text-secondary; }
        .yaml--placeholder { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, show_line_numbers=True, tab_behavior="indent", soft_wrap=False)
        self.indent_width = 2
        self.highlight_cursor_line = False  # it would paint the text of that line in one colour
        self._styles_of_parts: dict[str, Style] = {}

    def on_paste(self, event: Paste) -> None:
        """Refuse a paste that would stall the editor."""
        if len(self.text) + len(event.text) > EDITABLE_CHARACTERS:
            event.prevent_default()
            event.stop()
            words = f"{len(event.text):,} characters are too many to paste here; put large payloads into a body_file"
            self.notify(words, severity="warning")

    def get_line(self, line_index: int) -> Text:
        """One line with its colours, as `TextArea` asks for it while drawing."""
        line = super().get_line(line_index)
        if not line.plain.isprintable():
            line = Text(one_cell(line.plain), end="", no_wrap=True)
        if len(line) <= _LONG_LINE:
            self._colour(line)
        return line

    def notify_style_update(self) -> None:
        """Forget the colours of the theme before."""
        self._styles_of_parts = {}
        super().notify_style_update()

    def _colour(self, line: Text) -> None:
        for match in _PLACEHOLDER.finditer(line.plain):
            line.stylize(self._style_of("placeholder"), match.start(), match.end())
        key, comment = _KEY.search(line.plain), _COMMENT.search(line.plain)
        if key is not None:
            line.stylize(self._style_of("key"), key.start(1), key.end(1))
        if comment is not None:
            line.stylize(self._style_of("comment"), comment.start(1), comment.end(1))

    def _style_of(self, part: str) -> Style:
        style = self._styles_of_parts.get(part)
        if style is None:
            style = self.get_component_rich_style(f"yaml--{part}", partial=True)
            self._styles_of_parts[part] = style
        return style
