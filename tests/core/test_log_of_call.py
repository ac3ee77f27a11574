"""Which lines of a log belong to a call, by which clock, and which of them tells the cause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smrt_tui.core.container_log import LogLine, LogQuery
from smrt_tui.core.events import Ended, Event, HeadArrived, RequestSent, ServiceFault
from smrt_tui.core.log_of_call import CallMoment, likely_cause, moment_of
from smrt_tui.core.recorder import Recorder

BEGIN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/other"
SENT = RequestSent(0.1, b"", (("X-Amz-Date", "20260304T040000Z"), ("X-Amzn-SageMaker-Inference-Id", "a1")), 2)
HEAD = HeadArrived(2.0, "1.1", 424, "Oh", (("Date", "Wed, 04 Mar 2026 05:06:09 GMT"),))


def recorded(*events: Event) -> Recorder:
    recorder = Recorder()
    recorder.add(events)
    return recorder


def test_the_servers_clock_tells_when_the_call_was() -> None:
    fault = ServiceFault(2.0, "ModelError", "", "", 424, 500, "no", ARN)
    moment = moment_of(recorded(SENT, HEAD, fault, Ended(3.0, "fault")), "one")
    assert moment == CallMoment("one", BEGIN, BEGIN + timedelta(seconds=3), ARN, "a1")
    assert moment.query() == LogQuery(
        "/aws/sagemaker/Endpoints/other", BEGIN - timedelta(seconds=5), BEGIN + timedelta(seconds=8)
    )
    assert moment.query(timedelta(minutes=1), only_id=True).pattern == "a1"


@pytest.mark.parametrize("date", ["", "yesterday", "Wed, 99 Mar 2026 05:06:09 GMT"])
def test_without_the_servers_clock_the_signature_tells_it(date: str) -> None:
    head = HeadArrived(2.0, "1.1", 200, "OK", (("Date", date),))
    moment = moment_of(recorded(SENT, head), "one")
    assert moment is not None
    assert moment.begin == datetime(2026, 3, 4, 4, tzinfo=UTC)


def test_a_call_that_never_left_has_no_log() -> None:
    assert moment_of(recorded(Ended(0.1, "fault")), "one") is None


@pytest.mark.parametrize(
    ("texts", "index"),
    [
        (("INFO started", "ERROR model", "Traceback (most recent call last):", "KeyError: 'x'"), 2),
        (("INFO started", "2026 [ERROR] W-9000 failed", "ValueError: bad shape"), 2),
        (("POST /invocations text/csv 32 bytes", "500 application/json 12 bytes in 3 ms: no"), 1),
        (("worker 400 ready", "GET /ping 200", "took 4500 ms"), None),
        ((), None),
    ],
)
def test_the_most_telling_line_is_the_cause(texts: tuple[str, ...], index: int | None) -> None:
    assert likely_cause([LogLine(BEGIN, "s", text) for text in texts]) == index


def test_time_is_told_from_the_call_on() -> None:
    moment = CallMoment("one", BEGIN, BEGIN)
    assert moment.relative(LogLine(BEGIN + timedelta(seconds=1.25), "s", "")) == "+1.25 s"
    assert moment.relative(LogLine(BEGIN - timedelta(seconds=2), "s", "")) == "-2.00 s"
