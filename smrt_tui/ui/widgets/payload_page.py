"""The payload page: the editor, or a preview of what is not edited here (a file, or too much)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from smrt_tui.core.plain import plain
from smrt_tui.ui.payload_check import EDITABLE_BYTES, byte_size
from smrt_tui.ui.widgets.payload_editor import PayloadEditor

_PREVIEW_CHARACTERS = 4000


class Preview(VerticalScroll):
    """The beginning of a payload, and why it is not edited here."""

    DEFAULT_CSS = """
    Preview { height: 1fr; padding: 0 1; }
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(Content(self._text), id="preview-text", markup=False)


class PayloadPage(Container):
    """Shows one payload, and says when its text was changed by hand."""

    DEFAULT_CSS = """
    PayloadPage.-preview PayloadEditor { display: none; }
    """

    @dataclass
    class Changed(Message):
        """Posted when a person changed the text."""

        text: str

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""

    def compose(self) -> ComposeResult:
        """The editor; a preview comes when it is needed."""
        yield PayloadEditor()

    async def show(self, text: str, file: str | None, *, is_json: bool) -> None:
        """Put a payload in: a text, or the file it is read from when it is sent."""
        self._shown = text
        size = len(text.encode("utf-8", "surrogatepass"))
        is_preview = file is not None or size > EDITABLE_BYTES
        self.set_class(is_preview, "-preview")
        await self.query(Preview).remove()
        if is_preview:
            lines = _about_file(file) if file is not None else _about_large(text, size)
            await self.mount(Preview("\n".join(lines)))
        else:
            self.query_one(PayloadEditor).show(text, is_json=is_json)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Pass on what was typed; the program's own changes are not news."""
        event.stop()
        text = event.text_area.text
        if text != self._shown and not self.has_class("-preview"):
            self._take(text)

    def on_payload_editor_pasted_too_much(self, event: PayloadEditor.PastedTooMuch) -> None:
        """Keep a large paste, but not in the editor."""
        event.stop()
        self._take(event.text)

    def _take(self, text: str) -> None:
        self._shown = text
        self.post_message(self.Changed(text))


def _about_file(file: str) -> Iterable[str]:
    return (
        f"The payload is the file {plain(file)}",
        "",
        "It is read when the request is sent, byte for byte: no placeholder is filled in it.",
        "The path is relative to the profile's folder.",
    )


def _about_large(text: str, size: int) -> Iterable[str]:
    return (
        f"The payload has {byte_size(size)}: too much to edit here. f4 opens it in your editor; it is sent in full.",
        "It begins:",
        "",
        plain(text[:_PREVIEW_CHARACTERS]),
        "…",
    )
