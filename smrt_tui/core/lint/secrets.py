"""Rules about secrets that were typed into a request. What was found is never repeated in a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.lint.headers import RESERVED
from smrt_tui.core.lint.subject import Subject

_SECRETS = (
    (re.compile(rb"\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}\b"), "an AWS access key id"),
    (re.compile(rb"(?i)aws_?secret_?(?:access_?)?key\W{1,5}[A-Za-z0-9/+=]{30,}"), "an AWS secret access key"),
    (re.compile(rb"(?i)aws_?session_?token\W{1,5}[A-Za-z0-9/+=]{30,}"), "an AWS session token"),
    (re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    (re.compile(rb"(?i)\bbearer +[A-Za-z0-9._~+/-]{16,}"), "a bearer token"),
)
"""What each looks like. Keys that end in EXAMPLE are the ones of AWS's documents."""


_MOST_SEARCHED = 1024 * 1024
"""Bytes of a body that are searched."""
_AT_ONCE = 64 * 1024
"""Bytes of one search: no other thread runs during it, and it takes some milliseconds."""
_LONGEST = 512
"""Bytes by which the pieces overlap; what is longer shows by its beginning."""


def secrets(subject: Subject) -> Iterator[Finding]:
    """Secrets in members, headers and the body: the container gets them, and its log may keep them."""
    for where, value in _texts(subject):
        for pattern, what in _SECRETS:
            if _finds(pattern, value):
                yield Finding(
                    id="secret-in-request",
                    severity=Severity.WARNING,
                    where=where,
                    message=f"this looks like {what}; the container gets it, and data capture or a log may keep it",
                    hint="take it out, and renew it if it was sent",
                )


def _finds(pattern: re.Pattern[bytes], value: bytes) -> bool:
    return any(pattern.search(value, at, at + _AT_ONCE + _LONGEST) for at in range(0, len(value), _AT_ONCE))


def _texts(subject: Subject) -> Iterator[tuple[str, bytes]]:
    for name, value in (*subject.members.items(), *subject.headers):
        if value is not None and name.lower() not in RESERVED:
            yield name, value.encode("utf-8", "replace")
    if subject.template is not None:
        # as typed: a variable's own value may come from elsewhere
        yield "body", subject.template[:_MOST_SEARCHED].encode("utf-8", "replace")
    elif subject.body is not None:
        yield "body", subject.body[:_MOST_SEARCHED]
