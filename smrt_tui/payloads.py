"""The payloads that are too large to be edited on the screen, kept in files. Implements `ui.ports.Payloads`.

Every call runs in a thread. What stands in a text is not judged here.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smrt_tui.core.errors import SmrtError

if TYPE_CHECKING:
    from smrt_tui.core.attached import Attached
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.kept_text import KeptText
    from smrt_tui.store.payloads import PayloadStore

JUDGED_BYTES = 1024 * 1024
"""How much of a text the lint sees: more than this it does not judge anyway, but for its size."""


class Payloads:
    """Those of one state folder."""

    def __init__(self, state_folder: Path) -> None:
        self._state_folder = state_folder

    async def keep(self, text: str) -> KeptText:
        """Write a text to a file; what names it. Raises `OSError` when the disk does not take it."""
        return await asyncio.to_thread(lambda: self.store().keep(text))

    async def text(self, kept: KeptText) -> str:
        """The text of the file as it is now, be it changed. Raises `SmrtError` when it cannot be read."""
        return await asyncio.to_thread(self._text, kept)

    async def look(self, kept: KeptText) -> Attached:
        """What the text is, by its beginning, and where its file stands.

        Raises `SmrtError` when the file is gone or was changed.
        """
        return await asyncio.to_thread(self._look, kept)

    async def tidy(self) -> None:
        """Remove the files that nothing refers to any more. Where that cannot be told, they stay."""
        with contextlib.suppress(OSError, sqlite3.Error):
            await asyncio.to_thread(lambda: self.store().remove_unused())

    def beginning(self, draft: Draft) -> tuple[Draft, int]:
        """The draft with the beginning of its text in it, and how many bytes follow. As `in_memory`."""
        if draft.body_kept is None or draft.body_file is not None:
            return draft, 0
        content = self.store().read(draft.body_kept)
        head = codecs.getincrementaldecoder("utf-8")("surrogatepass").decode(content[:JUDGED_BYTES])
        return replace(draft, body=head, body_kept=None), max(0, len(content) - JUDGED_BYTES)

    def in_memory(self, draft: Draft) -> Draft:
        """The draft with its text in it. Reads; raises `SmrtError` when the file is gone or was changed."""
        if draft.body_kept is None or draft.body_file is not None:
            return draft
        return replace(draft, body=_decoded(self.store().read(draft.body_kept)), body_kept=None)

    def store(self) -> PayloadStore:
        """The files themselves."""
        from smrt_tui.store.payloads import PayloadStore

        return PayloadStore(self._state_folder)

    def _text(self, kept: KeptText) -> str:
        try:
            return _decoded(self.store().read_as_it_is(kept))
        except UnicodeDecodeError:
            raise SmrtError(f"{self.store().path(kept)} holds no text any more") from None

    def _look(self, kept: KeptText) -> Attached:
        from smrt_tui.core.attached import HEAD_BYTES, attached

        content = self.store().read(kept)
        name = "body.json" if content[:HEAD_BYTES].lstrip()[:1] in (b"{", b"[") else "body.txt"
        found = attached(name, content[:HEAD_BYTES], len(content))
        lines = content.count(b"\n") + (not content.endswith(b"\n"))
        facts = f"{lines:,} {'line' if lines == 1 else 'lines'}"
        return replace(found, path=str(self.store().path(kept)), facts=(facts,))


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "surrogatepass")
