"""The payload page: the editor, or a preview of what is not edited here (a file, or too much)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.events import Paste
from textual.message import Message
from textual.widgets import Static, TextArea
from textual.widgets.text_area import Selection

from smrt_tui.core.kept_text import EDITABLE_BYTES, is_large
from smrt_tui.core.plain import plain
from smrt_tui.ui.widgets.find_bar import FindBar
from smrt_tui.ui.widgets.guarded_area import with_line_feeds
from smrt_tui.ui.widgets.payload_editor import PayloadEditor

_PREVIEW_CHARACTERS = 4000
_PREVIEW_BYTES = 252
_PER_ROW = 12
"""Bytes of a hex row: as many as fit into eighty columns."""


if TYPE_CHECKING:
    from smrt_tui.core.attached import Attached
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.kept_text import KeptText


class Preview(VerticalScroll):
    """The beginning of a payload, and why it is not edited here."""

    HELP = """The beginning of a payload that is not edited here: a file of yours, or a text of more than 64 KB, which
is kept in a file of its own. f4 opens such a text in your editor, shift+f2 sends another file, and a text that you
paste takes its place."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "screen.do('bring-back')", "Bring back what was here before", show=False),
    ]

    DEFAULT_CSS = """
    Preview { height: 1fr; padding: 0 1; }
    """

    @dataclass
    class Pasted(Message):
        """Posted when a text was pasted here."""

        text: str

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(Content(self._text), id="preview-text", markup=False)

    def on_paste(self, event: Paste) -> None:
        """Hand it on."""
        event.stop()
        if event.text:
            self.post_message(self.Pasted(with_line_feeds(event.text)))

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
        self._previewed: tuple[str | None, KeptText | None, str] | None = None
        self._sought = ""

    def compose(self) -> ComposeResult:
        """The editor; a preview comes when it is needed."""
        yield PayloadEditor()

    @property
    def is_preview(self) -> bool:
        """Whether the payload is only previewed."""
        return self.has_class("-preview")

    async def show(self, draft: Draft, *, is_json: bool, is_other: bool = False) -> None:
        """Put a draft's payload in. `is_other` when it is another one, and not a version of what is shown."""
        self._shown = draft.body
        had_focus = self.has_focus_within
        if draft.body_file is not None or draft.body_kept is not None or is_large(draft.body):
            await self._show_preview(draft)
        else:
            self.set_class(False, "-preview")
            self._previewed = None
            await self.query(Preview).remove()
            self.query_one(PayloadEditor).show(draft.body, is_json=is_json, is_other=is_other)
        if had_focus:
            self.take_focus()

    async def _show_preview(self, draft: Draft) -> None:
        self.set_class(True, "-preview")
        shown = (draft.body_file, draft.body_kept, draft.body)
        if shown == self._previewed:  # what is known of it by now stays
            return
        self._previewed = shown
        text = "\n".join(_about_at_first(draft))
        await self.query(FindBar).remove()
        if self.query(Preview):
            self.query_one(Preview).tell(text)
        else:
            await self.mount(Preview(text))

    def take_focus(self) -> None:
        """Put the focus where the payload is."""
        self.query_one(Preview if self.is_preview else PayloadEditor).focus()

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
        if text != self._shown and not self.is_preview:
            self._take(text)

    def on_guarded_area_pasted_too_much(self, event: PayloadEditor.PastedTooMuch) -> None:
        """Keep a large paste, but not in the editor."""
        event.stop()
        self._take(event.text)

    def on_preview_pasted(self, event: Preview.Pasted) -> None:
        """Put it in place of what is previewed."""
        event.stop()
        self._take(event.text)

    def _take(self, text: str) -> None:
        self._shown = text
        self.post_message(self.Changed(text))


def matches(text: str, sought: str) -> list[Selection]:
    """Where a text is found within a line; in lower case it is found in any case."""
    pattern = re.compile(re.escape(sought), re.IGNORECASE if sought == sought.lower() else re.NOFLAG)
    return [
        Selection((row, match.start()), (row, match.end()))
        for row, line in enumerate(text.split("\n") if sought else ())
        for match in pattern.finditer(line)
    ]


def _about_at_first(draft: Draft) -> Iterable[str]:
    """What is known of a payload that is not edited here before its file was looked at."""
    if draft.body_file is not None:
        return about_file(draft.body_file)
    if draft.body_kept is not None:
        return (f"A text of {draft.body_kept.size:,} bytes", _TOO_LARGE)
    return (f"A text of {len(draft.body):,} characters", _TOO_LARGE, "", *_beginning(draft.body, is_all=False))


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
        yield from _beginning(file.text, is_all=file.size <= _PREVIEW_CHARACTERS)
    else:
        yield from _hex_lines(file.head[:_PREVIEW_BYTES])


_TOO_LARGE = "Too large to edit here; all of it is sent."


def about_kept(file: Attached, kept: KeptText, *, can_go_back: bool) -> Iterable[str]:
    """What a text is that is too large to be edited here, what can be done with it, and its beginning."""
    kind = "JSON" if file.media_type == "application/json" else "Text"
    yield plain(" · ".join((kind, f"{file.size:,} bytes", *file.facts, _sending(kept))))
    yield f"Too large to edit here: f4 opens your editor; {EDITABLE_BYTES // 1024} KiB or less comes back."
    yield f"A paste takes its place{'; ctrl+z brings back what was here before' if can_go_back else ''}."
    yield plain(f"Kept in {file.path}")
    yield ""
    yield from _beginning(file.text or file.head.decode("utf-8", "replace"), is_all=False)


def _sending(kept: KeptText) -> str:
    names = [_written(name, argument) for name, argument in kept.placeholders]
    if not names:
        return "sent byte for byte"
    more = f" and {len(names) - _PLACEHOLDERS_TOLD:,} more" if len(names) > _PLACEHOLDERS_TOLD else ""
    return f"filled at send: {', '.join(names[:_PLACEHOLDERS_TOLD])}{more}"


_PLACEHOLDERS_TOLD = 5


def _written(name: str, argument: str | None) -> str:
    return f"{{{{{name}}}}}" if argument is None else f"{{{{{name}:{argument}}}}}"


def _beginning(text: str, *, is_all: bool) -> Iterable[str]:
    yield plain(text[:_PREVIEW_CHARACTERS])
    yield from () if is_all else ("…",)


def _hex_lines(data: bytes) -> Iterable[str]:
    for at in range(0, len(data), _PER_ROW):
        row = data[at : at + _PER_ROW]
        seen = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{at:08x}  {row.hex(' '):<{_PER_ROW * 3}} {seen}"
