"""Errands: what is asked of the workbench beside a call. A preview of the request, the answer as a file, a copy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.errors import SmrtError
from smrt_tui.ui.news import News, Said

if TYPE_CHECKING:
    from smrt_tui.core.keeping import What
    from smrt_tui.ui.session import Session

SAFE_TO_COPY_BYTES = 50_000
"""What every terminal that knows OSC 52 takes; several cut or ignore what is longer."""


async def preview(session: Session, tell: Callable[[News], None]) -> str | None:
    """The signed request as it would go out; None when there is none, and then why was told."""
    entry, draft = session.entry, session.draft
    if entry is None or draft is None:
        tell(Said("There is no request to preview", "warning"))
        return None
    try:
        resolved = await session.workbench.resolve(entry, draft)
        if not isinstance(resolved, tuple):
            return await session.workbench.preview(entry, resolved)
        tell(Said(resolved[0].message, "error"))
    except SmrtError as error:
        tell(Said(error.message, "error"))
    return None


async def save_answer(session: Session, what: What, tell: Callable[[News], None]) -> None:
    """Write the latest answer to a file beside the person's work, and tell where."""
    from smrt_tui.core.keeping import kept_bytes, kept_suffix

    run = session.run
    content = b"" if run is None else await asyncio.to_thread(kept_bytes, what, run.recorder, run.decoder)
    if run is None or not content:
        lack = "There is no answer to save yet" if what == "body" else f"This answer has no {what} to save"
        tell(Said(lack, "warning"))
        return
    parts = run.recorder.parts
    name = f"{run.entry.id.replace('/', '-')}-{run.number}{kept_suffix(what, run.recorder)}"
    try:
        path = await session.workbench.save_bytes(name, content)
    except OSError as error:
        tell(Said(f"The answer could not be saved: {error.strerror or error}", "error"))
    else:
        if parts.is_whole:
            tell(Said(f"Saved as {path}"))
        else:
            tell(Said(f"Saved from the first {len(parts.body):,} of {parts.total:,} bytes as {path}", "warning"))


async def keep_copy(session: Session, text: str, tell: Callable[[News], None]) -> None:
    """Say what was copied; write it to a file as well when a terminal may not have taken all of it."""
    raw = text.encode(errors="replace")
    if len(raw) <= SAFE_TO_COPY_BYTES:
        tell(Said(f"Copied {len(text):,} characters"))
        return
    try:
        path = await session.workbench.save_bytes("copied.txt", raw)
    except OSError as error:
        why = error.strerror or error
        tell(Said(f"Copied {len(text):,} characters, which a terminal may cut; no file was written: {why}", "warning"))
    else:
        tell(Said(f"Copied {len(text):,} characters; a terminal may cut that, so it is in {path} too"))
