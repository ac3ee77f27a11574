"""Async invocations before their 202: brings the payload to where the profile wants it.

How a payload is placed is `core.placement`'s to say; here it is done, through an `ObjectStore`.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from smrt_tui.client.jobs import Watch
from smrt_tui.client.s3 import ObjectStore, parse_location
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import JobMoved, JobState
from smrt_tui.core.placement import placed
from smrt_tui.core.profile import AsyncOptions

_TELL_UPLOAD_S = 1.0


def new_object_name() -> str:
    """A name that no object has yet."""
    return str(uuid4())


async def place(
    draft: ResolvedDraft,
    options: AsyncOptions,
    store: ObjectStore,
    watch: Watch,
    *,
    tell: Callable[[JobMoved], None] = lambda _: None,
    new_name: Callable[[], str] = new_object_name,
) -> tuple[ResolvedDraft, JobMoved | None]:
    """The draft to send, and the event of an upload when there was one. `tell` hears how a long upload gets on.

    Raises `ClientTrouble` when the upload fails.
    """
    ready, location = placed(draft, options.input, new_name)
    if not location:
        return ready, None
    content_type = dict(draft.members).get("ContentType")
    progress = _Progress(len(draft.body), location, watch, tell)
    await store.put(parse_location(location), draft.body, content_type, on_sent=progress.sent)
    return ready, JobMoved(watch.at(None), JobState.UPLOADED, "", "", "", f"{len(draft.body):,} bytes to {location}")


class _Progress:
    """Tells of an upload once a second, so that a short one is not told of at all."""

    def __init__(self, total: int, location: str, watch: Watch, tell: Callable[[JobMoved], None]) -> None:
        self._total = total
        self._location = location
        self._watch = watch
        self._tell = tell
        self._told_at = watch.at(None)

    def sent(self, count: int) -> None:
        """So many bytes have left."""
        now = self._watch.at(None)
        if now - self._told_at >= _TELL_UPLOAD_S and count < self._total:
            self._told_at = now
            detail = f"{count:,} of {self._total:,} bytes to {self._location}"
            self._tell(JobMoved(now, JobState.UPLOADING, "", "", "", detail))
