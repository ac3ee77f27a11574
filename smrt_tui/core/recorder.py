"""The recorder: folds the events of one call into what a view, a diagnosis or a history entry asks about.

Mutable on purpose, and the only mutable thing in `core`: growing tuples is quadratic, and a stream has a million parts.
Parts live in columns (times, sizes, offsets) beside one joined body: 6 bytes a part, no object a part. Nothing here
decodes, judges or draws.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import cast

from msgspec import Struct, field

from smrt_tui.core.columns import Offsets, Sizes, Stamps
from smrt_tui.core.events import (
    AttemptEnded,
    Connected,
    Ended,
    Event,
    FrameArrived,
    FrameHeaders,
    FrameRejected,
    HeadArrived,
    JobMoved,
    JobState,
    PartArrived,
    Phase,
    PhaseMarked,
    RequestSent,
    ServiceFault,
    Signed,
    Started,
    TrailersArrived,
    TransportFault,
)


class PartColumns:
    """All parts of a call: their bytes joined, and a number or two for each."""

    def __init__(self, most_bytes: int = sys.maxsize) -> None:
        self.body = bytearray()
        """The concatenated payloads, or their beginning where `most_bytes` cut them."""
        self.total = 0
        """Payload bytes that arrived, kept or not."""
        self.times = Stamps()
        """Seconds since the start when the last byte of each part was read."""
        self.sizes = Sizes()
        """Payload bytes of each part."""
        self.offsets = Offsets(self.sizes)
        """Where each frame (or piece) begins in the HTTP body."""
        self._most_bytes = most_bytes
        self._header_runs: list[tuple[int, FrameHeaders]] = []

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def is_whole(self) -> bool:
        """Whether every byte that arrived was kept."""
        return len(self.body) == self.total

    @property
    def kept(self) -> int:
        """How many parts were kept whole: all of them, or those before `most_bytes` were reached."""
        return len(self) if self.is_whole else self.sizes.holding(len(self.body))

    def append(self, part: PartArrived) -> None:
        """Note one part. Parts come in order, without gaps."""
        self.extend((part,))

    def extend(self, parts: Sequence[PartArrived]) -> None:
        """Note parts that follow each other: of many at once each costs a quarter of one alone."""
        first = len(self.sizes)
        payloads = [part.payload for part in parts]
        for number, part in enumerate(parts, first):
            if not self._header_runs or self._header_runs[-1][1] is not part.headers:
                self._note_headers(number, part.headers)
        self._keep(b"".join(payloads))
        self.times.extend([part.at for part in parts])
        self.sizes.extend(list(map(len, payloads)))
        self.offsets.extend([part.offset for part in parts])

    def _keep(self, payload: bytes) -> None:
        if self.total + len(payload) <= self._most_bytes:
            self.body += payload
        elif self.total < self._most_bytes:
            self.body += payload[: self._most_bytes - self.total]
        self.total += len(payload)

    def _note_headers(self, number: int, headers: FrameHeaders) -> None:
        if not self._header_runs or self._header_runs[-1][1] != headers:
            self._header_runs.append((number, headers))

    def start(self, number: int) -> int:
        """The offset of a part's first byte in the whole answer."""
        return self.sizes.start(number)

    def payload(self, number: int) -> bytes:
        """The bytes of one part, as far as they were kept."""
        start = self.start(number)
        return bytes(self.body[start : start + self.sizes[number]])

    def payloads(self, first: int = 0) -> Iterator[bytes]:
        """The bytes of every part from `first` on, in order, as far as they were kept."""
        if first >= len(self.sizes):
            return
        start = self.start(first)
        for number in range(first, len(self.sizes)):
            end = start + self.sizes[number]
            yield bytes(self.body[start:end])
            start = end

    def headers(self, number: int) -> FrameHeaders:
        """The frame's own headers of one part; empty for a piece of a plain body."""
        found: FrameHeaders = ()
        for first, headers in self._header_runs:
            if first > number:
                break
            found = headers
        return found

    def at_byte(self, offset: int) -> int:
        """The number of the part that holds this byte of `body`."""
        return self.sizes.holding(offset)


class Attempt(Struct):
    """One try: its phases, and what went out and came back at the head."""

    marks: list[PhaseMarked] = field(default_factory=list)
    signed: Signed | None = None
    connected: Connected | None = None
    sent: RequestSent | None = None
    head: HeadArrived | None = None
    ended: AttemptEnded | None = None
    """Set when another attempt followed."""


class Verdict(Enum):
    """How a call ended, as a person and an exit code tell it apart."""

    RUNNING = "running"
    COMPLETE = "complete"
    ANSWERED_WITH_ERROR = "answered with an error"
    BROKE = "broke after it began"
    NO_ANSWER = "no answer"
    CANNOT_SEND = "could not be sent"
    CANCELLED = "cancelled"


_BEFORE_THE_NETWORK = frozenset({Phase.CREDENTIALS, Phase.SIGN})


class Recorder:
    """Everything that happened to one call so far."""

    def __init__(self, most_bytes: int = sys.maxsize) -> None:
        """Of the answer's body no more than `most_bytes` are kept; parts, times and sizes are kept in any case."""
        self._most_bytes = most_bytes
        self.started: Started | None = None
        self.attempts: list[Attempt] = [Attempt()]
        self.parts = PartColumns(self._most_bytes)
        self.frames: list[FrameArrived] = []
        self.rejected: FrameRejected | None = None
        self.trailers: TrailersArrived | None = None
        self.service_fault: ServiceFault | None = None
        self.transport_fault: TransportFault | None = None
        self.jobs: list[JobMoved] = []
        self.ended: Ended | None = None

    def add(self, events: Iterable[Event]) -> None:
        """Fold a batch, in order."""
        for kind, group in groupby(events, type):
            if kind is PartArrived:
                self.parts.extend(cast("list[PartArrived]", list(group)))
                continue
            for event in group:
                self._fold(event)

    @property
    def attempt(self) -> Attempt:
        """The latest attempt."""
        return self.attempts[-1]

    @property
    def head(self) -> HeadArrived | None:
        """The head of the latest answer."""
        return self.attempt.head

    @property
    def verdict(self) -> Verdict:
        """How it ended, or that it is running. The first fault decides; what came before it stays in `parts`."""
        if self.ended is None:
            return Verdict.RUNNING
        if self.ended.outcome == "cancelled":
            return Verdict.CANCELLED
        if self.ended.outcome == "complete":
            return Verdict.COMPLETE
        return self._fault_verdict()

    def _fault_verdict(self) -> Verdict:
        if self.service_fault is not None:
            return Verdict.BROKE if self.service_fault.status is None else Verdict.ANSWERED_WITH_ERROR
        if self.jobs and self.jobs[-1].state in (JobState.WAITING, JobState.GAVE_UP):
            return Verdict.NO_ANSWER  # the request was answered, the job was not
        if self.head is not None:
            return Verdict.BROKE
        has_left = any(mark.phase not in _BEFORE_THE_NETWORK for mark in self.attempt.marks)
        return Verdict.NO_ANSWER if has_left else Verdict.CANNOT_SEND

    def _fold(self, event: Event) -> None:
        match event:
            case PhaseMarked():
                self.attempt.marks.append(event)
            case Started():
                self.started = event
            case Signed():
                self.attempt.signed = event
            case Connected():
                self.attempt.connected = event
            case RequestSent():
                self.attempt.sent = event
            case HeadArrived():
                self.attempt.head = event
            case FrameArrived():
                self.frames.append(event)
            case FrameRejected():
                self.rejected = self.rejected or event
            case TrailersArrived():
                self.trailers = event
            case ServiceFault():
                self.service_fault = self.service_fault or event
            case TransportFault():
                self.transport_fault = self.transport_fault or event
            case AttemptEnded():
                self.attempt.ended = event
                self.attempts.append(Attempt())
                self._forget_the_failed_answer()
            case JobMoved():
                self.jobs.append(event)
            case Ended():
                self.ended = event
            case PartArrived():
                self.parts.append(event)

    def _forget_the_failed_answer(self) -> None:
        """A retry starts a new answer; the failed one is told by `AttemptEnded`."""
        self.parts = PartColumns(self._most_bytes)
        self.frames = []
        self.service_fault = self.transport_fault = self.rejected = self.trailers = None
