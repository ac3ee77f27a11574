"""What CloudWatch Logs says of the containers here: FilterLogEvents with time window, streams, plain terms and pages.

Patterns for JSON, for columns and with operators are refused in plain words: a filter that is half understood would
hide lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from smrt_tui.local.container_log import ContainerLogs, LogEvent
from smrt_tui.local.json_answers import Operations, json_error, number_member, page, text_member
from smrt_tui.local.wire import Refused

_INVALID = "InvalidParameterException"
_TERM = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\w+))(?=\s|$)')
_MOST_MS = 2**53


class LogAnswers:
    """The operations."""

    def __init__(self, logs: ContainerLogs) -> None:
        self._logs = logs

    @property
    def operations(self) -> Operations:
        """All that can be asked."""
        return {"FilterLogEvents": self._filter}

    def _filter(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        lines = self._logs.group(_group_name(asked))
        if lines is None:
            raise Refused(json_error("ResourceNotFoundException", "The specified log group does not exist."))
        limit = number_member(asked, "limit", _INVALID, 1, 10_000, 10_000)
        shown, rest = page(_matching(lines, asked), text_member(asked, "nextToken", _INVALID), limit, _INVALID)
        return {
            "events": [_event(line) for line in shown],
            "searchedLogStreams": [],
            **({"nextToken": rest} if rest else {}),
        }


def _group_name(asked: Mapping[str, Any]) -> str:
    """The group by its name, or by an ARN or name as `logGroupIdentifier`."""
    name, identifier = (text_member(asked, key, _INVALID) for key in ("logGroupName", "logGroupIdentifier"))
    if bool(name) == bool(identifier):
        raise Refused(json_error(_INVALID, "Give exactly one of logGroupName and logGroupIdentifier."))
    return name or identifier.rpartition(":log-group:")[2]


def _matching(lines: Sequence[LogEvent], asked: Mapping[str, Any]) -> Sequence[LogEvent]:
    begin = number_member(asked, "startTime", _INVALID, 0, _MOST_MS, 0)
    end = number_member(asked, "endTime", _INVALID, 0, _MOST_MS, _MOST_MS)
    prefix = text_member(asked, "logStreamNamePrefix", _INVALID)
    streams = asked.get("logStreamNames")
    terms = _terms(text_member(asked, "filterPattern", _INVALID))
    return [
        line
        for line in lines
        if begin <= _milliseconds(line) <= end
        and line.stream.startswith(prefix)
        and (streams is None or line.stream in streams)
        and all(term in line.message for term in terms)
    ]


def _terms(pattern: str) -> Sequence[str]:
    """The terms of a pattern, all of which a line must hold. Raises `Refused` for any other kind of pattern."""
    terms = []
    position = 0
    while pattern[position:].strip():
        found = _TERM.match(pattern, position)
        if found is None:
            text = f"Invalid filter pattern: only terms and quoted texts are known here, not {pattern[position:]!r}."
            raise Refused(json_error(_INVALID, text))
        terms.append(re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2])
        position = found.end()
    return terms


def _event(line: LogEvent) -> Mapping[str, Any]:
    return {
        "logStreamName": line.stream,
        "timestamp": _milliseconds(line),
        "message": line.message,
        "ingestionTime": _milliseconds(line),
        "eventId": f"{line.number:056}",
    }


def _milliseconds(line: LogEvent) -> int:
    return int(line.at.timestamp() * 1000)
