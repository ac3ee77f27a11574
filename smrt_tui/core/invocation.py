"""A finished invocation as a value: what was asked, what came back, how long it took. Secrets are masked in it.

It is what the history keeps and what is shown and repeated from there. Reads no file and no clock.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.redact import MASK, masked_headers
from smrt_tui.core.request import Headers
from smrt_tui.core.service import Mode

BODY_CAP = 1 << 20
"""Bytes of a body that are kept; the size is always kept."""
PARTS_CAP = 100_000
"""Parts whose times and sizes are kept."""


class Invocation(Struct, frozen=True):
    """One finished call."""

    profile_id: str
    started_at: str
    """ISO 8601."""
    mode: Mode
    endpoint: str
    url: str
    request_headers: Headers
    """As they left, secrets masked."""
    members: tuple[tuple[str, str], ...]
    typed_headers: Headers
    """Free headers as typed, secrets masked: for sending it again."""
    request_body: bytes
    """Its beginning, up to `BODY_CAP`."""
    request_bytes: int
    """The whole body's size."""
    verdict: str
    """A value of `core.recorder.Verdict`."""
    status: int | None
    response_headers: Headers
    response_body: bytes
    """The concatenated parts, up to `BODY_CAP`."""
    response_bytes: int
    """The whole answer's size."""
    part_times: tuple[float, ...]
    """Seconds since the start, up to `PARTS_CAP` parts."""
    part_sizes: tuple[int, ...]
    parts: int
    """How many there were."""
    error: str
    """The fault in a sentence; empty without one."""
    head_s: float | None
    first_part_s: float | None
    total_s: float
    draft: Draft | None = None
    """The request as it was written, with its placeholders, secrets masked: for writing it again. None where its body
    was beyond `BODY_CAP` and in no file."""


class HistoryRow(Struct, frozen=True):
    """An entry as a list shows it."""

    id: int
    profile_id: str
    started_at: str
    mode: str
    endpoint: str
    verdict: str
    status: int | None
    parts: int
    response_bytes: int
    first_part_s: float | None
    total_s: float


def invocation_of(
    recorder: Recorder, draft: ResolvedDraft, profile_id: str, started_at: str, written: Draft | None = None
) -> Invocation:
    """The entry of a finished call, with the draft as it was written. Masks whatever still is a secret."""
    parts, attempt = recorder.parts, recorder.attempt
    fault = recorder.service_fault or recorder.transport_fault
    return Invocation(
        profile_id=profile_id,
        started_at=started_at,
        mode=draft.mode,
        endpoint=draft.endpoint,
        url=recorder.started.request.url if recorder.started else "",
        request_headers=masked_headers(attempt.sent.headers) if attempt.sent else (),
        members=masked_headers(draft.members),
        typed_headers=masked_headers(draft.headers),
        request_body=draft.body[:BODY_CAP],
        request_bytes=len(draft.body),
        verdict=recorder.verdict.value,
        status=attempt.head.status if attempt.head else None,
        response_headers=masked_headers(attempt.head.headers) if attempt.head else (),
        response_body=bytes(parts.body[:BODY_CAP]),
        response_bytes=parts.total,
        part_times=tuple(parts.times[:PARTS_CAP]),
        part_sizes=tuple(parts.sizes[:PARTS_CAP]),
        parts=len(parts),
        error=f"{fault.code}: {fault.message}" if fault else "",
        head_s=attempt.head.at if attempt.head else None,
        first_part_s=parts.times[0] if parts else None,
        total_s=recorder.ended.at if recorder.ended else 0.0,
        draft=_masked(written),
    )


def _masked(draft: Draft | None) -> Draft | None:
    if draft is None or len(draft.body) > BODY_CAP:
        return None
    sent = replace(draft, members_off=(), headers_off=())
    return replace(sent, members=masked_headers(draft.members), headers=masked_headers(draft.headers))


def draft_again(invocation: Invocation) -> tuple[Draft | None, tuple[str, ...]]:
    """The draft to send it again, and the names of what is left out of it because only a mask was kept.

    None where the request was too large to be kept whole.
    """
    draft = invocation.draft
    if draft is None:
        return None, ()
    masked = tuple(name for name, value in (*draft.members, *draft.headers) if MASK in value)
    return replace(draft, members=_unmasked(draft.members), headers=_unmasked(draft.headers)), masked


def _unmasked(pairs: Headers) -> Headers:
    return tuple(pair for pair in pairs if MASK not in pair[1])
