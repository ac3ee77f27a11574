"""The content-type probe: one payload, a grid of ContentType × Accept pairs, and a table of what came of each.

The plan, the outcome of one call and the table are made here; `smrt_tui.probing` fires them. No pair is guessed to
work: a probe shows what the container says, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.core.diagnose.evidence import of_call
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.markdown_table import markdown_table
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.request import header, is_json
from smrt_tui.core.service import packaged_service

MOST_PAIRS = 30
"""Each pair is a call that costs time and money, so no grid is larger."""

OFFERED_CONTENT_TYPES = (
    "application/json",
    "text/csv",
    "application/jsonlines",
    "text/plain",
    "application/octet-stream",
    "text/libsvm",
    "application/x-recordio-protobuf",
    "application/x-npy",
    "image/jpeg",
)
OFFERED_ACCEPTS = ("*/*", "application/json", "text/csv", "application/jsonlines", "text/event-stream", "image/png")

NONE = ""
"""Stands for sending no such header at all."""

COLUMNS = ("ContentType", "Accept", "status", "answer", "type", "bytes", "seconds")


class Pair(Struct, frozen=True):
    """What one call is sent under. Empty: without that header."""

    content_type: str
    accept: str


class Outcome(Struct, frozen=True):
    """What came of one pair."""

    pair: Pair
    is_good: bool
    status: str
    """The HTTP status; of a ModelError also the container's; of a call without an answer its fault."""
    told: str
    """The error in words; empty for a good answer."""
    content_type: str
    """The type of what the model answered with; empty for an error."""
    size: int
    """Bytes of the answer's body."""
    seconds: float
    """From the first moment of the call to its end."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The outcome as text, in the order of `COLUMNS`."""
        answer = "ok" if self.is_good else self.told
        figures = (f"{self.size:,}" if self.is_good else "", f"{self.seconds:.3f}")
        return (*pair_cells(self.pair), self.status, answer, self.content_type, *figures)


def pair_cells(pair: Pair) -> tuple[str, str]:
    """A pair as text."""
    return pair.content_type or "(none)", pair.accept or "(none)"


def pairs_of(content_types: Iterable[str], accepts: Iterable[str]) -> tuple[Pair, ...]:
    """The grid, each pair once, content types outermost. May be longer than `MOST_PAIRS`: whoever fires it checks."""
    return tuple(dict.fromkeys(Pair(one, other) for one in content_types for other in accepts))


def default_choice(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Content types and Accepts to begin with: the draft's own, no header, and the usual suspects for such a body."""
    own, wanted = draft.member("ContentType"), draft.member("Accept")
    likely = "application/json" if draft.body_kept is not None or is_json(draft.body.encode()) else "text/csv"
    content_types = (own or likely, likely, "application/json", "text/csv", NONE)
    return tuple(dict.fromkeys(content_types)), tuple(
        dict.fromkeys((wanted or NONE, NONE, "application/json", "text/csv"))
    )


def under(draft: ResolvedDraft, pair: Pair) -> ResolvedDraft:
    """The same request under this pair alone: a free header of either name would answer another question."""
    operation = packaged_service().operation(draft.mode)
    names = [operation.input(name) for name in ("ContentType", "Accept")]
    headers = {member.header.lower() for member in names if member is not None and member.header}
    members = [(name, value) for name, value in draft.members if name not in ("ContentType", "Accept")]
    members += [(n, v) for n, v in (("ContentType", pair.content_type), ("Accept", pair.accept)) if v != NONE]
    free = tuple((name, value) for name, value in draft.headers if name.lower() not in headers)
    return replace(draft, members=tuple(members), headers=free)


def outcome_of(pair: Pair, recorder: Recorder, draft: ResolvedDraft) -> Outcome:
    """What a finished call of the probe showed."""
    is_good = recorder.verdict is Verdict.COMPLETE
    head = recorder.head
    fault = recorder.service_fault or recorder.transport_fault
    inner = header(head.headers, "X-Amzn-SageMaker-Content-Type") if head and draft.mode == "stream" else None
    kind = inner or (header(head.headers, "Content-Type") if head else None) or ""
    return Outcome(
        pair=pair,
        is_good=is_good,
        status=_status(recorder),
        told="" if fault is None else _told(recorder, draft),
        content_type=kind if is_good else "",
        size=recorder.parts.total,
        seconds=recorder.ended.at if recorder.ended else 0.0,
    )


def _status(recorder: Recorder) -> str:
    fault = recorder.service_fault
    if fault is not None and fault.original_status is not None:
        return f"{fault.status or ''} ({fault.original_status})".strip()
    if recorder.head is not None:
        return str(recorder.head.status)
    return "cancelled" if recorder.verdict is Verdict.CANCELLED else "no answer"


def _told(recorder: Recorder, draft: ResolvedDraft) -> str:
    from smrt_tui.core.diagnose.evidence import StreamFacts

    words = of_call(recorder, draft, StreamFacts()).container_words
    if words:
        return words
    if recorder.service_fault is not None:
        return f"{recorder.service_fault.code}: {recorder.service_fault.message}"
    return recorder.transport_fault.message if recorder.transport_fault else ""


def as_markdown(outcomes: Sequence[Outcome], endpoint: str) -> str:
    """The table for pasting into an issue."""
    good = sum(outcome.is_good for outcome in outcomes)
    table = markdown_table(COLUMNS, [outcome.cells for outcome in outcomes])
    return f"Endpoint `{endpoint}`: {good} of {len(outcomes)} pairs were answered.\n\n{table}"
