"""From a raw request to an `Invocation`, by the service model: which operation, which members, are they legal.

Every limit and pattern comes from the model; nothing about an operation is typed by hand. No endpoint is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from msgspec import Struct

from smrt_tui.core.service import Member, Operation, Service
from smrt_tui.local.refusals import unknown_operation, validation_error
from smrt_tui.local.wire import RawRequest, Refused


class Invocation(Struct, frozen=True):
    """One legal call of one operation."""

    operation: Operation
    endpoint: str
    members: Mapping[str, str]
    """API names and values of the members that came as headers."""
    body: bytes
    request_id: str
    attempt: int
    """Which attempt the client says this is (`amz-sdk-request`); 1 when it does not say."""


def find_operation(service: Service, path: bytes) -> tuple[Operation, str] | None:
    """The operation posted at this raw path and the endpoint's name in it; None for any other path."""
    for operation in service.operations:
        before, _, after = operation.path.partition("{EndpointName}")
        text = path.decode("latin-1")
        name = text[len(before) : len(text) - len(after)]
        if text == before + name + after and "/" not in name:
            return operation, unquote(name)
    return None


def admit(operation: Operation, endpoint: str, request: RawRequest, request_id: str) -> Invocation:
    """The invocation that a request makes; raises `Refused` with every broken constraint at once."""
    if request.method != operation.method:
        raise Refused(unknown_operation([operation.path]))
    members = dict(_header_members(operation, request))
    problems = [*_endpoint_problems(operation, endpoint), *_member_problems(operation, members)]
    problems += _body_problems(operation, request.body)
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected: "
        raise Refused(validation_error(count + "; ".join(problems)))
    _check_one_input(operation, members, request.body)
    return Invocation(operation, endpoint, members, request.body, request_id, _attempt(request))


def _header_members(operation: Operation, request: RawRequest) -> Iterator[tuple[str, str]]:
    for member in operation.header_members:
        value = request.header(member.header or "")
        if value is not None:
            yield member.name, value


def _endpoint_problems(operation: Operation, endpoint: str) -> Iterator[str]:
    member = operation.input("EndpointName")
    if member is not None:
        yield from _text_problems(member, endpoint)


def _member_problems(operation: Operation, members: Mapping[str, str]) -> Iterator[str]:
    for member in operation.header_members:
        if member.name in members:
            value = members[member.name]
            yield from _number_problems(member, value) if member.kind == "integer" else _text_problems(member, value)
        elif member.is_required:
            yield f"Value null at '{_field(member)}' failed to satisfy constraint: Member must not be null"


def _text_problems(member: Member, value: str) -> Iterator[str]:
    if member.maximum is not None and len(value) > member.maximum:
        yield _problem(member, value, f"Member must have length less than or equal to {member.maximum}")
    elif member.minimum is not None and len(value) < member.minimum:
        yield _problem(member, value, f"Member must have length greater than or equal to {member.minimum}")
    elif not member.matches(value):
        yield _problem(member, value, f"Member must satisfy regular expression pattern: {member.pattern}")


def _number_problems(member: Member, value: str) -> Iterator[str]:
    # What the real service says to a value that is no number is not known.
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        yield _problem(member, value, "Member must be an integer")
    elif member.maximum is not None and int(value) > member.maximum:
        yield _problem(member, value, f"Member must have value less than or equal to {member.maximum}")
    elif member.minimum is not None and int(value) < member.minimum:
        yield _problem(member, value, f"Member must have value greater than or equal to {member.minimum}")


def _body_problems(operation: Operation, body: bytes) -> Iterator[str]:
    member = operation.input("Body")
    if member is not None and member.maximum is not None and len(body) > member.maximum:
        yield _problem(member, "", f"Member must have length less than or equal to {member.maximum}")


def _check_one_input(operation: Operation, members: Mapping[str, str], body: bytes) -> None:
    """An async invocation takes exactly one of Body and InputLocation (model); the real texts are not known."""
    if operation.input("InputLocation") is None:
        return
    if "InputLocation" in members and body:
        raise Refused(validation_error("Body and InputLocation are both given; exactly one of them is allowed."))
    if "InputLocation" not in members and not body:
        raise Refused(validation_error("Neither Body nor InputLocation is given; exactly one of them is required."))


def _problem(member: Member, value: str, constraint: str) -> str:
    """In the service's words. A sensitive value is not repeated."""
    shown = "Value" if member.is_sensitive else f"Value '{value}'"
    return f"{shown} at '{_field(member)}' failed to satisfy constraint: {constraint}"


def _field(member: Member) -> str:
    return member.name[:1].lower() + member.name[1:]


def _attempt(request: RawRequest) -> int:
    """botocore and the JavaScript SDK v3 send `amz-sdk-request: attempt=2; max=3`."""
    for field in (request.header("amz-sdk-request") or "").split(";"):
        name, _, value = field.strip().partition("=")
        if name == "attempt" and value.isascii() and value.isdigit() and len(value) < 5:
            return max(1, int(value))
    return 1
