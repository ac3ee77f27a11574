"""Rules about members of the API: whether the operation has them, and whether their values keep its limits.

botocore checks neither a maximum nor a pattern, so a wrong value would come back as a 400 from AWS. All limits are
those of the service model.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from smrt_tui.core.finding import DropMember, Finding, Fix, SetMember, Severity, SwitchMode
from smrt_tui.core.lint.subject import Subject
from smrt_tui.core.service import Member

MODEL = "service model sagemaker-runtime 2017-05-13"

NEW_SESSION = "NEW_SESSION"


def unknown_members(subject: Subject) -> Iterator[Finding]:
    """Members that no operation has: they are not sent."""
    known = subject.service.input_names
    for name in subject.members:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            yield Finding(
                id="unknown-member",
                severity=Severity.ERROR,
                where=name,
                message="the API has no such member, so it is not sent",
                hint=f"did you mean {near[0]}?" if near else f"members are {', '.join(known)}",
                source=MODEL,
                fix=DropMember(name),
            )


def members_of_another_operation(subject: Subject) -> Iterator[Finding]:
    """Members that this operation lacks: they are not sent."""
    for name in subject.members:
        modes = subject.service.modes_with(name)
        if modes and subject.mode not in modes:
            yield Finding(
                id="member-not-in-operation",
                severity=Severity.WARNING,
                where=name,
                message=f"{subject.operation.name} has no such member, so it is not sent",
                hint=f"take it away, or send in mode {' or '.join(modes)}",
                source=MODEL,
                fix=DropMember(name),
            )


def endpoint_name(subject: Subject) -> Iterator[Finding]:
    """The endpoint's name: it becomes a part of the path."""
    member = subject.operation.input("EndpointName")
    if member is None or subject.endpoint is None:
        return
    message = _broken_limit(member, subject.endpoint) if subject.endpoint else "there is no endpoint name"
    if message:
        yield Finding(
            id="endpoint-name",
            severity=Severity.ERROR,
            where="endpoint",
            message=message,
            hint="up to 63 letters, digits and hyphens, as the SageMaker console shows it; not its ARN or URL",
            source=MODEL,
        )


def limits(subject: Subject) -> Iterator[Finding]:
    """Values shorter, longer, smaller, larger or other than the service allows."""
    for where, member, value in subject.set_members():
        if _is_told_otherwise(subject, member, value):
            continue
        message = _broken_integer(member, value) if member.kind == "integer" else _broken_limit(member, value)
        if message:
            yield Finding(
                id=f"member-{'number' if member.kind == 'integer' else 'value'}",
                severity=Severity.ERROR,
                where=where,
                message=message,
                hint=_hint(member),
                source=MODEL,
            )


def _is_told_otherwise(subject: Subject, member: Member, value: str) -> bool:
    return is_illegal_header_value(value) is not None or (
        member.name == "SessionId" and (";" in value or (value == NEW_SESSION and subject.mode == "stream"))
    )


def _broken_integer(member: Member, value: str) -> str | None:
    if not value.isascii() or not value.removeprefix("-").isdigit():
        return f"{value[:40]!r} is no whole number"
    number = int(value[:40])
    if member.minimum is not None and number < member.minimum:
        return f"{number:,} is less than {member.minimum:,}, the least that the service allows"
    if member.maximum is not None and number > member.maximum:
        return f"{number:,} is more than {member.maximum:,}, the most that the service allows"
    return None


def _broken_limit(member: Member, value: str) -> str | None:
    if member.minimum is not None and len(value) < member.minimum:
        return f"{_characters(len(value))}; the service wants at least {member.minimum:,}"
    if member.maximum is not None and len(value) > member.maximum:
        return f"{_characters(len(value))}; the service allows {member.maximum:,}"
    if value and not member.matches(value):
        return f"{value[:60]!r} does not fit the pattern {member.pattern}"
    return None


def _characters(count: int) -> str:
    return f"{count:,} character{'' if count == 1 else 's'}"


def _hint(member: Member) -> str:
    """The first sentence of what the API says about the member."""
    return f"{member.doc.partition('. ')[0].splitlines()[0].rstrip('.')}." if member.doc else ""


def illegal_values(subject: Subject) -> Iterator[Finding]:
    """Values of members that no HTTP header can carry."""
    for name, value in subject.members.items():
        trouble = None if value is None or subject.sent_as(name) is None else is_illegal_header_value(value)
        if value is not None and trouble is not None:
            is_blank = trouble == BLANK
            yield illegal_value(name, trouble, SetMember(name, value.strip(" \t")) if is_blank else None)


BLANK = "it begins or ends with a blank"


def is_illegal_header_value(value: str) -> str | None:
    """What of a value HTTP cannot carry (RFC 9110, 5.5); None when it can."""
    if "\r" in value or "\n" in value:
        return "it holds a line break"
    if not value.isascii():
        return f"{next(character for character in value if not character.isascii())!r} is no ASCII"
    if any((character < " " and character != "\t") or character == "\x7f" for character in value):
        return "it holds a control character"
    return BLANK if value != value.strip(" \t") else None


def illegal_value(where: str, trouble: str, fix: Fix | None) -> Finding:
    """The finding about a value that cannot be sent."""
    return Finding(
        id="R41",
        severity=Severity.ERROR,
        where=where,
        message=f"a header cannot carry this value: {trouble}",
        hint="the service takes visible US-ASCII; encode anything else, in Base64 or percent-encoding for example",
        source="RFC 9110, section 5.5",
        fix=fix,
    )


def misplaced_inference_component(subject: Subject) -> Iterator[Finding]:
    """The inference component inside CustomAttributes, where only the container sees it."""
    attributes = subject.members.get("CustomAttributes")
    name, separator, value = (attributes or "").partition("InferenceComponentName=")
    if attributes is None or not separator:
        return
    component = value.partition(";")[0].strip()
    yield Finding(
        id="R02b",
        severity=Severity.WARNING,
        where="CustomAttributes",
        message="the inference component is named inside CustomAttributes, where SageMaker does not look",
        hint=f"it has a member of its own: InferenceComponentName={component}",
        source="github.com/langchain-ai/langchain/issues/16150",
        fix=_component_fix(subject, name, value, component),
    )


def _component_fix(subject: Subject, before: str, after: str, component: str) -> Fix | None:
    """First the member, then the attributes without it: a fix is one change."""
    if subject.sent_as("InferenceComponentName") is None or not component:
        return None
    if not subject.is_set("InferenceComponentName"):
        return SetMember("InferenceComponentName", component)
    rest = ";".join(part for part in (before.rstrip("; "), after.partition(";")[2].strip()) if part)
    return SetMember("CustomAttributes", rest) if rest else DropMember("CustomAttributes")


def session(subject: Subject) -> Iterator[Finding]:
    """Sessions: opened by InvokeEndpoint alone, named by the id without its expiry."""
    value = subject.members.get("SessionId")
    if value is None or subject.sent_as("SessionId") is None:
        return
    if value == NEW_SESSION and subject.mode == "stream":
        yield Finding(
            id="R42",
            severity=Severity.ERROR,
            where="SessionId",
            message="a session cannot be opened by a stream",
            hint="open it in mode sync; X-Amzn-SageMaker-New-Session-Id of the answer holds the id to stream with",
            source=MODEL,
            fix=SwitchMode("sync"),
        )
    elif ";" in value:
        yield Finding(
            id="R42",
            severity=Severity.ERROR,
            where="SessionId",
            message="the session's id ends at the semicolon; `Expires=…` is no part of it",
            hint="send the id alone",
            source="github.com/deepjavalibrary/djl-serving, serving/docs/stateful_sessions.md",
            fix=SetMember("SessionId", value.partition(";")[0].strip()),
        )
