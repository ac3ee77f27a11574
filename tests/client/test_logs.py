"""Reading container logs: a window of time, page after page, and what is no log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smrt_tui.client.faults import ClientTrouble
from smrt_tui.client.logs import MOST_LINES, MOST_PAGES, ContainerLogs
from smrt_tui.core.container_log import LogLine, log_query
from tests.client.account_calls import SameAnswer, Service, always, answered, at_once, in_turn, refused
from tests.client.test_account import JSON

BEGIN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
QUERY = log_query("one", BEGIN, BEGIN + timedelta(seconds=2), containing="a1-b2")
STREAM = "AllTraffic/i-0"


def event(seconds: float, message: str = "line") -> dict[str, object]:
    at = BEGIN + timedelta(seconds=seconds)
    return {"timestamp": int(at.timestamp() * 1000), "logStreamName": STREAM, "message": f"{message}\n"}


async def test_the_lines_of_the_window_come_the_oldest_first() -> None:
    service = Service(
        in_turn(
            answered({"events": [event(2, "b")], "nextToken": "t"}),
            answered({"events": [], "nextToken": "u"}),
            answered({"events": [event(1, "a")]}),
        )
    )
    log = await ContainerLogs(service.caller()).lines(QUERY)
    expected = tuple(LogLine(BEGIN + timedelta(seconds=s), STREAM, text) for s, text in ((1, "a"), (2, "b")))
    assert (log.lines, log.is_whole) == (expected, True)
    operation, first = service.asked[0]
    assert operation == "FilterLogEvents"
    assert first == {
        "logGroupName": "/aws/sagemaker/Endpoints/one",
        "startTime": int(BEGIN.timestamp() * 1000) - 5_000,
        "endTime": int(BEGIN.timestamp() * 1000) + 7_000,
        "filterPattern": '"a1-b2"',
        "limit": MOST_LINES,
    }
    assert [members.get("nextToken") for _, members in service.asked] == [None, "t", "u"]


async def test_a_search_without_end_is_told_as_a_part() -> None:
    service = Service(always(lambda: answered({"events": [event(0)], "nextToken": "t"})))
    log = await ContainerLogs(service.caller()).lines(QUERY)
    assert (len(log.lines), log.is_whole) == (MOST_PAGES, False)


@pytest.mark.parametrize(
    ("code", "trouble", "told"),
    [
        ("ResourceNotFoundException", "log-group-missing", "no log group /aws/sagemaker/Endpoints/one in us-east-1"),
        ("AccessDeniedException", "right-missing", "logs:FilterLogEvents is not allowed"),
        ("InvalidParameterException", "service-refused", "CloudWatch Logs did not carry out FilterLogEvents"),
    ],
)
async def test_a_log_that_cannot_be_read_says_why(code: str, trouble: str, told: str) -> None:
    with pytest.raises(ClientTrouble) as raised:
        await ContainerLogs(Service(always(lambda: refused(code))).caller()).lines(QUERY)
    assert raised.value.code == trouble
    assert told in raised.value.message


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({"events": JSON | st.lists(st.dictionaries(st.just("timestamp"), JSON))}))
def test_no_shape_of_an_answer_gives_another_exception(answer: dict[str, object]) -> None:
    try:
        at_once(ContainerLogs(SameAnswer(answer)).lines(QUERY))
    except ClientTrouble as named:
        assert named.code == "answer-unreadable"
