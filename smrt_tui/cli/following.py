"""Follows one call to its end: writes the answer as it arrives, tells the story, judges at the end.

What arrived stays written whatever happens next. A cancelled task cancels the call and still waits for its last event.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from smrt_tui.cli.answer import AnswerWriter, EventLines, content_type_of
from smrt_tui.cli.diagnostics import ExitCode, Narrator, exit_code_of
from smrt_tui.cli.event_lines import Line, ended_line, finding_line
from smrt_tui.cli.narration import closing_line, event_narration, fault_lines, measurements
from smrt_tui.cli.settled import Settled
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.diagnose import diagnose
from smrt_tui.core.diagnose.evidence import StreamFacts, of_call
from smrt_tui.core.diagnose.facts import stream_facts
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import Call, Event, JobMoved, JobState, PartArrived
from smrt_tui.core.finding import Finding
from smrt_tui.core.profile import StreamOptions
from smrt_tui.core.recorder import Recorder, Verdict

MOST_KEPT = 16 * 1024 * 1024
"""Bytes of an answer that are kept for a diagnosis; all of it is written, and a gigabyte needs no more memory."""


class Following:
    """One call on its way."""

    def __init__(
        self,
        draft: ResolvedDraft,
        stream: StreamOptions,
        writers: Sequence[AnswerWriter],
        narrator: Narrator,
        *,
        no_wait: bool = False,
    ) -> None:
        self._draft = draft
        self._stream = stream
        self._writers = list(writers)
        self._narrator = narrator
        self._no_wait = no_wait
        self._recorder = Recorder(MOST_KEPT)
        self._settled = Settled()
        self.accepted: JobMoved | None = None
        """The async job that was left to itself, with `no_wait`."""
        self._unwritable: OSError | None = None

    async def to_the_end(self, call: Call, findings: Sequence[Finding]) -> ExitCode:
        """Read every event of the call; the exit code. `findings` are what is known about the request.

        A person is told them at once; event lines have all findings at the end, the most telling first.
        Raises `BrokenPipeError` when the reader of stdout went away.
        """
        self._narrator.findings(findings)
        reading = asyncio.ensure_future(self._read(call))
        try:
            await asyncio.shield(reading)
        except asyncio.CancelledError:
            call.cancel()
            await reading
        self._close_writers()
        if isinstance(self._unwritable, BrokenPipeError):
            raise self._unwritable
        return self._conclude(findings)

    async def _read(self, call: Call) -> None:
        async for batch in call.batches():
            self._recorder.add(batch)
            self._write(batch)
            for event in batch:
                if type(event) is not PartArrived:
                    self._tell(event)
            if self._unwritable is not None or self.accepted is not None:
                call.cancel()

    def _write(self, batch: Sequence[Event]) -> None:
        """Hand a batch to every writer. One that fails ends all writing."""
        try:
            settled = self._settled.take(batch)
            for writer in self._writers:
                writer.take(batch if isinstance(writer, EventLines) else settled)
        except OSError as error:
            self._unwritable = error
            self._writers = []

    def _close_writers(self) -> None:
        try:
            notices = [writer.close() for writer in self._writers]
        except OSError as error:
            self._unwritable = error
            self._writers = []
        else:
            for notice in filter(None, notices):
                self._narrator.say(notice)

    def _tell(self, event: Event) -> None:
        if self.accepted is not None and isinstance(event, JobMoved):
            return  # that looking stops is what was asked for
        if self._no_wait and isinstance(event, JobMoved) and event.state == JobState.ACCEPTED:
            self.accepted = event
        for line in event_narration(event):
            self._narrator.say(line)

    def _conclude(self, lint: Sequence[Finding]) -> ExitCode:
        recorder = self._recorder
        for line in fault_lines(recorder):
            self._narrator.say(line)
        assert recorder.ended is not None  # a call ends with `Ended`, always
        # of an answer that was not kept as a whole, decoding would tell of a cut that is ours
        facts = stream_facts(self._decoded(), recorder) if recorder.parts.is_whole else StreamFacts()
        self._announce(diagnose(of_call(recorder, self._draft, facts), lint), lint, recorder.ended.at)
        ended_as = _verdict(recorder, facts)
        code = self._exit_code(ended_as)
        verdict = ended_as.value if self.accepted is None else "accepted"
        self._write_lines([ended_line(recorder.ended, verdict, code, measurements(recorder))])
        self._narrator.say(closing_line(recorder, verdict))
        return code

    def _decoded(self) -> Decoder:
        """The whole answer decoded, for what it tells a diagnosis."""
        parts = self._recorder.parts
        content_type = self._recorder.head and content_type_of(self._recorder.head)
        decoder = Decoder(self._stream, content_type or "")
        for number, payload in enumerate(parts.payloads()):
            decoder.push(payload, number, parts.times[number])
        decoder.close()
        return decoder

    def _exit_code(self, verdict: Verdict) -> ExitCode:
        if self._unwritable is not None:
            self._narrator.say(f"the answer cannot be written: {self._unwritable.strerror or self._unwritable}")
            return ExitCode.CANCELLED
        if self.accepted is not None:
            return ExitCode.COMPLETE
        return exit_code_of(verdict)

    def _announce(self, diagnosed: Sequence[Finding], lint: Sequence[Finding], at: float) -> None:
        """Tell what the answer showed; each finding once, and of what was told before only that it was this."""
        known = {finding.id for finding in lint}
        if diagnosed and diagnosed[0].id in known:
            self._narrator.say(f"this is what [{diagnosed[0].id}] above was about")
        self._narrator.findings(finding for finding in diagnosed if finding.id not in known)
        told = {finding.id for finding in diagnosed}
        ranked = [*diagnosed, *(finding for finding in lint if finding.id not in told)]
        self._write_lines(finding_line(finding, at) for finding in ranked)

    def _write_lines(self, lines: Iterable[Line]) -> None:
        for writer in self._writers:
            if isinstance(writer, EventLines):
                writer.write(lines)


def _verdict(recorder: Recorder, facts: StreamFacts) -> Verdict:
    """How it ended. A 200 with the model's error inside is an answer with an error, whatever the wire says."""
    is_error_inside = recorder.verdict is Verdict.COMPLETE and facts.in_band_error
    return Verdict.ANSWERED_WITH_ERROR if is_error_inside else recorder.verdict
