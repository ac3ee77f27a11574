"""The log of an endpoint's containers, as values, and where it is: group, window, pattern. Nothing is read here."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from msgspec import Struct

from smrt_tui.core.plain import plain

MARGIN = timedelta(seconds=5)
"""How far a log's clock and lines may lie beside a call."""
_GROUP = "/aws/sagemaker/Endpoints/"
_ARN = re.compile(r"arn:[\w-]+:logs:(?P<region>[\w-]*):(?P<account>\d*):log-group:(?P<group>[^:*]+)")
_BARE_TERM = re.compile(r"[A-Za-z0-9_]+")


class LogQuery(Struct, frozen=True):
    """Which lines are meant."""

    group: str
    begin: datetime
    end: datetime
    pattern: str = ""
    """A filter pattern of CloudWatch Logs; empty for every line."""


class LogLine(Struct, frozen=True):
    """One line."""

    at: datetime
    stream: str
    """Such as `AllTraffic/i-0449a88a39a7e898c`: variant and instance."""
    text: str


class ContainerLog(Struct, frozen=True):
    """The lines that were found, the oldest first."""

    query: LogQuery
    lines: tuple[LogLine, ...]
    is_whole: bool = True
    """False: there are more lines in the window."""


def log_query(
    endpoint: str, begin: datetime, end: datetime, *, arn: str = "", containing: str = "", margin: timedelta = MARGIN
) -> LogQuery:
    """The lines about one call that lasted from `begin` to `end`, with a margin to either side.

    `arn` is the LogStreamArn of a ModelError; without it, the group is the endpoint's own. `containing` is a text
    that a line must hold, such as an inference id.
    """
    found = _ARN.match(arn)
    group = found["group"] if found else f"{_GROUP}{endpoint}"
    return LogQuery(group, begin - margin, end + margin, pattern_of(containing))


def pattern_of(text: str) -> str:
    """The filter pattern for lines that hold this text as it is ("Filter pattern syntax", CloudWatch Logs user guide).

    A term of other characters than letters, digits and underscores stands in double quotes.
    """
    if not text or _BARE_TERM.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def log_text(log: ContainerLog) -> str:
    """The log as plain text, a line each: time of day in UTC, stream, words; control characters as symbols."""
    return "\n".join(
        f"{line.at:%H:%M:%S}.{line.at.microsecond // 1000:03} {plain(line.stream)} {plain(line.text)}"
        for line in log.lines
    )
