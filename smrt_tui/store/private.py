"""Files that only their owner may read, written so that a kill leaves either the old content or the new."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def private_folder(folder: Path) -> Path:
    """The folder, made with its parents when it is not there, open to its owner only. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Replace a file at once, mode 0600. Raises `OSError`, and then the old content stands."""
    private_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)  # mode 0600 by its contract
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
