"""Which part of a container's log belongs to one call, and which of its lines most likely tells the cause. Pure.

The log's clock is AWS's: where the server's `Date` is known, times are told by it and not by this machine's clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from smrt_tui.core.container_log import MARGIN, LogLine, LogQuery, log_query
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import header
from smrt_tui.core.server_date import server_time

WIDENINGS = tuple(timedelta(seconds=seconds) for seconds in (MARGIN.total_seconds(), 30, 300, 3_600))
"""How far the window reaches to either side of a call, one step after the other."""


class CallMoment(Struct, frozen=True):
    """When a call was, where its log is, and what to look for in it."""

    endpoint: str
    begin: datetime
    """To the second, since no header tells more."""
    end: datetime
    arn: str = ""
    """The LogStreamArn of a ModelError."""
    inference_id: str = ""
    """As it was sent; empty when none was."""

    def query(self, margin: timedelta = MARGIN, *, only_id: bool = False) -> LogQuery:
        """The lines around the call, or only those with its inference id."""
        containing = self.inference_id if only_id else ""
        return log_query(self.endpoint, self.begin, self.end, arn=self.arn, containing=containing, margin=margin)

    def relative(self, line: LogLine) -> str:
        """When a line was written, seen from the beginning of the call: `+1.25 s`."""
        return f"{(line.at - self.begin).total_seconds():+.2f} s"


def moment_of(recorder: Recorder, endpoint: str) -> CallMoment | None:
    """The moment of a call that left for its endpoint; None for one that did not."""
    sent = recorder.attempt.sent.headers if recorder.attempt.sent else ()
    begin = _begin(recorder)
    if begin is None:
        return None
    seconds = 0.0 if recorder.ended is None else recorder.ended.at
    fault = recorder.service_fault
    arn = fault.log_stream_arn if fault is not None else ""
    identity = header(sent, "X-Amzn-SageMaker-Inference-Id") or ""
    return CallMoment(endpoint, begin, begin + timedelta(seconds=seconds), arn, identity)


def _begin(recorder: Recorder) -> datetime | None:
    head, sent = recorder.head, recorder.attempt.sent
    told = server_time(head.headers) if head is not None else None
    if told is not None and head is not None:
        return told - timedelta(seconds=head.at)
    stamp = header(sent.headers, "X-Amz-Date") if sent is not None else None
    try:
        return datetime.strptime(stamp or "", "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


_SIGNS = (
    re.compile(r"Traceback \(most recent call last\)"),
    re.compile(r"\b[A-Z]\w*(?:Error|Exception)\b|\b(?i:out of memory)\b|\bOOM\b|\bKilled\b"),
    re.compile(r"\b(?:ERROR|FATAL|CRITICAL|PANIC)\b|\bpanicked at\b"),
    re.compile(r"(?<![\d.])[45]\d\d (?:[a-z]+/|no content type|[A-Z])|no answer after"),
)
"""What a cause looks like, the most telling first."""


def likely_cause(lines: Sequence[LogLine]) -> int | None:
    """The index of the line that most likely tells the cause; None when none looks like one."""
    for sign in _SIGNS:
        for index, line in enumerate(lines):
            if sign.search(line.text):
                return index
    return None


def is_trouble(text: str) -> bool:
    """Whether a line looks like a failure at all."""
    return any(sign.search(text) for sign in _SIGNS)
