"""The payload as text: JSON coloured line by line, without a grammar library. It judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.events import Key

from smrt_tui.ui.one_cell import one_cell
from smrt_tui.ui.payload_check import json_spans
from smrt_tui.ui.widgets.guarded_area import GuardedArea

if TYPE_CHECKING:
    from rich.style import Style

_LONG_LINE = 4000
"""A longer line is left plain: colouring it would cost more than it shows."""


class PayloadEditor(GuardedArea):
    """A text area that colours JSON."""

    HELP = """The payload, as it is sent once its {{placeholders}} are filled. In JSON a placeholder stands in a string:
"{{max_tokens}}" becomes the variable's own value (256), "Hello {{name}}" becomes escaped text. ctrl+z takes back,
ctrl+y does again, also what formatting did; ctrl+f looks for a text; f4 opens your own editor. A text of more than
64 KB is kept in a file and only previewed here, whole and with its placeholders."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "json--key",
        "json--string",
        "json--number",
        "json--word",
        "json--placeholder",
    }

    DEFAULT_CSS = """
    PayloadEditor {
        border: none;
        padding: 0;
        background: transparent;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
        .json--key { color: $text-primary; }
        .json--string { color: $text-success; }
        .json--number { color: $text-warning; }
        .json--word { color: $text-accent; }
        .json--placeholder { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__("", show_line_numbers=True, tab_behavior="focus", soft_wrap=True)
        self.read_only = True  # until there is a request: what was typed before it would be lost
        self.highlight_cursor_line = False  # it would paint the text of that line in one colour
        self._styles_of_kinds: dict[str, Style] = {}
        self._is_json = True

    def show(self, text: str, *, is_json: bool, is_other: bool) -> None:
        """Put another text in. What is another version of the same payload can be undone."""
        self.read_only = False
        self.set_json(is_json=is_json)
        if text == self.text:
            return
        if is_other:
            self.load_text(text)
        else:
            row, column = self.cursor_location
            self.replace(text, (0, 0), self.document.end)
            row = min(row, self.document.line_count - 1)
            self.move_cursor((row, min(column, len(self.document.get_line(row)))))

    def on_key(self, event: Key) -> None:
        """Enter goes on where the line above begins, one step deeper behind an opening bracket of JSON."""
        if event.key != "enter" or self.read_only:
            return
        event.stop()
        event.prevent_default()
        start, end = sorted(self.selection)
        before, after = self.document.get_line(start[0])[: start[1]], self.document.get_line(end[0])[end[1] :]
        indent = before[: len(before) - len(before.lstrip(" \t"))]
        is_opening = self._is_json and before.rstrip()[-1:] in ("{", "[")
        deeper = f"{indent}  " if is_opening else indent
        closing = f"\n{indent}" if is_opening and after.lstrip()[:1] in ("}", "]") else ""
        self.replace(f"\n{deeper}{closing}", start, end, maintain_selection_offset=False)
        self.move_cursor((start[0] + 1, len(deeper)))

    def set_json(self, *, is_json: bool) -> None:
        """Colour it as JSON or leave it plain."""
        if is_json != self._is_json:
            self._is_json = is_json
            self.notify_style_update()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """One line with its colours, as `TextArea` asks for it while drawing."""
        line = super().get_line(line_index)
        if not line.plain.isprintable():
            line = Text(one_cell(line.plain), end="", no_wrap=True)
        if self._is_json and len(line) <= _LONG_LINE:
            for start, end, kind in json_spans(line.plain):
                line.stylize(self._style_of(kind), start, end)
        return line

    def notify_style_update(self) -> None:
        """Forget the colours of the theme before."""
        self._styles_of_kinds = {}
        super().notify_style_update()

    def _style_of(self, kind: str) -> Style:
        style = self._styles_of_kinds.get(kind)
        if style is None:
            style = self.get_component_rich_style(f"json--{kind}", partial=True)
            self._styles_of_kinds[kind] = style
        return style
