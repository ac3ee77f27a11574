"""From the marks of a recording to honest figures: every one says what it measures, from where to where, and of what.

Times are taken where bytes are read, so they tell what the network did and not what a screen did. A count of tokens
is only ever the server's own, or is called what it is: events. No figure needs a pass over the parts unless the exact
gaps are asked for, so a panel can ask ten times a second. No clock is read here and nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from smrt_tui.core.decode.moments import Moments
from smrt_tui.core.events import Phase, PhaseMarked
from smrt_tui.core.figure import Figure, Source, figure
from smrt_tui.core.gaps import GapStatistics, Stall, gap_statistics
from smrt_tui.core.request import header

if TYPE_CHECKING:
    from smrt_tui.core.decode.decoder import Decoder
    from smrt_tui.core.recorder import Attempt, Recorder

_NAMED_STALLS: Final = 3


class PhaseSpan(Struct, frozen=True):
    """One phase of a waterfall, in seconds since its attempt began."""

    phase: Phase
    begin: float
    end: float
    is_running: bool


class Marks(Struct, frozen=True):
    """What a recording and its decoder know, as plain columns. All times are seconds since the call started."""

    now: float
    """The end of the call, or the present while it runs."""
    is_over: bool = False
    phases: Sequence[PhaseMarked] = ()
    """Of the latest attempt."""
    head_at: float | None = None
    part_times: Sequence[float] = field(default=())
    body_bytes: int = 0
    is_framed: bool = True
    """Whether parts are the model's payload parts. False: pieces of a plain body as the network cut it."""
    texts: Moments = field(default_factory=Moments)
    """Events with text."""
    reasonings: Moments = field(default_factory=Moments)
    characters: int = 0
    """Of text and reasoning, all choices."""
    usage_in: int | None = None
    usage_out: int | None = None
    token_events: int = 0
    """Events that are exactly one token; 0 where the format does not promise that."""
    comments: int = 0
    error: str | None = None
    is_unterminated: bool = False
    is_whole: bool = False
    """Whether the body is one document and no stream of tokens."""
    content_type: str = ""
    """As the answer's head tells it for the body inside."""
    framing: str | None = None
    """What the body turned out to be: sse, json, text or binary."""

    @property
    def is_streamed(self) -> bool:
        """Whether the model gave its answer piece by piece, so that it has a pace."""
        return self.is_framed and not self.is_whole

    @property
    def sent_at(self) -> float | None:
        """When the first byte of the request was written, the zero of every latency."""
        return next((mark.at for mark in self.phases if mark.phase is Phase.SEND_HEAD), None)

    @property
    def outputs(self) -> int:
        """Events with text or reasoning."""
        return self.texts.count + self.reasonings.count

    @property
    def first_output(self) -> float | None:
        """When the first event with text or reasoning was read."""
        return min((moments.first for moments in (self.texts, self.reasonings) if moments.count), default=None)

    @property
    def last_output(self) -> float | None:
        """When the last event with text or reasoning was read."""
        return max((moments.last for moments in (self.texts, self.reasonings) if moments.count), default=None)

    @property
    def tokens(self) -> tuple[int, Source]:
        """How many tokens came out, and who says so."""
        if self.token_events:  # before the usage: LMI's own count is one too high
            return self.token_events, "token events"
        return (self.outputs, "≈ events") if self.usage_out is None else (self.usage_out, "server count")


def marks_of(recorder: Recorder, decoder: Decoder | None, now: float) -> Marks:
    """The marks of a recording as it stands; `now` in seconds since the call started, while it runs."""
    parts, head, ended = recorder.parts, recorder.head, recorder.ended
    is_framed = bool(parts) and bool(parts.headers(0))
    marks = Marks(
        now=now if ended is None else ended.at,
        is_over=ended is not None,
        phases=recorder.attempt.marks,
        head_at=None if head is None else head.at,
        part_times=parts.times,
        body_bytes=parts.total,
        is_framed=is_framed,
    )
    if decoder is None or not parts.is_whole:  # what was not kept was not decoded: its events would be missing
        return marks
    return _with_answer(marks, decoder, recorder)


def _with_answer(marks: Marks, decoder: Decoder, recorder: Recorder) -> Marks:
    answer, head = decoder.answer, recorder.head
    headers = head.headers if head else ()
    inner = header(headers, "X-Amzn-SageMaker-Content-Type") if marks.is_framed else None
    choices = answer.choices.values()
    return replace(
        marks,
        texts=answer.texts,
        reasonings=answer.reasonings,
        characters=sum(choice.text.length + choice.reasoning.length for choice in choices),
        usage_in=answer.usage_in,
        usage_out=answer.usage_out,
        token_events=answer.counts.tokens,
        comments=answer.counts.comments,
        error=answer.error,
        is_unterminated=decoder.is_unterminated,
        is_whole=decoder.is_whole,
        content_type=inner or header(headers, "Content-Type") or "",
        framing=decoder.framing,
    )


def phase_spans(marks: Marks) -> tuple[PhaseSpan, ...]:
    """The phases one after the other; the last one lasts to the end, or to the present."""
    begins = [mark.at for mark in marks.phases]
    ends = [*begins[1:], max(marks.now, *begins[-1:])] if begins else []
    last = len(begins) - 1
    return tuple(
        PhaseSpan(mark.phase, mark.at - begins[0], end - begins[0], is_running=not marks.is_over and number == last)
        for number, (mark, end) in enumerate(zip(marks.phases, ends, strict=True))
    )


def failed_spans(attempt: Attempt) -> tuple[PhaseSpan, ...]:
    """The phases of an attempt that another one followed; none of one that is not over."""
    if attempt.ended is None:
        return ()
    return phase_spans(Marks(now=attempt.ended.at, is_over=True, phases=attempt.marks))


def figures(marks: Marks, gaps: GapStatistics | None = None) -> tuple[Figure, ...]:
    """Every figure that the marks give, in the order to show them; one that needs what is not there is left out.

    `gaps` are a live count's. Without them the exact ones are worked out, which sorts all gaps.
    """
    found = [*_latencies(marks), *_sizes(marks)]
    if marks.is_framed:
        statistics = gaps or gap_statistics(marks.part_times)
        found += _gap_figures(statistics) if statistics is not None else ()
    return (*found, *_output_figures(marks))


def _latencies(marks: Marks) -> Iterator[Figure]:
    sent, first, last = marks.sent_at, marks.first_output, marks.last_output
    if sent is None:
        return
    if marks.head_at is not None:
        yield figure("ttfb_s", marks.head_at - sent)
    if marks.part_times:
        yield figure("first_part_s", marks.part_times[0] - sent)
    if marks.reasonings.count:
        yield figure("first_reasoning_s", marks.reasonings.first - sent)
    if marks.texts.count:
        yield figure("ttft_s", marks.texts.first - sent)
    if first is not None and marks.head_at is not None and marks.is_streamed:
        yield figure("prefill_s", first - marks.head_at)
    if last is not None and marks.is_streamed:
        yield figure("last_output_s", last - sent)
    if marks.is_over:
        yield figure("e2e_s", marks.now - sent)
    if marks.is_over and last is not None and marks.is_streamed:
        yield figure("tail_s", marks.now - last)


def _sizes(marks: Marks) -> Iterator[Figure]:
    if not marks.part_times:
        return
    yield figure("parts", len(marks.part_times))
    yield figure("bytes", marks.body_bytes)
    taken = marks.part_times[-1] - marks.part_times[0]
    if taken > 0:
        yield figure("bytes_per_s", marks.body_bytes / taken)


def _gap_figures(gaps: GapStatistics) -> Iterator[Figure]:
    source: Source = "" if gaps.is_exact else "≈ bins"
    yield figure("gap_mean_s", gaps.mean)
    yield figure("gap_p50_s", gaps.p50, source)
    yield figure("gap_p95_s", gaps.p95, source)
    yield figure("gap_max_s", gaps.longest.gap_s, note=_after([gaps.longest]))
    yield figure("stalls", len(gaps.stalls), note=_after(gaps.stalls))
    yield figure("jitter_s", gaps.stdev)
    if gaps.rfc3550 is not None:
        yield figure("jitter_rfc3550_s", gaps.rfc3550)
    if gaps.together:
        yield figure("parts_together", gaps.together)


def _after(stalls: Sequence[Stall]) -> str:
    numbers = [str(stall.after) for stall in stalls[:_NAMED_STALLS]]
    return f"after part {', '.join(numbers)}{' …' if len(stalls) > _NAMED_STALLS else ''}" if numbers else ""


def _output_figures(marks: Marks) -> Iterator[Figure]:
    sent, first, last = marks.sent_at, marks.first_output, marks.last_output
    if marks.outputs and marks.is_streamed:
        yield figure("output_events", marks.outputs)
    tokens, source = marks.tokens
    if source != "≈ events":
        yield figure("tokens", tokens, source)
    if first is not None and last is not None and last > first and marks.is_streamed:
        yield from _pace(marks, last - first)
    if tokens and marks.is_over and sent is not None and marks.now > sent:
        yield figure("overall_per_s", tokens / (marks.now - sent), source)
    if marks.usage_in and first is not None and sent is not None and first > sent and marks.is_streamed:
        yield figure("prompt_per_s", marks.usage_in / (first - sent), "server count")


def _pace(marks: Marks, taken: float) -> Iterator[Figure]:
    """What divides the time from the first output to the last; there are two of them at least."""
    tokens, source = marks.tokens
    yield figure("event_gap_mean_s", taken / (marks.outputs - 1))
    if tokens > 1:
        yield figure("itl_s", taken / (tokens - 1), source)
        yield figure("decode_per_s", (tokens - 1) / taken, source)
    yield figure("characters_per_s", marks.characters / taken)
    if tokens and source != "≈ events":
        yield figure("tokens_per_event", tokens / marks.outputs, source)
        yield figure("tokens_per_part", tokens / len(marks.part_times), source)
