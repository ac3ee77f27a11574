"""The payload page: the editor, or a preview of what is not edited here (a file, or too much)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea
from textual.widgets.text_area import Selection

from smrt_tui.core.plain import plain
from smrt_tui.ui.payload_check import EDITABLE_BYTES
from smrt_tui.ui.widgets.find_bar import FindBar
from smrt_tui.ui.widgets.payload_editor import PayloadEditor

_PREVIEW_CHARACTERS = 4000
_PREVIEW_BYTES = 252
_PER_ROW = 12
"""Bytes of a hex row: as many as fit into eighty columns."""


if TYPE_CHECKING:
    from smrt_tui.core.attached import Attached


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

    def tell(self, text: str) -> None:
        """Another text."""
        if text != self._text:
            self._text = text
            self.query_one("#preview-text", Static).update(Content(text))


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
        self._sought = ""

    def compose(self) -> ComposeResult:
        """The editor; a preview comes when it is needed."""
        yield PayloadEditor()

    async def show(self, text: str, file: str | None, *, is_json: bool, is_other: bool = False) -> None:
        """Put a payload in: a text, or the file it is read from when it is sent. `is_other` when it is another one."""
        self._shown = text
        is_preview = file is not None or is_large(text)
        self.set_class(is_preview, "-preview")
        await self.query(Preview).remove()
        if is_preview:
            await self.query(FindBar).remove()
            await self.mount(Preview("\n".join(about_file(file) if file is not None else _about_large(text))))
        else:
            self.query_one(PayloadEditor).show(text, is_json=is_json, is_other=is_other)

    def tell_file(self, lines: Iterable[str]) -> None:
        """What is known of the file by now."""
        for preview in self.query(Preview):
            preview.tell("\n".join(lines))

    async def find(self) -> None:
        """Open the search row, or go to it."""
        if not self.query(FindBar):
            await self.mount(FindBar("in the payload"))
        self.query_one(FindBar).query_one("Input").focus()

    def on_find_bar_asked(self, event: FindBar.Asked) -> None:
        """Look for it from the cursor on."""
        event.stop()
        self._sought = event.text
        self._select(matches(self.query_one(PayloadEditor).text, event.text), 0)

    def on_find_bar_stepped(self, event: FindBar.Stepped) -> None:
        """Go on to another match."""
        event.stop()
        self._select(matches(self.query_one(PayloadEditor).text, self._sought), event.by)

    async def on_find_bar_left(self, event: FindBar.Left) -> None:
        """Close the search row; the match stays selected."""
        event.stop()
        await self.query(FindBar).remove()
        self.query_one(PayloadEditor).focus()

    def _select(self, found: list[Selection], by: int) -> None:
        """The match at the selection, or the one after it; when one is selected already, so many further."""
        editor, bar = self.query_one(PayloadEditor), self.query_one(FindBar)
        here = min(editor.selection)
        now = next((at for at, match in enumerate(found) if match.start >= here), 0)
        if found:
            is_on_one = editor.selection in found
            at = (now + (by if is_on_one or by < 0 else 0)) % len(found)
            editor.selection = found[at]
            bar.show_count(at + 1, len(found), is_complete=True)
        else:
            bar.show_count(0, 0, is_complete=True)

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


def is_large(text: str) -> bool:
    """Whether a text is too much to be edited here."""
    if len(text) > EDITABLE_BYTES or len(text) <= EDITABLE_BYTES // 4:  # a character has one to four bytes
        return len(text) > EDITABLE_BYTES
    return len(text.encode("utf-8", "surrogatepass")) > EDITABLE_BYTES


def matches(text: str, sought: str) -> list[Selection]:
    """Where a text is found within a line; in lower case it is found in any case."""
    pattern = re.compile(re.escape(sought), re.IGNORECASE if sought == sought.lower() else re.NOFLAG)
    return [
        Selection((row, match.start()), (row, match.end()))
        for row, line in enumerate(text.split("\n") if sought else ())
        for match in pattern.finditer(line)
    ]


def about_file(file: str) -> Iterable[str]:
    """What is known of a file before it was looked at."""
    return (
        f"The payload is the file {plain(file)}",
        "",
        "It is read when the request is sent, byte for byte: no placeholder is filled in it.",
        "The path is relative to the profile's folder.",
    )


def about_attached(file: Attached) -> Iterable[str]:
    """What a file is, and its beginning: lines of text, or bytes."""
    yield " · ".join((file.media_type or "unknown kind", f"{file.size:,} bytes", *file.facts))
    yield "Sent byte for byte when the request is sent: no placeholder is filled in it. shift+f2 takes another."
    yield ""
    if file.text:
        yield plain(file.text[:_PREVIEW_CHARACTERS])
        yield from ("…",) if file.size > _PREVIEW_CHARACTERS else ()
    else:
        yield from _hex_lines(file.head[:_PREVIEW_BYTES])


def _hex_lines(data: bytes) -> Iterable[str]:
    for at in range(0, len(data), _PER_ROW):
        row = data[at : at + _PER_ROW]
        seen = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{at:08x}  {row.hex(' '):<{_PER_ROW * 3}} {seen}"


def _about_large(text: str) -> Iterable[str]:
    return (
        f"The payload has {len(text):,} characters, too many to edit here; all are sent. f4 opens your editor.",
        "It begins:",
        "",
        plain(text[:_PREVIEW_CHARACTERS]),
        "…",
    )
