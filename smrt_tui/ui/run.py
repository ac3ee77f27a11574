"""A run: one invocation as the screen sees it, with a recorder and a decoder of its own, so that two runs never mix.

It folds and decodes events. It fires nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, cast

from smrt_tui.core.events import Ended, Event, HeadArrived, JobState, PartArrived, TransportFault
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import Headers, header
from smrt_tui.ui.bookmarks import Bookmarks

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.decode.decoder import Decoder
    from smrt_tui.core.draft import Draft, ResolvedDraft
    from smrt_tui.core.finding import Finding


MOST_KEPT = 128_000_000
"""Bytes of one answer that are kept and decoded: five times what a sync answer can have. Of a stream that brings more,
what follows is counted and timed, so that it takes no more memory however long it goes on."""
_LOOKING = frozenset({JobState.ACCEPTED, JobState.WAITING})


class Run:
    """One press of send, from the first moment to the last event."""

    def __init__(self, number: int, entry: ProfileEntry, draft: Draft, clock: Callable[[], float]) -> None:
        self.number = number
        """Counts from 1 within one sitting."""
        self.entry = entry
        self.draft = draft
        """As it was when send was pressed."""
        self.resolved: ResolvedDraft | None = None
        """As it went out."""
        self.recorder = Recorder(MOST_KEPT)
        self.decoder: Decoder | None = None
        """Of the latest answer; None while there is no answer's head."""
        self.bookmarks = Bookmarks()
        """Of the latest answer."""
        self.findings: tuple[Finding, ...] = ()
        """What was found about the answer, once it is over."""
        self.was_fired = False
        """Whether it got as far as the client: what was refused before has nothing for the history."""
        self.is_told_over = False
        """Set when the screen was told of the end."""
        self._clock = clock
        self._pressed_at = clock()

    @property
    def is_live(self) -> bool:
        """Whether more can arrive."""
        return self.recorder.ended is None

    @property
    def is_waiting_job(self) -> bool:
        """Whether it is an accepted async job whose answer is being looked for: nothing else has to wait for it."""
        return self.is_live and bool(self.recorder.jobs) and self.recorder.jobs[-1].state in _LOOKING

    @property
    def elapsed_s(self) -> float:
        """Seconds since send was pressed; once it is over, the call's own length."""
        ended = self.recorder.ended
        return self._clock() - self._pressed_at if ended is None else ended.at

    def take_in(self, events: Sequence[Event]) -> None:
        """Fold and decode what arrived. Nothing is taken after `Ended`: a second one would not be true."""
        if not self.is_live:
            return
        self.recorder.add(events)
        for kind, group in groupby(events, type):
            if kind is PartArrived:
                self._decode(cast("Iterator[PartArrived]", group))
                continue
            for event in group:
                if isinstance(event, HeadArrived):
                    self.decoder = self._new_decoder(event.headers)
                elif isinstance(event, Ended) and self.decoder is not None:
                    self.decoder.close()

    def _decode(self, parts: Iterable[PartArrived]) -> None:
        """Parts that follow each other, all at once: of many small ones each costs a third of one alone."""
        if self.decoder is None:
            return
        columns = self.recorder.parts
        if columns.is_whole:
            self.decoder.push_many(parts)
        else:
            kept = columns.kept
            self.decoder.push_many([part for part in parts if part.number < kept])

    def end_cancelled(self) -> None:
        """It was stopped before there was a call that could say so."""
        self.take_in((Ended(self.elapsed_s, "cancelled"),))

    def end_unsent(self, code: str, message: str, hint: str) -> None:
        """It stopped on our side, and why. Said by events, so that every view tells it in the same way."""
        at = self.elapsed_s
        self.take_in((TransportFault(at, code, message, hint), Ended(at, "fault")))

    def _new_decoder(self, headers: Headers) -> Decoder:
        from smrt_tui.core.decode.decoder import Decoder

        inner = header(headers, "X-Amzn-SageMaker-Content-Type") if self.draft.mode == "stream" else None
        profile = self.entry.profile
        return Decoder(profile.stream if profile else None, inner or header(headers, "Content-Type") or "")
