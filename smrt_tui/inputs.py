"""The inputs of a request beside its text: files, the environment, the clock. Implements `ui.ports.Inputs`.

Everything runs in a thread. It looks, and sends nothing; a file is never read further than its beginning.
"""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from smrt_tui.core.errors import SmrtError
from smrt_tui.environment import Environment

if TYPE_CHECKING:
    from smrt_tui.core.attached import Attached
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.fills import Fill

_MOST_LISTED = 10_000
"""Names of a folder that are looked through to complete a path."""


class Inputs:
    """What one process can put into a request."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def fills(self, entry: ProfileEntry, draft: Draft) -> tuple[Fill, ...]:
        """What the placeholders that fill themselves stand for now."""
        from smrt_tui.core.fills import fills

        now = self._environment.now().isoformat(timespec="seconds")
        folder = Path(entry.folder)
        return await asyncio.to_thread(
            fills, draft, self._environment.environ, lambda path: _ordinary(folder, path).st_size, now
        )

    async def look(self, entry: ProfileEntry, path: str) -> Attached:
        """What a file is, by its beginning; the path is relative to the profile's folder.

        Raises `SmrtError` for what cannot be sent.
        """
        return await asyncio.to_thread(self._look, Path(entry.folder), path)

    def _look(self, folder: Path, path: str) -> Attached:
        from smrt_tui.core.attached import HEAD_BYTES, attached

        try:
            size = _ordinary(folder, path).st_size
            with path_in(folder, path).open("rb") as file:
                head = file.read(HEAD_BYTES)
        except (OSError, ValueError) as error:  # ValueError: a path with a NUL
            why = getattr(error, "strerror", None) or str(error)
            raise SmrtError(f"the file {path} cannot be read: {why}", f"paths are relative to {folder}") from None
        return attached(path, head, size)

    async def complete(self, entry: ProfileEntry, path: str) -> str | None:
        """The path that what is typed begins, a folder's with a slash behind it; None when there is none."""
        return await asyncio.to_thread(_complete, Path(entry.folder), path)


def path_in(folder: Path, path: str) -> Path:
    """A path as it is written in a profile of that folder."""
    return folder / os.path.expanduser(path)  # noqa: PTH111  Path's own raises for a user who is not there


def _ordinary(folder: Path, path: str) -> os.stat_result:
    """Raises `ValueError` for what is no file: a pipe would be waited for."""
    status = path_in(folder, path).stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is a folder" if stat.S_ISDIR(status.st_mode) else "it is no ordinary file")
    return status


def _complete(folder: Path, path: str) -> str | None:
    typed_folder, slash, beginning = path.rpartition("/")
    try:
        with os.scandir(path_in(folder, f"{typed_folder}{slash}" or ".")) as listing:
            fitting = [
                entry.name + ("/" if entry.is_dir() else "")
                for entry, _ in zip(listing, range(_MOST_LISTED), strict=False)
                if entry.name.startswith(beginning) and (beginning or not entry.name.startswith("."))
            ]
    except (OSError, ValueError):
        return None
    return f"{typed_folder}{slash}{min(fitting)}" if fitting and path else None
