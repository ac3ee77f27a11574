"""Reads log lines of an endpoint's containers: CloudWatch Logs' FilterLogEvents, page after page up to a cap.

Asks and parses; which lines are meant comes in as a `LogQuery`, and nothing is shown or kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from smrt_tui.client.faults import trouble
from smrt_tui.client.json_service import JsonCaller, ServiceRefusal, unreadable
from smrt_tui.core.container_log import ContainerLog, LogLine, LogQuery

MOST_LINES = 1_000
MOST_PAGES = 20
"""Pages may be empty while the search goes on, so that their number needs a limit of its own."""
_OPERATION = "FilterLogEvents"


class ContainerLogs:
    """The logs that one target's credentials can read in its region."""

    def __init__(self, caller: JsonCaller) -> None:
        self._caller = caller

    async def lines(self, query: LogQuery) -> ContainerLog:
        """The first thousand lines of the window. Raises `ClientTrouble`, `log-group-missing` when there is none."""
        found: list[LogLine] = []
        asked: dict[str, object] = {
            "logGroupName": query.group,
            "startTime": _milliseconds(query.begin),
            "endTime": _milliseconds(query.end),
            **({"filterPattern": query.pattern} if query.pattern else {}),
        }
        token: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._page({**asked, "limit": MOST_LINES, **({"nextToken": token} if token else {})}, query)
            found += _lines(answer)
            token = answer.get("nextToken")
            if not token or len(found) >= MOST_LINES:
                break
        found.sort(key=lambda line: line.at)
        return ContainerLog(query, tuple(found[:MOST_LINES]), is_whole=not token and len(found) <= MOST_LINES)

    async def _page(self, members: Mapping[str, object], query: LogQuery) -> Mapping[str, Any]:
        try:
            return await self._caller.call("logs", _OPERATION, members)
        except ServiceRefusal as refused:
            if refused.fault.code == "ResourceNotFoundException":
                region = await self._caller.region("logs")
                raise trouble("log-group-missing", group=query.group, region=region) from refused
            raise


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def _lines(answer: Mapping[str, Any]) -> Iterator[LogLine]:
    try:
        for event in answer.get("events", ()):
            at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
            yield LogLine(at, str(event.get("logStreamName", "")), str(event.get("message", "")).rstrip("\r\n"))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as odd:
        raise unreadable("logs", _OPERATION, f"an event is not of the service model's shape ({odd!r})") from odd
