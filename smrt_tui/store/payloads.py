"""Payload texts that are too large to be edited on the screen, one private file a text, named by its content.

A file is written whole before anything refers to it, and never changed: another text is another file. It goes once no
draft and no history entry refers to it, and not while it is fresh: another running app may be about to refer to it.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.kept_text import KeptText, digest_of, text_bytes
from smrt_tui.core.template import placeholders
from smrt_tui.store.drafts import kept_digests
from smrt_tui.store.history import History
from smrt_tui.store.private import write_private

FRESH_S = 2 * 24 * 3600.0
"""Seconds for which a file stays whatever refers to it: a request that was replaced can be brought back that long."""

_NAME = re.compile(r"([0-9a-f]{32})\.txt")


class PayloadStore:
    """The texts of one state folder."""

    def __init__(self, state_folder: Path) -> None:
        self._state_folder = state_folder
        self._folder = state_folder / "payloads"

    def path(self, kept: KeptText) -> Path:
        """The file of a text."""
        return self._folder / f"{kept.digest}.txt"

    def keep(self, text: str) -> KeptText:
        """Write a text, mode 0600; what names it. Raises `OSError` when the disk does not take it."""
        content = text_bytes(text)
        kept = KeptText(digest_of(content), len(content), tuple(dict.fromkeys(placeholders(text))))
        if not self._refresh(kept):
            write_private(self.path(kept), content)
        return kept

    def read(self, kept: KeptText) -> bytes:
        """The bytes of a text. Raises `SmrtError` when the file is gone, cannot be read, or holds something else."""
        content = self.read_as_it_is(kept)
        if len(content) != kept.size or digest_of(content) != kept.digest:
            raise SmrtError(
                f"the file of the payload, {self.path(kept)}, was changed: {len(content):,} bytes instead of the "
                f"{kept.size:,} that were put there",
                "f4 opens it as it is now, and what you save there is the payload; alt+r takes the saved text",
            )
        return content

    def read_as_it_is(self, kept: KeptText) -> bytes:
        """The bytes of the file, be they changed. Raises `SmrtError` when they cannot be read."""
        try:
            return self.path(kept).read_bytes()
        except OSError as error:
            why = "is gone" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror or error}"
            hint = "paste it again; alt+y brings back what was here before, alt+r takes the saved text"
            raise SmrtError(f"the file of the payload, {self.path(kept)}, {why}", hint) from None

    def remove_unused(self) -> int:
        """Remove the files that nothing refers to and that are not fresh; how many went.

        Raises `OSError` and `sqlite3.Error` when it cannot be told what is referred to; then nothing went.
        """
        old = [path for path in self._files() if self._is_old(path)]
        if not old:
            return 0
        used = {*kept_digests(self._state_folder), *History(self._state_folder).kept_digests()}
        return sum(self._remove(path) for path in old if path.stem not in used)

    def _refresh(self, kept: KeptText) -> bool:
        """Make a file that is there count as fresh; whether there is a whole one."""
        path = self.path(kept)
        with contextlib.suppress(OSError, SmrtError):
            os.utime(path)
            self.read(kept)
            return True
        return False

    def _files(self) -> Iterator[Path]:
        with contextlib.suppress(OSError):
            yield from (path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def _is_old(self, path: Path) -> bool:
        try:
            return path.stat().st_mtime < time.time() - FRESH_S
        except OSError:
            return False

    def _remove(self, path: Path) -> bool:
        """Take a file away, unless another app has refreshed it since it was looked at: then it is put back."""
        going = path.with_name(f".going-{path.name}")
        try:
            path.replace(going)
            if self._is_old(going):
                going.unlink()
                return True
            going.replace(path)
        except OSError:  # another app was quicker
            pass
        return False
