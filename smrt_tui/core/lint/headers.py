"""Rules about free headers: which of them SageMaker reads, strips or never sees, and which cannot be sent at all."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from smrt_tui.core.finding import DropHeader, Finding, RenameHeader, Severity
from smrt_tui.core.lint.members import BLANK, MODEL, illegal_value, is_illegal_header_value
from smrt_tui.core.lint.subject import Subject
from smrt_tui.core.service import Operation, Service

PREFIX = "x-amzn-sagemaker-"

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A field name (RFC 9110, 5.1)."""

RESERVED: Mapping[str, str] = {
    "authorization": "the signature goes there",
    "x-amz-date": "the time of signing goes there",
    "x-amz-security-token": "the session token of the credentials goes there",
    "x-amz-content-sha256": "the body's hash goes there",
    "host": "it follows from where the request is sent",
    "content-length": "it follows from the body",
    "transfer-encoding": "the body is sent whole, after a Content-Length",
    "connection": "connections are kept and closed by the client",
}
"""Headers that the client writes, and why one typed by hand does harm."""

_OF_HTTP = frozenset({"accept", "content-type"})
"""Header names that are members of some operations, and have rules of their own for the others."""

_TRANSPORT = frozenset({"user-agent", "accept-encoding", "expect", "amz-sdk-invocation-id", "amz-sdk-request"})
"""Sent by every SDK; no one expects the container to see them."""


def illegal_headers(subject: Subject) -> Iterator[Finding]:
    """Names and values that HTTP cannot carry."""
    for name, value in subject.headers:
        if not _TOKEN.fullmatch(name):
            yield Finding(
                id="R41",
                severity=Severity.ERROR,
                where=name or "header",
                message=f"{name!r} is no header name",
                hint="letters, digits and hyphens, without a colon or a blank",
                source="RFC 9110, section 5.1",
                fix=RenameHeader(name, name.strip(" :")) if _TOKEN.fullmatch(name.strip(" :")) else None,
            )
        trouble = None if value is None else is_illegal_header_value(value)
        if trouble is not None:
            yield illegal_value(name, trouble, None if trouble == BLANK else DropHeader(name))


def reserved_headers(subject: Subject) -> Iterator[Finding]:
    """Headers that the client writes itself."""
    for name, _ in subject.headers:
        why = RESERVED.get(name.lower())
        if why is not None:
            yield Finding(
                id="reserved-header",
                severity=Severity.WARNING,
                where=name,
                message=f"this header is not for typing: {why}",
                hint="leave it out",
                source="AWS Signature Version 4; RFC 9112, section 6",
                fix=DropHeader(name),
            )


def headers_of_members_set_twice(subject: Subject) -> Iterator[Finding]:
    """A free header that carries a member which is set as well: both go out."""
    for name, _ in subject.headers:
        member = subject.operation.input_by_header(name)
        if member is not None and member.name in subject.members:
            yield Finding(
                id="header-twice",
                severity=Severity.WARNING,
                where=name,
                message=f"the member {member.name} goes out as this header too, so it is there twice",
                hint="keep one of them",
                source=MODEL,
                fix=DropHeader(name),
            )


def accept_under_the_wrong_name(subject: Subject) -> Iterator[Finding]:
    """`Accept` where the operation reads another header."""
    yield from _wrong_name(subject, "R25", "Accept", "the container never sees it")


def content_type_under_the_wrong_name(subject: Subject) -> Iterator[Finding]:
    """`Content-Type` where the operation reads another header."""
    yield from _wrong_name(subject, "R26", "ContentType", "the container gets another content type, or none")


def _wrong_name(subject: Subject, rule: str, member: str, consequence: str) -> Iterator[Finding]:
    plain_name = subject.service.operation("sync").input(member)
    right = subject.sent_as(member)
    if plain_name is None or plain_name.header is None or right is None or right == plain_name.header:
        return
    for name, _ in subject.headers:
        if name.lower() == plain_name.header.lower():
            yield Finding(
                id=rule,
                severity=Severity.WARNING,
                where=name,
                message=f"{subject.operation.name} reads {right} and ignores {name}: {consequence}",
                hint=f"send it as {right}, which the member {member} does",
                source=MODEL,
                fix=DropHeader(name) if subject.is_set(member) else RenameHeader(name, right),
            )


def sagemaker_headers_that_are_none(subject: Subject) -> Iterator[Finding]:
    """`X-Amzn-SageMaker-…` headers that this operation does not have: misspelt, or another operation's."""
    for name, _ in subject.headers:
        if _is_meant_for_sagemaker(subject.service, name) and subject.operation.input_by_header(name) is None:
            right = _right_header(subject, name)
            yield Finding(
                id="R43",
                severity=Severity.WARNING,
                where=name,
                message=f"{subject.operation.name} has no such header; SageMaker strips it",
                hint=f"did you mean {right}?" if right else _where_it_exists(subject.service, name),
                source=MODEL,
                fix=RenameHeader(name, right) if right and not subject.has_header(right) else DropHeader(name),
            )


def _is_meant_for_sagemaker(service: Service, name: str) -> bool:
    if name.lower() in _OF_HTTP:
        return False
    return name.lower().startswith(PREFIX) or _letters(name) in {_letters(known) for known in service.input_names}


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _right_header(subject: Subject, name: str) -> str | None:
    """The header of this operation that was meant: that of the same member, or the one spelt most like it."""
    for operation in subject.service.operations:
        member = operation.input_by_header(name)
        if member is not None:
            return subject.sent_as(member.name)
    by_letters = {_letters(known): known for known in subject.service.input_names}
    if _letters(name) in by_letters:
        return subject.sent_as(by_letters[_letters(name)])
    headers = {m.header.lower(): m.header for m in subject.operation.header_members if m.header}
    near = difflib.get_close_matches(name.lower(), headers, n=1, cutoff=0.8)
    return headers[near[0]] if near else None


def _where_it_exists(service: Service, name: str) -> str:
    modes = [operation.mode for operation in service.operations if operation.input_by_header(name) is not None]
    if modes:
        return f"it exists in mode {' and '.join(modes)} only"
    return "the header form lists the ones there are; CustomAttributes carries anything else"


def fate(operation: Operation, service: Service, name: str) -> str:
    """What becomes of a free header, in a few words; empty where there is nothing to tell."""
    if name.lower() in RESERVED:
        return "the client writes it"
    member = operation.input_by_header(name)
    if member is not None:
        return f"is {member.name}"
    if is_stripped(operation, service, name):
        return "stripped by SageMaker"
    return "no header of this call" if _is_meant_for_sagemaker(service, name) else ""


def stripped_headers(subject: Subject) -> Iterator[Finding]:
    """Any other header: SageMaker does not hand it to the container."""
    for name, _ in subject.headers:
        if is_stripped(subject.operation, subject.service, name):
            yield Finding(
                id="R44",
                severity=Severity.NOTE,
                where=name,
                message="SageMaker strips this header before the container sees the request",
                hint="CustomAttributes reaches the container",
                source=f"{MODEL}, documentation of InvokeEndpoint",
            )


def is_stripped(operation: Operation, service: Service, name: str) -> bool:
    """Whether a header goes out, is meant for the container, and is not handed to it by SageMaker."""
    lower = name.lower()
    return (
        _TOKEN.fullmatch(name) is not None
        and lower not in RESERVED
        and lower not in _TRANSPORT
        and lower not in _OF_HTTP
        and not _is_meant_for_sagemaker(service, name)
        and operation.input_by_header(name) is None
    )
