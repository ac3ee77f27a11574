"""Errands: what is asked of the workbench beside a call. A preview of the request, and the answer as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.request import header, media_type
from smrt_tui.ui.news import News, Said

if TYPE_CHECKING:
    from smrt_tui.core.recorder import Recorder
    from smrt_tui.ui.session import Session

SUFFIXES = {
    "application/json": ".json",
    "application/jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "text/event-stream": ".sse",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/mpeg": ".mp3",
}


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


async def save_answer(session: Session, tell: Callable[[News], None]) -> None:
    """Write the latest answer's bytes to a file beside the person's work, and tell where."""
    run = session.run
    if run is None or len(run.recorder.parts.body) == 0:
        tell(Said("There is no answer to save yet", "warning"))
        return
    parts = run.recorder.parts
    name = f"{run.entry.id.replace('/', '-')}-{run.number}{suffix_of(run.recorder)}"
    try:
        path = await session.workbench.save_bytes(name, bytes(parts.body))
    except OSError as error:
        tell(Said(f"The answer could not be saved: {error.strerror or error}", "error"))
    else:
        if parts.is_whole:
            tell(Said(f"Saved as {path}"))
        else:
            tell(Said(f"Saved the first {len(parts.body):,} of {parts.total:,} bytes as {path}", "warning"))


def suffix_of(recorder: Recorder) -> str:
    """The file suffix of an answer's content type; `.bin` for one that is not known."""
    headers = recorder.head.headers if recorder.head else ()
    inner = header(headers, "X-Amzn-SageMaker-Content-Type")
    return SUFFIXES.get(media_type(inner or header(headers, "Content-Type")), ".bin")
